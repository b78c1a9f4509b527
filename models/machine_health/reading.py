"""A stranger's table -> sensors: which columns are sensors, and what was done to the rest.

    sensors = reading.sensors(tables.read(data))
    sensors.values                 # float64 [rows, sensors]

Times, counters, constants and columns of 0 and 1 are numbers, but no sensors: they are left out and
named, and can be taken in. Rows are put in the order of their times. Every refusal is an InputError
of one sentence that names column and row; gaps are filled with the value before, and that is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from models import deadline
from models.decode import columns, labels, numbers, times
from models.decode.labels import Labels
from models.decode.tables import Table
from models.errors import InputError

Array = np.ndarray[Any, Any]
# Names of columns of truth, by their letters and digits, without "is" before them.
TRUTHS = frozenset(
    (
        *("anomaly", "anomalous", "abnormal", "outlier", "label", "labels", "class", "target"),
        *("truth", "groundtruth", "y", "fault", "faulty", "failure", "failed", "fail", "broken"),
        *("attack", "fraud", "machinestatus", "condition"),
    )
)
CHANGES = frozenset(("changepoint", "changepoints"))  # truths of another kind: no row is faulty
CLOCKS = frozenset(
    (
        *("time", "times", "timestamp", "date", "datetime", "epoch", "unixtime", "ts", "seconds"),
        *("elapsed", "elapsedtime", "elapsedseconds", "timesec", "times", "millis", "unix"),
    )
)
PAYMENTS = frozenset(("customer", "terminal", "amount"))
CONNECTIONS = frozenset(("srcbytes", "dstbytes", "protocoltype"))
WORDS = 20  # different values that a column of truth may have
LOOKED = 200  # cells that say whether a column holds numbers
GAPS = 0.2  # of a column; with more there is too little to judge
LARGEST = 1e100  # far beyond any unit, and its square is still a number
SHORTEST = 32  # rows
EVEN = 0.02  # of the usual step: by how much those of a counter may differ
APART = 1.5  # usual steps from which on a row is missing before another
NAMED = 8  # columns that a note names


@dataclass(frozen=True)
class Sensors:
    """names: [sensors]. times: what the column of times says of each row, or None.

    truth: bool [rows] where the table says which rows were anomalous. numbers: where each row
    stands in the file. notes: what was done, in words.
    """

    names: tuple[str, ...]
    values: Array  # float64 [rows, sensors]
    times: list[str] | None
    truth: Array | None
    numbers: list[int]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """All columns of numbers in a table, its rows in the order of time.

    usual: those that are taken for sensors. left: the others, and why they are none. labels: what
    a column of truth says, None where there is none. The rest is as in `Sensors`.
    """

    names: tuple[str, ...]
    values: Array  # float64 [rows, columns]
    usual: tuple[str, ...]
    left: dict[str, str]
    times: list[str] | None
    labels: Labels | None
    numbers: list[int]
    notes: tuple[str, ...]

    def sensors(self, chosen: Iterable[str] | None = None, normal: str | None = None) -> Sensors:
        """Some of the columns, by default those that are taken for sensors.

        normal: the word of the labels that means normal, where the visitor said it. Raises
        InputError where no column is left.
        """
        wanted = self.usual if chosen is None else {*chosen}
        places = [place for place, name in enumerate(self.names) if name in wanted]
        if not places:
            raise InputError("No column is taken as a sensor: take at least one in.")
        truth = None if self.labels is None else self.labels.abnormal(normal)
        names = tuple(self.names[place] for place in places)
        values = np.ascontiguousarray(self.values[:, places])
        return Sensors(names, values, self.times, truth, self.numbers, self.notes)


def sensors(table: Table) -> Sensors:
    """The sensors of a table, as `measured` finds them. Raises what that raises."""
    return measured(table).sensors()


class _Finding:
    """What is found in a table's columns, one after another."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.names: list[str] = []
        self.values: list[Array] = []
        self.left: dict[str, str] = {}
        self.times: list[str] | None = None
        self.order: Array | None = None  # seconds, or whatever rises with time
        self.labels: Labels | None = None
        self.aside: list[str] = []
        self.notes: list[str] = []
        self.refused = ""  # why the first column of numbers that cannot be read is none

    def column(self, place: int) -> None:
        """Look at one column."""
        deadline.check()
        cells, name = self.table.column(place), self.table.columns[place]
        short = columns.plain(name).removeprefix("is")
        if not any(not numbers.is_empty(cell) for cell in cells):
            self.aside.append(f"{place + 1} (empty)")
        elif short in CHANGES:
            self.aside.append(f"{place + 1} (points of change)")
        elif times.looks_like(cells[:LOOKED]):
            self._timed(cells, place)
        elif short in TRUTHS and self._truth(cells):
            pass
        elif _is_measured(cells):
            self._numbers(cells, place, short in CLOCKS)
        elif self._words(cells):
            pass
        elif self.times is None and place == 0:
            self.times = cells
        else:
            self.aside.append(str(place + 1))

    def _timed(self, cells: list[str], place: int) -> None:
        if self.order is not None:
            self.aside.append(f"{place + 1} (further times)")
            return
        found = times.read(cells)
        self.times = cells
        if found.wrong.any():
            row = self.table.numbers[int(found.wrong.argmax())]
            self.notes.append(
                f"Column {place + 1} has {found.kind} in row {row}, so rows are taken in the order "
                "of the file."
            )
            return
        self.order = found.seconds
        if found.note:
            self.notes.append(f"Column {place + 1}: {found.note}.")

    def _truth(self, cells: list[str]) -> bool:
        found = labels.read(cells)
        if len(found.words) > WORDS:
            return False
        if self.labels is None:
            self.labels = found
        return True

    def _words(self, cells: list[str]) -> bool:
        """Whether words say which rows are normal: every one of them is known, and of both kinds"""
        if self.labels is not None or len({*islice(cells, LOOKED)}) > WORDS:
            return False
        found = labels.read(cells)
        both = not found.open and 1 < len(found.words) <= WORDS
        if both:
            self.labels = found
        return both

    def _numbers(self, cells: list[str], place: int, clock: bool) -> None:
        read = numbers.read(cells, self.table.marks)
        where = f"Column {place + 1}"
        name, rows = self.table.columns[place], self.table.numbers
        values, wrong = read.values, ""
        missing = np.isnan(values)
        if read.bad >= 0:
            wrong = (
                f"{where}, row {rows[read.bad]} holds {read.kind}: correct it, or leave it empty."
            )
        elif (far := np.abs(values) > LARGEST).any():
            row = rows[int(far.argmax())]
            wrong = f"{where}, row {row} is infinite or far too large: correct it."
        elif (gaps := int(missing.sum())) > GAPS * len(cells):
            wrong = (
                f"{where} is empty in {gaps:,} of {len(cells):,} rows, first in row "
                f"{rows[int(missing.argmax())]}: fill it, or take it out."
            )
        if wrong:
            self.refused = self.refused or wrong
            self.notes.append(f"{wrong} It is left out.")
            return
        if read.note:
            self.notes.append(f"{where}: {read.note}.")
        if gaps:
            self.notes.append(
                f"{where} had {gaps:,} gap{'s' * (gaps > 1)}, filled with the value before."
            )
        values = _filled(values, missing)
        self.names.append(name)
        self.values.append(values)
        if why := self._no_sensor(cells, values, clock):
            self.left[name] = why

    def _no_sensor(self, cells: list[str], values: Array, clock: bool) -> str:
        """Why a column of numbers is no sensor, "" where it is one."""
        if len(values) < SHORTEST:  # too few to tell, and to judge
            return ""
        steps = np.diff(values)
        one_way = bool((steps > 0).all() or (steps < 0).all())
        if self._times(cells, values, clock, one_way):
            return "times"
        usual = float(np.median(steps))
        why = ""
        if one_way and (np.abs(steps - usual) <= EVEN * abs(usual)).all():
            self.order = values if self.order is None and usual < 0 else self.order
            why = "a counter: it goes on by the same step in each row"
        elif not steps.any():
            why = "never changes"
        elif {*np.unique(values[:LOOKED]).tolist()} <= {0.0, 1.0} and np.isin(values, (0, 1)).all():
            why = "only 0 and 1"
        return why

    def _times(self, cells: list[str], values: Array, clock: bool, one_way: bool) -> bool:
        """Whether a column of numbers is times; the first of them gives the rows their order."""
        stamped = self._stamped(cells, values, clock or one_way)
        if stamped is None and not (clock and len({*values.tolist()}) == len(values)):
            return False
        if self.order is None:
            self.order = values if stamped is None else stamped
            self.times = cells if self.times is None else self.times
        return True

    @staticmethod
    def _stamped(cells: list[str], values: Array, likely: bool) -> Array | None:
        """The seconds of a column of numbers that are times of day; None where they are not."""
        # Of numbers that a sensor could have too, the name has to say it: see `times`.
        if not likely or not (np.abs(values) >= times.OLDEST / 10).all():
            return None
        found = times.read(cells)
        return None if found.wrong.any() else found.seconds


def measured(table: Table) -> Measured:
    """The columns of numbers of a table, and which of them are sensors.

    Raises InputError where there is none that can be read; BusyError past the deadline of
    `deadline.work`.
    """
    found = _Finding(table)
    for place in range(len(table.columns)):
        found.column(place)
    notes = [*table.notes, *_another(table), *found.notes]
    if not found.names:
        raise InputError(found.refused or _none(table))
    if found.aside:
        word = "Columns" if len(found.aside) > 1 else "Column"
        notes.append(f"{word} {', '.join(found.aside[:NAMED])} set aside: no numbers there.")
    usual = tuple(name for name in found.names if name not in found.left)
    if not usual:  # a machine whose one sensor only switches on and off
        usual = tuple(name for name, why in found.left.items() if why == "only 0 and 1")
    values = np.stack(found.values, 1)
    result = Measured(
        tuple(found.names),
        values,
        usual,
        found.left,
        found.times,
        found.labels,
        table.numbers,
        tuple(notes),
    )
    return result if found.order is None else _ordered(result, found.order)


def _none(table: Table) -> str:
    if len(table.columns) > 1:
        return (
            f"None of the {len(table.columns)} columns of this table holds numbers: give one with "
            "a column for each sensor."
        )
    return "The only column of this table holds no numbers: give one for each sensor."


def _another(table: Table) -> list[str]:
    """A note where the table is one that another page is made for."""
    names = {columns.plain(name) for name in table.columns}
    if names >= PAYMENTS:
        return ["These look like card payments, not sensors: the page Card fraud reads those."]
    if names >= CONNECTIONS:
        return [
            "These look like network connections, not sensors: the page Network intrusion reads "
            "those."
        ]
    return []


def _ordered(found: Measured, order: Array) -> Measured:
    """The rows in the order of their times, and what is to be said of these."""
    notes = [*found.notes]
    steps = np.diff(order)
    places = np.arange(len(order))
    if (steps < 0).any():
        if (steps <= 0).all():
            places = places[::-1]
            notes.append("The newest row came first: rows were put in the order of their times.")
        else:
            places = np.argsort(order, kind="stable")
            count = int((steps < 0).sum())
            notes.append(
                f"Rows were put in the order of their times: {count:,} stood before an earlier one."
            )
    notes += _gaps(order[places])
    labels_ = found.labels
    if labels_ is not None:
        cells = tuple(labels_.cells[i] for i in places)
        labels_ = replace(labels_, cells=cells, empty=labels_.empty[places])
    return replace(
        found,
        values=found.values[places],
        times=None if found.times is None else [found.times[i] for i in places],
        labels=labels_,
        numbers=[found.numbers[i] for i in places],
        notes=tuple(notes),
    )


def _gaps(order: Array) -> list[str]:
    """What is said of steps of time that are not equal."""
    steps = np.diff(order)
    if not (steps > 0).any():
        return []
    usual = float(np.median(steps[steps > 0]))
    wide = np.flatnonzero(steps > APART * usual)
    same = int((steps == 0).sum())
    notes = []
    if len(wide) > GAPS * len(steps):
        notes.append("Rows do not lie at equal steps of time, as the network takes them to.")
    elif len(wide):
        longest = int(wide[steps[wide].argmax()])
        gaps = "There is 1 gap" if len(wide) == 1 else f"There are {len(wide):,} gaps"
        notes.append(
            f"{gaps} in the times, the longest after row {longest + 1:,}: "
            f"{steps[longest] / usual:,.0f} times the usual step."
        )
    if same and same < len(steps) / 2:
        rows = "1 row has" if same == 1 else f"{same:,} rows have"
        notes.append(f"{rows} the same time as the row before.")
    return notes


def _is_measured(cells: Sequence[str]) -> bool:
    """Whether most of the first cells that say something hold numbers."""
    filled = [*islice((cell for cell in cells if not numbers.is_empty(cell)), LOOKED)]
    return 2 * sum(map(numbers.looks_like, filled)) > len(filled)


def _filled(values: Array, missing: Array) -> Array:
    """Gaps filled with the value before; those at the start with the first."""
    if not missing.any():
        return values
    places = np.maximum.accumulate(np.where(missing, -1, np.arange(len(values))))
    first = int(np.flatnonzero(~missing)[0])
    return values[np.where(places < 0, first, places)]
