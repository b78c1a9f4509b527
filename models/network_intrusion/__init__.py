"""Is this network connection like the normal ones? An autoencoder that learned those alone.

    model = catalog.load("network_intrusion")
    rows = reading.read(model, tables.read(data))
    found, run = predict(model, rows)
    found.score, found.alarm(model.card.settings["threshold"].value)

Graph `predict`, float32 where not said otherwise: numbers [n, 38], categories int64 [n, 3] (-1 for
a word that it never met) -> score [n]: log10 of how badly the row is repeated; shares [n, 41]: each
column's part of that; typical [n, 38] and kinds [n, words]: what normal would have been there;
code [n, 32]: the row in the middle of the network.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.card import Precision
from models.catalog import Model
from models.decode.labels import Labels
from models.engine import Run, infer
from models.kinds import prototypes
from models.network_intrusion.schema import CATEGORIES, COLUMNS, NUMBERS

Array = np.ndarray[Any, Any]
CHUNK = 4_096  # rows at once: one takes microseconds


@dataclass(frozen=True)
class Connections:
    """Rows as the graph takes them. numbers float32 [n, 38], categories int64 [n, 3].

    labels: what a file says of each, normal or an attack, or None. notes: what was done to the
    file, in words for the visitor. numbered: where each row stands in it.
    """

    numbers: Array
    categories: Array
    labels: Labels | None = None
    notes: tuple[str, ...] = ()
    numbered: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True)
class Scored:
    """What the network says of rows; arrays as in the graph."""

    score: Array
    shares: Array
    typical: Array
    kinds: Array
    code: Array

    def alarm(self, threshold: float) -> Array:
        """Whose score is at least the threshold: bool [n]."""
        found: Array = self.score >= threshold
        return found


def predict(
    model: Model, rows: Connections, precision: Precision | None = None
) -> tuple[Scored, Run]:
    """Scores of rows, and what the run took. Raises what `engine.infer` raises."""
    run = infer(
        model,
        {"numbers": rows.numbers, "categories": rows.categories},
        graph="predict",
        precision=precision,
        chunk=CHUNK,
    )
    return Scored(*(run[name] for name in ("score", "shares", "typical", "kinds", "code"))), run


def words(model: Model) -> dict[str, tuple[str, ...]]:
    """The words of each category that the network knows, in the order of their codes."""
    rows = model.card.tables["words"].rows
    return {name: tuple(str(row[1]) for row in rows if row[0] == name) for name in CATEGORIES}


def usual(model: Model, typical: Array, kinds: Array) -> list[str | float]:
    """One row as the network would have expected it, in the order of the columns."""
    known, begin = words(model), 0
    said: dict[str, str | float] = dict(zip(NUMBERS, map(float, typical), strict=True))
    for name in CATEGORIES:
        end = begin + len(known[name])
        said[name] = known[name][int(np.argmax(kinds[begin:end]))]
        begin = end
    return [said[column.name] for column in COLUMNS]


@dataclass(frozen=True)
class Prototype:
    """The middle of a group of normal rows, in words of a row. share: of the normal ones."""

    values: list[str | float]
    share: float
    distance: float  # in the network's code, spreads of the normal rows


def nearest(model: Model, code: Array, count: int = 3) -> list[Prototype]:
    """The most alike of the groups into which normal rows fall. code: [32] of one row."""
    held = model.arrays("evidence.npz")
    return [
        Prototype(
            usual(model, held["prototype_typical"][i], held["prototype_kinds"][i]),
            float(held["prototype_share"][i]),
            distance,
        )
        for i, distance in prototypes.nearest(model, code, count)
    ]


def out_of_range(model: Model, rows: Connections) -> list[tuple[str, int]]:
    """Columns in which rows lie outside of what the network learned from, and in how many rows.

    Numbers below the least or above the largest normal one; words that no normal row had.
    """
    found = []
    ranges = {str(row[0]): row for row in model.card.tables["ranges"].rows}
    for i, name in enumerate(NUMBERS):
        low, high = (float(cell or 0) for cell in ranges[name][1:3])
        outside = (rows.numbers[:, i] < low) | (rows.numbers[:, i] > np.nextafter(high, np.inf))
        found.append((name, int(outside.sum())))
    counts = {(str(row[0]), str(row[1])): row[2] for row in model.card.tables["words"].rows}
    for i, (name, known) in enumerate(words(model).items()):
        # The place of an unknown word, -1, is the last of these.
        met = np.array([bool(counts[name, word]) for word in known] + [False])
        found.append((name, int((~met[rows.categories[:, i]]).sum())))
    return [pair for pair in found if pair[1]]
