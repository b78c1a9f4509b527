"""Is this part like the good ones? Pictures of good ones to remember, no training, a heat map.

    memory = remember(model, good)                    # 5 to 50 pictures
    findings, run = inspect(model, memory, [picture])
    findings[0].score, findings[0].heat

The graph `predict` is the lowest part of image_recognition's network, which learned to tell a
thousand everyday things apart. It takes uint8 [n, 224, 224, 3] and gives, as float32, `light`
[n, 28, 28, 12], the colours' means and deviations around each place, and what two depths see, the
mean over 3 x 3 places: `fine` [n, 56, 56, 24] and `middle` [n, 28, 28, 40]. memory.py does the
rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from models import deadline, engine
from models.catalog import Model
from models.errors import InputError
from models.visual_inspection.memory import Floats, Least, Memory

SIDE = 224
DEPTHS = ("light", "fine", "middle")
FLOORS = (1e-5, 1e-3, 1e-3)  # see memory.Level
# The least of 57 sets of twelve good pictures: eight drawn textures, three photographs, and the
# samples. Only of copies, or of pictures of one colour, is less seen.
LEAST = (Least(0.0135, 0.4, 1.5), Least(22, 1.25, 1.15), Least(13, 1.9, 1.7))
# Mean step of 255 in the square of 14 x 14 pixels where two pictures differ most. In those sets it
# is 4.4 at least; the same picture saved once more as JPEG (quality 95) has 2.1 in the middle.
COPY, SQUARE = 3.0, 14
FEWEST, MOST = 5, 50
AT_ONCE = 4  # pictures: each takes 12 MB on its way, and more at once are no faster

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True)
class Finding:
    """What was found in one picture.

    heat: [56, 56]; 1 is what a usual good picture has at its oddest places.
    alike: the three good pictures that are most alike at the oddest place, counted from 0.
    """

    score: float  # of its oddest places, at the depth where they stand out most
    heat: Floats
    alike: tuple[int, ...]

    @property
    def place(self) -> tuple[float, float]:
        """Where it is oddest: share of the height and of the width."""
        row, column = np.unravel_index(int(self.heat.argmax()), self.heat.shape)
        return (float(row) + 0.5) / self.heat.shape[0], (float(column) + 0.5) / self.heat.shape[1]


def preprocess(pixels: Pixels) -> Pixels:
    """uint8 [height, width, 3] of any size -> the whole of it, uint8 [224, 224, 3], bicubic.

    Nothing is cropped, since a flaw may lie at the edge: another shape is squeezed.
    """
    return np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def seen(model: Model, pictures: Sequence[Pixels]) -> tuple[list[Floats], engine.Run]:
    """What each depth sees of pictures of any sizes. Raises what `engine.infer` raises."""
    return _seen(model, [preprocess(pixels) for pixels in pictures])


def _seen(model: Model, small: Sequence[Pixels]) -> tuple[list[Floats], engine.Run]:
    """The same of pictures as `preprocess` gives them."""
    batch = np.stack(small)
    run = engine.infer(model, {"image": batch}, outputs=DEPTHS, chunk=AT_ONCE)
    return [run[depth] for depth in DEPTHS], run


def remember(model: Model, good: Sequence[Pixels]) -> Memory:
    """Remember good pictures, uint8 [height, width, 3] of any sizes.

    Raises InputError for too few or too many, and what `engine.infer` and `deadline.work` raise.
    """
    if len(good) < FEWEST:
        count = "is one good picture" if len(good) == 1 else f"are {len(good)} good pictures"
        raise InputError(
            f"There {count}, which does not show how much good ones differ: give at least {FEWEST}."
        )
    if len(good) > MOST:
        raise InputError(f"There are {len(good)} good pictures: give at most {MOST}.")
    small = [preprocess(pixels) for pixels in good]
    depths, _ = _seen(model, small)
    with deadline.work():
        return Memory.of(depths, FLOORS, least=LEAST, kin=_kin_of(small))


def kin_of(pictures: Sequence[Pixels]) -> list[int]:
    """Of each picture the first that it is a copy of, from 0; itself, where of none."""
    return _kin_of([preprocess(pixels) for pixels in pictures])


def _kin_of(reduced: Sequence[Pixels]) -> list[int]:
    small = [pixels.astype(np.int16) for pixels in reduced]
    found: list[int] = []
    for i in deadline.watched(range(len(small)), every=1):
        alike = (j for j in range(i) if found[j] == j and _apart(small[i], small[j]) < COPY)
        found.append(next(alike, i))
    return found


def _apart(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """Of two pictures int16 [224, 224, 3], the mean step where they differ most."""
    count = SIDE // SQUARE
    steps = np.abs(one - other).reshape(count, SQUARE, count, SQUARE * 3).mean((1, 3))
    return float(steps.max())


def inspect(
    model: Model, memory: Memory, pictures: Sequence[Pixels]
) -> tuple[list[Finding], engine.Run]:
    """Hold pictures against the memory. Raises what `engine.infer` and `deadline.work` raise."""
    depths, run = seen(model, pictures)
    return [_found(memory, [depth[i] for depth in depths]) for i in range(len(pictures))], run


def _found(memory: Memory, maps: list[Floats]) -> Finding:
    with deadline.work():
        heat, score = memory.heat(maps)
    finding = Finding(score, heat, ())
    down, across = finding.place
    middle = maps[2]
    patch = middle[int(down * middle.shape[0]), int(across * middle.shape[1])]
    alike = memory.levels[2].nearest_owner(patch)[:3]
    return Finding(finding.score, heat, tuple(int(i) for i in alike))
