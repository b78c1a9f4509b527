"""What comes next in a text, by a recurrent network that learned everything here.

    model = catalog.load("text_prediction")
    suggest(model, "I went to th").offered   # the next words, as a phone's keyboard offers them
    score(model, text).words                 # what each word cost: how surprising it was
    for part in write(model, "It was", seed=1): ...
    explain.attributions(model, text, 4)           # which earlier words pushed the prediction of the 5th
    recall.remembers(model, text)            # how much what comes next hangs on each earlier word

Graphs, all float32 where not said otherwise, states [n, layers, hidden]:

    predict    ids, targets int64 [n, t], h, c -> nats [n, t], hidden [n, t, hidden], h_out, c_out
    step       ids int64 [n, t], h, c -> logits [n, vocabulary], h_out, c_out
    gradients  ids int64 [n, 64], mask [n, 64], h, c, target [n, vocabulary] -> logits, attribution

`shakespeare` has the same graphs over characters; all of this takes either model.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model
from models.kinds.language import memory, search
from models.kinds.language.blocked import BLOCKED
from models.kinds.language.memory import ReadState
from models.kinds.language.offers import Offers, offers
from models.kinds.language.reading import Ids, Read, runs
from models.kinds.language.writing import write

Array = np.ndarray[Any, Any]
CONTEXT = 256  # ids before a word that suggestions look back over


@dataclass(frozen=True)
class Suggestions(Offers):
    """The next words. Give `moment` back as `known` with the next text: only what is new is read.

    text: what was written, on one line; before: the same without the word at its end, of which
    `typed` are the letters as they are read, with the space before them. ids: of all that is read.
    """

    text: str
    before: str
    typed: str
    moment: ReadState  # before what is typed
    ids: Ids

    @property
    def offered(self) -> list[search.Word]:
        """Ends of the word and words after it, the likeliest first."""
        return self.ranked()

    def taken(self, word: str, follows: bool = False) -> str:
        """The text with that word at its end, and a space to go on from; nothing written goes."""
        letters = self.typed.strip(" ")
        if letters and not follows:
            return f"{self.text}{word[len(letters) :]} "
        space = " " if self.text and self.typed.startswith(" ") else ""
        return f"{self.text}{space}{word} "


@dataclass(frozen=True)
class Score:
    """A text and what it cost. `nats[i]` is the cost of `read.ids[i + 1]`.

    words: of each run between white space its part of the text and its nats.
    hidden: float32 [t, hidden], what the last layer gave when `read.ids[i + 1]` was asked for.
    """

    read: Read
    nats: Array
    words: list[tuple[tuple[int, int], float]]
    hidden: Array

    @property
    def word_perplexity(self) -> float:
        """exp(all nats / words between white space)."""
        return float(np.exp(self.nats.sum() / len(self.words)))

    @property
    def nats_per_byte(self) -> float:
        """All nats over the bytes of the text in UTF-8."""
        return float(self.nats.sum() / len(self.read.text.encode()))


def suggest(model: Model, text: str, count: int = 3, known: ReadState | None = None) -> Suggestions:
    """The likeliest next words, and ends of the word that stands at the text's end, if one does.

    At most `count` of each.

    Raises InputError for a text that is too long, and what `engine.infer` raises.
    """
    read = memory.checked(model, text, least=0)
    normal = read.text
    vocabulary = memory.vocabulary(model)
    after_space = text[-1:].isspace() and normal[-1:] != " "
    before, typed = search.split(normal + " " if after_space else normal)
    moment = memory.read(model, recent(vocabulary.read(before).ids), known)

    def opens(ids: Ids) -> tuple[Array, search.State]:
        there = moment if ids is moment.ids else memory.read(model, ids, moment)
        return there.shares, there.state

    found = offers(
        opens,
        lambda last, state: memory.step(model, last, state),
        memory.pieces(model),
        moment.ids,
        recent(read.ids),
        typed=typed,
        count=count,
    )
    written = read.part(0, len(before))
    return Suggestions(
        found.words, found.following, read.source.written, written, typed, moment, read.ids
    )


def expected(model: Model, moment: ReadState, typed: str, count: int) -> list[search.Word]:
    """The likeliest whole words after a moment that begin as `typed`, none of those BLOCKED."""
    return search.words(
        lambda last, state: memory.step(model, last, state),
        moment.shares,
        moment.state,
        memory.pieces(model),
        typed=typed,
        count=count,
        blocked=BLOCKED,
    )


def recent(ids: Array) -> Array:
    """At most the last `CONTEXT` ids, cut at places that stay the same while more are typed."""
    half = CONTEXT // 2
    return ids if len(ids) <= CONTEXT else ids[((len(ids) - CONTEXT - 1) // half + 1) * half :]


def score(model: Model, text: str) -> Score:
    """What each id and word of a text costs. Raises InputError, and what `engine.infer` raises."""
    read = memory.checked(model, text)
    found = memory.surprisals(model, read.ids)
    spans, places = runs(read)
    sums = np.bincount(places, found.nats, len(spans))
    return Score(read, found.nats, [*zip(spans, sums.tolist(), strict=True)], found.hidden)


__all__ = ["ReadState", "Score", "Suggestions", "expected", "score", "suggest", "write"]
