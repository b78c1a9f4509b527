"""The words that are offered while somebody types: ends of the last word, and words after it.

A last word may be whole or only begun: "is" is a word, and "isn't" begins like it. Both readings
are offered, and all are ranked by one probability, that given the letters typed the text goes on
so: an end by its own, a next word by that of the word before being whole, times its own after it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from models.kinds.language.blocked import BLOCKED
from models.kinds.language.reading import Ids
from models.kinds.language.search import Array, Pieces, State, Step, Word, search

LEAST = 0.01  # probability of an offer beyond the first, and of a last word being whole


@dataclass(frozen=True)
class Offers:
    """words: those that begin as typed, in order, but not what is typed itself; after white space
    all next words. following: where letters are typed that may be a whole word, the words after it.
    """

    words: list[Word]
    following: list[Word]

    def ranked(self, first: int = 3) -> list[Word]:
        """All, the likeliest first; beyond `first` those of at least `LEAST`."""
        every = sorted([*self.words, *self.following], key=lambda one: -one.probability)
        return [one for i, one in enumerate(every) if i < first or one.probability >= LEAST]


def offers(
    opens: Callable[[Ids], tuple[Array, State]],
    step: Step,
    pieces: Pieces,
    before: Ids,
    whole: Ids,
    *,
    typed: str,
    count: int = 3,
) -> Offers:
    """At most `count` of each kind, none of those BLOCKED.

    opens: what follows some ids, and the state after them. before: the ids before what is `typed`
    of a word, which keeps its space; whole: those with it.
    """
    letters = typed.strip(" ")
    more = count + bool(letters)  # what is typed may be one of them
    found = search(step, *opens(before), pieces, typed=typed, count=more, blocked=BLOCKED)
    if not letters:
        return Offers(found.words, [])
    share = 1 / found.begun if found.begun else 0.0
    ends = [_scaled(one, share) for one in found.words if one.text != letters][:count]
    if found.whole * share < LEAST:
        return Offers(ends, [])
    after = search(step, *opens(whole), pieces, count=count, blocked=BLOCKED)
    following = [replace(_scaled(one, found.whole * share), follows=True) for one in after.words]
    return Offers(ends, following)


def _scaled(word: Word, share: float) -> Word:
    return replace(word, probability=min(1.0, word.probability * share))
