"""Heat over a picture, scaled on good pictures: a good one stays as it is."""

import numpy as np
from PIL import Image

from models.explain import enlarge, is_flat
from models.visual_inspection import Finding, Pixels
from pages.parts.draw import pictures

SHOWN = 512  # the longer side that is drawn
HOTTEST = 2.5  # times the alarm: from here on the heat does not brighten


def fitted(pixels: Pixels, side: int = SHOWN) -> Pixels:
    """The picture with its longer side at `side`."""
    image = Image.fromarray(pixels)
    scale = side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC))


def heated(pixels: Pixels, finding: Finding, threshold: float) -> Pixels:
    """The picture in grey and dim; only what is hotter than the good pictures are is lit.

    Dark up to the middle between 1, the oddest place of a usual good picture, and the alarm.
    """
    shown = fitted(pixels)
    heat = enlarge(finding.heat, *shown.shape[:2])
    low = (1 + threshold) / 2 if threshold > 1 else threshold
    strength = ((heat - low) / (HOTTEST * threshold - low)).clip(0, 1)
    weight = np.where(strength > 0, 0.35 + 0.5 * strength, 0)[..., None]
    grey = shown.mean(-1, keepdims=True) * 0.75
    lit: Pixels = (grey * (1 - weight) + pictures.hot(strength) * weight).astype(np.uint8)
    return lit


def beside(left: Pixels, right: Pixels, gap: int = 16) -> Pixels:
    """Two pictures of one height, uint8 [h, w, 3], as one [h, ..., 4]; what is between is clear."""
    opaque = [np.pad(one, ((0, 0), (0, 0), (0, 1)), constant_values=255) for one in (left, right)]
    clear = np.zeros((len(left), gap, 4), np.uint8)
    return np.concatenate([opaque[0], clear, opaque[1]], 1)


def where(finding: Finding) -> str:
    """In words, in which ninth of the picture it is oddest; no place where all are equally odd."""
    if is_flat(finding.heat):
        return "all of it"
    down, across = finding.place
    rows, columns = ("top", "middle", "bottom"), ("left", "middle", "right")
    row, column = rows[min(2, int(3 * down))], columns[min(2, int(3 * across))]
    return "the middle" if row == column == "middle" else f"the {row} {column}"


def closely(pixels: Pixels, down: float, across: float, share: float = 0.25) -> Pixels:
    """The part of the picture around a place; `share` of its width and height."""
    height, width = pixels.shape[:2]
    tall, wide = max(1, round(height * share)), max(1, round(width * share))
    top = min(max(0, round(down * height - tall / 2)), height - tall)
    left = min(max(0, round(across * width - wide / 2)), width - wide)
    return pixels[top : top + tall, left : left + wide]
