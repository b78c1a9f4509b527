"""Three ways to name a piece of clothing without a deep network, to stand beside the network.

    rules(picture)                       -> (label, which rule)
    linear(model, pictures)              -> probabilities of logistic regression
    neighbours(model, pictures)          -> shares of the nearest training pictures, and their rows

The rules were written by hand from looking at training pictures; `training/fashion_baselines.py`
fits the other two and measures all three.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

UInt8 = npt.NDArray[np.uint8]
Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]

LABELS = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
INK = 20  # grey level from which a pixel is cloth: the background is 0, the darkest cloth about 30


@dataclass(frozen=True)
class Shape:
    """What the rules look at, measured on one picture. Lengths are pixels, shares 0 to 1."""

    height: int  # of the box around the ink
    width: int
    fill: float  # share of that box that is ink
    lopsided: float  # pixels whose mirror image differs, over inked pixels: 0 is symmetric
    heel: float  # mean inked height of columns 19 to 25, where a shoe has its heel
    rough: float  # mean step of grey from row to row, over the mean grey: straps, seams, prints
    legs: float  # share of the lower centre, rows 16 to 26, that is background
    shoulders: float  # mean inked width of rows 1 to 3
    chest: float  # mean inked width of rows 4 to 6
    body: float  # mean inked width of rows 13 to 15
    sleeves: float  # share of ink at both sides of rows 18 to 23: long sleeves hang there
    neck: float  # share of ink in the top centre, rows 0 to 2: a neckline leaves it open
    opening: float  # sharpest step between the centre columns, over other columns: zip, buttons


def measure(picture: UInt8) -> Shape:
    """Measure a uint8 [28, 28] picture, clothes bright on black; an empty one gives zeros."""
    ink = picture >= INK
    if not ink.any():
        return Shape(0, 0, *[0.0] * 11)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    area, grey = float(ink.sum()), picture.astype(np.float32)
    light = float(grey[ink].mean())
    steps = np.abs(np.diff(grey[6:25], axis=1)) / light
    sides = np.r_[3:7, 21:25]
    return Shape(
        height=height,
        width=width,
        fill=area / (height * width),
        lopsided=float((ink != ink[:, ::-1]).sum()) / area,
        heel=float(ink[:, 19:26].sum(0).mean()),
        rough=float(np.abs(np.diff(grey, axis=0)).sum()) / area / light,
        legs=1 - float(ink[16:27, 13:15].mean()),
        shoulders=float(ink[1:4].sum(1).mean()),
        chest=float(ink[4:7].sum(1).mean()),
        body=float(ink[13:16].sum(1).mean()),
        sleeves=float(ink[18:24, sides].mean()),
        neck=float(ink[0:3, 12:16].mean()),
        opening=float(steps[:, 12:15].max(1).mean() / (steps[:, [9, 10, 16, 17]].mean() + 0.03)),
    )


def rules(picture: UInt8) -> tuple[int, str]:
    """The label of a uint8 [28, 28] picture by rules on its shape, and the rule that fired."""
    shape = measure(picture)
    if shape.width >= 26 and (shape.lopsided > 0.35 or shape.height <= 14):
        label, rule = _shoe(shape)
    elif shape.height < 24 or (shape.width > 18 and shape.shoulders < 7):
        label, rule = "Bag", "low, or with only a handle on top"
    elif shape.width <= 16 and shape.legs > 0.15:
        label, rule = "Trouser", "narrow, with a gap between two legs"
    elif shape.sleeves < 0.4:
        label, rule = _short_sleeves(shape)
    else:
        label, rule = _long_sleeves(shape)
    return LABELS.index(label), rule


def _shoe(shape: Shape) -> tuple[str, str]:
    """Wide, with another left than right side."""
    if shape.fill < 0.5 or (shape.body < 18 and shape.rough > 0.45):
        return "Sandal", "a shoe with holes or straps"
    if shape.heel >= 12.5 and shape.rough < 0.5:
        return "Ankle boot", "a closed shoe, tall at the heel"
    return "Sneaker", "a low, closed shoe"


def _short_sleeves(shape: Shape) -> tuple[str, str]:
    """Tall, and nothing hangs down at the sides."""
    if shape.width >= 20:
        if shape.shoulders < 12.5:
            return "Shirt", "short sleeves under a narrow collar"
        return "T-shirt/top", "short sleeves under wide shoulders"
    if shape.body > 14.5 and shape.shoulders < 11.7:
        return "Coat", "rather narrow, narrower still at the collar"
    return "Dress", "narrow all the way down"


def _long_sleeves(shape: Shape) -> tuple[str, str]:
    """Tall, and sleeves hang down at both sides."""
    if shape.shoulders >= 13.2:
        return "Pullover", "long sleeves under wide shoulders"
    if shape.legs > 0.05:
        return "Coat", "long sleeves, parts below in the middle"
    if shape.chest > 16.4:
        return "Shirt", "long sleeves, narrow collar over a wide chest"
    return "Coat", "long sleeves, widening slowly from the collar"
