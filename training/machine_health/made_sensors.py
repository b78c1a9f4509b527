"""Made-up sensors in SKAB's schema: for smoke runs, for golden inputs, and for the page's samples.

    python -m training.machine_health.made_sensors  # writes pages/samples/machine-*.csv anew

Each sensor is noise, a slow drift and perhaps a cycle; a fault begins at a known row and ends
again: a valve that closes, a bearing that shakes, a pump that runs hot. All from a seed.
"""

import csv
import datetime
import io
import json
import tarfile
from collections.abc import Callable
from typing import Any

import numpy as np

from training import sources
from training.core.places import SAMPLES
from training.machine_health.skab import Run

Array = np.ndarray[Any, Any]
# name, usual value, noise, drift a row, share of slow wandering
SENSORS = (
    ("Accelerometer1RMS", 0.21, 0.004, 0.0, 0.2),
    ("Accelerometer2RMS", 0.27, 0.004, 0.0, 0.2),
    ("Current", 2.4, 0.3, 0.0, 0.0),
    ("Pressure", 0.2, 0.25, 0.0, 0.0),
    ("Temperature", 78.0, 0.05, 0.0012, 1.0),
    ("Thermocouple", 26.0, 0.01, 0.0008, 1.0),
    ("Voltage", 229.0, 9.0, 0.0, 0.0),
    ("Volume Flow RateRMS", 120.0, 0.8, 0.0, 0.2),
)
NAMES = tuple(sensor[0] for sensor in SENSORS)


def well(rows: int, rng: np.random.Generator) -> Array:
    """A machine that is well: float64 [rows, 8]."""
    made = []
    for _, usual, noise, drift, wanders in SENSORS:
        slow = np.cumsum(rng.normal(size=rows)) * noise * 0.12 * wanders
        steady = usual + drift * rng.uniform(0.5, 1.5) * np.arange(rows)
        made.append(steady + slow + noise * rng.normal(size=rows))
    return np.stack(made, 1)


def _ramp(rows: int, begin: int, end: int) -> Array:
    """0 outside of [begin, end), 1 inside, over 40 rows between."""
    row = np.arange(rows)
    return np.clip(np.minimum((row - begin) / 40, (end - row) / 40), 0, 1)


def valve(values: Array, begin: int, end: int, rng: np.random.Generator) -> None:
    """The valve closes by a third: less flows, and the pressure rises."""
    much = _ramp(len(values), begin, end)
    values[:, 7] -= 14 * much
    values[:, 3] += 0.5 * much
    values[:, 2] -= 0.1 * much * rng.uniform(0.5, 1)


def bearing(values: Array, begin: int, end: int, rng: np.random.Generator) -> None:
    """A bearing wears: both accelerometers shake more, and more wildly."""
    much = _ramp(len(values), begin, end)
    for sensor, size in ((0, 0.03), (1, 0.02)):
        values[:, sensor] += much * size * (1 + 0.5 * rng.normal(size=len(values)))


def heat(values: Array, begin: int, end: int, rng: np.random.Generator) -> None:
    """The cooling fails: the motor's body warms by the minute, until it is cooled again."""
    row = np.arange(len(values))
    warm = np.interp(row, [begin, end - 60, end], [0, 12, 0])
    values[:, 4] += warm
    values[:, 5] += 0.15 * warm * rng.uniform(0.8, 1.2)


FAULTS: dict[str, Callable[[Array, int, int, np.random.Generator], None]] = {
    "valve": valve,
    "bearing": bearing,
    "heat": heat,
}


def run(fault: str | None, rows: int, seed: int) -> Run:
    """One run; a fault lies between half and four fifths of it."""
    rng = np.random.default_rng(seed)
    values = well(rows, rng)
    begin, end = rows // 2, rows * 4 // 5
    anomalous = np.zeros(rows, bool)
    if fault is not None:
        FAULTS[fault](values, begin, end, rng)
        anomalous[begin:end] = True
    return Run(fault or "well", values, anomalous, NAMES)


def runs(count: int, seed: int, rows: int = 900) -> tuple[Run, list[Run]]:
    """A long run without a fault, and others with one each."""
    kinds = list(FAULTS)
    faulty = [run(kinds[i % len(kinds)], rows, seed * 100 + i + 1) for i in range(count)]
    return run(None, 3 * rows, seed * 100), faulty


SEED = 11
ROWS = 900
NAB = "realKnownCause/machine_temperature_system_failure.csv"
EVERY = 12  # rows of NAB's series, which has one in five minutes


def written(run: Run) -> str:
    """A run as CSV in SKAB's schema."""
    file = io.StringIO()
    rows = csv.writer(file, delimiter=";", lineterminator="\n")
    rows.writerow(["datetime", *run.sensors, "anomaly"])
    begin = datetime.datetime(2026, 1, 5, 8, 0, 0)
    for second, (values, anomalous) in enumerate(zip(run.values, run.anomalous, strict=True)):
        time = begin + datetime.timedelta(seconds=second)
        rows.writerow([time, *(f"{value:.5g}" for value in values), int(anomalous)])
    return file.getvalue()


def hourly() -> str:
    """NAB's temperature of a machine that failed in the end: every twelfth row, and its labels."""
    with tarfile.open(sources.fetch("nab", "nab_data.tar.gz")) as packed:

        def text(name: str) -> str:
            found = next(full for full in packed.getnames() if full.endswith(name))
            file = packed.extractfile(found)
            assert file is not None
            return file.read().decode()

        _, *rows = csv.reader(io.StringIO(text(NAB)))
        windows = json.loads(text("combined_windows.json"))[NAB]
    lines = ["timestamp;temperature;anomaly"]
    for time, value in rows[::EVERY]:
        inside = any(begin[:19] <= time <= end[:19] for begin, end in windows)
        lines.append(f"{time};{float(value):.2f};{int(inside)}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page's samples."""
    for name, fault in (*((kind, kind) for kind in FAULTS), ("well", None)):
        text = written(run(fault, ROWS, SEED))
        (SAMPLES / f"machine-{name}.csv").write_text(text)
    (SAMPLES / "machine-temperature.csv").write_text(hourly())


if __name__ == "__main__":
    main()
