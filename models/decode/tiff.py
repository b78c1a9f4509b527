"""The first page of a TIFF, and nothing else of it: checked before a decoder sees the file.

    page = first_page(data)
    page.data, page.size, page.white

A TIFF is a list of tags that may point anywhere: at itself, at gigabytes, at other lists. So the
tags are read here, few and bounded, and `page.data` is a file that holds only those of them that
pixels need, with no other page and no list inside. BigTIFF is read too.
"""

import struct
from dataclasses import dataclass

from models.errors import InputError

MAX_TAGS = 1_000  # of a page: usual are a few dozen
MAX_VALUES = 2**17  # of one tag: where each strip or tile begins
MAX_SAMPLES = 5  # a pixel: CMYK and one more
MAX_PIXELS = 16_000_000  # its decoder holds a page twice, of up to eight bytes a pixel

WIDTH, HEIGHT, BITS, PACKING, MEANING = 256, 257, 258, 259, 262
SUBFILE, ORIENTATION, PLANES, FORMAT = 254, 274, 284, 339
TILE_WIDTH, TILE_HEIGHT = 322, 323
SAMPLES = 277
LEAST, MOST, S_LEAST, S_MOST = 280, 281, 340, 341
# What the decoder gets: of an image's form and of where its pixels lie. No orientation, which it
# would apply by itself, no other list and no note.
# Fill order, strips' offsets, rows a strip, strips' lengths, predictor, palette, tiles' offsets and
# lengths, kinds of alpha.
FORM = (266, 273, 278, 279, 317, 320, 324, 325, 338)
KEPT = {
    WIDTH,
    HEIGHT,
    BITS,
    PACKING,
    MEANING,
    SAMPLES,
    PLANES,
    FORMAT,
    TILE_WIDTH,
    TILE_HEIGHT,
    *FORM,
}
SAID = {SUBFILE, ORIENTATION, LEAST, MOST, S_LEAST, S_MOST}
UNPACKED, LZW, ZIP, OLD_ZIP, PACKBITS = 1, 5, 8, 32946, 32773
PACKINGS = {UNPACKED, LZW, ZIP, OLD_ZIP, PACKBITS}
WHITE_IS_ZERO, MEANINGS = 0, {0, 1, 2, 3, 5}  # grey either way, RGB, palette, CMYK
# Types of values, and their codes in `struct`: what pixels need are whole numbers.
WHOLE = {1: "B", 3: "H", 4: "I", 16: "Q"}
NUMBERS = WHOLE | {6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 17: "q"}


@dataclass(frozen=True)
class Page:
    """The first page of a file.

    white: the values that the file says are black and white; None where it does not say.
    """

    data: bytes  # a file that holds this page alone
    size: tuple[int, int]  # width and height as stored, pixels
    orientation: int  # 1 to 8, as EXIF counts them
    more: bool  # whether there are other pages
    white: tuple[float, float] | None
    negative: bool  # whether 0 is white


def first_page(data: bytes) -> Page:
    """Read the tags of the first page. Raises InputError where its kind is not read here.

    And struct.error or ValueError where the file is damaged.
    """
    tags, kept, more = _tags(data)

    def one(tag: int, usual: int) -> int:
        return int(tags[tag][0]) if tags.get(tag) else usual

    size = one(WIDTH, 0), one(HEIGHT, 0)
    if one(SUBFILE, 0) & 1:
        raise InputError(
            "The first page of this TIFF is a small preview, as in a camera's raw file: export the "
            "photo as JPEG or TIFF."
        )
    if one(PACKING, UNPACKED) not in PACKINGS:
        raise InputError(
            "This TIFF is packed in a way that is not read here: save it without compression, or "
            "with LZW or ZIP."
        )
    bits = {int(value) for value in tags.get(BITS, (1,))}
    apart = one(PLANES, 1) == 2 and bits != {8}  # the decoder would take halves of such values
    strange = one(MEANING, WHITE_IS_ZERO) not in MEANINGS or one(SAMPLES, 1) > MAX_SAMPLES
    if strange or apart or len(bits) != 1:
        raise unread()
    if one(TILE_WIDTH, 1) * one(TILE_HEIGHT, 1) > MAX_PIXELS:
        raise InputError("This TIFF is cut into tiles that are far too large: save it as PNG.")
    turned = one(ORIENTATION, 1)
    return Page(
        kept,
        size,
        turned if turned in range(1, 9) else 1,
        more,
        _white(tags, bits.pop()),
        one(MEANING, WHITE_IS_ZERO) == WHITE_IS_ZERO,
    )


def unread() -> InputError:
    """What is said of pixels that cannot be read, though the file may be whole."""
    return InputError(
        "The pixels of this TIFF are of a kind that is not read here: save it as grey or RGB of 8 "
        "or 16 bits."
    )


def _tags(data: bytes) -> tuple[dict[int, tuple[float, ...]], bytes, bool]:
    """The tags that matter, the file with no others of them, and whether another page follows."""
    order = "<" if data[:1] == b"I" else ">"
    big = 43 in data[2:4]
    number, counted, entry = ("Q", "Q", "HHQ8s") if big else ("I", "H", "HHI4s")
    (begin,) = struct.unpack_from(order + number, data, 8 if big else 4)
    (count,) = struct.unpack_from(order + counted, data, begin)
    if count > MAX_TAGS:
        raise InputError("This TIFF holds far too much beside its pixels: save it again.")
    width = struct.calcsize(order + entry)
    first = begin + struct.calcsize(order + counted)
    after = first + count * width
    (follows,) = struct.unpack_from(order + number, data, after)
    found: dict[int, tuple[float, ...]] = {}
    kept = b""
    for at in range(first, after, width):
        tag, kind, values, held = struct.unpack_from(order + entry, data, at)
        codes = WHOLE if tag in KEPT else NUMBERS
        if tag not in KEPT | SAID or kind not in codes or tag in found:
            continue
        if values > MAX_VALUES:
            raise InputError("This TIFF is cut into far too many pieces: save it as PNG.")
        form = f"{order}{values}{codes[kind]}"
        if struct.calcsize(form) > len(held):
            (place,) = struct.unpack(order + number, held)
            found[tag] = struct.unpack_from(form, data, place)
        else:
            found[tag] = struct.unpack_from(form, held)
        if tag in KEPT:
            kept += data[at : at + width]
    no_other = struct.pack(order + number, 0)
    head = struct.pack(order + counted, len(kept) // width) + kept + no_other
    alone = data[:begin] + head + data[begin + len(head) :]
    return found, alone, follows not in (0, begin) and follows < len(data)


def _white(tags: dict[int, tuple[float, ...]], bits: int) -> tuple[float, float] | None:
    """What the tags say is black and white."""
    for least, most in ((S_LEAST, S_MOST), (LEAST, MOST)):
        if tags.get(most):
            return min(tags.get(least, ()), default=0.0), max(tags[most])
    return (0.0, 2.0**bits - 1) if 8 < bits < 16 else None
