"""A stranger's table -> sensors: which columns are numbers, and what was done to the rest.

    sensors = reading.sensors(tables.read(data))
    sensors.values                 # float64 [rows, sensors]

A column is a sensor where most of its cells are numbers. Every refusal is an InputError of one
sentence that names column and row; gaps are filled with the value before, and that is said.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from models import deadline
from models.errors import InputError
from models.tables import Table

Array = np.ndarray[Any, Any]
LABELS = ("anomaly", "changepoint", "label", "is_anomaly")  # truths, which are no sensors
EMPTY = ("", "nan", "na", "n/a", "null", "none", "-")
LOOKED = 200  # cells that say whether a column holds numbers
GAPS = 0.2  # of a column; with more there is too little to judge
LARGEST = 1e100  # far beyond any unit, and its square is still a number


@dataclass(frozen=True)
class Sensors:
    """names: [sensors]. times: what the first column of another kind says of each row, or None.

    truth: bool [rows] where the table says which rows were anomalous. numbers: where each row
    stands in the file. notes: what was done, in words.
    """

    names: tuple[str, ...]
    values: Array  # float64 [rows, sensors]
    times: list[str] | None
    truth: Array | None
    numbers: list[int]
    notes: tuple[str, ...]


def _number(cell: str) -> float | None:
    """The number in a cell, with a point or a comma; None where there is none."""
    text = cell.strip()
    try:
        return float(text)
    except ValueError:
        pass
    if text.count(",") == 1 and "." not in text:
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return None
    return None


def _is_empty(cell: str) -> bool:
    return cell.strip().casefold() in EMPTY


def _is_sensor(cells: list[str]) -> bool:
    filled = [*islice((cell for cell in cells if not _is_empty(cell)), LOOKED)]
    return 2 * sum(_number(cell) is not None for cell in filled) > len(filled)


def sensors(table: Table) -> Sensors:
    """The sensors of a table. Raises InputError where a cell is no number, or none is.

    And BusyError past the deadline of `deadline.work`.
    """
    names: list[str] = []
    columns: list[Array] = []
    notes = list(table.notes)
    aside: list[str] = []
    times: list[str] | None = None
    truth: Array | None = None
    for index, name in enumerate(table.columns):
        deadline.check()
        cells = table.column(index)
        sensor = _is_sensor(cells)
        if name.casefold() in LABELS and sensor:
            if name.casefold() != "changepoint" and truth is None:
                truth = np.array([(_number(cell) or 0.0) > 0 for cell in cells])
            continue
        if not sensor:
            if times is None and index == 0:
                times = cells
            elif all(map(_is_empty, cells)):
                aside.append(f"{index + 1} (empty)")
            else:
                aside.append(str(index + 1))
            continue
        values, gaps = _column(cells, index, table.numbers)
        if gaps:
            notes.append(
                f"Column {index + 1} had {gaps:,} gap{'s' * (gaps > 1)}, filled with the value "
                "before."
            )
        names.append(name)
        columns.append(values)
    if not names:
        raise InputError(
            f"None of the {len(table.columns)} columns of this table holds numbers: give one with "
            "a column for each sensor."
            if len(table.columns) > 1
            else "The only column of this table holds no numbers: give one for each sensor."
        )
    if aside:
        word = "Columns" if len(aside) > 1 else "Column"
        notes.append(f"{word} {', '.join(aside[:8])} set aside: no numbers there.")
    return Sensors(tuple(names), np.stack(columns, 1), times, truth, table.numbers, tuple(notes))


def _column(cells: list[str], index: int, numbers: list[int]) -> tuple[Array, int]:
    """One sensor's values, and how many gaps were filled. Raises InputError, see `sensors`."""
    # Most cells of a large table say what others said.
    read = {cell: _value(cell) for cell in deadline.watched(dict.fromkeys(cells))}
    values = np.fromiter(map(read.__getitem__, cells), np.float64, len(cells))
    # What is infinite stands for what is no number too, so that the first of both is told.
    bad = ~np.isnan(values) & ~(np.abs(values) <= LARGEST)
    if bad.any():
        at = int(bad.argmax())
        where = f"Column {index + 1}, row {numbers[at]}"
        if _number(cells[at]) is None:
            raise InputError(f"{where} holds no number: correct it, or leave it empty.")
        raise InputError(f"{where} is infinite or far too large: correct it.")
    missing = np.isnan(values)
    gaps = int(missing.sum())
    if gaps > GAPS * len(cells):
        first = numbers[int(missing.argmax())]
        raise InputError(
            f"Column {index + 1} is empty in {gaps:,} of {len(cells):,} rows, first in row "
            f"{first}: fill it, or take it out."
        )
    if gaps:
        places = np.maximum.accumulate(np.where(missing, -1, np.arange(len(values))))
        first = int(np.flatnonzero(~missing)[0])
        values = values[np.where(places < 0, first, places)]
    return values, gaps


def _value(cell: str) -> float:
    """The number in a cell: NaN where it is empty, infinite where it is none."""
    found = _number(cell)
    if found is None:
        return np.nan if _is_empty(cell) else np.inf
    return found
