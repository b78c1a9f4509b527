"""The README's grids of made pictures are those that the released files make."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pages.image_generation import make
from tests.screenshots import grids

FOLDER = Path(grids.__file__).parent


@pytest.mark.parametrize("seed", grids.SEEDS)
@pytest.mark.parametrize("name", make.TITLES)
def test_a_grid_of_the_readme_is_what_the_released_file_makes(name: str, seed: int) -> None:
    kept = Image.open(FOLDER / f"{name}-seed-{seed}.png")
    made = Image.open(io.BytesIO(grids.grid(name, seed)))
    assert kept.info["Description"].startswith("Generated")
    assert kept.info["Software"] == made.info["Software"]
    apart = np.abs(np.asarray(kept, int) - np.asarray(made, int))
    assert apart.mean() < 2  # processors round otherwise, and int8 goes one level up or down
    assert (Path(__file__).parents[2] / "README.md").read_text().count(f"{name}-seed-{seed}.png")
