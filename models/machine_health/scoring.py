"""From how unusual each window of each sensor is to a score for each row: numpy alone.

Training and the app share it, so that a figure on the card is one of what runs here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

WINDOW = 32  # rows
HELD = 6  # numbers in a window's code
SEEN = 64  # windows of a normal stretch that the network looks at
FAR = 100.0  # deviations beyond which a value counts as so far: no sensor was farther in training
LEAST = 0.05  # spread of log-nats below which a sensor's normal windows are taken to be all alike
# Deviations that the most unusual per cent of a normal stretch has at least: in SKAB's 35 runs,
# eight made ones and each of their sensors alone it has 1.2 at least. Still ones have none.
USUAL = 1.2

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Normal:
    """The rows in which the machine was well: from `start`, up to and without `stop`."""

    start: int
    stop: int

    @property
    def slice(self) -> slice:
        """As a slice of the rows."""
        return slice(self.start, self.stop)


@dataclass(frozen=True)
class Scale:
    """Mean and deviation of each sensor in its normal stretch."""

    mean: Array
    deviation: Array

    @classmethod
    def of(cls, values: Array) -> "Scale":
        """values: [rows, sensors] of the normal stretch.

        A sensor that stood still there has no deviation; a thousandth of where it stood is taken,
        so that it is silent as long as it stands and far off once it moves.
        """
        values = np.asarray(values, np.float64)
        # Of values near the largest float even the mean would overflow.
        largest = np.abs(values).max(0).clip(1e-300)
        mean = (values / largest).mean(0) * largest
        deviation = ((values / largest).std(0)) * largest
        still = np.maximum(np.abs(mean) * 1e-3, 1e-12)
        return cls(mean, np.where(deviation > np.abs(mean) * 1e-9, deviation, still))

    def __call__(self, values: Array) -> Array:
        """Deviations from the mean, float32, at most `FAR`."""
        scaled = values / self.deviation - self.mean / self.deviation
        return scaled.clip(-FAR, FAR).astype(np.float32)

    def back(self, scaled: Array) -> Array:
        """The way back, of what was not cut."""
        return scaled.astype(np.float64) * self.deviation + self.mean


def windows(series: Array, ends: Array) -> Array:
    """[rows] -> [ends, 32]: the windows that end in those rows, those included."""
    every = np.lib.stride_tricks.sliding_window_view(series, WINDOW)
    return np.ascontiguousarray(every[ends - (WINDOW - 1)])


def spread(scaled: Array) -> Array:
    """64 windows over a normal stretch: [rows, sensors] -> [sensors, 64, 32].

    The first begins with the stretch, the last ends with it.
    """
    ends = np.linspace(WINDOW - 1, len(scaled) - 1, SEEN).round().astype(int)
    return np.stack([windows(sensor, ends) for sensor in scaled.T])


def inside(ends: Array, normal: Normal) -> Array:
    """bool [windows]: which lie in the normal stretch as a whole."""
    found: Array = (ends - (WINDOW - 1) >= normal.start) & (ends < normal.stop)
    return found


def standard(anomaly_score: Array, inside: Array) -> Array:
    """[windows, sensors], log-nats -> in deviations over the median of the normal windows."""
    normal = anomaly_score[inside]
    found: Array = (anomaly_score - np.median(normal, 0)) / np.maximum(normal.std(0), LEAST)
    return found


def joined(by_sensor: Array, inside: Array, smoothing: int) -> Array:
    """[windows, sensors] -> [windows]: one score that means the same for every machine.

    The most unusual sensor counts; the mean over the last `smoothing` windows, so that what lasts
    counts; over what the most unusual per cent of the normal stretch has, `USUAL` at least.
    """
    most = by_sensor.max(1)
    sums = np.concatenate([[0.0], np.cumsum(most)])
    ends = np.arange(1, len(most) + 1)
    starts = (ends - smoothing).clip(0)
    means = (sums[ends] - sums[starts]) / (ends - starts)
    one: float = max(float(np.quantile(means[inside], 0.99)), USUAL)
    found: Array = (means / one).clip(0)
    return found


def by_row(scores: Array, ends: Array, rows: int) -> Array:
    """[windows] -> [rows]: each row has the score of the last window that has ended; else 0."""
    places = np.searchsorted(ends, np.arange(rows), "right") - 1
    return np.where(places >= 0, scores[places.clip(0)], 0.0)
