"""Pictures inside the page: what a browser reads from their addresses."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from pages.parts.draw import inline
from tests.helpers import photo

PIXELS = photo("cat.jpg")


def read(address: str, form: str) -> Image.Image:
    """As a browser does."""
    head = f"data:image/{form};base64,"
    assert address.startswith(head)
    image = Image.open(io.BytesIO(base64.b64decode(address.removeprefix(head))))
    assert str(image.format).lower() == form
    return image


@pytest.mark.parametrize("width", [40, 100, 5_000])
def test_a_photo_has_two_pixels_for_each_of_its_place_or_all_that_there_are(width: int) -> None:
    image = read(inline.photo(PIXELS, width), "jpeg")
    assert image.width == min(2 * width, PIXELS.shape[1])
    assert image.height / image.width == pytest.approx(PIXELS.shape[0] / PIXELS.shape[1], abs=0.02)
    seen = np.asarray(image, np.float64).mean((0, 1))
    assert seen == pytest.approx(PIXELS.mean((0, 1)), abs=3)


def test_clear_places_stay_clear() -> None:
    half = np.dstack([PIXELS, np.full(PIXELS.shape[:2], 255, np.uint8)])
    half[: len(half) // 2, :, 3] = 0
    alpha = np.asarray(read(inline.photo(half, 50), "png"))[..., 3]
    assert (alpha[0] == 0).all()
    assert (alpha[-1] == 255).all()


@pytest.mark.parametrize(
    "pixels", [PIXELS, PIXELS[..., 0], PIXELS[::-1]], ids=["rgb", "grey", "up"]
)
def test_small_pictures_keep_every_pixel(pixels: np.ndarray) -> None:
    assert (np.asarray(read(inline.exact(pixels), "png")) == pixels).all()
