"""The same sound with parts of it silenced, and what the network says then."""

from dataclasses import dataclass

import numpy as np

from models.catalog import Model
from models.speech import listening, writing
from models.speech.listening import RATE, SECOND, Listening, Wave
from models.speech.words import Heard, Word, attended

RAMP = 80  # samples over which a sound fades, or its edge would be a click


@dataclass(frozen=True)
class Asked:
    """How likely a word is after the words before it, by what was heard."""

    whole: float
    used: float  # of the sound only what it attended to
    without: float  # of the sound all but that
    nothing: float  # no sound at all: what the words before it suggest
    text: str  # what is written when only that is heard
    kept: np.ndarray  # bool [1500], the places that it attended to
    seconds: float  # of sound in those

    @property
    def survives(self) -> bool:
        """Whether it is still likelier than not when only what it used is heard."""
        return self.used >= 0.5


def faded(wave: Wave, kept: np.ndarray) -> Wave:
    """Sound [n] where bool [places] says so, silence elsewhere."""
    each = np.repeat(kept.astype(np.float32), RATE // SECOND)
    each = np.pad(each, (0, max(0, len(wave) - len(each))))[: len(wave)]
    smooth = np.convolve(each, np.ones(RAMP, np.float32) / RAMP, "same")
    return (wave * smooth).astype(np.float32)


def ask(model: Model, wave: Wave, heard: Heard, word: Word) -> Asked:
    """Silence all but what a word attended to, and that, and all.

    wave: of the word's window [n]. Raises what `engine.infer` raises.
    """
    ids = [token.id for token in heard.tokens[word.part][: word.tokens.stop]]
    kept = attended(heard.used(word))
    kept[-(-len(wave) * SECOND // RATE) :] = False

    def likely(some: Listening) -> float:
        return float(np.prod(writing.forced(model, some, ids)[word.tokens]))

    only = listening.listen(model, faded(wave, kept))
    known = writing.vocabulary(model)
    written = [token.id for token in writing.tokens(model, only)]
    return Asked(
        word.probability,
        likely(only),
        likely(listening.listen(model, faded(wave, ~kept))),
        likely(listening.listen(model, np.zeros_like(wave))),
        known.text([one for one in written if one != known.end]).strip(),
        kept,
        float(kept.sum() / SECOND),
    )
