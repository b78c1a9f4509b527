"""A stranger's table, or what they typed, as rows for the network."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models import columns
from models.catalog import Model
from models.errors import InputError
from models.network_intrusion import Connections, words
from models.network_intrusion.schema import (
    CATEGORIES,
    COLUMNS,
    LABEL,
    NAMES,
    NUMBERS,
    RATE,
)
from models.tables import Table

WHOLE = len(NAMES)
DIFFICULTY = "difficulty"
MOST = 1e12  # of a number: the graph computes in float32
UNITS = {column.name: column.unit for column in COLUMNS}
TWICE = re.compile(r"^(.*) \(column \d+\)$")


def read(model: Model, table: Table) -> Connections:
    """The rows of a table with the 41 columns, in any order; or of NSL-KDD's own files.

    Those have no names, and the label and a difficulty at the end. Raises InputError, and BusyError
    past the deadline of `deadline.work`.
    """
    table, bare = _named(model, table)
    found = columns.matched(table, NAMES, (LABEL,))
    numbers = np.empty((len(table.rows), len(NUMBERS)), np.float32)
    for i, name in enumerate(NUMBERS):
        numbers[:, i] = _numbers(table.column(found[name]), name, table.numbers)
    codes = [columns.codes(table.column(found[name]), words(model)[name]) for name in CATEGORIES]
    labels = None
    if LABEL in found:
        labels = tuple(cell.strip().rstrip(".") for cell in table.column(found[LABEL]))
    notes = [*table.notes]
    if bare:
        notes.append("This file has no names of columns: they were taken in NSL-KDD's order.")
    left = [name for name in columns.others(table, found) if name != DIFFICULTY]
    notes += columns.unused(left)
    return Connections(numbers, np.stack(codes, 1), labels, tuple(notes), tuple(table.numbers))


def _numbers(cells: Sequence[str], name: str, rows: Sequence[int]) -> columns.Floats:
    values = columns.numbers(cells, name, rows, least=0)
    most = 1 if UNITS[name] == RATE else MOST
    if (high := values > most).any():
        what = "a share, which is at most 1" if most == 1 else "at most a million million"
        raise InputError(
            f"Column {name} is too large in row {rows[int(high.argmax())]}: it must be {what}."
        )
    return values


def _named(model: Model, table: Table) -> tuple[Table, bool]:
    """The table with names, and whether its first row was data instead of them."""
    first = [TWICE.sub(r"\1", name) for name in table.columns]
    first = ["" if name.startswith("(column ") else name for name in first]
    known = words(model)["protocol_type"]
    if not WHOLE <= len(first) <= WHOLE + 2 or first[1] not in known:
        return table, False
    names = (*NAMES, LABEL, DIFFICULTY)[: len(first)]
    return (
        replace(
            table,
            columns=names,
            rows=[first, *table.rows],
            numbers=[1, *table.numbers],
        ),
        True,
    )


def typed(model: Model, values: Mapping[str, str]) -> Connections:
    """One row from what stands in 41 fields. Raises InputError that names the column."""
    numbers = []
    for name in NUMBERS:
        try:
            numbers.append(float(_numbers([values[name]], name, [1])[0]))
        except InputError as error:
            raise InputError(str(error).replace(" in row 1", "")) from error
    known = words(model)
    codes = [columns.codes([values[name]], known[name]) for name in CATEGORIES]
    return Connections(np.array([numbers], np.float32), np.stack(codes, 1), None, (), (1,))


def unknown(model: Model, rows: Connections) -> list[tuple[str, int]]:
    """Categories with words that the network never met: column and the first such row."""
    found = []
    for i, name in enumerate(words(model)):
        missing = np.flatnonzero(rows.categories[:, i] < 0)
        if len(missing):
            found.append((name, rows.numbered[int(missing[0])]))
    return found
