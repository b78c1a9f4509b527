"""Bytes of strangers -> checked arrays. Pages, benchmark and tests all decode through here.

    picture = decode.picture(data)
    picture.pixels, picture.notes

Only the content decides, never the name. Every refusal is an InputError of one sentence.
"""

import io
import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from models import deadline
from models.decode import depth, tiff
from models.decode.depth import GREY, Deep, strips
from models.errors import GlassboxError, InputError

MAX_BYTES = 25 * 2**20
MAX_PIXELS = 24_000_000
MAX_JPEG_PIXELS = 64_000_000  # phones make 48 million, and JPEG is reduced while it is decoded
MAX_WEBP_PIXELS = 12_500_000  # libwebp and Pillow hold a picture five times
MAX_COEFFICIENTS = 80_000_000  # of a progressive JPEG: libjpeg holds them all, 2 bytes each ...
MAX_PASSES = 20  # ... and goes over as many so often; ten are usual
MAX_READS = 300_000  # of one file, half a second
MAX_EXIF = 2**17  # bytes
MAX_CHUNKS = 64  # of a PNG, within which it says how many bits count
MAX_NOTES = 64  # of the kinds that cost far more than their bytes:
NOTES = (b"Exif\0\0", b"iTXt", b"zTXt", b"iCCP")
MIN_SIDE = 16
MAX_ASPECT = 20
WORKING_SIDE = 512  # the shorter side is reduced by whole factors to no less than this
ACCEPTED = "JPEG, PNG, WebP, GIF, BMP or TIFF"
ENDINGS = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff")  # of their names

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

# What Pillow makes before a size can be checked; and its remarks on metadata, read by nobody.
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS
PngImagePlugin.MAX_TEXT_MEMORY = 2**24
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True)
class Picture:
    """A decoded picture: `pixels` uint8 [height, width, 3] RGB, upright.

    alpha: how opaque each of them was before it was laid on white, uint8 [height, width]; None
    where all were.
    """

    pixels: Pixels
    size: tuple[int, int]  # width and height in the file, pixels
    notes: tuple[str, ...]  # what was done to it, in words for the visitor
    alpha: Pixels | None = None

    @property
    def read_as(self) -> list[str]:
        """How it was read where it could be meant otherwise: its notes but that of its size."""
        return [note for note in self.notes if note != _reduced_from(self.size)]


def _reduced_from(size: tuple[int, int]) -> str:
    return f"It was reduced from {size[0]} x {size[1]} pixels."


class _Jpeg(JpegImageFile):
    def _read_dpi_from_exif(self) -> None:
        """Does nothing: a hostile file notes millions of them, and nobody needs one."""


class _Pieces(io.BytesIO):
    """A file to be read in so many pieces: a flood of tiny ones costs seconds, not bytes."""

    left = MAX_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise InputError("This file is cut into far too many pieces: save it again as PNG.")
        return super().read(size)


READERS: dict[bytes, type[ImageFile]] = {
    b"\xff\xd8\xff": _Jpeg,
    b"\x89PNG\r\n": PngImagePlugin.PngImageFile,
    b"RIFF": WebPImageFile,
    b"GIF8": GifImageFile,
    b"BM": BmpImageFile,
    b"II*\0": TiffImageFile,
    b"MM\0*": TiffImageFile,
    b"II+\0": TiffImageFile,
    b"MM\0+": TiffImageFile,
}
# HEIC is not read, though phones make it: in 2026 its one decoder, libheif, ran code out of files
# (CVE-2026-84383, and others up to 1.23), and here it would run beside what other visitors gave.
STRANGERS = {
    rb".{4}ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)": "a HEIC photo: export it as JPEG and try again.",
    rb".{4}ftypavi[fs]": "an AVIF picture: export it as JPEG or PNG and try again.",
    rb"MZ|\x7fELF": f"a program, not a picture: give a {ACCEPTED} file.",
    rb"%PDF": f"a PDF, not a picture: give a {ACCEPTED} file.",
    rb".{0,4096}<(?i:svg)": "an SVG drawing, which has no pixels: export it as PNG and try again.",
    rb"": f"not a picture that can be read here: give a {ACCEPTED} file.",
}


def picture(data: bytes) -> Picture:
    """Decode one picture.

    data: the bytes of a JPEG, PNG, WebP, GIF, BMP or TIFF file, at most `MAX_BYTES` long.
    Returns its first frame or page upright (EXIF), transparency on white, metadata dropped; a large
    one reduced by a whole factor, JPEG while it is decoded; more than 8 bits as `depth` says.
    Raises InputError for anything else, BusyError where the machine has no place for it.
    """
    if not data:
        raise InputError("This file is empty: choose another one.")
    if len(data) > MAX_BYTES:
        raise InputError(f"This file has more than {MAX_BYTES // 2**20} MB: make it smaller.")
    reader = next((READERS[magic] for magic in READERS if data.startswith(magic)), None)
    if reader is None:
        kind = next(STRANGERS[start] for start in STRANGERS if re.match(start, data, re.DOTALL))
        raise InputError(f"This is {kind}")
    if sum(map(data.count, NOTES)) > MAX_NOTES:
        raise InputError("This file holds far too much beside its picture: save it again.")
    try:
        with deadline.work():  # a decoder can hold 200 MB, so few go at once
            return _decode(data, reader)
    except GlassboxError:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise InputError("This picture has far too many pixels: make it smaller.") from error
    except Exception as error:  # Pillow's decoders raise a dozen classes on damaged files
        raise InputError(f"This file is damaged: give a whole {ACCEPTED} file.") from error


def _decode(data: bytes, reader: type[ImageFile]) -> Picture:
    page = tiff.first_page(data) if reader is TiffImageFile else None
    if page is not None:
        _check_size(*page.size, "TIFF")
        data = page.data
    file = _Pieces(data)
    try:
        image = reader(file)
    except SyntaxError as error:
        if page is None:
            raise
        raise tiff.unread() from error  # its tags are whole
    size, grey = image.size, image.mode in GREY
    _check_size(*size, image.format)
    if isinstance(image, _Jpeg):
        _check_passes(image, data, file.tell())
        image.draft(None, (WORKING_SIDE, WORKING_SIDE))  # reduces by 2, 4 or 8
    elif image.format == "BMP" and image.info["compression"] in (1, 2):
        raise InputError("This BMP is run-length coded, which is not read here: save it as PNG.")
    said = page.white if page else _significant(data)
    deep = Deep(image, lambda: reader(_Pieces(data)), said, page is not None and page.negative)
    pixels, alpha = _reduced(image, deep)
    orientation = page.orientation if page else _orientation(image)
    done = {
        "Only the first picture of this animation was used.": getattr(image, "is_animated", False),
        "Only the first page of this file was used.": page is not None and page.more,
        "It was turned upright, as its camera noted.": orientation != 1,
        "Its grey values were scaled to 8 bits.": grey,
        deep.note: deep.note,
        "Its transparent parts were laid on white.": alpha is not None,
        _reduced_from(size): pixels.size < 3 * size[0] * size[1],
    }
    return Picture(
        _upright(pixels, orientation),
        size,
        tuple(note for note in done if done[note]),
        None if alpha is None else _upright(alpha, orientation),
    )


def _check_size(width: int, height: int, kind: str | None) -> None:
    limits = {"JPEG": MAX_JPEG_PIXELS, "WEBP": MAX_WEBP_PIXELS, "TIFF": tiff.MAX_PIXELS}
    limit = limits.get(kind or "", MAX_PIXELS)
    found = f"This picture has {width} x {height} pixels"
    if width * height > limit:
        raise InputError(f"{found} and at most {limit / 1e6:g} million are read: make it smaller.")
    if min(width, height) < MIN_SIDE:
        raise InputError(f"{found} and each side needs at least {MIN_SIDE}: give a larger one.")
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise InputError(f"{found}, which is a mere strip: crop it to what matters.")


def _check_passes(image: _Jpeg, data: bytes, scan: int) -> None:
    """Refuse what costs libjpeg too much; `scan` is where the first scan's data begin."""
    together = data.startswith(b"\xff\xda", scan - 8 - 2 * image.layers)  # all colours at once
    if together and "progressive" not in image.info:
        return
    across, down = [layer[1] for layer in image.layer], [layer[2] for layer in image.layer]
    held = image.width * image.height * float(np.dot(across, down)) / (max(across) * max(down))
    passes = 1 + data.count(b"\xff\xda\x00", scan)
    if held > MAX_COEFFICIENTS or held * passes > MAX_COEFFICIENTS * MAX_PASSES:
        raise InputError("This progressive JPEG takes too much to read: save it as a plain JPEG.")


def _reduced(image: ImageFile, deep: Deep) -> tuple[Pixels, Pixels | None]:
    """As RGB on white, and how opaque; in strips, since whole copies would add up."""
    width, height = image.size
    factor = max(min(image.size) // WORKING_SIDE, 1)
    pixels = np.empty((-(-height // factor), -(-width // factor), 3), np.uint8)
    alpha = np.full(pixels.shape[:2], 255, np.uint8)
    transparent = False
    for box in strips(image.size, factor):
        place = slice(box[1] // factor, -(-box[3] // factor))
        strip = deep.strip(box)
        if strip.has_transparency_data:
            # Grey with its alpha worked in has no way of its own to RGBA.
            strip = (strip.convert("LA") if strip.mode == "La" else strip).convert("RGBA")
            opaque = strip.getchannel("A")
            if opaque.getextrema() != (255, 255):
                transparent = True
                alpha[place] = np.asarray(opaque.reduce(factor))
            strip = Image.alpha_composite(Image.new("RGBA", strip.size, "white"), strip)
        pixels[place] = np.asarray(strip.convert("RGB").reduce(factor))
    return pixels, alpha if transparent else None


def _significant(data: bytes) -> depth.Said:
    """What a PNG says is white: its chunk sBIT tells how many bits of each value count."""
    at = 8
    for _ in range(MAX_CHUNKS if data.startswith(b"\x89PNG") else 0):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"sBIT" and 0 < length <= 4:
            return 0, 2 ** min(data[at + 8 : at + 8 + length], default=0) - 1
        if name in (b"IDAT", b""):
            break
        at += 12 + length
    return None


def _orientation(image: ImageFile) -> int:
    """What the camera noted, 1 to 8; 1 where that cannot be made out."""
    exif = image.info.get("exif") or image.info.get("Raw profile type exif", "")
    try:
        noted = image.getexif().get(0x0112, 1) if len(exif) <= MAX_EXIF else 1
    except Exception:  # a damaged note is no reason to refuse a good picture
        noted = 1
    return int(noted) if noted in range(1, 9) else 1


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    turned = pixels.swapaxes(0, 1) if orientation >= 5 else pixels
    down = -1 if orientation in (3, 4, 7, 8) else 1
    across = -1 if orientation in (2, 3, 6, 7) else 1
    return np.ascontiguousarray(turned[::down, ::across])
