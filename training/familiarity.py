"""Choosing and measuring "do I know this?" (out-of-distribution detection) for any classifier.

The score itself is models/scores.py. It is chosen on the model's own kind of input against noise,
blanks and one foreign set; the figures come from sets that took no part in that.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from models.card import Metric, Setting, Table
from models.scores import likeness, peak, softmax
from training import statistics
from training.release import Findings

Array = np.ndarray[Any, Any]
Outputs = Mapping[str, Array]  # logits [n, classes] and embedding [n, d] of one set


def choose(known: Outputs, strangers: Mapping[str, Outputs], on: str) -> Findings:
    """Standardise both halves on `known`, accept 95 % of it, and show the rival scores.

    on: what `known` is, in words for the card.
    """
    length = np.linalg.norm(known["embedding"], axis=1, keepdims=True)
    typical = (known["embedding"] / length.clip(1e-6)).mean(0)
    halves: dict[str, Callable[[Outputs], Array]] = {
        "peak": lambda o: peak(o["logits"]),
        "likeness": lambda o: likeness(o["embedding"], typical),
    }
    moments = {name: (half(known).mean(), half(known).std()) for name, half in halves.items()}

    def both(outputs: Outputs) -> Array:
        parts = [(half(outputs) - moments[k][0]) / moments[k][1] for k, half in halves.items()]
        total: Array = np.sum(parts, axis=0)
        return total

    forms: dict[str, Callable[[Outputs], Array]] = {
        "highest probability": lambda o: softmax(o["logits"]).max(1),
        "highest logit": lambda o: o["logits"].max(1),
        "energy": lambda o: np.log(np.exp(o["logits"]).sum(1)),
        **halves,
        "peak + likeness": both,
    }
    rows: list[list[str | float | None]] = [
        [name, *(statistics.auroc(form(known), form(stranger)) for stranger in strangers.values())]
        for name, form in forms.items()
    ]
    settings = {
        f"{name}_{kind}": Setting(float(value), f"{kind} of {name} over them", on)
        for name, pair in moments.items()
        for kind, value in zip(("mean", "spread"), pair, strict=True)
    }
    threshold = float(np.quantile(both(known), 0.05))
    settings["familiarity_threshold"] = Setting(threshold, "accepts 95 % of them", on)
    table = Table(["score", *strangers], rows, f"{on}, against each set", len(known["logits"]))
    return Findings(
        tables={"familiarity_forms": table},
        settings=settings,
        evidence={"typical_embedding": typical},
    )


def measure(known: Array, strangers: Mapping[str, Array], chosen: Mapping[str, Array]) -> Findings:
    """Figures from familiarity scores [n] of int8 runs.

    known: the model's own kind, not chosen on. strangers: sets that took no part in the choice.
    chosen: those that did; only the share that is refused is given for them.
    """

    def mean_auroc(known: Array, *sets: Array) -> float:
        return float(np.mean([statistics.auroc(known, scores) for scores in sets]))

    parts = {name: [scores] for name, scores in strangers.items()}
    parts["mean"] = list(strangers.values())
    metrics = []
    for name, sets in parts.items():
        value, low, high = statistics.bootstrap(mean_auroc, known, *sets)
        n = sum(map(len, sets))
        metrics.append(Metric("ood_auroc", value, name, n, "int8", low=low, high=high))
    for name, scores in {**strangers, **chosen}.items():
        value, low, high = statistics.proportion(scores < 0)
        metrics.append(
            Metric("refused_share", value, name, len(scores), "int8", low=low, high=high)
        )
    return Findings(metrics=metrics)
