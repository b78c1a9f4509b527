"""The model `emoji_generator`: emoji that never were, of twenty-five kinds, in colour.

    python -m training.emoji_generator                # goes on where a killed run stopped
    python -m training.emoji_generator --seed 1 --run runs/emoji_generator-1   # no release
    python -m training.emoji_generator --smoke        # seconds, on made-up pictures

It learns from nine tenths of the glyphs and never sees the others. There are so few that both
networks look through a strong augmentation, without which the discriminator would know them by
heart (Zhao et al. 2020).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.card import Card
from training.core.distributed import is_main
from training.core.release import release
from training.emoji_generator import data as emoji_data
from training.emoji_generator import release as emoji_generator_release
from training.emoji_generator.data import GROUPS, Glyphs
from training.emoji_generator.measure import Material
from training.kinds.gan import release as gan_release
from training.kinds.gan import training
from training.kinds.gan.network import Augmentation
from training.kinds.gan.training import Real

STRONG = Augmentation(shift=8, cut=32, colour=True)


@dataclass(frozen=True)
class Config(training.Config):
    """Every choice that makes one run."""

    epochs: int = 120  # 600,000 pictures: about 90 minutes on one core with bf16
    batch: int = 32
    rate: float = 6e-4  # at 1e-3 the discriminator ran away
    gamma: float = 0.3
    penalised: int = 8
    widths: tuple[int, ...] = (256, 128, 64, 32)
    patch: int = 2
    smooth: bool = True
    augmentation: Augmentation = STRONG
    followed: int = 400


SMOKE = replace(
    Config(epochs=2, pictures=64, batch=16, latent=8, widths=(8, 8, 4, 4), followed=50), bf16=False
)


def real(data: Glyphs) -> Real:
    """The glyphs that may train."""
    return Real(data.pictures[data.train], data.labels[data.train], len(GROUPS))


def make(config: Config, data: Glyphs, run: Path, folder: Path | None = None) -> Card | None:
    """Train and release; the card, or None in a process that does not write."""
    result = training.train(config, real(data), run)
    if not is_main():
        return None
    sizes = {} if folder is None else {"made": 4 * len(GROUPS), "directions": 1}
    seeds = gan_release.generators(config, real(data), run, result)
    material = Material(data, training.snapshots_of(run), seeds=seeds, **sizes)
    stated = emoji_generator_release.draft(result, material, config, must=folder is None)
    return release(stated, folder)


def smoke(folder: Path) -> Card:
    """Everything that `make` does, in seconds, on made-up pictures; releases into `folder`."""
    data = made_up(200)
    training.train(replace(SMOKE, seed=1), real(data), folder / "run-1")
    card = make(SMOKE, data, folder / "run", folder / "emoji_generator")
    assert card is not None
    return card


def made_up(n: int, seed: int = 0) -> Glyphs:
    """n coloured boxes on white, each kind in its own place, for runs without the font."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(n) % len(GROUPS)).astype(np.int64)
    pictures = np.full((n, emoji_data.SIDE, emoji_data.SIDE, 3), 255, np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        top, left = 2 + 12 * (label // 5), 2 + 12 * (label % 5)
        colour = np.array([255 * (label >> bit & 1) for bit in range(3)])
        lit = np.clip(colour + rng.integers(-40, 40), 0, 255)
        picture[top : top + 12, left : left + 12] = lit
    held_out = np.arange(0, n, 7)  # of every kind
    return Glyphs(pictures, labels, np.setdiff1d(np.arange(n), held_out), held_out)


def main() -> None:
    """As the command line says: a run and its release, a run alone, or a smoke test."""
    training.command(
        "emoji_generator",
        Config(),
        smoke=smoke,
        load=emoji_data.load,
        real=real,
        make=make,
    )
