"""Hostile and odd files through `models.decode.picture`: a right picture, or one clear sentence."""

import io
import pickle
import random
import re
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from models import decode
from models.errors import InputError

HEIGHT, WIDTH = 48, 64
TILES = np.random.default_rng(2).integers(0, 256, (HEIGHT // 16, WIDTH // 16, 3), np.uint8)
PIXELS = TILES.repeat(16, 0).repeat(16, 1)  # no symmetry, and flat enough for JPEG
PHOTO = Image.fromarray(PIXELS)
ANIMATION = "Only the first picture of this animation was used."
TURNED = "It was turned upright, as its camera noted."
WHITE = "Its transparent parts were laid on white."
SCALED = "Its grey values were scaled to 8 bits."


def save(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, colour, samples: bytes | None = None, extra: bytes = b"") -> bytes:
    """By hand, since Pillow writes no such files; a picture of zeros costs no memory."""
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row, squeeze, data = bytes(1 + (width * bits + 7) // 8), zlib.compressobj(1), b""
    if samples is None:
        block = row * max(1, 2**20 // len(row))
        data = b"".join(squeeze.compress(block) for _ in range(height * len(row) // len(block) + 1))
    else:
        step = len(row) - 1
        rows = (b"\0" + samples[i * step : (i + 1) * step] for i in range(height))
        data = squeeze.compress(b"".join(rows))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    body = head + extra + chunk(b"IDAT", data + squeeze.flush()) + chunk(b"IEND")
    return b"\x89PNG\r\n\x1a\n" + body


def bmp(width: int, height: int, depth: int, coding: int, rest: bytes) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, depth, coding, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024 * (depth == 8)) + head + rest


def exif(tag: int, kind: int, count: int, value: bytes) -> bytes:
    """One note; a `value` of more than four bytes lies behind it."""
    short = len(value) <= 4
    entry = struct.pack(">HHI", tag, kind, count)
    entry += value.ljust(4, b"\0") if short else struct.pack(">I", 26)
    return b"MM\0*\0\0\0\x08\0\x01" + entry + bytes(4) + (b"" if short else value)


def refusal(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        decode.picture(data)
    return sentence(str(caught.value))


def sentence(text: str) -> str:
    assert re.fullmatch(r"[A-Z]([^.!?\n]|\.(?=\d))+\.", text), text
    assert not re.search(r"[/\\<>_]|0x|PIL|Pillow|Error", text), text
    return text


def distance(pixels: np.ndarray, other: np.ndarray) -> float:
    assert pixels.shape == other.shape
    return float(np.abs(pixels.astype(int) - other).mean())


TURNS = [PHOTO.rotate(angle) for angle in (0, 90, 180)]
MANY = {"save_all": True, "append_images": TURNS[1:], "duration": 50}
DEEP = Image.fromarray(PIXELS[..., 0].astype(np.uint16) * 257)
FILES = {
    "JPEG": save(PHOTO, "JPEG", quality=95, subsampling=0),
    "progressive JPEG": save(PHOTO, "JPEG", quality=95, subsampling=0, progressive=True),
    "CMYK JPEG": save(PHOTO.convert("CMYK"), "JPEG", quality=95, subsampling=0),
    "MPO": save(PHOTO, "MPO", quality=95, subsampling=0, **MANY),
    "PNG": save(PHOTO, "PNG"),
    "APNG": save(PHOTO, "PNG", **MANY),
    "opaque RGBA PNG": save(PHOTO.convert("RGBA"), "PNG"),
    "palette PNG": save(PHOTO.quantize(16, dither=Image.Dither.NONE), "PNG"),
    "16-bit RGB PNG": png(WIDTH, HEIGHT, 16, 2, (PIXELS.astype(">u2") * 257).tobytes()),
    "GIF": save(PHOTO.quantize(16), "GIF"),
    "animated GIF": save(PHOTO, "GIF", **MANY),
    "WebP": save(PHOTO, "WEBP", lossless=True),
    "lossy WebP": save(PHOTO, "WEBP", quality=100, method=0),
    "animated WebP": save(PHOTO, "WEBP", lossless=True, **MANY),
    "BMP": save(PHOTO, "BMP"),
    "palette BMP": save(PHOTO.quantize(16), "BMP"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_gives_the_right_pixels_as_a_fresh_array(name: str) -> None:
    picture = decode.picture(FILES[name])
    assert distance(picture.pixels, PIXELS) < (6 if "JPEG" in name or "lossy" in name else 4)
    assert picture.size == (WIDTH, HEIGHT)
    assert picture.notes == ((ANIMATION,) if name.startswith(("animated", "APNG")) else ())
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.c_contiguous
    assert picture.pixels.flags.writeable
    picture.pixels[:] = 0
    assert decode.picture(FILES[name]).pixels.any()


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_refused_or_read_whole(name: str) -> None:
    whole, refused = FILES[name], 0
    for end in [*range(1, 40), *(len(whole) * part // 20 for part in range(1, 20)), -1]:
        try:
            pixels = decode.picture(whole[:end]).pixels
        except InputError as error:
            refused += bool(sentence(str(error)))
        else:  # no half pictures: what was cut off were later frames or an end mark
            assert distance(pixels, PIXELS) < 6
    assert refused >= 40


@pytest.mark.parametrize("name", FILES)
def test_flipped_bytes_give_a_picture_or_a_sentence(name: str) -> None:
    dice = random.Random(name)
    for _ in range(40):
        data = bytearray(FILES[name])
        for _ in range(dice.choice((1, 2, 10))):
            data[dice.randrange(dice.choice((60, len(data))))] = dice.randrange(256)
        started = time.thread_time()
        try:
            assert decode.picture(bytes(data)).pixels.ndim == 3
        except InputError as error:
            sentence(str(error))
        assert time.thread_time() - started < 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\0" * 1000, "not a picture"),
        (b"Dear Sir or Madam", "not a picture"),
        (random.Random(0).randbytes(5000), "not a picture"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<SVG width="9"/>', "SVG drawing"),
        (b"\0\0\0\x18ftypheic" + bytes(500), "HEIC"),
        (b"\0\0\0\x18ftypmif1" + bytes(500), "HEIC"),
        (b"\0\0\0\x18ftypavif" + bytes(500), "AVIF"),
        (b"MZ\x90\0" + bytes(500), "program"),
        (b"\x7fELF" + bytes(500), "program"),
        (b"%PDF-1.7\n" + bytes(500), "PDF"),
        (save(Image.new("F", (64, 64), 0.5), "TIFF"), "not a picture"),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(500), "damaged"),
        (FILES["PNG"][:8], "damaged"),
        (b"\xff\xd8\xff", "damaged"),
        (save(Image.new("RGB", (1, 1)), "PNG"), "1 x 1 pixels"),
        (save(Image.new("L", (1, 20000)), "PNG"), "1 x 20000 pixels"),
        (save(Image.new("RGB", (16, 321)), "JPEG"), "strip"),
        (save(Image.new("RGB", (15, 16)), "WEBP"), "15 x 16 pixels"),
        (bmp(4000, 4000, 24, 0, b"abc"), "damaged"),
        (bmp(2**31 - 1, 2**31 - 1, 24, 0, b"abc"), "at most 24 million"),
        (bmp(64, 64, 8, 1, bytes(2048)), "run-length"),
        (png(10000, 10000, 1, 0, b""), "at most 24 million"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_sixteen_bits_are_scaled_and_a_dark_picture_stays_dark() -> None:
    picture = decode.picture(save(DEEP, "PNG"))
    assert picture.notes == (SCALED,)
    assert distance(picture.pixels, PIXELS[..., :1].repeat(3, 2)) == 0
    for value in (200, 2000):  # also one whose values would all fit into eight bits
        dark = Image.fromarray(np.full((HEIGHT, WIDTH), value, np.uint16))
        dark.putpixel((3, 3), 0)
        assert decode.picture(save(dark, "PNG")).pixels.max() == round(value / 257)


def test_black_and_white_is_read_as_such() -> None:
    pixels = decode.picture(save(Image.fromarray(PIXELS[..., 0] > 127), "PNG")).pixels
    assert set(np.unique(pixels)) == {0, 255}


ALPHA = Image.fromarray(np.linspace(0, 255, WIDTH).astype(np.uint8)[None].repeat(HEIGHT, 0))
HALF = Image.fromarray(np.where(np.arange(WIDTH) < 32, 0, 1).astype(np.uint8)[None].repeat(48, 0))
HALF.putpalette([10, 20, 30, 200, 100, 50])
HALVES = [255] * 3, [200, 100, 50]


@pytest.mark.parametrize(
    ("data", "left", "right"),
    [
        (save(HALF, "PNG", transparency=0), *HALVES),
        (save(HALF, "PNG", transparency=b"\x80\xff"), [132, 137, 142], [200, 100, 50]),
        (save(HALF, "GIF", transparency=0), *HALVES),
        (save(HALF.convert("RGB"), "PNG", transparency=(10, 20, 30)), *HALVES),
        (save(HALF.convert("L"), "PNG", transparency=19), [255] * 3, [124] * 3),
        (save(Image.merge("LA", (Image.new("L", ALPHA.size), ALPHA)), "PNG"), [255] * 3, [0] * 3),
        (save(Image.merge("RGBA", [ALPHA] * 4), "PNG"), [255] * 3, [255] * 3),
        (save(Image.merge("RGBA", [ALPHA] * 4), "WEBP", lossless=True), [255] * 3, [255] * 3),
    ],
)
def test_transparency_is_laid_on_white(data: bytes, left: list[int], right: list[int]) -> None:
    picture = decode.picture(data)
    assert picture.notes == (WHITE,)
    assert picture.pixels[5, 0].tolist() == left
    assert picture.pixels[5, -1].tolist() == right


# What the EXIF standard says of each number: the sides on which row 0 and column 0 lie.
SIDES = {1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left"}
SIDES |= {5: "left top", 6: "right top", 7: "right bottom", 8: "left bottom"}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
@pytest.mark.parametrize("number", SIDES)
def test_a_turned_photo_is_put_upright(kind: str, number: int) -> None:
    rows, columns = SIDES[number].split()
    stored = PIXELS.swapaxes(0, 1) if rows in ("left", "right") else PIXELS
    stored = stored[::-1] if rows in ("bottom", "right") else stored
    stored = stored[:, ::-1] if columns in ("bottom", "right") else stored
    note = exif(0x0112, 3, 1, bytes([0, number]))
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {"lossless": True}
    data = save(Image.fromarray(stored), kind, exif=b"Exif\0\0" + note, **options)
    picture = decode.picture(data)
    assert distance(picture.pixels, PIXELS) <= (4 if kind == "JPEG" else 0)
    assert picture.notes == ((TURNED,) if number > 1 else ())
    assert picture.pixels.flags.c_contiguous
    assert picture.pixels.flags.writeable


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
@pytest.mark.parametrize(
    "note",
    [
        *(exif(0x0112, 3, 1, bytes([0, number])) for number in (0, 9, 255)),
        exif(0x0112, 2, 4, b"abc\0"),
        exif(0x0112, 3, 90, b"abc\0"),
        exif(0x0112, 3, 1, b"\0\x06")[:15],
        b"no TIFF header at all",
    ],
)
def test_a_damaged_camera_note_costs_no_picture(kind: str, note: bytes) -> None:
    picture = decode.picture(save(PHOTO, kind, exif=b"Exif\0\0" + note))
    assert distance(picture.pixels, PIXELS) < 20
    assert picture.notes == ()


@pytest.mark.parametrize(
    ("size", "shape"),
    [((1024, 2048), (1024, 512)), ((2048, 1024), (512, 1024)), ((1023, 1100), (1100, 1023))],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_picture_is_reduced_and_says_so(kind: str, size, shape) -> None:
    picture = decode.picture(save(PHOTO.resize(size), kind))
    assert picture.pixels.shape == (*shape, 3)
    assert picture.size == size
    told = (f"It was reduced from {size[0]} x {size[1]} pixels.",)
    assert picture.notes == (told if shape != size[::-1] else ())


def test_nothing_of_a_visitor_survives_beside_the_pixels() -> None:
    secret = b"Jane Roe"
    note = b"Exif\0\0" + exif(0x010E, 2, 9, secret + b"\0")
    for kind, more in (("JPEG", {"comment": secret}), ("PNG", {}), ("WEBP", {"xmp": secret})):
        data = save(PHOTO, kind, exif=note, icc_profile=secret, **more)
        assert secret in data
        assert secret not in pickle.dumps(decode.picture(data))


def test_an_svg_named_in_a_text_beside_the_pixels_makes_no_svg() -> None:
    data = png(WIDTH, HEIGHT, 8, 2, PIXELS.tobytes(), chunk(b"tEXt", b"source\0<svg/>"))
    assert distance(decode.picture(data).pixels, PIXELS) == 0
