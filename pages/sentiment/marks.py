"""A review in Markdown, each word on the colour of what it did for the answer.

Never by colour alone: a sign stands behind every word that did something, two where it did much.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import streamlit as st

from models.sentiment.reading import Read
from pages.parts.draw.text_marks import shortened
from pages.parts.draw.words import JOINER, plain
from pages.parts.job import batch

SHOWN = 400  # words that are coloured: more would be a wall
LEAST = 0.1  # log-odds: what changes the odds by less than a tenth is left plain
MUCH = 0.5
SIGNS = {1: ("green", "+"), -1: ("orange", "\N{MINUS SIGN}")}
ADDRESS = frozenset(".:/@")  # where two touch here, Markdown would make a link of them
GAP = "\N{NO-BREAK SPACE}"  # a word and its sign stay on one line


def coloured(read: Read, values: Iterable[float]) -> str:
    """The text, each word with what it did in log-odds; above 0 it spoke for "liked"."""
    unknown, shown, at = set(read.unknown), [], 0
    spans = [*zip(read.spans, read.words, values, strict=True)]
    for (begin, end), word, value in spans[:SHOWN]:
        touch = begin == at > 0 and ADDRESS.intersection(read.text[at - 1 : at + 1])
        shown.append(JOINER if touch else _between(read.part(at, begin)))
        if part := read.part(begin, end):  # empty where one sign stands for several words
            shown.append(_word(part, float(value), word in unknown))
        at = end
    if len(spans) > SHOWN:
        return "".join(shown) + f" … and {len(spans) - SHOWN:,} more words"
    return "".join(shown) + _between(read.part(at, len(read.text)))


def each(read: Read, values: Iterable[float]) -> list[str]:
    """Every word by itself, on its colour; NaN is left plain."""
    return [
        _word(read.part(*span) or word, float(np.nan_to_num(value)), False)
        for span, word, value in zip(read.spans, read.words, values, strict=True)
    ]


def _between(text: str) -> str:
    """Signs and spaces between two words; the spaces stay, which `plain` alone would strip."""
    before, after = text[:1].isspace(), text[-1:].isspace() and bool(text.strip())
    return " " * before + plain(text) + " " * after


def _word(word: str, value: float, unknown: bool) -> str:
    text = plain(shortened(word, 40))
    asked = f"{GAP}:small[?]" if unknown else ""
    if not abs(value) >= LEAST:  # NaN too: the method did not reach it
        return f":gray[{text}{asked}]" if unknown or np.isnan(value) else text
    colour, sign = SIGNS[1 if value > 0 else -1]
    signs = sign * (2 if abs(value) >= MUCH else 1)
    inked = f":{colour}[{text}{GAP}:small[{signs}]{asked}]"
    return f":{colour}-background[{f'**{inked}**' if abs(value) >= MUCH else inked}]"


def legend() -> str:
    """What colours and signs mean, in Markdown."""
    much, little = 2 * MUCH, 2 * LEAST
    liked, disliked = (
        f"{_word('much', side * much, False)} {_word('a little', side * little, False)}"
        for side in (1, -1)
    )
    return f"{liked} for *liked it*, {disliked} against it"


def table(read: Read, made: Mapping[str, np.ndarray]) -> None:
    """Every word with its numbers, for those who want them and for screen readers."""
    words = [read.part(*span) for span in read.spans]
    rows = pd.DataFrame({"number": range(1, len(words) + 1), "word": words})
    for name, values in made.items():
        rows[name] = np.round(np.asarray(values, float), 2)
    alt = f"What each of {len(words)} words did, in log-odds, by {' and '.join(made)}."
    st.dataframe(batch.harmless(rows), hide_index=True, height=240, alt=alt)
