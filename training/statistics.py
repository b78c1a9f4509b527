"""Intervals around measured figures."""

from collections.abc import Callable
from typing import Any

import numpy as np
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
    statistic: Callable[..., float], *samples: Array, times: int = 1000, seed: int = 0
) -> tuple[float, float, float]:
    """`statistic(*samples)` with its 95 % percentile bootstrap interval: value, low, high.

    Each sample is redrawn by itself (Efron, Tibshirani 1993).
    """
    rng = np.random.default_rng(seed)
    draws = [
        statistic(*(sample[rng.integers(0, len(sample), len(sample))] for sample in samples))
        for _ in range(times)
    ]
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(statistic(*samples)), float(low), float(high)
