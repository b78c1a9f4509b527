"""The model `network_intrusion`: is a network connection like the normal ones?

    python -m training.network_intrusion           # choose, train, measure and release
    python -m training.network_intrusion --smoke   # seconds, on made-up connections

An autoencoder on 10,759 normal rows of NSL-KDD's 20 % training file. How wide its middle is and
which error makes the score is chosen by the mean AUROC over the 21 types of attack in that file;
five seeds of the chosen one are measured and seed 0 is released. A network takes ten seconds of one
CPU core, all of it some minutes. What it reaches stands on the card.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from models.card import Card
from training.core.release import release
from training.network_intrusion import data, measure
from training.network_intrusion import release as network_release
from training.network_intrusion.autoencoder import Config, Error, Served, scores, train
from training.network_intrusion.data import Array, Corpus, Rows
from training.network_intrusion.release import FLOORS, Material, Trained

CODES = (8, 16, 32)
ERRORS: tuple[Error, ...] = ("absolute", "squared")
SEEDS = (0, 1, 2, 3, 4)
SMOKE = Config(hidden=16, code=4, epochs=30, batch=64)


def _score(served: Served, words: dict[str, tuple[str, ...]], rows: Rows) -> Array:
    return scores(served, rows, words)


def search(
    config: Config,
    corpus: Corpus,
    codes: tuple[int, ...] = CODES,
    seeds: tuple[int, ...] = SEEDS,
) -> Trained:
    """Train every width, choose by validation, train the seeds of the chosen one."""
    began = time.monotonic()
    whole = data.together(corpus.learned, corpus.normal, corpus.attacks)
    words = data.vocabulary(whole)
    tries: list[list[str | float | None]] = []
    best = -1.0
    for code in codes:
        network, history = train(replace(config, code=code), corpus.learned, words)
        for error in ERRORS:
            served = Served(network.coding, network.network, error).eval()
            score = partial(_score, served, words)
            mean = measure.mean_of_types(score, corpus)
            whole_auroc = measure.judged(score, corpus).curve.auroc
            tries.append([float(code), error, mean, whole_auroc])
            print(f"code {code}, {error} error: {mean:.4f} over types, {whole_auroc:.4f} over rows")
            if mean > best:
                best, chosen = mean, replace(config, code=code, error=error)
                kept = served, history
    trained = {config.seed: kept[0]}
    for seed in seeds:
        if seed not in trained:
            trained[seed] = train(replace(chosen, seed=seed), corpus.learned, words)[0]
    minutes = (time.monotonic() - began) / 60
    return Trained(*kept, chosen, words, minutes, tries, dict(sorted(trained.items())))


def smoke(folder: Path) -> Card:
    """Everything that a release does, in seconds, on made-up connections; into `folder`."""
    tests = {"test": data.made_up(300, 1), "test-21": data.made_up(120, 2)}
    corpus = data.split(data.made_up(900), tests)
    trained = search(SMOKE, corpus, (2, 4), (0, 1))
    return release(
        network_release.draft(Material(trained, corpus), ()), folder / "network_intrusion"
    )


def main() -> None:
    """As the command line says."""
    torch.set_num_threads(1)  # so small a network is slower on two
    parser = argparse.ArgumentParser(description="Train and release `network_intrusion`.")
    parser.add_argument("--smoke", action="store_true", help="all in seconds, made-up rows")
    if parser.parse_args().smoke:
        with tempfile.TemporaryDirectory() as scratch:
            card = smoke(Path(scratch))
    else:
        corpus = data.corpus()
        card = release(network_release.draft(Material(search(Config(), corpus), corpus), FLOORS))
    for split in ("validation", "test", "test-21"):
        print(
            f"{split}: AUROC {card.metric('auroc', split).value:.4f}, "
            f"F1 {card.metric('f1', split).value:.4f}"
        )
