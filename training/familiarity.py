"""Choosing and measuring "do I know this?" (out-of-distribution detection) for any classifier.

The score itself is models/scores.py. It is chosen on the model's own kind of input against noise,
blanks and one foreign set; the figures come from sets that took no part in that.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from models.card import Metric, Setting, Table
from models.scores import combine, parts, softmax
from training import statistics
from training.release import Findings

Array = np.ndarray[Any, Any]
Outputs = Mapping[str, Array]  # logits [n, classes] and embedding [n, d] of one set


def choose(
    known: Outputs, strangers: Mapping[str, Outputs], weights: Mapping[str, float], on: str
) -> Findings:
    """Standardise the parts on `known`, accept 95 % of it, and show the rival scores.

    weights: of peak, likeness and energy. on: what `known` is, in words for the card.
    """
    length = np.linalg.norm(known["embedding"], axis=1, keepdims=True)
    typical = (known["embedding"] / length.clip(1e-6)).mean(0)

    def part(outputs: Outputs) -> dict[str, Array]:
        return parts(outputs["logits"], outputs["embedding"], typical)

    settings: dict[str, Setting] = {}
    for name, values in part(known).items():
        settings[f"{name}_mean"] = Setting(float(values.mean()), "mean over them", on)
        settings[f"{name}_spread"] = Setting(float(values.std()), "deviation over them", on)
        settings[f"{name}_weight"] = Setting(weights[name], "by hand", ", ".join([on, *strangers]))
    numbers = {name: setting.value for name, setting in settings.items()}

    def served(outputs: Outputs) -> Array:
        return combine(part(outputs), numbers)

    forms: dict[str, Callable[[Outputs], Array]] = {
        "highest probability": lambda o: softmax(o["logits"]).max(1),
        "highest logit": lambda o: o["logits"].max(1),
        "energy": lambda o: part(o)["energy"],
        "peak": lambda o: part(o)["peak"],
        "likeness": lambda o: part(o)["likeness"],
        "served: weighted sum": served,
    }
    rows: list[list[str | float | None]] = [
        [name, *(statistics.auroc(form(known), form(stranger)) for stranger in strangers.values())]
        for name, form in forms.items()
    ]
    threshold = float(np.quantile(served(known), 0.05))
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
    foreign = np.concatenate(list(strangers.values()))
    evidence = {"familiarity_known": known, "familiarity_strangers": foreign}
    return Findings(metrics=metrics, evidence=evidence)
