"""The benchmark's rows of tables: connections and transactions, from bytes to scores.

Against scikit-learn's isolation forest and the same networks in PyTorch eager, in the same run, on
made-up rows: what is in them does not change the time.
"""

import csv
import io
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from sklearn.ensemble import IsolationForest

from models import card_fraud, network_intrusion
from models.card_fraud import lookback
from models.catalog import Model
from models.decode import tables
from models.network_intrusion import Connections, reading
from models.network_intrusion.schema import CATEGORIES, NAMES, NUMBERS
from training.card_fraud import data as fraud_data
from training.card_fraud.network import Config as FraudConfig
from training.card_fraud.network import Scaling
from training.card_fraud.network import Served as FraudServed
from training.network_intrusion import data as network_data
from training.network_intrusion.autoencoder import Autoencoder, Coding, Config, Served

Array = np.ndarray[Any, Any]
Timer = Callable[..., Array]
CONNECTIONS = 22_544  # as many as KDDTest+ has
KINDS = 1_024  # different made-up rows among them
TREES = 300


def connections(count: int = CONNECTIONS) -> bytes:
    """Made-up connections as a CSV."""
    made = network_data.made_up(min(count, KINDS))
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(NAMES)
    for i in range(count):
        row = i % len(made)
        cells = dict(zip(NUMBERS, (f"{value:g}" for value in made.numbers[row]), strict=True))
        cells |= dict(zip(CATEGORIES, made.words[row].tolist(), strict=True))
        writer.writerow([cells[name] for name in NAMES])
    return file.getvalue().encode()


def _row(name: str, what: str, others: tuple[Array, Array], ours: Array) -> str:
    """A Markdown row: the isolation forest, PyTorch, ours, times as fast as PyTorch."""
    forest, eager, median = (float(np.median(times)) * 1e3 for times in (*others, ours))
    return (
        f"| `{name}` | {what} | {forest:.1f} | {eager:.1f} | {median:.1f} | {eager / median:.1f} |"
    )


def network_rows(model: Model, seconds: Timer) -> list[str]:
    """Connections from bytes to scores; the rivals take the rows as they are read."""
    data = connections()
    rows = reading.read(model, tables.read(data))
    made = network_data.made_up(KINDS)
    words = network_intrusion.words(model)
    coding = Coding(made, words)
    settings = model.card.training.config
    network = Autoencoder(coding.width, settings["hidden"], settings["code"])
    eager = Served(coding, network, Config().error).eval().requires_grad_(False)
    given = torch.from_numpy(rows.numbers), torch.from_numpy(rows.categories)
    with torch.inference_mode():
        coded = coding(*given).numpy()
    forest = IsolationForest(n_estimators=TREES, random_state=0).fit(coded[:KINDS])

    def by_pytorch(table: bool, count: int) -> None:
        if table:
            reading.read(model, tables.read(data))
        with torch.inference_mode():
            eager(given[0][:count], given[1][:count])

    def by_forest(table: bool, count: int) -> None:
        if table:
            reading.read(model, tables.read(data))
        forest.score_samples(coded[:count])

    def by_us(table: bool, count: int) -> None:
        if table:
            network_intrusion.predict(model, reading.read(model, tables.read(data)))
            return
        one = Connections(rows.numbers[:count], rows.categories[:count])
        network_intrusion.predict(model, one)

    found = []
    for what, table, count, least in (
        (f"{CONNECTIONS:,} rows, CSV to scores", True, CONNECTIONS, 3),
        ("one row", False, 1, 20),
    ):
        others = (
            seconds(partial(by_forest, table, count), least=least),
            seconds(partial(by_pytorch, table, count), least=least),
        )
        ours = seconds(partial(by_us, table, count), least=least)
        found.append(_row(model.card.name, what, others, ours))
    return found


def fraud_rows(model: Model, seconds: Timer) -> list[str]:
    """One transaction with its past of 240, and a table of 14,400, from fields to scores."""
    corpus = fraud_data.made_up()
    whole = corpus.transactions
    features = lookback.features(whole)
    settings = model.card.training.config
    config = FraudConfig(**{k: v for k, v in settings.items() if k != "unlabelled"})
    eager = FraudServed(config, Scaling(features)).eval().requires_grad_(False)
    forest = IsolationForest(n_estimators=TREES, random_state=0).fit(features[:KINDS])

    def by_pytorch(rows: Array) -> None:
        made = lookback.features(whole.take(rows)).astype(np.float32)
        with torch.inference_mode():
            eager(torch.from_numpy(made))

    def by_forest(rows: Array) -> None:
        forest.score_samples(lookback.features(whole.take(rows)))

    def by_us(rows: Array) -> None:
        card_fraud.predict(model, whole.take(rows))

    own = np.flatnonzero(whole.customer == 0)
    found = []
    for what, rows, least in (
        (f"one transaction with its card's {len(own)}", own, 20),
        (f"{len(whole):,} transactions", np.arange(len(whole)), 3),
    ):
        others = (
            seconds(partial(by_forest, rows), least=least),
            seconds(partial(by_pytorch, rows), least=least),
        )
        ours = seconds(partial(by_us, rows), least=least)
        found.append(_row(model.card.name, what, others, ours))
    return found
