"""How good made pictures are, by the features of a network that never saw how they were made.

Everything takes features float [n, d] of real and made pictures. Nothing here may be called FID:
that name means the features of one Inception network.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import MiniBatchKMeans

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[np.generic]
NEAREST = 3  # as in the paper of precision and recall
CLUSTERS = 100
AT_LEAST = 0.25  # of its share of real pictures: below, a cluster counts as left out


def frechet(real: Array, made: Array) -> float:
    """Frechet distance between the Gaussians that fit both (Heusel et al. 2017, arXiv:1706.08500).

    0 for sets of one mean and covariance. Biased upwards for few rows: compare equal numbers.
    """
    means: list[Floats] = []
    covariances: list[Floats] = []
    for rows in (np.asarray(side, np.float64) for side in (real, made)):
        means.append(rows.mean(0))
        covariances.append(np.cov(rows, rowvar=False))
    values, vectors = np.linalg.eigh(covariances[0])
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    # The trace of the product's root, by a symmetric matrix that has the same eigenvalues.
    shared = np.sqrt(np.linalg.eigvalsh(root @ covariances[1] @ root).clip(0)).sum()
    apart = np.square(means[0] - means[1]).sum()
    return float(max(0.0, apart + sum(np.trace(c) for c in covariances) - 2 * shared))


def _distances(rows: Array, others: Array, step: int = 500) -> Iterator[tuple[slice, Floats]]:
    """Squared distances of some rows at a time to all others, so that memory stays small."""
    theirs: Floats = np.asarray(others, np.float64)
    lengths = np.square(theirs).sum(1)
    for begin in range(0, len(rows), step):
        some: Floats = np.asarray(rows[begin : begin + step], np.float64)
        squares = np.square(some).sum(1)[:, None] + lengths - 2 * some @ theirs.T
        yield slice(begin, begin + len(some)), squares.clip(0)


def nearest(rows: Array, others: Array, which: int = 1) -> Floats:
    """Distance [n] of each row to its `which`-th nearest of the others."""
    found = np.empty(len(rows))
    for part, squares in _distances(rows, others):
        found[part] = np.sqrt(np.partition(squares, which - 1, axis=1)[:, which - 1])
    return found


def inside(rows: Array, others: Array) -> float:
    """Share of the rows that lie within reach of one of the others.

    One's reach is the distance to its third nearest own kind. With made rows and real others this
    is precision, the other way round recall (Kynkaanniemi et al. 2019, arXiv:1904.06991).
    """
    reach = np.square(nearest(others, others, NEAREST + 1))  # the nearest of all is itself
    within = [(squares <= reach).any(1) for _, squares in _distances(rows, others)]
    return float(np.concatenate(within).mean())


# Two crowds of features, real [n, d] and made [m, d] -> how near the second comes to the first.
COMPARED: dict[str, Callable[[Array, Array], float]] = {
    "frechet_distance_own_features": frechet,
    "generator_precision": lambda real, made: inside(made, real),
    "generator_recall": inside,
}


def memorised(made: Floats, held_out: Floats) -> float:
    """Median distance of made rows to their nearest training row, over that of held-out rows.

    Both as `nearest` gives them. 1: as far from what trained the network as pictures that it never
    saw; 0: copies.
    """
    return float(np.median(made) / np.median(held_out))


@dataclass(frozen=True)
class Modes:
    """Kinds of pictures, found among training pictures: `assign` gives a row's kind."""

    assign: Callable[[Array], npt.NDArray[np.int64]]
    clusters: int

    def covered(self, real: Array, made: Array) -> float:
        """Share of kinds that the made rows hit at least a quarter as often as the real ones."""
        real_share, made_share = (
            np.bincount(self.assign(rows), minlength=self.clusters) / len(rows)
            for rows in (real, made)
        )
        there = real_share > 0
        return float((made_share >= AT_LEAST * real_share)[there].mean())


def modes(training: Array, clusters: int = CLUSTERS, seed: int = 0) -> Modes:
    """The kinds of pictures in a training set, by k-means."""
    clusters = min(clusters, len(training) // 2)
    found = MiniBatchKMeans(clusters, random_state=seed, n_init=3).fit(training)
    return Modes(lambda rows: found.predict(rows).astype(np.int64), clusters)
