"""What counts words instead of reading them: two linear models on the same reviews.

Bag of words: which words occur, and a logistic regression. NBSVM: which runs of one to three words
occur, each weighted by its naive Bayes log-count ratio, and a logistic regression in the place of
the support vector machine (Wang, Manning 2012; Mesnil et al. 2014, arXiv:1412.5335).
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from training.sentiment.data import Reviews

Array = np.ndarray[Any, Any]
Answers = Callable[[list[str]], Array]  # texts -> bool [n], liked
TOKENS = r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[^\w\s]"
STRENGTH = 0.1  # of both regressions; on validation reviews 0.05 to 0.3 were alike


def bag_of_words(learned: Reviews) -> Answers:
    """Words by themselves."""
    words = CountVectorizer(binary=True, token_pattern=TOKENS)
    fitted = LogisticRegression(C=STRENGTH, max_iter=300)
    fitted.fit(words.fit_transform(learned.texts), learned.liked)
    return lambda texts: fitted.predict(words.transform(texts)) > 0


def nbsvm(learned: Reviews) -> Answers:
    """Runs of one to three words that stand in two reviews or more."""
    runs = CountVectorizer(binary=True, token_pattern=TOKENS, ngram_range=(1, 3), min_df=2)
    counts = runs.fit_transform(learned.texts)
    sums = [np.asarray(counts[learned.liked == side].sum(0)).ravel() + 1 for side in (1, 0)]
    ratio = np.log(sums[0] / sums[0].sum()) - np.log(sums[1] / sums[1].sum())
    weights = sparse.diags(ratio)
    fitted = LogisticRegression(C=STRENGTH, dual=True, solver="liblinear", max_iter=300)
    fitted.fit(counts @ weights, learned.liked)
    return lambda texts: fitted.predict(runs.transform(texts) @ weights) > 0


RIVALS: dict[str, Callable[[Reviews], Answers]] = {
    "bag of words, logistic regression": bag_of_words,
    "NBSVM, runs of 1 to 3 words": nbsvm,
}


def milliseconds(answer: Callable[[list[str]], object], texts: list[str]) -> float:
    """Median time of one text by itself."""
    took = []
    for text in texts:
        began = time.perf_counter()
        answer([text])
        took.append(time.perf_counter() - began)
    return float(np.median(took) * 1e3)
