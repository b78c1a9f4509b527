"""What models/explain/ladder.py compares a picture with: each channel's usual strongest answer."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from models import engine
from models.catalog import Model

Array = np.ndarray[Any, Any]


def usual_strength(
    model: Model, images: Iterable[Array], rungs: tuple[str, ...]
) -> dict[str, Array]:
    """Mean and spread over inputs of the strongest answer of each channel at each rung.

    images: what the graph takes, without the batch axis; one at a time, since maps are large.
    """
    strongest: dict[str, list[Array]] = {name: [] for name in rungs}
    for image in images:
        run = engine.infer(model, {"image": image[None]}, outputs=rungs)
        for name in rungs:
            strongest[name].append(run[name][0].max((1, 2)))
    return {f"{name}_mean": np.mean(rows, axis=0) for name, rows in strongest.items()} | {
        f"{name}_spread": np.std(rows, axis=0) for name, rows in strongest.items()
    }
