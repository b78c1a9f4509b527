"""Which training pictures a made one is most like, by a network that never made any.

    judge = catalog.load(model.card.uses["features"])
    place = projected(model, look(judge, made.pictures)["embedding"])
    near = nearest(model, place, k=5)
    near.rows, near.distances

The network that looks learned nothing of the generator, whose card names it. The generator's
evidence holds the training pictures' features on `known_axes`, their principal components, around
`known_mean`: enough to find neighbours, and a tenth of the size.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from models import engine
from models.catalog import Model

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Near:
    """rows int64 [n, k] of the training pictures nearest to each, nearest first; distances too."""

    rows: Array
    distances: Array


def look(judge: Model, pictures: Array, *, deadline: float | None = None) -> engine.Run:
    """`logits` and `embedding` of uint8 pictures [n, side, side, colours], in fp32.

    They are brought to the size that the judge takes, bicubic and whole, and to its colours.
    Raises what `engine.infer` raises.
    """
    (image,) = judge.card.graph("predict", "fp32").inputs
    _, height, width, *colours = image.shape
    fitted = [_fitted(picture, (int(width), int(height)), bool(colours)) for picture in pictures]
    outputs = ("logits", "embedding")
    feeds = {"image": np.stack(fitted)}
    return engine.infer(judge, feeds, outputs=outputs, precision="fp32", deadline=deadline)


def _fitted(picture: Array, size: tuple[int, int], colours: bool) -> Array:
    """uint8 [side, side, 1 or 3] -> [height, width], or [height, width, 3] with colours."""
    image = Image.fromarray(picture.squeeze(-1) if picture.shape[-1] == 1 else picture)
    image = image.convert("RGB" if colours else "L")
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC) if image.size != size else image)


def projected(generator: Model, features: Array) -> Array:
    """Features [n, d] on the axes that the generator's evidence holds, rounded as those are."""
    kept = generator.arrays("evidence.npz")
    placed: Array = (features - kept["known_mean"]) @ kept["known_axes"].T
    return placed.astype(kept["known_features"].dtype)


def nearest(generator: Model, placed: Array, k: int) -> Near:
    """The k training pictures nearest to each row of `projected`, by Euclidean distance."""
    known = generator.arrays("evidence.npz")["known_features"].astype(np.float32)
    rows, distances = [], []
    for row in placed.astype(np.float32):
        squares = np.square(known - row).sum(1)
        first = np.argpartition(squares, min(k, len(squares) - 1))[:k]
        first = first[np.argsort(squares[first], kind="stable")]
        rows.append(first)
        distances.append(np.sqrt(squares[first]))
    return Near(np.array(rows), np.array(distances))
