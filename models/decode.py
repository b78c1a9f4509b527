"""Bytes of strangers -> checked arrays. Pages, benchmark and tests all decode through here.

    picture = decode.picture(data)
    picture.pixels, picture.notes

Only the content decides, never the name. Every refusal is an InputError of one sentence.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageOps, JpegImagePlugin

from models.errors import InputError

MAX_BYTES = 25 * 2**20
MAX_PIXELS = 24_000_000
MAX_JPEG_PIXELS = 64_000_000  # phones make 48 million, and JPEG is reduced while it is decoded
MIN_SIDE = 16
MAX_ASPECT = 20
WORKING_SIDE = 512  # the shorter side is reduced by whole factors to no less than this
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "MPO")
ACCEPTED = "JPEG, PNG, WebP, GIF or BMP"

# Pillow's own limit, for what is opened before its size can be checked: twice this is refused.
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS


@dataclass(frozen=True)
class Picture:
    """A decoded picture: `pixels` uint8 [height, width, 3] RGB, upright."""

    pixels: np.ndarray[Any, np.dtype[np.uint8]]
    size: tuple[int, int]  # width and height in the file, pixels
    notes: tuple[str, ...]  # what was done to it, in words for the visitor


def picture(data: bytes) -> Picture:
    """Decode one picture.

    data: the bytes of a JPEG, PNG, WebP, GIF or BMP file, at most `MAX_BYTES` long.
    Returns its first frame upright (EXIF), transparency on white, metadata dropped; a large one
    reduced by a whole factor, JPEG while it is decoded.
    Raises InputError for anything else.
    """
    if not data:
        raise InputError("This file is empty: choose another one.")
    if len(data) > MAX_BYTES:
        raise InputError(
            f"This file has {len(data) / 2**20:.0f} MB and at most {MAX_BYTES // 2**20} MB are "
            "read: make it smaller and try again."
        )
    if sentence := _known_stranger(data):
        raise InputError(sentence)
    try:
        return _decode(data)
    except InputError:
        raise
    except Image.DecompressionBombError as error:
        raise InputError("This picture has far too many pixels: make it smaller.") from error
    except MemoryError as error:
        raise InputError(
            "This picture needs more memory than there is: make it smaller."
        ) from error
    except Exception as error:  # Pillow's decoders raise a dozen classes on damaged files
        raise InputError(
            f"This file is damaged or is not a picture: give a {ACCEPTED} file."
        ) from error


def _known_stranger(data: bytes) -> str | None:
    """The sentence for a well-known kind of file that is not read here; None for any other."""
    brand = data[8:12] if data[4:8] == b"ftyp" else b""
    if brand in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"):
        return "This is a HEIC photo, which is not read here: export it as JPEG and try again."
    if brand in (b"avif", b"avis"):
        return "This is an AVIF picture, which is not read here: export it as JPEG or PNG."
    if b"<svg" in data[:4096].lower():
        return "This is an SVG drawing, which has no pixels: export it as PNG and try again."
    if data.startswith((b"MZ", b"\x7fELF")):
        return f"This file is a program, not a picture: give a {ACCEPTED} file."
    if data.startswith(b"%PDF"):
        return f"This file is a PDF, not a picture: give a {ACCEPTED} file."
    return None


def _decode(data: bytes) -> Picture:
    image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    size, frames = image.size, image.format != "MPO" and getattr(image, "is_animated", False)
    _check_size(*size, jpeg=isinstance(image, JpegImagePlugin.JpegImageFile))
    image.draft(None, (WORKING_SIDE, WORKING_SIDE))  # reduces JPEG by 2, 4 or 8, nothing else
    upright = ImageOps.exif_transpose(image)
    plain, grey_scaled = _eight_bits(upright)
    if factor := min(plain.size) // WORKING_SIDE:
        plain = plain.reduce(factor)
    pixels = np.array(_on_white(plain))
    turned = image.getexif().get(0x0112, 1) != 1
    done = {
        "Only the first picture of this animation was used.": frames,
        "It was turned upright, as its camera noted.": turned,
        "Its grey values were scaled to 8 bits.": grey_scaled,
        "Its transparent parts were laid on white.": plain.mode == "RGBA",
        f"It was reduced from {size[0]} x {size[1]} pixels.": pixels.shape[0] not in size,
    }
    return Picture(pixels, size, tuple(note for note, happened in done.items() if happened))


def _check_size(width: int, height: int, *, jpeg: bool) -> None:
    limit = MAX_JPEG_PIXELS if jpeg else MAX_PIXELS
    if width * height > limit:
        raise InputError(
            f"This picture has {width} x {height} pixels and at most {limit // 10**6} million are "
            "read: make it smaller and try again."
        )
    if min(width, height) < MIN_SIDE:
        raise InputError(
            f"This picture has only {width} x {height} pixels: each side needs at least {MIN_SIDE}."
        )
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise InputError(
            f"This picture is a strip of {width} x {height} pixels: crop it to what matters."
        )


def _eight_bits(image: Image.Image) -> tuple[Image.Image, bool]:
    """As RGB or RGBA of 8 bits, and whether deep greys were scaled (`convert` would clip them)."""
    if not image.mode.startswith(("I", "F")):
        return image.convert("RGBA" if image.has_transparency_data else "RGB"), False
    grey = np.array(image, np.float32)
    low, high = float(grey.min()), float(grey.max())
    if low >= 0 and high > 255:
        low, high = 0.0, 65535.0  # sixteen bits: keep a dark picture dark
    grey -= low
    grey *= 255 / max(high - low, 1e-9)
    return Image.fromarray(grey.clip(0, 255, out=grey).astype(np.uint8)).convert("RGB"), True


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("RGB")
