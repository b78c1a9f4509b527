"""EfficientNet-Lite0 in plain PyTorch, and its ImageNet weights from the package that ships them.

Tan, Le 2019, arXiv:1905.11946, in the Lite form of TensorFlow's TPU repository: no squeeze and
excitation, ReLU6 instead of swish, TensorFlow's "same" padding, batch norm with epsilon 1e-3.
4.65 million weights, 0.39 billion multiplications a picture at 224 x 224.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training import sources

# repeats, kernel, first stride, expansion, channels out
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
# The last block at each size of map; what its depthwise layer sees is one rung of the ladder.
LADDER_BLOCKS = (0, 2, 4, 10, 15)


def batch_norm(channels: int) -> nn.BatchNorm2d:
    """Batch norm with TensorFlow's epsilon."""
    return nn.BatchNorm2d(channels, eps=1e-3)


class SameConv2d(nn.Conv2d):
    """A convolution with TensorFlow's "same" padding: at stride 2 more on the right and below."""

    def forward(self, x: Tensor) -> Tensor:
        """[n, channels, h, w] -> [n, out, ceil(h / stride), ceil(w / stride)]."""
        pads: list[int] = []
        for axis in (1, 0):  # F.pad counts from the last axis
            size, kernel, stride = x.shape[2 + axis], self.kernel_size[axis], self.stride[axis]
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            pads += [total // 2, total - total // 2]
        return super().forward(F.pad(x, pads) if any(pads) else x)


class Block(nn.Module):
    """Inverted residual: widen, filter each channel, narrow; added to its input where it fits."""

    def __init__(self, before: int, after: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = before * expansion
        self.expand = (
            nn.Sequential(nn.Conv2d(before, wide, 1, bias=False), batch_norm(wide), nn.ReLU6())
            if expansion > 1
            else nn.Identity()
        )
        self.depthwise = nn.Sequential(
            SameConv2d(wide, wide, kernel, stride, groups=wide, bias=False),
            batch_norm(wide),
            nn.ReLU6(),
        )
        self.project = nn.Sequential(nn.Conv2d(wide, after, 1, bias=False), batch_norm(after))
        self.skip = stride == 1 and before == after

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The block's output, and the wide map (>= 0) that its depthwise filters saw."""
        seen = self.depthwise(self.expand(x))
        y = self.project(seen)
        return (x + y if self.skip else y), seen


class EfficientNetLite0(nn.Module):
    """1,000 classes from pictures of 224 x 224."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(SameConv2d(3, 32, 3, 2, bias=False), batch_norm(32), nn.ReLU6())
        blocks, channels = [], 32
        for repeats, kernel, stride, expansion, after in STAGES:
            for i in range(repeats):
                blocks.append(Block(channels, after, kernel, 1 if i else stride, expansion))
                channels = after
        self.blocks = nn.ModuleList(blocks)
        self.top = nn.Sequential(nn.Conv2d(320, 1280, 1, bias=False), batch_norm(1280), nn.ReLU6())
        self.classes = nn.Linear(1280, 1000)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):  # by PyTorch's default the signal fades to nothing
                nn.init.kaiming_normal_(layer.weight)

    def maps(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """[n, 3, 224, 224] in -1..1 -> feature map [n, 1280, 7, 7] and the ladder's five maps."""
        x = self.stem(x)
        ladder = []
        for index, block in enumerate(self.blocks):
            x, seen = block(x)
            if index in LADDER_BLOCKS:
                ladder.append(seen)
        return self.top(x), ladder

    def forward(self, x: Tensor) -> Tensor:
        """[n, 3, 224, 224] in -1..1 -> logits [n, 1000]."""
        features, _ = self.maps(x)
        logits: Tensor = self.classes(features.mean((2, 3)))
        return logits


def _our_name(theirs: str) -> str:
    """The package's name of a parameter -> ours: _blocks.3._bn1 -> blocks.3.depthwise.1."""
    layers = {
        "_expand_conv": "expand.0",
        "_bn0": "expand.1",
        "_depthwise_conv": "depthwise.0",
        "_bn1": "depthwise.1",
        "_project_conv": "project.0",
        "_bn2": "project.1",
    }
    outside = {
        "_conv_stem": "stem.0",
        "_bn0": "stem.1",
        "_conv_head": "top.0",
        "_bn1": "top.1",
        "_fc": "classes",
    }
    parts = theirs.split(".")
    if parts[0] == "_blocks":
        return ".".join(["blocks", parts[1], layers[parts[2]], parts[3]])
    return ".".join([outside[parts[0]], parts[1]])


def prepare(image: Tensor) -> Tensor:
    """[n, 224, 224, 3], 0 to 255 -> the network's [n, 3, 224, 224], -1 to 1; float64 stays so."""
    image = image.permute(0, 3, 1, 2)
    return ((image if image.is_floating_point() else image.float()) - 127) / 128


def pretrained() -> EfficientNetLite0:
    """The network with its ImageNet weights, loaded strictly, in eval mode."""
    path = sources.package_file("efficientnet-lite0", "efficientnet-lite0-57934424.pth")
    theirs = torch.load(path, weights_only=True, map_location="cpu")
    network = EfficientNetLite0()
    network.load_state_dict({_our_name(name): value for name, value in theirs.items()})
    return network.eval()
