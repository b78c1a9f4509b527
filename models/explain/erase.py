"""Does the map matter? Erase what it marks, and as much at random, and compare."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from models.catalog import Model
from models.explain import ROUNDING, Floats, Pixels, Target, is_flat, probabilities

TRIES = 8  # random maps: to hurt more than all of them has a chance of one in nine
Parts = np.ndarray[Any, np.dtype[np.float64]]


def marked(heat: Floats, share: float) -> Parts:
    """How much of each pixel the hottest `share` (0..1) of a map takes: its shape, 0 to 1.

    1 for what is hotter than the last of them, 0 for what is less hot. What is as hot as the last
    shares what is left in equal parts, which is its mean over all orders of equal pixels: in the
    order of rows a flat map would mark the top.
    """
    count = max(1, round(share * heat.size))
    last = np.partition(heat, heat.size - count, axis=None)[heat.size - count]
    hotter, equal = heat > last, heat == last
    found: Parts = hotter + equal * ((count - int(hotter.sum())) / int(equal.sum()))
    return found


def blurred(image: Pixels) -> Pixels:
    """The picture so blurred that little can be told."""
    radius = min(image.shape[:2]) / 8
    return np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)))


def erased(image: Pixels, parts: Parts) -> Pixels:
    """The image with so much of each pixel blurred beyond recognition, with soft edges.

    A blur, since a flat patch is a new object of its own: on this project's samples it made the
    test by erasing tell maps from chance more often.
    """
    soft = Image.fromarray((parts * 255).round().astype(np.uint8)).filter(
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
    flat: frozenset[str] = frozenset()  # maps that mark no place: what is left proves nothing

    def believed(self) -> str | None:
        """The map that hurts most, if it hurts more than every random one; else None."""
        marking = [name for name in self.after if name not in self.flat]
        if not marking:
            return None
        best = min(marking, key=lambda name: self.after[name])
        return best if self.beats_chance(best) else None

    def beats_chance(self, name: str) -> bool:
        """Whether erasing this map's place hurts more than every random erasing."""
        return self.after[name] < float(self.at_random.min()) - ROUNDING


def by_erasing(
    model: Model,
    image: Pixels,
    target: Target,
    maps: dict[str, Floats],
    share: float,
    *,
    known: Erasing | None = None,
) -> Erasing:
    """Erase each map's hottest `share` of the image, and as much at random, and ask again.

    known: what was found of another map of the same, whose whole and random tries are these too.
    """
    batch = [erased(image, marked(values, share)) for values in maps.values()]
    if known is None:
        chance = [random_heat(image, seed) for seed in range(TRIES)]
        batch += [image, *(erased(image, marked(values, share)) for values in chance)]
    left, _ = probabilities(model, np.stack(batch), target)
    own, rest = left[: len(maps)], left[len(maps) :]
    named = dict(zip(maps, map(float, own), strict=True))
    no_place = frozenset(name for name, values in maps.items() if is_flat(values))
    whole, at_random = (known.whole, known.at_random) if known else (float(rest[0]), rest[1:])
    return Erasing(whole, named, at_random, no_place)
