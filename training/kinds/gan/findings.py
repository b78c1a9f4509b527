"""What is found out about every released generator, whatever it makes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from sklearn.decomposition import PCA

from models.card import Metric, Table
from models.catalog import Model
from models.kinds import generator as making
from training.kinds.gan import measure, training
from training.kinds.gan.network import Generator

Array = np.ndarray[Any, Any]
Row = list[str | float | None]
Compared = Callable[[Array, Array], float]
See = Callable[[Array, Array], tuple[Array, Array]]  # pictures, labels -> features, answers
DIMENSIONS = 32  # of the features by which the page looks for the nearest training pictures
FOLLOWED = 80  # pictures of each moment that the release keeps
REACH = 0.25  # of a standard deviation: how far a direction is followed to see what it changes


def make(model: Model, labels: Array, seed: int = 0) -> Array:
    """uint8 [n, side, side, colours] of these classes, by the released graph."""
    pictures: Array = making.make(
        model, making.draw(model, seed, len(labels)), making.one_hot(model, labels)
    ).pictures
    return pictures


def figure(name: str, found: dict[str, tuple[float, ...]], n: int) -> Metric:
    """A metric of what was made, with its interval where one is known, beside real pictures.

    found: "made" and "real" -> the value alone, or value, low, high.
    """
    value, low, high = (*found["made"], None, None)[:3]
    assert value is not None
    beside = {"real pictures instead": found["real"][0]}
    return Metric(name, value, "test", n, "int8", low=low, high=high, baseline=beside)


def judged(compare: Callable[[Compared], float], hits: Array) -> dict[str, float]:
    """What `seeds` says of one run: each of `gan_measure.COMPARED`, and the share of `hits`."""
    names = ("frechet", "precision", "recall")
    found = {k: compare(by) for k, by in zip(names, measure.COMPARED.values(), strict=True)}
    return found | {"gan test": float(hits.mean())}


def seeds(
    model: Model,
    generators: dict[int, Generator],
    labels: Array,
    judge: Callable[[Array], dict[str, float]],
) -> dict[str, Table]:
    """Table "seeds", where there are several: what `judge` says of pictures of each seed's run.

    All are made from the same chance, which is that of `make`, by the networks as they were
    trained. labels int64 [n].
    """
    if len(generators) < 2:
        return {}
    latents, wanted = torch.from_numpy(making.draw(model, 0, len(labels))), torch.from_numpy(labels)
    classes = len(model.card.labels)
    found = {
        seed: judge(training.make(generator, latents, wanted, classes))
        for seed, generator in sorted(generators.items())
    }
    columns = ["seed", *next(iter(found.values()))]
    rows: list[Row] = [[float(seed), *figures.values()] for seed, figures in found.items()]
    return {"seeds": Table(columns, rows, "test", len(labels), "fp32")}


def balanced(labels: Array, n: int) -> Array:
    """About n rows, as many of each class, the first of it; fewer where a class has fewer."""
    kinds = np.unique(labels)
    return np.concatenate([np.flatnonzero(labels == kind)[: n // len(kinds)] for kind in kinds])


def rounding(first: Array, last: Array, real: Array, split: str) -> Metric:
    """What int8 did: Frechet distance of features before (`first`) and after."""
    before, after = (measure.frechet(real, rows) for rows in (first, last))
    name = "frechet_distance_own_features"
    return Metric(name, after, split, len(last), "int8", baseline={"fp32": before})


def snapshots(given: dict[str, Array], truth: Array, see: See, split: str) -> Table:
    """How far from real pictures those were that the network made while it learned.

    given: of snapshots.npz. truth: features of as many real pictures.
    """
    rows: list[Row] = []
    for step, pictures in zip(given["steps"], given["pictures"], strict=True):
        features, answers = see(pictures, given["labels"])
        hits = float((answers == given["labels"]).mean())
        rows.append([float(step), measure.frechet(truth, features), hits])
    return Table(["step", "frechet", "gan test"], rows, split, given["pictures"].shape[1], "fp32")


class Shipped:
    """The features that the release holds of the pictures it learned from, on their main axes."""

    def __init__(self, features: Array) -> None:
        self.axes = PCA(min(DIMENSIONS, len(features) // 2), random_state=0).fit(features)
        self.known = self.of(features)

    def of(self, features: Array) -> Array:
        """Features [n, d] -> float16 [n, axes], as the page has them too."""
        placed: Array = self.axes.transform(features).astype(np.float16)
        return placed

    def evidence(self) -> dict[str, Array]:
        """What the page needs to place other pictures among them."""
        return {
            "known_features": self.known,
            "known_mean": self.axes.mean_.astype(np.float32),
            "known_axes": self.axes.components_.astype(np.float32),
        }


def thumbnails(pictures: Array) -> Array:
    """uint8 [n, side, side, ...] -> half the side: the mean of four pixels each."""
    n, side = len(pictures), pictures.shape[1] // 2
    fours = pictures.reshape(n, side, 2, side, 2, *pictures.shape[3:])
    small: Array = fours.mean((2, 4)).round().astype(np.uint8)
    return small


def directions(model: Model, each: int) -> Array:
    """float32 [classes, 2, latent]: per class, the two directions of chance that change most.

    The first eigenvectors of the mean of J'J over `each` draws, J the picture's derivative by its
    chance, by small differences (after Ramesh et al. 2018, arXiv:1812.01161, and in pixels).
    """
    latent = making.latent(model)
    rng, found = np.random.default_rng(0), []
    for label in range(len(model.card.labels)):
        gram = np.zeros((latent, latent))
        wanted = making.one_hot(model, [label] * (2 * latent))
        for _ in range(each):
            steps = REACH * np.concatenate([np.eye(latent), -np.eye(latent)])
            latents = (rng.standard_normal(latent) + steps).astype(np.float32)
            made = making.make(model, latents, wanted).pictures
            pictures = made.reshape(2 * latent, -1).astype(np.float64)
            slopes = (pictures[:latent] - pictures[latent:]) / (2 * REACH)
            gram += slopes @ slopes.T
        found.append(np.linalg.eigh(gram)[1][:, ::-1][:, :2].T)
    return np.stack(found).astype(np.float32)
