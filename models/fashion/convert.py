"""A photo of clothes -> what the network was trained on: 28 x 28, grey, bright on black.

The steps are those that made Fashion-MNIST (Xiao et al. 2017, arXiv:1708.07747, section 2): trim
what has the colour of the border, longest side to 28, centre, negate, grey. A shop's photo has a
white border; a visitor's has a table, so "the colour of the border" allows for its shades, and
negating makes the border, whatever it is, the black of the training pictures. What is transparent
is ground whatever its colour.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from models.fashion import SIDE

Array = np.ndarray[Any, Any]
Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Floats = np.ndarray[Any, np.dtype[np.float32]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

LEAST = 24  # of 255: a smaller step from the border's colour is shade or noise
SPECK = 0.03  # share of a row or column that must differ, so that specks do not stop the trimming
EVEN = 2  # of 255: an even ground's pixels lie no farther apart
SEEN = 0.25  # of the border that an even ground needs
FINE = 4 * SIDE  # pixels of the shorter side, below which smoothing takes what is looked for
OPAQUE = 128  # of 255: a pixel that is less is ground
CUT_OUT = 0.01  # share of a picture that is transparent where somebody made it so on purpose
CARD = 0.96  # of its box, from which what is opaque is a sheet with a ground of its own, not cloth


@dataclass(frozen=True)
class Conversion:
    """`steps` to show, in order, each RGB or grey; `picture` uint8 [28, 28] is the last of them."""

    steps: dict[str, Pixels]
    picture: Pixels
    found: bool  # whether anything stood out from the border


def convert(photo: Pixels, alpha: Pixels | None = None) -> Conversion:
    """uint8 [height, width, 3] -> the 28 x 28 that the network sees, and the steps on the way.

    alpha: how opaque each pixel is, uint8 [height, width]; None where all are.
    """
    if alpha is not None and _cut_out(alpha):
        return _of_cut_out(photo, alpha >= OPAQUE)
    smooth = _smooth(photo)
    border = _border(smooth)
    colour = np.median(border, axis=0)
    shade = np.quantile(np.abs(border - colour).max(1), 0.9)
    apart = np.abs(smooth - colour).max(2)
    cloth = apart > max(LEAST, 1.5 * float(shade))
    return _trimmed(photo, smooth.mean(2), cloth, float(colour.mean()))


def _cut_out(alpha: Pixels) -> bool:
    return bool((alpha < OPAQUE).mean() > CUT_OUT)


def _of_cut_out(photo: Pixels, opaque: Mask) -> Conversion:
    """What is opaque is the cloth, laid on whichever of black and white is farther from it."""
    rows, columns = _extent(opaque, axis=1), _extent(opaque, axis=0)
    if rows is not None and columns is not None and opaque[rows, columns].mean() >= CARD:
        sheet = as_seen(photo[rows, columns])
        if sheet.found:
            return Conversion({"your photo": photo} | sheet.steps, sheet.picture, found=True)
    grey = photo.mean(2, dtype=np.float32)
    middle = float(np.median(grey[opaque])) if opaque.any() else 0.0
    return _trimmed(photo, grey, opaque, 255.0 if middle < 128 else 0.0)


def _trimmed(photo: Pixels, light: Floats, cloth: Mask, border: float) -> Conversion:
    """The cloth of a photo of that grey `light`, on a ground of the grey `border`."""
    rows, columns = _extent(cloth, axis=1), _extent(cloth, axis=0)
    found = rows is not None and columns is not None
    area = (rows or slice(None), columns or slice(None))
    trimmed = photo[area]
    grey = _against(light[area], border) * cloth[area]
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


def as_seen(photo: Pixels, alpha: Pixels | None = None) -> Conversion:
    """What becomes of any picture; one of 28 x 28 greys on black is taken as it is, see `convert`.

    One of 28 x 28 greys on white is negated.
    """
    grey = photo[..., 0]
    whole = alpha is None or not _cut_out(alpha)
    if whole and grey.shape == (SIDE, SIDE) and (photo == grey[..., None]).all():
        if _on_black(grey):
            return Conversion({"28 x 28 already": photo}, grey, found=True)
        if _on_black(255 - grey):
            steps = {"28 x 28 on white": photo, "white made black": 255 - photo}
            return Conversion(steps, 255 - grey, found=True)
    even = _even_ground(photo) if whole else None
    if even is None:
        return convert(photo, alpha)
    smooth = _smooth(photo) if min(grey.shape) >= FINE else photo.astype(np.float32)
    cloth = np.abs(smooth - even).max(2) > LEAST
    return _trimmed(photo, smooth.mean(2), cloth, float(even.mean()))


def _even_ground(photo: Pixels) -> Floats | None:
    """The colour of an even ground, of which cloth may hide most of the border; None without one.

    Of the corners' colours the one that most of the border has.
    """
    border = _border(photo).astype(int)
    corners = photo[:: len(photo) - 1, :: photo.shape[1] - 1].reshape(-1, 3).astype(int)
    alike = max((np.abs(border - c).max(1) <= EVEN for c in corners), key=np.count_nonzero)
    return np.median(border[alike], axis=0) if alike.mean() >= SEEN else None


def _smooth(photo: Pixels) -> Floats:
    return np.asarray(Image.fromarray(photo).filter(ImageFilter.GaussianBlur(1)), np.float32)


def _on_black(grey: Pixels) -> bool:
    """Whether 28 x 28 greys have a black ground, as all 70,000 of Fashion-MNIST by this measure.

    Their clothes touch the border, some along most of it, so that its median would mistake 24.
    """
    border = _border(grey)
    dark, bright = (border <= LEAST).sum(), (border >= 255 - LEAST).sum()
    return bool(dark > bright and grey[:: SIDE - 1, :: SIDE - 1].min() <= LEAST)


def adjusted(picture: Pixels, turn: int = 0, shift: int = 0, light: int = 100) -> Pixels:
    """The 28 x 28 turned (degrees, anticlockwise), shifted right (pixels), dimmed (per cent)."""
    image = Image.fromarray(picture).rotate(
        turn, Image.Resampling.BILINEAR, translate=(shift, 0), fillcolor=0
    )
    return (np.asarray(image, np.float32) * (light / 100)).clip(0, 255).astype(np.uint8)


def _border(image: Array) -> Array:
    """The pixels of a frame three hundredths wide, [n] or [n, 3]."""
    width = max(1, round(min(image.shape[:2]) * 0.03))
    inside = np.zeros(image.shape[:2], bool)
    inside[width:-width, width:-width] = True
    return image[~inside]


def _extent(cloth: Mask, axis: int) -> slice | None:
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
