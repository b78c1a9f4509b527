"""Words of strangers on a page: shown as they are, and never read as Markdown or tags.

Names of columns, cells of a table, names of files and people, typed texts: all of them pass here.
"""

import re
import string
from html import escape

SHOWN = 40  # characters of a name
_SIGNS = re.compile(f"([{re.escape(string.punctuation)}])")
# Links and icons are made of plain words too, after Markdown was read: an invisible sign that
# joins, put inside them, keeps them words.
JOINER = "\N{WORD JOINER}"
_MADE = re.compile(r"(?<=[:@])|(?<=www)", re.IGNORECASE)


def plain(text: str) -> str:
    """Text that Markdown leaves as it is, on one line."""
    return _SIGNS.sub(r"\\\1", _MADE.sub(JOINER, " ".join(text.split())))


def named(text: str) -> str:
    """A name for a line of Markdown: as `plain`, and no longer than `SHOWN`."""
    short = " ".join(text.split())
    return plain(short if len(short) <= SHOWN else f"{short[: SHOWN - 1]}…")


def drawn(text: str) -> str:
    """Text that Plotly leaves as it is, in titles, ticks and hover: it reads tags and formulas."""
    return escape(text).replace("$", "&#36;")
