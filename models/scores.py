"""What a classifier's raw outputs say: probabilities, and "do I know this at all?".

Familiarity adds two standardised halves and takes a threshold off; below 0 the model says that it
does not know. How it was chosen stands on each card, in `settings` and the table
`familiarity_forms`.
"""

from typing import Any

import numpy as np

from models.catalog import Model

Floats = np.ndarray[Any, np.dtype[np.float32]]


def softmax(logits: Floats) -> Floats:
    """Probabilities over the last axis."""
    exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Floats = exponents / exponents.sum(axis=-1, keepdims=True)
    return result


def peak(logits: Floats) -> Floats:
    """[n, classes] -> [n]: how far the first logit stands above all, in their deviations."""
    result: Floats = (logits.max(1) - logits.mean(1)) / logits.std(1).clip(1e-6)
    return result


def likeness(embedding: Floats, typical: Floats) -> Floats:
    """[n, d] and [d] -> [n]: cosine between an embedding and that of a typical input."""
    length = np.linalg.norm(embedding, axis=1) * np.linalg.norm(typical)
    result: Floats = embedding @ typical / length.clip(1e-6)
    return result


def familiarity(model: Model, logits: Floats, embedding: Floats) -> Floats:
    """[n, classes] and [n, d] -> [n]: at least 0 where the input is like what was learned."""
    value = {name: setting.value for name, setting in model.card.settings.items()}
    typical = model.arrays("evidence.npz")["typical_embedding"]
    halves = {"peak": peak(logits), "likeness": likeness(embedding, typical)}
    score = np.full(len(logits), -value["familiarity_threshold"])
    for name, half in halves.items():
        score = score + (half - value[f"{name}_mean"]) / value[f"{name}_spread"]
    return np.asarray(score, np.float32)
