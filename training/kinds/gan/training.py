"""How a generator and its discriminator are trained, for every model that makes pictures.

An epoch is as many pictures as `Config.pictures` says, drawn at random, so that the history is
dense from the start; at about twenty moments a thousand pictures are made from the same chance,
which show how it learned, and what the release measures at each moment.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from models.card import Card
from training.core import loop
from training.core.distributed import is_main
from training.kinds.gan.network import Augmentation, Both, Discriminator, Generator

UInt8 = npt.NDArray[np.uint8]
Int64 = npt.NDArray[np.int64]
SMALL = Augmentation(shift=2)


@dataclass(frozen=True)
class Config(loop.LoopConfig):
    """What both generators choose; the papers are those of training/kinds/gan/network.py."""

    pictures: int = 5_000  # in one epoch
    warmup: float = 0.02
    rate: float = 1e-3  # 5e-4 learned more slowly
    gamma: float = 0.05  # weight of the gradient penalties; 0.3 and 1 gave fewer kinds of pictures
    penalised: int = 4  # one picture in so many pays the penalties: in fp32 they are dear
    latent: int = 64
    widths: tuple[int, ...] = (128, 64, 32)  # channels from the coarsest maps to the finest
    smooth: bool = False  # whether what coarse maps paint is blended from place to place
    patch: int = 1  # side of what one place of the finest maps paints, in pixels
    augmentation: Augmentation = SMALL
    followed: int = 1_000  # pictures that are made at each moment


C = TypeVar("C", bound=Config)
D = TypeVar("D")


@dataclass(frozen=True)
class Real:
    """Pictures uint8 [n, side, side, colours] that may train, and their classes int64 [n]."""

    pictures: UInt8
    labels: Int64
    classes: int


def to_signed(pictures: Tensor) -> Tensor:
    """uint8 [n, side, side, colours] -> float in [-1, 1], [n, colours, side, side]."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1


def to_bytes(pictures: Tensor) -> Tensor:
    """The way back, rounded."""
    return (
        ((pictures.float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
    )


def networks(config: Config, side: int, colours: int, classes: int) -> Both:
    """Both networks, fresh."""
    widths, patch = config.widths, config.patch
    return Both(
        Generator(
            side, colours, classes, config.latent, widths=widths, patch=patch, smooth=config.smooth
        ),
        Discriminator(side, colours, classes, widths=widths, patch=patch),
        config.gamma,
        config.augmentation,
        penalised=config.penalised,
    )


def followed(config: Config, classes: int) -> tuple[Tensor, Tensor]:
    """The chance float [n, latent] and the classes int64 [n] that every moment is made from."""
    generator = torch.Generator().manual_seed(config.seed)
    latents = torch.randn(config.followed, config.latent, generator=generator)
    return latents, torch.arange(config.followed) % classes


@torch.no_grad()
def make(generator: Generator, latents: Tensor, labels: Tensor, classes: int) -> UInt8:
    """uint8 [n, side, side, colours] from float [n, latent] and int64 [n], a hundred at a time."""
    device = next(generator.parameters()).device
    wanted = F.one_hot(labels, classes).float()
    made = [
        to_bytes(generator(some.to(device), other.to(device)).cpu())
        for some, other in zip(*(torch.split(t, 100) for t in (latents, wanted)), strict=True)
    ]
    return torch.cat(made).numpy()


def train(config: Config, real: Real, run: Path) -> loop.Result:
    """Train, or go on; folder `run` holds the checkpoint and, in the end, `snapshots.npz`.

    `snapshots.npz`: `steps` int64 [m]; `pictures` uint8 [m, followed, side, side, colours] made after
    that many steps; `labels` int64 [followed]. The result's module is a `Both`.
    """
    torch.manual_seed(config.seed)
    side, colours = real.pictures.shape[2:]
    module = networks(config, side, colours, real.classes)
    optimiser = torch.optim.Adam(module.parameters(), config.rate, betas=(0.0, 0.99), fused=True)
    pictures, labels = torch.from_numpy(real.pictures), torch.from_numpy(real.labels)
    latents, watched = followed(config, real.classes)

    def draw(indices: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
        n = len(indices)
        rows = torch.randint(len(labels), (n,), generator=generator)
        return (
            to_signed(pictures[rows]),
            F.one_hot(labels[rows], real.classes).float(),
            torch.randn(n, config.latent, generator=generator),
            torch.rand(n, 2 * config.augmentation.draws, generator=generator),
        )

    def observe(both: torch.nn.Module) -> Tensor:
        assert isinstance(both, Both)
        return torch.from_numpy(make(both.generator, latents, watched, real.classes))

    steps = config.epochs * (config.pictures // config.batch)
    result = loop.fit(
        module,
        optimiser,
        lambda module, batch: module(*batch),
        loop.Batches(config.pictures, draw),
        config=config,
        run=run,
        evaluate=lambda _: {},
        observe=loop.Observe(loop.snapshots(steps, 50, 20), observe),
    )
    if is_main():
        np.savez_compressed(
            run / "snapshots.npz",
            steps=np.array(list(result.observed)),
            pictures=torch.stack(list(result.observed.values())).numpy(),
            labels=watched.numpy(),
        )
    return result


def snapshots_of(run: Path) -> dict[str, npt.NDArray[np.generic]]:
    """What `train` kept of how a finished run learned."""
    with np.load(run / "snapshots.npz") as arrays:
        return dict(arrays)


def command(
    name: str,
    config: C,
    *,
    smoke: Callable[[Path], Card],
    load: Callable[[], D],
    real: Callable[[D], Real],
    make: Callable[[C, D, Path], Card | None],
) -> None:
    """What the training script of the generator `name` does with its command line.

    It trains and releases, or trains one run alone, or does all of it in seconds. load: the data;
    real: of those, what may train.
    """
    parser = argparse.ArgumentParser(description=f"Train the model `{name}`.")
    parser.add_argument("--smoke", action="store_true", help="all of it in seconds, made-up data")
    parser.add_argument("--seed", type=int, default=config.seed)
    parser.add_argument("--run", type=Path, help="train one run alone, with its checkpoint there")
    parser.add_argument("--epochs", type=int, default=config.epochs)
    parser.add_argument("--rate", type=float, default=config.rate)
    parser.add_argument("--gamma", type=float, default=config.gamma)
    parser.add_argument("--fp32", action="store_true", help="for processors without bf16")
    given = parser.parse_args()
    if given.smoke:
        with tempfile.TemporaryDirectory() as scratch:
            smoke(Path(scratch))
        return
    config = replace(
        config,
        seed=given.seed,
        epochs=given.epochs,
        rate=given.rate,
        gamma=given.gamma,
        bf16=not given.fp32,
    )
    if given.run:
        train(config, real(load()), given.run)
    elif card := make(config, load(), Path("runs") / name):
        found = {m.name: round(m.value, 4) for m in card.metrics if m.split.startswith("test")}
        print("  ".join(f"{name} {value}" for name, value in found.items()))
