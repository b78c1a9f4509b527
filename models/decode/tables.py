"""Bytes of strangers -> a checked table of text cells, as decode.py does for pictures.

    table = tables.read(data)
    table.columns, table.column(0), table.notes

Only the content decides, never the name; records.py cuts the rows out of the bytes, workbooks.py a
sheet out of a workbook, head.py finds where the table begins. Every refusal is an InputError of one
sentence that says where: columns and rows count from 1, as in a spreadsheet. No sentence repeats
what stands in a cell.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice

from models import deadline
from models.decode import head, numbers, workbooks
from models.decode.numbers import Marks, marks_of
from models.decode.records import SEPARATORS, declared, encoding_of, records, separator_of
from models.errors import InputError

MAX_BYTES = 25 * 2**20
MAX_ROWS = 200_000
MAX_CELLS = 9_000_000  # 8 bytes each: as many rows as that of 45 cells
MAX_TEXTS = 2_000_000  # cells that no cell before them equals: Python's strings, 48 bytes and more
SHARED = 2**16  # of those, so many stand once, however often they come
MAX_NAME = 200  # characters of a column's name: a longer one is no name
STRANGERS = {
    rb"PK\x03\x04|\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!": "a packed file: unpack it",
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

    written: the names as they stand in the file, where `columns` makes them different. numbers:
    where each row stands in the file, counted as a spreadsheet does, from 1. head: the row of the
    names, None where there is none.
    """

    columns: tuple[str, ...]  # all different, none empty
    rows: list[list[str]]
    numbers: list[int]
    separator: str  # in words
    notes: tuple[str, ...]  # what was done to it, in words for the visitor
    written: tuple[str, ...] = ()
    head: int | None = 1
    sheets: tuple[str, ...] = ()  # of a workbook
    sheet: str = ""  # the one that this is

    def column(self, index: int) -> list[str]:
        """The cells of one column, from the first row to the last."""
        return [row[index] for row in self.rows]

    @cached_property
    def marks(self) -> Marks:
        """How its numbers are written, by the cells of all columns that leave no doubt."""
        if self.sheets:  # its numbers are numbers, and were written with a point
            return Marks(".", ",")
        sign = next((sign for sign, word in SEPARATORS.items() if word == self.separator), "")
        some = self.rows[: numbers.LOOKED]
        return marks_of(([row[i] for row in some] for i in range(len(self.columns))), sign)


def read(data: bytes, sheet: str | None = None) -> Table:
    """Read one table.

    data: a CSV file or a workbook, at most `MAX_BYTES` long. A CSV file is in UTF-8, in UTF-16 with
    its mark or, where it is neither, taken for Windows-1252; its separator is found out. Of a
    workbook the sheet of that name is read, by default the first that holds something. Empty rows,
    titles above the table and empty cells beyond the last column are left out.
    Raises InputError for anything else, BusyError where the machine has no place for it or it takes
    too long.
    """
    if not data:
        raise InputError("This file is empty: choose another one.")
    if len(data) > MAX_BYTES:
        raise InputError(f"This file has more than {MAX_BYTES // 2**20} MB: give fewer rows.")
    with deadline.work():
        if workbooks.is_one(data):
            book = workbooks.read(data, sheet, MAX_CELLS)
            table = _checked(records(book.csv, "utf-8", ","), "", ())
            return replace(table, sheets=book.sheets, sheet=book.sheet)
        for start, kind in STRANGERS.items():
            if re.match(start, data, re.DOTALL):
                raise InputError(f"This is {kind} and give that.")
        encoding, notes = encoding_of(data)
        sign = declared(data, encoding)
        separator = sign or separator_of(data, encoding)
        found = records(data, encoding, separator)
        if sign:
            next(found)
        return _checked(found, separator, notes)


def _checked(
    found: Iterator[tuple[int, list[str]]], separator: str, notes: tuple[str, ...]
) -> Table:
    """The table of these rows. Raises InputError for the first thing that is wrong with them."""
    start = [*islice(found, head.LOOKED)]
    if not start:
        raise InputError("This file has only empty rows: choose another one.")
    top = head.head_of(start)
    first = start[top.skipped] if top.names is None else (top.number or 1, top.names)
    width = len(first[1])
    while top.names is None and width > 1 and not first[1][width - 1]:
        width -= 1
    written = tuple(top.names or [f"column {place}" for place in range(1, width + 1)])
    columns = _names(written, first[0])
    rows, places = [], []
    # Most cells of a large table say what others said, and each would be a string of its own.
    shared: dict[str, str] = {}
    texts = 0
    for number, row in deadline.watched(chain(start[top.skipped :], found)):
        while len(row) > width and not row[-1]:
            row.pop()
        if len(row) != width:
            raise InputError(
                f"Row {number} has {_cells(len(row))} and row {first[0]} has {width}: give each "
                "row as many, with quotation marks around a text that holds the separator."
            )
        if len(shared) < SHARED:
            rows.append([*map(shared.setdefault, row, row)])
        else:
            texts += width - sum(map(shared.__contains__, row))
            rows.append([*map(shared.get, row, row)])
        places.append(number)
        full = len(rows) > MAX_ROWS or len(rows) * width > MAX_CELLS
        if full or len(shared) + texts > MAX_TEXTS:
            most = min(MAX_ROWS, MAX_CELLS // width, len(rows) - 1)
            raise InputError(
                f"This table has more than {most:,} rows of {_cells(width)}: give fewer at once."
            )
    if not rows:
        raise InputError("This table has the names of its columns and no row: give one with rows.")
    return Table(
        columns,
        rows,
        places,
        SEPARATORS.get(separator, "none"),
        (*notes, *top.notes),
        written,
        top.number,
    )


def _names(row: Sequence[str], place: int) -> tuple[str, ...]:
    """The columns' names, made different where they are not. place: of the row in the file."""
    names: list[str] = []
    taken = {" ".join(cell.split()) for cell in row}
    for number, cell in enumerate(row, 1):
        name = " ".join(cell.split())
        if len(name) > MAX_NAME:
            raise InputError(
                f"Column {number} of row {place} has {len(name):,} characters, which is no name of "
                "a column: give a first row with names."
            )
        if not name or name in names:
            made = f"{name} (column {number})".strip()
            while made in taken:
                made += "*"
            name = made
            taken.add(made)
        names.append(name)
    return tuple(names)


def _cells(count: int) -> str:
    return f"{count:,} cell{'s' * (count != 1)}"
