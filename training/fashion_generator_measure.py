"""How good the pictures of `fashion_generator` are: measured on 10,000 that its released file made.

No truncation, a thousand of each class. Features are those of our own network `fashion`, which
never trained nor chose anything of the generator; real test pictures against training pictures
say what the best possible figures are.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.decomposition import PCA

from models import catalog, engine, making
from models.card import Metric, Table
from models.catalog import Model
from models.fashion.baselines import LABELS
from training import fashion, gan_measure, statistics
from training.fashion_data import Data as Split
from training.release import Findings

Array = np.ndarray[Any, Any]
DIMENSIONS = 32  # of the features by which the page looks for the nearest training pictures
REACH = 0.25  # of a standard deviation: how far a direction is followed to see what it changes
SHOWN = 100  # test pictures that the release holds for the page's quiz
JUDGE = fashion.Config(epochs=12, batch=64, widths=(16, 32, 64), blocks=(1, 1, 1), bf16=False)
Row = list[str | float | None]


@dataclass(frozen=True)
class Plan:
    """How much is measured; the defaults are for a release."""

    made: int = 10_000
    directions: int = 40  # pictures of each class
    judge: fashion.Config = JUDGE


@dataclass(frozen=True)
class Material:
    """What the release needs beside the networks."""

    split: Split
    test: tuple[Array, Array]
    moments: dict[str, Array]  # of moments.npz
    plan: Plan = Plan()


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


def make(model: Model, labels: Array, seed: int = 0) -> Array:
    """uint8 [n, 28, 28] of these classes, by the released graph."""
    chance = making.draw(model, seed, len(labels))
    pictures: Array = making.make(model, chance, making.one_hot(model, labels)).pictures[..., 0]
    return pictures


def see(pictures: Array, labels: Array) -> Seen:
    """With the features of `fashion`, in fp32."""
    judge = catalog.load("fashion")
    feeds, names = {"image": pictures}, ("logits", "embedding")
    run = engine.infer(judge, feeds, outputs=names, precision="fp32", deadline=600)
    return Seen(pictures, labels, run["embedding"], run["logits"].argmax(1))


def balanced(labels: Array, n: int) -> Array:
    """About n rows, as many of each class: the first of it."""
    return np.concatenate([np.flatnonzero(labels == label)[: n // 10] for label in range(10)])


def learned_from(taught: Seen, test: Seen, plan: Plan) -> Array:
    """Which test pictures a fresh classifier gets right that learned from `taught` alone."""
    pictures = np.concatenate([taught.pictures, test.pictures[:100]])  # the loop wants some to show
    labels = np.concatenate([taught.labels, test.labels[:100]]).astype(np.int64)
    n = len(taught.labels)
    data = Split(pictures, labels, np.arange(n), np.arange(n, len(labels)))
    with tempfile.TemporaryDirectory() as scratch:
        module = fashion.train(plan.judge, data, Path(scratch)).module
    hits: Array = fashion.probabilities(module, test.pictures).argmax(1).numpy() == test.labels
    return hits


def measure(model: Model, material: Material) -> Findings:
    """Every figure of the card, and what the page shows beside them."""
    plan, split = material.plan, material.split
    wanted = np.repeat(np.arange(10), plan.made // 10)
    made = see(make(model, wanted), wanted)
    test = see(*material.test)
    everything = see(split.pictures[split.train], split.labels[split.train])
    real = everything.only(balanced(everything.labels, plan.made))
    taught = {side: learned_from(of, test, plan) for side, of in (("made", made), ("real", real))}
    kinds = gan_measure.modes(everything.features)
    shipped = PCA(DIMENSIONS, random_state=0).fit(everything.features)
    known, new, unseen = (
        shipped.transform(of.features).astype(np.float16) for of in (everything, made, test)
    )
    near = {"made": gan_measure.nearest(new, known), "held_out": gan_measure.nearest(unseen, known)}
    pairs = {"made": made, "real": real}
    figures: dict[str, dict[str, tuple[float, ...]]] = {
        "frechet_distance_own_features": {
            k: (gan_measure.frechet(test.features, v.features),) for k, v in pairs.items()
        },
        "generator_precision": {
            k: (gan_measure.inside(v.features, test.features),) for k, v in pairs.items()
        },
        "generator_recall": {
            k: (gan_measure.inside(test.features, v.features),) for k, v in pairs.items()
        },
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
    metrics = [_metric(name, found, len(made.labels)) for name, found in figures.items()]
    tables = {"classes": _by_class(made, real, test, taught)}
    tables["moments"] = _moments(material, test)
    evidence = {
        "moment_pictures": material.moments["pictures"][:, :80, ..., 0],
        "moment_labels": material.moments["labels"][:80],
        "near_made": np.sort(near["made"]).astype(np.float32),
        "near_held_out": np.sort(near["held_out"]).astype(np.float32),
        "known_features": known,
        "known_thumbnails": _thumbnails(everything.pictures),
        "known_labels": everything.labels.astype(np.uint8),
        "known_mean": shipped.mean_.astype(np.float32),
        "known_axes": shipped.components_.astype(np.float32),
        "directions": directions(model, plan),
        **shown(*material.test),
    }
    return Findings(metrics, tables, {}, evidence)


def _metric(name: str, found: dict[str, tuple[float, ...]], n: int) -> Metric:
    value, low, high = (*found["made"], None, None)[:3]
    assert value is not None
    beside = {"real pictures instead": found["real"][0]}
    return Metric(name, value, "test", n, "fp32", low=low, high=high, baseline=beside)


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
    return Table(columns, rows, "test", len(made.labels), "fp32")


def _moments(material: Material, test: Seen) -> Table:
    """How far from real pictures those were that the network made while it learned."""
    moments, n = material.moments, material.moments["pictures"].shape[1]
    truth = test.features[np.sort(balanced(test.labels, n))]
    rows: list[Row] = []
    for step, pictures in zip(moments["steps"], moments["pictures"][..., 0], strict=True):
        seen = see(pictures, moments["labels"])
        hits = float((seen.answers == seen.labels).mean())
        rows.append([float(step), gan_measure.frechet(truth, seen.features), hits])
    return Table(["step", "frechet", "gan test"], rows, "test", n, "fp32")


def shown(pictures: Array, labels: Array) -> dict[str, Array]:
    """Test pictures that the page mixes with made ones, ten of each class: nothing is chosen."""
    rows = balanced(labels, SHOWN)
    return {"held_out_pictures": pictures[rows], "held_out_labels": labels[rows].astype(np.uint8)}


def _thumbnails(pictures: Array) -> Array:
    """uint8 [n, 14, 14]: the mean of four pixels each."""
    n, side = len(pictures), pictures.shape[1] // 2
    small: Array = pictures.reshape(n, side, 2, side, 2).mean((2, 4)).round().astype(np.uint8)
    return small


def directions(model: Model, plan: Plan) -> Array:
    """float32 [10, 2, latent]: per class, the two directions of chance that change most.

    The first eigenvectors of the mean of J'J, J the picture's derivative by its chance, taken by
    small differences (after Ramesh et al. 2018, arXiv:1812.01161, and measured in pixels).
    """
    latent = making.latent(model)
    rng, found = np.random.default_rng(0), []
    for label in range(10):
        gram = np.zeros((latent, latent))
        wanted = making.one_hot(model, [label] * (2 * latent))
        for _ in range(plan.directions):
            steps = REACH * np.concatenate([np.eye(latent), -np.eye(latent)])
            chance = (rng.standard_normal(latent) + steps).astype(np.float32)
            made = making.make(model, chance, wanted).pictures
            pictures = made.reshape(2 * latent, -1).astype(np.float64)
            slopes = (pictures[:latent] - pictures[latent:]) / (2 * REACH)
            gram += slopes @ slopes.T
        found.append(np.linalg.eigh(gram)[1][:, ::-1][:, :2].T)
    return np.stack(found).astype(np.float32)
