"""The rows of a CSV file as it comes: which encoding, which separator, and what stands in each row.

The lower half of tables.py, which checks what these rows are. Nothing here trusts the file: a line,
a cell, a row and the number of rows have an upper bound, and refusals are as there.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice

from models import deadline
from models.errors import InputError

MAX_EMPTY = 2**20  # rows, empty ones counted: as long as a sheet is
MAX_COLUMNS = 500
MAX_CELL = csv.field_size_limit()  # characters: 131,072, which is the process's and stays
MAX_LINE = 2**20  # characters between two line breaks
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
NONE = "\x1f"  # separates nothing: what a table of one column is read with
TRIED = 2**16  # characters at the start that tell the separator
TITLES = 10  # rows above a table that are looked past
END = "\x1e"  # a row of our own after the last one: an open quotation swallows it


def encoding_of(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Python's name of the encoding, and a note where it was guessed."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        where = _row(data[: error.start], wide)
        if wide:
            raise InputError(f"This file's UTF-16 is damaged in line {where}.") from error
        if b"\0" in data:
            raise InputError(_NUL.format(_row(data[: data.index(b"\0")]))) from error
        note = (
            f"Line {where} is not UTF-8, so the file was read as Windows-1252: if letters look "
            "wrong, save it as CSV UTF-8."
        )
        return "cp1252", (note,)
    if (nul := text.find("\0")) >= 0:
        raise InputError(_NUL.format(text.count("\n", 0, nul) + 1))
    return "utf-16" if wide else "utf-8-sig", ()


_NUL = "Line {} holds a NUL, which no text does: save the table as CSV UTF-8."


def _row(before: bytes, wide: bool = False) -> int:
    """The line that starts after the line breaks of `before`."""
    return 1 + before.count(b"\n\0" if wide and before[:1] == b"\xff" else b"\n")


def _lines(data: bytes, encoding: str) -> Iterator[str]:
    """Line after line with its end; of one that is too long no more than that is read."""
    errors = "replace" if encoding == "cp1252" else "strict"  # it leaves five bytes undefined
    file = io.TextIOWrapper(io.BytesIO(data), encoding, errors, newline="")
    for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), ""), 1):
        if len(line) > MAX_LINE:
            raise InputError(
                f"Line {number} has more than {MAX_LINE:,} characters: give a table with a line "
                "break after every row."
            )
        yield line


def declared(data: bytes, encoding: str) -> str | None:
    """The sign that the first line declares, as spreadsheets write it (`sep=;`), or None."""
    line = next(_lines(data, encoding), "")
    found = re.fullmatch(r"\ufeff?\"?sep=(.)\"?[,;\t|]*\s*", line, re.IGNORECASE)
    return found[1] if found else None


def separator_of(data: bytes, encoding: str) -> str:
    """The sign at which the first rows fall into as many cells as their header most often.

    Titles may stand above the header, where all rows from there on have as many cells as it.
    """
    start, size = [], 0
    for line in _lines(data, encoding):
        start.append(line)
        size += len(line)
        if size > TRIED:
            break
    best, agreed = NONE, (0.0, 0, 0)
    for sign in SEPARATORS:
        rows = _tried(start, sign)
        for begin in range(min(TITLES, len(rows))):
            found = _agreed(rows[begin:], begin)
            best, agreed = (sign, found) if found > agreed else (best, agreed)
    return best


def _agreed(rows: list[list[str]], begin: int) -> tuple[float, int, int]:
    """The share of rows that have as many cells as the first, what speaks for it, their width."""
    width = len(rows[0])
    if width < 2:
        return 0.0, 0, 0
    share = sum(len(row) == width for row in rows) / len(rows)
    # Two commas in each of some texts make no table: numbers do, or names of several columns.
    if begin and (share < 1 or len(rows) < 3 or not _tabular(rows)):
        return 0.0, 0, 0
    return share, -begin, width


def _tabular(rows: list[list[str]]) -> bool:
    """Whether the first row holds short names, over cells of which some column has digits."""
    named = all(0 < len(cell.split()) <= 5 for cell in rows[0] if cell.strip())
    columns = zip(*rows, strict=True)
    return named and any(
        not _has_digits(name) and all(map(_has_digits, cells)) for name, *cells in columns
    )


def _has_digits(cell: str) -> bool:
    return any(map(str.isdecimal, cell)) or not cell.strip()


def _tried(lines: list[str], sign: str) -> list[list[str]]:
    """As many of the rows as can be read; the last may be cut."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # what is wrong is told when all is read
        rows.extend(row for row in islice(csv.reader(lines, delimiter=sign), 100) if row)
    rows = [row for row in rows if any(row)] or rows
    return rows[:-1] if len(rows) > 2 else rows


def records(data: bytes, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every row that is not empty."""
    reader = csv.reader(chain(_lines(data, encoding), [END]), delimiter=separator)
    for number in deadline.watched(range(1, MAX_EMPTY + 2)):  # of empty rows none is given out
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise InputError(
                f"Row {number} has a cell of more than {MAX_CELL:,} characters, or a quotation "
                "mark that is never closed: mend it and try again."
            ) from error
        if row == [END]:
            return
        if row is None:
            raise InputError(
                f"A quotation mark in row {number - 1} is never closed: close it, or write it "
                "twice where the text has one."
            )
        if len(row) > MAX_COLUMNS:
            raise InputError(
                f"Row {number} has {len(row):,} cells and at most {MAX_COLUMNS} are read: give "
                "fewer columns."
            )
        if any(row):
            yield number, row
    raise InputError(
        f"This table has more than {MAX_EMPTY:,} rows, empty ones counted: give fewer."
    )
