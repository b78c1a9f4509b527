"""Hostile and odd files through `models.decode.picture`: a right picture, or one clear sentence."""

import io
import pickle
import random
import re
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models import decode
from models.errors import InputError

WIDTH, HEIGHT = 64, 48
TILES = np.random.default_rng(2).integers(0, 256, (3, 4, 3), np.uint8)
PIXELS = TILES.repeat(16, 0).repeat(16, 1)  # without symmetry, and flat enough for JPEG
PHOTO = Image.fromarray(PIXELS)
ANIMATION = "Only the first picture of this animation was used."
TURNED = "It was turned upright, as its camera noted."
WHITE = "Its transparent parts were laid on white."
SCALED = "Its grey values were scaled to 8 bits."
REDUCED = "It was reduced from 6000 x 4000 pixels."
ROOT = Path(__file__).parents[2]


def save(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def big(kind: str, width: int, height: int, mode: str = "RGB", **options) -> bytes:
    return save(PHOTO.convert(mode).resize((width, height), 0), kind, **options)


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, depth: int, colour: int, *extra: bytes, row: bytes = b"") -> bytes:
    """By hand, for what Pillow does not write; every row is the same, black unless given."""
    row = row or bytes((width * depth * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    squeeze, step = zlib.compressobj(9), max(1, 2**20 // len(row))
    parts = [
        squeeze.compress((b"\0" + row) * min(step, height - i)) for i in range(0, height, step)
    ]
    body = chunk(b"IDAT", b"".join(parts) + squeeze.flush()) + chunk(b"IEND")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + body


def bmp(width: int, height: int, depth: int, coding: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, depth, coding, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 1078) + head + bytes(2048)


WHOLE = {"B": 1, "H": 3, "I": 4, "Q": 16, "f": 11}


def tiff(
    pixels: np.ndarray,
    tags: dict[int, tuple[str, object] | None] | None = None,
    order: str = "<",
    big: bool = False,
    after: int = 0,
) -> bytes:
    """By hand, for what Pillow does not write: unpacked [height, width] or [height, width, n].

    tags: number -> code and values, in place of the usual ones; None leaves one out. after: where
    the next page is.
    """
    height, width = pixels.shape[:2]
    many = pixels.shape[2] if pixels.ndim == 3 else 1
    kinds = {"u": 1, "i": 2, "f": 3}
    usual: dict[int, tuple[str, object]] = {
        256: ("I", width), 257: ("I", height), 258: ("H", [8 * pixels.itemsize] * many),
        259: ("H", 1), 262: ("H", 2 if many > 2 else 1), 273: ("I", 16), 277: ("H", many),
        278: ("I", height), 279: ("I", pixels.nbytes),
        339: ("H", [kinds[pixels.dtype.kind]] * many),
    }  # fmt: skip
    if many in (2, 4):
        usual[338] = "H", 2
    body = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    begin, far = 16 + len(body), b""
    place, entry = ("Q", "Q") if big else ("I", "H")
    listed = sorted((tag, held) for tag, held in (usual | (tags or {})).items() if held)
    size = struct.calcsize(order + place)
    end = begin + struct.calcsize(order + entry) + len(listed) * (4 + 2 * size) + size
    rows = b""
    for tag, (code, values) in listed:
        flat = np.atleast_1d(np.asarray(values)).tolist()
        data = struct.pack(f"{order}{len(flat)}{code}", *flat)
        if len(data) > size:
            held, far = struct.pack(order + place, end + len(far)), far + data
        else:
            held = data.ljust(size, b"\0")
        rows += struct.pack(f"{order}HH{place}", tag, WHOLE[code], len(flat)) + held
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "H", 43 if big else 42)
    head += struct.pack(order + "HHQ", 8, 0, begin) if big else struct.pack(order + "I", begin)
    return (
        head.ljust(16, b"\0") + body + struct.pack(order + entry, len(listed)) + rows
        + struct.pack(order + place, after) + far
    )  # fmt: skip


def exif(tag: int, kind: int, count: int, value: bytes) -> bytes:
    """One note; a value of more than four bytes lies behind it."""
    far = len(value) > 4
    entry = struct.pack(">I", 26) if far else value.ljust(4, b"\0")
    note = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHI", tag, kind, count) + entry + bytes(4)
    return note + value * far


def sentence(error: InputError) -> str:
    text = str(error)
    assert re.fullmatch(r"[A-Z]([^.!?\n]|\.(?=\d))+\.", text), text
    assert not re.search(r"[/\\<>_]|0x|PIL|Pillow|Error", text), text
    return text


def distance(pixels: np.ndarray, other: np.ndarray) -> float:
    assert pixels.shape == other.shape
    return float(np.abs(pixels.astype(int) - other).mean())


FINE = {"quality": 95, "subsampling": 0}
EXACT = {"lossless": True}
MANY = {"save_all": True, "append_images": [PHOTO.rotate(90), PHOTO.rotate(180)], "duration": 50}
FILES = {
    "JPEG": save(PHOTO, "JPEG", **FINE),
    "JPEG, progressive": save(PHOTO, "JPEG", progressive=True, **FINE),
    "JPEG of CMYK": save(PHOTO.convert("CMYK"), "JPEG", **FINE),
    "JPEG in an MPO": save(PHOTO, "MPO", **FINE, **MANY),
    "PNG": save(PHOTO, "PNG"),
    "PNG, animated": save(PHOTO, "PNG", **MANY),
    "PNG with all opaque": save(PHOTO.convert("RGBA"), "PNG"),
    "PNG with a palette": save(PHOTO.quantize(16), "PNG"),
    "PNG that names an SVG": png(WIDTH, HEIGHT, 8, 2, chunk(b"tEXt", b"source\0<svg/>")),
    "GIF": save(PHOTO.quantize(16), "GIF"),
    "GIF, animated": save(PHOTO, "GIF", **MANY),
    "WebP": save(PHOTO, "WEBP", **EXACT),
    "WebP, animated": save(PHOTO, "WEBP", **EXACT, **MANY),
    "BMP": save(PHOTO, "BMP"),
    "BMP with a palette": save(PHOTO.quantize(16), "BMP"),
    "TIFF": save(PHOTO, "TIFF"),
    "TIFF with LZW": save(PHOTO, "TIFF", compression="tiff_lzw"),
    "TIFF with ZIP": save(PHOTO, "TIFF", compression="tiff_adobe_deflate"),
    "TIFF with runs": save(PHOTO, "TIFF", compression="packbits"),
    "TIFF with a palette": save(PHOTO.quantize(16), "TIFF"),
    "TIFF of CMYK": save(PHOTO.convert("CMYK"), "TIFF"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_gives_the_right_pixels_as_an_array_of_its_own(name: str) -> None:
    picture = decode.picture(FILES[name])
    assert distance(picture.pixels, 0 * PIXELS if "SVG" in name else PIXELS) < 4
    assert picture.size == (WIDTH, HEIGHT)
    assert picture.notes == ((ANIMATION,) if "animated" in name else ())
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.c_contiguous
    picture.pixels[:] = 7  # writable
    assert decode.picture(FILES[name]).pixels[0, 0].tolist() != [7, 7, 7]


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_refused_or_whole_but_for_its_end(name: str) -> None:
    data, refused = FILES[name], 0
    whole = decode.picture(data).pixels
    for end in [*range(1, 40), *(len(data) * part // 20 for part in range(2, 20)), -1]:
        try:  # what may miss without harm are later frames and an end mark
            assert distance(decode.picture(data[:end]).pixels, whole) < 1
        except InputError as error:
            refused += bool(sentence(error))
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
            sentence(error)
        assert time.thread_time() - started < 2


UNREAD = {
    b"": "empty",
    bytes(1000): "not a picture",
    b"Dear Sir or Madam": "not a picture",
    random.Random(0).randbytes(5000): "not a picture",
    save(PHOTO, "TIFF", compression="jpeg"): "packed in a way",
    save(PHOTO.convert("1"), "TIFF", compression="group4"): "packed in a way",
    b"II*\0": "damaged",
    b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<SVG width="9"/>': "SVG drawing",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1": "HEIC",
    b"\0\0\0\x18ftypmif1\0\0\0\0heic": "HEIC",
    b"\0\0\0\x18ftypavif\0\0\0\0mif1": "AVIF",
    b"MZ\x90\0\3\0\0\0": "program",
    b"\x7fELF\2\1\1\0": "program",
    b"%PDF-1.7\n": "PDF",
    b"RIFF\x24\0\0\0WAVEfmt ": "damaged",
    b"\x89PNG\r\n\x1a\n": "damaged",
    b"\xff\xd8\xff": "damaged",
    png(1, 1, 8, 0): "1 x 1 pixels",
    png(1, 20000, 8, 0): "1 x 20000 pixels",
    png(16, 321, 8, 0): "strip",
    png(10000, 10000, 1, 0): "at most 24 million",  # where Pillow only warns
    save(Image.new("RGB", (15, 16)), "WEBP"): "15 x 16 pixels",
    bmp(2**31 - 1, 2**31 - 1, 24, 0): "at most 24 million",
    bmp(64, 64, 8, 1): "run-length",
}


@pytest.mark.parametrize("data", UNREAD)
def test_what_cannot_be_used_is_refused_with_its_reason(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode.picture(data)
    assert UNREAD[data] in sentence(caught.value)


GREY = PIXELS[..., 0]


def test_sixteen_and_one_bit_are_scaled_and_a_dark_picture_stays_dark() -> None:
    picture = decode.picture(save(Image.fromarray(GREY.astype(np.uint16) * 257), "PNG"))
    assert (picture.pixels == GREY[..., None]).all()
    assert picture.notes == (SCALED,)
    row = np.linspace(0, 65535, 3 * WIDTH).astype(">u2")
    pixels = decode.picture(png(WIDTH, HEIGHT, 16, 2, row=row.tobytes())).pixels
    assert np.abs(pixels[9].ravel() - row / 257).max() <= 1
    assert set(decode.picture(save(Image.fromarray(GREY > 99), "PNG")).pixels.flat) == {0, 255}
    for value in (200, 2000):  # where the file says that it is of sixteen bits
        dark = np.uint16(GREY > 99) * np.uint16(value)
        data = save(Image.fromarray(dark), "PNG")
        says = data[:33] + chunk(b"sBIT", b"\x10") + data[33:]
        for one in (says, tiff(dark, {281: ("H", 65535)})):
            assert decode.picture(one).pixels.max() == round(value / 257)
            assert decode.picture(one).notes == (SCALED,)


def stored(values: np.ndarray, kind: str) -> bytes:
    """16-bit values in a file of that kind."""
    if kind == "PNG" and values.ndim == 2:
        return save(Image.fromarray(values), "PNG")
    if kind == "PNG":
        squeezed = zlib.compress(b"".join(b"\0" + row.astype(">u2").tobytes() for row in values))
        colour = {2: 4, 3: 2, 4: 6}[values.shape[2]]
        head = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], 16, colour, 0, 0, 0)
        parts = chunk(b"IHDR", head) + chunk(b"IDAT", squeezed) + chunk(b"IEND")
        return b"\x89PNG\r\n\x1a\n" + parts
    if kind == "TIFF, packed":
        tags = {259: ("H", 8)}
        plain = tiff(values, tags)
        body = zlib.compress(values.tobytes())
        tags |= {279: ("I", len(body)), 273: ("I", len(plain))}
        return tiff(values, tags) + body
    return tiff(values, order=">" if "big" in kind else "<", big="Big" in kind)


KINDS = ("PNG", "TIFF", "TIFF, packed", "TIFF, big-endian", "BigTIFF")


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_fewer_bits_in_a_file_of_sixteen_are_as_bright_as_eight(
    bits: int, kind: str, channels: int
) -> None:
    white = 2**bits - 1
    shown = PIXELS.copy()
    shown[0, 0] = 255  # a picture that uses its range
    if channels == 4:
        shown = np.dstack([shown, np.full((HEIGHT, WIDTH), 255, np.uint8)])
    values = np.rint((shown[..., 0] if channels == 1 else shown) * (white / 255)).astype(np.uint16)
    picture = decode.picture(stored(values, kind))
    expected = shown[..., :1].repeat(3, 2) if channels == 1 else shown[..., :3]
    assert np.abs(picture.pixels.astype(int) - expected).max() <= 1
    assert picture.alpha is None
    said = [note for note in picture.notes if f"read as {bits} bits" in note]
    assert len(said) == (bits < 16)


def test_grey_with_alpha_of_fewer_bits_keeps_both() -> None:
    alpha = np.where(np.arange(WIDTH) < 32, 0, 4095)[None].repeat(HEIGHT, 0)
    values = np.dstack([GREY.astype(int) * 16, alpha]).astype(np.uint16)
    picture = decode.picture(stored(values, "PNG"))
    assert (picture.pixels[:, :32] == 255).all()
    right = np.rint(GREY[:, 32:, None].astype(float) * 16 / 4095 * 255)
    assert np.abs(picture.pixels[:, 32:] - right).max() <= 1
    assert picture.alpha is not None
    assert (picture.alpha[:, :32] == 0).all()
    assert (picture.alpha[:, 32:] == 255).all()


def test_what_a_file_says_is_white_counts_where_its_values_allow_it() -> None:
    values = GREY.astype(np.uint16) * 4  # up to 992: ten bits by themselves, twelve by what it says
    plain = save(Image.fromarray(values), "PNG")
    for data in (
        plain[:33] + chunk(b"sBIT", b"\x0c") + plain[33:],
        tiff(values, {281: ("H", 4095)}),
        tiff(values, {341: ("H", 4095)}, ">"),
    ):
        picture = decode.picture(data)
        assert np.abs(picture.pixels[..., 0] - np.rint(values / 4095 * 255)).max() <= 1
        assert picture.notes[1] == "The file says that 4,095 is white, and was read so."
    for lies in (tiff(values, {281: ("H", 100)}), tiff(values, {341: ("f", float("nan"))})):
        assert "read as 10 bits" in decode.picture(lies).notes[1]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((GREY / 255).astype(np.float32), "from 0 to 1"),
        (GREY.astype(np.float32), "read as 8 bits"),
        (GREY.astype(np.int16) * 16, "read as 12 bits"),
        (GREY.astype(np.int32) * 16, "read as 12 bits"),
    ],
)
@pytest.mark.parametrize("order", "<>")
def test_floating_and_signed_values_are_read_by_their_range(
    values: np.ndarray, says: str, order: str
) -> None:
    picture = decode.picture(tiff(values, order=order))
    assert np.abs(picture.pixels[..., 0].astype(int) - GREY).max() <= 1
    assert says in picture.notes[1]


def test_values_of_no_usual_range_are_spread_and_said_and_what_is_no_number_is_black() -> None:
    hounsfield = GREY.astype(np.int16) * 8 - 1000
    picture = decode.picture(tiff(hounsfield))
    low, high = int(hounsfield.min()), int(hounsfield.max())
    expected = np.rint((hounsfield - float(low)) / (high - low) * 255)
    assert np.abs(picture.pixels[..., 0] - expected).max() <= 1
    assert f"from {low:,} to {high:,} were spread" in picture.notes[1]
    holes = np.where(GREY > 200, np.float32(np.nan), GREY.astype(np.float32) / 255)
    picture = decode.picture(tiff(holes))
    assert (picture.pixels[GREY > 200] == 0).all()
    assert np.abs(picture.pixels[GREY <= 200][:, 0].astype(int) - GREY[GREY <= 200]).max() <= 1
    assert (decode.picture(tiff(np.full((48, 64), np.nan, np.float32))).pixels == 0).all()


def test_strips_tiles_planes_and_packed_bits_of_a_tiff_come_together() -> None:
    tiles = PIXELS.reshape(3, 16, 4, 16, 3).transpose(0, 2, 1, 3, 4).reshape(PIXELS.shape)
    size = 16 * 16 * 3
    squared: dict[int, tuple[str, object] | None] = {
        322: ("I", 16), 323: ("I", 16), 324: ("I", [16 + size * i for i in range(12)]),
        325: ("I", [size] * 12), 273: None, 278: None, 279: None,
    }  # fmt: skip
    rows = {278: ("I", 8), 273: ("I", [16 + 1536 * i for i in range(6)]), 279: ("I", [1536] * 6)}
    planes = PIXELS.transpose(2, 0, 1).reshape(PIXELS.shape)
    apart = {284: ("H", 2), 273: ("I", [16 + 3072 * i for i in range(3)]), 279: ("I", [3072] * 3)}
    for data in (tiff(tiles, squared), tiff(PIXELS, rows), tiff(planes, apart)):
        assert (decode.picture(data).pixels == PIXELS).all()
    values = GREY.astype(np.uint16) * 16
    one, other = values[:, ::2], values[:, 1::2]
    packed = np.stack([one >> 4, (one & 15) << 4 | other >> 8, other & 255], axis=-1)
    data = tiff(packed.astype(np.uint8).reshape(HEIGHT, -1), {256: ("I", WIDTH), 258: ("H", 12)})
    picture = decode.picture(data)
    assert (picture.pixels[..., 0] == np.rint(values / 4095 * 255)).all()


def test_a_tiff_in_which_zero_is_white_is_turned_at_every_depth() -> None:
    for values in (255 - GREY, (255 - GREY.astype(np.uint16)) * 257):
        picture = decode.picture(tiff(values, {262: ("H", 0)}))
        assert (picture.pixels == GREY[..., None]).all()


def test_of_a_tiff_the_first_page_is_read_and_the_others_are_said() -> None:
    pages = save(PHOTO, "TIFF", save_all=True, append_images=[PHOTO.rotate(180)])
    picture = decode.picture(pages)
    assert (picture.pixels == PIXELS).all()
    assert picture.notes == ("Only the first page of this file was used.",)
    one = tiff(PIXELS)
    begin = int.from_bytes(one[4:8], "little")
    assert decode.picture(tiff(PIXELS, after=begin)).notes == ()  # a ring of one page
    with pytest.raises(InputError, match="small preview"):
        decode.picture(tiff(PIXELS, {254: ("I", 1)}))


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({259: ("H", 7)}, "packed in a way"),
        ({259: ("H", 34925)}, "packed in a way"),
        ({262: ("H", 8)}, "of a kind"),
        ({262: ("H", 6)}, "of a kind"),
        ({258: ("H", [8, 8, 16])}, "of a kind"),
        ({277: ("H", 9), 258: ("H", [8] * 9)}, "of a kind"),
        ({339: ("H", [6, 6, 6])}, "of a kind"),
        ({256: ("I", 2**31)}, "at most 16 million"),
        ({256: ("I", 0)}, "0 x 48 pixels"),
        ({322: ("I", 2**20), 323: ("I", 2**20)}, "tiles that are far too large"),
        ({273: ("I", [16] * 200_000)}, "far too many pieces"),
        ({273: ("I", 2**31)}, "damaged"),
        ({258: ("H", [])}, "of a kind"),
    ],
)
def test_a_hostile_tiff_gets_its_sentence(tags: dict, says: str) -> None:
    for packed in ({}, {259: ("H", 5)}) if 259 not in tags else ({},):
        with pytest.raises(InputError) as caught:
            decode.picture(tiff(PIXELS, packed | tags))
        assert says in sentence(caught.value)


def test_tags_of_a_tiff_that_point_anywhere_are_never_followed() -> None:
    begin = int.from_bytes(tiff(PIXELS)[4:8], "little")
    lists = dict.fromkeys((330, 34665, 34853, 40965, 700), ("I", begin))
    huge = {65000 + i: ("I", [0] * 100) for i in range(200)}
    for tags in (lists, huge):
        picture = decode.picture(tiff(PIXELS, tags))
        assert (picture.pixels == PIXELS).all()
    many = {50000 + i: ("H", 1) for i in range(1_000)}
    with pytest.raises(InputError, match="far too much beside"):
        decode.picture(tiff(PIXELS, many))
    apart = {284: ("H", 2), 273: ("I", [16] * 3), 279: ("I", [WIDTH * HEIGHT] * 3)}
    with pytest.raises(InputError, match="of a kind"):  # a decoder would take halves of values
        decode.picture(tiff(PIXELS.astype(np.uint16) * 257, apart))


HALF = Image.fromarray((np.arange(WIDTH) > 31).astype(np.uint8)[None].repeat(HEIGHT, 0))
HALF.putpalette([10, 20, 30, 200, 100, 50])
RAMP = Image.fromarray(np.linspace(0, 255, WIDTH).astype(np.uint8)[None].repeat(HEIGHT, 0))
LA = Image.merge("LA", (Image.new("L", RAMP.size), RAMP))
RGBA = Image.merge("RGBA", (*[Image.new("L", RAMP.size, 80)] * 3, RAMP))


@pytest.mark.parametrize(
    ("data", "left", "right"),
    [
        (save(HALF, "PNG", transparency=0), [255, 255, 255], [200, 100, 50]),
        (save(HALF, "PNG", transparency=b"\x80\xff"), [132, 137, 142], [200, 100, 50]),
        (save(HALF, "GIF", transparency=0), [255, 255, 255], [200, 100, 50]),
        (save(HALF.convert("RGB"), "PNG", transparency=(10, 20, 30)), [255] * 3, [200, 100, 50]),
        (save(RAMP, "PNG", transparency=0), [255, 255, 255], [255, 255, 255]),
        (save(LA, "PNG"), [255, 255, 255], [0, 0, 0]),
        (save(RGBA, "PNG"), [255, 255, 255], [80, 80, 80]),
        (save(RGBA, "WEBP", **EXACT), [255, 255, 255], [80, 80, 80]),
        (save(RGBA, "TIFF"), [255, 255, 255], [80, 80, 80]),
        (save(LA, "TIFF"), [255, 255, 255], [0, 0, 0]),
    ],
)
def test_transparency_is_laid_on_white(data: bytes, left: list[int], right: list[int]) -> None:
    picture = decode.picture(data)
    assert [picture.pixels[5, 0].tolist(), picture.pixels[5, -1].tolist()] == [left, right]
    assert picture.alpha is not None
    assert picture.alpha.shape == picture.pixels.shape[:2]
    assert picture.alpha[5, 0] < 255
    assert picture.notes == (WHITE,)


# What the EXIF standard says of the numbers from 1: the sides on which row 0 and column 0 lie.
SIDES = (
    "top left, top right, bottom right, bottom left, left top, right top, right bottom, left bottom"
)


@pytest.mark.parametrize(("number", "sides"), [*enumerate(SIDES.split(", "), 1)])
@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("WEBP", EXACT), ("JPEG", FINE), ("TIFF", {})]
)
def test_a_turned_photo_is_put_upright(number: int, sides: str, kind: str, options: dict) -> None:
    rows, columns = sides.split()
    stored = PIXELS.swapaxes(0, 1) if rows in ("left", "right") else PIXELS
    stored = stored[::-1] if rows in ("bottom", "right") else stored
    stored = stored[:, ::-1] if columns in ("bottom", "right") else stored
    note = exif(0x0112, 3, 1, bytes([0, number]))
    data = save(Image.fromarray(stored), kind, exif=b"Exif\0\0" + note, **options)
    picture = decode.picture(data)
    assert distance(picture.pixels, PIXELS) <= (4 if kind == "JPEG" else 0)
    assert picture.notes == ((TURNED,) if number > 1 else ())
    assert picture.pixels.flags.c_contiguous
    assert picture.pixels.flags.writeable


BAD_NOTES = [exif(0x0112, 3, 1, bytes([0, number])) for number in (0, 9, 255)]
BAD_NOTES += [exif(0x0112, 2, 4, b"abc"), exif(0x0112, 3, 90, b"abc"), BAD_NOTES[0][:14]]


@pytest.mark.parametrize("note", [*BAD_NOTES, b"no such header"])
@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("WEBP", EXACT), ("JPEG", FINE)])
def test_a_damaged_camera_note_costs_no_picture(note: bytes, kind: str, options: dict) -> None:
    picture = decode.picture(save(PHOTO, kind, exif=b"Exif\0\0" + note, **options))
    assert distance(picture.pixels, PIXELS) < 4
    assert picture.notes == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_picture_is_reduced_by_a_whole_factor_and_says_so(kind: str) -> None:
    for width, height, factor in ((1024, 2048, 2), (2048, 1024, 2), (1023, 1100, 1)):
        picture = decode.picture(big(kind, width, height))
        assert picture.pixels.shape == (height // factor, width // factor, 3)
        assert picture.size == (width, height)
        told = (f"It was reduced from {width} x {height} pixels.",)
        assert picture.notes == (told if factor > 1 else ())


def test_nothing_of_a_visitor_survives_beside_the_pixels() -> None:
    secret = b"Jane Roe"
    kinds = (("JPEG", {"comment": secret}), ("PNG", {}), ("WEBP", {"xmp": secret}), ("TIFF", {}))
    for kind, more in kinds:
        note = b"Exif\0\0" + exif(0x010E, 2, 9, secret + b"\0")
        data = save(PHOTO, kind, exif=note, icc_profile=secret, **more)
        assert secret in data
        assert secret not in pickle.dumps(decode.picture(data))


def again(data: bytes, times: int) -> bytes:
    """A progressive JPEG that says its last pass again and again."""
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * times + b"\xff\xd9"


def apart(width: int, height: int) -> bytes:
    """A plain JPEG with one colour after another, all of which libjpeg must hold."""
    data = save(Image.new("L", (width, height), 90), "JPEG")
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    three = data[frame : frame + 9].replace(b"\0\x0b", b"\0\x11") + b"\3\1\x11\0\2\x11\0\3\x11\0"
    scans = [data[scan : scan + 5] + bytes([k]) + data[scan + 6 : -2] for k in (1, 2, 3)]
    return data[:frame] + three + data[frame + 13 : scan] + b"".join(scans) + b"\xff\xd9"


def gif(before: bytes = b"", frames: int = 1, after: bytes = b"") -> bytes:
    start = FILES["GIF"].index(b",")
    return FILES["GIF"][:start] + before + FILES["GIF"][start:-1] * frames + after


def jpeg(*segments: bytes) -> bytes:
    head = (b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part for part in segments)
    return FILES["JPEG"][:2] + b"".join(head) + FILES["JPEG"][20:]


def text(key: bytes, last: bytes) -> bytes:
    """A PNG's note of a megabyte that takes a kilobyte."""
    return chunk(b"iTXt", key + b"\0\1\0\0\0" + zlib.compress(b"a" * (2**20 - 8) + last))


def packed(width: int, height: int, code: str, many: int, rows: int = 0) -> bytes:
    """A TIFF in one strip of ZIP, every value 4,000."""
    row = struct.pack(f"<{code}", 4000 if code != "B" else 40) * (width * many)
    squeeze = zlib.compressobj(1)
    body = b"".join(squeeze.compress(row) for _ in range(rows or height)) + squeeze.flush()
    small = np.zeros((16, 16, many), {"H": "u2", "f": "f4", "B": "u1"}[code])
    tags: dict[int, tuple[str, object]] = {
        256: ("I", width), 257: ("I", height), 259: ("H", 8), 278: ("I", height),
        279: ("I", len(body)), 262: ("H", 2 if many > 1 else 1), 273: ("I", 16),
    }  # fmt: skip
    start = tiff(small, tags)
    tags[273] = "I", len(start)
    return tiff(small, tags) + body


def long_note(tag: int) -> bytes:
    return exif(tag, 5, 3_000_000, struct.pack(">II", 1, 7) * 3_000_000)


SMALL = (64, 64, 8, 0)
PLAIN, SLOW = {"compress_level": 1}, {"progressive": True}
WARNS = chunk(b"acTL", bytes(8)), chunk(b"eXIf", exif(274, 3, 90, b"abc"))
LIE = struct.pack("<I", 7999 | 7999 << 14)  # width and height less one
DOTS = b"!\xfe" + b"\1a" * 12_000_000 + b"\0"
HEAVY: dict[str, tuple[Callable[[], bytes], str]] = {
    "40 MB": (lambda: b"\xff\xd8\xff" + bytes(40 * 2**20), "more than 25 MB"),
    "PNG of 50,000 x 50,000": (lambda: png(50_000, 50_000, 1, 0), "50000 x 50000"),
    "PNG, RGBA": (lambda: big("PNG", 6000, 4000, "RGBA", **PLAIN), REDUCED),
    "PNG, RGBA, long": (lambda: big("PNG", 20312, 1016, "RGBA", **PLAIN), "(1016, 20312"),
    "PNG, RGBA of 16 bits": (lambda: png(6000, 4000, 16, 6), WHITE),
    "PNG, grey of 16 bits": (lambda: png(6000, 4000, 16, 0), SCALED),
    "PNG, palette": (lambda: big("PNG", 6000, 4000, "P", transparency=b"\0\x80" * 99), WHITE),
    "PNG of empty chunks": (lambda: png(*SMALL, chunk(b"abCd") * 2_000_000), "pieces"),
    "PNG, 10 MB of text": (lambda: png(*SMALL, chunk(b"tEXt", b"a" * 10**7)), "(64, 64"),
    "PNG, 10 GB of text": (lambda: png(*SMALL, text(b"a", b"\xff") * 10**4), "beside"),
    "PNG, wide text": (
        lambda: png(*SMALL, *(text(b"%d" % i, b"\xc4\x80") for i in range(60))),
        "damaged",
    ),
    "PNG, long camera note": (lambda: png(*SMALL, chunk(b"eXIf", long_note(274))), "(64, 64"),
    "PNG, at which Pillow warns": (lambda: png(*SMALL, *WARNS), "(64, 64"),
    "JPEG": (lambda: big("JPEG", 8000, 6000), "(750, 1000"),
    "JPEG, progressive": (lambda: big("JPEG", 8000, 6000, **SLOW), "(750, 1000"),
    "JPEG, all held": (lambda: big("JPEG", 5400, 5400, subsampling=0, **SLOW), "progressive"),
    "JPEG, colours apart": (lambda: apart(8000, 8000), "progressive"),
    "JPEG, passes": (lambda: again(big("JPEG", 4000, 3000, "L", **SLOW), 5000), "progressive"),
    "JPEG, long": (lambda: big("JPEG", 20460, 1023), "(1023, 20460"),
    "JPEG of empty comments": (lambda: b"\xff\xd8" + b"\xff\xfe\0\2" * 6_000_000, "pieces"),
    "JPEG of padding": (lambda: b"\xff\xd8" + b"\xff" * 25_000_000, "pieces"),
    "JPEG, long camera note": (
        lambda: jpeg(*(b"Exif\0\0" + part for part in re.findall(b"(?s).{65000}", long_note(282)))),
        "beside",
    ),
    "WebP": (lambda: save(RGBA.resize((4096, 3048)), "WEBP", quality=0, method=0, **EXACT), WHITE),
    "WebP that lies": (lambda: FILES["WebP"][:21] + LIE + FILES["WebP"][25:], "12.5 million"),
    "GIF of 50,000 frames": (lambda: gif(frames=50_000), ANIMATION),
    "GIF of comments": (lambda: gif(before=DOTS), "pieces"),
    "GIF that goes on": (lambda: gif(after=DOTS), "pieces"),
    "TIFF, RGB": (lambda: big("TIFF", 4000, 4000, compression="tiff_lzw"), "(572, 572"),
    "TIFF, RGBA": (lambda: big("TIFF", 4000, 4000, "RGBA", compression="tiff_lzw"), "(572, 572"),
    "TIFF, CMYK": (lambda: big("TIFF", 4000, 4000, "CMYK", compression="tiff_lzw"), "(572, 572"),
    "TIFF, grey of 16 bits": (lambda: packed(4000, 4000, "H", 1), "12 bits"),
    "TIFF, colour of 12 bits": (lambda: packed(4000, 4000, "H", 3), "12 bits"),
    "TIFF, colour of 12 bits with alpha": (lambda: packed(4000, 4000, "H", 4), "12 bits"),
    "TIFF, floating": (lambda: packed(4000, 4000, "f", 1), "12 bits"),
    "TIFF of 50,000 x 50,000": (lambda: packed(50_000, 50_000, "B", 1, rows=1), "50000 x 50000"),
    "TIFF of a hundred thousand strips": (
        lambda: tiff(PIXELS, {273: ("I", [16] * 100_000), 279: ("I", [9216] * 100_000)}),
        "(48, 64",
    ),
    "TIFF of tags": (
        lambda: tiff(PIXELS, {60000 + i: ("I", [0] * 9000) for i in range(600)}),
        "(48, 64",
    ),
    "BMP that lies": (lambda: bmp(4899, 4898, 24, 0), "damaged"),
}
# In a process of its own, as a visitor meets it: nothing used before, warnings no errors.
CHILD = """
import re, sys, time
from models import decode, errors
def memory(name):
    with open("/proc/self/status") as lines:
        return int(re.search(name + ":\\\\s+(\\\\d+)", lines.read())[1]) // 1024
with open(sys.argv[1], "rb") as file:
    data = file.read()
before, started = memory("VmRSS"), time.process_time()
try:
    picture = decode.picture(data)
    said = f"{picture.pixels.shape} {picture.notes}"
except errors.InputError as error:
    said = str(error)
print(time.process_time() - started, memory("VmHWM") - before, said)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("name", HEAVY)
def test_no_file_costs_two_seconds_or_300_megabytes(name: str, tmp_path: Path) -> None:
    make, words = HEAVY[name]
    (tmp_path / "file").write_bytes(make())
    command = [sys.executable, "-c", CHILD, str(tmp_path / "file")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    (tmp_path / "file").unlink()  # pytest would keep them all
    seconds, megabytes, said = done.stdout.split(maxsplit=2)
    print(f"{name}: {float(seconds):.2f} s, {megabytes} MB: {said}")
    assert words in said
    assert float(seconds) < 2  # of this process alone, so that a busy machine fails no test
    assert int(megabytes) < 300
    assert not done.stderr
