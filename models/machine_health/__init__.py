"""When does a machine stop being as it was? A score for each row of its sensors, and which sensor.

    health = predict(catalog.load("machine_health"), values, Normal(0, 400))
    health.alarms, health.shares(row)

values: float64 [rows, sensors], any number of sensors, a row at each equal step of time. The
visitor marks rows in which the machine was well; nothing is learned from them: one network looks
at each sensor by itself, at 64 windows of its normal stretch and at a later window of it. Graphs:

    context   normal [n, 64, 32]              context [n, 8]: what this sensor is like
    predict   window [n, 32], context [n, 8]  unusual [n]: log of the nats by which the window
                                              surprises; code [n, 6], 0 +- 1 where normal
    look      the same                        reconstruction, expected [n, 32]: the window as it
                                              was kept, and drawn back into what is normal

All windows are in deviations of the sensor's normal stretch from its mean.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from models import engine
from models.catalog import Model
from models.errors import InputError
from models.machine_health import scoring
from models.machine_health.scoring import HELD, WINDOW, Normal

Array = np.ndarray[Any, Any]
FEW = 4 * WINDOW  # rows that a normal stretch needs
MOST = 64  # sensors
MAX_WINDOWS = 200_000  # of all sensors together: in a longer table not every row begins one
CHUNK = 4_096  # windows through the graph at once


@dataclass(frozen=True)
class Health:
    """What was found. Windows stand in the order of `ends`, the row in which each of them ends."""

    values: Array  # [rows, sensors], as given
    normal: Normal
    threshold: float  # from here on a score is an alarm
    scale: scoring.Scale
    context: Array  # [sensors, 8]
    ends: Array  # [windows]
    sensors: Array  # [windows, sensors]: deviations by which each window is unusual
    codes: Array  # [windows, sensors, 6]
    windows: Array  # [windows]: the score that stands at each window's end
    run: engine.Run

    @cached_property
    def scores(self) -> Array:
        """[rows]: 1 is the most unusual per cent of the normal stretch. 0 before any window."""
        return scoring.by_row(self.windows, self.ends, len(self.values))

    @property
    def alarms(self) -> Array:
        """bool [rows]."""
        found: Array = self.scores >= self.threshold
        return found

    def window(self, row: int) -> int:
        """Which window's score stands at a row; the first one before there is any."""
        return int(np.searchsorted(self.ends, row, "right").clip(1) - 1)

    def shares(self, row: int) -> Array:
        """[sensors], summing to 1: how much of what is unusual at a row each sensor makes."""
        above: Array = self.sensors[self.window(row)].clip(0)
        total = float(above.sum())
        return above / total if total > 0 else np.full(len(above), 1 / len(above))

    def alike(self, row: int, count: int = 3) -> list[int]:
        """The ends of the windows of the normal stretch whose codes are nearest; none overlap."""
        inside = np.flatnonzero(self._inside)
        code = self.codes[self.window(row)]
        apart = np.square(self.codes[inside] - code).sum((1, 2))
        found: list[int] = []
        for i in np.argsort(apart, kind="stable"):
            end = int(self.ends[inside[i]])
            if all(abs(end - other) >= WINDOW for other in (*found, row)):
                found.append(end)
            if len(found) == count:
                break
        return found

    @property
    def _inside(self) -> Array:
        return scoring.inside(self.ends, self.normal)

    @property
    def stillness(self) -> Array:
        """bool [sensors]: which never changed in the normal stretch."""
        still: Array = np.ptp(self.values[self.normal.slice], axis=0) == 0
        return still


@dataclass(frozen=True)
class Look:
    """One window of every sensor, all [32, sensors] and in the sensors' own units."""

    given: Array
    kept: Array  # what the network makes of it
    expected: Array  # the nearest that would be normal


def checked(values: Array, normal: Normal) -> None:
    """Raises InputError where this cannot be judged."""
    rows, sensors = values.shape
    if sensors > MOST:
        raise InputError(f"There are {sensors} sensors and at most {MOST} are read: give fewer.")
    if rows < FEW + WINDOW:
        raise InputError(
            f"There are {rows:,} rows and at least {FEW + WINDOW} are needed: {FEW} in which the "
            f"machine was well, and {WINDOW} to judge."
        )
    if not (normal.start >= 0 and normal.stop <= rows and normal.stop - normal.start >= FEW):
        raise InputError(
            f"The normal stretch has {max(0, min(normal.stop, rows) - normal.start):,} rows and "
            f"needs at least {FEW}: mark a longer one."
        )


def predict(
    model: Model, values: Array, normal: Normal, told: Callable[[float], object] | None = None
) -> Health:
    """Judge every row from the 32nd on. told: is given the share that is done, now and then.

    Raises InputError for too few rows or too many sensors, and what `engine.infer` raises.
    """
    checked(values, normal)
    settings = {name: setting.value for name, setting in model.card.settings.items()}
    scale = scoring.Scale.of(values[normal.slice])
    scaled = scale(values)
    sensors = values.shape[1]
    step = max(1, -(-(len(values) * sensors) // MAX_WINDOWS))
    ends = np.arange(WINDOW - 1, len(values), step)
    context = contexts(model, scaled[normal.slice])
    anomaly_score = np.empty((len(ends), sensors))
    codes = np.empty((len(ends), sensors, HELD), np.float32)
    for sensor in range(sensors):
        run = engine.infer(
            model,
            {
                "window": scoring.windows(scaled[:, sensor], ends),
                "context": np.repeat(context[sensor : sensor + 1], len(ends), 0),
            },
            outputs=("unusual", "code"),
            chunk=CHUNK,
        )
        anomaly_score[:, sensor], codes[:, sensor] = run["unusual"], run["code"]
        if told is not None:
            told((sensor + 1) / sensors)
    inside = scoring.inside(ends, normal)
    by_sensor = scoring.standard(anomaly_score, inside)
    found = scoring.joined(by_sensor, inside, max(1, round(settings["smoothing"] / step)))
    return Health(
        values, normal, settings["alarm"], scale, context, ends, by_sensor, codes, found, run
    )


def contexts(model: Model, scaled: Array) -> Array:
    """What each sensor is like: [rows, sensors] of a normal stretch, scaled -> [sensors, 8]."""
    spread = scoring.spread(scaled)
    run = engine.infer(model, {"normal": spread}, graph="context", outputs=("context",))
    return run["context"]


def look(model: Model, health: Health, row: int) -> Look:
    """The window that ends at a row (or is the last before it), closely."""
    end = int(health.ends[health.window(row)])
    scaled = health.scale(health.values)
    given = np.stack([scoring.windows(s, np.array([end]))[0] for s in scaled.T])
    names = ("reconstruction", "expected")
    run = engine.infer(model, {"window": given, "context": health.context}, outputs=names)
    rows = slice(end - WINDOW + 1, end + 1)
    kept, expected = (health.scale.back(run[name].T) for name in names)
    return Look(health.values[rows], kept, expected)
