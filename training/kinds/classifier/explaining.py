"""How far each way to explain a released model can be believed: measured, for its card.

- Deletion and insertion area of every method, beside a random map and an edge detector.
- Sanity (Adebayo et al. 2018, arXiv:1810.03292): the network is made random from the top down in
  three steps; a method whose map stays the same explains the picture, not the network.
"""

import copy
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from models import engine
from models.card import Card, Device, Metric, Precision, Table
from models.catalog import Model
from models.explain import Heat, agreement, classes_of, faithful
from models.explain.methods import COLUMNS, METHODS, Method, best
from training.core import gradients, release, statistics
from training.core.release import Draft, Findings, Graph

Array = np.ndarray[Any, Any]
FP32: dict[Device, Precision] = {"cpu": "fp32", "cuda": "fp32"}
MASKED = ("Occlusion", "RISE")
STEPS, SANE_ON = 3, 8  # thirds of the network; pictures that sanity is measured on


@dataclass(frozen=True)
class Plan:
    """What is measured: which methods, and with how many thirds of the network made random."""

    methods: Mapping[str, Method] = field(default_factory=lambda: METHODS)
    steps: tuple[int, ...] = (1, 2, 3)


QUICK = Plan({name: METHODS[name] for name in ("Grad-CAM", "Gradient")}, (3,))  # for --smoke
NOTHING = {
    name: Method(lambda _model, image, _target, make=make: Heat(make(image), 0, 0.0), "", "")
    for name, make in faithful.KNOW_NOTHING.items()
}


def shuffled(network: nn.Module, step: int, seed: int = 0) -> None:
    """Shuffle the weights within each of the last `step` thirds of the network's layers.

    Shuffled and not drawn anew: so each layer keeps the scale that its normalisation expects.
    """
    generator = torch.Generator().manual_seed(seed)
    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    with torch.no_grad():
        for layer in layers[len(layers) * (STEPS - step) // STEPS :]:
            order = torch.randperm(layer.weight.numel(), generator=generator)
            layer.weight.copy_(layer.weight.flatten()[order].view_as(layer.weight))


def measure(
    model: Model,
    network: nn.Module,
    graphs: Callable[[nn.Module], Mapping[str, Graph]],
    images: Sequence[Array],
    plan: Plan | None = None,
) -> Findings:
    """The tables `methods` and `gradient_parity`, and both areas of the best method as metrics.

    graphs: those that are released of a network, here also of the randomised ones.
    images: as the graph takes them, without the batch axis; sanity is measured on the first few.
    """
    plan = plan or Plan()
    targets = [_first(model, image) for image in images]
    one_hot = np.eye(classes_of(model), dtype=np.float32)[targets]
    reference = graphs(network)["gradients"].reference
    assert reference is not None
    parity = gradients.judge(
        model, reference, {"image": np.stack(images).astype(np.float32), "target": one_hot}
    )
    areas, times, heats = {}, {}, {}
    for name, method in {**plan.methods, **NOTHING}.items():
        areas[name], times[name], heats[name] = _areas(model, method, images, targets)
    checked = list(zip(images, targets, strict=True))[:SANE_ON]

    def alike(name: str, other: Model) -> list[float]:
        """Rank correlations of the model's own maps of the checked pictures with another's."""
        maps = (plan.methods[name].run(other, *given).values for given in checked)
        return [agreement(*pair) for pair in zip(heats[name], maps, strict=True)]

    changed: dict[str, list[float | None]] = {name: [None] * STEPS for name in plan.methods}
    for step in plan.steps:
        other = copy.deepcopy(network)
        shuffled(other, step)
        with tempfile.TemporaryDirectory() as folder:
            random = _opened(model.card, graphs(other), Path(folder))
            for name in plan.methods:
                changed[name][step - 1] = float(np.mean(alike(name, random)))
    rows = [_row(name, areas, times[name], changed.get(name)) for name in areas]
    on = f"{len(images)} pictures; the check with a random network on {len(checked)}"
    table = Table(COLUMNS, rows, on, len(images))
    tables = {"methods": table, "gradient_parity": parity}
    if masked := [name for name in plan.methods if name in MASKED]:
        slow = Model(model.folder, replace(model.card, serves=FP32))
        by_method = {name: alike(name, slow) for name in masked}
        tables["int8_maps"] = _int8(by_method, len(checked))
    return Findings(_metrics(model, areas, table), tables)


def _int8(alike: Mapping[str, list[float]], n: int) -> Table:
    """Of the methods that only ask again: how far int8 keeps the order of fp32's map."""
    rows: list[list[str | float | None]] = [
        [name, float(np.mean(values)), float(np.min(values))] for name, values in alike.items()
    ]
    columns = ["method", "mean rank correlation with fp32", "lowest"]
    return Table(columns, rows, f"{n} pictures", n, "int8")


def _opened(card: Card, graphs: Mapping[str, Graph], folder: Path) -> Model:
    """A model of those graphs in fp32, to be used while the folder is there."""
    # A shuffled network is worse conditioned: rounding alone moves it more than a trained one.
    plain = {
        name: replace(graph, calibration=None, int8_alone=False, tolerance=1e-2)
        for name, graph in graphs.items()
    }
    card = replace(card, serves=FP32, files={})
    return Model(folder, release.build(Draft(card, plain, _nothing, _nothing, ()), folder))


def _nothing(_model: Model) -> Findings:
    return Findings()


def _first(model: Model, image: Array) -> int:
    return int(engine.infer(model, {"image": image[None]}, outputs=("logits",))["logits"].argmax())


def _areas(
    model: Model, method: Method, images: Sequence[Array], targets: Sequence[int]
) -> tuple[Array, list[float], list[Array]]:
    """Deletion and insertion areas [n, 2], the seconds of each map, and the first few maps."""
    areas, times, heats = [], [], []
    for image, target in zip(images, targets, strict=True):
        began = time.perf_counter()
        found = method.run(model, image, target)
        times.append(time.perf_counter() - began)
        heats.append(found.values)
        curves = (faithful.deletion, faithful.insertion)
        areas.append([curve(model, image, target, found.values).area for curve in curves])
    return np.array(areas), times, heats[:SANE_ON]


def _row(
    name: str, areas: dict[str, Array], times: list[float], changed: list[float | None] | None
) -> list[str | float | None]:
    deleted = statistics.bootstrap(np.mean, areas[name][:, 0])
    inserted = statistics.bootstrap(np.mean, areas[name][:, 1])
    better: float | None = None
    if changed is not None:
        gains = [
            gain
            for other in NOTHING
            for gain in (
                areas[other][:, 0] - areas[name][:, 0],
                areas[name][:, 1] - areas[other][:, 1],
            )
        ]
        better = float(all(statistics.bootstrap(np.mean, gain)[1] > 0 for gain in gains))
    return [
        name,
        *deleted,
        *inserted,
        *(changed or [None] * STEPS),
        float(np.median(times)) * 1e3,
        better,
    ]


def _metrics(model: Model, areas: dict[str, Array], table: Table) -> list[Metric]:
    shown = best(replace(model.card, tables={"methods": table}))
    metrics = []
    for place, name in enumerate(("deletion_auc", "insertion_auc")):
        value, low, high = statistics.bootstrap(np.mean, areas[shown][:, place])
        beside = {other: float(areas[other][:, place].mean()) for other in NOTHING}
        metrics.append(
            Metric(
                name,
                value,
                f"{shown}, chosen on these {table.n} pictures",
                table.n,
                model.precision(),
                low=low,
                high=high,
                baseline=beside,
            )
        )
    return metrics
