"""Where in the input an answer came from. Of pictures here, of words and columns in `features`.

A method for pictures is a function of (model, image, target) and returns a `Heat`. `image` is what
the graph takes, without the batch axis; `target` counts the model's classes from 0, or is a group
of them. A group's probability is the sum of its members', and its score the log of their summed
exponentials: the gradient of that is their gradients, each weighed by its share of the group. Slow
methods call `progress(done, total)` between batches; whoever passes it may stop them there by
raising.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from models.catalog import Model
from models.engine import infer
from models.errors import InputError
from models.kinds.classifier import softmax

# Of probabilities and log-odds in float32, of which steps near 1 are a tenth of it.
ROUNDING = 1e-6
Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Floats = np.ndarray[Any, np.dtype[np.float32]]
Progress = Callable[[int, int], None]
Target = int | tuple[int, ...]  # a class, or a group of several


@dataclass(frozen=True)
class Heat:
    """A map over the input, float32 [height, width]; larger means more for the target."""

    values: Floats
    passes: int  # forward passes of the network
    seconds: float  # computing
    gap: float | None = None  # of integrated gradients: what its parts do not sum to, see there


def silent(done: int, total: int) -> None:
    """The progress of whoever does not watch."""


def members(target: Target) -> list[int]:
    """The classes of a target."""
    return [target] if isinstance(target, int) else [*target]


def shares_in(logits: Floats, target: Target) -> Floats:
    """[n, classes] -> [n, classes]: each member's share of the target's probability, else 0."""
    inside = members(target)
    shares = np.zeros_like(logits)
    shares[:, inside] = softmax(logits[:, inside])
    return shares


def probabilities(model: Model, images: Pixels, target: Target) -> tuple[Floats, float]:
    """Probability of `target` for each image [n, ...]: [n], and the seconds it took.

    Raises InputError where the model has no such class.
    """
    run = infer(model, {"image": images}, outputs=("logits",))
    check_target(target, run["logits"].shape[1])
    return softmax(run["logits"])[:, members(target)].sum(1), run.seconds


def classes_of(model: Model) -> int:
    """How many classes a classifier has."""
    file = next(iter(model.card.graphs["predict"].values()))
    return int(next(tensor.shape[-1] for tensor in file.outputs if tensor.name == "logits"))


def check_target(target: Target, classes: int) -> None:
    """InputError where a model of so many classes has no such one."""
    if not all(0 <= member < classes for member in members(target)):
        raise InputError(f"This model has the classes 0 to {classes - 1}: choose one of those.")


def flat(image: Pixels) -> Pixels:
    """The picture with nothing in it but its own mean colour: what "nothing there" looks like."""
    colour = image.mean((0, 1)).astype(np.uint8)
    return np.broadcast_to(colour, image.shape)


def is_flat(values: np.ndarray[Any, Any]) -> bool:
    """Whether these values mark nothing, since all that are known are equal but for rounding."""
    known = values[np.isfinite(values)]
    return not known.size or float(np.ptp(known)) <= ROUNDING * max(1.0, float(np.abs(known).max()))


def enlarge(values: Floats, height: int, width: int) -> Floats:
    """A map [h, w] at another size, bilinear."""
    image = Image.fromarray(values.astype(np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))


def agreement(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation of two maps: 1 the same order, 0 none, -1 the reverse."""
    found = rank_correlation(*(enlarge(values, 28, 28) for values in (one, other)))
    return 0.0 if found is None else found


def rank_correlation(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float | None:
    """Spearman's, of two arrays of one size; None where one of them is flat and has no order."""
    first, second = _ranks(one), _ranks(other)
    if first.min() == first.max() or second.min() == second.max():
        return None
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The rank of each value; equal ones, such as what Grad-CAM cuts off, share their mean."""
    _, group, size = np.unique(values, return_inverse=True, return_counts=True)
    ranks: np.ndarray[Any, np.dtype[np.float64]] = (np.cumsum(size) - size / 2)[group.ravel()]
    return ranks
