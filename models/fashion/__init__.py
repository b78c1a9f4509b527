"""Which of ten kinds of clothes this is, by a network that learned everything here.

    picture = convert(photo).picture
    answers, run = predict(catalog.load("fashion"), [picture])

The graph `predict` takes uint8 pictures [n, 28, 28], clothes bright on black, and gives, as
float32:

    logits     [n, 10]         divided by the temperature that calibrates them
    embedding  [n, 160]        the feature map's mean over all places
    texture    [n, 64]         the second block's map, its mean over all places
    class_map  [n, 7, 7, 10]   each place's evidence for each class, see models/explain/cam.py
    map_1 .. map_4             what its first four blocks give: [n, 32, 28, 28] to [n, 160, 7, 7]
    features   [n, 160, 7, 7]  what the fifth and last gives
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models import engine
from models.card import Precision
from models.catalog import Model
from models.fashion.baselines import LABELS
from models.kinds.classifier import Answer, in_distribution_score, softmax

SIDE = 28
LADDER = (*(f"map_{i}" for i in range(1, 5)), "features")
Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def predict(
    model: Model,
    pictures: Sequence[Pixels],
    *,
    precision: Precision | None = None,
    besides: Sequence[str] = (),
) -> tuple[list[Answer], engine.Run]:
    """Name the clothes in uint8 pictures [28, 28], bright on black.

    besides: outputs wanted too, see `Model.together`. Raises what `engine.infer` raises.
    """
    names = model.together(("logits", "embedding", "texture"), besides, precision)
    run = engine.infer(model, {"image": np.stack(pictures)}, outputs=names, precision=precision)
    known = in_distribution_score(model, run.arrays)
    shares = softmax(run["logits"])
    return [Answer(LABELS, p, float(k)) for p, k in zip(shares, known, strict=True)], run
