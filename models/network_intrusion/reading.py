"""A stranger's table, or what they typed, as rows for the network."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.catalog import Model
from models.decode import columns, labels
from models.decode.tables import Table
from models.errors import InputError
from models.network_intrusion import Connections, words
from models.network_intrusion.schema import CATEGORIES, COLUMNS, LABEL, NAMES, NUMBERS, RATE

WHOLE = len(NAMES)
DIFFICULTY = "difficulty"
MOST = 1e12  # of a number: the graph computes in float32
UNITS = {column.name: column.unit for column in COLUMNS}
# Numbers of the protocols, as flows are exported with them (IANA, Assigned Internet Protocol
# Numbers).
ALSO: dict[str, dict[str, str]] = {"protocol_type": {"1": "icmp", "6": "tcp", "17": "udp"}}


def read(model: Model, table: Table) -> Connections:
    """The rows of a table with the 41 columns, in any order; or of NSL-KDD's own files.

    Those have no names, and the label and a difficulty at the end. Rows in which a number cannot be
    read are left out and named. Raises InputError, and BusyError past the deadline of
    `deadline.work`.
    """
    table, bare = _named(model, table)
    found = columns.matched(table, NAMES, (LABEL,))
    values = np.empty((len(table.rows), len(NUMBERS)))
    bad, notes = columns.Bad(np.zeros(len(table.rows), bool)), [*table.notes]
    for i, name in enumerate(NUMBERS):
        values[:, i], worse, said = columns.some_numbers(
            table.column(found[name]),
            name,
            table.numbers,
            least=0,
            most=_most(name),
            marks=table.marks,
        )
        bad |= worse
        notes += said
    codes = [
        columns.codes(table.column(found[name]), words(model)[name], ALSO.get(name))
        for name in CATEGORIES
    ]
    notes += bad.notes(table.numbers)
    if bare:
        notes.append("This file has no names of columns: they were taken in NSL-KDD's order.")
    left = [name for name in columns.others(table, found) if name != DIFFICULTY]
    notes += columns.unused(left)
    keep = np.flatnonzero(~bad.wrong)
    truth = None
    if LABEL in found:
        truth = labels.read([table.rows[i][found[LABEL]] for i in keep], attacks=True)
    return Connections(
        values[keep].astype(np.float32),
        np.stack(codes, 1)[keep],
        truth,
        tuple(notes),
        tuple(table.numbers[i] for i in keep),
    )


def _most(name: str) -> float:
    return 1 if UNITS[name] == RATE else MOST


def _named(model: Model, table: Table) -> tuple[Table, bool]:
    """The table with names, and whether it has NSL-KDD's own form, without them."""
    if table.head is not None or not WHOLE <= len(table.columns) <= WHOLE + 2:
        return table, False
    known = words(model)["protocol_type"]
    if int(columns.codes(table.rows[0][1:2], known)[0]) < 0:
        return table, False
    names = (*NAMES, LABEL, DIFFICULTY)[: len(table.columns)]
    # That there are no names is said in words of its own.
    return replace(table, columns=names, written=names, notes=table.notes[:-1]), True


def typed(model: Model, values: Mapping[str, str]) -> Connections:
    """One row from what stands in 41 fields. Raises InputError that names the column."""
    numbers = []
    for name in NUMBERS:
        try:
            found = columns.numbers([values[name]], name, [1], least=0, most=_most(name))
            numbers.append(float(found[0]))
        except InputError as error:
            raise InputError(str(error).replace(" in row 1", "")) from error
    known = words(model)
    codes = [columns.codes([values[name]], known[name], ALSO.get(name)) for name in CATEGORIES]
    return Connections(np.array([numbers], np.float32), np.stack(codes, 1), None, (), (1,))


def unknown(model: Model, rows: Connections) -> list[tuple[str, int]]:
    """Categories with words that the network never met: column and the first such row."""
    found = []
    for i, name in enumerate(words(model)):
        missing = np.flatnonzero(rows.categories[:, i] < 0)
        if len(missing):
            found.append((name, rows.numbered[int(missing[0])]))
    return found
