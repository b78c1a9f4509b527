"""The sheets that visual_inspection begins with: `python -m training.visual_inspection.samples`.

Cloth and a washer are drawn; the wall is scikit-image's photograph of bricks (CC0 1.0). A sheet is
four rows of four tiles of 224 x 224: twelve good ones, then one good and three flawed ones.
"""

from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from training.core.places import SAMPLES
from training.visual_inspection import textures
from training.visual_inspection.textures import CUT, Flaw

GOOD = 13
FINE = 4  # times as large while it is drawn, for smooth edges

Array = np.ndarray[Any, Any]


def washer(rng: np.random.Generator, notch: bool = False) -> Array:
    """A metal washer on a dark mat, never quite in the same place: float64 [224, 224, 3]."""
    side = CUT * FINE
    x, y = side / 2 + rng.uniform(-4, 4, 2) * FINE
    outer, inner = 84 * FINE, 38 * FINE
    mat = 52 + 4 * rng.normal(size=(CUT, CUT))
    mask = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse((x - outer, y - outer, x + outer, y + outer), fill=255)
    draw.ellipse((x - inner, y - inner, x + inner, y + inner), fill=0)
    if notch:
        angle, size = rng.uniform(0, 2 * np.pi), 15 * FINE
        at = (x + outer * np.cos(angle), y + outer * np.sin(angle))
        draw.ellipse((at[0] - size, at[1] - size, at[0] + size, at[1] + size), fill=0)
    small = mask.resize((CUT, CUT), Image.Resampling.LANCZOS)
    inside = np.asarray(small, np.float64) / 255
    edge = np.asarray(small.filter(ImageFilter.GaussianBlur(3)), np.float64) / 255
    rows, columns = np.mgrid[0:CUT, 0:CUT]
    reach = np.hypot(rows - y / FINE, columns - x / FINE)
    # Turned on a lathe: rings, and a sheen that runs round.
    rings = 4 * np.sin(reach * 2.1 + rng.uniform(0, 6)) + 3 * rng.normal(size=(CUT, CUT))
    sheen = 14 * np.cos(2 * np.arctan2(rows - y / FINE, columns - x / FINE) + 0.8)
    metal = 168 + rings + sheen - 60 * (1 - edge)
    grey = inside * metal + (1 - inside) * mat
    found: Array = (grey * rng.uniform(0.97, 1.03))[..., None] * np.array([0.98, 1.0, 1.03])
    return found


def sheet(tiles: list[Array]) -> Image.Image:
    """Sixteen tiles -> four rows of four."""
    rows = [np.concatenate(tiles[i : i + 4], 1) for i in range(0, 16, 4)]
    return Image.fromarray(np.concatenate(rows).round().clip(0, 255).astype(np.uint8))


def washers() -> list[Array]:
    """Thirteen good ones; a scratch, a notch, a stain."""
    rng = np.random.default_rng(3)
    good = [washer(rng) for _ in range(GOOD)]
    scratched, stained = washer(rng), washer(rng)
    rows, columns = np.mgrid[0:CUT, 0:CUT]
    line = np.exp(-np.square((columns - 0.6 * rows - 100) / 1.2)) * (rows > 125) * (rows < 175)
    spot = np.exp(-((np.square((rows - 70) / 11) + np.square((columns - 78) / 8)) ** 2))
    return [
        *good,
        scratched - 75 * line[..., None],
        washer(rng, notch=True),
        stained - 45 * spot[..., None],
    ]


def cut(whole: Array, flaws: tuple[Flaw, Flaw, Flaw], seed: int) -> list[Array]:
    """Pieces of a texture: good ones of the left half, those to inspect of the right one."""
    drawn = textures.pictures(whole, textures.Split(GOOD - 1, 1, 1), seed)
    rng = np.random.default_rng(seed + 1)
    right = textures.pictures(whole, textures.Split(1, 3, 1), seed + 2).good
    made = [
        flaw(piece.astype(np.float64), rng)[0] for flaw, piece in zip(flaws, right, strict=True)
    ]
    return [*drawn.remembered.astype(np.float64), drawn.good[0].astype(np.float64), *made]


def main() -> None:
    """Write the sheets."""
    three = (textures.scratch, textures.stain, textures.worn)
    sheets = {
        "washer": washers(),
        "weave": cut(textures.texture("weave", 5), three, 5),
        "brick": cut(textures.photograph("brick"), three, 8),
    }
    for name, tiles in sheets.items():
        sheet(tiles).save(SAMPLES / f"inspect-{name}.jpg", quality=85)


if __name__ == "__main__":
    main()
