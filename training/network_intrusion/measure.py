"""What `network_intrusion` reaches, beside PCA and an isolation forest on the same coded rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest

from models.card import Metric, Table
from models.kinds.thresholds import LabelledScores, best_f1
from training.core import statistics
from training.kinds.anomaly import evaluation
from training.kinds.anomaly.prototypes import groups
from training.network_intrusion.autoencoder import Served, tensors
from training.network_intrusion.data import Corpus, Rows

Array = np.ndarray[Any, Any]
Score = Callable[[Rows], Array]  # rows -> float64 [n], higher for more abnormal
COMPONENTS = (3, 5, 10, 20, 30)  # of PCA, one of which is chosen on validation rows
TREES = 300
EQUAL = 0.5  # share of attacks that a threshold is chosen for: how many there are, nobody knows
FIGURES = ("auroc", "average_precision", "f1", "accuracy", "recall", "false_alarm_rate")
COLUMNS = ["model", *FIGURES]


def judged(score: Score, corpus: Corpus) -> LabelledScores:
    """The validation part's scores."""
    return LabelledScores(np.sort(score(corpus.normal)), np.sort(score(corpus.attacks)))


def by_type(score: Score, corpus: Corpus) -> dict[str, float]:
    """AUROC of each type of attack against the validation part's normal rows."""
    normal, attacks = score(corpus.normal), score(corpus.attacks)
    labels = corpus.attacks.labels
    return {
        str(label): statistics.auroc(attacks[labels == label], normal)
        for label in np.unique(labels)
    }


def mean_of_types(score: Score, corpus: Corpus) -> float:
    """What every choice is made by: the mean AUROC, each type of attack weighing the same.

    So the one that makes up two thirds of the attacks does not decide alone.
    """
    return float(np.mean([*by_type(score, corpus).values()]))


def threshold(score: Score, corpus: Corpus) -> float:
    """The best F1 where attacks are as many as normal rows, on validation; of two decimals."""
    return round(best_f1(judged(score, corpus), EQUAL), 2)


def held_types(score: Score, corpus: Corpus) -> Table:
    """Each type of attack, with a threshold that was chosen without it."""
    normal, attacks = np.sort(score(corpus.normal)), score(corpus.attacks)
    labels, apart = corpus.attacks.labels, by_type(score, corpus)
    rows: list[list[str | float | None]] = []
    for label in sorted(apart, key=lambda label: -int((labels == label).sum())):
        own = labels == label
        limit = round(best_f1(LabelledScores(normal, np.sort(attacks[~own])), EQUAL), 2)
        recall = float((attacks[own] >= limit).mean())
        rows.append([label, float(own.sum()), apart[label], recall, limit])
    return Table(
        ["attack", "n", "auroc", "recall", "threshold"],
        rows,
        "validation, threshold chosen without that attack",
        len(labels),
        "fp32",
    )


@dataclass(frozen=True)
class Rival:
    """A simpler way to score, fitted on the same normal rows, and its threshold."""

    name: str
    score: Score
    threshold: float


def rivals(served: Served, corpus: Corpus, words: dict[str, tuple[str, ...]]) -> list[Rival]:
    """PCA reconstruction and an isolation forest, chosen on validation as the network is."""

    def coded(rows: Rows) -> Array:
        with torch.no_grad():
            found: Array = served.coding(*tensors(rows, words)).double().numpy()
        return found

    learned = coded(corpus.learned)

    def reconstruction(count: int) -> Score:
        fitted = PCA(count, random_state=0).fit(learned)

        def score(rows: Rows) -> Array:
            given = coded(rows)
            made = fitted.inverse_transform(fitted.transform(given))
            error: Array = np.log10(((made - given) ** 2).sum(1) + 1e-9)
            return error

        return score

    forest = IsolationForest(n_estimators=TREES, random_state=0).fit(learned)
    most = min(learned.shape)
    ways = {count: reconstruction(count) for count in COMPONENTS if count < most}
    best = max(ways, key=lambda count: mean_of_types(ways[count], corpus))
    scores: dict[str, Score] = {
        f"PCA, {best} components": ways[best],
        f"isolation forest, {TREES} trees": lambda rows: -forest.score_samples(coded(rows)),
    }
    return [Rival(name, way, threshold(way, corpus)) for name, way in scores.items()]


def figures(scores: Array, rows: Rows, limit: float) -> dict[str, float]:
    """All figures of one way to score on one split."""
    found = LabelledScores.of(scores, rows.abnormal)
    point = found.at(limit)
    return {
        "auroc": found.curve.auroc,
        "average_precision": found.curve.average_precision,
        "f1": point.f1,
        "accuracy": point.accuracy,
        "recall": point.recall,
        "false_alarm_rate": point.false_rate,
    }


def metrics(scores: Array, rows: Rows, limit: float, split: str) -> list[Metric]:
    """The figures of the network on one split, with 95 % intervals: bootstrap, or Wilson's."""
    return evaluation.metrics(FIGURES, scores, rows.abnormal, limit, split)


def by_family(scores: Array, rows: Rows, limit: float, known: set[str], split: str) -> Table:
    """Recall and AUROC of each family, and of attacks that the training file has and lacks."""
    normal = scores[~rows.abnormal]
    new = rows.abnormal & ~np.isin(rows.labels, [*known])
    groups = {
        family: rows.families == family for family in sorted(set(rows.families[rows.abnormal]))
    }
    groups |= {"attacks that the training file has": rows.abnormal & ~new}
    groups |= {"attacks that it lacks": new}
    table: list[list[str | float | None]] = []
    for name, inside in groups.items():
        if not inside.any():
            continue
        recall, low, high = statistics.proportion(scores[inside] >= limit)
        apart = statistics.auroc(scores[inside], normal)
        table.append([name, float(inside.sum()), recall, low, high, apart])
    columns = ["family", "n", "recall", "low", "high", "auroc"]
    return Table(columns, table, split, len(rows), "fp32")


def prototypes(
    served: Served, learned: Rows, words: dict[str, tuple[str, ...]]
) -> dict[str, Array]:
    """Middles of groups of normal rows in the network's code, and what it makes of them."""
    with torch.no_grad():
        code = served.network.narrow(served.coding(*tensors(learned, words)))
        found = groups(code.numpy())
        made = served.network.widen(torch.from_numpy(found.middles))
        typical, kinds = served.coding.back(made)
    return {
        "prototype_code": found.middles,
        "prototype_typical": typical.numpy(),
        "prototype_kinds": kinds.numpy(),
        "prototype_share": found.share,
        "code_spread": found.spread,
    }
