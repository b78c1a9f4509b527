"""What a classifier's raw outputs say: probabilities, and "do I know this at all?".

Familiarity is a weighted sum of standardised parts less a threshold; below 0 the model says that
it does not know. Which parts, weights, means, spreads and threshold stand on each card, in
`settings`; rival scores in the table `familiarity_forms`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model

Floats = np.ndarray[Any, np.dtype[np.float32]]
Outputs = Mapping[str, np.ndarray[Any, Any]]  # of a run, first axis the batch
Evidence = Mapping[str, np.ndarray[Any, Any]]  # the arrays of evidence.npz


@dataclass(frozen=True)
class Guess:
    """One class of an answer; `index` counts the card's labels from 0."""

    index: int
    label: str
    probability: float


@dataclass(frozen=True)
class Said:
    """What an answer is called, and the classes that this means: one, or a group of several."""

    label: str
    members: tuple[int, ...]
    probability: float  # of all of them


@dataclass(frozen=True)
class Answer:
    """What a classifier says of one input."""

    labels: tuple[str, ...]
    probabilities: Floats  # [classes], softmax of the logits
    in_distribution_score: float  # how much like what it learned; at least 0 where `knows`

    @property
    def in_distribution(self) -> bool:
        """Whether the input looks like anything that the network has learned."""
        return self.in_distribution_score >= 0

    def top(self, n: int) -> list[Guess]:
        """The n likeliest classes, likeliest first."""
        order = np.argsort(-self.probabilities, kind="stable")[:n]
        return [Guess(int(i), self.labels[i], float(self.probabilities[i])) for i in order]

    def said(self) -> Said:
        """The first answer; of a model that has groups of classes, the group that it belongs to."""
        first = self.top(1)[0]
        return Said(first.label, (first.index,), first.probability)


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


def closeness(texture: Floats, evidence: Evidence) -> Floats:
    """[n, d] -> [n]: how much nearer to the nearest class than to all of them together.

    The relative Mahalanobis distance with its sign changed (Ren et al. 2021, arXiv:2106.09022).
    `evidence` holds the classes' means [classes, d] and the two inverse covariances [d, d].
    """
    means, within = evidence["texture_means"], evidence["texture_within"]
    apart = texture[:, None] - means
    nearest = np.einsum("ncd,de,nce->nc", apart, within, apart, optimize=True).min(1)
    centred = texture - means.mean(0)
    overall = np.einsum("nd,de,ne->n", centred, evidence["texture_overall"], centred, optimize=True)
    result: Floats = (overall - nearest).astype(np.float32)
    return result


PARTS: dict[str, Callable[[Outputs, Evidence], Floats]] = {
    "peak": lambda outputs, _: peak(outputs["logits"]),
    "energy": lambda outputs, _: energy(outputs["logits"]),
    "likeness": lambda outputs, kept: likeness(outputs["embedding"], kept["typical_embedding"]),
    "closeness": lambda outputs, kept: closeness(outputs["texture"], kept),
    # A head that learned it from strangers (outlier exposure, Hendrycks et al. 2019, 1812.04606).
    "exposure": lambda outputs, _: outputs["review"],
}


def weighted(outputs: Outputs, evidence: Evidence, settings: Mapping[str, float]) -> Floats:
    """The weighted sum of the standardised parts, [n], before the threshold."""
    total = np.zeros(len(outputs["logits"]), np.float32)
    for name, part in PARTS.items():
        if weight := settings.get(f"{name}_weight"):
            standard = part(outputs, evidence) - settings[f"{name}_mean"]
            total += weight * standard / settings[f"{name}_spread"]
    return total


def in_distribution_score(model: Model, outputs: Outputs) -> Floats:
    """[n]: at least 0 where the input is like what was learned.

    outputs: a run's `logits`, `embedding`, and `texture` where the card's settings ask for it.
    """
    settings = {name: setting.value for name, setting in model.card.settings.items()}
    score = weighted(outputs, model.arrays("evidence.npz"), settings)
    return score - np.float32(settings["familiarity_threshold"])
