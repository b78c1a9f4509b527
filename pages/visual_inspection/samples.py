"""Good pictures and pictures to inspect that visitors may start with: sheets of 224 x 224 tiles.

Each sheet in pages/samples holds four rows of four: twelve good ones, then four to inspect, of
which the first is good too.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from models.visual_inspection import SIDE, Pixels
from pages.parts.source.samples import FOLDER

ACROSS = 4
GOOD = 12


@dataclass(frozen=True)
class Sample:
    """One sheet. flaws: what is wrong with the four to inspect; empty where nothing is."""

    file: str
    about: str
    flaws: tuple[str, ...]

    def tiles(self) -> list[Pixels]:
        """All sixteen, row by row."""
        with Image.open(io.BytesIO((FOLDER / self.file).read_bytes())) as image:
            sheet = np.asarray(image.convert("RGB"))
        return [
            sheet[y * SIDE : (y + 1) * SIDE, x * SIDE : (x + 1) * SIDE]
            for y in range(sheet.shape[0] // SIDE)
            for x in range(ACROSS)
        ]


SHEETS: dict[str, Sample] = {
    "Metal washer": Sample(
        "inspect-washer.jpg",
        "a drawn part, never quite in the same place",
        ("", "a scratch", "a notch in its rim", "a stain"),
    ),
    "Cloth": Sample(
        "inspect-weave.jpg",
        "drawn cloth",
        ("", "a scratch", "a stain", "threads rubbed away"),
    ),
    "Brick wall": Sample(
        "inspect-brick.jpg",
        "a photograph (CC0), flaws drawn into it",
        ("", "a scratch", "a stain", "a worn place"),
    ),
}
NUMBERS = ("1", "2", "3", "4")
