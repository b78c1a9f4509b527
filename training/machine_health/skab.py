"""SKAB: runs of a water pump with eight sensors, and the protocol of its leaderboard.

    runs("valve2")[0].values      # float64 [rows, 8]
    alarmed(windows, rows)        # which rows the leaderboard calls anomalous

The leaderboard (github.com/waico/SKAB, v0.9) fits on the first 400 rows of each of its 34
runs, cuts a run into windows of 60 rows and calls a row anomalous where every window that holds it
is; F1, false and missed alarms are counted over all rows of all runs together, the first 400 too.
"""

import csv
import io
import tarfile
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from models.kinds.thresholds import Point
from training import sources

NORMAL = 400  # rows at the beginning of each run in which the pump is well
COUNTS = {"valve1": 16, "valve2": 4, "other": 14}
LABELS = ("anomaly", "changepoint")
LEADERBOARD = 60  # rows in a window of its notebooks

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Run:
    """One run. anomalous: bool [rows]."""

    name: str
    values: Array
    anomalous: Array
    sensors: tuple[str, ...]


@cache
def _files() -> dict[str, str]:
    with tarfile.open(sources.fetch("skab", "skab_data.tar.gz")) as packed:
        found = {}
        for member in packed.getmembers():
            if member.name.endswith(".csv"):
                file = packed.extractfile(member)
                assert file is not None
                found["/".join(member.name.split("/")[-2:])] = file.read().decode()
    return found


def parsed(name: str, text: str) -> Run:
    """A run from its CSV: semicolons, a time, sensors, and in most runs two columns of labels."""
    first, *rows = csv.reader(io.StringIO(text), delimiter=";")
    wanted = [i for i, column in enumerate(first) if i and column not in LABELS]
    values = np.array([[float(row[i]) for i in wanted] for row in rows])
    labels = first.index("anomaly") if "anomaly" in first else None
    anomalous = [labels is not None and float(row[labels]) > 0 for row in rows]
    return Run(name, values, np.array(anomalous), tuple(first[i] for i in wanted))


def runs(kind: str) -> list[Run]:
    """All runs of a kind (`valve1`, `valve2`, `other`) in the order of their numbers."""
    named = [name for name in _files() if name.split("/")[0] == kind]
    ordered = sorted(named, key=lambda name: int(name.split("/")[1].removesuffix(".csv")))
    assert len(ordered) == COUNTS[kind], f"{kind} has {len(ordered)} runs"
    return [parsed(name.removesuffix(".csv"), _files()[name]) for name in ordered]


def anomaly_free() -> Run:
    """The long run in which nothing was done to the pump."""
    return parsed("anomaly-free", _files()["anomaly-free/anomaly-free.csv"])


def alarmed(windows: Array, rows: int, long: int = LEADERBOARD) -> Array:
    """bool [windows], each beginning one row after the other -> bool [rows].

    A row is called anomalous where all `long` windows that hold it are; so the first and the last
    rows, which fewer windows hold, never are, as in the leaderboard's notebooks.
    """
    before = np.concatenate([[0], np.cumsum(windows)])
    called = np.zeros(rows, bool)
    held = np.arange(long - 1, rows - long + 1)
    called[held] = before[held + 1] - before[held + 1 - long] == long
    return called


def counted(truths: list[Array], called: list[Array]) -> Point:
    """What the calls of all rows of all runs together come to."""
    truth, call = np.concatenate(truths), np.concatenate(called)
    return Point(
        0.0,
        int((truth & call).sum()),
        int((truth & ~call).sum()),
        int((~truth & call).sum()),
        int((~truth & ~call).sum()),
    )
