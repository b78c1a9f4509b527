"""Cells of strangers -> times, decided by the whole column and never cell by cell.

    found = times.read(["31/05/2026 14:05", "01/06/2026 09:00"])
    found.seconds, found.note

Read are ISO 8601 with and without an offset, day and month in either order (whichever the column
shows), names of months, YYYYMMDD with and without a clock, Excel's days since 1899, and seconds,
milliseconds, microseconds or nanoseconds since 1970. Everything else is refused, "now" and a bare
year among it. A date without a clock has none: it is not midnight.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from models import deadline
from models.decode import numbers

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
FIRST = datetime(1970, 1, 1, tzinfo=UTC).timestamp()
LAST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
DAY = 86_400
EXCEL = 25_569  # its day of 1970-01-01, counted from 1899-12-30
DAYS = (20_000, 73_051)  # of Excel: 1954 to 2100. Fewer are no serial that anybody means
SINCE_1970 = (  # unit, how many are a second; what lies below 1973 is no time that anybody means
    ("seconds", 1.0),
    ("milliseconds", 1e3),
    ("microseconds", 1e6),
    ("nanoseconds", 1e9),
)
OLDEST = 1e8  # seconds
PIVOT = 69  # of a year in two digits: from here on 19xx (POSIX)
MIDNIGHTS = 5  # as many rows that all say 00:00 are dates without a clock
LONGEST = 60  # characters of a time
WHOLE = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
MONTHS = {name: number for number, whole in enumerate(WHOLE, 1) for name in (whole, whole[:3])}
MONTHS["sept"] = 9
_CLOCK = (
    r"(?:(?:T|,?\s+|:)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})"
    r"(?:[.,](?P<part>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_ISO = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})" + _CLOCK)
_BASIC = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})[T ](?P<hour>\d{2})(?P<minute>\d{2})"
    r"(?P<second>\d{2})?(?P<part>)(?P<half>)(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?"
)
_EITHER = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<other>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + _CLOCK
)
_NAMED = re.compile(
    _WEEKDAY
    + r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s./-]+(?P<name>[a-z]{3,9})\.?|"
    + r"(?P<name2>[a-z]{3,9})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?),?[\s./-]+(?P<year>\d{4})"
    + _CLOCK,
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")


@dataclass(frozen=True)
class Times:
    """seconds: float64 [n] since 1970, UTC where offsets are given; NaN where there is no time.

    clock: float64 [n], seconds of the day as they are written, NaN where only a date is given.
    wrong: bool [n], which cells hold no time; kind: what the first of them holds, in words. note:
    how the column was read where it could be meant otherwise, else "".
    """

    seconds: Floats
    clock: Floats
    wrong: Flags
    kind: str
    note: str


@dataclass(frozen=True)
class _Found:
    """One time. written: without its offset. clock: whether it has one."""

    written: datetime
    offset: timedelta | None
    clock: bool


def looks_like(cells: Sequence[str]) -> bool:
    """Whether most of some filled cells of a column are written as times: not as bare numbers."""
    filled = [cell for cell in cells if not numbers.is_empty(cell)]
    timed = sum(
        any(form.fullmatch(cell.strip()) for form in (_ISO, _BASIC, _EITHER, _NAMED))
        for cell in filled
        if len(cell) <= LONGEST
    )
    return 2 * timed > len(filled)


def read(cells: Sequence[str]) -> Times:
    """The times of one column, float64 [n]. Raises BusyError past the deadline of `deadline.work`.

    Cells that say nothing have no time and are `wrong` too.
    """
    different = {cell: cell.strip() for cell in cells}
    stripped = [*dict.fromkeys(different.values())]
    why: dict[str, str] = {}
    if (fast := _iso(stripped)) is not None:
        read, note = fast, ""
    elif _numeric(stripped):
        read, note, why = _numbers(stripped)
    else:
        read, note, why = _written(stripped, [different[cell] for cell in cells])
    seconds, clock = (
        np.fromiter((read[different[cell]][i] for cell in cells), np.float64, len(cells))
        for i in (0, 1)
    )
    wrong = ~((seconds >= FIRST) & (seconds < LAST))
    seconds[wrong] = clock[wrong] = np.nan
    kind = ""
    if wrong.any():
        first = different[cells[int(wrong.argmax())]]
        kind = "an empty cell" if numbers.is_empty(first) else why.get(first, "no time")
    if _midnights(seconds, clock):
        clock[:] = np.nan
    return Times(seconds, clock, wrong, kind, note)


Read = dict[str, tuple[float, float]]  # a cell's seconds since 1970 and of the day
NONE = (np.nan, np.nan)


def _midnights(seconds: Floats, clock: Floats) -> bool:
    """Whether every row says 00:00: a date that was saved with a clock that nobody set."""
    known = ~np.isnan(clock)
    days = np.unique(seconds[known] // DAY)
    return bool(known.sum() >= MIDNIGHTS and len(days) > 1 and not clock[known].any())


def _iso(cells: list[str]) -> Read | None:
    """The commonest form, many at once; None where any cell has another."""
    if not all(map(_PLAIN.fullmatch, cells)):
        return None
    try:
        seconds = np.array(cells, "datetime64[s]").astype(np.int64)
    except ValueError:  # a day or an hour that there is not: one by one
        return None
    return {
        cell: (float(second), float(second % DAY) if len(cell) > 10 else np.nan)
        for cell, second in zip(cells, seconds, strict=True)
    }


def _numeric(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if not numbers.is_empty(cell)]
    return sum(_number(cell) is not None for cell in filled) * 2 > len(filled)


def _number(cell: str) -> float | None:
    """A number with a point or a comma for decimals and no thousands: times have none."""
    if not re.fullmatch(r"[+-]?\d{1,20}(?:[.,]\d{1,20})?(?:[eE]\+?\d{1,2})?", cell):
        return None
    return float(cell.replace(",", "."))


def _numbers(cells: list[str]) -> tuple[Read, str, dict[str, str]]:
    """Times that are written as numbers: the first form that fits all of them."""
    values = {cell: value for cell in cells if (value := _number(cell)) is not None}
    forms: list[tuple[str, Callable[[str, float], tuple[float, float]]]] = [
        ("dates written YYYYMMDD", _digits),
        ("Excel's days since 1899", _excel),
        *((f"{unit} since 1970", _unit(many)) for unit, many in SINCE_1970),
    ]
    best: tuple[int, str, Read] = (0, "", {})
    for name, form in forms:
        read = {cell: form(cell, value) for cell, value in values.items()}
        fits = sum(FIRST <= seconds < LAST for seconds, _ in read.values())
        if fits > best[0]:
            best = (fits, name, read)
    _, name, read = best
    if name.startswith("Excel") and all(value == int(value) for value in values.values()):
        read = {cell: (seconds, np.nan) for cell, (seconds, _) in read.items()}
    note = f"numbers are read as {name}" if name else ""
    return {cell: read.get(cell, NONE) for cell in cells}, note, {}


def _digits(cell: str, _: float) -> tuple[float, float]:
    form = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(cell))
    if form is None or not cell.isdecimal():
        return NONE
    try:
        found = datetime.strptime(cell, form)
    except ValueError:
        return NONE
    return _seconds(_Found(found, None, len(cell) > 8))


def _excel(_: str, value: float) -> tuple[float, float]:
    if not DAYS[0] <= value < DAYS[1]:
        return NONE
    seconds = float(round((value - EXCEL) * DAY))
    return seconds, seconds % DAY


def _unit(many: float) -> Callable[[str, float], tuple[float, float]]:
    def form(_: str, value: float) -> tuple[float, float]:
        seconds = value / many
        return (seconds, seconds % DAY) if OLDEST <= seconds < LAST else NONE

    return form


def _seconds(found: _Found) -> tuple[float, float]:
    written = (found.written - datetime(1970, 1, 1)).total_seconds()
    offset = 0.0 if found.offset is None else found.offset.total_seconds()
    return written - offset, written % DAY if found.clock else np.nan


def _written(cells: list[str], order: Sequence[str]) -> tuple[Read, str, dict[str, str]]:
    """Times that are written as such. order: the column's cells, row by row."""
    found: dict[str, _Found | None] = {}
    either: dict[str, re.Match[str]] = {}
    for cell in deadline.watched(cells):
        if len(cell) > LONGEST:
            found[cell] = None
        elif match := _EITHER.fullmatch(cell):
            either[cell] = match
        else:
            found[cell] = _one(cell)
    notes, why = [], {}
    if either:
        dayfirst, note = _order(either, order)
        if dayfirst is None:
            why = dict.fromkeys(either, "a date whose day and month could be meant either way")
        for cell, match in either.items():
            found[cell] = None if dayfirst is None else _dated(match, dayfirst)
        notes.append(note)
    times = {cell: one for cell, one in found.items() if one is not None}
    zoned = [cell for cell, one in times.items() if one.offset is not None]
    clocked = [cell for cell, one in times.items() if one.clock]
    if zoned and len(zoned) < len(clocked):
        notes.append("times without an offset are taken as UTC")
    read = {cell: _seconds(times[cell]) if cell in times else NONE for cell in cells}
    return read, "; ".join(filter(None, notes)), why


def _one(cell: str) -> _Found | None:
    """A time that says by itself which day it is."""
    for form in (_ISO, _BASIC):
        if match := form.fullmatch(cell):
            return _made(match, int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _NAMED.fullmatch(cell):
        month = MONTHS.get((match["name"] or match["name2"]).casefold())
        if month is not None:
            return _made(match, int(match["year"]), month, int(match["day"] or match["day2"]))
    return None


def _dated(match: re.Match[str], dayfirst: bool) -> _Found | None:
    first, other, year = int(match["first"]), int(match["other"]), int(match["year"])
    if len(match["year"]) == 2:
        year += 1900 if year >= PIVOT else 2000
    day, month = (first, other) if dayfirst else (other, first)
    return _made(match, year, month, day)


def _made(match: re.Match[str], year: int, month: int, day: int) -> _Found | None:
    """The time of a match with the groups of `_CLOCK`."""
    hour, half, zone = match["hour"], match["half"], match["zone"]
    part = float(f"0.{match['part'] or 0}")
    try:
        hours = int(hour or 0)
        if half:
            if not 1 <= hours <= 12:
                return None
            hours = hours % 12 + (12 if half[0] in "pP" else 0)
        written = datetime(
            year, month, day, hours, int(match["minute"] or 0), int(match["second"] or 0)
        ) + timedelta(seconds=part)
    except (ValueError, OverflowError):
        return None
    return _Found(written, _offset(zone), hour is not None)


def _offset(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if zone[0] == "-" else size


def _order(either: dict[str, re.Match[str]], order: Sequence[str]) -> tuple[bool | None, str]:
    """Whether the day stands before the month, None where that stays open; and the note on it."""
    first = sum(int(match["first"]) > 12 for match in either.values())
    other = sum(int(match["other"]) > 12 for match in either.values())
    sign = next(iter(either.values()))["mark"]
    if first != other:
        dayfirst = first > other
    elif sign == "." and not first:
        dayfirst = True  # where dates have points the day stands first
    else:
        ordered = {way: _ordered(either, order, way) for way in (True, False)}
        if ordered[True] == ordered[False] or first:
            return None, ""
        dayfirst = ordered[True]
    said = ("day", "month") if dayfirst else ("month", "day")
    return dayfirst, f"dates are read as {said[0]}{sign}{said[1]}{sign}year"


def _ordered(either: dict[str, re.Match[str]], order: Sequence[str], dayfirst: bool) -> bool:
    """Whether the rows stand in the order of their times, read so."""
    read = {cell: _dated(match, dayfirst) for cell, match in either.items()}
    times = [_seconds(one)[0] for cell in order if (one := read.get(cell)) is not None]
    steps = np.diff(times)
    return bool(len({*times}) > 1 and ((steps >= 0).all() or (steps <= 0).all()))
