"""Does the map matter? Erase what it marks, and as much at random, and compare."""

from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from models.catalog import Model
from models.explain import Floats, Heat, Pixels, probabilities

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def marked(heat: Floats, share: float) -> Mask:
    """The hottest `share` (0..1) of a map's pixels, as a mask of its shape."""
    count = max(1, round(share * heat.size))
    mask = np.zeros(heat.size, bool)
    mask[np.argsort(-heat, axis=None, kind="stable")[:count]] = True
    return mask.reshape(heat.shape)


def erased(image: Pixels, mask: Mask) -> Pixels:
    """The image with the mask's pixels replaced by its mean colour, with soft edges."""
    soft = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(3))
    weight = np.asarray(soft, np.float32) / 255
    weight = weight[..., None] if image.ndim == 3 else weight
    colour = image.mean((0, 1))
    mixed: Pixels = (image * (1 - weight) + colour * weight).round().astype(np.uint8)
    return mixed


def random_heat(image: Pixels, seed: int = 0) -> Floats:
    """A smooth map that knows nothing of the model: what any other has to beat."""
    coarse = np.random.default_rng(seed).random((12, 12), np.float32)
    field = Image.fromarray(coarse).resize(image.shape[1::-1], Image.Resampling.BILINEAR)
    return np.asarray(field)


def left_after_erasing(
    model: Model, image: Pixels, target: int, heats: dict[str, Heat], share: float = 0.15
) -> dict[str, float]:
    """Probability of `target` with the image whole, and with each map's hottest share erased.

    Keys: "whole", the names of `heats`, and "random" (mean of four maps that know nothing).
    """
    maps = [heat.values for heat in heats.values()] + [random_heat(image, s) for s in range(4)]
    batch = np.stack([image, *(erased(image, marked(values, share)) for values in maps)])
    left, _ = probabilities(model, batch, target)
    named = dict(zip(("whole", *heats), map(float, left), strict=False))
    return named | {"random": float(left[-4:].mean())}
