"""Releases `card_fraud`: thresholds on the folds, the test week once, or refuses.

Golden inputs are features of made-up transactions: the handbook's set has no licence of its own, so
none of its rows is passed on.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import torch

from models.card import Card, Metric, Setting, Table
from models.card_fraud import lookback, scored
from models.card_fraud.lookback import NAMES, UNLABELLED
from models.catalog import Model
from models.kinds.thresholds import LabelledScores, best_f1
from training.card_fraud import data
from training.card_fraud import measure as fraud_measure
from training.card_fraud.data import SCENARIOS, Corpus
from training.card_fraud.network import OUTPUTS, Config, Served, alone
from training.core.release import Draft, Findings, Floor, Graph, training_of
from training.kinds.anomaly.prototypes import groups

Array = np.ndarray[Any, Any]
WITHOUT = "test, autoencoder without labels"
FLOORS = (
    Floor("average_precision", "test", "fp32", least=0.64),
    Floor("auroc", "test", "fp32", least=0.86),
    Floor("average_precision", WITHOUT, "fp32", least=0.03),
)
CHAPTER = "Le Borgne et al. 2022, chapter 3"
UNVERIFIED = (
    ("average_precision", 0.658, "test, by a random forest"),
    ("average_precision", 0.606, "test, by logistic regression"),
    ("auroc", 0.867, "test, by a random forest"),
    ("auroc", 0.871, "test, by logistic regression"),
)
DECIMALS = 3  # of the scores that are kept: the dial's step is a hundredth


@dataclass(frozen=True)
class Trained:
    """The networks that are released, and what was tried before.

    thresholds: of log-odds and of how unusual, with the best F1 on the folds.
    """

    served: Served
    history: list[dict[str, float]]
    config: Config
    thresholds: tuple[float, float]
    folds: list[Metric]
    minutes: float = 0.0
    tries: list[list[str | float | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Material:
    """What a release is made of. features: of every transaction of the corpus."""

    trained: Trained
    corpus: Corpus
    features: Array


def _graph(served: Served) -> Graph:
    made = lookback.features(data.made_up(20, 50).transactions)[-48:]
    return Graph(
        served, {"features": made.astype(np.float32)}, OUTPUTS, tolerance=1e-4, golden=OUTPUTS
    )


def _ranges(features: Array, fraud: Array) -> Table:
    """The least and the largest value of each feature in training, and the normal ones' median."""
    found = features.min(0), features.max(0), np.median(features[~fraud], 0)
    rows: list[list[str | float | None]] = [
        [name, *map(float, cells)] for name, *cells in zip(NAMES, *found, strict=True)
    ]
    return Table(["feature", "least", "most", "median"], rows, "training days", len(features))


def _prototypes(served: Served, features: Array) -> dict[str, Array]:
    with torch.no_grad():
        scaled = served.scaling(torch.from_numpy(features.astype(np.float32)))
        code = served.autoencoder[0](scaled.index_select(1, served.unlabelled))
        found = groups(code.numpy())
        made = served.autoencoder[1](torch.from_numpy(found.middles))
        typical = served.scaling.back(made, served.unlabelled)
    return {
        "prototype_code": found.middles,
        "prototype_typical": typical.numpy(),
        "prototype_share": found.share,
        "code_spread": found.spread,
    }


def choose(_: Model, material: Material) -> Findings:
    """What was chosen on the folds, before the test week was looked at."""
    trained, corpus = material.trained, material.corpus
    rule = "best F1 over the four folds together, of two decimals"
    n = trained.folds[0].n
    learned = data.split(corpus, corpus.start).learned
    odds, anomaly_score = trained.thresholds
    columns = ["network", "choice", "average precision, mean of folds", "auroc", "cards of 100"]
    return Findings(
        trained.folds,
        {"tries": Table(columns, trained.tries, "four folds before the test", n, "fp32")},
        {
            "threshold": Setting(odds, rule, "four folds before the test"),
            "unusual": Setting(anomaly_score, rule, "four folds before the test"),
        },
        _prototypes(trained.served, material.features[learned]),
    )


def measure(model: Model, material: Material) -> Findings:
    """The test week, by the released file, by its members one by one, and by the rivals."""
    trained, corpus, features = material.trained, material.corpus, material.features
    split = data.split(corpus, corpus.start)
    rows = split.measured
    found, _ = scored(model, features[rows].astype(np.float32))
    odds, anomaly_score = (
        np.round(values.astype(np.float64), DECIMALS)
        for values in (found.log_odds, found.anomaly_score)
    )
    limits = model.card.settings
    metrics = [
        *fraud_measure.metrics(corpus, rows, odds, limits["threshold"].value, "test"),
        *fraud_measure.metrics(corpus, rows, anomaly_score, limits["unusual"].value, WITHOUT),
    ]
    ways = {
        f"these {len(trained.served.members)} networks together": odds,
        "this autoencoder, no labels": anomaly_score,
        **fraud_measure.rivals(corpus, features, split),
    }
    members: list[list[str | float | None]] = [
        [float(i), *fraud_measure.figures(corpus, rows, scores).values()]
        for i, scores in enumerate(alone(trained.served, features[rows]))
    ]
    columns = fraud_measure.COLUMNS
    tables = {
        "rivals": Table(
            columns,
            [
                [name, *fraud_measure.figures(corpus, rows, one).values()]
                for name, one in ways.items()
            ],
            "test",
            len(rows),
            "fp32",
        ),
        "members": Table(
            ["seed", *columns[1:]], members, "test, one network alone", len(rows), "fp32"
        ),
        "by_scenario": fraud_measure.by_scenario(
            corpus, rows, odds, anomaly_score, limits["threshold"].value
        ),
    }
    evidence = {
        "test_score": odds.astype(np.float32),
        "test_unusual": anomaly_score.astype(np.float32),
        "test_abnormal": corpus.fraud[rows],
        "test_scenario": corpus.scenario[rows],
        "scenarios": np.array(["normal", *SCENARIOS.values()]),
    }
    return Findings(metrics, tables, {}, evidence)


def limit(scores: Array, fraud: Array) -> float:
    """The threshold with the best F1, of two decimals."""
    return round(best_f1(LabelledScores.of(scores, fraud)), 2)


def draft(material: Material, floors: tuple[Floor, ...]) -> Draft:
    """Everything that the release needs to know."""
    trained, corpus = material.trained, material.corpus
    split = data.split(corpus, corpus.start)
    learned, n = split.learned, len(split.measured)
    parts = (
        ("2018-07-25 to 07-31: learned from", len(learned)),
        ("four folds from 2018-06-20 to 07-31: every choice", trained.folds[0].n),
        ("2018-08-08 to 08-14, known frauds' cards left out: scored once", n),
    )
    card = Card(
        name="card_fraud",
        title="Card fraud",
        summary="How likely a card transaction is a fraud, by what its card and its terminal did "
        "before: networks that learned from labels, and an autoencoder that saw none.",
        task="fraud detection in transactions",
        limits=[
            "The transactions are simulated, with three kinds of fraud that its makers thought "
            "of: real fraud is more varied, and adapts.",
            "A terminal that was taken over is known only when a fraud there is a week old: its "
            "first week's frauds look like any transaction.",
            "What a card usually spends takes 30 days of its transactions to know, and what is "
            "known of a terminal 37: with less it judges by what there is.",
            "Learned from one week: people who spend otherwise, in another currency, need "
            "networks trained anew.",
            "The data set has no licence of its own, so samples here are of our own making.",
        ],
        labels=["normal", "fraud"],
        data=data.cited(*parts),
        weights=None,
        graphs={},
        serves={"cpu": "fp32", "cuda": "fp32"},
        metrics=[
            Metric(name, value, where, n, "fp32", f"unverified: {CHAPTER}")
            for name, value, where in UNVERIFIED
        ],
        tables={"ranges": _ranges(material.features[learned], corpus.fraud[learned])},
        settings={},
        history=trained.history,
        training=training_of(
            "card_fraud",
            asdict(trained.config) | {"unlabelled": [NAMES[i] for i in UNLABELLED]},
            trained.minutes,
        ),
        files={},
    )
    return Draft(
        card,
        {"predict": _graph(trained.served)},
        lambda model: choose(model, material),
        lambda model: measure(model, material),
        floors,
    )
