"""Releases `network_intrusion`: thresholds on validation rows, both test files once, or refuses.

The rows that are released as golden inputs are of our own making: NSL-KDD may be learned from and
not passed on.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from models.card import Card, Metric, Setting, Table
from models.catalog import Model
from models.network_intrusion import Connections, predict
from models.network_intrusion.schema import CATEGORIES, NUMBERS
from training.core.release import Draft, Findings, Floor, Graph, training_of
from training.network_intrusion import data
from training.network_intrusion import measure as network_measure
from training.network_intrusion.autoencoder import OUTPUTS, Config, Served, scores, tensors
from training.network_intrusion.data import Corpus, Rows

Array = np.ndarray[Any, Any]
# Below what an isolation forest and PCA reach on the validation part, the network is not worth it.
FLOORS = (
    Floor("auroc", "validation", "fp32", least=0.98),
    Floor("auroc", "test", "fp32", least=0.95),
    Floor("f1", "test", "fp32", least=0.88),
)
UNVERIFIED = (
    ("accuracy", 0.9061, "test, by a five-layer autoencoder", "Xu et al. 2021"),
    ("f1", 0.9226, "test, by a five-layer autoencoder", "Xu et al. 2021"),
    ("accuracy", 0.8105, "test, by a supervised J48 tree", "Tavallaee et al. 2009"),
)


@dataclass(frozen=True)
class Trained:
    """The network that is released, and what was tried before."""

    served: Served
    history: list[dict[str, float]]
    config: Config
    words: dict[str, tuple[str, ...]]
    minutes: float = 0.0
    tries: list[list[str | float | None]] = field(default_factory=list)
    seeds: dict[int, Served] = field(default_factory=dict)


@dataclass(frozen=True)
class Material:
    """What a release is made of."""

    trained: Trained
    corpus: Corpus

    def given(self, rows: Rows) -> Connections:
        """Rows as the released model takes them."""
        numbers, places = tensors(rows, self.trained.words)
        return Connections(numbers.numpy(), places.numpy())


def _graph(trained: Trained) -> Graph:
    made = data.made_up(48)
    numbers, places = tensors(made, trained.words)
    return Graph(
        trained.served,
        {"numbers": numbers.numpy(), "categories": places.numpy()},
        OUTPUTS,
        tolerance=1e-4,
        golden=OUTPUTS,
    )


def _ranges(learned: Rows) -> Table:
    """The least, the largest and the middle value of each number in normal rows."""
    values = learned.numbers
    found = (values.min(0), values.max(0), np.median(values, 0))
    rows = [[name, *map(float, cells)] for name, *cells in zip(NUMBERS, *found, strict=True)]
    return Table(["column", "least", "most", "median"], rows, "normal training rows", len(values))  # type: ignore[arg-type]


def _words(learned: Rows, words: dict[str, tuple[str, ...]]) -> Table:
    """Every word of the training file, and how many normal rows had it."""
    rows: list[list[str | float | None]] = [
        [name, word, float((learned.words[:, i] == word).sum())]
        for i, name in enumerate(CATEGORIES)
        for word in words[name]
    ]
    return Table(["column", "word", "normal rows"], rows, "training file", len(learned))


def choose(model: Model, material: Material) -> Findings:
    """The threshold and the figures of the validation part, by the released file."""
    corpus, trained = material.corpus, material.trained

    def score(rows: Rows) -> Array:
        return predict(model, material.given(rows))[0].score.astype(np.float64)

    limit = network_measure.threshold(score, corpus)
    whole = data.together(corpus.normal, corpus.attacks)
    metrics = network_measure.metrics(score(whole), whole, limit, "validation")
    rule = "best F1 where attacks are as many as normal rows, of two decimals"
    seeds = [_seed_row(seed, served, material) for seed, served in trained.seeds.items()]
    n = len(whole)
    columns = ["code", "error", "mean auroc of attack types", "auroc"]
    tables = {
        "tries": Table(columns, trained.tries, "validation", n, "fp32"),
        "seeds": Table(
            ["seed", "validation, mean of types", "test auroc", "test-21 auroc"],
            seeds,
            "validation and tests; seed 0 was to be released before any was trained",
            n,
            "fp32",
        ),
        "held_types": network_measure.held_types(score, corpus),
    }
    evidence = network_measure.prototypes(trained.served, corpus.learned, trained.words)
    settings = {"threshold": Setting(limit, rule, "validation")}
    return Findings(metrics, tables, settings, evidence)


def _seed_row(seed: int, served: Served, material: Material) -> list[str | float | None]:
    def score(rows: Rows) -> Array:
        return scores(served, rows, material.trained.words)

    tests = [
        network_measure.figures(score(rows), rows, 0.0)["auroc"]
        for rows in material.corpus.tests.values()
    ]
    return [float(seed), network_measure.mean_of_types(score, material.corpus), *tests]


def measure(model: Model, material: Material) -> Findings:
    """Both test files, by the released file and by the rivals at their own thresholds."""
    corpus, trained = material.corpus, material.trained
    limit = model.card.settings["threshold"].value
    known = set(corpus.attacks.labels)
    others = network_measure.rivals(trained.served, corpus, trained.words)
    metrics: list[Metric] = []
    tables: dict[str, Table] = {}
    evidence: dict[str, Array] = {}
    for split, rows in corpus.tests.items():
        found = predict(model, material.given(rows))[0].score.astype(np.float64)
        metrics += network_measure.metrics(found, rows, limit, split)
        tables[f"by_family {split}"] = network_measure.by_family(found, rows, limit, known, split)
        ways = {"this autoencoder": network_measure.figures(found, rows, limit)}
        for other in others:
            theirs = other.score(rows)
            ways[other.name] = network_measure.figures(theirs, rows, other.threshold)
            if split == "test":
                evidence[f"rival {other.name}"] = theirs.astype(np.float32)
        tables[f"rivals {split}"] = Table(
            network_measure.COLUMNS,
            [[name, *figures.values()] for name, figures in ways.items()],
            split,
            len(rows),
            "fp32",
        )
        if split == "test":
            names = sorted(set(rows.families))
            evidence |= {
                "test_score": found.astype(np.float32),
                "test_abnormal": rows.abnormal,
                "test_family": np.array(
                    [names.index(family) for family in rows.families], np.uint8
                ),
                "test_new": rows.abnormal & ~np.isin(rows.labels, [*known]),
                "families": np.array(names),
            }
    return Findings(metrics, tables, {}, evidence)


def draft(material: Material, floors: tuple[Floor, ...]) -> Draft:
    """Everything that the release needs to know."""
    trained, corpus = material.trained, material.corpus
    config = trained.config
    parts = (
        ("training file, 20 %: normal rows learned from", len(corpus.learned)),
        ("training file: normal rows and all attacks, for every choice", len(corpus.normal)
         + len(corpus.attacks)),
        *((f"{name}: scored once", len(rows)) for name, rows in corpus.tests.items()),
    )  # fmt: skip
    published = [
        Metric(name, value, split, len(corpus.tests["test"]), "fp32", f"unverified: {who}")
        for name, value, split, who in UNVERIFIED
    ]
    card = Card(
        name="network_intrusion",
        title="Network intrusion",
        summary="An autoencoder that learned to repeat normal network connections: what it cannot "
        "repeat is unusual, and often an attack, of a kind that it was never shown too.",
        task="anomaly detection in tables",
        limits=[
            "The connections were recorded in 1998 in a network that was built to be attacked: "
            "today's traffic is another, and the network must learn that anew.",
            "It finds what is unusual. An attack that looks like normal use, such as a stolen "
            "password, passes; an unusual and harmless connection raises an alarm.",
            "The test file has 38 kinds of attack and the training file 22 (21 in its 20 %), and "
            "its normal rows are not those of the training file either: figures on rows like the "
            "training file's are better.",
            "More than half of the test's rows are attacks. Where they are rare most alarms are "
            "false ones: set the share on the dial.",
            "NSL-KDD's rows are not ours to pass on: samples here are of our own making.",
        ],
        labels=["normal", "attack"],
        data=data.cited(*parts),
        weights=None,
        graphs={},
        serves={"cpu": "fp32", "cuda": "fp32"},
        metrics=published,
        tables={"ranges": _ranges(corpus.learned), "words": _words(corpus.learned, trained.words)},
        settings={},
        history=trained.history,
        training=training_of("network_intrusion", asdict(config), trained.minutes),
        files={},
    )
    return Draft(
        card,
        {"predict": _graph(trained)},
        lambda model: choose(model, material),
        lambda model: measure(model, material),
        floors,
    )
