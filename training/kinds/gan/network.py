"""Two networks that learn against each other: a generator of pictures and its discriminator.

A small conditional GAN after R3GAN (Huang et al. 2024, arXiv:2501.05441): the relativistic pairing
loss, in which a made picture is compared with a real one of the same class, and zero-centred
gradient penalties on both. No batch normalisation: what one picture becomes depends on nothing
else in its batch. The class enters the discriminator as a projection (Miyato and Koyama 2018,
arXiv:1802.05637); both see their pictures through the same augmentation, through which gradients
flow (Zhao et al. 2020, arXiv:2006.10738).

Both networks take a step at once, from one pass: no picture's score depends on another picture, so
the generator's gradient is the discriminator's times one number per picture (a gradient reversal
with weights; Ganin and Lempitsky 2014, arXiv:1409.7495). So one loss, one optimiser and
`training.loop` train both, and the discriminator looks at each made picture once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SLOPE = 0.2  # of the leaky ReLU, as in DCGAN (Radford et al. 2015)
# Scores by which a real picture may lead before the made one's slope is held: at 88.7 its factor
# leaves float32, and at 103 the slope itself is 0.
FARTHEST = 80.0


def unit(maps: Tensor) -> Tensor:
    """Each place's channels scaled to a mean square of 1 (Karras et al. 2017, arXiv:1710.10196)."""
    return maps * torch.rsqrt(maps.square().mean(1, keepdim=True) + 1e-8)


class Level(nn.Module):
    """One resolution of the generator: draws on from the coarser one, and paints its own share."""

    def __init__(
        self, inside: int, out: int, styled: int, colours: int, *, up: bool, patch: int
    ) -> None:
        super().__init__()
        # A transposed convolution left a checkerboard (Odena et al. 2016, Distill); this does not,
        # and costs less, since it convolves before there are four times as many places.
        self.up = (
            nn.Sequential(
                nn.Conv2d(inside, out, 3, padding=1),
                nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False),
            )
            if up
            else nn.Identity()
        )
        self.style = nn.Linear(styled, 2 * out)
        self.conv = nn.Conv2d(out, out, 3, padding=1)
        self.paint = nn.Conv2d(out, colours * patch**2, 1)
        self.spread = nn.PixelShuffle(patch)

    def forward(self, maps: Tensor, styled: Tensor) -> tuple[Tensor, Tensor]:
        """Maps [n, inside, h, w] and style [n, styled] -> maps [n, out, ...], paint [n, c, ...]."""
        scale, shift = self.style(styled)[:, :, None, None].chunk(2, 1)
        maps = F.leaky_relu(unit(self.up(maps)) * (1 + scale) + shift, SLOPE)
        maps = F.leaky_relu(unit(self.conv(maps)), SLOPE)
        return maps, self.spread(self.paint(maps))


class Generator(nn.Module):
    """Chance and a class in, a picture out: the sum of what each resolution paints.

    side: of the picture, `widths` names the channels from the coarsest resolution to the finest,
    each twice as fine as the one before. patch: a place of the finest paints as many pixels each
    way; more cost less and leave room for more channels. smooth: whether what a coarse resolution
    paints is blended from place to place: else finer ones have to paint its edges away.
    """

    def __init__(
        self,
        side: int,
        colours: int,
        classes: int,
        latent: int,
        *,
        widths: Sequence[int],
        patch: int = 1,
        smooth: bool = False,
    ) -> None:
        super().__init__()
        self.side, self.latent = side, latent
        self.between = "bilinear" if smooth else "nearest"
        coarsest = side // patch >> (len(widths) - 1)
        self.first = (widths[0], coarsest, coarsest)
        last = len(widths) - 1
        self.named = nn.Linear(classes, latent, bias=False)
        self.begin = nn.Linear(2 * latent, self.first[0] * self.first[1] * self.first[2])
        self.levels = nn.ModuleList(
            Level(
                widths[max(0, i - 1)],
                width,
                2 * latent,
                colours,
                up=i > 0,
                patch=patch if i == last else 1,
            )
            for i, width in enumerate(widths)
        )

    def paints(self, latents: Tensor, classes: Tensor) -> list[Tensor]:
        """What each resolution paints, at the picture's size: float [n, colours, side, side].

        `latents` float [n, latent], normally distributed; `classes` float [n, classes], one-hot or
        shares that sum to 1, for what lies between two classes.
        """
        styled = torch.cat([latents, self.named(classes)], 1)
        maps, painted = self.begin(styled).unflatten(1, self.first), []
        for level in self.levels:
            maps, paint = level(maps, styled)
            painted.append(F.interpolate(paint, (self.side, self.side), mode=self.between))
        return painted

    def forward(self, latents: Tensor, classes: Tensor) -> Tensor:
        """The pictures, float in [-1, 1]: [n, colours, side, side]."""
        return torch.stack(self.paints(latents, classes)).sum(0).tanh()


class Discriminator(nn.Module):
    """How real a picture looks for its class: a number without a scale, higher is more real."""

    def __init__(
        self, side: int, colours: int, classes: int, *, widths: Sequence[int], patch: int = 1
    ) -> None:
        super().__init__()
        fine = list(reversed(widths))
        first = nn.Conv2d(colours, fine[0], patch + 2, patch, 1)
        layers: list[nn.Module] = [first, nn.LeakyReLU(SLOPE)]
        for inside, out in pairwise(fine):
            layers += [nn.Conv2d(inside, out, 4, 2, 1), nn.LeakyReLU(SLOPE)]
            layers += [nn.Conv2d(out, out, 3, padding=1), nn.LeakyReLU(SLOPE)]
        place = side // patch >> (len(fine) - 1)
        layers += [nn.Flatten(), nn.Linear(fine[-1] * place * place, 256), nn.LeakyReLU(SLOPE)]
        self.body = nn.Sequential(*layers)
        self.score, self.named = nn.Linear(256, 1, bias=False), nn.Linear(classes, 256, bias=False)

    def forward(self, pictures: Tensor, classes: Tensor) -> Tensor:
        """Pictures in [-1, 1] [n, colours, side, side] and classes [n, classes] -> float [n]."""
        seen = self.body(pictures)
        fits = (self.named(classes) * seen).sum(1)
        score: Tensor = self.score(seen).squeeze(1) + fits
        return score


@dataclass(frozen=True)
class Augmentation:
    """How pictures are changed before the discriminator looks at them; nothing by default."""

    shift: int = 0  # pixels each way
    cut: int = 0  # side of the square that is taken out
    colour: bool = False  # whether brightness, saturation and contrast change

    @property
    def draws(self) -> int:
        """How many numbers one picture needs."""
        return 7 if self.colour else 4


def augment(pictures: Tensor, draws: Tensor, how: Augmentation) -> Tensor:
    """Pictures in [-1, 1] [n, colours, side, side], changed as `draws` float [n, how.draws] say.

    They are in [0, 1), so that several calls can do the same. What comes in at the edge is -1,
    what is cut out 0, as in the method's own code.
    """
    side = pictures.shape[-1]
    if how.colour:
        brighter, saturation, contrast = draws[:, 4:, None, None, None].unbind(1)
        pictures = pictures + brighter - 0.5
        grey = pictures.mean(1, keepdim=True)
        pictures = grey + (pictures - grey) * 2 * saturation
        middle = pictures.mean((1, 2, 3), keepdim=True)
        pictures = middle + (pictures - middle) * (contrast + 0.5)
    if how.shift:
        moved = (draws[:, :2] * (2 * how.shift + 1)).floor().long()  # 0 .. 2 * shift
        place = torch.arange(side, device=pictures.device)
        rows, columns = (place + moved[:, i, None] for i in (0, 1))
        padded = F.pad(pictures, (how.shift,) * 4, value=-1.0).permute(0, 2, 3, 1)
        each = torch.arange(len(pictures), device=pictures.device)[:, None, None]
        pictures = padded[each, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    if how.cut:
        first = (draws[:, 2:] * (side + 1 - how.cut)).floor()
        place = torch.arange(side, device=pictures.device)
        inside = [(place >= at) & (place < at + how.cut) for at in first[:, :, None].unbind(1)]
        hole = inside[0][:, None, :, None] & inside[1][:, None, None, :]
        pictures = pictures.masked_fill(hole, 0.0)
    return pictures


class Both(nn.Module):
    """Generator and discriminator, and what they lose to each other on a batch.

    gamma: weight of the gradient penalties, which one picture in `penalised` pays for all.
    augmentation: what both look through.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        gamma: float,
        augmentation: Augmentation,
        *,
        penalised: int = 4,
    ) -> None:
        super().__init__()
        self.generator, self.discriminator = generator, discriminator
        self.gamma, self.augmentation, self.penalised = gamma, augmentation, penalised

    def forward(
        self, real: Tensor, classes: Tensor, latents: Tensor, draws: Tensor
    ) -> dict[str, Tensor]:
        """The losses of one step, scalars; "loss" is what to minimise.

        `real` in [-1, 1] [n, colours, side, side], `classes` [n, classes], `latents` [n, latent],
        `draws` [n, 2 * augmentation.draws]: of the real pictures, then of the made.
        """
        made = self.generator(latents, classes).float()  # of bf16, `reverse` would not fit
        real, seen = (
            augment(pictures, own, self.augmentation)
            for pictures, own in zip((real, made), draws.chunk(2, 1), strict=True)
        )
        scores = self.discriminator(torch.cat([real, seen]), torch.cat([classes, classes]))
        of_real, of_made = scores.float().chunk(2)
        # By a made picture's score, its own losses are softplus(x) and softplus(-x), of which the
        # slopes are sigmoid(x) and -sigmoid(-x): their ratio is -exp(-x).
        ahead = (of_real - of_made).detach().clamp(max=FARTHEST)
        reverse = -ahead.exp()[:, None, None, None]
        if seen.requires_grad:
            seen.register_hook(lambda slope: slope * reverse)  # type: ignore[no-untyped-call]
        figures = {
            "discriminator_loss": F.softplus(of_made - of_real).mean(),
            "generator_loss": F.softplus(of_real - of_made).mean().detach(),
            "penalty": self._penalty(real, seen.detach(), classes),
        }
        told = (of_real > of_made).float().mean()  # 0.5: it cannot tell the two apart
        return {"loss": torch.stack([*figures.values()]).sum(), **figures, "told_apart": told}

    def _penalty(self, real: Tensor, made: Tensor, classes: Tensor) -> Tensor:
        """Squared gradients at real and at made pictures; a part of the batch pays for all."""
        few = max(1, len(real) // self.penalised)
        pictures = torch.cat([real[:few], made[:few]]).requires_grad_()
        with torch.autocast(pictures.device.type, enabled=False):  # bf16 is too coarse here
            scores = self.discriminator(pictures.float(), torch.cat([classes[:few]] * 2))
            (slope,) = torch.autograd.grad(scores.sum(), pictures, create_graph=True)
        return self.gamma * slope.float().square().sum((1, 2, 3)).mean()
