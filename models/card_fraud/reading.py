"""A stranger's table of transactions, checked, as the networks need it.

given = reading.read(tables.read(data))
given.transactions, given.history
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from models import columns, deadline
from models.card_fraud.lookback import DAY, HISTORY, Transactions
from models.errors import InputError
from models.tables import Table

Array = np.ndarray[Any, Any]
NEEDED = ("time", "customer", "terminal", "amount")
FRAUD = "fraud"
YES, NO = ("1", "1.0", "true", "yes", "fraud"), ("", "0", "0.0", "false", "no", "normal")
FIRST, LAST = np.datetime64("1970-01-01", "s"), np.datetime64("2100-01-01", "s")
MOST = 1e9  # of an amount
PLAIN = len("2026-05-31 14:05:59")
FORMS = "give it as 2026-05-31 14:05 or as seconds since 1970"


@dataclass(frozen=True)
class Given:
    """Transactions of a file, in its order.

    numbered: where each stands in the file. history: days of the file before each, float64 [n].
    notes: what was done to the file, in words for the visitor.
    """

    transactions: Transactions
    numbered: tuple[int, ...]
    history: Array
    notes: tuple[str, ...]
    customers: tuple[str, ...]  # as they are written in the file, by transaction
    terminals: tuple[str, ...]

    @property
    def short(self) -> Array:
        """Which have less before them than their features could see: bool [n]."""
        found: Array = self.history < HISTORY
        return found

    def __len__(self) -> int:
        return len(self.numbered)


def read(table: Table) -> Given:
    """The transactions of a table with the columns time, customer, terminal and amount.

    A column `fraud`, where there is one, says what is known in the end. Raises InputError, and
    BusyError past the deadline of `deadline.work`.
    """
    found = columns.matched(table, NEEDED, (FRAUD,))
    notes = [*table.notes, *columns.unused(columns.others(table, found))]
    fraud = None
    if FRAUD in found:
        fraud = _fraud(table.column(found[FRAUD]), table.numbers)
    else:
        notes.append(
            "There is no column fraud, so nothing is known of the terminals: their risk counts as "
            "none, and what they reveal is lost."
        )
    cells = {name: table.column(found[name]) for name in NEEDED}
    made = checked(cells, fraud, table.numbers)
    return replace(made, notes=tuple(notes))


def checked(cells: Mapping[str, Sequence[str]], fraud: Array | None, rows: Sequence[int]) -> Given:
    """The same from the cells of the four columns. Raises InputError that names column and row."""
    seconds = _times(cells["time"], rows)
    values = columns.numbers(cells["amount"], "amount", rows, least=0)
    if (high := values > MOST).any():
        raise InputError(
            f"Column amount is above a thousand million in row {rows[int(high.argmax())]}: mend it."
        )
    people, places = (_ids(cells[name], name, rows) for name in ("customer", "terminal"))
    history = (seconds - seconds.min()) / DAY
    return Given(
        Transactions(seconds, people, places, values, fraud),
        tuple(rows),
        history,
        (),
        tuple(cell.strip() for cell in cells["customer"]),
        tuple(cell.strip() for cell in cells["terminal"]),
    )


def _times(cells: Sequence[str], rows: Sequence[int]) -> Array:
    """Seconds since 1970: int64 [n]."""
    plain = [cell.strip().removesuffix("Z").removesuffix("+00:00") for cell in cells]
    try:
        found = np.array([*map(float, plain)]).round()
        if not np.isfinite(found).all():
            raise ValueError
        stamps = found.clip(-1, 1e10).astype(np.int64).astype("datetime64[s]")
    except ValueError:
        stamps = _stamps(plain)
    bad = np.isnat(stamps) | ~((stamps >= FIRST) & (stamps < LAST))
    if bad.any():
        raise InputError(
            f"Column time has no time between 1970 and 2100 in row {rows[int(bad.argmax())]}: "
            f"{FORMS}."
        )
    seconds: Array = stamps.astype(np.int64)
    return seconds


def _stamps(cells: list[str]) -> Array:
    """Dates and times, all at once where none has an offset; NaT where one cannot be read."""
    try:
        if max(map(len, cells)) <= PLAIN:
            return np.array(cells, "datetime64[s]")
    except ValueError:
        pass  # one by one, to find the one that is wrong
    return np.array([_stamp(cell) for cell in deadline.watched(cells)], "datetime64[s]")


def _stamp(cell: str) -> np.datetime64:
    try:
        found = datetime.fromisoformat(cell)
        if found.tzinfo is not None:
            found = found.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):  # no time, or one that an offset takes out of all years
        return np.datetime64("NaT", "s")
    return np.datetime64(found.replace(microsecond=0), "s")


def _ids(cells: Sequence[str], name: str, rows: Sequence[int]) -> Array:
    """A number for each different name: int64 [n]."""
    deadline.check()
    names = [cell.strip() for cell in cells]
    if "" in names:
        raise InputError(
            f"Column {name} has an empty cell in row {rows[names.index('')]}: whose transaction is "
            "it? Name it."
        )
    # No array of the names: each would take as much room there as the longest.
    places: dict[str, int] = {}
    return np.array([places.setdefault(one, len(places)) for one in names], np.int64)


def _fraud(cells: Sequence[str], rows: Sequence[int]) -> Array:
    low = [cell.strip().casefold() for cell in cells]
    for cell, row in zip(low, rows, strict=True):
        if cell not in YES and cell not in NO:
            raise InputError(
                f"Column fraud says neither yes nor no in row {row}: give 1 for a known fraud, and "
                "0 or nothing for others."
            )
    return np.array([cell in YES for cell in low])


def typed_fraud(cells: Sequence[Any], rows: Sequence[int]) -> Array:
    """The column fraud as it is typed: bool [n]. Raises InputError."""
    return _fraud(["" if cell is None else str(cell) for cell in cells], rows)
