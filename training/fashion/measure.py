"""What `fashion` is chosen by and measured on: clothes, strangers, and simpler ways beside it.

Called by training/fashion/release.py. Choices are made on the 5,000 validation pictures; the
10,000 test pictures are answered once, by the released int8 file.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from PIL import Image

from models import engine
from models.card import Metric, Precision, Setting, Table
from models.catalog import Model
from models.fashion import LADDER
from models.fashion.convert import convert
from models.kinds import classifier
from models.kinds.classifier import softmax
from training import sources
from training.core import statistics
from training.core.release import Findings
from training.fashion import baselines
from training.fashion import tables as fashion_tables
from training.kinds.classifier import in_distribution, ladder
from training.kinds.classifier.explaining import Plan
from training.sources import foreign
from training.sources.fashion_mnist import Data as Split

Array = np.ndarray[Any, Any]
# Alone it ranked noise, blanks and letters below clothes more often than the usual scores, which
# such a small network gives to a blank as surely as to a coat.
IN_DISTRIBUTION_WEIGHTS = {"closeness": 1.0}
KEPT_NEIGHBOURS = 5500  # of 55,000 training pictures, for the page: all would be 43 MB


@dataclass(frozen=True)
class Material:
    """What the release needs beside the network: data, and what all the runs came to."""

    split: Split
    parts: dict[float, Split]  # the same with 1, 10 and 100 % of the training pictures
    test: tuple[Array, Array]
    out_of_distribution_to_choose: dict[str, list[Array]]
    out_of_distribution_to_measure: dict[str, list[Array]]
    snapshots: dict[str, Array]
    network_by_fraction: dict[float, float]  # validation accuracy
    seeds: dict[int, float]  # validation accuracy of every finished run on all data
    plan: Plan = field(default_factory=Plan)  # of what is measured of explanations


def out_of_distribution() -> tuple[dict[str, list[Array]], dict[str, list[Array]]]:
    """Sets to choose on and to measure on, all uint8 [28, 28].

    Colour pictures go through the page's own conversion, as a visitor's would.
    """
    chosen = {
        "noise": [_grey(picture) for picture in foreign.noise(300)],
        "blanks": [_grey(picture) for picture in foreign.blanks(300)],
        "letters": foreign.letters(1000),
    }
    names = sorted(sources.DATA["imagenet-calibration"].files)
    photos = [Image.open(sources.fetch("imagenet-calibration", n)).convert("RGB") for n in names]
    for photo in photos:
        photo.thumbnail((400, 400))
    measured = {
        "emoji glyphs": [convert(picture).picture for picture in foreign.emoji(1000)],
        "X-rays (PneumoniaMNIST)": [_grey(picture) for picture in foreign.x_rays(624)],
        "faces (Olivetti)": [_grey(picture) for picture in foreign.faces()],
        "photos (ImageNet)": [convert(np.asarray(photo)).picture for photo in photos],
        "digits (scikit-learn)": [_grey(picture) for picture in foreign.digits(1797)],
    }
    return chosen, measured


def _grey(picture: Array) -> Array:
    """Any picture as 28 x 28 grey, squeezed to fit."""
    image = Image.fromarray(picture).convert("L").resize((28, 28), Image.Resampling.BILINEAR)
    return np.asarray(image)


def outputs_of(model: Model, pictures: Array, precision: Precision = "int8") -> engine.Run:
    """Logits, embedding and texture of uint8 [n, 28, 28]."""
    names = ("logits", "embedding", "texture")
    feeds = {"image": np.asarray(pictures)}
    return engine.infer(model, feeds, outputs=names, precision=precision, deadline=600)


def choose(model: Model, material: Material, temperature: float) -> Findings:
    """Familiarity, the ladder's usual strengths, and what the page shows of training."""
    split = material.split
    pictures = split.pictures[split.validation]
    on = f"{len(pictures)} validation pictures"
    thinned = split.train[:: max(1, len(split.train) // 11_000)]
    learned = outputs_of(model, split.pictures[thinned])
    found = in_distribution.choose(
        outputs_of(model, pictures).arrays,
        {
            k: outputs_of(model, np.stack(v)).arrays
            for k, v in material.out_of_distribution_to_choose.items()
        },
        IN_DISTRIBUTION_WEIGHTS,
        on,
        evidence=in_distribution.texture_statistics(learned["texture"], split.labels[thinned]),
        accept=0.99,  # a visitor's photo is further from shop pictures than these are
    )
    found.settings["temperature"] = Setting(temperature, "least cross-entropy", on)
    found.evidence.update(ladder.usual_strength(model, pictures[:500], LADDER))
    found.evidence.update(material.snapshots)
    return found


def measure(model: Model, material: Material, temperature: float) -> Findings:
    """Accuracy and calibration on the test pictures, the baselines beside them, and strangers."""
    pictures, labels = material.test
    outputs = outputs_of(model, pictures).arrays  # the one time that they are answered
    shares = softmax(outputs["logits"])
    answers, n = shares.argmax(1), len(labels)
    fits = [baselines.fit(part) for part in material.parts.values()]  # the last: on all
    linear, neighbours = fits[-1].linear, fits[-1].neighbours
    amounts = _amounts(material, fits)
    beside = baselines.test_scores(linear, neighbours, pictures, labels.astype(np.int64))
    value, low, high = statistics.proportion(answers == labels)
    metrics = [
        Metric("accuracy", value, "test", n, "int8", low=low, high=high, baseline=beside),
        _ece("test", shares, labels),
        _ece(
            "test, before calibration", softmax(outputs["logits"] * np.float32(temperature)), labels
        ),
    ]
    split = material.split
    precisions: tuple[Precision, ...] = ("fp32", "int8")
    for precision in precisions:
        run = outputs_of(model, split.pictures[split.validation], precision)
        hits = run["logits"].argmax(1) == split.labels[split.validation]
        value, low, high = statistics.proportion(hits)
        metrics.append(
            Metric("accuracy", value, "validation", len(hits), precision, low=low, high=high)
        )
    known = partial(_in_distribution_score, model)
    strange = in_distribution.measure(
        classifier.in_distribution_score(model, outputs),
        {k: known(np.stack(v)) for k, v in material.out_of_distribution_to_measure.items()},
        {k: known(np.stack(v)) for k, v in material.out_of_distribution_to_choose.items()},
    )
    tables = fashion_tables.tables(shares, labels) | {"amounts": amounts, "seeds": _seeds(material)}
    kept = slice(None, None, max(1, len(neighbours.pictures) // KEPT_NEIGHBOURS))
    evidence = strange.evidence | fashion_tables.examples(pictures, labels, shares)
    evidence |= {"linear_weights": linear.weights, "linear_bias": linear.bias}
    evidence |= {
        "neighbour_pictures": neighbours.pictures[kept],
        "neighbour_labels": neighbours.labels[kept].astype(np.uint8),
        "neighbour_k": np.array(neighbours.k),
    }
    return Findings([*metrics, *strange.metrics], tables, {}, evidence)


def _ece(split: str, shares: Array, labels: Array) -> Metric:
    value, low, high = statistics.bootstrap(statistics.ece, shares, labels, times=200, paired=True)
    return Metric("ece", value, split, len(labels), "int8", low=low, high=high)


def _in_distribution_score(model: Model, pictures: Array) -> Array:
    return classifier.in_distribution_score(model, outputs_of(model, pictures).arrays)


def _amounts(material: Material, fits: list[baselines.Fits]) -> Table:
    """Accuracy of all four ways by amount of data."""
    split = material.split
    pictures, labels = split.pictures[split.validation], split.labels[split.validation]
    rules = baselines.rules_accuracy(pictures, labels)
    rows: list[list[str | float | None]] = [
        ["hand-written rules", *[rules] * len(fits)],
        ["logistic regression", *(fit.linear_score.validation_accuracy for fit in fits)],
        ["nearest neighbours", *(fit.neighbours_score.validation_accuracy for fit in fits)],
        ["network", *(material.network_by_fraction[fraction] for fraction in material.parts)],
    ]
    columns = ["way", *(f"{fraction:.0%}" for fraction in material.parts)]
    return Table(columns, rows, "validation", len(labels))


def _seeds(material: Material) -> Table:
    rows: list[list[str | float | None]] = [[float(k), v] for k, v in material.seeds.items()]
    n = len(material.split.validation)
    return Table(["seed", "validation accuracy"], rows, "validation", n)
