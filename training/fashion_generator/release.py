"""Releases `fashion_generator` from its finished run: what is on its card, and its floors.

The discriminator's odds are calibrated on the 5,000 held-out training pictures and as many made
ones; nothing else is chosen. The test pictures are read once.
"""

from functools import partial

import torch

from models.card import Card, Metric
from models.catalog import Model
from models.fashion.baselines import LABELS
from models.kinds import generator
from training.core.loop import Result
from training.core.release import Draft, Findings, Floor
from training.fashion_generator import measure as fashion_generator_measure
from training.fashion_generator.measure import FEATURES, Material, see
from training.kinds.gan import findings, release, training
from training.kinds.gan.network import Both
from training.kinds.gan.training import Config
from training.sources import fashion_mnist

FLOORS = (
    Floor("gan_test_accuracy", "test", "int8", least=0.85),
    Floor("gan_train_accuracy", "test", "int8", least=0.70),
    Floor("memorisation_ratio", "test", "int8", least=0.8),
)


def measure(model: Model, material: Material, both: Both) -> Findings:
    """All figures of the pictures, and how well the discriminator tells them apart."""
    found = fashion_generator_measure.measure(model, material)
    pictures, labels = material.test
    told = release.told_apart(model, pictures[..., None], labels)
    return found.joined(Findings([told, rounding(model, material, both)]))


def rounding(model: Model, material: Material, both: Both) -> Metric:
    """How much worse the pictures are for the rounded weights, by those held out of training."""
    split = material.split
    labels = split.labels[split.validation]
    latents = torch.from_numpy(generator.draw(model, 3, len(labels)))
    before = training.make(both.generator, latents, torch.from_numpy(labels), 10)
    sides = (before, findings.make(model, labels, 3), split.pictures[split.validation])
    before, after, real = (see(pictures, labels).features for pictures in sides)
    return findings.rounding(before, after, real, "validation")


def draft(
    result: Result, material: Material, config: Config, floors: tuple[Floor, ...] = FLOORS
) -> Draft:
    """Everything that the release needs to know."""
    both, split = release.both_of(result), material.split
    served = release.rounded(both)
    held_out = split.pictures[split.validation][..., None], split.labels[split.validation]
    odds = release.calibrated(served, *held_out)
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
            "Its figures are in the features of our own network fashion, so no FID compares.",
            "The discriminator judges this generator's pictures. It is no detector of others.",
        ],
        labels=list(LABELS),
        data=fashion_mnist.cited(*parts),
        weights=None,
        graphs={},
        serves=release.INT8,
        metrics=[],
        tables={"odds": odds.table(LABELS)},
        settings={"odds_scale": odds.scale},
        history=result.history,
        training=release.training_of("fashion_generator", config, result.history),
        files={},
        uses={"features": FEATURES},
    )
    return Draft(
        card,
        release.graphs(both, served, odds),
        lambda _: Findings(),
        partial(measure, material=material, both=both),
        floors,
        {"labels.txt": "".join(f"{label}\n" for label in LABELS).encode()},
    )
