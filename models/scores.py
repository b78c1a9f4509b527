"""What a classifier's raw outputs say: probabilities, and "do I know this at all?".

Familiarity adds three standardised parts, each by its weight, and takes a threshold off; below 0
the model says that it does not know. Weights, means, spreads and threshold stand on each card, in
`settings`; rival scores in the table `familiarity_forms`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model

Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Guess:
    """One class of an answer; `index` counts the card's labels from 0."""

    index: int
    label: str
    probability: float


@dataclass(frozen=True)
class Answer:
    """What a classifier says of one input."""

    labels: tuple[str, ...]
    probabilities: Floats  # [classes], softmax of the logits
    familiarity: float  # how much like what it learned; at least 0 where `knows`

    @property
    def knows(self) -> bool:
        """Whether the input looks like anything that the network has learned."""
        return self.familiarity >= 0

    def top(self, n: int) -> list[Guess]:
        """The n likeliest classes, likeliest first."""
        order = np.argsort(-self.probabilities, kind="stable")[:n]
        return [Guess(int(i), self.labels[i], float(self.probabilities[i])) for i in order]


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


def energy(logits: Floats) -> Floats:
    """[n, classes] -> [n]: log of the summed exponentials (Liu et al. 2020, arXiv:2010.03759)."""
    highest = logits.max(1)
    result: Floats = highest + np.log(np.exp(logits - highest[:, None]).sum(1))
    return result


def parts(logits: Floats, embedding: Floats, typical: Floats) -> dict[str, Floats]:
    """The three parts of familiarity by name, each [n]."""
    return {
        "peak": peak(logits),
        "likeness": likeness(embedding, typical),
        "energy": energy(logits),
    }


def combine(parts: dict[str, Floats], settings: Mapping[str, float]) -> Floats:
    """The weighted sum of the standardised parts, [n], before the threshold."""
    total = np.zeros(len(next(iter(parts.values()))), np.float32)
    for name, part in parts.items():
        standard = (part - settings[f"{name}_mean"]) / settings[f"{name}_spread"]
        total += settings[f"{name}_weight"] * standard
    return total


def familiarity(model: Model, logits: Floats, embedding: Floats) -> Floats:
    """[n, classes] and [n, d] -> [n]: at least 0 where the input is like what was learned."""
    settings = {name: setting.value for name, setting in model.card.settings.items()}
    typical = model.arrays("evidence.npz")["typical_embedding"]
    return combine(parts(logits, embedding, typical), settings) - np.float32(
        settings["familiarity_threshold"]
    )
