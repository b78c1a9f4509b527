"""Choosing and measuring "do I know this?" (out-of-distribution detection) for any classifier.

The score itself is models/kinds/classifier.py. It is chosen on the model's own kind of input
against noise, blanks and one foreign set; the figures come from sets that took no part in that.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from models.card import Metric, Setting, Table
from models.kinds.classifier import PARTS, Outputs, softmax, weighted
from training.core import statistics
from training.core.release import Findings

Array = np.ndarray[Any, Any]


def choose(
    known: Outputs,
    out_of_distribution: Mapping[str, Outputs],
    weights: Mapping[str, float],
    on: str,
    *,
    evidence: Mapping[str, Array] | None = None,
    accept: float = 0.95,
) -> Findings:
    """Standardise the served parts on `known`, accept a share of it, and show the rival scores.

    weights: of the parts in models/kinds/classifier.py that are served. on: what `known` is, in
    words. evidence: what a part needs beside outputs.
    """
    length = np.linalg.norm(known["embedding"], axis=1, keepdims=True)
    kept = {"typical_embedding": (known["embedding"] / length.clip(1e-6)).mean(0)}
    kept |= evidence or {}
    settings: dict[str, Setting] = {}
    for name, weight in weights.items():
        values = PARTS[name](known, kept)
        settings[f"{name}_mean"] = Setting(float(values.mean()), "mean over them", on)
        settings[f"{name}_spread"] = Setting(float(values.std()), "deviation over them", on)
        settings[f"{name}_weight"] = Setting(
            weight, "by hand", ", ".join([on, *out_of_distribution])
        )
    numbers = {name: setting.value for name, setting in settings.items()}
    forms: dict[str, Callable[[Outputs], Array]] = {
        "highest probability": lambda o: softmax(o["logits"]).max(1),
        "highest logit": lambda o: o["logits"].max(1),
    }
    for name in dict.fromkeys(["energy", "peak", "likeness", *weights]):
        forms[name] = _form(name, kept)
    forms["served"] = lambda o: weighted(o, kept, numbers)
    rows: list[list[str | float | None]] = [
        [
            name,
            *(
                statistics.auroc(form(known), form(stranger))
                for stranger in out_of_distribution.values()
            ),
        ]
        for name, form in forms.items()
    ]
    threshold = float(np.quantile(forms["served"](known), 1 - accept))
    settings["familiarity_threshold"] = Setting(threshold, f"accepts {accept:.0%} of them", on)
    table = Table(
        ["score", *out_of_distribution], rows, f"{on}, against each set", len(known["logits"])
    )
    return Findings(tables={"familiarity_forms": table}, settings=settings, evidence=kept)


def _form(name: str, kept: Mapping[str, Array]) -> Callable[[Outputs], Array]:
    return lambda outputs: PARTS[name](outputs, kept)


def texture_statistics(texture: Array, labels: Array) -> dict[str, Array]:
    """What `closeness` needs, from training inputs: texture [n, d] and labels [n].

    The covariances are shrunk by a thousandth towards a multiple of the identity.
    """
    means = np.stack([texture[labels == label].mean(0) for label in np.unique(labels)])

    def inverse(rows: Array) -> Array:
        covariance = np.cov(rows.T)
        d = len(covariance)
        return np.linalg.inv(covariance + np.eye(d) * (1e-3 * np.trace(covariance) / d))

    within = inverse(texture - means[np.searchsorted(np.unique(labels), labels)])
    overall = inverse(texture - means.mean(0))
    arrays = {"texture_means": means, "texture_within": within, "texture_overall": overall}
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def measure(
    known: Array, out_of_distribution: Mapping[str, Array], chosen: Mapping[str, Array]
) -> Findings:
    """Figures from familiarity scores [n] of int8 runs.

    known: the model's own kind, not chosen on. out_of_distribution: sets that took no part in the choice.
    chosen: those that did; only the share that is refused is given for them.
    """

    def mean_auroc(known: Array, *sets: Array) -> float:
        return float(np.mean([statistics.auroc(known, scores) for scores in sets]))

    parts = {name: [scores] for name, scores in out_of_distribution.items()}
    parts["mean"] = list(out_of_distribution.values())
    metrics = []
    for name, sets in parts.items():
        value, low, high = statistics.bootstrap(mean_auroc, known, *sets)
        n = sum(map(len, sets))
        metrics.append(Metric("ood_auroc", value, name, n, "int8", low=low, high=high))
    for name, scores in {**out_of_distribution, **chosen}.items():
        value, low, high = statistics.proportion(scores < 0)
        metrics.append(
            Metric("refused_share", value, name, len(scores), "int8", low=low, high=high)
        )
    foreign = np.concatenate(list(out_of_distribution.values()))
    evidence = {"familiarity_known": known, "familiarity_strangers": foreign}
    return Findings(metrics=metrics, evidence=evidence)
