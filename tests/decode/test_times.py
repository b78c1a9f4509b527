"""Times of strangers: the moment that was meant, or a refusal; never 1970 for what is no time."""

import time
from datetime import UTC, datetime

import numpy as np
import pytest

from models.decode import times
from tests.helpers import filled

MOMENT = datetime(2026, 5, 31, 14, 5, 59, tzinfo=UTC).timestamp()
MINUTE = MOMENT - 59
DATE = datetime(2026, 5, 31, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("cell", "seconds", "clock"),
    [
        ("2026-05-31 14:05:59", MOMENT, True),
        ("2026-05-31T14:05:59Z", MOMENT, True),
        ("2026-05-31T16:05:59+02:00", MOMENT, True),
        ("2026-05-31T16:05:59.000+0200", MOMENT, True),
        ("20260531T140559Z", MOMENT, True),
        ("2026/05/31 14:05", MINUTE, True),
        ("31.05.2026 14:05", MINUTE, True),
        ("31/05/2026 14:05", MINUTE, True),
        ("05/31/2026 2:05 PM", MINUTE, True),
        ("31-05-26 14:05", MINUTE, True),
        ("31 May 2026 14:05", MINUTE, True),
        ("May 31, 2026 2:05 p.m.", MINUTE, True),
        ("Sun, 31 May 2026 14:05:59 GMT", MOMENT, True),
        ("31/May/2026:14:05:59 +0000", MOMENT, True),
        ("20260531", DATE, False),
        ("20260531140559", MOMENT, True),
        ("202605311405", MINUTE, True),
        ("2026-05-31", DATE, False),
        ("31.05.2026", DATE, False),
        ("46173.5", DATE + 43_200, True),  # Excel: 46173 is 2026-05-31
        ("46173,5", DATE + 43_200, True),
        ("46173", DATE, False),
        (f"{MOMENT:.0f}", MOMENT, True),
        (f"{MOMENT:.0f}.25", MOMENT + 0.25, True),
        (f"{MOMENT:.0f}000", MOMENT, True),
        (f"{MOMENT:.0f}000000", MOMENT, True),
        (f"{MOMENT:.0f}000000000", MOMENT, True),
    ],
)
def test_a_time_is_the_moment_that_was_meant(cell: str, seconds: float, clock: bool) -> None:
    found = times.read([cell])
    assert found.seconds.tolist() == pytest.approx([seconds], abs=1e-3)
    assert bool(np.isnan(found.clock[0])) != clock
    assert not found.wrong.any()


@pytest.mark.parametrize(
    "cell",
    [
        *("2026", "now", "today", "yesterday", "14:05", "0", "59", "86400", "46082x", "nan", "-5"),
        *("2026-02-30", "2026-13-01", "32.01.2026", "2026-05-31 25:00", "2026-05-31 13:05 PM"),
        *("1e300", "99999999", "20261331", "0900-01-01", "2101-01-01", "31 Smarch 2026", ""),
        "05/06/2026",  # the fifth of June, or May the sixth: nothing else shows it
    ],
)
def test_what_is_no_time_is_refused(cell: str) -> None:
    assert times.read([cell]).wrong.all()
    assert np.isnan(times.read([cell]).seconds).all()


def test_the_column_shows_whether_the_day_stands_first_and_it_is_said() -> None:
    first = times.read(["05/06/2026 10:00", "13/06/2026 10:00"])
    assert first.seconds.tolist() == [
        datetime(2026, 6, day, 10, tzinfo=UTC).timestamp() for day in (5, 13)
    ]
    assert first.note == "dates are read as day/month/year"
    second = times.read(["05/06/2026 10:00", "06/13/2026 10:00"])
    assert second.note == "dates are read as month/day/year"
    assert second.seconds[0] == datetime(2026, 5, 6, 10, tzinfo=UTC).timestamp()
    # Only read with the month first are these in order.
    ordered = times.read(["01/12/2026", "02/01/2026", "02/11/2026"])
    assert ordered.note == "dates are read as month/day/year"
    assert times.read(["05/06/2026", "06/06/2026"]).kind.startswith("a date whose day and month")
    assert times.read(["05.06.2026"]).note == "dates are read as day.month.year"


def test_midnights_alone_are_dates_without_a_clock() -> None:
    days = [f"2026-05-{day:02} 00:00:00" for day in range(1, 9)]
    assert np.isnan(times.read(days).clock).all()
    assert times.read([*days, "2026-05-09 01:00"]).clock[-1] == 3_600
    assert times.read(days[:1]).clock.tolist() == [0]


def test_a_clock_is_the_one_that_was_written() -> None:
    found = times.read(["2026-05-31T01:30:00+05:30"])
    assert found.clock.tolist() == [5_400]
    assert found.seconds[0] == DATE - 4 * 3_600


def test_hostile_cells_take_a_moment() -> None:
    for shape, cell in filled(100_000).items():
        began = time.process_time()
        times.read([cell, cell[:59], "2026-05-31"])
        assert time.process_time() - began < 1, shape
