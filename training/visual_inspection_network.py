"""What `visual_inspection` releases: the lower part of image_recognition, at three depths."""

import torch.nn.functional as F
from torch import Tensor, nn

from training.efficientnet_lite import EfficientNetLite0
from training.image_recognition_network import prepare

BLOCKS = (2, 4, 10)  # the last at 56, at 28 and at 14 places a side


class Depths(nn.Module):
    """Bytes of pictures in, what three depths see out; above them nothing is kept."""

    def __init__(self, network: EfficientNetLite0) -> None:
        super().__init__()
        self.stem = network.stem
        self.blocks = nn.ModuleList(list(network.blocks)[: BLOCKS[-1] + 1])

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 [n, 224, 224, 3] -> float [n, h, w, channels] for each of `BLOCKS`.

        Each place is the mean of its 3 x 3 neighbours, so that a flaw may lie between two.
        """
        x, found = self.stem(prepare(image)), []
        for index, block in enumerate(self.blocks):
            x, _ = block(x)
            if index in BLOCKS:
                around = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
                found.append(around.permute(0, 2, 3, 1))
        return tuple(found)
