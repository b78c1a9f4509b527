"""The wide half of sentiment: what every run of one to three subwords says by itself.

Each run has a weight; the log-odds are the sum over all that stand in a text. The weights are those
of a logistic regression over naive Bayes log-count ratios (Wang, Manning 2012), in one table that
runs of two and three share by hashing (Weinberger et al. 2009, arXiv:0902.2206). Subwords are
folded to small letters first.
"""

from typing import Any

import numpy as np
import torch
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn

from models.kinds.language.reading import Vocabulary
from training.core import quantise

Array = np.ndarray[Any, Any]
BUCKETS = (2_048, 1_024)  # on validation reviews 2**20 lost half a point, 2**23 nothing
NONE = -1  # what stands before the first id
STRENGTH = 0.1  # of the regression; on validation reviews 0.03 was half a point worse
LEAST = 2  # reviews in which a run must stand


def folded(vocabulary: Vocabulary) -> Array:
    """int64 [vocabulary]: the id of each subword in small letters, or its own."""
    at = {piece: i for i, piece in enumerate(vocabulary.pieces)}
    return np.array([at.get(piece.lower(), i) for i, piece in enumerate(vocabulary.pieces)])


def joined(run: Any, following: Any) -> Any:
    """The number of a run that is one id longer: of arrays or tensors of int64 at least 0."""
    return (run * 1_000_003 + following * 7_919 + 12_345) % 2**31


class Runs(nn.Module):
    """Log-odds of a text's runs. single: float32 [vocabulary], shared: float32 of BUCKETS."""

    def __init__(self, fold: Array, single: Array, shared: Array, bias: float) -> None:
        super().__init__()
        codes, scale = quantise.rounded(shared)
        self.register_buffer("fold", torch.from_numpy(fold))
        self.register_buffer("single", torch.from_numpy(single.astype(np.float32)))
        self.register_buffer("shared", torch.from_numpy((codes * scale).astype(np.float32)))
        self.bias = bias

    def forward(self, ids: Tensor, mask: Tensor, gates: Tensor, prior: Tensor) -> Tensor:
        """ids int64, mask, gates float [n, t], the two ids before as float [n, 2] -> sums [n].

        A run counts as much as the product of its gates; the bias is not in it.
        """
        real = torch.where(mask > 0, self.get_buffer("fold")[ids], NONE)
        given = torch.cat([self.fold_prior(prior), real], 1)
        strength = torch.cat([torch.ones_like(prior), gates], 1) * (given >= 0)
        third, second, first = given[:, :-2].clamp(0), given[:, 1:-1].clamp(0), real.clamp(0)
        two = joined(second, first)
        three = joined(joined(third, second), first)
        one_gate = strength[:, 2:]
        two_gate = one_gate * strength[:, 1:-1]
        shared = self.get_buffer("shared").reshape(-1)
        size = BUCKETS[0] * BUCKETS[1]
        found = self.get_buffer("single")[first] * one_gate
        found = found + shared[two % size] * two_gate
        found = found + shared[three % size] * two_gate * strength[:, :-2]
        return found.sum(1)

    def fold_prior(self, prior: Tensor) -> Tensor:
        """The ids before, folded; NONE stays."""
        ids = prior.long()
        return torch.where(ids >= 0, self.get_buffer("fold")[ids.clamp(0)], NONE)


def counted(texts: list[Array], fold: Array) -> sparse.csr_matrix:
    """How often each run stands in each text of ids: [texts, vocabulary + buckets]."""
    size, columns, values, ends = BUCKETS[0] * BUCKETS[1], [], [], [0]
    for text in texts:
        one = fold[text.astype(np.int64)]
        two = joined(one[:-1], one[1:])
        three = joined(two[:-1], one[2:])
        runs = np.concatenate([one, len(fold) + two % size, len(fold) + three % size])
        place, count = np.unique(runs, return_counts=True)
        columns.append(place)
        values.append(count)
        ends.append(ends[-1] + len(place))
    cells = np.concatenate(values).astype(np.float64), np.concatenate(columns), np.array(ends)
    return sparse.csr_matrix(cells, shape=(len(texts), len(fold) + size))


def learn(vocabulary: Vocabulary, texts: list[Array], liked: Array) -> Runs:
    """Runs with weights learned from texts of ids and their labels (1: liked)."""
    fold = folded(vocabulary)
    counts = counted(texts, fold)
    there = counts.sign()
    sums = [np.asarray(there[liked == side].sum(0)).ravel() for side in (1, 0)]
    ratio = np.log((sums[0] + 1) / (sums[0] + 1).sum()) - np.log(
        (sums[1] + 1) / (sums[1] + 1).sum()
    )
    ratio[sums[0] + sums[1] < LEAST] = 0
    fitted = LogisticRegression(C=STRENGTH, dual=True, solver="liblinear", max_iter=300)
    fitted.fit((counts @ sparse.diags(ratio)).tocsr(), liked)
    weights = fitted.coef_[0] * ratio
    size = len(fold)
    shared = weights[size:].reshape(BUCKETS).astype(np.float32)
    return Runs(fold, weights[:size], shared, float(fitted.intercept_[0]))
