"""Words out of tokens: when each was said, how sure it is, and what of the sound it used.

When: the aligned heads attend to where they are in the sound. One path through all tokens and
places, on which both only rise, is what they agree on best (as in Whisper's own word times). Only a
comma or a full stop looks ahead, at how the next word begins: that word is then looked for after
the pause.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.catalog import Model
from models.speech import writing
from models.speech.listening import PLACES, SECOND, Floats, Listening
from models.speech.writing import Token

SMOOTH = 7  # places that a median is taken over
USED = 0.9  # share of the attention that counts as what a word used
BESIDE = 5  # places beside those: a tenth of a second


@dataclass(frozen=True)
class Word:
    """One word with the signs on it. start, end: seconds in the whole sound.

    part: which of the heard windows; tokens: its places among that window's tokens.
    """

    text: str
    probability: float  # of all its tokens, one after the other
    start: float
    end: float
    part: int
    tokens: slice

    @property
    def bare(self) -> str:
        """Its letters and digits alone, in small ones."""
        return "".join(sign for sign in self.text.lower() if sign.isalnum() or sign == "'")


@dataclass(frozen=True)
class Heard:
    """What was written of a sound. tokens: of each window; offsets: where it begins, in seconds."""

    words: tuple[Word, ...]
    tokens: tuple[tuple[Token, ...], ...]
    offsets: tuple[float, ...]
    marks: tuple[tuple[bool, ...], ...] = ()  # of each token whether it is a comma or the like

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(word.text for word in self.words)

    @classmethod
    def of(
        cls, model: Model, tokens: Sequence[Token], heard: Listening, offset: float = 0.0
    ) -> "Heard":
        """The words of one window. tokens: with the one that ends them, if it came."""
        known = writing.vocabulary(model)
        times = starts(tokens, heard.places)
        spoken = [token for token in tokens if token.id != known.end]
        marks = [not any(map(str.isalnum, known.text([token.id]))) for token in spoken]
        heads = [i for i, token in enumerate(spoken) if i == 0 or known.begins(token.id)]
        words = []
        for begin, end in zip(heads, [*heads[1:], len(spoken)], strict=True):
            text = known.text([token.id for token in spoken[begin:end]]).strip()
            if not text:
                continue
            sure = float(np.prod([token.probability for token in spoken[begin:end]]))
            last = next((i for i in range(begin + 1, end) if not marks[i - 1] and marks[i]), end)
            start = times[begin]
            if begin and marks[begin - 1]:
                start = _after_pause(heard.loud, times[begin - 1], start)
            until = times[last] if last < len(times) else heard.seconds
            words.append(
                Word(text, sure, offset + start, offset + max(start, until), 0, slice(begin, end))
            )
        return cls(tuple(words), (tuple(tokens),), (offset,), (tuple(marks),))

    def used(self, word: Word) -> Floats:
        """How much a word attended to each place of its window, [1500], which sums to 1."""
        places = range(word.tokens.start, word.tokens.stop)
        # What a comma attends to is the next word.
        spoken = [i for i in places if not self.marks[word.part][i]] or [*places]
        listened = [self.tokens[word.part][i].listened.astype(np.float32).mean(0) for i in spoken]
        found: Floats = np.mean(listened, 0)
        return found / max(float(found.sum()), 1e-9)


def joined(parts: Sequence[Heard]) -> Heard:
    """Windows one after the other."""
    words = [
        Word(w.text, w.probability, w.start, w.end, i, w.tokens)
        for i, part in enumerate(parts)
        for w in part.words
    ]
    return Heard(
        tuple(words),
        tuple(part.tokens[0] for part in parts),
        tuple(part.offsets[0] for part in parts),
        tuple(part.marks[0] for part in parts),
    )


def _after_pause(loud: Floats, begin: float, end: float) -> float:
    """Where a word begins that comes after a pause between these seconds."""
    first, last = (round(seconds * SECOND) for seconds in (begin, end))
    part = loud[first : last + 1]
    if len(part) < 3 or np.ptp(part) < 1:  # less than 10 dB: no pause
        return end
    quiet = int(part.argmin())
    middle = (part.min() + part[quiet:].max()) / 2
    return (first + quiet + int((part[quiet:] >= middle).argmax())) / SECOND


def starts(tokens: Sequence[Token], places: int) -> list[float]:
    """When each token begins, in seconds of its window."""
    if not tokens:
        return []
    listened = np.stack([token.listened[:, :places].astype(np.float32) for token in tokens], 1)
    # A head that looks at one place whatever is written says nothing of it.
    spread = listened.std(1, keepdims=True)
    standard = (listened - listened.mean(1, keepdims=True)) / np.maximum(spread, 1e-6)
    return [place / SECOND for place in _path(_median(standard).mean(0))]


def _median(values: Floats) -> Floats:
    """The median of each value and its neighbours along the last axis."""
    half = SMOOTH // 2
    wide = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(half, half)], mode="edge")
    found: Floats = np.median(np.lib.stride_tricks.sliding_window_view(wide, SMOOTH, -1), -1)
    return found


def _path(scores: Floats) -> list[int]:
    """The place at which each row begins on the path of the highest sum; scores [rows, places]."""
    rows, places = scores.shape
    if rows >= places:  # more tokens than fiftieths of a second: no path, so evenly
        return [int(i * places / rows) for i in range(rows)]
    best = np.full(rows, -np.inf)
    best[0] = scores[0, 0]
    came = np.zeros((places, rows), bool)  # whether a row begins there
    for place in range(1, places):
        before = np.concatenate([[-np.inf], best[:-1]])
        came[place] = before > best
        best = np.where(came[place], before, best) + scores[:, place]
    found, row = [0] * rows, rows - 1
    for place in range(places - 1, 0, -1):
        if row and came[place, row]:
            found[row] = place
            row -= 1
    return found


def attended(used: Floats, share: float = USED) -> np.ndarray:
    """bool [1500]: the fewest places that hold this share of the attention, and those beside."""
    order = np.argsort(-used, kind="stable")
    enough = int(np.searchsorted(np.cumsum(used[order]), share * used.sum())) + 1
    found = np.zeros(PLACES, bool)
    found[order[:enough]] = True
    return np.convolve(found, np.ones(2 * BESIDE + 1), "same") > 0
