"""A photo of clothes -> what the network was trained on: 28 x 28, grey, bright on black.

The steps are those that made Fashion-MNIST (Xiao et al. 2017, arXiv:1708.07747, section 2): trim
what has the colour of the border, longest side to 28, centre, negate, grey. A shop's photo has a
white border; a visitor's has a table, so "the colour of the border" allows for its shades, and
negating makes the border, whatever it is, the black of the training pictures.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from models.fashion import SIDE

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Floats = np.ndarray[Any, np.dtype[np.float32]]

LEAST = 24  # of 255: a smaller step from the border's colour is shade or noise
SPECK = 0.03  # share of a row or column that must differ, so that specks do not stop the trimming


@dataclass(frozen=True)
class Conversion:
    """`steps` to show, in order, each RGB or grey; `picture` uint8 [28, 28] is the last of them."""

    steps: dict[str, Pixels]
    picture: Pixels
    found: bool  # whether anything stood out from the border


def convert(photo: Pixels) -> Conversion:
    """uint8 [height, width, 3] -> the 28 x 28 that the network sees, and the steps on the way."""
    smooth = np.asarray(Image.fromarray(photo).filter(ImageFilter.GaussianBlur(1)), np.float32)
    border = _border(smooth)
    colour = np.median(border, axis=0)
    shade = np.quantile(np.abs(border - colour).max(1), 0.9)
    apart = np.abs(smooth - colour).max(2)
    cloth = apart > max(LEAST, 1.5 * float(shade))
    rows, columns = _extent(cloth, axis=1), _extent(cloth, axis=0)
    found = rows is not None and columns is not None
    area = (rows or slice(None), columns or slice(None))
    trimmed = photo[area]
    grey = _against(smooth.mean(2)[area], float(colour.mean())) * cloth[area]
    small = _shrunk(grey)
    centred = np.zeros((SIDE, SIDE), np.uint8)
    top, left = (SIDE - small.shape[0]) // 2, (SIDE - small.shape[1]) // 2
    centred[top : top + small.shape[0], left : left + small.shape[1]] = small
    steps = {
        "your photo": photo,
        "trimmed": trimmed,
        "border made black": grey.astype(np.uint8),
        f"longest side {SIDE}, centred": centred,
    }
    return Conversion(steps, centred, found)


def as_seen(photo: Pixels) -> Conversion:
    """What becomes of any picture; one of 28 x 28 greys is a training picture, taken as it is."""
    if photo.shape[:2] == (SIDE, SIDE) and (photo == photo[..., :1]).all():
        return Conversion({"28 x 28 already": photo}, photo[..., 0], found=True)
    return convert(photo)


def adjusted(picture: Pixels, turn: int = 0, shift: int = 0, light: int = 100) -> Pixels:
    """The 28 x 28 turned (degrees, anticlockwise), shifted right (pixels), dimmed (per cent)."""
    image = Image.fromarray(picture).rotate(
        turn, Image.Resampling.BILINEAR, translate=(shift, 0), fillcolor=0
    )
    return (np.asarray(image, np.float32) * (light / 100)).clip(0, 255).astype(np.uint8)


def _border(image: Floats) -> Floats:
    """The pixels of a frame three hundredths wide, [n, 3]."""
    width = max(1, round(min(image.shape[:2]) * 0.03))
    inside = np.zeros(image.shape[:2], bool)
    inside[width:-width, width:-width] = True
    return image[~inside]


def _extent(cloth: np.ndarray[Any, np.dtype[np.bool_]], axis: int) -> slice | None:
    """From the first to the last row (axis 1) or column (axis 0) that holds cloth."""
    held = np.flatnonzero(cloth.mean(axis) > SPECK)
    return slice(int(held[0]), int(held[-1]) + 1) if len(held) else None


def _against(grey: Floats, border: float) -> Floats:
    """Grey levels as distance from the border's, 0 to 255: dark cloth on white becomes bright."""
    reach = max(border, 255 - border, 1.0)
    light = np.abs(grey - border) * (255 / reach)
    # Cloth of nearly the border's own brightness would vanish: in the data set its least is 30.
    return np.asarray(light.clip(30, 255), np.float32)


def _shrunk(grey: Floats) -> Pixels:
    """Longest side to 28, by area averages."""
    height, width = grey.shape
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = Image.fromarray(grey).resize(size, Image.Resampling.BOX)
    return np.asarray(image).clip(0, 255).astype(np.uint8)
