"""Cells of strangers -> numbers, decided by the whole column and never cell by cell.

    found = numbers.read(["1.002", "998", "1.013"], marks)
    found.values, found.note

What "1,002" is nobody can tell from the cell. Other cells of its column may show it (1,5 has a
decimal comma, 1,234,567 none), then other columns of the table, then the sign that separates its
columns; where it is taken by custom the note says so, and what stays open is refused.

Read are thousands by comma, point, space and apostrophe, signs before or after, brackets for below
zero, currencies, per cent (45% is 0.45) and powers of ten. Rows count as in the file. No sentence
repeats a cell.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from models import deadline

Floats = np.ndarray[Any, np.dtype[np.float64]]
EMPTY = frozenset(
    ("", "-", "--", "?", ".", "nan", "na", "n/a", "#n/a", "null", "none", "nil", "missing")
)
INFINITE = frozenset(("inf", "infinity", "∞"))
LOOKED = 2_000  # cells of each other column that show how a table writes numbers
FARTHER = 10.0  # how much wider one reading must spread than the other to be the wrong one
LONGEST = 60  # characters of a number; a longer cell is a text
CODES = "USD|EUR|GBP|JPY|CNY|INR|BRL|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RUB|TRY|ZAR|MXN|KRW"
# R$ and kr. first, since of R$ the sign alone would be taken
CURRENCY = rf"(?:R\$|US\$|kr\.?|Fr\.|Rs\.?|zł|Kč|Ft|[€$£¥₹₽₩₺₫₴₪฿]|(?:{CODES}))"
SPACES = " \u00a0\u2007\u2009\u202f"
GROUPED = "[" + SPACES + "'\u2019\u02bc_]"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[+-])?\s*(?:{CURRENCY})?\s*(?P<late>[+-])?\s*"
    r"(?P<body>[\d.,][\d.,'\u2019\u02bc_ \u00a0\u2007\u2009\u202f]*)"
    r"(?P<power>[eE][+-]?\d{1,4})?"
    rf"\s*(?:{CURRENCY})?\s*(?P<percent>%)?\s*(?P<after>[+-])?\s*(?P<shut>\))?"
)
_SPACED = re.compile(rf"\d{{1,3}}(?P<group>{GROUPED})\d{{3}}(?:(?P=group)\d{{3}})*(?:[.,]\d*)?")
_THREE = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_SIGNS = {"\u2212": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-", "\uff0b": "+"}


@dataclass(frozen=True)
class Marks:
    """How the rest of a table writes numbers. decimal: "." or ",", or "" where nothing shows it.

    separator: between its columns, "" where cells came by themselves.
    """

    decimal: str = ""
    separator: str = ""


@dataclass(frozen=True)
class Column:
    """values: float64 [n], NaN where a cell is empty. bad: the first cell that is no number, or -1.

    kind: what stands there, in words. wrong: bool [n], which cells are none. note: how the column
    was read where it could be meant otherwise, "" where it could not.
    """

    values: Floats
    wrong: np.ndarray[Any, np.dtype[np.bool_]]
    kind: str
    note: str

    @property
    def bad(self) -> int:
        """The place of the first cell that is no number, -1 where all are."""
        return int(self.wrong.argmax()) if self.wrong.any() else -1


@dataclass(frozen=True)
class _Cell:
    """One cell taken apart. body: digits, points and commas, groups by spaces taken out.

    spaced: its thousands stand apart, so that its last point or comma is a decimal one.
    """

    negative: bool
    body: str
    power: str
    percent: bool
    spaced: bool


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing, or that there is nothing."""
    return cell.strip().casefold() in EMPTY


def looks_like(cell: str) -> bool:
    """Whether a cell holds a number, whichever sign is its decimal one."""
    taken = _taken(cell)
    if taken is None:
        return cell.strip().lstrip("+-").casefold() in INFINITE
    return bool(_shows(taken))


def marks_of(columns: Iterable[Sequence[str]], separator: str) -> Marks:
    """How a table writes decimals, by the cells that leave no doubt. columns: their cells."""
    found = {".": 0, ",": 0}
    for cells in columns:
        deadline.check()
        shown = _evidence(filter(None, map(_taken, dict.fromkeys(islice(cells, LOOKED)))))
        if len(shown) == 1:
            found[next(iter(shown))] += 1
    decimal = max(found, key=found.__getitem__)
    clear = found["."] != found[","]
    return Marks(decimal if clear else "", separator)


def read(cells: Sequence[str], marks: Marks | None = None) -> Column:
    """The cells of one column as numbers. marks: how the rest of the table writes them.

    Raises BusyError past the deadline of `deadline.work`. What is no number is NaN and `wrong`.
    """
    marks = marks or Marks()
    different = dict.fromkeys(cells)  # most cells of a large table say what others said
    if (quick := _plain(different)) is not None:
        read = quick
        note = kind = ""
    else:
        taken = {cell: _taken(cell) for cell in deadline.watched(different)}
        decimal, note = _decimal([one for one in taken.values() if one is not None], cells, marks)
        read = {cell: _value(one, decimal) for cell, one in taken.items()}
        if any(one is not None and one.percent for one in taken.values()):
            filled = [one for cell, one in taken.items() if one and not is_empty(cell)]
            if all(one.percent for one in filled):
                note = note or "per cent are read as shares: 45% is 0.45"
            else:  # 45 beside 45%: a hundred times as much, or the same?
                read = {c: np.inf if (one := taken[c]) and one.percent else read[c] for c in read}
    empty = {cell for cell in different if is_empty(cell)}
    wrong_cells = {cell for cell in different if cell not in empty and not np.isfinite(read[cell])}
    values = np.fromiter(map(read.__getitem__, cells), np.float64, len(cells))
    values[~np.isfinite(values)] = np.nan
    wrong = np.zeros(len(cells), bool)
    if wrong_cells:
        wrong = np.fromiter((cell in wrong_cells for cell in cells), bool, len(cells))
        kind = kind_of(cells[int(wrong.argmax())])
    else:
        kind = ""
    return Column(values, wrong, kind, note)


def _plain(different: Iterable[str]) -> dict[str, float] | None:
    """The numbers where all cells are plain ones and nothing could be meant otherwise."""
    try:
        read = {cell: float(cell) for cell in different}
    except ValueError:
        return None
    pointed = [cell for cell in read if "." in cell]
    if any("_" in cell for cell in read) or not np.isfinite([*read.values()]).all():
        return None
    doubtful = all(map(_doubtful, pointed)) and len(pointed) > 0
    return None if doubtful else read


def _doubtful(cell: str) -> bool:
    """Whether a cell with a point could be thousands: 1.002, but not 0.5, 0.002 or 1234.567."""
    return _THREE.fullmatch(cell.strip().lstrip("+-")) is not None


def _taken(cell: str) -> _Cell | None:
    """A cell taken apart, None where it is no number."""
    text = cell.strip()
    if not text or len(text) > LONGEST:
        return None
    if not text.isascii():
        text = "".join(_SIGNS.get(sign, sign) for sign in text)
        if any(unicodedata.category(sign) == "Nd" and not sign.isascii() for sign in text):
            text = "".join(_digit(sign) for sign in text)
    match = _AMOUNT.fullmatch(text)
    if match is None or (match["open"] is None) != (match["shut"] is None):
        return None
    signs = [s for s in (match["sign"], match["late"], match["after"]) if s]
    if len(signs) > 1 or (signs and match["open"]):
        return None
    body = match["body"].strip(SPACES)
    spaced = _SPACED.fullmatch(body) is not None
    if spaced:
        body = re.sub(GROUPED, "", body)
    if not re.fullmatch(r"[\d.,]*\d[\d.,]*", body):
        return None
    negative = bool(match["open"]) or signs == ["-"]
    return _Cell(negative, body, match["power"] or "", bool(match["percent"]), spaced)


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign


def _shows(cell: _Cell) -> set[str]:
    """What a cell says of the decimal sign: "." or ",", "?" for either, "" for none.

    Nothing, an empty set, where it is no number.
    """
    body = cell.body
    points, commas = body.count("."), body.count(",")
    if not points and not commas:
        return {""}
    if points and commas:
        last, first = (".", ",") if body.rindex(".") > body.rindex(",") else (",", ".")
        whole, _, _ = body.rpartition(last)
        return {last} if body.count(last) == 1 and _groups(whole, first) else set()
    sign = "." if points else ","
    other = "," if points else "."
    if points + commas > 1:
        return {other} if _groups(body, sign) and not cell.spaced else set()
    if cell.spaced or cell.power or not _THREE.fullmatch(body):
        return {sign}
    return {"?"}


def _groups(whole: str, sign: str) -> bool:
    """Whether digits are grouped by threes, or as in India by twos before the last three."""
    threes, twos = rf"(?:\{sign}\d{{3}})", rf"(?:\{sign}\d{{2}})"
    return bool(re.fullmatch(rf"\d{{1,3}}{threes}+|\d{{1,2}}{twos}+{threes}", whole))


def _evidence(cells: Iterable[_Cell]) -> set[str]:
    """The decimal signs that cells leave no doubt of."""
    found: set[str] = set()
    for cell in cells:
        found |= _shows(cell) & {".", ","}
        if len(found) == 2:
            break
    return found


def _decimal(cells: Sequence[_Cell], order: Sequence[str], marks: Marks) -> tuple[str, str]:
    """The decimal sign of a column, "" where that stays open, and a note where custom decided."""
    shown = _evidence(cells)
    if len(shown) == 2:
        return _most(order), ""  # what is written the other way is no number
    if shown:
        return next(iter(shown)), ""
    doubtful = [cell for cell in cells if _shows(cell) == {"?"}]
    signs = {"." if "." in cell.body else "," for cell in doubtful}
    if len(signs) != 1:
        return "" if signs else ".", ""
    (sign,) = signs
    # Where commas separate columns, nobody groups by points.
    if marks.decimal or (sign == "." and marks.separator in ("", ",")):
        return marks.decimal or ".", ""
    decimal = _by_custom(cells, sign, marks.separator, len(doubtful) == len(cells))
    said = "1.002, with decimals" if decimal == sign else "one thousand and two"
    return decimal, f"a number such as 1{sign}002 is read as {said}" if decimal else ""


def _by_custom(cells: Sequence[_Cell], sign: str, separator: str, alike: bool) -> str:
    """The decimal sign of cells that leave it open, "" where custom does too.

    sign: the one that they have. alike: whether each of them has it.
    """
    if sign == separator == ",":
        return "."  # who writes a comma for the decimals does not separate columns by it
    # 998 beside 1,002: as decimals these lie a thousandfold apart, as thousands side by side.
    spreads = {mark: _spread(cells, mark) for mark in (".", ",")}
    decimal = min(spreads, key=spreads.__getitem__)
    if max(spreads.values()) > FARTHER * spreads[decimal]:
        return decimal
    usual = separator == ";" if sign == "," else alike
    return sign if usual else ""


def _most(order: Sequence[str]) -> str:
    """The decimal sign that most cells show."""
    found = {".": 0, ",": 0}
    known: dict[str, set[str]] = {}
    for cell in deadline.watched(order):
        if cell not in known:
            taken = _taken(cell)
            known[cell] = set() if taken is None else _shows(taken) & {".", ","}
        for sign in known[cell]:
            found[sign] += 1
    return max(found, key=found.__getitem__)


def _spread(cells: Sequence[_Cell], decimal: str) -> float:
    """The largest over the smallest size of the numbers, zeros aside."""
    sizes = [size for cell in cells if (size := abs(_value(cell, decimal))) > 0]
    return max(sizes) / min(sizes) if sizes else 1.0


def _value(cell: _Cell | None, decimal: str) -> float:
    """A cell's number; infinite where it is none with that decimal sign, or that stays open."""
    if cell is None:
        return np.inf
    if shown := _shows(cell) & {".", ","}:
        if decimal not in shown and decimal:
            return np.inf
        decimal = decimal or next(iter(shown))
    elif (_shows(cell) == {"?"} and not decimal) or not _shows(cell):
        return np.inf
    thousands = "," if decimal == "." else "."
    body = cell.body.replace(thousands, "").replace(",", ".")
    try:
        size = float(body + cell.power)
    except ValueError:
        return np.inf
    size = size / 100 if cell.percent else size
    return -size if cell.negative else size


def kind_of(cell: str) -> str:
    """What stands there instead of a number, in words."""
    text = cell.strip().lstrip("+-").casefold()
    if not text:
        return "an empty cell"
    if text in INFINITE or text in EMPTY:
        return "NaN or infinity"
    taken = _taken(cell)
    shown = set() if taken is None else _shows(taken)
    if taken is None or not shown:
        kind = "a text"
    elif taken.percent:
        kind = "per cent beside plain numbers"
    elif taken.power and np.isinf(_value(taken, min(shown - {"?"}, default=""))):
        kind = "a number that is too large"
    else:
        kind = "a number whose point or comma could be meant either way"
    return kind
