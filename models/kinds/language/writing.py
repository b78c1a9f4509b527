"""Continues a text: one id drawn after the other, given out in parts as they come."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model
from models.errors import InputError
from models.kinds.language import memory
from models.kinds.language.blocked import BEGINNINGS, BLOCKED, RUN, folded, holds
from models.kinds.language.memory import ReadState
from models.kinds.language.reading import Read

Array = np.ndarray[Any, Any]
LONGEST = 1_000  # ids that one continuation may have
LOOK_BACK = 1_024  # ids of the text that it goes on from
LETTERS = 64  # at the end of a text that may belong to a blocked word: more than any has
LEFT = 0.5  # of the probability, with which a place is one to draw from anew


@dataclass(frozen=True)
class Drawing:
    """How ids are drawn.

    temperature: what logits are divided by; 0 takes the likeliest. top_k: how many ids are drawn
    from, 0 for all. top_p: the share of probability that those must hold together (Holtzman et al.
    2020, arXiv:1904.09751).
    """

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0

    def check(self) -> None:
        """Raises InputError for a setting that cannot be."""
        if not 0 <= self.temperature <= 5:
            raise InputError("The temperature must lie between 0 and 5.")
        if self.top_k < 0:
            raise InputError("Top-k must be 0, for all, or more.")
        if not 0 < self.top_p <= 1:
            raise InputError("Top-p must lie above 0 and be at most 1.")

    def draw(self, shares: Array, rng: np.random.Generator) -> int:
        """One id, from probabilities [vocabulary]."""
        if self.temperature == 0:
            return int(shares.argmax())
        likely = np.log(np.maximum(shares, 1e-30)) / self.temperature
        weights = np.exp(likely - likely.max(), dtype=np.float64)
        order = np.argsort(-weights, kind="stable")
        shares = np.cumsum(weights[order]) / weights.sum()
        kept = self.top_k or len(order)
        kept = min(kept, int(np.searchsorted(shares, self.top_p - 1e-9)) + 1, len(order))
        # Drawn by the place in the sum, so that one seed means the same under other settings.
        place = np.searchsorted(shares[:kept], rng.random() * shares[kept - 1], side="right")
        return int(order[min(int(place), kept - 1)])


def write(
    model: Model,
    text: str,
    *,
    length: int = 100,
    drawing: Drawing = Drawing(),
    seed: int = 0,
    ends: bool = False,
) -> Iterator[str]:
    """Continue a text by `length` ids, with `ends` by fewer where it ends by itself.

    A part is what one id adds, a word or less. One seed, one text. No word is among them, nor made
    with what was typed of it, that is BLOCKED as a person reads it.
    Raises InputError for a text that is too long or a setting that cannot be, at once; while it is
    gone through, what `engine.infer` raises.
    """
    drawing.check()
    if not 0 < length <= LONGEST:
        raise InputError(f"The length must lie between 1 and {LONGEST:,}.")
    read = memory.checked(model, text, least=0)
    rng = np.random.default_rng(seed)
    # Of a text that ends with a space nothing is shown as one word with what is written.
    typed = "" if text[-1:].isspace() else _last(read.text)
    return _parts(model, read, typed, length=length, drawing=drawing, rng=rng, ends=ends)


def _banned(model: Model) -> Array:
    """Ids that hold a blocked word by themselves."""

    def found() -> Array:
        letters = memory.pieces(model).letters
        return np.array([i for i, piece in enumerate(letters) if holds(piece)], np.int64)

    return model.once("banned", found)


def _joining(model: Model) -> Array:
    """bool [vocabulary]: ids that go on in a word; of one with an apostrophe the word is read."""

    def found() -> Array:
        return np.array([piece[:1].isalpha() for piece in memory.pieces(model).letters])

    return model.once("joining", found)


@dataclass
class _Place:
    """A place in what is written, and the id that was drawn there.

    run: the letters that are read at its end; ours: whether any of them was written here.
    """

    moment: ReadState
    shares: Array  # float32 [vocabulary], 0 for what is held back here
    decoder: tuple[bytes, int]
    run: str
    ours: bool
    one: int = -1
    part: str = ""

    @property
    def barred(self) -> bool:
        """Whether what was written may not end here."""
        return self.ours and self.run in BLOCKED

    def bar(self) -> bool:
        """Hold back the id that was drawn; whether at least half of all is left to be drawn."""
        self.shares[self.one] = 0
        return float(self.shares.sum()) >= LEFT


class _Writer:
    """Draws ids, and goes back where a blocked word would be read.

    An open word that may become a blocked one is not given out before it is another one, so that
    nothing is taken back that was read. From a blocked word it goes back to the last place where
    most of the probability lay elsewhere, at the furthest to the word's beginning or to what the
    visitor had typed of it.
    """

    def __init__(
        self, model: Model, drawing: Drawing, rng: np.random.Generator, banned: Array
    ) -> None:
        self.model, self.drawing, self.rng, self.banned = model, drawing, rng, banned
        self.pieces = memory.vocabulary(model).pieces
        self.open: list[_Place] = []  # where the ids of the open word were drawn

    def place(self, moment: ReadState, decoder: tuple[bytes, int], run: str, ours: bool) -> _Place:
        """The place after a moment: a blocked word may only go on there."""
        shares = moment.shares.copy()
        shares[self.banned] = 0
        found = _Place(moment, shares, decoder, run, ours)
        if found.barred:
            shares[~_joining(self.model)] = 0
        return found

    def draw(self, here: _Place) -> int:
        """One id, by the shares of what is left there."""
        here.one = self.drawing.draw(here.shares, self.rng)
        return here.one

    def after(self, here: _Place) -> _Place | None:
        """The place after the id that was drawn; None where a blocked word would be read."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        decoder.setstate(here.decoder)
        here.part = decoder.decode(self.pieces[here.one])
        read = folded(here.run + here.part)
        runs = [found.span() for found in RUN.finditer(read)]
        run = read[slice(*runs[-1])] if runs and runs[-1][1] == len(read) else ""
        typed = (0, len(here.run)) if not here.ours else None
        for begin, end in runs[: len(runs) - bool(run)]:
            if (begin, end) != typed and read[begin:end] in BLOCKED:
                return None
        ours = bool(run) and (here.ours or bool(here.part))
        moment = memory.follow(self.model, here.moment, here.one)
        found = self.place(moment, decoder.getstate(), run, ours)
        return None if found.barred and float(found.shares.sum()) < LEFT else found

    def back(self, here: _Place) -> _Place:
        """Hold back the way to a blocked word; the place from which to draw anew."""
        while not here.bar() and self.open:
            here = self.open.pop()
        return here


def _parts(
    model: Model,
    read: Read,
    typed: str,
    *,
    length: int,
    drawing: Drawing,
    rng: np.random.Generator,
    ends: bool,
) -> Iterator[str]:
    vocabulary = memory.vocabulary(model)
    banned = _banned(model)
    banned = banned if ends else np.append(banned, vocabulary.start)
    writer = _Writer(model, drawing, rng, banned)
    begun = len(read.ids) > 1 or vocabulary.characters
    here = writer.place(memory.read(model, read.ids[-LOOK_BACK:]), (b"", 0), typed, False)
    given = 0
    while True:
        ended = given + len(writer.open) == length
        if not ended:
            ended = writer.draw(here) == vocabulary.start
        after = None if ended else writer.after(here)
        if after is None and (here.barred or not ended):
            here = writer.back(writer.open.pop() if ended else here)
            continue
        if after is not None:
            writer.open.append(here)
            here = after
        if ended or not (here.ours and here.run in BEGINNINGS):
            for place in writer.open:
                part = place.part if begun else place.part.lstrip(" ")  # no text begins with one
                begun = True
                if part:
                    yield part
            given, writer.open = given + len(writer.open), []
        if ended:
            return


def _last(text: str) -> str:
    """The letters at the end of a text, as they are read; of very many the last."""
    found = RUN.match(folded(text[-LETTERS:])[::-1])
    return found[0][::-1] if found else ""
