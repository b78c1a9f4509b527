"""What a threshold on a score does: what it catches, what it misses, and what that costs a day.

    judged = LabelledScores.of(scores, abnormal)
    point = judged.at(2.5)
    point.recall, point.precision
    cheapest(judged, Day(rows=10_000, share=0.01, false_cost=5, missed_cost=100))

A score says how abnormal something is; there is an alarm where it is at least the threshold. All
is counted on scores whose truth is known. Pure arithmetic, the same for every kind of anomaly.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Point:
    """What one threshold does to the judged scores, as counts."""

    threshold: float
    caught: int  # abnormal, with an alarm
    missed: int
    false: int  # normal, with an alarm
    passed: int

    @property
    def recall(self) -> float:
        """Share of the abnormal that raises an alarm; 0 where there is none."""
        return self.caught / max(1, self.caught + self.missed)

    @property
    def precision(self) -> float | None:
        """Share of the alarms that are right, at the judged scores' own share of the abnormal.

        None where no alarm is raised.
        """
        return self.caught / alarms if (alarms := self.caught + self.false) else None

    @property
    def false_rate(self) -> float:
        """Share of the normal that raises an alarm."""
        return self.false / max(1, self.false + self.passed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.caught / max(1, 2 * self.caught + self.false + self.missed)

    @property
    def accuracy(self) -> float:
        """Share of all that is called what it is."""
        whole = self.caught + self.missed + self.false + self.passed
        return (self.caught + self.passed) / max(1, whole)


@dataclass(frozen=True)
class Curve:
    """Every threshold that changes anything, the highest first; the first raises no alarm.

    All float64 [k]. precision is 1 where no alarm is raised.
    """

    thresholds: Floats
    recall: Floats
    precision: Floats
    false_rate: Floats

    @property
    def average_precision(self) -> float:
        """Area under precision by recall, in steps: sum of (R_k - R_k-1) P_k."""
        return float(np.sum(np.diff(self.recall) * self.precision[1:]))

    @property
    def auroc(self) -> float:
        """Area under recall by false-alarm rate: chance that an abnormal one scores higher."""
        return float(np.trapezoid(self.recall, self.false_rate))


@dataclass(frozen=True)
class LabelledScores:
    """Scores whose truth is known, higher for more abnormal: float64, both in rising order."""

    normal: Floats
    abnormal: Floats

    @classmethod
    def of(cls, scores: Any, abnormal: Any) -> "LabelledScores":
        """scores: [n], finite; abnormal: bool [n]."""
        scores, abnormal = np.asarray(scores, np.float64), np.asarray(abnormal, bool)
        return cls(np.sort(scores[~abnormal]), np.sort(scores[abnormal]))

    @property
    def share(self) -> float:
        """Share of the abnormal among all of them."""
        return len(self.abnormal) / max(1, len(self.abnormal) + len(self.normal))

    def at(self, threshold: float) -> Point:
        """What this threshold does."""
        missed = int(np.searchsorted(self.abnormal, threshold))
        passed = int(np.searchsorted(self.normal, threshold))
        return Point(
            float(threshold),
            len(self.abnormal) - missed,
            missed,
            len(self.normal) - passed,
            passed,
        )

    @cached_property
    def curve(self) -> Curve:
        """All thresholds at once."""
        cuts = np.unique(np.r_[self.normal, self.abnormal])[::-1]
        caught = len(self.abnormal) - np.searchsorted(self.abnormal, cuts)
        false = len(self.normal) - np.searchsorted(self.normal, cuts)
        return Curve(
            np.r_[np.inf, cuts],
            np.r_[0.0, caught / max(1, len(self.abnormal))],
            np.r_[1.0, caught / (caught + false)],
            np.r_[0.0, false / max(1, len(self.normal))],
        )


@dataclass(frozen=True)
class Day:
    """What comes in a day, and what mistakes cost, in one unit of money or time.

    share: of the rows that are abnormal, 0..1; it may be another one than in the judged scores.
    """

    rows: float
    share: float
    false_cost: float
    missed_cost: float

    def false_alarms(self, false_rate: Any) -> Any:
        """False alarms a day at a false-alarm rate; of an array, an array."""
        return self.rows * (1 - self.share) * false_rate

    def missed(self, recall: Any) -> Any:
        """Abnormal rows a day without an alarm."""
        return self.rows * self.share * (1 - recall)

    def cost(self, recall: Any, false_rate: Any) -> Any:
        """Expected cost of a day's mistakes."""
        return self.missed_cost * self.missed(recall) + self.false_cost * self.false_alarms(
            false_rate
        )

    def precision(self, point: Point) -> float | None:
        """Share of a day's alarms that are right; None where none is raised."""
        right = self.rows * self.share * point.recall
        alarms = right + self.false_alarms(point.false_rate)
        return right / alarms if alarms else None


def cheapest(judged: LabelledScores, day: Day) -> float:
    """The threshold with the least expected cost; infinite where no alarm at all is cheapest.

    Of several that cost the same, the highest: it raises the fewest alarms.
    """
    curve = judged.curve
    return float(curve.thresholds[np.argmin(day.cost(curve.recall, curve.false_rate))])


def best_f1(judged: LabelledScores, share: float | None = None) -> float:
    """The threshold with the best F1, the highest of several.

    share: of the abnormal that it is chosen for, by default that of the judged scores.
    """
    curve = judged.curve
    share = judged.share if share is None else share
    caught, false = share * curve.recall, (1 - share) * curve.false_rate
    return float(curve.thresholds[np.argmax(2 * caught / (caught + false + share))])
