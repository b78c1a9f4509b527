"""RISE: hide random parts, many times, and average what was left by how well it did.

Petsiuk et al. 2018, arXiv:1806.07421.
"""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from models.catalog import Model
from models.engine import MAX_BATCH
from models.explain import Floats, Heat, Pixels, Progress, Target, flat, probabilities, silent

MASKS, CELLS, SHOWN = 1000, 7, 0.5  # masks, their coarse grid, and the share of it left visible


def rise(
    model: Model,
    image: Pixels,
    target: Target,
    *,
    progress: Progress = silent,
    masks: int = MASKS,
    seed: int = 0,
) -> Heat:
    """Mean probability of the target over the masks that showed each pixel, less that over all.

    What a mask hides takes the picture's mean colour. `masks` forward passes.
    """
    total = np.zeros(image.shape[:2], np.float32)
    shown = np.zeros_like(total)
    hidden = flat(image).astype(np.float32)
    seconds, answers = 0.0, 0.0
    rng = np.random.default_rng(seed)
    for start in range(0, masks, MAX_BATCH):
        progress(start, masks)
        seen = np.stack([*_masks(rng, min(MAX_BATCH, masks - start), image.shape[:2])])
        weight = seen[..., None] if image.ndim == 3 else seen
        batch = (hidden + weight * (image - hidden)).round().astype(np.uint8)
        shares, took = probabilities(model, batch, target)
        seconds += took
        answers += float(shares.sum())
        total += np.tensordot(shares, seen, 1)
        shown += seen.sum(0)
    progress(masks, masks)
    values: Floats = total / shown.clip(1e-6) - np.float32(answers / masks)
    return Heat(values, passes=masks, seconds=seconds)


def _masks(rng: np.random.Generator, n: int, size: tuple[int, ...]) -> Iterator[Floats]:
    """n smooth masks in 0..1 of that height and width, each moved by up to a cell."""
    height, width = size
    high, wide = (-(-length // CELLS) for length in size)  # pixels of a cell
    for _ in range(n):
        coarse = (rng.random((CELLS + 1, CELLS + 1)) < SHOWN).astype(np.float32)
        whole = Image.fromarray(coarse).resize(
            ((CELLS + 1) * wide, (CELLS + 1) * high), Image.Resampling.BILINEAR
        )
        top, left = int(rng.integers(0, high + 1)), int(rng.integers(0, wide + 1))
        yield np.asarray(whole.crop((left, top, left + width, top + height)))
