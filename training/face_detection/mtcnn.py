"""MTCNN's three networks in plain PyTorch, and their weights from the package that ships them.

Zhang, Zhang, Li, Qiao 2016, arXiv:1604.02878: P-Net proposes, R-Net refines, O-Net decides and
places five points. 0.5 million weights together. Each takes RGB bytes and brings them to -1..1
itself; each gives, for every place or crop, four offsets of the box and a probability of a face.
"""

from collections import OrderedDict

import torch
from torch import Tensor, nn

from training import sources


def _block(of: str, inputs: int, outputs: int, kernel: int) -> list[tuple[str, nn.Module]]:
    """A convolution and its learned leak, named as in the shipped state dicts."""
    return [(f"conv{of}", nn.Conv2d(inputs, outputs, kernel)), (f"prelu{of}", nn.PReLU(outputs))]


def _pool(of: str, kernel: int) -> list[tuple[str, nn.Module]]:
    return [(f"pool{of}", nn.MaxPool2d(kernel, 2, ceil_mode=True))]


def _bytes_to_floats(image: Tensor) -> Tensor:
    """uint8 [n, h, w, 3] -> float32 [n, 3, h, w] in -1..1."""
    return (image.permute(0, 3, 1, 2).float() - 127.5) * 0.0078125


class PNet(nn.Module):
    """Looks at every 12 x 12 pixels of a picture, two apart."""

    def __init__(self) -> None:
        super().__init__()
        layers = _block("1", 3, 10, 3) + _pool("1", 2) + _block("2", 10, 16, 3)
        self.layers = nn.Sequential(OrderedDict(layers + _block("3", 16, 32, 3)))
        self.conv4_1 = nn.Conv2d(32, 2, 1)
        self.conv4_2 = nn.Conv2d(32, 4, 1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """uint8 [n, h, w, 3] -> face [n, rows, columns] and offsets [n, 4, rows, columns]."""
        maps = self.layers(_bytes_to_floats(image))
        return self.conv4_1(maps).softmax(1)[:, 1], self.conv4_2(maps)


class RNet(nn.Module):
    """Looks at crops of 24 x 24 pixels."""

    def __init__(self) -> None:
        super().__init__()
        layers = _block("1", 3, 28, 3) + _pool("1", 3) + _block("2", 28, 48, 3) + _pool("2", 3)
        self.layers = nn.Sequential(OrderedDict(layers + _block("3", 48, 64, 2)))
        self.dense4, self.prelu4 = nn.Linear(576, 128), nn.PReLU(128)
        self.dense5_1, self.dense5_2 = nn.Linear(128, 2), nn.Linear(128, 4)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """uint8 [n, 24, 24, 3] -> face [n] and offsets [n, 4]."""
        maps = self.layers(_bytes_to_floats(image))
        flat = self.prelu4(self.dense4(_flattened(maps)))
        return self.dense5_1(flat).softmax(1)[:, 1], self.dense5_2(flat)


class ONet(nn.Module):
    """Looks at crops of 48 x 48 pixels."""

    def __init__(self) -> None:
        super().__init__()
        layers = _block("1", 3, 32, 3) + _pool("1", 3) + _block("2", 32, 64, 3) + _pool("2", 3)
        layers += _block("3", 64, 64, 3) + _pool("3", 2) + _block("4", 64, 128, 2)
        self.layers = nn.Sequential(OrderedDict(layers))
        self.dense5, self.prelu5 = nn.Linear(1152, 256), nn.PReLU(256)
        self.dense6_1, self.dense6_2 = nn.Linear(256, 2), nn.Linear(256, 4)
        self.dense6_3 = nn.Linear(256, 10)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """uint8 [n, 48, 48, 3] -> face [n], offsets [n, 4] and points [n, 10].

        points: five across, then five down, as shares of the crop: the eye on the picture's left,
        the other, the nose, the mouth's left and right corner.
        """
        maps = self.layers(_bytes_to_floats(image))
        flat = self.prelu5(self.dense5(_flattened(maps)))
        return self.dense6_1(flat).softmax(1)[:, 1], self.dense6_2(flat), self.dense6_3(flat)


def _flattened(maps: Tensor) -> Tensor:
    """The weights were learned on maps laid out as columns, rows, channels."""
    return maps.permute(0, 3, 2, 1).flatten(1)


def pretrained() -> tuple[PNet, RNet, ONet]:
    """The three networks with their published weights, in evaluation mode."""
    networks = PNet(), RNet(), ONet()
    for network, file in zip(networks, ("pnet.pt", "rnet.pt", "onet.pt"), strict=True):
        shipped = torch.load(sources.package_file("mtcnn", file), weights_only=True)
        own = network.state_dict()
        network.load_state_dict({name: shipped[name.removeprefix("layers.")] for name in own})
        network.eval()
    return networks
