"""Counts for the modified Kneser-Ney model of models/kinds/language/ngram.py, in numpy alone.

    arrays = count(texts, size=8_000)          # each text's ids, its start first
    small = pruned(arrays, least=2)

The highest order keeps how often a k-gram occurs; a lower one how many different ids come before
it, but a k-gram at the start of a text, which has none before it, how often it occurs. Discounts
come from the counts of counts (Chen, Goodman 1998, section 3.1, equation 26).
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
USUAL = 0.75  # a discount where the counts of counts do not give one, as in tiny texts


def discounts(counts: Array) -> Array:
    """float64 [3]: what to take off a count of 1, of 2 and of 3 or more."""
    n = [float((counts == k).sum()) for k in (1, 2, 3, 4)]
    if n[0] == 0 or n[1] == 0:
        return np.full(3, USUAL)
    share = n[0] / (n[0] + 2 * n[1])
    taken = [k - (k + 1) * share * n[k] / n[k - 1] if n[k - 1] else USUAL for k in (1, 2, 3)]
    return np.clip(taken, 0, (1, 2, 3))


def count(texts: list[Array], size: int, order: int = 5) -> dict[str, Array]:
    """The arrays of a KneserNey, complete. The end of a text counts as the start of the next."""
    ids = np.concatenate([*texts, texts[0][:1]]).astype(np.int64)
    begins = ids == texts[0][0]
    grams = np.zeros(len(ids), np.int64)  # of the length so far, the one that begins at each place
    keys: list[Array] = []
    firsts: list[Array] = []  # where each k-gram first occurs
    occurs: list[Array] = []
    at: list[Array] = []
    for length in range(1, order + 1):
        last = np.r_[ids[length - 1 :], np.zeros(length - 1, np.int64)]
        inside = grams >= 0
        inside[len(ids) - length + 1 :] = False
        if length == 1:
            inside[-1] = False  # the last start only ends the last text
        if length > 2:  # no k-gram goes over from one text to the next
            inside &= ~np.r_[begins[length - 2 :], np.ones(length - 2, bool)]
        wanted = np.where(inside, grams * size + last, -1)
        unique, first, place, often = np.unique(
            wanted, return_index=True, return_inverse=True, return_counts=True
        )
        skip = int(unique[0] == -1)
        grams = place - skip
        if length == 1:  # the end of the last text is not counted, but what leads to it is
            grams[-1] = np.searchsorted(unique[skip:], ids[-1])
        keys.append(unique[skip:])
        firsts.append(first[skip:])
        occurs.append(often[skip:])
        at.append(grams)
    made: dict[str, Array] = {"size": np.array(size)}
    taken = []
    for length in range(1, order + 1):
        adjusted = occurs[length - 1]
        if length < order:  # what ends a longer k-gram begins one place after it
            inner = at[length - 1][firsts[length] + 1]
            many = np.bincount(inner, minlength=len(adjusted))
            adjusted = np.where(begins[firsts[length - 1]] & (length > 1), adjusted, many)
            adjusted = np.maximum(adjusted, 1)
        taken.append(discounts(adjusted))
        contexts = len(keys[length - 2]) if length > 1 else 1
        parents = keys[length - 1] // size
        made |= {
            f"words_{length}": (keys[length - 1] % size).astype(np.uint16),
            f"counts_{length}": adjusted.astype(np.uint32),
            f"starts_{length}": np.searchsorted(parents, np.arange(contexts + 1)).astype(np.uint32),
            f"totals_{length}": np.bincount(parents, adjusted, contexts).astype(np.uint32),
        }
    return made | {"discounts": np.array(taken)}


def pruned(arrays: dict[str, Array], least: int, begin: int = 3) -> dict[str, Array]:
    """Without the k-grams from order `begin` on that are counted less than `least` times.

    What they had goes to the shorter context. A k-gram stays where a longer one needs it.
    """
    order = len(arrays["discounts"])
    keep: dict[int, Array] = {}
    for length in range(order, 0, -1):
        counts = arrays[f"counts_{length}"]
        kept = np.ones(len(counts), bool) if length < begin else counts >= least
        if length < order:
            starts = arrays[f"starts_{length + 1}"].astype(np.int64)
            sums = np.r_[0, np.cumsum(keep[length + 1])]
            kept |= sums[starts[1:]] > sums[starts[:-1]]
        keep[length] = kept
    made = {name: arrays[name] for name in ("size", "discounts")}
    alive = np.ones(1, bool)
    for length in range(1, order + 1):
        starts = arrays[f"starts_{length}"].astype(np.int64)
        sums = np.r_[0, np.cumsum(keep[length])]
        many = (sums[starts[1:]] - sums[starts[:-1]])[alive]
        made |= {
            f"words_{length}": arrays[f"words_{length}"][keep[length]],
            f"counts_{length}": arrays[f"counts_{length}"][keep[length]],
            f"starts_{length}": np.r_[0, np.cumsum(many)].astype(np.uint32),
            f"totals_{length}": arrays[f"totals_{length}"][alive],
        }
        alive = keep[length]
    return made
