"""A stranger's table -> the columns that a model needs, as numbers, or a sentence that says where.

    found = columns.matched(table, ("duration", "service"))
    columns.numbers(table, found["duration"])

Columns may come in any order, with others between them, and spelt with other capitals, spaces or
signs. Rows count as in the file, where the names stand in row 1. No sentence repeats a cell.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models import deadline
from models.errors import InputError
from models.tables import Table

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
SHOWN = 6  # missing columns that a sentence names


def plain(name: str) -> str:
    """A column's name by its letters and digits alone, to compare."""
    return "".join(filter(str.isalnum, name.casefold()))


def matched(table: Table, needed: Sequence[str], optional: Sequence[str] = ()) -> dict[str, int]:
    """Where each needed column stands, and each optional one that is there.

    Raises InputError that names those which are missing, and those which stand there twice.
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(table.columns):
        places.setdefault(plain(name.rpartition(" (column ")[0] or name), []).append(place)
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


def numbers(cells: Sequence[str], name: str, rows: Sequence[int], least: float = -np.inf) -> Floats:
    """The cells of the column `name` as numbers: float64 [n].

    rows: where each cell's row stands in the file. Raises InputError at the first cell that is
    empty, no number, not finite, or below `least`; BusyError past the deadline of `deadline.work`.
    """
    deadline.check()
    different = dict.fromkeys(cells)  # most cells of a large table say what others said
    try:
        read = dict(zip(different, map(float, different), strict=True))
    except ValueError:
        read = {cell: _float(cell) for cell in different}
    values = np.fromiter(map(read.__getitem__, cells), np.float64, len(cells))
    bad = ~np.isfinite(values)
    if bad.any():
        at = int(bad.argmax())
        kind = _kind(cells[at])
        raise InputError(
            f"Column {name} has {kind} in row {rows[at]}: give a number, with a point for the "
            "decimals."
        )
    if (low := values < least).any():
        raise InputError(
            f"Column {name} is below {least:g} in row {rows[int(low.argmax())]}, where that "
            "cannot be: mend it and try again."
        )
    return values


def _float(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan


def _kind(cell: str) -> str:
    """What stands there instead of a number, in words."""
    cell = cell.strip()
    if not cell:
        return "an empty cell"
    if cell.lstrip("+-").casefold() in ("nan", "inf", "infinity"):
        return "NaN or infinity"
    if "," in cell and all(part.lstrip("+-").isdecimal() for part in cell.split(",")):
        return "a number with a comma"
    return "a text"


def codes(cells: Sequence[str], known: Sequence[str]) -> Ints:
    """The place of each cell among the known values, -1 where it is none of them: int64 [n]."""
    deadline.check()
    place = {value: i for i, value in enumerate(known)}
    return np.array([place.get(cell.strip(), -1) for cell in cells], np.int64)
