"""Pictures made for looking: heat over a photo, strips of what channels see, the crop's frame."""

import io

import numpy as np
from PIL import Image

from models.explain import Floats, Pixels, enlarge

OUTLINE = (234, 88, 12)
# Dark blue over magenta to yellow: rising in brightness, so that it reads without colour too.
_STOPS = np.array(
    [(13, 8, 60), (90, 15, 120), (170, 40, 110), (230, 90, 60), (250, 170, 40), (252, 250, 170)]
)


def coloured(values: Floats) -> Pixels:
    """A map, scaled to its own smallest and largest, as RGB of the same size."""
    return hot(_scaled(values))


def hot(shares: Floats) -> Pixels:
    """Shares in 0..1, from cold to hot, as RGB of the same size."""
    at = np.linspace(0, 1, len(_STOPS))
    channels = [np.interp(shares, at, _STOPS[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).astype(np.uint8)


def _scaled(values: Floats) -> Floats:
    """From its own smallest, 0, to its largest, 1; a flat map is 0 throughout."""
    spread = float(values.max() - values.min())
    return (values - values.min()) / spread if spread > 0 else np.zeros_like(values)


def overlay(image: Pixels, values: Floats) -> Pixels:
    """A map over a greyed picture of the same height and width; hotter parts more opaque.

    Small pictures are enlarged, their pixels kept square and the map's smooth.
    """
    large = enlarged(image)
    if large.shape[:2] != values.shape:
        values = enlarge(values, *large.shape[:2])
    grey = _mean(large) if large.ndim == 3 else large.astype(np.float32)
    weight = (0.25 + 0.55 * _scaled(values))[..., None]
    return (grey[..., None] * (1 - weight) + coloured(values) * weight).astype(np.uint8)


def _mean(image: Pixels) -> np.ndarray:
    """Of the three colours of each pixel: what numpy's own takes ten times as long for."""
    red, green, blue = np.moveaxis(image.astype(np.uint16), -1, 0)
    mean: np.ndarray = (red + green + blue) / 3
    return mean


def enlarged(image: Pixels, side: int = 224) -> Pixels:
    """A small picture with its longer side at about `side`, its pixels kept square."""
    scale = max(1, side // max(image.shape[:2]))
    return image.repeat(scale, axis=0).repeat(scale, axis=1)


def outlined(image: Pixels, mask: np.ndarray) -> Pixels:
    """The picture, enlarged where it is small, with an orange line around bool [height, width]."""
    large = enlarged(image)
    scale = len(large) // len(image)
    inside = mask.repeat(scale, axis=0).repeat(scale, axis=1)
    thick = max(1, len(large) // 112)
    padded = np.pad(inside, thick)
    height, width = inside.shape
    shifts = [(0, thick), (2 * thick, thick), (thick, 0), (thick, 2 * thick)]
    core = np.all([padded[y : y + height, x : x + width] for y, x in shifts], axis=0)
    result = np.stack([large] * 3, axis=-1) if large.ndim == 2 else large.copy()
    result[inside & ~core] = OUTLINE
    return result


def png(image: Pixels) -> bytes:
    """The picture as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image)).save(buffer, "PNG")
    return buffer.getvalue()


def framed(image: Pixels, share: float) -> Pixels:
    """The picture with all but its central square dimmed; `share` of the shorter side is kept."""
    height, width = image.shape[:2]
    side = round(min(height, width) * share)
    top, left = (height - side) // 2, (width - side) // 2
    result = (image * 0.45).astype(np.uint8)
    result[top : top + side, left : left + side] = image[top : top + side, left : left + side]
    return result


def strip(tiles: list[Pixels], side: int = 160, gap: int = 6) -> Pixels:
    """Tiles side by side, each `side` square, on a transparent ground."""
    sheet = np.zeros((side, len(tiles) * (side + gap) - gap, 4), np.uint8)
    for i, tile in enumerate(tiles):
        resized = Image.fromarray(enlarged(tile)).resize((side, side), Image.Resampling.BICUBIC)
        start = i * (side + gap)
        sheet[:, start : start + side, :3] = np.asarray(resized.convert("RGB"))
        sheet[:, start : start + side, 3] = 255
    return sheet
