"""How a text is read: what the network sees of it, its subwords, its words.

    vocabulary = Vocabulary(model.text("tokenizer.json"))
    read = vocabulary.read("I like it")
    read.ids, read.spans

Training reads its texts through here too. Ids are byte-level subwords (Sennrich et al. 2016,
arXiv:1508.07909, over bytes as in Radford et al. 2019), so nothing that is text has no id; or
characters, where those that were not learned share one id, `unknown`.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from models.decode import texts
from models.decode.texts import Reading

Ids = np.ndarray[Any, np.dtype[np.int64]]

START = "<|text|>"  # before every text, and what a network gives at its end
UNKNOWN = "\N{REPLACEMENT CHARACTER}"  # a character that was not learned
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
plain = texts.plain
# One subword never spans two of these: a word with the space before it, a number, other signs.
PIECES = r" ?\p{L}+(?:'\p{L}+)*| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+"
_RUN = re.compile(r"\S+")


@dataclass(frozen=True)
class Read:
    """A text as a network reads it: `spans[i]` is the part of `text` that `ids[i]` stands for.

    strange: characters that the vocabulary does not hold: subwords have only their bytes, which
    are several ids, characters only `unknown`. source: `text` beside what was written.
    """

    text: str
    ids: Ids
    spans: list[tuple[int, int]]
    strange: str
    source: Reading

    def part(self, begin: int, end: int) -> str:
        """What its writer wrote for text[begin:end]."""
        return self.source.part(begin, end)


def runs(read: Read) -> tuple[list[tuple[int, int]], Ids]:
    """The words between white space, as parts of the text, and the word of each of `ids[1:]`."""
    spans = [found.span() for found in _RUN.finditer(read.text)]
    ends = np.array([end for _, end in spans])
    places = np.searchsorted(ends, [end for _, end in read.spans[1:]])
    return spans, np.minimum(places, len(spans) - 1)


class Vocabulary:
    """The subwords or characters of one model, from its `tokenizer.json`."""

    def __init__(self, file: str) -> None:
        self.tokenizer = Tokenizer.from_str(file)
        # Written by a visitor, the start's name is signs like others.
        self.tokenizer.encode_special_tokens = True
        self.size = self.tokenizer.get_vocab_size()
        ids: dict[str, int] = self.tokenizer.get_vocab()
        self.start = ids[START]
        self.characters = UNKNOWN in ids  # else subwords

    def reading(self, text: str) -> Reading:
        """What is read of `text`: subwords know one line only, characters every line break."""
        return texts.read(text, lines=self.characters)

    def normal(self, text: str) -> str:
        """The same as text alone."""
        return self.reading(text).text

    def encode(self, texts: list[str]) -> list[Ids]:
        """The ids of normal texts, without the start."""
        space = "" if self.characters else " "
        found = self.tokenizer.encode_batch_fast([space + text for text in texts])
        return [np.array(one.ids, np.int64) for one in found]

    def read(self, text: str) -> Read:
        """`text` with its ids, of which the first is the start."""
        source = self.reading(text)
        text = source.text
        space = " " if text and not self.characters else ""
        found = self.tokenizer.encode(space + text)
        shift = len(space)
        spans = [(max(0, a - shift), max(0, b - shift)) for a, b in found.offsets]
        odd = {span for i, span in zip(found.ids, spans, strict=True) if i in self.broken}
        strange = "".join(text[a:b] for a, b in sorted(odd))
        ids = np.array([self.start, *found.ids], np.int64)
        return Read(text, ids, [(0, 0), *spans], strange, source)

    @cached_property
    def pieces(self) -> list[bytes]:
        """The bytes that each id stands for; none for the start."""
        made = [b""] * self.size
        for token, i in self.tokenizer.get_vocab().items():
            if token != START:
                alone = self.characters
                made[i] = token.encode() if alone else bytes(_BYTES[sign] for sign in token)
        return made

    @cached_property
    def broken(self) -> set[int]:
        """Ids that are no whole character: single bytes of one, or `unknown`."""
        found = (piece.decode(errors="replace") for piece in self.pieces)
        return {i for i, text in enumerate(found) if UNKNOWN in text}

    def decode(self, ids: Ids | list[int]) -> str:
        """The text of ids; a broken character shows as the replacement sign."""
        return b"".join(self.pieces[i] for i in ids).decode(errors="replace")


def _bytes() -> dict[str, int]:
    """Which byte each printable sign of byte-level subwords stands for (Radford et al. 2019)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    signs = {chr(byte): byte for byte in printable}
    return signs | {chr(256 + place): byte for place, byte in enumerate(others)}


_BYTES = _bytes()
