"""A stranger's table of transactions, checked, as the networks need it.

given = reading.read(tables.read(data))
given.transactions, given.history
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models import deadline
from models.card_fraud.lookback import DAY, HISTORY, Transactions
from models.decode import columns, labels, times
from models.decode.columns import Bad
from models.decode.labels import Labels
from models.decode.numbers import Marks
from models.decode.tables import Table
from models.errors import InputError

Array = np.ndarray[Any, Any]
NEEDED = ("time", "customer", "terminal", "amount")
FRAUD = "fraud"
MOST = 1e9  # of an amount
FORMS = "give it as 2026-05-31 14:05 or as seconds since 1970"


@dataclass(frozen=True)
class Given:
    """Transactions of a file, in its order.

    numbered: where each stands in the file. history: days of the file before each, float64 [n].
    notes: what was done to the file, in words for the visitor. labels: what its column `fraud`
    says, None where there is none.
    """

    transactions: Transactions
    numbered: tuple[int, ...]
    history: Array
    notes: tuple[str, ...]
    customers: tuple[str, ...]  # as they are written in the file, by transaction
    terminals: tuple[str, ...]
    labels: Labels | None = None

    @property
    def short(self) -> Array:
        """Which have less before them than their features could see: bool [n]."""
        found: Array = self.history < HISTORY
        return found

    def told(self, honest: str | None) -> "Given":
        """With the frauds that its labels name. honest: the word that means none, where one chose.

        Unchanged where nobody said which word that is.
        """
        fraud = None if self.labels is None else self.labels.abnormal(honest)
        return replace(self, transactions=replace(self.transactions, fraud=fraud))

    def __len__(self) -> int:
        return len(self.numbered)


def read(table: Table) -> Given:
    """The transactions of a table with the columns time, customer, terminal and amount.

    A column `fraud`, where there is one, says what is known in the end. Rows in which a cell cannot
    be read are left out and named. Raises InputError, and BusyError past the deadline of
    `deadline.work`.
    """
    found = columns.matched(table, NEEDED, (FRAUD,))
    cells = {name: table.column(place) for name, place in found.items()}
    seconds, amounts, bad, said = _cells(cells, table.numbers, table.marks)
    left = [*columns.unused(columns.others(table, found)), *bad.notes(table.numbers)]
    keep = np.flatnonzero(~bad.wrong)
    kept = {name: [column[i] for i in keep] for name, column in cells.items()}
    given = _given(kept, (seconds[0][keep], seconds[1][keep]), amounts[keep])
    truth = labels.read(kept[FRAUD]) if FRAUD in kept else None
    if truth is None:
        left.append(
            "There is no column fraud, so nothing is known of the terminals: their risk counts as "
            "none, and what they reveal is lost."
        )
    numbered = tuple(table.numbers[i] for i in keep)
    notes = (*table.notes, *said, *left)
    return replace(given, numbered=numbered, notes=notes, labels=truth).told(None)


def checked(cells: Mapping[str, Sequence[str]], fraud: Array | None, rows: Sequence[int]) -> Given:
    """The same from the cells of the four columns. Raises InputError that names column and row."""
    seconds, amounts, bad, notes = _cells(cells, rows, None)
    if bad.said:
        raise InputError(bad.said)
    given = _given(cells, seconds, amounts)
    transactions = replace(given.transactions, fraud=fraud)
    return replace(given, transactions=transactions, numbered=tuple(rows), notes=notes)


def _cells(
    cells: Mapping[str, Sequence[str]], rows: Sequence[int], marks: Marks | None
) -> tuple[tuple[Array, Array], Array, Bad, tuple[str, ...]]:
    """Times as `_times` gives them, amounts, the rows that cannot be read, and notes."""
    seconds, bad, notes = _times(cells["time"], rows)
    amounts, worse, said = columns.some_numbers(
        cells["amount"], "amount", rows, least=0, most=MOST, marks=marks
    )
    bad |= worse
    for name in ("customer", "terminal"):
        bad = _nameless(cells[name], name, rows, bad)
    return seconds, amounts, bad, (*notes, *said)


def _given(
    cells: Mapping[str, Sequence[str]], seconds: tuple[Array, Array], amounts: Array
) -> Given:
    """Transactions whose cells were read. seconds: since 1970, and of the day, NaN if unknown."""
    time = seconds[0].astype(np.int64)
    people, places = (_ids(cells[name]) for name in ("customer", "terminal"))
    return Given(
        Transactions(time, people, places, amounts, None, seconds[1]),
        (),
        (time - time.min()) / DAY if len(time) else np.zeros(0),
        (),
        tuple(cell.strip() for cell in cells["customer"]),
        tuple(cell.strip() for cell in cells["terminal"]),
    )


def _times(
    cells: Sequence[str], rows: Sequence[int]
) -> tuple[tuple[Array, Array], Bad, tuple[str, ...]]:
    """Seconds since 1970 and of the day, float64 [n] each; what cannot be read; notes."""
    found = times.read(cells)

    def none(place: int) -> str:
        kind = "no time between 1970 and 2100" if found.kind == "no time" else found.kind
        return f"Column time has {kind} in row {rows[place]}: {FORMS}."

    notes = [f"Column time: {found.note}."] if found.note else []
    if (unknown := int((np.isnan(found.clock) & ~found.wrong).sum())) and len(rows) > 0:
        which = "The times have" if unknown == len(rows) else f"{unknown:,} of the times have"
        notes.append(f"{which} no clock: whether it was night is unknown, and counts as day.")
    bad = Bad(np.zeros(len(cells), bool)).add(found.wrong, none)
    return (found.seconds, found.clock), bad, tuple(notes)


def _nameless(cells: Sequence[str], name: str, rows: Sequence[int], bad: Bad) -> Bad:
    empty = np.array([not cell.strip() for cell in cells], bool)
    return bad.add(
        empty,
        lambda place: (
            f"Column {name} has an empty cell in row {rows[place]}: whose transaction is it? Name "
            "it."
        ),
    )


def _ids(cells: Sequence[str]) -> Array:
    """A number for each different name: int64 [n]."""
    deadline.check()
    # No array of the names: each would take as much room there as the longest.
    places: dict[str, int] = {}
    return np.array([places.setdefault(one.strip(), len(places)) for one in cells], np.int64)


def typed_fraud(cells: Sequence[Any], rows: Sequence[int]) -> Array:
    """The column fraud as it is typed: bool [n]. Raises InputError."""
    read = labels.read(["" if cell is None else str(cell) for cell in cells])
    found = read.abnormal() if read.words else np.zeros(len(cells), bool)
    if found is None:
        known = labels.NORMAL | labels.ABNORMAL | labels.ZERO | labels.ONE
        first = next(
            row
            for row, cell, empty in zip(rows, read.cells, read.empty, strict=True)
            if not empty and labels.fold(cell) not in known
        )
        raise InputError(
            f"Column fraud says neither yes nor no in row {first}: give 1 for a known fraud, and "
            "0 or nothing for others."
        )
    return found
