"""Releases `digits`: both networks in one model, measured on the official test and on strangers."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from models import digits
from models.card import Card, Data, Metric, Table
from models.catalog import Model
from models.digits import DIGITS, LABELS, NETWORKS
from training import sources
from training.core import statistics
from training.core.release import Draft, Findings, Floor, Graph, training_of
from training.digits import data
from training.digits.data import Recording, Split
from training.digits.fit import NAMES, Trained, watched
from training.digits.network import served, shares, weights_of

Array = np.ndarray[Any, Any]
SOURCE = sources.DATA["fsdd"]
README = "https://github.com/Jakobovski/free-spoken-digit-dataset"
LEFT_OUT = "each of six speakers, by a network that never heard them"
FLOORS = (
    Floor("accuracy", "test", "fp32", least=0.96),
    Floor("accuracy", "test, recurrent", "fp32", least=0.93),
)
TIMES = 30  # runs of one sound that are timed


@dataclass(frozen=True)
class Material:
    """What a release is made of. left_out: speaker -> network -> one that never heard them, with
    that speaker's sounds. spoken: seconds of other people's speech, of none that was learned."""

    split: Split
    networks: dict[str, Trained]
    left_out: dict[str, tuple[dict[str, Trained], list[Recording]]]
    spoken: list[Recording]
    golden: list[Recording]


def graphs(networks: dict[str, Trained], sounds: Array) -> dict[str, Graph]:
    """Both; their golden inputs are made up."""
    outputs = {"predict": ("logits",), "recurrent": ("logits", "opinions")}
    return {
        graph: Graph(
            served(networks[name].network).eval(),
            {"sound": sounds},
            outputs[graph],
            tolerance=1e-4,
            golden=outputs[graph],
            reference=networks[name].network,
        )
        for name, graph in NETWORKS.items()
    }


def answers(model: Model, recordings: list[Recording], network: str) -> Array:
    """Probabilities [n, 11] of the released file."""
    found, _ = digits.predict(model, [*data.pictures(recordings).numpy()], network)
    return np.stack([heard.probabilities for heard in found])


def measure(model: Model, material: Material) -> Findings:
    """The official test, strangers, and what is no digit."""
    test, labels = material.split.test, data.labels(material.split.test).numpy()
    found = {name: answers(model, test, name) for name in NAMES}
    metrics: list[Metric] = []
    rows: list[list[str | float | None]] = []
    speakers, over = _speakers(material)
    for name in NAMES:
        right = found[name][:, :10].argmax(1) == labels
        split = "test" if name == NAMES[0] else f"test, {name}"
        value, low, high = statistics.proportion(right)
        unheard = over[name]
        metrics.append(Metric("accuracy", value, split, len(test), "fp32", low=low, high=high))
        away = LEFT_OUT if name == NAMES[0] else f"{LEFT_OUT}, {name}"
        far, low, high = statistics.proportion(unheard)
        metrics.append(Metric("accuracy", far, away, len(unheard), "fp32", low=low, high=high))
        network = material.networks[name].network
        size = model.card.graph(NETWORKS[name], "fp32").bytes / 1e6
        rows.append(
            [
                name,
                value,
                far,
                float(weights_of(network)),
                round(size, 2),
                round(_milliseconds(model, name), 2),
            ]
        )
    metrics += _no_digits(model, material, found[NAMES[0]])
    columns = ["network", "official split (%)", "a stranger (%)", "weights", "MB", "ms a sound"]
    confusion: list[list[str | float | None]] = [
        [DIGITS[i], *(float(((answer == j) & (labels == i)).sum()) for j in range(10))]
        for answer in (found[NAMES[0]][:, :10].argmax(1),)
        for i in range(10)
    ]
    tables = {
        "networks": Table(columns, rows, "test", len(test), "fp32"),
        "speakers": Table(["speaker", *NAMES], speakers, LEFT_OUT, len(over[NAMES[0]]), "fp32"),
        "confusion": Table(["is", *DIGITS], confusion, "test", len(test), "fp32"),
    }
    return Findings(metrics, tables, evidence=_moments(material))


def _speakers(material: Material) -> tuple[list[list[str | float | None]], dict[str, Array]]:
    """A row a speaker, and over all of them whether each digit was right, by network."""
    rows: list[list[str | float | None]] = []
    over: dict[str, list[Array]] = {name: [] for name in NAMES}
    for speaker, (networks, recordings) in material.left_out.items():
        labels, sounds = data.labels(recordings), data.pictures(recordings)
        row: list[str | float | None] = [speaker]
        for name in NAMES:
            right = shares(networks[name].network, sounds)[:, :10].argmax(1) == labels
            over[name].append(right.numpy())
            row.append(float(right.float().mean()))
        rows.append(row)
    return rows, {name: np.concatenate(parts) for name, parts in over.items()}


def _no_digits(model: Model, material: Material, test: Array) -> list[Metric]:
    """How often "not a digit" is said of digits, and of what is none."""
    kinds = {
        "test": ("known_share", test.argmax(1) < 10),
        "speech of others": (
            "refused_share",
            answers(model, material.spoken, NAMES[0]).argmax(1) == 10,
        ),
        "digits backwards, halves of two, noise": (
            "refused_share",
            answers(model, data.made_up(material.split.test, 200, seed=1), NAMES[0]).argmax(1)
            == 10,
        ),
    }
    found = []
    for split, (name, hits) in kinds.items():
        value, low, high = statistics.proportion(hits)
        found.append(Metric(name, value, split, len(hits), "fp32", low=low, high=high))
    return found


def _milliseconds(model: Model, network: str) -> float:
    """Median time of one sound on this machine."""
    sound = [np.zeros((digits.BANDS, digits.FRAMES), np.float32)]
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        digits.predict(model, sound, network)
        took.append(1000 * (time.perf_counter() - began))
    return float(np.median(took))


def _moments(material: Material) -> dict[str, Array]:
    """The convolutional network's answers to the watched sounds while it learned."""
    snapshots = material.networks[NAMES[0]].snapshots
    labels = data.labels(material.split.validation).numpy()[watched(material.split)]
    return {
        "moment_steps": np.array([*snapshots], np.int64),
        "moment_probabilities": torch.stack([*snapshots.values()]).half().numpy(),
        "moment_labels": labels,
    }


def card_of(material: Material) -> Card:
    """What is said of the model, without what is measured."""
    first = material.networks[NAMES[0]]
    trained = [*material.networks.values()]
    trained += [one for networks, _ in material.left_out.values() for one in networks.values()]
    minutes = sum(row["seconds"] for one in trained for row in one.history) / 60
    sets = (
        ("train", len(material.split.train)),
        ("validation: watched, never chosen on", len(material.split.validation)),
        ("test: the official one, recordings 0 to 4", len(material.split.test)),
    )
    return Card(
        name="digits",
        title="Spoken digits",
        summary="Two small networks that learned the ten English digits from six people: one that "
        "looks at the whole sound, one that reads it from left to right.",
        task="One second of sound in, a probability for each digit and for none of them out.",
        limits=[
            "It learned from six people, two of them native speakers; of a person it never heard "
            "it gets many more wrong, as measured with each of the six left out.",
            "It hears one second, the loudest; of two digits in a row it answers one.",
            '"Not a digit" was learned from one reader, from digits backwards and from noise: '
            "other words are still called digits often.",
            "The six people's recordings of test and training were made in the same sitting.",
        ],
        labels=list(LABELS),
        data=[Data(SOURCE.title, SOURCE.licence, README, split, n) for split, n in sets],
        weights=None,
        graphs={},
        serves={"cpu": "fp32", "cuda": "fp32"},
        metrics=[],
        tables={},
        settings={},
        history=first.history,
        training=training_of("digits", asdict(first.config), minutes),
        files={},
    )


def draft(material: Material, floors: tuple[Floor, ...]) -> Draft:
    """Everything that the release needs to know."""
    step: Callable[[Model], Findings] = partial(measure, material=material)
    sounds = data.pictures(material.golden).numpy()
    return Draft(
        card_of(material), graphs(material.networks, sounds), lambda _: Findings(), step, floors
    )
