"""What the releases of all generators share: rounding, and the discriminator's odds."""

import copy
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression

from models import making
from models.card import Device, Metric, Precision, Setting, Training
from models.catalog import Model
from training import gan_graphs, gan_training, quantise, statistics
from training.gan import Both
from training.gan_training import Config
from training.loop import Result
from training.release import Graph

Array = np.ndarray[Any, Any]
INT8: dict[Device, Precision] = {"cpu": "int8", "cuda": "int8"}
SEED = 1  # of the made pictures that the discriminator is calibrated on


def both_of(result: Result) -> Both:
    """The trained networks, on the CPU."""
    assert isinstance(result.module, Both)
    return result.module.cpu().eval().requires_grad_(False)


def rounded(both: Both) -> Both:
    """A copy whose large matrices and kernels are int8 codes times scales, as in the release."""
    both = copy.deepcopy(both)
    for weights in both.parameters():
        if weights.ndim > 1 and weights.numel() >= quantise.LEAST:
            codes, scale = quantise.rounded(weights.numpy())
            weights.copy_(torch.from_numpy(codes * scale))
    return both


def calibrated(both: Both, real: Array, labels: Array) -> dict[str, Setting]:
    """The discriminator's score as odds, by logistic regression on pictures that it never saw.

    real uint8 [n, side, side, colours], labels int64 [n]; as many made ones stand against them.
    odds_scale * score + odds_offset are the log-odds that a picture is real, where half are.
    """
    classes = both.discriminator.named.in_features
    random = torch.Generator().manual_seed(SEED)
    chance = torch.randn(len(labels), both.generator.latent, generator=random)
    named = torch.from_numpy(labels)
    made = gan_training.make(both.generator, chance, named, classes)
    scores = [
        score
        for pictures in (real, made)
        for some, wanted in zip(
            torch.split(torch.from_numpy(pictures), 250),
            torch.split(F.one_hot(named, classes).float(), 250),
            strict=True,
        )
        for score in both.discriminator(gan_training.to_signed(some), wanted)
    ]
    rows = torch.stack(scores).numpy()[:, None]
    fitted = LogisticRegression(C=1e6).fit(rows, np.repeat([1, 0], len(labels)))
    on = f"{len(labels)} held-out pictures and as many made ones"
    rule = "logistic regression of real against made"
    found = {"odds_scale": fitted.coef_[0, 0], "odds_offset": fitted.intercept_[0]}
    return {name: Setting(float(value), rule, on) for name, value in found.items()}


def graphs(both: Both, odds: dict[str, Setting]) -> dict[str, Graph]:
    """The graphs of `rounded` networks."""
    made = gan_graphs.Made(both.generator)
    opinion = gan_graphs.Opinion(both.discriminator, *(one.value for one in odds.values()))
    return gan_graphs.graphs(made, opinion, both.discriminator.named.in_features)


def told_apart(model: Model, real: Array, labels: Array) -> Metric:
    """How well the released discriminator tells real pictures from as many made ones."""
    wanted = making.one_hot(model, labels)
    made = making.make(model, making.draw(model, 2, len(labels)), wanted).pictures
    odds = [making.odds(model, pictures, wanted) for pictures in (real, made)]
    value, low, high = statistics.proportion(np.concatenate([odds[0] > 0, odds[1] <= 0]))
    n = 2 * len(labels)
    return Metric("real_or_made_accuracy", value, "test", n, "int8", low=low, high=high)


def training_of(name: str, config: Config, history: list[dict[str, float]]) -> Training:
    """How it was trained, as the card says it."""
    minutes = sum(row["seconds"] for row in history) / 60
    command = f"python -m training.{name}"
    return Training(command, asdict(config), minutes, "", torch.__version__, config.seed)
