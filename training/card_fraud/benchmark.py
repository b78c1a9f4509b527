"""The benchmark of `card_fraud`: transactions, from fields to scores.

Against scikit-learn's isolation forest and the same network in PyTorch eager, in the same run, on
made-up rows: what is in them does not change the time.
"""

from functools import partial

import numpy as np
import torch
from sklearn.ensemble import IsolationForest

from models import card_fraud, catalog
from models.card_fraud import lookback
from training.card_fraud import data
from training.card_fraud.network import Config, Scaling, Served
from training.core.timed import Array, Tables
from training.kinds.anomaly import benchmark

FITTED = 1_024  # rows of which the forest is made


def tables() -> Tables:
    """One transaction with its past of 240, and a table of 14,400, from fields to scores."""
    model = catalog.load("card_fraud")
    corpus = data.made_up()
    whole = corpus.transactions
    features = lookback.features(whole)
    settings = model.card.training.config
    config = Config(**{k: v for k, v in settings.items() if k != "unlabelled"})
    eager = Served(config, Scaling(features)).eval().requires_grad_(False)
    forest = IsolationForest(n_estimators=benchmark.TREES, random_state=0).fit(features[:FITTED])

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
        forest_way, eager_way, our_way = (
            partial(way, rows) for way in (by_forest, by_pytorch, by_us)
        )
        found.append(benchmark.row(model.card.name, what, (forest_way, eager_way, our_way), least))
    return {benchmark.ROWS: found}
