"""Is this card transaction a fraud? One network learned it from labels, one saw none.

    model = catalog.load("card_fraud")
    given = reading.read(tables.read(data))
    found, run = predict(model, given.transactions)
    found.log_odds, found.unusual

Graph `predict`, float32: features [n, 20], see `lookback`, of which each looks back only ->
log_odds of fraud [n], by three networks together; and of an autoencoder: unusual [n], log10 of how
badly it repeats the 7 features about amounts, which need no label; shares [n, 7] of that; typical
[n, 7]: what it makes of the row; code [n, k].
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.card import Precision
from models.card_fraud import lookback
from models.card_fraud.lookback import NAMES, UNLABELLED, Transactions
from models.catalog import Model
from models.engine import Run, infer
from models.explain import features as parts
from models.explain.features import Parts
from models.kinds import prototypes

Array = np.ndarray[Any, Any]
CHUNK = 4_096  # rows at once: one takes microseconds
OUTPUTS = ("log_odds", "unusual", "shares", "typical", "code")


@dataclass(frozen=True)
class Scored:
    """What the networks say of transactions; arrays as in the graph, features as in `lookback`."""

    features: Array
    log_odds: Array
    anomaly_score: Array
    shares: Array
    typical: Array
    code: Array

    @property
    def probability(self) -> Array:
        """Probability of fraud, by the network that learned from labels: float [n]."""
        found: Array = 1 / (1 + np.exp(-self.log_odds.astype(np.float64)))
        return found


def predict(
    model: Model, given: Transactions, precision: Precision | None = None
) -> tuple[Scored, Run]:
    """Scores of transactions in the given order, each by what stands before it in time.

    Raises what `engine.infer` raises.
    """
    return scored(model, lookback.features(given).astype(np.float32), precision)


def scored(model: Model, features: Array, precision: Precision | None = None) -> tuple[Scored, Run]:
    """Scores of features that are made already, float32 [n, 20]."""
    run = infer(model, {"features": features}, graph="predict", precision=precision, chunk=CHUNK)
    return Scored(features, *(run[name] for name in OUTPUTS)), run


def contributions(model: Model, features: Array) -> Parts:
    """What each feature of one transaction [20] adds to its log-odds: sampled Shapley values.

    Against the medians of normal transactions, which stand in for a feature that is left out.
    """
    middle = medians(model)

    def value(masks: Array) -> Array:
        rows = np.where(masks, features, middle).astype(np.float32)
        found: Array = scored(model, rows)[0].log_odds
        return found

    return parts.shapley(value, len(NAMES))


def medians(model: Model) -> Array:
    """The median of each feature in normal training transactions: float32 [20]."""
    rows = {str(row[0]): row for row in model.card.tables["ranges"].rows}
    return np.array([float(rows[name][3] or 0) for name in NAMES], np.float32)


def out_of_range(model: Model, features: Array) -> list[tuple[str, int]]:
    """Features outside of what the networks learned from, and in how many rows."""
    rows = {str(row[0]): row for row in model.card.tables["ranges"].rows}
    found = []
    for i, name in enumerate(NAMES):
        low, high = (np.float32(rows[name][side] or 0) for side in (1, 2))
        reach = np.spacing(np.float32(high))
        outside = (features[:, i] < low - np.spacing(low)) | (features[:, i] > high + reach)
        found.append((name, int(outside.sum())))
    return [pair for pair in found if pair[1]]


@dataclass(frozen=True)
class Prototype:
    """The middle of a group of transactions. values: of the unlabelled features, in their order."""

    values: dict[str, float]
    share: float
    distance: float  # in the autoencoder's code, spreads of the training days


def nearest(model: Model, code: Array, count: int = 3) -> list[Prototype]:
    """The most alike of the groups into which transactions fall. code: [k] of one row."""
    held = model.arrays("evidence.npz")
    names = [NAMES[i] for i in UNLABELLED]
    return [
        Prototype(
            dict(zip(names, map(float, held["prototype_typical"][i]), strict=True)),
            float(held["prototype_share"][i]),
            distance,
        )
        for i, distance in prototypes.nearest(model, code, count)
    ]
