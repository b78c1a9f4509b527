"""Groups of normal rows in a network's code: their middles are nobody's row, and can be shown."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.cluster import KMeans

Array = np.ndarray[Any, Any]
GROUPS = 24  # into which normal rows fall
SMALLEST = 20  # rows of a group that is kept


@dataclass(frozen=True)
class Groups:
    """middles float32 [k, code]; share float32 [k] of the rows; spread float32 [code] of them."""

    middles: Array
    share: Array
    spread: Array


def groups(codes: Array) -> Groups:
    """Where normal rows crowd, by k-means on codes [n, code], each divided by its spread."""
    spread = np.maximum(codes.std(0), 1e-3)
    count = min(GROUPS, len(codes) // 2)
    found = KMeans(count, random_state=0, n_init=4).fit((codes / spread).astype(np.float64))
    sizes = np.bincount(found.labels_, minlength=count)
    kept = np.flatnonzero(sizes >= min(SMALLEST, len(codes) // count))
    middles = found.cluster_centers_[kept] * spread
    share = sizes[kept] / len(codes)
    return Groups(*(part.astype(np.float32) for part in (middles, share, spread)))
