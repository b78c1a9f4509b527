"""The model `card_fraud`: how likely is a card transaction a fraud?

    python -m training.card_fraud           # choose on four folds, train, measure and release
    python -m training.card_fraud --smoke   # seconds, on made-up transactions

The Fraud Detection Handbook's protocol, see data.py: learned from a week of 66,000
transactions. Which features, how many networks together and how wide the autoencoder's middle is
are chosen by mean average precision on four folds. A network takes some seconds of one CPU core,
all of it some minutes. What it reaches stands on the card.
"""

import argparse
import hashlib
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.card import Card, Metric
from models.card_fraud import lookback
from models.card_fraud.lookback import FEATURES
from training.card_fraud import data, measure
from training.card_fraud import release as fraud_release
from training.card_fraud.data import Corpus
from training.card_fraud.measure import HANDBOOK
from training.card_fraud.network import (
    Config,
    Scaling,
    Served,
    alone,
    answers,
    train_autoencoder,
    train_supervised,
)
from training.card_fraud.release import FLOORS, Material, Trained
from training.core.kept import kept
from training.core.release import release

Array = np.ndarray[Any, Any]
SMOKE = Config(hidden=16, members=2, epochs=4, batch=64, code=2, code_epochs=3)
Scores = list[Array]  # of each fold's measured rows


def labelled(
    config: Config, corpus: Corpus, features: Array, run: Path | None
) -> tuple[Scores, Scores]:
    """Each fold's scores by networks that learned from its own training days: together, and by
    the first of them alone. run: a folder where a killed run goes on."""

    def both(start: int) -> Array:
        split = data.split(corpus, start)
        served = Served(config, Scaling(features[split.learned])).eval()
        train_supervised(served, features[split.learned], corpus.fraud[split.learned])
        asked = features[split.measured]
        return np.stack([answers(served, asked)[0], alone(served, asked)[0]])

    whole, first = [], []
    for start in corpus.folds:
        made = repr((config, start, features.shape)).encode()
        file = run and run / f"{hashlib.sha256(made).hexdigest()[:16]}.npy"
        together, one = kept(file, partial(both, start))
        whole.append(together)
        first.append(one)
    return whole, first


def unlabelled(config: Config, corpus: Corpus, features: Array) -> Scores:
    """The same by an autoencoder that sees no label."""
    found = []
    for start in corpus.folds:
        split = data.split(corpus, start)
        served = Served(replace(config, members=1), Scaling(features[split.learned])).eval()
        train_autoencoder(served, features[split.learned])
        found.append(answers(served, features[split.measured])[1])
    return found


def _row(corpus: Corpus, scores: Scores, network: str, choice: str) -> list[str | float | None]:
    """A row of the table of tries: the mean over the folds of each figure."""
    each = [
        [*measure.figures(corpus, data.split(corpus, start).measured, one).values()]
        for start, one in zip(corpus.folds, scores, strict=True)
    ]
    means = [float(value) for value in np.mean(each, 0)]
    print(
        f"{network}, {choice}: average precision {means[0]:.4f}, AUROC {means[1]:.4f}", flush=True
    )
    return [network, choice, *means]


def search(
    config: Config,
    corpus: Corpus,
    features: Array,
    codes: tuple[int, ...] = (1, 2, 3),
    run: Path | None = None,
) -> Trained:
    """Choose on the folds, then train on the days of the release."""
    began = time.monotonic()
    tries: list[list[str | float | None]] = []
    many = replace(config, features=len(FEATURES))
    ways = {
        "the handbook's 15 features, one network": replace(config, features=HANDBOOK, members=1),
        f"{len(FEATURES)} features, one network": replace(many, members=1),
        f"{len(FEATURES)} features, {config.members} networks": many,
    }
    names = [*ways]
    found = {names[0]: labelled(ways[names[0]], corpus, features, run)[0]}
    found[names[2]], found[names[1]] = labelled(many, corpus, features, run)
    found = {name: found[name] for name in names}
    tries += [_row(corpus, scores, "with labels", name) for name, scores in found.items()]
    best = max(zip(ways, tries, strict=True), key=lambda pair: float(pair[1][2] or 0))[0]
    own = {code: unlabelled(replace(config, code=code), corpus, features) for code in codes}
    rows = [
        _row(corpus, scores, "without labels", f"{code} numbers in the middle")
        for code, scores in own.items()
    ]
    code = max(zip(codes, rows, strict=True), key=lambda pair: float(pair[1][2] or 0))[0]
    chosen = replace(ways[best], code=code)
    measured = [data.split(corpus, start).measured for start in corpus.folds]
    fraud = corpus.fraud[np.concatenate(measured)]
    limits = tuple(
        fraud_release.limit(np.concatenate(scores), fraud) for scores in (found[best], own[code])
    )
    name, split = "average_precision", "validation: mean of four folds"
    metrics = [
        Metric(name, float(row[2] or 0), f"{split}{more}", len(fraud), "fp32")
        for row, more in (
            (tries[[*ways].index(best)], ""),
            (rows[codes.index(code)], ", autoencoder without labels"),
        )
    ]
    served, history = _final(chosen, corpus, features)
    minutes = (time.monotonic() - began) / 60
    return Trained(
        served, history, chosen, (limits[0], limits[1]), metrics, minutes, [*tries, *rows]
    )


def _final(
    config: Config, corpus: Corpus, features: Array
) -> tuple[Served, list[dict[str, float]]]:
    """The networks of the release, and their losses by epoch."""
    rows = data.split(corpus, corpus.start).learned
    served = Served(config, Scaling(features[rows])).eval()
    losses = train_supervised(served, features[rows], corpus.fraud[rows])
    other = train_autoencoder(served, features[rows])
    history = [{"epoch": float(i + 1), "train_loss": loss} for i, loss in enumerate(losses)]
    history += [{"epoch": float(i + 1), "autoencoder_loss": loss} for i, loss in enumerate(other)]
    return served.requires_grad_(False).eval(), history


def smoke(folder: Path) -> Card:
    """Everything that a release does, in seconds, on made-up transactions; into `folder`."""
    corpus = data.made_up()
    features = lookback.features(corpus.transactions)
    trained = search(SMOKE, corpus, features, (2,))
    return release(
        fraud_release.draft(Material(trained, corpus, features), ()), folder / "card_fraud"
    )


def main() -> None:
    """As the command line says."""
    torch.set_num_threads(1)  # so small a network is slower on two
    parser = argparse.ArgumentParser(description="Train and release the model `card_fraud`.")
    parser.add_argument("--smoke", action="store_true", help="all in seconds, made-up rows")
    parser.add_argument(
        "--run", type=Path, default=Path("runs/card_fraud"), help="where it goes on"
    )
    given = parser.parse_args()
    if given.smoke:
        with tempfile.TemporaryDirectory() as scratch:
            card = smoke(Path(scratch))
    else:
        corpus = data.corpus()
        features = lookback.features(corpus.transactions)
        trained = search(Config(), corpus, features, run=given.run)
        card = release(fraud_release.draft(Material(trained, corpus, features), FLOORS))
    for split in ("test", fraud_release.WITHOUT):
        print(f"{split}: average precision {card.metric('average_precision', split).value:.4f}")
