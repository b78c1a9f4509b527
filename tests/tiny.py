"""A network that is exported in a second, and what its release would state."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from models import engine
from models.card import Metric, Setting, Training
from models.catalog import Model
from tests.helpers import TINY
from training.core.release import Draft, Findings, Floor, Graph

PICTURES = (
    np.random.default_rng(0).integers(0, 256, (40, 2, 2, 3), np.uint8).repeat(6, 1).repeat(6, 2)
)


class Tiny(nn.Module):
    """A convolution, a mean and a linear layer, the same at every making."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.filters, self.classes = nn.Conv2d(3, 8, 3), nn.Linear(8, 3)
        self.classes.weight.data *= 50  # so that the classes differ by more than int8 loses

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        features = self.filters(image.permute(0, 3, 1, 2) / 255).relu().mean((2, 3))
        return self.classes(features - 0.1), features


class Frozen(Tiny):
    """Takes apart the batch that it was exported with."""

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        logits, features = super().forward(image)
        return logits.reshape(2, -1), features


def choose(_: Model) -> Findings:
    return Findings(settings={"limit": Setting(0.5, "by hand", "none")}, evidence={"a": np.ones(2)})


def measure(model: Model) -> Findings:
    """How often each released graph says what PyTorch says."""
    assert model.card.settings["limit"].value == 0.5
    labels = Tiny()(torch.from_numpy(PICTURES))[0].argmax(1).numpy()
    metrics = []
    for precision in model.card.graphs["predict"]:
        run = engine.infer(model, {"image": PICTURES}, outputs=("logits",), precision=precision)
        right = float((run["logits"].argmax(1) == labels).mean())
        metrics.append(Metric("accuracy", right, "test", len(labels), precision))
    return Findings(metrics=metrics, evidence={"b": labels})


def draft(module: nn.Module | None = None, *floors: Floor) -> Draft:
    inputs = {"image": PICTURES[:6]}
    module = Tiny() if module is None else module
    made = Graph(module, inputs, ("logits", "features"), 1e-4, ("logits",), {"image": PICTURES})
    training = Training("none", {"seed": 0}, 3.0, "", torch.__version__, 0)
    card = replace(TINY, serves={"cpu": "int8", "cuda": "fp32"}, training=training)
    return Draft(card, {"predict": made}, choose, measure, floors, {"labels.txt": b"a\nb\nc\n"})
