"""Continues a text: one id drawn after the other, given out in parts as they come."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model
from models.errors import InputError
from models.text_prediction import memory
from models.text_prediction.blocked import BLOCKED
from models.text_prediction.reading import Ids

Array = np.ndarray[Any, Any]
LONGEST = 1_000  # ids that one continuation may have
LOOK_BACK = 1_024  # ids of the text that it goes on from


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

    A part is what one id adds, a word or less. One seed, one text.
    Raises InputError for a text that is too long or a setting that cannot be, at once; while it is
    gone through, what `engine.infer` raises.
    """
    drawing.check()
    if not 0 < length <= LONGEST:
        raise InputError(f"The length must lie between 1 and {LONGEST:,}.")
    ids = memory.checked(model, text, least=0).ids
    rng = np.random.default_rng(seed)
    return _parts(model, ids[-LOOK_BACK:], length=length, drawing=drawing, rng=rng, ends=ends)


def _banned(model: Model) -> Array:
    """Ids that are a blocked word by themselves."""

    def found() -> Array:
        letters = memory.pieces(model).letters
        return np.array(
            [i for i, p in enumerate(letters) if p.strip().lower() in BLOCKED], np.int64
        )

    return model.once("banned", found)


def _parts(
    model: Model,
    ids: Ids,
    *,
    length: int,
    drawing: Drawing,
    rng: np.random.Generator,
    ends: bool,
) -> Iterator[str]:
    vocabulary = memory.vocabulary(model)
    banned = _banned(model)
    banned = banned if ends else np.append(banned, vocabulary.start)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    moment = memory.read(model, ids)
    begun = len(ids) > 1 or vocabulary.characters
    for _ in range(length):
        moment.shares[banned] = 0
        one = drawing.draw(moment.shares, rng)
        if one == vocabulary.start:
            return
        part = decoder.decode(vocabulary.pieces[one])
        if not begun:  # no text begins with a space
            part, begun = part.lstrip(" "), True
        if part:
            yield part
        moment = memory.follow(model, moment, one)
