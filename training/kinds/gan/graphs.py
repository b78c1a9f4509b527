"""A generator and its discriminator as the graphs that are released, bytes in and bytes out."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.core.release import Graph
from training.kinds.gan.network import Discriminator, Generator
from training.kinds.gan.training import to_bytes, to_signed

EXAMPLES = 20  # inputs that parity is checked on
CALIBRATION = 500  # draws that set the scales of the activations


class Made(nn.Module):
    """chance float32 [n, latent], classes float32 [n, classes] -> the picture and its parts.

    image uint8 [n, side, side, colours], then what each resolution painted, float32 of that shape,
    before all are summed and squeezed into the bytes by a hyperbolic tangent.
    """

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, latents: Tensor, classes: Tensor) -> tuple[Tensor, ...]:
        """The image, then one paint a resolution, from the coarsest."""
        painted = self.generator.paints(latents, classes)
        whole = torch.stack(painted).sum(0).tanh()
        return to_bytes(whole), *(paint.permute(0, 2, 3, 1) for paint in painted)


class Opinion(nn.Module):
    """image uint8 [n, side, side, colours], classes float32 [n, classes] -> odds float32 [n].

    The log-odds that the picture is real, where half of those seen are: the discriminator's score
    less its class's `even` score, float [classes], times `scale`. What is even differs by class,
    since the loss compares pictures of one class alone.
    """

    def __init__(self, discriminator: Discriminator, scale: float, even: Sequence[float]) -> None:
        super().__init__()
        self.discriminator, self.scale = discriminator, scale
        self.register_buffer("even", torch.tensor(even, dtype=torch.float32))

    def forward(self, image: Tensor, classes: Tensor) -> Tensor:
        """The discriminator's score, calibrated."""
        score: Tensor = self.discriminator(to_signed(image), classes)
        return self.scale * (score - classes @ self.get_buffer("even"))


def graphs(made: Made, opinion: Opinion, classes: int) -> dict[str, Graph]:
    """`predict`, which makes pictures, and `discriminate`, which tells them from real ones.

    The weights of both are int8; the convolutions of `predict` compute in int8 too, but at the
    finest resolution, where that is seen (Frechet distance of fashion_generator: 1 % more without
    it, 16 % more with it).
    """
    generator = made.generator
    random = torch.Generator().manual_seed(0)

    def drawn(n: int) -> tuple[Tensor, Tensor]:
        wanted = F.one_hot(torch.arange(n) % classes, classes).float()
        return torch.randn(n, generator.latent, generator=random), wanted

    latents, wanted = drawn(EXAMPLES)
    calibration = dict(zip(("chance", "classes"), drawn(CALIBRATION), strict=True))
    with torch.no_grad():
        image = made(latents, wanted)[0]
    paints = tuple(f"paint_{i + 1}" for i in range(len(generator.levels)))
    return {
        "predict": Graph(
            made,
            {"chance": latents.numpy(), "classes": wanted.numpy()},
            ("image", *paints),
            tolerance=5e-3,  # of 255: where rounding falls on the other side, it is one level
            golden=("image",),
            calibration={name: tensor.numpy() for name, tensor in calibration.items()},
            rounded=True,
            int8_within=tuple(f"generator.levels.{i}." for i in range(len(generator.levels) - 1)),
        ),
        "discriminate": Graph(
            opinion,
            {"image": image.numpy(), "classes": wanted.numpy().astype(np.float32)},
            ("odds",),
            tolerance=1e-3,
            golden=("odds",),
            rounded=True,
        ),
    }
