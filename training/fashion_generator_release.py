"""Releases `fashion_generator` from its finished run: what is on its card, and its floors.

The discriminator's odds are calibrated on the 5,000 held-out training pictures and as many made
ones; nothing else is chosen. The test pictures are read once.
"""

from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression

from models import making
from models.card import Card, Metric, Setting, Training
from models.catalog import Model
from models.fashion.baselines import LABELS
from training import (
    fashion_data,
    fashion_generator_measure,
    gan_graphs,
    gan_training,
    statistics,
)
from training.explaining import FP32
from training.fashion_generator_measure import Material
from training.gan import Both
from training.release import Draft, Findings, Floor

Array = np.ndarray[Any, Any]
FLOORS = (
    Floor("gan_test_accuracy", "test", "fp32", least=0.85),
    Floor("gan_train_accuracy", "test", "fp32", least=0.70),
    Floor("memorisation_ratio", "test", "fp32", least=0.8),
)


def calibrated(both: Both, material: Material) -> dict[str, Setting]:
    """The discriminator's score as odds, by logistic regression on pictures held out.

    odds_scale * score + odds_offset are the log-odds that a picture is real, where half are.
    """
    split = material.split
    labels = torch.from_numpy(split.labels[split.validation])
    random = torch.Generator().manual_seed(1)
    chance = torch.randn(len(labels), both.generator.latent, generator=random)
    made = gan_training.make(both.generator, chance, labels, 10)
    real = split.pictures[split.validation][..., None]
    wanted = F.one_hot(labels, 10).float()
    with torch.no_grad():
        scores = [
            both.discriminator(gan_training.to_signed(torch.from_numpy(pictures)), wanted)
            for pictures in (real, made)
        ]
    rows = torch.cat(scores).numpy()[:, None]
    fitted = LogisticRegression(C=1e6).fit(rows, np.repeat([1, 0], len(labels)))
    on = f"{len(labels)} validation pictures and as many made ones"
    rule = "logistic regression of real against made"
    found = {"odds_scale": fitted.coef_[0, 0], "odds_offset": fitted.intercept_[0]}
    return {name: Setting(float(value), rule, on) for name, value in found.items()}


def measure(model: Model, material: Material) -> Findings:
    """All figures of the pictures, and how well the discriminator tells them apart."""
    found = fashion_generator_measure.measure(model, material)
    pictures, labels = material.test
    made = fashion_generator_measure.make(model, labels.astype(np.int64), seed=2)
    wanted = making.one_hot(model, labels)
    odds = [making.odds(model, some[..., None], wanted) for some in (pictures, made)]
    value, low, high = statistics.proportion(np.concatenate([odds[0] > 0, odds[1] <= 0]))
    told = Metric(
        "real_or_made_accuracy", value, "test", 2 * len(labels), "fp32", low=low, high=high
    )
    return found.joined(Findings([told]))


def draft(
    both: Both,
    material: Material,
    config: Any,
    history: list[dict[str, float]],
    floors: tuple[Floor, ...] = FLOORS,
) -> Draft:
    """Everything that the release needs to know."""
    both = both.cpu().eval()
    odds = calibrated(both, material)
    split = material.split
    parts = (
        ("train", len(split.train)),
        ("validation: held out, the discriminator's calibration", len(split.validation)),
        ("test: compared with once", len(material.test[1])),
    )
    card = Card(
        name="fashion_generator",
        title="Clothes that never were",
        summary="Two networks that learned against each other: one makes small pictures of "
        "clothes, the other tells them from real ones.",
        task="Chance and a kind of clothes in, a grey picture of 28 x 28 pixels out.",
        limits=[
            "It makes ten kinds of clothes and shoes, small and grey, as in Fashion-MNIST.",
            "It learned what such pictures look like, not what clothes are: straps end nowhere, "
            "and left and right need not match.",
            "Rare kinds of pictures are made less often than they are real, or not at all.",
            "The discriminator judges this generator's pictures. It is no detector of others.",
        ],
        labels=list(LABELS),
        data=fashion_data.cited(*parts),
        weights=None,
        graphs={},
        serves=FP32,
        metrics=[],
        tables={},
        settings=odds,
        history=history,
        training=Training(
            "python -m training.fashion_generator",
            asdict(config),
            sum(row["seconds"] for row in history) / 60,
            "",
            torch.__version__,
            config.seed,
        ),
        files={},
    )
    made = gan_graphs.Made(both.generator)
    opinion = gan_graphs.Opinion(both.discriminator, *(one.value for one in odds.values()))
    return Draft(
        card,
        gan_graphs.graphs(made, opinion, 10),
        lambda _: Findings(),
        partial(measure, material=material),
        floors,
        {"labels.txt": "".join(f"{label}\n" for label in LABELS).encode()},
    )
