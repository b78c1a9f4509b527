"""Releases `fashion` from its finished runs: calibrates, measures, and refuses below 93.4 %.

Called by training/fashion.py. Every choice here is made on the 5,000 validation pictures; the
10,000 test pictures are answered once, by the released int8 file.
"""

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from models import engine, scores
from models.card import Card, Data, Metric, Precision, Setting, Table, Training
from models.catalog import Model
from models.fashion import LADDER, baselines
from models.fashion.convert import convert
from models.scores import softmax
from training import (
    familiarity,
    fashion_baselines,
    fashion_tables,
    foreign,
    ladder,
    sources,
    statistics,
)
from training.fashion_data import Data as Split
from training.release import Draft, Findings, Floor, Graph

Array = np.ndarray[Any, Any]
OUTPUTS = ("logits", "embedding", "texture", "class_map", *LADDER)
# Alone it ranked noise, blanks and letters below clothes more often than the usual scores, which
# such a small network gives to a blank as surely as to a coat.
FAMILIARITY_WEIGHTS = {"closeness": 1.0}
KEPT_NEIGHBOURS = 5500  # of 55,000 training pictures, for the page: all would be 43 MB


class Served(nn.Module):
    """The network as it is released; dividing by the temperature is part of its last layer."""

    def __init__(self, network: nn.Module, temperature: float) -> None:
        super().__init__()
        self.network = network
        linear = network.get_submodule("head.2")
        assert isinstance(linear, nn.Linear)
        self.register_buffer("matrix", (linear.weight.detach() / temperature).t().contiguous())
        self.register_buffer("bias", linear.bias.detach() / temperature)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 [n, 28, 28] -> the outputs in the order of `OUTPUTS`."""
        matrix = self.get_buffer("matrix")
        maps = self.network.forward_maps(image)  # type: ignore[operator]
        embedding = maps[-1].mean((2, 3))
        class_map = maps[-1].permute(0, 2, 3, 1) @ matrix
        texture = maps[1].mean((2, 3))
        return embedding @ matrix + self.get_buffer("bias"), embedding, texture, class_map, *maps


@dataclass(frozen=True)
class Material:
    """What the release needs beside the network: data, and what all the runs came to."""

    split: Split
    parts: dict[float, Split]  # the same with 1, 10 and 100 % of the training pictures
    test: tuple[Array, Array]
    strangers_to_choose: dict[str, list[Array]]
    strangers_to_measure: dict[str, list[Array]]
    moments: dict[str, Array]
    network_by_fraction: dict[float, float]  # validation accuracy
    seeds: dict[int, float]  # validation accuracy of every finished run on all data


def strangers() -> tuple[dict[str, list[Array]], dict[str, list[Array]]]:
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
    found = familiarity.choose(
        outputs_of(model, pictures).arrays,
        {k: outputs_of(model, np.stack(v)).arrays for k, v in material.strangers_to_choose.items()},
        FAMILIARITY_WEIGHTS,
        on,
        evidence=familiarity.texture_statistics(learned["texture"], split.labels[thinned]),
        accept=0.99,  # a visitor's photo is further from shop pictures than these are
    )
    found.settings["temperature"] = Setting(temperature, "least cross-entropy", on)
    found.evidence.update(ladder.usual_strength(model, pictures[:500], LADDER))
    found.evidence.update(material.moments)
    return found


def measure(model: Model, material: Material, temperature: float) -> Findings:
    """Accuracy and calibration on the test pictures, the baselines beside them, and strangers."""
    pictures, labels = material.test
    outputs = outputs_of(model, pictures).arrays  # the one time that they are answered
    shares = softmax(outputs["logits"])
    answers, n = shares.argmax(1), len(labels)
    linear, neighbours, amounts = _baselines(material)
    beside = fashion_baselines.test_scores(linear, neighbours, pictures, labels.astype(np.int64))
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
    known = partial(_familiarity, model)
    strange = familiarity.measure(
        scores.familiarity(model, outputs),
        {k: known(np.stack(v)) for k, v in material.strangers_to_measure.items()},
        {k: known(np.stack(v)) for k, v in material.strangers_to_choose.items()},
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


def _familiarity(model: Model, pictures: Array) -> Array:
    return scores.familiarity(model, outputs_of(model, pictures).arrays)


def _baselines(
    material: Material,
) -> tuple[baselines.Linear, baselines.Neighbours, Table]:
    """Both fitted baselines on all training pictures, and accuracy by amount of data."""
    split = material.split
    asked = split.pictures[split.validation], split.labels[split.validation]
    rules = fashion_baselines.rules_accuracy(*asked)
    rows: dict[str, list[float]] = {"hand-written rules": [rules] * 3}
    for part in material.parts.values():
        (linear, first), (neighbours, second) = (
            fashion_baselines.fit_linear(part),
            fashion_baselines.fit_neighbours(part),
        )
        rows.setdefault("logistic regression", []).append(first.validation_accuracy)
        rows.setdefault("nearest neighbours", []).append(second.validation_accuracy)
    rows["network"] = [material.network_by_fraction[fraction] for fraction in material.parts]
    columns = ["way", *(f"{fraction:.0%}" for fraction in material.parts)]
    table = Table(columns, [[k, *v] for k, v in rows.items()], "validation", len(asked[1]))
    return linear, neighbours, table


def _seeds(material: Material) -> Table:
    rows: list[list[str | float | None]] = [[float(k), v] for k, v in material.seeds.items()]
    n = len(material.split.validation)
    return Table(["seed", "validation accuracy"], rows, "validation", n)


FLOORS = (
    Floor("accuracy", "test", "int8", least=0.934),
    Floor("accuracy", "validation", "int8", allowance=0.003),
    Floor("ood_auroc", "mean", "int8", least=0.8),
)


def draft(
    network: nn.Module,
    material: Material,
    config: Any,
    history: list[dict[str, float]],
    floors: tuple[Floor, ...],
) -> Draft:
    """Everything that the release needs to know."""
    split = material.split
    asked = split.pictures[split.validation]
    with torch.no_grad():
        parts = [network(torch.from_numpy(part)) for part in np.array_split(asked, 20)]
    temperature = statistics.temperature(
        torch.cat(parts).float().numpy(), split.labels[split.validation]
    )
    calibration = split.pictures[split.train[:: max(1, len(split.train) // 500)]]
    graph = Graph(
        Served(network, temperature),
        {"image": asked[:: max(1, len(asked) // 16)][:16]},
        OUTPUTS,
        tolerance=1e-4,
        golden=("logits", "embedding"),
        calibration={"image": calibration},
    )
    source = sources.DATA["fashion-mnist"]
    data = [
        Data(source.title, source.licence, "https://github.com/zalandoresearch/fashion-mnist", s, n)
        for s, n in (
            ("train", len(split.train)),
            ("validation: every choice", len(split.validation)),
            ("test: scored once", len(material.test[1])),
        )
    ]
    minutes = sum(row["seconds"] for row in history) / 60
    card = Card(
        name="fashion",
        title="Fashion-MNIST",
        summary="A residual network that learned ten kinds of clothes from 55,000 small pictures.",
        task="One grey picture of 28 x 28 pixels in, a probability for each of 10 classes out.",
        limits=[
            "It knows ten kinds of clothes and shoes; anything else it can only call one of those.",
            "It learned from shop pictures on white: folds, people and cluttered rooms mislead it.",
            "28 x 28 grey pixels tell a shirt from a T-shirt badly, for people too.",
            "Its calibration was measured on such pictures and does not carry over to photos.",
        ],
        labels=list(baselines.LABELS),
        data=data,
        weights=None,
        graphs={},
        serves={"cpu": "int8", "cuda": "fp32"},
        metrics=[],
        tables={},
        settings={},
        history=history,
        training=Training(
            "python -m training.fashion",
            asdict(config),
            minutes,
            "",
            torch.__version__,
            config.seed,
        ),
        files={},
    )
    return Draft(
        card,
        {"predict": graph},
        partial(choose, material=material, temperature=temperature),
        partial(measure, material=material, temperature=temperature),
        floors,
        {"labels.txt": "".join(f"{label}\n" for label in baselines.LABELS).encode()},
    )
