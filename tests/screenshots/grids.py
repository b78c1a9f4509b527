"""The README's made pictures: `python -m tests.screenshots.grids [folder]`.

Of each released generator, a file for each of two seeds: eight kinds, a row each, eight of a kind,
none of them chosen by hand.
"""

import sys
from pathlib import Path

import numpy as np

from models import catalog
from models.kinds import generator
from pages.image_generation import files, make

SEEDS = (7, 8)
EACH = 8
KINDS = {
    "fashion_generator": (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Sandal",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    "emoji_generator": (
        "Faces",
        "Hearts",
        "People",
        "Families",
        "Clocks",
        "Shapes",
        "Arrows",
        "Signs",
    ),
}


def grid(name: str, seed: int) -> bytes:
    """A PNG of 8 x 8 pictures of one seed, that says of itself that it was generated."""
    model = catalog.load(name)
    labels = np.repeat([model.card.labels.index(kind) for kind in KINDS[name]], EACH)
    latents = generator.draw(model, seed, len(labels))
    pictures = generator.make(model, latents, generator.one_hot(model, labels)).pictures
    scale = 2 if len(pictures[0]) < 64 else 1
    sheet = files.enlarged(files.sheet(pictures, EACH), scale)
    what = f"seed {seed}, {EACH} each of {', '.join(KINDS[name])}"
    return files.png(sheet, files.notes(model, [], what))


def main(folder: Path) -> None:
    """Write every grid into `folder`."""
    for name in make.TITLES:
        for seed in SEEDS:
            file = folder / f"{name}-seed-{seed}.png"
            file.write_bytes(grid(name, seed))
            print(f"{file}  {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
