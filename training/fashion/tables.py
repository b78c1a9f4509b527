"""What the test pictures came to, class by class and picture by picture."""

from typing import Any

import numpy as np

from models.card import Table
from models.fashion.baselines import LABELS
from training.core import statistics

Array = np.ndarray[Any, Any]
SHOWN_PER_CELL = 6  # test pictures kept for each cell of the confusion matrix


def tables(shares: Array, labels: Array) -> dict[str, Table]:
    """Confusion matrix, per-class figures, reliability and the most certain mistakes."""
    answers, n = shares.argmax(1), len(labels)
    matrix = np.zeros((10, 10))
    np.add.at(matrix, (labels, answers), 1)
    right, asked, given = matrix.diagonal(), matrix.sum(1), matrix.sum(0)
    names = list(LABELS)
    per_class: list[list[str | float | None]] = [
        [name, right[i] / max(asked[i], 1), right[i] / max(given[i], 1), asked[i]]
        for i, name in enumerate(names)
    ]
    wrong = np.flatnonzero(answers != labels)
    worst = wrong[np.argsort(-shares[wrong].max(1), kind="stable")][:40]
    mistakes: list[list[str | float | None]] = [
        [float(i), names[labels[i]], names[answers[i]], float(shares[i].max())] for i in worst
    ]
    bins: list[list[str | float | None]] = statistics.reliability(shares, labels).tolist()
    columns = ["probability", "accuracy", "count"]
    return {
        "confusion": Table(
            ["label", *names],
            [[name, *row] for name, row in zip(names, matrix.tolist(), strict=True)],
            "test",
            n,
            "int8",
        ),
        "per_class": Table(["class", "recall", "precision", "n"], per_class, "test", n, "int8"),
        "reliability": Table(columns, bins, "test", n, "int8"),
        "mistakes": Table(
            ["test picture", "label", "answer", "probability"], mistakes, "test", n, "int8"
        ),
    }


def examples(pictures: Array, labels: Array, shares: Array) -> dict[str, Array]:
    """A few test pictures for each cell of the confusion matrix, surest first."""
    answers, sure = shares.argmax(1), shares.max(1)
    kept: list[int] = []
    for label in range(10):
        for answer in range(10):
            cell = np.flatnonzero((labels == label) & (answers == answer))
            kept += cell[np.argsort(-sure[cell], kind="stable")][:SHOWN_PER_CELL].tolist()
    return {
        "example_pictures": pictures[kept],
        "example_rows": np.array(kept),
        "example_labels": labels[kept],
        "example_answers": answers[kept].astype(np.uint8),
        "example_shares": sure[kept],
    }
