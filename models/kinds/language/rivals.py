"""The models that the network is shown beside: a 5-gram and single words' frequencies.

    found = rivals(model)
    found["5-gram"].surprisals(read.ids)

Both know the same subwords and read the same texts. The 5-gram that is served lacks what was
counted once, from three subwords on; the card's table has the figures of both, whole and served.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model, unpacked
from models.kinds.language import search
from models.kinds.language.blocked import BLOCKED
from models.kinds.language.ngram import KneserNey
from models.kinds.language.offers import offers
from models.kinds.language.reading import Ids

Array = np.ndarray[Any, Any]
FILE = "fivegram.npz"
SIZE = 80e6  # bytes that both take, with what they work out at their first text


@dataclass(frozen=True)
class Rival:
    """One model that counts, seen as the network is: by what comes next."""

    counts: KneserNey

    def shares(self, ids: Ids) -> Array:
        """float32 [vocabulary]: what follows `ids`."""
        return self.counts.distribution(ids[max(0, len(ids) - self.counts.order + 1) :])

    def step(self, ids: Ids, state: search.State) -> tuple[Array, search.State]:
        """As `memory.step`; its state is the ids before, [n, order - 1], -1 where none are."""
        after = np.concatenate([state[0], ids[:, None]], axis=1)[:, 1:]
        return np.stack([self.shares(row[row >= 0]) for row in after]), (after,)

    def state(self, ids: Ids) -> search.State:
        """The state after `ids`."""
        kept = ids[max(0, len(ids) - self.counts.order + 1) :]
        empty = np.full(self.counts.order - 1 - len(kept), -1)
        return (np.r_[empty, kept].astype(np.int64)[None],)

    def surprisals(self, ids: Ids) -> Array:
        """float64 [t - 1]: nats of each of ids[1:]."""
        found: Array = -np.log(self.counts.probabilities(ids))
        return found


def unigram(counts: Array) -> KneserNey:
    """The n-gram of order 1 from how often each id occurs, 1 added to each."""
    size = len(counts)
    return KneserNey(
        {
            "size": np.array(size),
            "discounts": np.zeros((1, 3)),
            "words_1": np.arange(size, dtype=np.uint16),
            "counts_1": counts + 1,
            "starts_1": np.array([0, size]),
            "totals_1": np.array([counts.sum() + size]),
        }
    )


def rivals(model: Model) -> dict[str, Rival]:
    """Those of a model. Raises UnsupportedError where it has none."""
    return model.once("rivals", lambda: _made(unpacked(model.read(FILE))), lambda _: SIZE)


def _made(arrays: dict[str, Array]) -> dict[str, Rival]:
    counting = {"5-gram": KneserNey(arrays), "unigram": unigram(arrays["unigram"])}
    return {name: Rival(counts) for name, counts in counting.items()}


def expected(rival: Rival, ids: Ids, typed: str, pieces: search.Pieces) -> list[search.Word]:
    """The three likeliest words after `ids`, as `search.words`."""
    first, state = rival.shares(ids), rival.state(ids)
    return search.words(rival.step, first, state, pieces, typed=typed, blocked=BLOCKED)


def offered(
    rival: Rival, before: Ids, whole: Ids, typed: str, pieces: search.Pieces
) -> list[search.Word]:
    """What it would offer where the network offers `Suggestions.offered`."""
    found = offers(
        lambda ids: (rival.shares(ids), rival.state(ids)),
        rival.step,
        pieces,
        before,
        whole,
        typed=typed,
    )
    return found.ranked()
