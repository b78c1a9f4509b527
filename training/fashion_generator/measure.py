"""How good the pictures of `fashion_generator` are: measured on 10,000 that its released file made.

No truncation, a thousand of each class. Features are those of our own network `fashion`, which
never trained nor chose anything of the generator; real test pictures against training pictures
say what the best possible figures are.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from models import catalog
from models.card import Table
from models.catalog import Model
from models.fashion.baselines import LABELS
from models.kinds import embedding
from training.core import statistics
from training.core.release import Findings
from training.kinds.classifier import training as classifier
from training.kinds.gan import findings
from training.kinds.gan import measure as gan_measure
from training.kinds.gan.findings import Row, balanced
from training.kinds.gan.network import Generator
from training.sources.fashion_mnist import Data as Split

Array = np.ndarray[Any, Any]
FEATURES = "fashion"  # which sees its pictures, and learned nothing of it
SHOWN = 100  # test pictures that the release holds for the page's quiz
JUDGE = classifier.Config(epochs=12, batch=64, widths=(16, 32, 64), blocks=(1, 1, 1), bf16=False)


@dataclass(frozen=True)
class Plan:
    """How much is measured; the defaults are for a release."""

    made: int = 10_000
    directions: int = 40  # pictures of each class
    judge: classifier.Config = JUDGE


@dataclass(frozen=True)
class Material:
    """What the release needs beside the networks.

    snapshots: of snapshots.npz. seeds: the generators of all finished runs.
    """

    split: Split
    test: tuple[Array, Array]
    snapshots: dict[str, Array]
    plan: Plan = Plan()
    seeds: dict[int, Generator] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """Pictures uint8 [n, 28, 28] with their classes, features and what `fashion` calls them."""

    pictures: Array
    labels: Array
    features: Array
    answers: Array

    def only(self, rows: Array) -> "Seen":
        """Of these rows alone."""
        parts = (self.pictures, self.labels, self.features, self.answers)
        return Seen(*(part[rows] for part in parts))


def see(pictures: Array, labels: Array) -> Seen:
    """With the features of `fashion`, in fp32. Pictures [n, 28, 28], or with an axis of colours."""
    run = embedding.look(catalog.load(FEATURES), pictures.reshape(-1, 28, 28, 1), deadline=600)
    flat = pictures.reshape(-1, 28, 28)
    return Seen(flat, labels, run["embedding"], run["logits"].argmax(1))


def learned_from(taught: Seen, test: Seen, plan: Plan) -> Array:
    """Which test pictures a fresh classifier gets right that learned from `taught` alone."""
    pictures = np.concatenate([taught.pictures, test.pictures[:100]])  # the loop wants some to show
    labels = np.concatenate([taught.labels, test.labels[:100]]).astype(np.int64)
    n = len(taught.labels)
    data = Split(pictures, labels, np.arange(n), np.arange(n, len(labels)))
    with tempfile.TemporaryDirectory() as scratch:
        module = classifier.train(plan.judge, data, Path(scratch)).module
    hits: Array = classifier.probabilities(module, test.pictures).argmax(1).numpy() == test.labels
    return hits


def measure(model: Model, material: Material) -> Findings:
    """Every figure of the card, and what the page shows beside them."""
    plan, split = material.plan, material.split
    wanted = np.repeat(np.arange(10), plan.made // 10)
    made = see(findings.make(model, wanted), wanted)
    test = see(*material.test)
    everything = see(split.pictures[split.train], split.labels[split.train])
    real = everything.only(balanced(everything.labels, plan.made))
    taught = {side: learned_from(of, test, plan) for side, of in (("made", made), ("real", real))}
    kinds = gan_measure.modes(everything.features)
    shipped = findings.Shipped(everything.features)
    near = {
        side: gan_measure.nearest(shipped.of(of.features), shipped.known)
        for side, of in (("made", made), ("held_out", test))
    }
    pairs = {"made": made, "real": real}
    figures: dict[str, dict[str, tuple[float, ...]]] = {
        name: {k: (by(test.features, v.features),) for k, v in pairs.items()}
        for name, by in gan_measure.COMPARED.items()
    }
    figures |= {
        "gan_test_accuracy": {
            "made": statistics.proportion(made.answers == made.labels),
            "real": statistics.proportion(test.answers == test.labels),
        },
        "gan_train_accuracy": {k: statistics.proportion(hits) for k, hits in taught.items()},
        "modes_covered": {k: (kinds.covered(test.features, v.features),) for k, v in pairs.items()},
        "memorisation_ratio": {
            "made": (gan_measure.memorised(near["made"], near["held_out"]),),
            "real": (1.0,),
        },
    }
    metrics = [findings.figure(name, of, len(made.labels)) for name, of in figures.items()]
    followed = material.snapshots["pictures"].shape[1]
    truth = test.features[balanced(test.labels, followed)]
    snapshots = findings.snapshots(material.snapshots, truth, _features, "test")
    tables = {"classes": _by_class(made, real, test, taught), "moments": snapshots}
    tables |= findings.seeds(
        model, material.seeds, wanted, lambda some: _judged(some, wanted, test)
    )
    evidence = {
        "moment_pictures": material.snapshots["pictures"][:, : findings.FOLLOWED, ..., 0],
        "moment_labels": material.snapshots["labels"][: findings.FOLLOWED],
        "near_made": np.sort(near["made"]).astype(np.float32),
        "near_held_out": np.sort(near["held_out"]).astype(np.float32),
        "known_thumbnails": findings.thumbnails(everything.pictures),
        "known_labels": everything.labels.astype(np.uint8),
        "directions": findings.directions(model, plan.directions),
        **shipped.evidence(),
        **shown(*material.test),
    }
    return Findings(metrics, tables, {}, evidence)


def _features(pictures: Array, labels: Array) -> tuple[Array, Array]:
    seen = see(pictures, labels)
    return seen.features, seen.answers


def _judged(pictures: Array, labels: Array, test: Seen) -> dict[str, float]:
    """Figures of made pictures that need no training."""
    made = see(pictures, labels)
    return findings.judged(lambda by: by(test.features, made.features), made.answers == labels)


def _by_class(made: Seen, real: Seen, test: Seen, taught: dict[str, Array]) -> Table:
    """The same figures for each class, with the Frechet distance of real pictures beside."""
    rows: list[Row] = []
    for label, name in enumerate(LABELS):
        ours, theirs, truth = (of.features[of.labels == label] for of in (made, real, test))
        rows.append(
            [
                name,
                gan_measure.frechet(truth, ours),
                gan_measure.frechet(truth, theirs),
                gan_measure.inside(ours, truth),
                gan_measure.inside(truth, ours),
                float((made.answers == label)[made.labels == label].mean()),
                float(taught["made"][test.labels == label].mean()),
            ]
        )
    columns = ["class", "frechet", "frechet, real", "precision", "recall", "gan test", "gan train"]
    return Table(columns, rows, "test", len(made.labels), "int8")


def shown(pictures: Array, labels: Array) -> dict[str, Array]:
    """Test pictures that the page mixes with made ones, ten of each class: nothing is chosen."""
    rows = balanced(labels, SHOWN)
    return {"held_out_pictures": pictures[rows], "held_out_labels": labels[rows].astype(np.uint8)}
