"""Pictures inside the page itself, for `st.image`, instead of files beside it.

Streamlit drops the files of a run that is broken off, also those that the next run shows again: a
browser that comes too late for one shows a broken picture for good. Here nothing has to be fetched,
and nobody else can: a file beside the page is there for all who know its address.
"""

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

from pages.parts.draw import pictures

WIDEST = 730  # pixels of the widest place for a picture
QUALITY = 90  # of JPEG, where 75 shows and 100 is ten times as large

Pixels = np.ndarray


def file(data: bytes, form: str) -> str:
    """A picture's file as an address that holds all of it. form: png, jpeg or gif."""
    return f"data:image/{form};base64,{base64.b64encode(data).decode()}"


def sample(path: Path) -> str:
    """A file of pages/samples as it is."""
    return file(path.read_bytes(), {".jpg": "jpeg", ".png": "png"}[path.suffix])


def photo(pixels: Pixels, width: int = WIDEST) -> str:
    """uint8 [height, width, 3] or [height, width] as JPEG, for a place of so many pixels' width.

    A dense screen gets two pixels for each of those, if the picture has them. With clear places,
    [height, width, 4], it becomes PNG: JPEG knows none.
    """
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if image.width > 2 * width:
        size = 2 * width, max(1, round(image.height * 2 * width / image.width))
        image = image.resize(size, Image.Resampling.BILINEAR)
    if image.mode == "RGBA":
        return exact(np.asarray(image))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return file(buffer.getvalue(), "jpeg")


def exact(pixels: Pixels) -> str:
    """uint8 [height, width], or with 3 or 4 colours, as PNG: small pictures, pixel by pixel."""
    return file(pictures.png(pixels), "png")
