"""The benchmark of `visual_inspection`: PyTorch's network with the same numpy, and the file."""

from functools import partial

import numpy as np
import torch

from models import catalog, visual_inspection
from models.visual_inspection import DEPTHS, FLOORS, Pixels, preprocess
from models.visual_inspection.memory import Memory
from training.core import timed
from training.core.timed import Array, Tables
from training.kinds.anomaly.benchmark import SENSORS
from training.kinds.backbones.efficientnet_lite import pretrained
from training.visual_inspection import textures
from training.visual_inspection.network import Depths
from training.visual_inspection.textures import Split

REMEMBERED = 20


def pictures() -> tuple[list[Pixels], Pixels]:
    """Twenty good pictures and one to inspect, 224 x 224."""
    drawn = textures.pictures(textures.texture("weave", 0), Split(REMEMBERED, 1, 1), 0)
    return list(drawn.remembered), drawn.flawed[0]


def tables() -> Tables:
    """Remembering twenty good pictures, and inspecting one."""
    model = catalog.load("visual_inspection")
    good, one = pictures()
    network = Depths(pretrained()).eval()

    def depths(given: list[Pixels]) -> list[Array]:
        batch = torch.from_numpy(np.stack([preprocess(pixels) for pixels in given]))
        with torch.inference_mode():
            return [depth.numpy() for depth in network(batch)]

    kept = visual_inspection.remember(model, good)
    assert len(kept.levels) == len(DEPTHS)
    remember = (
        lambda: Memory.of(depths(good), FLOORS),
        partial(visual_inspection.remember, model, good),
    )
    inspect = (
        lambda: kept.heat([depth[0] for depth in depths([one])]),
        partial(visual_inspection.inspect, model, kept, [one]),
    )
    name = model.card.name
    return {
        SENSORS: [
            timed.row(name, f"remember {REMEMBERED} pictures", remember, least=3),
            timed.row(name, f"one picture, {REMEMBERED} good ones in memory", inspect),
        ]
    }
