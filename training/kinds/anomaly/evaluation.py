"""Figures of a score whose truth is known, at a threshold, each with its 95 % interval."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.card import Metric
from models.kinds.thresholds import LabelledScores
from training.core import statistics

Array = np.ndarray[Any, Any]


def metrics(
    names: Sequence[str], scores: Array, abnormal: Array, limit: float, split: str
) -> list[Metric]:
    """These figures of scores [n], abnormal bool [n], in this order: bootstrap, or Wilson's.

    They are of `auroc`, `average_precision`, `f1`, `accuracy`, `recall` and `false_alarm_rate`.
    """
    areas = {
        "auroc": lambda some, truth: LabelledScores.of(some, truth).curve.auroc,
        "average_precision": lambda some, truth: (
            LabelledScores.of(some, truth).curve.average_precision
        ),
        "f1": lambda some, truth: LabelledScores.of(some, truth).at(limit).f1,
    }
    alarm = scores >= limit
    shares = {
        "accuracy": alarm == abnormal,
        "recall": alarm[abnormal],
        "false_alarm_rate": alarm[~abnormal],
    }
    made = []
    for name in names:
        value, low, high = (
            statistics.bootstrap(areas[name], scores, abnormal, times=100, paired=True)
            if name in areas
            else statistics.proportion(shares[name])
        )
        made.append(Metric(name, value, split, len(scores), "fp32", low=low, high=high))
    return made
