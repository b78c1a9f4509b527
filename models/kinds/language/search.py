"""Which whole words a model of subwords expects next, found by search.

    found = words(step, first, state, pieces, typed=" th", count=3)

A word may be one subword or several, and ends where what follows is none of its letters. So the
search (best first) opens the likeliest beginnings, asks the model what follows them, all of a round
at once, and stops once no open beginning is likelier than the words that it has: then they are the
likeliest that there are. It is bounded by `ROUNDS` of `WIDTH` beginnings; what lies beyond is not
found, nor is a word that needs a part of a letter, as rare scripts do.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.kinds.language.blocked import holds
from models.kinds.language.reading import Vocabulary

Array = np.ndarray[Any, Any]
State = tuple[Array, ...]  # each with the batch as its first axis
# ids int64 [n] and their states -> probabilities [n, vocabulary] of what follows, states
Step = Callable[[Array, State], tuple[Array, State]]

WIDTH = 16  # beginnings that one round asks about
ROUNDS = 5
_BEGINS = re.compile(r" ?[^\W\d_](?:[^\W\d_]|')*")
_GOES_ON = re.compile(r"'?[^\W\d_](?:[^\W\d_]|')*")
_LETTERS = re.compile(r"(?:[^\W\d_]|')*")


class Pieces:
    """What each subword can be in a word: its letters, whether it begins one or goes on in one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.letters: list[str] = []
        for piece in vocabulary.pieces:
            try:
                self.letters.append(piece.decode())
            except UnicodeDecodeError:  # a part of a letter
                self.letters.append("")
        self.begins = np.array([bool(_BEGINS.fullmatch(text)) for text in self.letters])
        self.goes_on = np.array([bool(_GOES_ON.fullmatch(text)) for text in self.letters])
        self.lengths = np.array([len(text) for text in self.letters])
        self.spaced = np.array([text.startswith(" ") for text in self.letters])

    def fitting(self, rest: str, first: bool) -> Array:
        """Ids that may come next where `rest` is typed already; the first piece begins a word."""
        kind = self.begins if first else self.goes_on
        if first:  # after a hyphen, say, no space comes before the word
            kind = kind & (self.spaced if rest.startswith(" ") else ~self.spaced)
        ids = np.flatnonzero(kind)
        if rest in ("", " "):
            return ids
        letters = self.letters
        return np.array(
            [i for i in ids if letters[i].startswith(rest) or rest.startswith(letters[i])], np.int64
        )


@dataclass(frozen=True)
class Word:
    """One expected word and the probability that it stands here, as far as it was found.

    follows: whether it comes after what is typed, as a word of its own.
    """

    text: str
    probability: float
    follows: bool = False


@dataclass(frozen=True)
class Found:
    """What a search found.

    words: the likeliest, in order. begun: the probability that any word stands here that begins as
    typed; whole: that it is what is typed, and no letter more.
    """

    words: list[Word]
    begun: float
    whole: float


@dataclass(order=True)
class _Open:
    """A beginning of a word: the likeliest comes first."""

    rank: float  # minus its probability
    text: str = field(compare=False)
    last: int = field(compare=False)  # its last id; -1 before the first
    state: State = field(compare=False)


def split(text: str) -> tuple[str, str]:
    """A normal text as what stands before the word at its end, and what of that word is typed.

    What is typed keeps the space before it: "I lik" -> "I", " lik"; "I " -> "I", " ".
    """
    # From the end on: a search from the start would look to the end anew at each of its letters.
    run = _LETTERS.match(text[::-1])
    word = text[len(text) - (run.end() if run else 0) :].lstrip("'")
    if not word:
        return text.rstrip(" "), " "
    before = text[: len(text) - len(word)]
    if before and not before.endswith(" "):
        return before, word
    return before.removesuffix(" "), f" {word}"


def words(
    step: Step,
    first: Array,
    state: State,
    pieces: Pieces,
    *,
    typed: str = " ",
    count: int = 3,
    blocked: Collection[str] = (),
) -> list[Word]:
    """The `count` likeliest words that begin with `typed`, in order; see `search`."""
    found = search(step, first, state, pieces, typed=typed, count=count, blocked=blocked)
    return found.words


def search(
    step: Step,
    first: Array,
    state: State,
    pieces: Pieces,
    *,
    typed: str = " ",
    count: int = 3,
    blocked: Collection[str] = (),
) -> Found:
    """The `count` likeliest words that begin with `typed`, and how likely it is that one comes.

    first: probabilities [vocabulary] of what follows the text before the word; state: after it,
    with a batch of one. typed: with the space before it; empty after a sign that no space follows.
    blocked: words, in small letters, that are never among them.
    """
    done: dict[str, float] = {}
    ids = pieces.fitting(typed, first=True)
    waiting = _opened(_Open(-1.0, "", -1, state), first, state, pieces, ids, least=0.0)
    begun, whole = _share(first, ids, pieces, len(typed)), 0.0
    for _ in range(ROUNDS):
        least = _least(done, count)
        waiting = sorted(one for one in waiting if -one.rank > least)
        batch, waiting = waiting[:WIDTH], waiting[WIDTH:]
        if not batch:
            break
        ids = np.array([one.last for one in batch], np.int64)
        joined = tuple(np.concatenate(p) for p in zip(*(o.state for o in batch), strict=True))
        shares, after = step(ids, joined)
        ends = 1 - shares[:, pieces.goes_on].sum(1)
        for one, end in zip(batch, ends, strict=True):
            word, share = one.text.strip(" "), -one.rank * max(float(end), 0.0)
            if len(one.text) < len(typed) or word.endswith("'"):
                continue
            if one.text == typed:
                whole += share
            if not holds(word, blocked):
                done[word] = done.get(word, 0.0) + share
        least = _least(done, count)
        for row, one in enumerate(batch):
            rest = typed[len(one.text) :]
            ids = pieces.fitting(rest, first=False)
            if rest:
                begun -= one.rank * _share(shares[row], ids, pieces, len(rest))
            kept = tuple(part[row : row + 1] for part in after)
            waiting += _opened(one, shares[row], kept, pieces, ids, least=least)
    best = sorted(done.items(), key=lambda pair: (-pair[1], pair[0]))[:count]
    return Found([Word(word, probability) for word, probability in best], begun, whole)


def _share(shares: Array, ids: Array, pieces: Pieces, letters: int) -> float:
    """The probability of those pieces that have at least so many letters."""
    return float(shares[ids[pieces.lengths[ids] >= letters]].sum())


def _least(done: dict[str, float], count: int) -> float:
    """What a word must be likelier than to come among the first `count`."""
    return sorted(done.values())[-count] if len(done) >= count else 0.0


def _opened(
    begun: _Open, shares: Array, state: State, pieces: Pieces, ids: Array, *, least: float
) -> list[_Open]:
    """The likeliest ways on from one beginning with those ids, likelier than `least`."""
    if len(ids) > WIDTH:
        ids = ids[np.argpartition(shares[ids], -WIDTH)[-WIDTH:]]
    return [
        _Open(begun.rank * float(shares[i]), begun.text + pieces.letters[i], int(i), state)
        for i in ids
        if -begun.rank * shares[i] > least
    ]
