"""A result as one picture to send: what was given, the map over it, the answer, and whose it is."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.explain import Pixels
from pages.parts.draw import pictures

SIDE, GAP = 480, 24  # pixels of each picture, and around them
GROUND, INK, QUIET, TEAL = "#ffffff", "#1f2937", "#4b5563", "#0f766e"


def sheet(image: Pixels, over: Pixels, said: str, below: str, address: str) -> bytes:
    """PNG of two pictures beside each other, and words under them.

    image, over: uint8 of any size. said: the answer, `below`: what the map is, in plain words.
    address: where this Glassbox stands.
    """
    width = 2 * SIDE + 3 * GAP
    lines = [
        *((line, 32, INK) for line in _wrapped(said, 32, width - 2 * GAP)),
        *((line, 20, QUIET) for line in _wrapped(below, 20, width - 2 * GAP)),
        *((line, 20, TEAL) for line in _wrapped(f"Glassbox \u00b7 {address}", 20, width - 2 * GAP)),
    ]
    height = SIDE + 3 * GAP + sum(round(1.4 * size) for _, size, _ in lines)
    page = Image.new("RGB", (width, height), GROUND)
    for left, picture in ((GAP, image), (2 * GAP + SIDE, over)):
        shown = Image.fromarray(pictures.enlarged(picture, SIDE)).convert("RGB")
        shown.thumbnail((SIDE, SIDE))
        shown = shown.resize(
            (round(shown.width * _grown(shown)), round(shown.height * _grown(shown)))
        )
        page.paste(shown, (left + (SIDE - shown.width) // 2, GAP + (SIDE - shown.height) // 2))
    draw, top = ImageDraw.Draw(page), SIDE + 2 * GAP
    for line, size, colour in lines:
        draw.text((GAP, top), line, fill=colour, font=ImageFont.load_default(size))
        top += round(1.4 * size)
    return pictures.png(np.asarray(page))


def _grown(picture: Image.Image) -> float:
    return SIDE / max(picture.size)


def _wrapped(words: str, size: int, width: int) -> list[str]:
    """The words in lines that fit; a longer word stands alone."""
    font, lines = ImageFont.load_default(size), [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
