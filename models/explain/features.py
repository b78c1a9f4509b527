"""What the parts of an input did for an answer: words of a text, columns of a row.

    found = shapley(value, n)
    found.values, found.error, found.passes

All that a method needs of a model is `value`: from bool [m, n], which of n features each of m
inputs keeps, to float [m], what the model says of each. What stands where a feature is missing is
value's to choose. n is at least 1. What speaks for a larger value is above 0.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np

from models.explain import Progress, silent
from models.explain.faithful import STEPS, Curve

Masks = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]
Value = Callable[[Masks], np.ndarray[Any, Any]]

BATCH = 64  # masks at once: so few that whoever watches is asked often
PERMUTATIONS = 32
SEEDS = 5  # orders over which chance is evened out


@dataclass(frozen=True)
class Parts:
    """One value a feature, float64 [n]. passes: inputs that the model was asked about.

    error: the standard error of each value, where it was sampled; None where it is exact.
    """

    values: Numbers
    passes: int
    error: Numbers | None = None


def leave_one_out(value: Value, n: int, *, progress: Progress = silent) -> Parts:
    """How far the value falls without each feature (Robnik-Šikonja, Kononenko 2008): n + 1 passes.

    Blind to features that stand in for each other: without one of them the value stays.
    """
    masks = (np.arange(n) != row for row in range(-1, n))  # the first lacks nothing
    whole, *without = _asked(value, masks, n + 1, progress)
    return Parts(whole - np.array(without), passes=n + 1)


def shapley(
    value: Value,
    n: int,
    *,
    progress: Progress = silent,
    permutations: int = PERMUTATIONS,
    antithetic: bool = True,
    seed: int = 0,
) -> Parts:
    """What each feature adds on average over the orders in which all may come: Shapley values.

    Sampled over random permutations (Castro et al. 2009; Štrumbelj, Kononenko 2014). Each costs
    n - 1 passes, and with them two for all features and for none; whatever is drawn, the values
    sum to the difference of these two. antithetic: every second permutation is the one before it
    backwards (Mitchell et al. 2022, arXiv:2104.12199), which is exact where features act by
    themselves or in twos, and then needs one pair alone.

    permutations: at least 4 and even, so that there is an error to tell.
    """
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(n) for _ in range(permutations // 2 if antithetic else permutations)]
    if antithetic:
        orders = [one for order in orders for one in (order, order[::-1])]
    total = 2 + len(orders) * (n - 1)
    ends = [np.zeros(n, bool), np.ones(n, bool)]
    none, whole, *inner = _asked(value, chain(ends, _grown(orders)), total, progress)
    added = np.empty((len(orders), n))
    for row, order in enumerate(orders):
        steps = [none, *inner[row * (n - 1) : (row + 1) * (n - 1)], whole]
        added[row, order] = np.diff(steps)
    drawn = added.reshape(-1, 2, n).mean(1) if antithetic else added
    error = drawn.std(axis=0, ddof=1) / np.sqrt(len(drawn))
    return Parts(drawn.mean(0), total, error)


def _grown(orders: Sequence[Any]) -> Iterator[Masks]:
    """Every mask between none and all, in the order of each permutation."""
    for order in orders:
        mask = np.zeros(len(order), bool)
        for feature in order[:-1]:
            mask[feature] = True
            yield mask.copy()


def _asked(value: Value, masks: Iterator[Masks], total: int, progress: Progress) -> list[float]:
    """The value of each of so many masks, BATCH at once."""
    found: list[float] = []
    while len(found) < total:
        progress(len(found), total)
        found += map(float, value(np.stack([*islice(masks, BATCH)])))
    progress(total, total)
    return found


def grouped(value: Value, n: int, most: int) -> tuple[Value, np.ndarray[Any, np.dtype[np.int64]]]:
    """At most `most` features of n: neighbours share one, where there are more.

    Returns the value of masks of the groups, and the group of each feature, int64 [n].
    """
    group = np.arange(n) * min(most, n) // n
    return lambda masks: value(masks[:, group]), group


def order_of(values: Numbers, seed: int = 0) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The features from the largest value to the smallest; equal ones in a random order."""
    shuffled = np.random.default_rng(seed).permutation(len(values))
    return shuffled[np.argsort(-values[shuffled], kind="stable")]


def removal(
    value: Value, order: np.ndarray[Any, np.dtype[np.int64]], progress: Progress = silent
) -> Curve:
    """The value while features go in that order, in 28 equal steps or one by one where fewer.

    As deletion of pixels (Petsiuk et al. 2018): the sooner it falls, the better the order.
    """
    n = len(order)
    gone = np.round(np.linspace(0, n, min(STEPS, n) + 1)).astype(int)
    rank = np.empty(n, int)
    rank[order] = np.arange(n)
    found = _asked(value, iter(rank[None] >= gone[:, None]), len(gone), progress)
    return Curve((gone / n).astype(np.float32), np.array(found, np.float32))


def removal_by(
    value: Value, values: Numbers, seeds: int = SEEDS, progress: Progress = silent
) -> Curve:
    """That curve, those of the largest `values` first; where many are equal, its mean over orders.

    One order of equals could be better or worse than they are by chance. Of fewer than a step takes
    one random order will do.
    """
    equal = np.unique(values, return_counts=True)[1].max()
    if equal <= max(1, len(values) / STEPS):
        return removal(value, order_of(values), progress)
    return _mean([order_of(values, seed) for seed in range(seeds)], value, progress)


def random_removal(value: Value, n: int, seeds: int = SEEDS, progress: Progress = silent) -> Curve:
    """The mean of that curve over so many random orders: what knows nothing of the model."""
    orders = [np.random.default_rng(seed).permutation(n) for seed in range(seeds)]
    return _mean(orders, value, progress)


def _mean(
    orders: Sequence[np.ndarray[Any, np.dtype[np.int64]]], value: Value, progress: Progress
) -> Curve:
    """The mean of `removal` over these orders."""
    curves = []
    for done, order in enumerate(orders):
        progress(done, len(orders))
        curves.append(removal(value, order))
    progress(len(orders), len(orders))
    return Curve(curves[0].shares, np.mean([curve.probabilities for curve in curves], axis=0))


def leaders(values: Numbers, most: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The features of the largest values, largest first: at most so many, and none before an equal.

    Where equal values would have to be told apart by their place, none of them is among these:
    int64 [0..most].
    """
    order = np.argsort(-values, kind="stable")
    while most and len(values) > most and values[order[most - 1]] == values[order[most]]:
        most -= 1
    return order[:most]
