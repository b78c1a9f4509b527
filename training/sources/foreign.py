"""Pictures that a model was never taught: what "I don't know" is chosen and measured on.

Each function returns a list of uint8 pictures [height, width, 3]. Noise, blanks and one foreign
set serve to choose a score and its threshold; the others are only measured.
"""

from typing import Any

import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_digits

from training import sources
from training.sources import olivetti
from training.sources.fashion_mnist import read_idx

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def _grey(pictures: Pixels) -> list[Pixels]:
    """[n, height, width] -> n pictures with three equal channels."""
    return [np.repeat(picture[:, :, None], 3, axis=2) for picture in pictures]


def noise(n: int, seed: int = 0) -> list[Pixels]:
    """Random pixels: fine, in blocks of eight, and grey, in turn."""
    rng = np.random.default_rng(seed)
    fine = rng.integers(0, 256, (n, 224, 224, 3), np.uint8)
    blocks = rng.integers(0, 256, (n, 28, 28, 3), np.uint8).repeat(8, 1).repeat(8, 2)
    grey = fine[..., :1].repeat(3, 3)
    return [(fine, blocks, grey)[i % 3][i] for i in range(n)]


def blanks(n: int, seed: int = 0) -> list[Pixels]:
    """One colour each, black, white and grey among them, and two gradients."""
    rng = np.random.default_rng(seed)
    colours = [(0, 0, 0), (255, 255, 255), (127, 127, 127)]
    colours += [tuple(rng.integers(0, 256, 3)) for _ in range(n - 5)]
    ramp = np.linspace(0, 255, 224).astype(np.uint8)[:, None, None].repeat(224, 1).repeat(3, 2)
    plain = [np.full((224, 224, 3), colour, np.uint8) for colour in colours]
    return [*plain, ramp, ramp.transpose(1, 0, 2)]


def clothes(n: int) -> list[Pixels]:
    """The first n training pictures of Fashion-MNIST, 28 x 28 grey on black."""
    return _grey(read_idx(sources.fetch("fashion-mnist", "train-images-idx3-ubyte.gz"))[:n])


def faces() -> list[Pixels]:
    """All 400 Olivetti faces, 64 x 64 grey."""
    return [*olivetti.pictures().reshape(-1, olivetti.SIDE, olivetti.SIDE, 3)]


def x_rays(n: int) -> list[Pixels]:
    """The first n test pictures of PneumoniaMNIST, 28 x 28 grey."""
    with np.load(sources.fetch("pneumoniamnist", "pneumoniamnist_reassembled.npz")) as arrays:
        return _grey(arrays["test_images"][:n])


def emoji(n: int, seed: int = 0) -> list[Pixels]:
    """n glyphs of Noto Color Emoji outside the text planes, on white, 136 x 128."""
    path = sources.package_file("noto-color-emoji", "NotoColorEmoji.ttf")
    with TTFont(path) as table:
        points = sorted(point for point in table.getBestCmap() if point > 0x2000)
    font = ImageFont.truetype(path, 109)  # the one size of its bitmaps
    pictures = []
    for point in np.random.default_rng(seed).choice(points, n, replace=False):
        image = Image.new("RGB", (136, 128), "white")
        ImageDraw.Draw(image).text((0, 0), chr(point), font=font, embedded_color=True)
        pictures.append(np.asarray(image))
    return pictures


def letters(n: int, seed: int = 0) -> list[Pixels]:
    """n bright letters on black, 28 x 28, of random size and place."""
    rng = np.random.default_rng(seed)
    pictures = []
    for _ in range(n):
        image = Image.new("L", (28, 28))
        font = ImageFont.load_default(int(rng.integers(14, 28)))
        letter = chr(rng.choice([*range(65, 91), *range(97, 123)]))
        place = tuple(rng.integers(0, 10, 2))
        ImageDraw.Draw(image).text(place, letter, font=font, fill=int(rng.integers(120, 256)))
        pictures.append(np.asarray(image))
    return pictures


def digits(n: int) -> list[Pixels]:
    """The first n of scikit-learn's digits, 8 x 8, bright on black."""
    return [(image * 15.9).astype(np.uint8) for image in load_digits().images[:n]]


def text_pages(n: int, words: list[str], seed: int = 0) -> list[Pixels]:
    """n rendered pages of random words in lines and paragraphs, 800 pixels wide, dark or light."""
    rng = np.random.default_rng(seed)
    pages = []
    for _ in range(n):
        size = int(rng.choice([14, 18, 22, 28, 36]))
        paper, ink = [("white", "black"), ("#fdf6e3", "#222"), ("#222", "white")][rng.integers(3)]
        font = ImageFont.load_default(size)
        image = Image.new("RGB", (800, int(rng.choice([600, 800, 1000]))), paper)
        draw = ImageDraw.Draw(image)
        for y in range(40, image.height - 40, int(size * 1.4)):
            width = 680 if rng.random() < 0.88 else rng.integers(0, 400)  # a paragraph's last line
            line = ""
            while draw.textlength(line, font=font) < width:
                line += f"{rng.choice(words)} "
            draw.text((40, y), line, font=font, fill=ink)
        pages.append(np.asarray(image))
    return pages
