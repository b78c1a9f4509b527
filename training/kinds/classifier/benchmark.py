"""The benchmark of what recognises pictures: answers, gradients and maps."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import nn

from models import engine
from models.card import Precision
from models.catalog import Model
from models.explain.methods import METHODS
from training.core import timed
from training.core.timed import Array, Tables

SPEED = timed.head("model", "batch", "what", "median", "p95", "inputs a second", "times as fast")
SLOPES = timed.head(
    "gradient of", "batch", "PyTorch, both passes", "graph `gradients`", "times as fast"
)
MAPS = timed.head("one map of", *METHODS)


def tables(model: Model, eager: Callable[[Array], Any], reference: nn.Module) -> Tables:
    """eager: PyTorch's way from a batch to logits; reference: its gradients."""
    return {
        SPEED: answers(model, eager),
        SLOPES: slopes(model, reference),
        MAPS: [maps(model)],
    }


def answers(model: Model, eager: Callable[[Array], Any]) -> list[str]:
    """Markdown rows: PyTorch eager and each released precision, batch 1 and 32."""
    golden = model.arrays("golden.npz")
    file = next(iter(model.card.graphs["predict"].values()))
    name = file.inputs[0].name
    inputs = golden[f"predict.in.{name}"]
    rows = []
    for n in (1, 32):
        batch = np.resize(inputs, (n, *inputs.shape[1:]))

        def served(precision: Precision, batch: Array = batch) -> engine.Run:
            feeds = {name: batch}
            return engine.infer(model, feeds, outputs=("logits",), precision=precision, deadline=60)

        contenders: dict[str, Callable[[], object]] = {"PyTorch eager": partial(eager, batch)}
        contenders |= {p: partial(served, p) for p in model.card.graphs["predict"]}
        base = None
        for who, call in contenders.items():
            times = timed.seconds(call)
            median, p95 = float(np.median(times)), float(np.quantile(times, 0.95))
            base = base or median
            rows.append(
                f"| `{model.card.name}` | {n} | {who} | {median * 1e3:.1f} | {p95 * 1e3:.1f} "
                f"| {n / median:.0f} | {base / median:.1f} |"
            )
    return rows


def slopes(model: Model, reference: nn.Module) -> list[str]:
    """PyTorch's forward and backward pass against the released graph `gradients`, batch 1 and 8."""
    golden = model.arrays("golden.npz")
    inputs = {name: golden[f"gradients.in.{name}"] for name in ("image", "target")}
    rows = []
    for n in (1, 8):
        feeds = {name: np.resize(array, (n, *array.shape[1:])) for name, array in inputs.items()}
        tensors = [torch.from_numpy(array) for array in feeds.values()]
        ours = partial(engine.infer, model, feeds, outputs=("input_gradient",), deadline=60)
        base, median = (timed.milliseconds(way) for way in (partial(reference, *tensors), ours))
        rows.append(
            f"| `{model.card.name}` | {n} | {base:.1f} | {median:.1f} | {base / median:.1f} |"
        )
    return rows


def maps(model: Model) -> str:
    """One map of a golden picture by each method, in milliseconds."""
    image = model.arrays("golden.npz")["predict.in.image"][0]
    times = [
        np.median(timed.seconds(partial(method.run, model, image, 0), budget=3, least=3))
        for method in METHODS.values()
    ]
    return f"| `{model.card.name}` | {' | '.join(f'{one * 1e3:.0f}' for one in times)} |"
