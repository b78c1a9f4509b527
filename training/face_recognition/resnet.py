"""dlib's face recognition network in plain PyTorch, and its weights from the package that has them.

A residual network of 29 layers (He et al. 2016, arXiv:1512.03385, with half the filters) that King
trained on about three million faces (blog.dlib.net, February 2017): 150 x 150 pixels in, 128
numbers out, near for the same person. 5.6 million weights, shipped as 8-bit integers.
"""

import json

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training import sources

MEAN = (122.782, 117.001, 104.298)  # of red, green, blue
STAGES = (
    (32, 3, False),
    (64, 3, True),
    (128, 2, True),
    (256, 2, True),
)  # width, blocks, down first


class Layer(nn.Module):
    """A convolution whose channels are scaled and shifted afterwards."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, padding: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding)
        self.weights = nn.Parameter(torch.ones(outputs))
        self.biases = nn.Parameter(torch.zeros(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """[n, inputs, h, w] -> [n, outputs, rows, columns], before the ReLU."""
        scaled: Tensor = self.conv(x) * self.weights[:, None, None] + self.biases[:, None, None]
        return scaled


class Block(nn.Module):
    """Two layers that add to what came in; `down` halves height and width."""

    def __init__(self, inputs: int, outputs: int, down: bool) -> None:
        super().__init__()
        self.down = down
        self.conv1 = Layer(inputs, outputs, 3, 2 if down else 1, 0 if down else 1)
        self.conv2 = Layer(outputs, outputs, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[n, inputs, h, w] -> [n, outputs, rows, columns]."""
        added = self.conv2(F.relu(self.conv1(x)))
        if self.down:
            x = F.avg_pool2d(x, 2)
            # The two ways may differ by a pixel and in width; what one lacks counts as zero.
            high, wide = max(x.shape[2], added.shape[2]), max(x.shape[3], added.shape[3])
            x = _padded(x, added.shape[1], high, wide)
            added = _padded(added, added.shape[1], high, wide)
        return F.relu(x + added)


def _padded(x: Tensor, channels: int, high: int, wide: int) -> Tensor:
    return F.pad(x, (0, wide - x.shape[3], 0, high - x.shape[2], 0, channels - x.shape[1]))


class FaceResNet(nn.Module):
    """The network; `blocks` are named as in the shipped weights."""

    def __init__(self) -> None:
        super().__init__()
        self.conv32_down = Layer(3, 32, 7, 2, 0)
        self.blocks = nn.ModuleDict()
        width = 32
        for outputs, count, down_first in STAGES:
            if down_first:
                self.blocks[f"conv{outputs}_down"] = Block(width, outputs, True)
            for i in range(1, count + 1):
                self.blocks[f"conv{outputs}_{i}"] = Block(outputs, outputs, False)
            width = outputs
        self.blocks["conv256_down_out"] = Block(256, 256, True)
        self.fc = nn.Linear(256, 128, bias=False)

    def forward(self, image: Tensor) -> Tensor:
        """uint8 [n, 150, 150, 3] RGB -> float32 [n, 128]."""
        x = (image.permute(0, 3, 1, 2).float() - torch.tensor(MEAN)[:, None, None]) / 256
        x = F.max_pool2d(F.relu(self.conv32_down(x)), 3, 2)
        for block in self.blocks.values():
            x = block(x)
        descriptor: Tensor = self.fc(x.mean((2, 3)))
        return descriptor


def pretrained() -> FaceResNet:
    """The network with its published weights, in evaluation mode."""
    network = FaceResNet()
    shipped = _shipped()
    state = {name: shipped[_shipped_name(name)] for name in network.state_dict()}
    network.load_state_dict(state)
    return network.eval()


def _shipped_name(name: str) -> str:
    parts = name.removeprefix("blocks.").split(".")
    if name == "fc.weight":
        return "fc"
    if parts[-2] == "conv":
        return "/".join((*parts[:-1], "filters" if parts[-1] == "weight" else "bias"))
    return "/".join((*parts[:-1], "scale", parts[-1]))


def _shipped() -> dict[str, Tensor]:
    """The tensors of the package, as floats, kernels turned from rows-first to outputs-first.

    Most are bytes with a scale and a smallest value; the widest of the first kernels are floats.
    """
    packed = sources.package_file("face-api", "face_recognition_model.bin").read_bytes()
    manifest = sources.package_file("face-api", "face_recognition_model-weights_manifest.json")
    tensors, start = {}, 0
    for listed in json.loads(manifest.read_text())[0]["weights"]:
        coded = listed.get("quantization", {"dtype": listed["dtype"], "scale": 1, "min": 0})
        values = np.frombuffer(packed, coded["dtype"], int(np.prod(listed["shape"])), start)
        start += values.nbytes
        floats = values.astype(np.float32) * coded["scale"] + coded["min"]
        tensor = torch.from_numpy(floats.astype(np.float32)).reshape(listed["shape"])
        order = {4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}[tensor.ndim]
        tensors[listed["name"]] = tensor.permute(order).contiguous()
    if start != len(packed):
        raise ValueError(f"the weights hold {len(packed)} bytes, the manifest lists {start}")
    return tensors
