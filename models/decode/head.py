"""Where a stranger's table begins: titles and remarks above it, its head, or none at all.

    head = head_of(rows)
    head.names, head.skipped, head.notes

What stands above a table is left out and said. A first row that is written like the rows below it
is a row, not a head: it is kept, and the columns are called by their places.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.decode import numbers, times

LOOKED = 30  # rows at the start that are looked at
TITLES = 10  # of which so many may stand above the table
WORDS = 8  # a longer cell is no name of a column
NAMED = 5  # words of the head of a single column of texts
REMARKS = ("#", "//", "%")
# Parts of the names that people give to a column of texts.
TEXTS = (
    "text", "review", "comment", "content", "body", "message", "opinion", "feedback", "tweet",
    "sentence", "answer", "response", "remark", "note", "quote", "title", "description",
    "kommentar", "bewertung", "comentario", "avis", "reseña",
)  # fmt: skip
Row = tuple[int, list[str]]  # where it stands in the file, and its cells


@dataclass(frozen=True)
class Head:
    """names: of the columns, None where there is no head. number: the row in which they stand.

    skipped: how many of the rows that were looked at come before the first one of data. notes: in
    words for the visitor.
    """

    names: list[str] | None
    number: int | None
    skipped: int
    notes: tuple[str, ...] = ()


def head_of(rows: Sequence[Row]) -> Head:
    """The head of a table by its first rows, at least one, none of them empty.

    rows: as they come, at most `LOOKED` of them.
    """
    begin = _begin(rows)
    notes = []
    if begin:
        which = _rows(rows[:begin])
        notes.append(f"{which} above the table and {'was' if begin == 1 else 'were'} left out.")
    number, first = rows[begin]
    below = [cells for _, cells in rows[begin + 1 :]]
    if not _names(first, below, begin > 0):
        said = f"Row {number} was taken as a row" if below else "Its only row was taken as a row"
        called = (
            "the column is called column 1"
            if _filled(first) == 1
            else ("the columns are called column 1, column 2 and so on")
        )
        notes.append(f"This table has no row of names: {said}, and {called}.")
        return Head(None, None, begin, tuple(notes))
    skipped = begin + 1
    if below and _units(below[0], below[1:]):
        notes.append(f"Row {rows[skipped][0]} was taken for units and left out.")
        skipped += 1
    return Head(first, number, skipped, tuple(notes))


def _rows(rows: Sequence[Row]) -> str:
    first, last = rows[0][0], rows[-1][0]
    return f"Row {first} stands" if first == last else f"Rows {first} to {last} stand"


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _width(cells: Sequence[str]) -> int:
    """Cells down to the last one that is filled."""
    return max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _begin(rows: Sequence[Row]) -> int:
    """How many of the rows are titles and remarks."""
    widths = Counter(_width(cells) for _, cells in rows)
    common = max(widths, key=lambda width: (widths[width], width))
    remarks = [cells[0].lstrip().startswith(REMARKS) for _, cells in rows]
    begin = 0
    most = min(TITLES, len(rows) - 1)
    while begin < most:
        cells = rows[begin][1]
        few = cells[0].strip() and _filled(cells) == _width(cells) <= max(1, common // 2)
        remark = remarks[begin] and not all(remarks[begin:])
        if not remark and not (common > 1 and few):
            break
        begin += 1
    if common == 1 and not begin:
        return _apart(rows)
    return begin


def _apart(rows: Sequence[Row]) -> int:
    """How many rows of a single column an empty row sets apart as a title: of one gap alone."""
    gaps = [place for place in range(1, len(rows)) if rows[place][0] - rows[place - 1][0] > 1]
    few = len(gaps) == 1 and gaps[0] <= 3 and len(rows) > gaps[0] + 1
    return gaps[0] if few else 0


def _is_value(cell: str) -> bool:
    return numbers.looks_like(cell) or times.looks_like([cell])


def _measured(below: Sequence[Sequence[str]], place: int) -> bool:
    """Whether most cells of a column are numbers or times."""
    cells = [row[place] for row in below if place < len(row) and not numbers.is_empty(row[place])]
    return bool(cells) and 2 * sum(map(_is_value, cells)) > len(cells)


def _names(first: Sequence[str], below: Sequence[Sequence[str]], titled: bool) -> bool:
    """Whether a row holds the names of the columns, and not what stands in them."""
    filled = [place for place, cell in enumerate(first) if cell.strip()]
    if not below:
        return not any(_is_value(first[place]) for place in filled)
    measured = [place for place in filled if _measured(below, place)]
    if measured:
        return 2 * sum(_is_value(first[place]) for place in measured) <= len(measured)
    if len(filled) == 1:
        return _names_texts(first[filled[0]], [row[0] for row in below if row], titled)
    if any(len(first[place].split()) > WORDS for place in filled):
        return False
    return not any(_repeated(first[place], below, place) for place in filled)


def _repeated(cell: str, below: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a cell stands below too, among others: a kind of row, not a name."""
    cells = {row[place].strip().casefold() for row in below if place < len(row)}
    return len(cells) > 1 and cell.strip().casefold() in cells


def _names_texts(cell: str, below: Sequence[str], titled: bool) -> bool:
    """The same of a single column of texts: a name is short, and called like one of texts."""
    words = cell.split()
    if len(words) > NAMED or cell.strip().endswith((".", "!", "?", "…")):
        return False
    if any(name in cell.casefold() for name in TEXTS):
        return True
    shortest = min((len(text.split()) for text in below if text.strip()), default=0)
    return len(words) <= (3 if titled else 2) and shortest > 2 + len(words)


def _units(second: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row below the head says the units of columns of numbers."""
    measured = [place for place in range(len(second)) if _measured(below, place)]
    cells = [second[place] for place in measured if second[place].strip()]
    return bool(cells) and not any(map(_is_value, cells)) and not any(map(numbers.is_empty, cells))
