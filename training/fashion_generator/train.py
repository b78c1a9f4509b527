"""The model `fashion_generator`: clothes that never were, of ten kinds, learned from Fashion-MNIST.

    python -m training.fashion_generator                # goes on where a killed run stopped
    python -m training.fashion_generator --seed 1 --run runs/fashion_generator-1   # no release
    python -m training.fashion_generator --smoke        # seconds, on made-up pictures

The 55,000 pictures that train the model `fashion` train this one too; the 5,000 others are held
out. Nothing that `fashion` says trains or chooses anything here: it only measures.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from models.card import Card
from training.core.distributed import is_main
from training.core.release import release
from training.fashion_generator import release as fashion_generator_release
from training.fashion_generator.measure import Material, Plan
from training.kinds.classifier import training as classifier
from training.kinds.gan import release as gan_release
from training.kinds.gan import training
from training.kinds.gan.training import Real
from training.sources import fashion_mnist


@dataclass(frozen=True)
class Config(training.Config):
    """Every choice that makes one run."""

    epochs: int = 120  # 600,000 pictures: about an hour on two cores without bf16
    batch: int = 64


def real(data: fashion_mnist.Data) -> Real:
    """The pictures that may train."""
    return Real(data.pictures[data.train][..., None], data.labels[data.train], 10)


def smoke_config() -> Config:
    """Small enough for seconds."""
    small = Config(epochs=2, pictures=64, batch=16, latent=8, widths=(8, 8, 4))
    return replace(small, bf16=False, followed=20)


def make(config: Config, data: fashion_mnist.Data, run: Path) -> Card | None:
    """Train and release; the card, or None in a process that does not write."""
    result = training.train(config, real(data), run)
    if not is_main():
        return None
    seeds = gan_release.generators(config, real(data), run, result)
    snapshots = training.snapshots_of(run)
    material = Material(data, fashion_mnist.read_test_file(), snapshots, seeds=seeds)
    return release(fashion_generator_release.draft(result, material, config))


def smoke(folder: Path) -> Card:
    """Everything that `make` does, in seconds, on made-up pictures; releases into `folder`."""
    data = fashion_mnist.split(*fashion_mnist.made_up(400), validation_per_class=5)
    config = smoke_config()
    training.train(replace(config, seed=1), real(data), folder / "run-1")
    result = training.train(config, real(data), folder / "run")
    judge = classifier.Config(epochs=1, batch=32, widths=(4, 4, 4), blocks=(1, 1, 1), bf16=False)
    plan = Plan(made=200, directions=1, judge=judge)
    test = fashion_mnist.made_up(200, seed=1)
    seeds = gan_release.generators(config, real(data), folder / "run", result)
    material = Material(data, test, training.snapshots_of(folder / "run"), plan, seeds)
    stated = fashion_generator_release.draft(result, material, config, floors=())
    return release(stated, folder / "fashion_generator")


def main() -> None:
    """As the command line says: a run and its release, a run alone, or a smoke test."""
    training.command(
        "fashion_generator",
        Config(),
        smoke=smoke,
        load=fashion_mnist.load_data,
        real=real,
        make=make,
    )
