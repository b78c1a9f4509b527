"""Releases `fashion` from its finished runs: calibrates, measures, and refuses below 93.4 %.

Called by training/fashion/train.py. Every choice here is made on the 5,000 validation pictures; the
10,000 test pictures are answered once, by the released int8 file; explanations are measured on 500
of them afterwards, and no answer depends on that.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.card import Card, Metric
from models.catalog import Model
from models.fashion import LADDER, baselines
from training.core import gradients, statistics
from training.core.release import Draft, Findings, Floor, Graph, training_of
from training.fashion import measure
from training.fashion.measure import Material
from training.kinds.classifier import explaining
from training.sources import fashion_mnist
from training.sources.fashion_mnist import Data as Split

Array = np.ndarray[Any, Any]
BENCHMARKS = "README of github.com/zalandoresearch/fashion-mnist"
EXPLAINED = 500  # test pictures that explanations are measured on
OUTPUTS = ("logits", "embedding", "texture", "class_map", *LADDER)


class Served(nn.Module):
    """The network as it is released; dividing by the temperature is part of its last layer."""

    def __init__(self, network: nn.Module, temperature: float) -> None:
        super().__init__()
        self.network = network
        linear = network.get_submodule("head.2")
        assert isinstance(linear, nn.Linear)
        self.register_buffer("matrix", (linear.weight.detach() / temperature).t().contiguous())
        self.register_buffer("bias", linear.bias.detach() / temperature)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 [n, 28, 28] -> the outputs in the order of `OUTPUTS`."""
        matrix = self.get_buffer("matrix")
        maps = self.network.forward_maps(image)  # type: ignore[operator]
        embedding = maps[-1].mean((2, 3))
        class_map = maps[-1].permute(0, 2, 3, 1) @ matrix
        texture = maps[1].mean((2, 3))
        return embedding @ matrix + self.get_buffer("bias"), embedding, texture, class_map, *maps


class Features(nn.Module):
    """Bytes as floats [n, 28, 28] -> the last feature map [n, 160, 7, 7]."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        """As the class says."""
        maps: Tensor = self.network.forward_maps(image)[-1]  # type: ignore[operator]
        return maps


class Head(nn.Module):
    """The last feature map -> logits [n, 10], divided by the temperature."""

    def __init__(self, served: Served) -> None:
        super().__init__()
        self.register_buffer("matrix", served.get_buffer("matrix"))
        self.register_buffer("bias", served.get_buffer("bias"))

    def forward(self, maps: Tensor) -> Tensor:
        """As the class says."""
        return maps.mean((2, 3)) @ self.get_buffer("matrix") + self.get_buffer("bias")


def graphs_of(network: nn.Module, temperature: float, split: Split) -> dict[str, Graph]:
    """All that is released of a network."""
    asked, learned = split.pictures[split.validation], split.pictures[split.train]
    served = Served(network, temperature)
    inputs = asked[:: max(1, len(asked) // 16)][:16]
    return {
        "predict": Graph(
            served,
            {"image": inputs},
            OUTPUTS,
            tolerance=1e-4,
            golden=("logits", "embedding"),
            calibration={"image": learned[:: max(1, len(learned) // 500)]},
        ),
        "gradients": gradients.graph(Features(network), Head(served), inputs),
    }


PUBLISHED = [
    Metric("accuracy", value, f"test, by {who}", 10_000, "fp32", source=f"published: {BENCHMARKS}")
    for who, value in (("a ResNet-18", 0.949), ("a WRN-40-4", 0.967))
]
FLOORS = (
    Floor("accuracy", "test", "int8", least=0.934),
    Floor("accuracy", "validation", "int8", allowance=0.003),
    Floor("ood_auroc", "mean", "int8", least=0.8),
)


def measured(
    model: Model,
    material: Material,
    network: nn.Module,
    graphs: Callable[[nn.Module], dict[str, Graph]],
) -> Findings:
    """The test pictures answered, then explanations of some of them."""
    pictures = material.test[0]
    images = [*pictures[:: max(1, len(pictures) // EXPLAINED)]]
    temperature = model.card.settings["temperature"].value
    answered = measure.measure(model, material, temperature)
    return answered.joined(explaining.measure(model, network, graphs, images, material.plan))


def draft(
    network: nn.Module,
    material: Material,
    config: Any,
    history: list[dict[str, float]],
    floors: tuple[Floor, ...],
) -> Draft:
    """Everything that the release needs to know."""
    split = material.split
    asked = split.pictures[split.validation]
    with torch.no_grad():
        parts = [network(torch.from_numpy(part)) for part in np.array_split(asked, 20)]
    temperature = statistics.temperature(
        torch.cat(parts).float().numpy(), split.labels[split.validation]
    )
    graphs = partial(graphs_of, temperature=temperature, split=split)
    data = fashion_mnist.cited(
        ("train", len(split.train)),
        ("validation: every choice", len(split.validation)),
        ("test: scored once", len(material.test[1])),
    )
    minutes = sum(row["seconds"] for row in history) / 60
    card = Card(
        name="fashion",
        title="Fashion-MNIST",
        summary="A residual network that learned ten kinds of clothes from 55,000 small pictures.",
        task="One grey picture of 28 x 28 pixels in, a probability for each of 10 classes out.",
        limits=[
            "It knows ten kinds of clothes and shoes; anything else it can only call one of those.",
            "It learned from shop pictures on white: folds, people and cluttered rooms mislead it.",
            "28 x 28 grey pixels tell a shirt from a T-shirt badly; people name 83.5 % of such "
            f"pictures rightly (published: {BENCHMARKS}).",
            "Its calibration was measured on such pictures and does not carry over to photos.",
        ],
        labels=list(baselines.LABELS),
        data=data,
        weights=None,
        graphs={},
        serves={"cpu": "int8", "cuda": "fp32"},
        metrics=PUBLISHED,
        tables={},
        settings={},
        history=history,
        training=training_of("fashion", asdict(config), minutes),
        files={},
    )

    return Draft(
        card,
        graphs(network),
        partial(measure.choose, material=material, temperature=temperature),
        partial(measured, material=material, network=network, graphs=graphs),
        floors,
        {"labels.txt": "".join(f"{label}\n" for label in baselines.LABELS).encode()},
    )
