"""What would change its mind: the smallest patch found whose covering gives another answer.

Greedy: cover the cell of a coarse grid that hurts the class most, then of its neighbours the one
that hurts most, until another class comes first. A smaller patch of another shape may exist.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model
from models.engine import infer
from models.explain import Pixels, Progress, flat, silent
from models.kinds.classifier import softmax

CELLS = 14
MOST = 0.35  # of the picture: a larger patch leaves nothing to explain
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Change:
    """`picture` is covered where `mask` [height, width] says; `answer` comes first then."""

    picture: Pixels
    mask: Mask
    share: float  # of the picture that is covered
    answer: int  # the class that comes first now; the first one itself where nothing flipped it
    before: float  # probability of the first answer, before and after
    after: float
    passes: int

    def flipped(self, first: int) -> bool:
        """Whether another class than `first` comes first."""
        return self.answer != first


def counterfactual(
    model: Model, image: Pixels, first: int, *, progress: Progress = silent
) -> Change:
    """Grow a patch of the picture's mean colour until `first` is no longer the first answer."""
    height, width = image.shape[:2]
    rows, columns = (np.linspace(0, size, CELLS + 1).astype(int) for size in (height, width))
    empty = flat(image)
    most = int(MOST * CELLS**2)
    before = float(_answers(model, image[None])[0, first])
    chosen: list[tuple[int, int]] = []
    covered, passes, shares = image, 1, None
    while len(chosen) < most and (shares is None or int(shares.argmax()) == first):
        progress(len(chosen), most)
        offers = _neighbours(chosen)
        tries = []
        for row, column in offers:
            picture = covered.copy()
            area = slice(rows[row], rows[row + 1]), slice(columns[column], columns[column + 1])
            picture[area] = empty[area]
            tries.append(picture)
        found = _answers(model, np.stack(tries))
        passes += len(tries)
        best = int(_margin(found, first).argmin())
        chosen.append(offers[best])
        covered, shares = tries[best], found[best]
    progress(most, most)
    assert shares is not None
    mask = np.zeros((height, width), bool)
    for row, column in chosen:
        mask[rows[row] : rows[row + 1], columns[column] : columns[column + 1]] = True
    share, after = float(mask.mean()), float(shares[first])
    return Change(covered, mask, share, int(shares.argmax()), before, after, passes)


def _neighbours(chosen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """All cells at first; then those that touch the patch."""
    cells = [(row, column) for row in range(CELLS) for column in range(CELLS)]
    if not chosen:
        return cells
    return [
        cell
        for cell in cells
        if cell not in chosen
        and any(abs(cell[0] - c[0]) + abs(cell[1] - c[1]) == 1 for c in chosen)
    ]


def _answers(model: Model, images: Pixels) -> np.ndarray[Any, np.dtype[np.float32]]:
    return softmax(infer(model, {"image": images}, outputs=("logits",))["logits"])


def _margin(
    shares: np.ndarray[Any, np.dtype[np.float32]], first: int
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """How far `first` is ahead of the best other class."""
    others = np.delete(shares, first, axis=1)
    ahead: np.ndarray[Any, np.dtype[np.float32]] = shares[:, first] - others.max(1)
    return ahead
