"""Three ways to name a piece of clothing without a deep network, to stand beside the network.

    rules(picture)              -> label and the rule that gave it
    linear.answer(pictures)     -> probabilities of a logistic regression
    neighbours.answer(pictures) -> shares of the labels among the nearest training pictures

The rules were written by hand, from looking at training pictures. The other two are fitted, and
all three measured, by `training/fashion/baselines.py`; here is their arithmetic in numpy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.kinds.classifier import softmax

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


def measure(picture: UInt8) -> Shape:
    """Measure a uint8 [28, 28] picture, clothes bright on black; an empty one gives zeros."""
    ink = picture >= INK
    if not ink.any():
        return Shape(0, 0, *[0.0] * 9)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    area, grey = float(ink.sum()), picture.astype(np.float32)
    light = float(grey[ink].mean())
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


@dataclass(frozen=True)
class Linear:
    """Multinomial logistic regression on grey / 255: `weights` [784, 10], `bias` [10]."""

    weights: Float32
    bias: Float32

    @classmethod
    def of(cls, evidence: Mapping[str, Any]) -> "Linear":
        """As `fashion` released it, from its evidence.npz."""
        return cls(evidence["linear_weights"], evidence["linear_bias"])

    def answer(self, pictures: UInt8) -> Float32:
        """Probabilities [n, 10] of uint8 pictures [n, 28, 28]."""
        scores = _flat(pictures) / np.float32(255) @ self.weights + self.bias
        return softmax(scores.astype(np.float32, copy=False))


@dataclass(frozen=True)
class Neighbours:
    """k nearest neighbours in Euclidean distance of grey levels; each has one vote.

    `pictures` uint8 [m, 28, 28] and `labels` int64 [m] are the training pictures kept.
    """

    pictures: UInt8
    labels: Int64
    k: int

    def nearest(self, pictures: UInt8) -> Int64:
        """Places [n, k] in `self.pictures` of those nearest to each picture, nearest first."""
        known, found = _flat(self.pictures), []
        lengths = np.einsum("ij,ij->i", known, known)
        for start in range(0, len(pictures), 200):  # bounds the memory of the distances
            asked = _flat(pictures[start : start + 200])
            # The asked picture's own square is left out: it is the same for all, the order stays.
            far = lengths - 2 * (asked @ known.T)
            found.append(np.argsort(far, axis=1, kind="stable")[:, : self.k])
        return np.concatenate(found)

    def answer(self, pictures: UInt8) -> Float32:
        """Share [n, 10] of each label among the `k` nearest of uint8 pictures [n, 28, 28]."""
        return votes(self.labels[self.nearest(pictures)])


def votes(labels: Int64) -> Float32:
    """Share [n, 10] of each label in the rows of int64 [n, k]."""
    shares: Float32 = (labels[:, :, None] == np.arange(len(LABELS))).mean(1, dtype=np.float32)
    return shares


def _flat(pictures: UInt8) -> Float32:
    return pictures.reshape(len(pictures), -1).astype(np.float32)
