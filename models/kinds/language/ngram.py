"""A modified Kneser-Ney n-gram model: what a network of text is measured against.

    model = KneserNey(arrays)
    model.probabilities(ids)              # of every id after the ids before it
    model.distribution(np.int64([4, 9]))  # over all ids, after these

Chen and Goodman 1998 (TR-10-98, Harvard), interpolated: each order takes something off its counts
and gives it to the next shorter context. Counted by training/kinds/language/kneser_ney.py.

The arrays, for each order k from 1 to the highest: `words_k` uint16 and `counts_k`, the last id and
the (adjusted) count of every k-gram, those of one context together and in order of the id;
`starts_k` [contexts + 1], where the k-grams of each context begin, contexts being the (k-1)-grams;
`totals_k` [contexts], the sum of the adjusted counts after each, those that were left out too;
`discounts` float64 [orders, 3], what is taken off a count of 1, 2 and 3 or more.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class KneserNey:
    """Looks up probabilities; the order 1 backs off to the same for every id."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = arrays
        self.order = len(arrays["discounts"])
        self.size = int(arrays["size"])

    def _weights(self, order: int, where: Any) -> Array:
        """Discounted counts of the k-grams at those places."""
        counts: Array = self.arrays[f"counts_{order}"][where].astype(np.float64)
        taken = self.arrays["discounts"][order - 1]
        left: Array = counts - taken[np.minimum(counts, 3).astype(int) - 1]
        return left

    @cached_property
    def _kept(self) -> dict[int, Array]:
        """Per order, the share of a context's mass that its own k-grams keep."""
        made = {}
        for order in range(1, self.order + 1):
            starts = self.arrays[f"starts_{order}"].astype(np.int64)
            sums = np.r_[0.0, np.cumsum(self._weights(order, slice(None)))]
            totals = np.maximum(self.arrays[f"totals_{order}"], 1)
            made[order] = (sums[starts[1:]] - sums[starts[:-1]]) / totals
        return made

    @cached_property
    def _keys(self) -> dict[int, Array]:
        """Per order, context x size + word of every k-gram: sorted, so they can be searched."""
        made = {}
        for order in range(1, self.order + 1):
            starts = self.arrays[f"starts_{order}"].astype(np.int64)
            contexts = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
            made[order] = contexts * self.size + self.arrays[f"words_{order}"]
        return made

    def _find(self, order: int, contexts: Array, words: Array) -> Array:
        """The k-gram of each context and word; -1 where there is none, or no context (-1)."""
        keys = self._keys[order]
        wanted = contexts * self.size + words
        place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        return np.where((contexts >= 0) & (keys[place] == wanted), place, -1)

    def probabilities(self, ids: Array) -> Array:
        """float64 [t - 1]: of ids[1:], each after all before it; ids[0] is a text's start."""
        ids = ids.astype(np.int64)
        n = len(ids)
        found = np.full(n, 1.0 / self.size)
        contexts = np.zeros(n, np.int64)  # for order k: the (k-1)-gram that ends before each id
        grams = [np.zeros(n, np.int64)]
        for order in range(1, self.order + 1):
            # The k-gram that ends at i is the (k-1)-gram that ends at i - 1, and ids[i].
            contexts = np.r_[-1, grams[-1][:-1]] if order > 1 else grams[-1]
            here = self._find(order, contexts, ids)
            starts_inside = np.arange(n) < order - 1
            here[starts_inside] = -1
            grams.append(here)
            asked = contexts >= 0
            totals = np.maximum(self.arrays[f"totals_{order}"][contexts], 1)
            own = np.zeros(n)
            own[here >= 0] = self._weights(order, here[here >= 0])
            rest = 1 - self._kept[order][contexts]
            found = np.where(asked, own / totals + rest * found, found)
        return found[1:]

    def distribution(self, before: Array) -> Array:
        """float64 [size]: of every id after those, of which at most order - 1 are looked at."""
        found = np.full(self.size, 1.0 / self.size)
        for order in range(1, min(self.order, len(before) + 1) + 1):
            context = self._context(before[len(before) - order + 1 :])
            if context < 0:
                break
            starts = self.arrays[f"starts_{order}"]
            part = slice(int(starts[context]), int(starts[context + 1]))
            found *= 1 - self._kept[order][context]
            own = self._weights(order, part) / max(int(self.arrays[f"totals_{order}"][context]), 1)
            found[self.arrays[f"words_{order}"][part]] += own
        return found

    def _context(self, ids: Array) -> int:
        """The place of a k-gram among those of its length; -1 where it was never counted."""
        place = 0
        for order, word in enumerate(ids, 1):
            starts = self.arrays[f"starts_{order}"]
            low, high = int(starts[place]), int(starts[place + 1])
            words = self.arrays[f"words_{order}"][low:high]
            place = low + int(np.searchsorted(words, word))
            if place >= high or self.arrays[f"words_{order}"][place] != word:
                return -1
        return place
