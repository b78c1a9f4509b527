"""A stranger's table -> the columns that a model needs, as numbers, or a sentence that says where.

    found = columns.matched(table, ("duration", "service"))
    columns.numbers(table, found["duration"])

Columns may come in any order, with others between them, and spelt with other capitals, spaces or
signs. Rows count as in the file. No sentence repeats a cell.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import deadline
from models.decode import numbers as reading
from models.decode.labels import fold
from models.decode.numbers import Floats, Marks
from models.decode.tables import Table
from models.errors import InputError

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
SHOWN = 6  # missing columns, or rows, that a sentence names
LEFT_OUT = 0.2  # of the rows; where more cannot be read the table is another than was thought


def plain(name: str) -> str:
    """A column's name by its letters and digits alone, to compare."""
    return "".join(filter(str.isalnum, name.casefold()))


def matched(table: Table, needed: Sequence[str], optional: Sequence[str] = ()) -> dict[str, int]:
    """Where each needed column stands, and each optional one that is there.

    Raises InputError that names those which are missing, and those which stand there twice.
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(table.written or table.columns):
        places.setdefault(plain(name), []).append(place)
    wanted = [*needed, *optional]
    twice = [name for name in wanted if len(places.get(plain(name), ())) > 1]
    if twice:
        first, second = (place + 1 for place in places[plain(twice[0])][:2])
        raise InputError(
            f"The columns {first} and {second} are both called {twice[0]}: take one of them out."
        )
    missing = [name for name in needed if plain(name) not in places]
    if missing:
        named = ", ".join(missing[:SHOWN])
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        raise InputError(
            f"This table lacks the column{'s' * (len(missing) > 1)} {named}{more}: the template "
            "shows all that are needed."
        )
    return {name: places[plain(name)][0] for name in wanted if plain(name) in places}


def others(table: Table, found: dict[str, int]) -> list[str]:
    """The columns of the table that are not used."""
    used = set(found.values())
    return [name for place, name in enumerate(table.columns) if place not in used]


def unused(names: Sequence[str]) -> list[str]:
    """The note for the visitor on columns that are not used: none where there are none."""
    if not names:
        return []
    return [f"{len(names)} further column{' is' if len(names) == 1 else 's are'} not used."]


@dataclass(frozen=True)
class Bad:
    """Rows that were left out, since one of their cells could not be read. said: of the first."""

    wrong: Flags  # bool [n]
    said: str = ""

    def add(self, wrong: Flags, said: Callable[[int], str]) -> "Bad":
        """With further rows. said: the sentence about a row, by its place."""
        return self | Bad(wrong, said(int(wrong.argmax())) if wrong.any() else "")

    def __or__(self, other: "Bad") -> "Bad":
        """The rows of both; said is of this one, where it has any."""
        return Bad(self.wrong | other.wrong, self.said or other.said)

    def notes(self, rows: Sequence[int]) -> tuple[str, ...]:
        """The note on them. Raises InputError where too many rows could not be read.

        rows: where each stands in the file.
        """
        count, many = int(self.wrong.sum()), len(self.wrong)
        if not count:
            return ()
        if count > LEFT_OUT * many:
            raise InputError(self.said)
        which = ", ".join(str(rows[place]) for place in np.flatnonzero(self.wrong)[:SHOWN])
        more = f" and {count - SHOWN:,} more" if count > SHOWN else ""
        rows_are = "Row {} was" if count == 1 else "Rows {} were"
        return (f"{rows_are.format(which + more)} left out. {self.said}",)


def numbers(
    cells: Sequence[str],
    name: str,
    rows: Sequence[int],
    *,
    least: float = -np.inf,
    most: float = np.inf,
    marks: Marks | None = None,
) -> Floats:
    """The cells of the column `name` as numbers: float64 [n].

    rows: where each cell's row stands in the file. Raises InputError at the first cell that is
    empty, no number, not finite, below `least` or above `most`; BusyError past the deadline of
    `deadline.work`.
    """
    values, bad, _ = some_numbers(cells, name, rows, least=least, most=most, marks=marks)
    if bad.said:
        raise InputError(bad.said)
    return values


def some_numbers(
    cells: Sequence[str],
    name: str,
    rows: Sequence[int],
    *,
    least: float = -np.inf,
    most: float = np.inf,
    marks: Marks | None = None,
) -> tuple[Floats, Bad, tuple[str, ...]]:
    """The same without refusing: the numbers, NaN where there are none, those rows, and notes."""
    deadline.check()
    read = reading.read(cells, marks)
    values = read.values

    def none(place: int) -> str:
        kind = reading.kind_of(cells[place])
        return f"Column {name} has {kind} in row {rows[place]}: give a number such as 1234.5."

    def low(place: int) -> str:
        return (
            f"Column {name} is below {least:g} in row {rows[place]}, where that cannot be: mend it "
            "and try again."
        )

    def high(place: int) -> str:
        limit = "a share, which is at most 1" if most == 1 else f"at most {most:,.0f}"
        return f"Column {name} is too large in row {rows[place]}: it must be {limit}."

    bad = Bad(np.zeros(len(cells), bool)).add(np.isnan(values), none)
    bad = bad.add(values < least, low).add(values > most, high)
    return values, bad, (f"Column {name}: {read.note}.",) if read.note else ()


def codes(
    cells: Sequence[str], known: Sequence[str], also: Mapping[str, str] | None = None
) -> Ints:
    """The place of each cell among the known values, -1 where it is none of them: int64 [n].

    Capitals, spaces and a final point do not count. also: other words for known values.
    """
    deadline.check()
    place = {fold(value): i for i, value in enumerate(known)}
    place |= {fold(word): known.index(value) for word, value in (also or {}).items()}
    read = {cell: place.get(fold(cell), -1) for cell in deadline.watched(dict.fromkeys(cells))}
    return np.fromiter(map(read.__getitem__, cells), np.int64, len(cells))
