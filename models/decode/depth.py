"""Pictures of more than 8 bits at 8: of 10, 12 or 14 bits in 16, signed or floating.

    deep = Deep(image, again, said=None)
    for box in strips(image.size): deep.strip(box)

A camera of 12 bits leaves the upper four of sixteen empty: taken as sixteen, its brightest is a
sixteenth of white. So what the file says counts, else the least depth that holds all its values.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile

Array = np.ndarray[Any, Any]
Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Said = tuple[float, float] | None  # the values that a file says are black and white
DEPTHS = (8, 10, 12, 14, 16)
FULL = 2**16 - 1
LOW = 2**6 - 1  # an upper byte up to which 14 bits or less may be meant
GREY = {"I", "I;16", "I;16B", "I;16L", "F"}  # Pillow's modes of one deep value a pixel
COLOUR = ("RGB;16", "RGBX;16", "RGBA;16")  # and how it names three or four of them in a file
# Of each order of bytes the other, in which the lower byte stands where the upper is looked for.
OTHER = {"L": "B", "B": "L", "N": "B" if sys.byteorder == "little" else "L"}
LOWER = {colour + order: colour + OTHER[order] for colour in COLOUR for order in OTHER}
GREY_ALPHA = "LA;16B"  # Pillow has no other order of it: its bytes are read as four values
LOWER[GREY_ALPHA] = "RGBA"
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Scale:
    """Two values that become 0 and 255, and what the visitor is told of them, in a sentence."""

    black: float
    white: float
    note: str = ""

    def __call__(self, values: Array, negative: bool = False) -> Pixels:
        """Values of any shape as uint8; negative: where black and white are meant the other way.

        What is beyond either is cut off, and what is no number becomes black.
        """
        if values.dtype == np.uint16:  # each of them is worked out once
            found: Pixels = _every(self, negative)[values]
            return found
        span = max(self.white - self.black, np.finfo(np.float64).tiny)
        share = (np.asarray(values, np.float64) - self.black) / span
        share = np.nan_to_num(share, nan=float(negative)).clip(0, 1)
        return np.rint((1 - share if negative else share) * 255).astype(np.uint8)


@lru_cache(8)
def _every(scale: Scale, negative: bool) -> Pixels:
    """What becomes of each value of 16 bits: for all strips of a picture."""
    return scale(np.arange(2**16), negative)


def scale_of(parts: Iterable[Array], said: Said = None) -> Scale:
    """The scale of all these values together, which are looked at once."""
    low, high, whole = np.inf, -np.inf, True
    for part in parts:
        known = part[np.isfinite(part)] if part.dtype.kind == "f" else part
        if known.size:
            low, high = min(low, float(known.min())), max(high, float(known.max()))
        whole = whole and part.dtype.kind != "f"
    if low > high:  # no number at all
        return Scale(0, 1)
    if said is not None and np.isfinite(said).all() and said[0] < said[1] and high <= said[1]:
        return _as_said(*said)
    if not 0 <= low <= high <= FULL:
        return _spread(low, high)
    if not whole and high <= 1:
        return Scale(0, 1, "Its values from 0 to 1 were taken for black to white.")
    bits = next(bits for bits in DEPTHS if high <= 2**bits - 1)
    if bits == 16 or high == 0:
        return Scale(0, FULL)
    return Scale(
        0,
        2**bits - 1,
        f"None of its values is above {2**bits - 1:,}, so that was taken for white: it was read as "
        f"{bits} bits.",
    )


def _as_said(black: float, white: float) -> Scale:
    if (black, white) == (0, FULL):
        return Scale(black, white)
    return Scale(black, white, f"The file says that {white:,g} is white, and was read so.")


def _spread(low: float, high: float) -> Scale:
    return Scale(
        low, high, f"Its values from {low:,g} to {high:,g} were spread from black to white."
    )


def strips(size: tuple[int, int], factor: int = 1) -> Iterator[Box]:
    """Boxes over a picture of that size, each of about a million pixels and whole factors of rows.

    Whole copies of a picture would add up.
    """
    width, height = size
    rows = factor * max(2**20 // (width * factor), 1)
    for top in range(0, height, rows):
        yield 0, top, width, min(top + rows, height)


class Deep:
    """A picture whose strips are given at 8 bits, whatever its depth; `note` says how it was read.

    Of 16-bit colour Pillow keeps the upper byte of each value alone. Where those are so low that
    the file may hold less than 16 bits, it is read once more for the lower ones.

    again: opens the same file anew. said: what it says is black and white. negative: whether black
    and white are meant the other way.
    """

    def __init__(
        self,
        image: ImageFile,
        again: Callable[[], ImageFile],
        said: Said = None,
        negative: bool = False,
    ) -> None:
        raw = _raw(image)
        image.load()
        self.image, self.negative, self.grey_alpha = image, negative, raw == GREY_ALPHA
        self.lower: ImageFile | None = None
        self.scale = self.opacity = Scale(0, 255)
        if image.mode in GREY:
            self.scale = scale_of(map(self._values, strips(image.size)), said)
        elif raw in LOWER and max((upper := _tops(image))[:3]) <= LOW:
            self.lower = _read_as(again(), LOWER[raw])
            lower = _tops(self.lower)
            lower = lower[1:2] * 3 + lower[3:] if self.grey_alpha else lower
            # So high the values may be that have this upper byte; without one the lower tells.
            high = [256 * u + 255 if u else v for u, v in zip(upper, lower, strict=True)]
            self.scale = scale_of([np.array([0, max(high[:3])])], said)
            self.opacity = scale_of([np.array([0, *high[3:]])])
        self.note = self.scale.note

    def strip(self, box: Box) -> Image.Image:
        """That part of it, in a mode that says what is transparent."""
        if self.image.mode not in GREY and self.lower is None:
            return self.image.crop(box)
        values = self._values(box)
        if values.ndim == 2:
            return Image.fromarray(self.scale(values, self.negative))
        parts = np.empty(values.shape, np.uint8)
        parts[..., :3] = self.scale(values[..., :3])
        parts[..., 3:] = self.opacity(values[..., 3:])
        return Image.fromarray(parts)

    def _values(self, box: Box) -> Array:
        """All the bits of that part, [height, width] or with 3 or 4 channels."""
        upper = np.asarray(self.image.crop(box))
        if self.lower is None:
            return upper
        lower = np.asarray(self.lower.crop(box)).astype(np.uint16)
        if self.grey_alpha:
            pairs = lower[..., ::2] * 256 + lower[..., 1::2]
            return pairs[..., [0, 0, 0, 1]]
        return upper * np.uint16(256) + lower


def _raw(image: ImageFile) -> str:
    """How Pillow names the values in the file of a picture that is not loaded yet."""
    args = image.tile[0].args if image.tile else None
    if isinstance(args, str):
        return args
    return str(args[0]) if args else ""


def _read_as(image: ImageFile, raw: str) -> ImageFile:
    """Load a picture with its values taken as those of that name."""
    image.tile = [
        tile._replace(args=raw if isinstance(tile.args, str) else (raw, *(tile.args or ())[1:]))
        for tile in image.tile
    ]
    image.load()
    return image


def _tops(image: Image.Image) -> list[int]:
    """The largest value of each channel."""
    return [int(image.getchannel(i).getextrema()[1]) for i in range(len(image.getbands()))]  # type: ignore[arg-type]
