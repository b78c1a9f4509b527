"""Occlusion: cover a patch, see how far the answer falls (Zeiler, Fergus 2014, arXiv:1311.2901)."""

from collections.abc import Callable

import numpy as np

from models.catalog import Model
from models.engine import MAX_BATCH
from models.explain import Floats, Heat, Pixels, Progress, Target, flat, probabilities, silent

Scores = Callable[[Pixels], tuple[Floats, float]]  # of pictures [n, ...]: [n], and seconds


def occlusion(
    model: Model,
    image: Pixels,
    target: Target,
    *,
    cells: int = 12,
    progress: Progress = silent,
) -> Heat:
    """Mean fall of the target's probability over the patches that covered each pixel.

    cells: patches slide in steps of 1/cells of the image and are two steps wide; they are filled
    with the image's mean colour. (cells - 1) squared + 1 forward passes.
    """
    return falls(lambda images: probabilities(model, images, target), image, cells, progress)


def falls(score: Scores, image: Pixels, cells: int = 12, progress: Progress = silent) -> Heat:
    """The same of any score of pictures like `image`."""
    height, width = image.shape[:2]
    rows, columns = (np.linspace(0, size, cells + 1).astype(int) for size in (height, width))
    places = [(r, c) for r in range(cells - 1) for c in range(cells - 1)]
    empty = flat(image)
    before, seconds = score(image[None])
    total, covered = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    for start in range(0, len(places), MAX_BATCH):
        progress(start, len(places))
        chunk = places[start : start + MAX_BATCH]
        areas = [(slice(rows[r], rows[r + 2]), slice(columns[c], columns[c + 2])) for r, c in chunk]
        batch = np.repeat(image[None], len(chunk), axis=0)
        for picture, area in zip(batch, areas, strict=True):
            picture[area] = empty[area]
        after, took = score(batch)
        seconds += took
        for area, fall in zip(areas, before[0] - after, strict=True):
            total[area] += fall
            covered[area] += 1
    progress(len(places), len(places))
    values: Floats = total / covered.clip(1)
    return Heat(values, passes=len(places) + 1, seconds=seconds)
