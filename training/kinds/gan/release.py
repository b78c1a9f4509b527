"""What the releases of all generators share: rounding, and the discriminator's odds."""

import copy
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from models.card import Device, Metric, Precision, Setting, Table, Training
from models.catalog import Model
from models.kinds import generator
from training.core import quantise, release, statistics
from training.core.loop import Result
from training.core.release import Graph
from training.kinds.gan import graphs as gan_graphs
from training.kinds.gan import training
from training.kinds.gan.network import Both, Generator
from training.kinds.gan.training import Config, Real

Array = np.ndarray[Any, Any]
INT8: dict[Device, Precision] = {"cpu": "int8", "cuda": "int8"}
FEW = 5  # pictures of all classes that a class's own even score is mixed with
SEED = 1  # of the made pictures that the discriminator is calibrated on


def both_of(result: Result) -> Both:
    """The trained networks, on the CPU."""
    assert isinstance(result.module, Both)
    return result.module.cpu().eval().requires_grad_(False)


def generators(config: training.C, real: Real, run: Path, result: Result) -> dict[int, Generator]:
    """The generator of `result` by its seed, and those of finished runs of other seeds.

    Theirs lie beside folder `run` and are named like it: `run-1` is that of seed 1. Raises
    ValueError where one had another config.
    """
    found = {config.seed: both_of(result).generator}
    for folder in sorted(run.parent.glob(f"{run.name}-*")):
        seed = folder.name.removeprefix(f"{run.name}-")
        if seed.isdecimal() and (folder / "snapshots.npz").exists():
            again = training.train(replace(config, seed=int(seed)), real, folder)
            found[int(seed)] = both_of(again).generator
    return found


def rounded(both: Both) -> Both:
    """A copy whose large matrices and kernels are int8 codes times scales, as in the release."""
    both = copy.deepcopy(both)
    quantise.round_tensors(both.parameters(), quantise.LEAST)
    return both


@dataclass(frozen=True)
class Odds:
    """What turns the discriminator's score into log-odds: see `gan_graphs.Opinion`."""

    scale: Setting
    even: list[float]  # by class

    def table(self, labels: Sequence[str]) -> Table:
        """For the card."""
        rows: list[list[str | float | None]] = [
            [label, score] for label, score in zip(labels, self.even, strict=True)
        ]
        return Table(["class", "even score"], rows, self.scale.chosen_on, len(rows))


def calibrated(both: Both, real: Array, labels: Array) -> Odds:
    """The discriminator's score as odds, on pictures that it never saw.

    real uint8 [n, side, side, colours], labels int64 [n]; as many made ones stand against them. A
    class's even score lies half-way between the means of both, drawn towards that of all classes
    where few pictures speak for it; one scale for all is fitted by logistic regression.
    """
    classes = both.discriminator.named.in_features
    random = torch.Generator().manual_seed(SEED)
    latents = torch.randn(len(labels), both.generator.latent, generator=random)
    named = torch.from_numpy(labels)
    made = training.make(both.generator, latents, named, classes)
    scores = np.stack([_scores(both, pictures, named, classes) for pictures in (real, made)])
    counts = np.bincount(labels, minlength=classes)
    sums = np.bincount(labels, scores.mean(0), classes)
    even = (sums + FEW * scores.mean()) / (counts + FEW)
    rows = (scores - even[labels]).reshape(-1, 1)
    fitted = LogisticRegression(C=1e6, fit_intercept=False)
    fitted.fit(rows, np.repeat([1, 0], len(labels)))
    on = f"{len(labels)} held-out pictures and as many made ones"
    rule = "logistic regression of real against made"
    return Odds(Setting(float(fitted.coef_[0, 0]), rule, on), [float(score) for score in even])


def _scores(both: Both, pictures: Array, named: Tensor, classes: int) -> Array:
    parts = (torch.from_numpy(pictures), F.one_hot(named, classes).float())
    found = [
        both.discriminator(training.to_signed(some), wanted)
        for some, wanted in zip(*(torch.split(part, 250) for part in parts), strict=True)
    ]
    scores: Array = torch.cat(found).numpy()
    return scores


def graphs(both: Both, served: Both, odds: Odds) -> dict[str, Graph]:
    """The graphs of trained networks, of which `served` is the `rounded` copy."""
    made = gan_graphs.Made(both.generator)
    opinion = gan_graphs.Opinion(served.discriminator, odds.scale.value, odds.even)
    return gan_graphs.graphs(made, opinion, both.discriminator.named.in_features)


def told_apart(model: Model, real: Array, labels: Array) -> Metric:
    """How well the released discriminator tells real pictures from as many made ones."""
    wanted = generator.one_hot(model, labels)
    made = generator.make(model, generator.draw(model, 2, len(labels)), wanted).pictures
    odds = [generator.odds(model, pictures, wanted) for pictures in (real, made)]
    value, low, high = statistics.proportion(np.concatenate([odds[0] > 0, odds[1] <= 0]))
    n = 2 * len(labels)
    return Metric("real_or_made_accuracy", value, "test", n, "int8", low=low, high=high)


def training_of(name: str, config: Config, history: list[dict[str, float]]) -> Training:
    """How it was trained, as the card says it."""
    minutes = sum(row["seconds"] for row in history) / 60
    return release.training_of(name, asdict(config), minutes)
