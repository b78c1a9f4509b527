"""The residual network of the model `fashion` (He et al. 2016, arXiv:1512.03385)."""

import torch.nn.functional as F
from torch import Tensor, nn


class Block(nn.Module):
    """Residual block: two 3 x 3 convolutions and a shortcut, ReLU after the addition."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        nn.init.zeros_(self.norm2.weight)  # each block starts as its shortcut (arXiv:1706.02677)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or channels != width:
            conv = nn.Conv2d(channels, width, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        """[n, channels, h, w] to [n, width, h / stride, w / stride], nowhere negative."""
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class Network(nn.Module):
    """`head(features(prepare(pictures)))`: logits [n, 10] of uint8 pictures [n, 28, 28].

    `features` ends in a map that is nowhere negative, and `head` is its mean over places and one
    linear layer: so Grad-CAM is a weighted sum of that map, with the layer's weights.
    """

    def __init__(
        self, widths: tuple[int, int, int], blocks: tuple[int, int, int], classes: int = 10
    ) -> None:
        super().__init__()
        channels = widths[0]
        stem = nn.Conv2d(1, channels, 3, 1, 1, bias=False)
        layers: list[nn.Module] = [nn.Sequential(stem, nn.BatchNorm2d(channels), nn.ReLU())]
        for stage, (width, count) in enumerate(zip(widths, blocks, strict=True)):
            for i in range(count):
                layers.append(Block(channels, width, 2 if stage and not i else 1))
                channels = width
        self.features = nn.Sequential(*layers)
        pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(pool, nn.Flatten(), nn.Linear(channels, classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")

    @staticmethod
    def prepare(pictures: Tensor) -> Tensor:
        """[n, 28, 28], 0 to 255, to floats [n, 1, 28, 28] in [0, 1]; the background stays 0.

        The mean is not taken off: then the zeros with which convolutions pad are background too.
        """
        pictures = pictures.unsqueeze(1)
        return (pictures if pictures.is_floating_point() else pictures.float()) / 255

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(self.prepare(pictures)))
        return logits

    def forward_maps(self, pictures: Tensor) -> tuple[Tensor, ...]:
        """What each block gives, shallow to deep: maps [n, channels, h, w] after a ReLU."""
        x, maps = self.features[0](self.prepare(pictures)), []
        for block in list(self.features)[1:]:
            x = block(x)
            maps.append(x)
        return tuple(maps)
