"""EfficientNet-Lite0 as `image_recognition` releases it: bytes of a picture in."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.image_recognition import LADDER
from training.core.gradients import Autograd
from training.kinds.backbones.efficientnet_lite import EfficientNetLite0, prepare, pretrained

ANSWERS = ("logits", "embedding")
OUTPUTS = (*ANSWERS, "features", "class_map", *LADDER)
Array = np.ndarray[Any, Any]


class Served(nn.Module):
    """The network as it is released: bytes of a picture in, everything that a page shows out.

    The graph `predict` is its answers alone: a sixth faster than all outputs, with a fifth of the
    memory at batch 32.
    """

    def __init__(self, network: EfficientNetLite0) -> None:
        super().__init__()
        self.network = network
        # One matrix for both the logits and the class map, so that the file holds it once.
        self.register_buffer("matrix", network.classes.weight.detach().t().contiguous())

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 [n, 224, 224, 3] -> the outputs in the order of `OUTPUTS`."""
        matrix = self.get_buffer("matrix")
        features, maps = self.network.maps(prepare(image))
        embedding = features.mean((2, 3))
        logits = embedding @ matrix + self.network.classes.bias
        return logits, embedding, features, features.permute(0, 2, 3, 1) @ matrix, *maps


class Answers(nn.Module):
    """The first two outputs of `Served`."""

    def __init__(self, served: Served) -> None:
        super().__init__()
        self.served = served

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 [n, 224, 224, 3] -> logits [n, 1000] and embedding [n, 1280]."""
        outputs: tuple[Tensor, ...] = self.served(image)
        return outputs[:2]


class Features(nn.Module):
    """Bytes as floats [n, 224, 224, 3] -> the last feature map [n, 1280, 7, 7]."""

    def __init__(self, network: EfficientNetLite0) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        """As the class says."""
        return self.network.maps(prepare(image))[0]


class Head(nn.Module):
    """The last feature map -> logits [n, 1000]."""

    def __init__(self, network: EfficientNetLite0) -> None:
        super().__init__()
        self.classes = network.classes

    def forward(self, maps: Tensor) -> Tensor:
        """As the class says."""
        logits: Tensor = self.classes(maps.mean((2, 3)))
        return logits


def reference() -> nn.Module:
    """The gradients by `torch.autograd`, for the benchmark."""
    network = pretrained().requires_grad_(False)
    return Autograd(Features(network), Head(network))


def eager() -> Callable[[Array], Tensor]:
    """PyTorch's own way from uint8 [n, 224, 224, 3] to logits, for the benchmark."""
    network = pretrained()

    def run(batch: Array) -> Tensor:
        with torch.inference_mode():
            logits: Tensor = network(prepare(torch.from_numpy(batch)))
        return logits

    return run
