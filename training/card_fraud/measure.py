"""What `card_fraud` reaches, beside models of scikit-learn on the same days."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from models.card import Metric, Table
from models.card_fraud.lookback import NAMES, UNLABELLED
from models.kinds.thresholds import LabelledScores
from training.card_fraud import data
from training.card_fraud.data import SCENARIOS, Corpus, Split
from training.card_fraud.network import Scaling
from training.core import statistics
from training.kinds.anomaly import evaluation

Array = np.ndarray[Any, Any]
Fit = Callable[[Array, Array, Array], Array]  # features and labels, then features -> scores
HANDBOOK = 15  # the first so many features are the handbook's
COLUMNS = ["model", "average_precision", "auroc", "card_precision_100"]


def figures(corpus: Corpus, rows: Array, scores: Array) -> dict[str, float]:
    """The three figures of the handbook for scores [n] of rows [n]."""
    curve = LabelledScores.of(scores, corpus.fraud[rows]).curve
    return {
        "average_precision": curve.average_precision,
        "auroc": curve.auroc,
        "card_precision_100": data.card_precision(corpus, rows, scores),
    }


def metrics(corpus: Corpus, rows: Array, scores: Array, limit: float, split: str) -> list[Metric]:
    """All figures of one network on one split, with 95 % intervals: bootstrap, or Wilson's."""
    names = ("average_precision", "auroc", "f1", "recall", "false_alarm_rate")
    made = evaluation.metrics(names, scores, corpus.fraud[rows], limit, split)
    precision = data.card_precision(corpus, rows, scores)
    return [*made, Metric("card_precision_100", precision, split, len(rows), "fp32")]


def by_scenario(
    corpus: Corpus, rows: Array, odds: Array, anomaly_score: Array, limit: float
) -> Table:
    """Of each kind of fraud: how many are caught, and how well both networks tell it apart."""
    scenario, normal = corpus.scenario[rows], ~corpus.fraud[rows]
    table: list[list[str | float | None]] = []
    for number, name in SCENARIOS.items():
        own = scenario == number
        if not own.any():
            continue
        recall, low, high = statistics.proportion(odds[own] >= limit)
        apart = [statistics.auroc(scores[own], scores[normal]) for scores in (odds, anomaly_score)]
        table.append([name, float(own.sum()), recall, low, high, *apart])
    columns = ["scenario", "n", "recall", "low", "high", "auroc", "auroc without labels"]
    return Table(columns, table, "test", len(rows), "fp32")


def _forest(features: Array, fraud: Array, asked: Array) -> Array:
    forest = RandomForestClassifier(n_estimators=100, random_state=0).fit(features, fraud)
    found: Array = forest.predict_proba(asked)[:, 1]
    return found


def _logistic(features: Array, fraud: Array, asked: Array) -> Array:
    scale = StandardScaler().fit(features)
    fitted = LogisticRegression(max_iter=500).fit(scale.transform(features), fraud)
    found: Array = fitted.decision_function(scale.transform(asked))
    return found


def _isolation(features: Array, _: Array, asked: Array) -> Array:
    found: Array = (
        -IsolationForest(n_estimators=300, random_state=0).fit(features).score_samples(asked)
    )
    return found


def _reconstruction(features: Array, _: Array, asked: Array) -> Array:
    fitted = PCA(4, random_state=0).fit(features)
    error: Array = ((fitted.inverse_transform(fitted.transform(asked)) - asked) ** 2).sum(1)
    return error


def rivals(corpus: Corpus, features: Array, split: Split) -> dict[str, Array]:
    """Scores of the measured rows by each: with labels on the handbook's features and on all,
    without labels on the autoencoder's, scaled as it has them."""
    learned, asked = features[split.learned], features[split.measured]
    fraud = corpus.fraud[split.learned]
    scaling = Scaling(learned)
    own = [
        scaling(torch.from_numpy(part.astype(np.float32))).numpy().astype(np.float64)[:, UNLABELLED]
        for part in (learned, asked)
    ]
    first = learned[:, :HANDBOOK], asked[:, :HANDBOOK]
    return {
        "logistic regression, handbook's features": _logistic(first[0], fraud, first[1]),
        "random forest, handbook's features": _forest(first[0], fraud, first[1]),
        f"random forest, {len(NAMES)} features": _forest(learned, fraud, asked),
        "isolation forest, no labels": _isolation(own[0], fraud, own[1]),
        "PCA, no labels": _reconstruction(own[0], fraud, own[1]),
    }
