"""The ladder: what each depth of a network sees in one picture, from edges to parts to the class.

A channel answers strongly to something everywhere; what is telling is where it answers more than
it usually does. The model's evidence.npz holds each channel's usual strongest answer over photos
(`map_1_mean`, `map_1_spread`, ...).
"""

from dataclasses import dataclass

import numpy as np

from models.catalog import Model
from models.engine import infer
from models.explain import Floats, Pixels, enlarge


@dataclass(frozen=True)
class Channel:
    """One detector's answer to one picture."""

    index: int
    surprise: float  # how far its strongest answer is above the usual, in usual deviations
    values: Floats  # [h, w] of its own depth, at least 0


@dataclass(frozen=True)
class Rung:
    """One depth: its most surprising channels, most first."""

    name: str
    size: tuple[int, int]  # height and width of its maps
    channels: int
    strongest: tuple[Channel, ...]


def ladder(model: Model, image: Pixels, rungs: tuple[str, ...], keep: int = 4) -> list[Rung]:
    """The `keep` most surprising channels at each output of `rungs`."""
    run = infer(model, {"image": image[None]}, outputs=rungs)
    usual = model.arrays("evidence.npz")
    found = []
    for name in rungs:
        maps = run[name][0]
        spread = usual[f"{name}_spread"]
        surprise = (maps.max((1, 2)) - usual[f"{name}_mean"]) / spread.clip(1e-3)
        order = np.argsort(-surprise, kind="stable")[:keep]
        strongest = tuple(Channel(int(i), float(surprise[i]), maps[i]) for i in order)
        found.append(Rung(name, maps.shape[1:], len(maps), strongest))
    return found


def seen_by(channel: Channel, image: Pixels) -> Floats:
    """The channel's map enlarged to the image."""
    return enlarge(channel.values, *image.shape[:2])
