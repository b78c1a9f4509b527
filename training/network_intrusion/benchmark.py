"""The benchmark of `network_intrusion`: connections, from bytes to scores.

Against scikit-learn's isolation forest and the same network in PyTorch eager, in the same run, on
made-up rows: what is in them does not change the time.
"""

import csv
import io
from functools import partial

import torch
from sklearn.ensemble import IsolationForest

from models import catalog, network_intrusion
from models.decode import tables as csv_tables
from models.network_intrusion import Connections, reading
from models.network_intrusion.schema import CATEGORIES, NAMES, NUMBERS
from training.core.timed import Tables
from training.kinds.anomaly import benchmark
from training.network_intrusion import data as network_data
from training.network_intrusion.autoencoder import Autoencoder, Coding, Config, Served

CONNECTIONS = 22_544  # as many as KDDTest+ has
KINDS = 1_024  # different made-up rows among them


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


def tables() -> Tables:
    """Connections from bytes to scores; the rivals take the rows as they are read."""
    model = catalog.load("network_intrusion")
    data = connections()
    rows = reading.read(model, csv_tables.read(data))
    made = network_data.made_up(KINDS)
    words = network_intrusion.words(model)
    coding = Coding(made, words)
    settings = model.card.training.config
    network = Autoencoder(coding.width, settings["hidden"], settings["code"])
    eager = Served(coding, network, Config().error).eval().requires_grad_(False)
    given = torch.from_numpy(rows.numbers), torch.from_numpy(rows.categories)
    with torch.inference_mode():
        coded = coding(*given).numpy()
    forest = IsolationForest(n_estimators=benchmark.TREES, random_state=0).fit(coded[:KINDS])

    def by_pytorch(table: bool, count: int) -> None:
        if table:
            reading.read(model, csv_tables.read(data))
        with torch.inference_mode():
            eager(given[0][:count], given[1][:count])

    def by_forest(table: bool, count: int) -> None:
        if table:
            reading.read(model, csv_tables.read(data))
        forest.score_samples(coded[:count])

    def by_us(table: bool, count: int) -> None:
        if table:
            network_intrusion.predict(model, reading.read(model, csv_tables.read(data)))
            return
        one = Connections(rows.numbers[:count], rows.categories[:count])
        network_intrusion.predict(model, one)

    found = []
    for what, table, count, least in (
        (f"{CONNECTIONS:,} rows, CSV to scores", True, CONNECTIONS, 3),
        ("one row", False, 1, 20),
    ):
        forest_way, eager_way, our_way = (
            partial(way, table, count) for way in (by_forest, by_pytorch, by_us)
        )
        found.append(benchmark.row(model.card.name, what, (forest_way, eager_way, our_way), least))
    return {benchmark.ROWS: found}
