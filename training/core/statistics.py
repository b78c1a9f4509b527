"""Intervals around measured figures."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

Array = np.ndarray[Any, Any]


def proportion(hits: Array) -> tuple[float, float, float]:
    """Share of True in `hits` with its 95 % Wilson interval: value, low, high."""
    result = binomtest(int(np.sum(hits)), len(hits))
    low, high = result.proportion_ci(0.95, "wilson")
    return float(np.mean(hits)), float(low), float(high)


def auroc(known: Array, foreign: Array) -> float:
    """Chance that a known score exceeds a foreign one; ties count half."""
    labels = np.r_[np.ones(len(known)), np.zeros(len(foreign))]
    return float(roc_auc_score(labels, np.r_[known, foreign]))


def bootstrap(
    statistic: Callable[..., float],
    *samples: Array,
    times: int = 1000,
    seed: int = 0,
    paired: bool = False,
) -> tuple[float, float, float]:
    """`statistic(*samples)` with its 95 % percentile bootstrap interval: value, low, high.

    Each sample is redrawn by itself, or all by the same rows where they are `paired` (Efron,
    Tibshirani 1993).
    """
    rng = np.random.default_rng(seed)
    draws = []
    for _ in range(times):
        rows = [rng.integers(0, len(sample), len(sample)) for sample in samples]
        if paired:
            rows = [rows[0]] * len(samples)
        draws.append(statistic(*(s[r] for s, r in zip(samples, rows, strict=True))))
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(statistic(*samples)), float(low), float(high)


def reliability(probabilities: Array, labels: Array, bins: int = 15) -> Array:
    """Of equal bins of the first answer's probability: mean probability, accuracy, count [bins, 3].

    probabilities [n, classes], labels [n]. Empty bins are zeros.
    """
    confidence, hits = probabilities.max(1), probabilities.argmax(1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    rows = np.zeros((bins, 3))
    for i in np.unique(place):
        inside = place == i
        rows[i] = confidence[inside].mean(), hits[inside].mean(), inside.sum()
    return rows


def ece(probabilities: Array, labels: Array) -> float:
    """Expected calibration error over 15 equal bins (Guo et al. 2017, arXiv:1706.04599)."""
    rows = reliability(probabilities, labels)
    return float((np.abs(rows[:, 0] - rows[:, 1]) * rows[:, 2]).sum() / rows[:, 2].sum())


def temperature(logits: Array, labels: Array) -> float:
    """What to divide logits [n, classes] by for the least cross-entropy (Guo et al. 2017)."""

    def loss(log_t: float) -> float:
        scaled = logits / np.exp(log_t)
        likely = scaled - scaled.max(1, keepdims=True)
        likely -= np.log(np.exp(likely).sum(1, keepdims=True))
        return float(-likely[np.arange(len(labels)), labels].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))
