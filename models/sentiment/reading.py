"""How a review is read: its subwords, and the words that answers are explained by.

    read = Reader(model.text("tokenizer.json")).read("Not bad.")
    read.words, read.ids

Subwords are those of text_prediction, whose network this one began as. A subword never spans two
words, so that taking a word out takes whole ids out.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.decode.texts import Reading
from models.kinds.language.reading import WORD, Vocabulary

Ids = np.ndarray[Any, np.dtype[np.int64]]

LONGEST = 2_000  # ids that are read of a text; 3 in 1,000 reviews have more
_WORD = re.compile(WORD.pattern + r"|\d+|(?:[^\w\s]|_)+")


@dataclass(frozen=True)
class Read:
    """A text as the network reads it.

    spans: of each word the part of `text`; words: the same as text. ids[0] is the start; `owner`,
    int64 [ids - 1], is the word of each other one. unknown: words with characters that the
    network has hardly seen. cut: whether the text goes on after what was read. source: `text`
    beside what was written, where that is known.
    """

    text: str
    spans: list[tuple[int, int]]
    words: list[str]
    ids: Ids
    owner: Ids
    unknown: list[str]
    cut: bool
    source: Reading | None = None

    @property
    def written(self) -> str:
        """The text as its writer wrote it."""
        return self.text if self.source is None else self.source.written

    def part(self, begin: int, end: int) -> str:
        """What its writer wrote for text[begin:end]."""
        return (self.source or Reading(self.text, self.text)).part(begin, end)

    def without(self, gone: Any) -> Ids:
        """The ids, less those of the words where `gone`, bool [words], is True."""
        return self.ids[np.r_[True, ~np.asarray(gone, bool)[self.owner]]]


class Reader:
    """Reads texts with the subwords of a `tokenizer.json`."""

    def __init__(self, file: str) -> None:
        self.vocabulary = Vocabulary(file)

    def read(self, text: str) -> Read:
        """`text` as far as it is read; without any word where there is nothing."""
        whole = self.vocabulary.read(text)
        spans = [found.span() for found in _WORD.finditer(whole.text)]
        ends = np.array([b for _, b in spans], np.int64)
        owner = np.searchsorted(ends, [b for _, b in whole.spans[1 : LONGEST + 1]])
        owner = np.minimum(owner, max(len(spans) - 1, 0)).astype(np.int64)
        cut = len(whole.ids) > LONGEST + 1
        count = int(owner[-1]) + 1 if cut else len(spans)
        words = [whole.text[a:b] for a, b in spans[:count]]
        odd = set(whole.strange)
        unknown = [word for word in dict.fromkeys(words) if odd & set(word)] if odd else []
        ids = whole.ids[: LONGEST + 1]
        return Read(whole.text, spans[:count], words, ids, owner, unknown, cut, whole.source)
