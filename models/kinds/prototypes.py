"""The groups into which normal rows fall in a network's code: which are most like a row.

A group's middle is the mean of its codes, written out as the row that the network makes of it: no
row of the data set. Evidence holds prototype_code [k, code] and code_spread [code].
"""

from typing import Any

import numpy as np

from models.catalog import Model

Array = np.ndarray[Any, Any]


def nearest(model: Model, code: Array, count: int) -> list[tuple[int, float]]:
    """The groups nearest to a code [code]: which of them, and how far, in spreads of the rows."""
    held = model.arrays("evidence.npz")
    apart = (held["prototype_code"] - code) / held["code_spread"]
    distance = np.sqrt((apart**2).mean(1))
    return [(int(i), float(distance[i])) for i in np.argsort(distance, kind="stable")[:count]]
