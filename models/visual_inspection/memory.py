"""A memory of good pictures' patches, and how far another picture's patches are from it.

As PatchCore (Roth et al. 2022, arXiv:2106.08265): patches of several depths of a network that
learned something else, thinned to a coreset by greedy k-centre; the distance to the nearest one.
Other than there each depth has a memory of its own, whitened by all good patches (as PaDiM's
distance is, Defard et al. 2021, arXiv:2011.08785), and its distances are put on the scale of good
pictures, each held against the patches of the others. A picture's score is not its one oddest place
but the mean of its oddest few, at the depth where they stand out most: where no two places are
alike, every good picture has one odd place. numpy alone; no learning.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models import deadline
from models.explain import enlarge

KEPT = 1_000  # patches of a depth in the memory
TAKEN = 4_000  # patches that the coreset is chosen from, at random
PROJECTED = 32  # numbers that stand for a patch while it is chosen (Johnson-Lindenstrauss)
USUAL, UNUSUAL = 0.5, 0.995  # quantiles of good patches' distances that become 0 and 1
SIDE = 56  # of a heat map
HOTTEST = 20  # places of the 56 x 56 whose mean is a picture's score
SOFT = np.array([1, 6, 15, 20, 15, 6, 1], np.float32) / 64  # a bell of deviation 1.2 places
STEADY = 10  # deviations of good pictures' scores that weigh as much as their mean

Floats = np.ndarray[Any, np.dtype[np.float32]]


def squared(patches: Floats, others: Floats) -> Floats:
    """Squared distances [n, m] of [n, d] and [m, d]."""
    found: Floats = np.square(patches).sum(1)[:, None] - 2 * patches @ others.T
    found += np.square(others).sum(1)
    return np.maximum(found, 0, out=found)


def coreset(patches: Floats, count: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Rows [count] of the patches [n, d] that cover all of them: each the farthest from the last.

    Greedy k-centre: at most twice as far apart as the best choice (Gonzalez 1985).
    """
    width = patches.shape[1]
    if width > PROJECTED:
        patches = patches @ rng.normal(size=(width, PROJECTED)).astype(np.float32)
    lengths = np.square(patches).sum(1)
    far = np.full(len(patches), np.inf, np.float32)
    chosen, last = [], 0
    for _ in deadline.watched(range(min(count, len(patches))), every=64):
        chosen.append(last)
        apart = lengths - 2 * (patches @ patches[last]) + lengths[last]
        np.minimum(far, apart, out=far)
        last = int(far.argmax())
    return np.array(chosen)


@dataclass(frozen=True)
class Least:
    """How much good pictures differ at a depth at least: of copies the scale would be nothing.

    variance: the largest of any direction. width: between `USUAL` and `UNUSUAL` distances. spread:
    see `Memory`.
    """

    variance: float = 1e-12
    width: float = 1e-6
    spread: float = 1e-6


@dataclass(frozen=True)
class Level:
    """The memory of one depth. whiten: [d, d]; owner: which good picture each patch is of.

    kin: of each good picture, the first that it is a copy of; itself, where of none.
    """

    mean: Floats
    whiten: Floats
    patches: Floats
    owner: np.ndarray[Any, Any]
    kin: np.ndarray[Any, Any]
    low: float
    high: float

    @classmethod
    def of(
        cls,
        maps: Floats,
        floor: float,
        rng: np.random.Generator,
        least: Least | None = None,
        kin: Sequence[int] | None = None,
    ) -> tuple["Level", list[Floats]]:
        """maps: [pictures, height, width, d] of the good pictures.

        floor: share of the largest variance below which a direction is not stretched further.
        Returns with it the distances of each good picture, [height, width], to the others' patches:
        against its own all would be at home.
        """
        pictures, height, width, size = maps.shape
        least = least or Least()
        every = maps.reshape(-1, size)
        mean = every.mean(0)
        values, vectors = np.linalg.eigh(np.cov((every - mean).T).astype(np.float64))
        largest = float(values.max())
        # Of pictures that hardly vary no direction is known from another: all count alike.
        bottom = floor * largest if largest >= least.variance else least.variance
        whiten = (vectors / np.sqrt(values.clip(bottom))).astype(np.float32)
        whitened = (every - mean) @ whiten
        owners = np.repeat(np.arange(pictures), height * width)
        taken = rng.permutation(len(whitened))[:TAKEN]
        kept = taken[coreset(whitened[taken], KEPT, rng)]
        same = np.arange(pictures) if kin is None else np.asarray(kin)
        level = cls(mean, whiten, whitened[kept], owners[kept], same, 0.0, 1.0)
        own = [level.distances(one, leave=i) for i, one in enumerate(maps)]
        low, high = map(float, np.quantile(own, (USUAL, UNUSUAL)))
        high = max(high, low + least.width)
        level = replace(level, low=low, high=high)
        return level, [((one - low) / (high - low)).astype(np.float32) for one in own]

    def whitened(self, maps: Floats) -> Floats:
        """[..., d] -> [n, d]."""
        flat = maps.reshape(-1, maps.shape[-1]) - self.mean
        return np.asarray(flat @ self.whiten, np.float32)

    def distances(self, maps: Floats, leave: int | None = None) -> Floats:
        """[height, width, d] -> [height, width]: to the nearest patch, 0 usual and 1 unusual.

        leave: a good picture whose own patches do not count, nor those of its copies.
        Raises BusyError past the deadline of `deadline.work`.
        """
        deadline.check()
        patches = self.patches if leave is None else self._without(leave)
        nearest = np.sqrt(squared(self.whitened(maps), patches).min(1))
        found: Floats = ((nearest - self.low) / (self.high - self.low)).astype(np.float32)
        return found.reshape(maps.shape[:-1])

    def _without(self, one: int) -> Floats:
        """The patches of other good pictures; of its copies, or its own, where there are no others.

        Of copies the coreset may keep those of one alone.
        """
        for others in (self.kin[self.owner] != self.kin[one], self.owner != one):
            if others.any():
                found: Floats = self.patches[others]
                return found
        return self.patches

    def nearest_owner(self, patch: Floats) -> np.ndarray[Any, Any]:
        """The good pictures in the order of their patches' distance from one patch [d]."""
        order = np.argsort(squared(self.whitened(patch[None]), self.patches)[0], kind="stable")
        return np.array(list(dict.fromkeys(self.owner[order].tolist())))


def softened(heat: Floats) -> Floats:
    """[h, w] -> [h, w], each place mixed with its neighbours, mirrored at the edges."""
    reach = len(SOFT) // 2
    for axis in (0, 1):
        edge = [(reach, reach) if axis == one else (0, 0) for one in (0, 1)]
        views = np.lib.stride_tricks.sliding_window_view(
            np.pad(heat, edge, mode="symmetric"), len(SOFT), axis
        )
        heat = np.asarray(views @ SOFT, np.float32)
    return heat


def hottest(heat: Floats) -> float:
    """Mean of the hottest places of one map [h, w]."""
    flat = heat.ravel()
    return float(np.partition(flat, -HOTTEST)[-HOTTEST:].mean())


@dataclass(frozen=True)
class Memory:
    """Good pictures, remembered. good: the score of each when held against the others.

    usual, spread: of each depth, the mean of good pictures' `hottest`, which is 1 in every heat,
    and what is 1 more: that mean and ten of their deviations, so that a score means the same for
    calm parts and for wild ones. kin: see `Level`.
    """

    levels: tuple[Level, ...]
    good: tuple[float, ...] = ()
    usual: tuple[float, ...] = ()
    spread: tuple[float, ...] = ()
    kin: tuple[int, ...] = ()

    @classmethod
    def of(
        cls,
        maps: Sequence[Floats],
        floors: Sequence[float],
        seed: int = 0,
        least: Sequence[Least] | None = None,
        kin: Sequence[int] | None = None,
    ) -> "Memory":
        """maps: of each depth, [pictures, height, width, d]; floors, kin: see `Level.of`."""
        rng = np.random.default_rng(seed)
        bounds = least or [Least()] * len(maps)
        every = zip(maps, floors, bounds, strict=True)
        made = [Level.of(depth, floor, rng, bound, kin) for depth, floor, bound in every]
        hot = np.array(
            [
                [hottest(softened(enlarge(own[i], SIDE, SIDE))) for _, own in made]
                for i in range(len(maps[0]))
            ]
        )
        usual = hot.mean(0)
        spread = np.maximum(usual + STEADY * hot.std(0), [bound.spread for bound in bounds])
        good = (1 + (hot - usual) / spread).max(1)
        levels = tuple(level for level, _ in made)
        same = range(len(maps[0])) if kin is None else kin
        return cls(levels, tuple(good), tuple(usual), tuple(spread), tuple(same))

    @property
    def copies(self) -> list[list[int]]:
        """The good pictures that are one and the same, from 0: each such group in its order."""
        groups: dict[int, list[int]] = {}
        for one, first in enumerate(self.kin):
            groups.setdefault(first, []).append(one)
        return [group for group in groups.values() if len(group) > 1]

    def _softened(self, maps: Sequence[Floats]) -> list[Floats]:
        """Distances of one picture at each depth, [56, 56]."""
        return [
            softened(enlarge(level.distances(depth), SIDE, SIDE))
            for level, depth in zip(self.levels, maps, strict=True)
        ]

    def heat(self, maps: Sequence[Floats]) -> tuple[Floats, float]:
        """Of one picture, of each depth [height, width, d]: its heat [56, 56] and its score.

        1 is as hot as a usual good picture's hottest places.
        """
        every = zip(self._softened(maps), self.usual, self.spread, strict=True)
        each = [1 + (distances - usual) / spread for distances, usual, spread in every]
        return np.asarray(np.max(each, 0), np.float32), max(hottest(one) for one in each)
