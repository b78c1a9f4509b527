"""The benchmark of `image_recognition`, and the way of a photo from its bytes to the answer."""

import io

import numpy as np
from PIL import Image, ImageFilter

from models import catalog, decode
from models.catalog import Model
from models.image_recognition import predict
from training.core import timed
from training.core.timed import Tables
from training.image_recognition import network
from training.kinds.classifier import benchmark

WAY = timed.head("way of a photo", "median", "p95")


def tables() -> Tables:
    """Answers, gradients and maps, and a photo's way."""
    model = catalog.load("image_recognition")
    made = benchmark.tables(model, network.eager(), network.reference())
    return made | {WAY: photo_rows(model)}


def photo(width: int = 4000, height: int = 3000) -> bytes:
    """A made JPEG of 12 megapixels with the busyness of a photo, about 4 MB."""
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (height // 40, width // 40, 3), np.uint8))
    image = coarse.resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.fromarray(rng.integers(0, 256, (height, width), np.uint8)).filter(
        ImageFilter.GaussianBlur(1)
    )
    buffer = io.BytesIO()
    Image.blend(image, grain.convert("RGB"), 0.15).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def photo_rows(model: Model) -> list[str]:
    """From JPEG bytes to the answer, beside the bare run of the model."""
    data = photo()
    pixels = decode.picture(data).pixels
    bare = timed.seconds(lambda: predict(model, [pixels])[1])
    whole = timed.seconds(lambda: predict(model, [decode.picture(data).pixels]))
    return [
        f"| {what} | {np.median(times) * 1e3:.1f} | {np.quantile(times, 0.95) * 1e3:.1f} |"
        for what, times in (
            ("pixels to top 5", bare),
            (f"{len(data) / 1e6:.1f} MB of 12-megapixel JPEG to top 5", whole),
        )
    ]
