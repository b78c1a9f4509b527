"""What `visual_inspection` releases: the lowest part of image_recognition, and light by itself."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.kinds.backbones.efficientnet_lite import EfficientNetLite0, prepare

BLOCKS = (2, 4)  # the last at 56 and at 28 places a side
WINDOWS = (16, 24)  # pixels
STEP = 8
EDGE = 16  # pixels that are mirrored at each edge: zeros there would make every edge look odd


def light(x: Tensor) -> Tensor:
    """[n, 3, h, w] -> [n, h / 8, w / 8, 12]: mean and log of the deviation of each colour.

    The network was trained to pass over how light a place is; a stain is just that.
    """
    found = []
    for side in WINDOWS:
        around = (side, STEP, (side - STEP) // 2, False, False)
        mean = F.avg_pool2d(x, *around)
        variance = F.avg_pool2d(x * x, *around) - mean * mean
        found += [mean, 0.5 * variance.clamp(min=1e-4).log()]
    return torch.cat(found, 1).permute(0, 2, 3, 1)


def inner(maps: Tensor) -> Tensor:
    """[n, h, w, channels] without what lies in the mirrored edge."""
    cut = maps.shape[1] * EDGE // (224 + 2 * EDGE)
    return maps[:, cut:-cut, cut:-cut]


class Depths(nn.Module):
    """Bytes of pictures in, what is seen out; of the network, what lies above is not kept."""

    def __init__(self, network: EfficientNetLite0) -> None:
        super().__init__()
        self.stem = network.stem
        self.blocks = nn.ModuleList(list(network.blocks)[: BLOCKS[-1] + 1])

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 [n, 224, 224, 3] -> light, then for each of `BLOCKS` float [n, h, w, channels].

        Each place is the mean of its 3 x 3 neighbours, so that a flaw may lie between two.
        """
        x = F.pad(prepare(image), (EDGE, EDGE, EDGE, EDGE), mode="reflect")
        found = [inner(light(x))]
        x = self.stem(x)
        for index, block in enumerate(self.blocks):
            x, _ = block(x)
            if index in BLOCKS:
                around = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
                found.append(inner(around.permute(0, 2, 3, 1)))
        return tuple(found)
