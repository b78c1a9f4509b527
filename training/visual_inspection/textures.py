"""Textures and flaws for visual_inspection: all from a seed, but for three photographs.

    good, tests, flawed = pictures(texture("weave", 0), Split(12, 15, 15), seed=0)

The photographs (brick, grass and gravel, CC0, 512 x 512, grey) ship with scikit-image; what is
drawn here is what the choices are made on. Good pictures to remember are cut from the left half,
those to inspect from the right one, so that no pixel is in both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates, rotate
from scipy.spatial import cKDTree

from training import sources

SIDE = 512
CUT = 224
PHOTOGRAPHS = ("brick", "grass", "gravel")

Array = np.ndarray[Any, Any]
Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Flaw = Callable[[Array, np.random.Generator], tuple[Array, Array]]


def photograph(name: str) -> Array:
    """One of `PHOTOGRAPHS`: float64 [512, 512, 3], 0..255."""
    with Image.open(sources.package_file("scikit-image", f"{name}.png")) as image:
        return np.repeat(np.asarray(image.convert("L"), np.float64)[..., None], 3, 2)


def _noise(rng: np.random.Generator, sigma: float | tuple[float, float]) -> Array:
    """Smooth noise that wraps round, [512, 512], mean 0 and deviation 1."""
    found: Array = gaussian_filter(rng.normal(size=(SIDE, SIDE)), sigma, mode="wrap")
    standard: Array = (found - found.mean()) / found.std()
    return standard


def _grid() -> tuple[Array, Array]:
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)
    return rows, columns


def _tinted(grey: Array, tint: tuple[float, float, float]) -> Array:
    """[512, 512] around 0..1 -> [512, 512, 3], 0..255."""
    found: Array = (grey.clip(0, 1)[..., None] * np.array(tint)).clip(0, 255)
    return found


def weave(rng: np.random.Generator) -> Array:
    """Plain cloth: threads over and under, not quite even."""
    rows, columns = _grid()
    period = 14.0
    y, x = rows + 1.2 * _noise(rng, 18), columns + 1.2 * _noise(rng, 18)
    over = np.sign(np.sin(np.pi * y / period) * np.sin(np.pi * x / period))
    warp = np.abs(np.sin(np.pi * x / period)) * (over > 0)
    weft = np.abs(np.sin(np.pi * y / period)) * (over <= 0)
    fibres = 0.05 * _noise(rng, (0.6, 2.5)) * (over <= 0) + 0.05 * _noise(rng, (2.5, 0.6)) * (
        over > 0
    )
    return _tinted(0.35 + 0.45 * (warp + weft) + fibres, (205, 190, 160))


def wood(rng: np.random.Generator) -> Array:
    """Boards with grain along the rows."""
    rows, _ = _grid()
    bent = rows + 9 * _noise(rng, (20, 90)) + 1.5 * _noise(rng, (3, 40))
    rings = 0.5 + 0.5 * np.sin(2 * np.pi * bent / 23)
    return _tinted(0.5 + 0.22 * rings + 0.06 * _noise(rng, (0.7, 9)), (215, 165, 110))


def granite(rng: np.random.Generator) -> Array:
    """Grains of three sizes and shades."""
    grey = 0.55 + 0.0 * _noise(rng, 1)
    for sigma, shade, share in ((4.0, -0.28, 0.25), (2.2, 0.22, 0.3), (1.2, -0.3, 0.12)):
        field = _noise(rng, sigma)
        grey = grey + shade * (field > np.quantile(field, 1 - share))
    return _tinted(gaussian_filter(grey, 0.7) + 0.03 * _noise(rng, 0.5), (210, 200, 205))


def brushed(rng: np.random.Generator) -> Array:
    """Brushed metal: fine lines across."""
    return _tinted(
        0.6 + 0.07 * _noise(rng, (0.6, 40)) + 0.05 * _noise(rng, (1.5, 90)), (225, 228, 235)
    )


def _cells(points: Array) -> tuple[Array, Array]:
    """How far each pixel is inside the cell of its nearest point, and which that is: [512, 512]."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    tree = cKDTree(points, boxsize=SIDE)
    near, owner = tree.query(np.stack([rows.ravel(), columns.ravel()], 1), k=2)
    return (near[:, 1] - near[:, 0]).reshape(SIDE, SIDE), owner[:, 0].reshape(SIDE, SIDE)


def leather(rng: np.random.Generator) -> Array:
    """Cells with furrows between, as the nearest of random points makes them."""
    furrow, _ = _cells(rng.uniform(0, SIDE, (1_500, 2)))
    grey = 0.32 + 0.4 * (1 - np.exp(-furrow / 3)) + 0.04 * _noise(rng, 1.0)
    return _tinted(grey, (190, 120, 80))


def mesh(rng: np.random.Generator) -> Array:
    """A lattice of holes, a little bent."""
    rows, columns = _grid()
    y, x = rows + 1.5 * _noise(rng, 40), columns + 1.5 * _noise(rng, 40)
    holes = np.cos(2 * np.pi * x / 20) * np.cos(2 * np.pi * y / 20)
    grey = 0.25 + 0.5 / (1 + np.exp(-6 * holes)) + 0.03 * _noise(rng, 0.7)
    return _tinted(grey, (200, 210, 200))


def pebbles(rng: np.random.Generator) -> Array:
    """Stones of every size and shade, lit from above."""
    count = 700
    points, shades = rng.uniform(0, SIDE, (count, 2)), rng.uniform(0.25, 0.75, count)
    furrow, owner = _cells(points)
    lit = 0.12 * np.gradient(gaussian_filter(furrow, 1.5))[0]
    grey = 0.05 + shades[owner] * (1 - np.exp(-furrow / 4)) + lit + 0.06 * _noise(rng, 0.8)
    return _tinted(grey, (200, 195, 190))


def blades(rng: np.random.Generator) -> Array:
    """Thin bent leaves over each other, most of them upright."""
    grey = 0.2 + 0.05 * _noise(rng, 6)
    for _ in range(9_000):
        y, x = rng.uniform(0, SIDE, 2)
        steps = np.arange(int(rng.uniform(10, 40)))
        angle = rng.normal(np.pi / 2, 0.5) + rng.normal(0, 0.02) * steps
        rows = (y - np.cumsum(np.sin(angle))).astype(int) % SIDE
        columns = (x + np.cumsum(np.cos(angle))).astype(int) % SIDE
        shade = rng.uniform(0.15, 0.8) * (0.7 + 0.3 * steps / len(steps))
        for across in range(int(rng.integers(1, 3))):
            grey[rows, (columns + across) % SIDE] = shade
    return _tinted(gaussian_filter(grey, 0.7), (190, 205, 150))


DRAWN: dict[str, Callable[[np.random.Generator], Array]] = {
    one.__name__: one for one in (weave, wood, granite, brushed, leather, mesh, pebbles, blades)
}


def texture(name: str, seed: int) -> Array:
    """A drawn one: float64 [512, 512, 3], 0..255."""
    return DRAWN[name](np.random.default_rng([seed, len(name), ord(name[0])]))


def _spot(rng: np.random.Generator, side: int, size: float) -> Array:
    """A soft, uneven blob of about that radius somewhere in the middle: [side, side], 0..1."""
    y, x = rng.uniform(1.6 * size, side - 1.6 * size, 2)
    rows, columns = np.mgrid[0:side, 0:side]
    angle, ratio = rng.uniform(0, np.pi), rng.uniform(0.5, 1)
    along = (rows - y) * np.cos(angle) + (columns - x) * np.sin(angle)
    across = (columns - x) * np.cos(angle) - (rows - y) * np.sin(angle)
    wobble = gaussian_filter(rng.normal(size=(side, side)), 5) * 5
    reach = np.hypot(along, across / ratio) / size + 0.5 * wobble
    found: Array = 1 / (1 + np.exp((reach - 1) * 8))
    return found


def scratch(picture: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A thin bent line, darker or lighter."""
    side = len(picture)
    begin, angle = rng.uniform(0.25 * side, 0.75 * side, 2), rng.uniform(0, 2 * np.pi)
    steps = np.arange(0, rng.uniform(40, 90), 0.5)
    turn = np.cumsum(rng.normal(0, 0.02, len(steps)))
    path = begin + np.cumsum(np.stack([np.sin(angle + turn), np.cos(angle + turn)], 1) * 0.5, 0)
    mask = np.zeros((side, side))
    places = path.round().astype(int)
    places = places[((places >= 0) & (places < side)).all(1)]
    mask[places[:, 0], places[:, 1]] = 1
    mask = gaussian_filter(mask, rng.uniform(0.7, 1.3))
    mask /= mask.max()
    change = rng.choice((-1, 1)) * rng.uniform(45, 80)
    return picture + change * mask[..., None], mask > 0.3


def stain(picture: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A spot that is darker or lighter; the texture shows through."""
    mask = _spot(rng, len(picture), rng.uniform(8, 20))
    change = rng.choice((-1, 1)) * rng.uniform(22, 45)
    return picture + change * mask[..., None], mask > 0.5


def worn(picture: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A spot where the texture is rubbed away."""
    mask = _spot(rng, len(picture), rng.uniform(10, 20))
    smooth = gaussian_filter(picture, (4, 4, 0))
    return picture + mask[..., None] * (smooth - picture), mask > 0.5


def turned(picture: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A spot where the same texture runs another way and is smaller."""
    mask = _spot(rng, len(picture), rng.uniform(12, 22))
    other = rotate(
        picture, rng.uniform(35, 55), axes=(0, 1), reshape=False, order=1, mode="reflect"
    )
    rows, columns = np.mgrid[0 : len(picture), 0 : len(picture)] * rng.uniform(1.3, 1.6)
    small = np.stack(
        [
            map_coordinates(other[..., c], [rows, columns], order=1, mode="reflect")
            for c in range(3)
        ],
        2,
    )
    return picture + mask[..., None] * (small - picture), mask > 0.5


FLAWS: tuple[Flaw, ...] = (
    scratch,
    stain,
    worn,
    turned,
)


@dataclass(frozen=True)
class Split:
    """How many pictures to remember, good ones to inspect and flawed ones."""

    remembered: int = 12
    good: int = 15
    flawed: int = 15


@dataclass(frozen=True)
class Drawn:
    """Pictures uint8 [n, 224, 224, 3]; masks bool [n, 224, 224] say where the flaws are."""

    remembered: Pixels
    good: Pixels
    flawed: Pixels
    masks: Array


def _cut(whole: Array, rng: np.random.Generator) -> Array:
    """A piece of a half: 224 x 224."""
    y, x = (int(rng.integers(0, size - CUT + 1)) for size in whole.shape[:2])
    piece = whole[y : y + CUT, x : x + CUT]
    # Light is never quite the same twice.
    return piece * rng.uniform(0.96, 1.04) + rng.normal(0, 1.5, piece.shape)


def pictures(whole: Array, split: Split, seed: int) -> Drawn:
    """Cut and flawed by the seed; the kinds of flaws take turns."""
    rng = np.random.default_rng(seed)
    left, right = whole[:, : SIDE // 2], whole[:, SIDE // 2 :]
    remembered = [_cut(left, rng) for _ in range(split.remembered)]
    good = [_cut(right, rng) for _ in range(split.good)]
    made = [FLAWS[i % len(FLAWS)](_cut(right, rng), rng) for i in range(split.flawed)]

    def whole_bytes(given: list[Array]) -> Pixels:
        return np.stack(given).round().clip(0, 255).astype(np.uint8)

    return Drawn(
        whole_bytes(remembered),
        whole_bytes(good),
        whole_bytes([picture for picture, _ in made]),
        np.stack([mask for _, mask in made]),
    )
