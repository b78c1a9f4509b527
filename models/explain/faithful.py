"""Can a map be believed? Remove pixels in its order, or bring them back, and watch the answer.

Deletion and insertion of Petsiuk et al. 2018 (arXiv:1806.07421): a good map makes the answer fall
fast when its hottest pixels go (a small area under the curve), and rise fast when they come (a
large one). Beside every map stand two that know nothing of the model: a random one and an edge
detector.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model
from models.explain import Floats, Pixels, Progress, Target, flat, probabilities, silent
from models.explain.erase import blurred, random_heat

STEPS = 28
SHARES: Floats = np.linspace(0, 1, STEPS + 1, dtype=np.float32)
Stages = np.ndarray[Any, np.dtype[np.uint8]]  # [stages, height, width] or with channels


@dataclass(frozen=True)
class Curve:
    """Probability of the target after each equal share of the pixels or words was changed."""

    shares: Floats  # of the input: 0 to 1
    probabilities: Floats

    @property
    def area(self) -> float:
        """Area under the curve, 0 to 1."""
        return float(np.trapezoid(self.probabilities, self.shares))


def stages(start: Pixels, end: Pixels, heat: Floats, shares: Floats = SHARES) -> Stages:
    """The picture after each share of its pixels went from `start` to `end`, hottest first.

    Equal values go in a fixed random order: in the order of rows, a flat map would look informed.
    """
    shuffled = np.random.default_rng(0).permutation(heat.size)
    order = shuffled[np.argsort(-heat.ravel()[shuffled], kind="stable")]
    rank = np.empty(heat.size, int)
    rank[order] = np.arange(heat.size)
    gone = rank.reshape(heat.shape)[None] < np.round(shares * heat.size)[:, None, None]
    return np.where(gone[..., None] if start.ndim == 3 else gone, end[None], start[None])


def deletion(
    model: Model, image: Pixels, target: Target, heat: Floats, progress: Progress = silent
) -> Curve:
    """Pixels become the picture's mean colour, hottest first, in 28 equal steps."""
    shown = stages(image, flat(image), heat)
    return _curve(model, shown, target, progress)


def insertion(
    model: Model, image: Pixels, target: Target, heat: Floats, progress: Progress = silent
) -> Curve:
    """Pixels come into a strong blur of the picture, hottest first, in 28 steps."""
    shown = stages(blurred(image), image, heat)
    return _curve(model, shown, target, progress)


def _curve(model: Model, shown: Stages, target: Target, progress: Progress) -> Curve:
    progress(0, STEPS)
    left, _ = probabilities(model, shown, target)
    progress(STEPS, STEPS)
    return Curve(SHARES, left)


def edges(image: Pixels) -> Floats:
    """Sobel's gradient of brightness, slightly blurred: a map that looks at no model."""
    grey = image.mean(-1) if image.ndim == 3 else image.astype(np.float64)
    padded = np.pad(grey, 1, mode="edge")
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    columns = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    steps = np.hypot(rows[:, 2:] - rows[:, :-2], columns[2:] - columns[:-2])
    around = np.pad(steps, 1, mode="edge")
    height, width = steps.shape
    shifted = [around[i : i + height, j : j + width] for i in range(3) for j in range(3)]
    found: Floats = np.mean(shifted, axis=0).astype(np.float32)
    return found


KNOW_NOTHING = {"random map": random_heat, "edge detector": edges}
