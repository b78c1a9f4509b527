"""Does the map matter? Erase what it marks, and as much at random, and compare."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from models.catalog import Model
from models.explain import Floats, Pixels, probabilities

TRIES = 8  # random maps: to hurt more than all of them has a chance of one in nine
Mask = np.ndarray[Any, np.dtype[np.bool_]]


def marked(heat: Floats, share: float) -> Mask:
    """The hottest `share` (0..1) of a map's pixels, as a mask of its shape."""
    count = max(1, round(share * heat.size))
    mask = np.zeros(heat.size, bool)
    mask[np.argsort(-heat, axis=None, kind="stable")[:count]] = True
    return mask.reshape(heat.shape)


def blurred(image: Pixels) -> Pixels:
    """The picture so blurred that little can be told."""
    radius = min(image.shape[:2]) / 8
    return np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)))


def erased(image: Pixels, mask: Mask) -> Pixels:
    """The image with the mask's pixels blurred beyond recognition, with soft edges.

    A blur, since a flat patch is a new object of its own: on this project's samples it made the
    test by erasing tell maps from chance more often.
    """
    soft = Image.fromarray((mask * 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(min(image.shape[:2]) / 75)
    )
    weight = np.asarray(soft, np.float32) / 255
    weight = weight[..., None] if image.ndim == 3 else weight
    mixed: Pixels = (image * (1 - weight) + blurred(image) * weight).round().astype(np.uint8)
    return mixed


def random_heat(image: Pixels, seed: int = 0) -> Floats:
    """A smooth map that knows nothing of the model: what any other has to beat."""
    coarse = np.random.default_rng(seed).random((12, 12), np.float32)
    field = Image.fromarray(coarse).resize(image.shape[1::-1], Image.Resampling.BILINEAR)
    return np.asarray(field)


@dataclass(frozen=True)
class Erasing:
    """Probability of the target with the image whole and after each erasing."""

    whole: float
    after: dict[str, float]  # by the name of the map whose hottest share was erased
    at_random: Floats  # [TRIES]: after erasing as much by maps that know nothing

    def believed(self) -> str | None:
        """The map that hurts most, if it hurts more than every random one; else None."""
        best = min(self.after, key=lambda name: self.after[name])
        return best if self.after[best] < self.at_random.min() else None


def by_erasing(
    model: Model, image: Pixels, target: int, maps: dict[str, Floats], share: float
) -> Erasing:
    """Erase each map's hottest `share` of the image, and as much at random, and ask again."""
    chance = [random_heat(image, seed) for seed in range(TRIES)]
    batch = [erased(image, marked(values, share)) for values in (*maps.values(), *chance)]
    left, _ = probabilities(model, np.stack([image, *batch]), target)
    named = dict(zip(maps, map(float, left[1:]), strict=False))
    return Erasing(float(left[0]), named, left[-TRIES:])
