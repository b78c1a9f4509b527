"""The benchmark's rows of machine_health and visual_inspection: PyTorch eager against the files.

Eager does the same by PyTorch's networks with the same numpy around them.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from models import machine_health, visual_inspection
from models.catalog import Model
from models.machine_health.scoring import Normal
from models.visual_inspection import DEPTHS, FLOORS, Pixels, preprocess
from models.visual_inspection.memory import Memory
from training.benchmark import timed
from training.benchmark.timed import Timer
from training.kinds.backbones.efficientnet_lite import pretrained
from training.machine_health import made_sensors, release
from training.machine_health.network import Network
from training.visual_inspection import textures
from training.visual_inspection.network import Depths
from training.visual_inspection.textures import Split

Array = np.ndarray[Any, Any]
Pairs = dict[str, tuple[Callable[[], object], Callable[[], object], int]]
REMEMBERED = 20


def pictures() -> tuple[list[Pixels], Pixels]:
    """Twenty good pictures and one to inspect, 224 x 224."""
    drawn = textures.pictures(textures.texture("weave", 0), Split(REMEMBERED, 1, 1), 0)
    return list(drawn.remembered), drawn.flawed[0]


def inspection(model: Model) -> Pairs:
    """Remembering twenty good pictures, and inspecting one."""
    good, one = pictures()
    network = Depths(pretrained()).eval()

    def depths(given: list[Pixels]) -> list[Array]:
        batch = torch.from_numpy(np.stack([preprocess(pixels) for pixels in given]))
        with torch.inference_mode():
            return [depth.numpy() for depth in network(batch)]

    kept = visual_inspection.remember(model, good)
    assert len(kept.levels) == len(DEPTHS)
    return {
        f"remember {REMEMBERED} pictures": (
            lambda: Memory.of(depths(good), FLOORS),
            partial(visual_inspection.remember, model, good),
            3,
        ),
        f"one picture, {REMEMBERED} good ones in memory": (
            lambda: kept.heat([depth[0] for depth in depths([one])]),
            partial(visual_inspection.inspect, model, kept, [one]),
            20,
        ),
    }


def sensors(model: Model) -> Pairs:
    """A run of 900 rows of eight sensors."""
    run = made_sensors.run("valve", 900, 1)
    unusual = release.by_network(Network(int(model.card.training.config["width"])).eval())
    return {
        "900 rows of eight sensors": (
            partial(unusual, run),
            partial(machine_health.predict, model, run.values, Normal(0, 400)),
            5,
        )
    }


def rows(model: Model, seconds: Timer) -> list[str]:
    """Markdown rows: model, what, PyTorch, released, times as fast; milliseconds."""
    pairs = sensors(model) if model.card.name == "machine_health" else inspection(model)
    return [
        timed.row(model.card.name, what, (theirs, ours), seconds, least)
        for what, (theirs, ours, least) in pairs.items()
    ]
