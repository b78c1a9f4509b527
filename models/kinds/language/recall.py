"""How far back a network of text remembers: what it expects next without a word, or with another.

remembers(model, text)              # how much what comes next changes without each word
swapped(model, text, 3, "cat")      # what comes next where the third last word is another
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model
from models.errors import InputError
from models.kinds.language import expected, memory
from models.kinds.language.reading import runs
from models.kinds.language.search import Word

REACH = 1_024  # ids at the end in which words are taken away: after each, all is read again

Array = np.ndarray[Any, Any]
Span = tuple[int, int]


@dataclass(frozen=True)
class Swap:
    """The likeliest words at the end of a text, and where one word in it is another.

    moved: the total variation between the two predictions: 0 where nothing, 1 where all moved.
    """

    before: list[Word]
    after: list[Word]
    moved: float


def remembers(model: Model, text: str, most: int = 40) -> list[tuple[Span, float]]:
    """How much what comes next changes when one earlier word is taken away, the last word first.

    Of the last `most` words those that lie within `REACH` ids, and always the last one. The change
    is the total variation of the prediction: 0 where nothing, 1 where all moved.
    Raises InputError for an empty text, and what `engine.infer` raises.
    """
    read = memory.checked(model, text)
    spans, places = runs(read)
    last = len(spans) - 1
    # The first word that lies there as a whole.
    near = int(places[-REACH - 1]) + 1 if len(places) > REACH else 0
    first = min(last, max(last + 1 - most, near))
    begin = int(np.argmax(places == first)) + 1
    known = memory.read(model, read.ids[:begin])
    whole = memory.read(model, read.ids, known).shares
    found = []
    for word in range(last, first - 1, -1):
        kept = read.ids[np.r_[True, places != word]]
        found.append((spans[word], _moved(memory.read(model, kept, known).shares, whole)))
    return found


def swapped(model: Model, text: str, back: int, instead: str, count: int = 5) -> Swap:
    """Put `instead`, nothing to take it away, in the place of the word `back` from the end, from 1.

    Raises InputError where there is no such word, or nothing is left to read, and what
    `engine.infer` raises.
    """
    read = memory.checked(model, text)
    spans, places = runs(read)
    if not 0 < back <= len(spans):
        raise InputError(f"Choose a word from 1 to {len(spans)} back.")
    begin, end = spans[-back]
    other = memory.checked(model, read.text[:begin] + instead + read.text[end:])
    shared = int(np.argmax(places == len(spans) - back)) + 1
    known = memory.read(model, read.ids[:shared])
    one, two = (memory.read(model, ids, known) for ids in (read.ids, other.ids))
    before, after = (expected(model, moment, " ", count) for moment in (one, two))
    return Swap(before, after, _moved(one.shares, two.shares))


def _moved(one: Array, other: Array) -> float:
    return float(np.abs(one - other).sum() / 2)
