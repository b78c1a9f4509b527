"""Bytes of strangers -> a checked table of text cells, as decode.py does for pictures.

    table = tables.read(data)
    table.columns, table.column(0), table.notes

Only the content decides, never the name; records.py cuts the rows out of the bytes. Every refusal
is an InputError of one sentence that says where: columns and rows count from 1, and the names of
the columns stand in row 1. No sentence repeats what stands in a cell: it is drawn as Markdown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models import deadline
from models.errors import InputError
from models.records import SEPARATORS, encoding_of, records, separator_of

MAX_BYTES = 25 * 2**20
MAX_ROWS = 200_000
MAX_CELLS = 9_000_000  # 8 bytes each: as many rows as that of 45 cells
MAX_TEXTS = 2_000_000  # cells that no cell before them equals: Python's strings, 48 bytes and more
SHARED = 2**16  # of those, so many stand once, however often they come
MAX_NAME = 200  # characters of a column's name: a longer one is no name
STRANGERS = {
    rb"PK\x03\x04": "a workbook or another packed file: save the sheet as CSV",
    rb"\xd0\xcf\x11\xe0": "an old Excel workbook: save the sheet as CSV",
    rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!": "a packed file: unpack it",
    rb"%PDF": "a PDF: copy its table into a sheet, save that as CSV",
    rb"PAR1": "a Parquet file: save it as CSV",
    rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}(?:WAVE|WEBP)": "a picture or sound: take a CSV",
    rb"MZ.\x00|\x7fELF": "a program, not a table: take a CSV",
    rb"(?:\xef\xbb\xbf)?\s{0,99}(?:\[\s{0,99})?\{\s{0,99}\"": "JSON: save it as CSV",
    rb"(?:\xef\xbb\xbf)?\s{0,99}<(?i:!doctype|html|\?xml)": "a web page or XML: save it as CSV",
}


@dataclass(frozen=True)
class Table:
    """Rows of text cells, as many in each as there are columns.

    numbers: where each row stands in the file, counted as a spreadsheet does, from 2 on.
    """

    columns: tuple[str, ...]  # all different, none empty
    rows: list[list[str]]
    numbers: list[int]
    separator: str  # in words
    notes: tuple[str, ...]  # what was done to it, in words for the visitor

    def column(self, index: int) -> list[str]:
        """The cells of one column, from the first row to the last."""
        return [row[index] for row in self.rows]


def read(data: bytes) -> Table:
    """Read one table.

    data: a CSV file with the names of its columns in the first row, at most `MAX_BYTES` long, in
    UTF-8, in UTF-16 with its mark or, where it is neither, taken for Windows-1252; its separator
    is found out. Empty rows and empty cells beyond the last column are left out.
    Raises InputError for anything else, BusyError where the machine has no place for it or it takes
    too long.
    """
    if not data:
        raise InputError("This file is empty: choose another one.")
    if len(data) > MAX_BYTES:
        raise InputError(f"This file has more than {MAX_BYTES // 2**20} MB: give fewer rows.")
    for start, kind in STRANGERS.items():
        if re.match(start, data, re.DOTALL):
            raise InputError(f"This is {kind} and give that.")
    with deadline.work():
        encoding, notes = encoding_of(data)
        separator = separator_of(data, encoding)
        return _checked(records(data, encoding, separator), separator, notes)


def _checked(
    found: Iterator[tuple[int, list[str]]], separator: str, notes: tuple[str, ...]
) -> Table:
    """The table of these rows. Raises InputError for the first thing that is wrong with them."""
    first = next(found, None)
    if first is None:
        raise InputError("This file has only empty rows: choose another one.")
    columns = _names(first[1])
    rows, numbers, width = [], [], len(columns)
    # Most cells of a large table say what others said, and each would be a string of its own.
    shared: dict[str, str] = {}
    texts = 0
    for number, row in deadline.watched(found):
        while len(row) > width and not row[-1]:
            row.pop()
        if len(row) != width:
            raise InputError(
                f"Row {number} has {_cells(len(row))} and row 1 has {width}: give each row as "
                "many, with quotation marks around a text that holds the separator."
            )
        if len(shared) < SHARED:
            rows.append([*map(shared.setdefault, row, row)])
        else:
            texts += width - sum(map(shared.__contains__, row))
            rows.append([*map(shared.get, row, row)])
        numbers.append(number)
        full = len(rows) > MAX_ROWS or len(rows) * width > MAX_CELLS
        if full or len(shared) + texts > MAX_TEXTS:
            most = min(MAX_ROWS, MAX_CELLS // width, len(rows) - 1)
            raise InputError(
                f"This table has more than {most:,} rows of {_cells(width)}: give fewer at once."
            )
    if not rows:
        raise InputError("This table has the names of its columns and no row: give one with rows.")
    return Table(columns, rows, numbers, SEPARATORS.get(separator, "none"), notes)


def _names(row: list[str]) -> tuple[str, ...]:
    """The columns' names, made different where they are not."""
    names: list[str] = []
    for number, cell in enumerate(row, 1):
        name = " ".join(cell.split())
        if len(name) > MAX_NAME:
            raise InputError(
                f"Column {number} of row 1 has {len(name):,} characters, which is no name of a "
                "column: give a first row with names."
            )
        fresh = name and name not in names
        names.append(name if fresh else f"{name} (column {number})".strip())
    return tuple(names)


def _cells(count: int) -> str:
    return f"{count:,} cell{'s' * (count != 1)}"
