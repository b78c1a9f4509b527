"""The model `sentiment`: did the writer of a film review like it?

    python -m training.sentiment                 # goes on where a killed run stopped
    python -m training.sentiment --run runs/one-more --seed 1   # training alone, no release
    torchrun --nproc-per-node 4 -m training.sentiment
    python -m training.sentiment --smoke         # seconds, on made-up reviews

It answers 92.2 % of 24,996 test reviews rightly and is on the right side of one half with 81 % of
140 short sentences of ours, after 82 minutes on one CPU core of two that had other work too (AMD
EPYC, bf16, torch 2.13). From reviews alone, in fp32, it had 92.2 % and 71 %.

It begins as the released text_prediction, which learned to expect the next word of the same
reviews; its memory is trained on with a new end, on stretches of 256 subwords, then with sentences
too (training/sentiment/short.py). Beside it stand weights of all runs of one to three subwords,
learned apart (training/sentiment/ngrams.py).
"""

import argparse
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models import catalog
from models.card import Card
from models.kinds.language.reading import Vocabulary
from training.core import loop, statistics
from training.core.distributed import is_main
from training.core.release import release
from training.kinds.language import data as text_data
from training.kinds.language import onnx_lstm
from training.kinds.language.network import Network
from training.sentiment import data as sentiment_data
from training.sentiment import figures as sentiment_figures
from training.sentiment import ngrams
from training.sentiment import release as sentiment_release
from training.sentiment import short as sentiment_short
from training.sentiment.data import Corpus, Reviews
from training.sentiment.network import Judge
from training.sentiment.ngrams import Runs
from training.sentiment.release import FLOORS, Material, Trained
from training.sentiment.short import Known

Array = np.ndarray[Any, Any]
FROM = "text_prediction"


@dataclass(frozen=True)
class Config(loop.LoopConfig):
    """Every choice that makes one run."""

    epochs: int = 3
    batch: int = 64
    crop: int = 256  # ids of a review in one step; another stretch of it in each epoch
    rate: float = 1e-3
    weight_decay: float = 0.01
    longest: int = 1_000  # ids of a validation review
    clip: float = 1.0
    dropout: float = 0.3
    dropped_words: float = 0.1
    ema_decay: float = 0.99
    bf16: bool = True


SMOKE = Config(epochs=2, batch=16, crop=40, rate=1e-2, ema_decay=0.9, bf16=False)
SHARE = 0.8  # of the way to what was learned last; on validation texts 0.7 to 1 were tried
# After the reviews: sentences beside many reviews, then more of them beside fewer.
SHORT = (
    sentiment_short.Config(),
    sentiment_short.Config(
        epochs=1,
        parts=15,
        batch=8,
        crop=128,
        cut=3_000,
        weight=4.0,
        dropout=0.1,
        longest=150,
        ema_decay=0.95,
    ),
)


def figures(odds: Array, reviews: Reviews) -> dict[str, float]:
    """Accuracy and cross-entropy on validation reviews."""
    side = 2 * reviews.liked - 1
    return {
        "validation_accuracy": float(((odds > 0) == (reviews.liked > 0)).mean()),
        "validation_loss": float(np.logaddexp(0, -side * odds).mean()),
    }


def train(
    config: Config, network: Network, file: str, corpus: Corpus, run: Path
) -> tuple[Judge, list[dict[str, float]]]:
    """Train on reviews, or go on: the network and what was recorded.

    network: what it begins as; file: its `tokenizer.json`.
    """
    torch.manual_seed(config.seed)
    vocabulary = Vocabulary(file)

    def read(reviews: Reviews) -> list[Array]:
        return text_data.encoded(vocabulary, [vocabulary.normal(text) for text in reviews.texts])

    learned, held = read(corpus.train), read(corpus.validation)
    liked = torch.from_numpy(corpus.train.liked).float()
    judge = Judge(network, config.dropout, config.dropped_words)
    optimiser = torch.optim.AdamW(
        judge.parameters(), config.rate, (0.9, 0.99), weight_decay=config.weight_decay, fused=True
    )

    loop.clip(optimiser, judge, config.clip)

    def draw(indices: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
        ids, lengths = sentiment_data.stretches(
            [learned[i] for i in indices], config.crop, generator
        )
        return ids, lengths, liked[indices]

    def loss(module: nn.Module, batch: tuple[Tensor, ...]) -> dict[str, Tensor]:
        ids, lengths, right = batch
        odds = module(ids, lengths)
        hits = ((odds > 0) == (right > 0)).float().mean()
        return {"loss": F.binary_cross_entropy_with_logits(odds, right), "train_accuracy": hits}

    def judged(module: nn.Module) -> dict[str, float]:
        assert isinstance(module, Judge)
        return figures(sentiment_figures.odds(module, held, config.longest), corpus.validation)

    result = loop.fit(
        judge,
        optimiser,
        loss,
        loop.Batches(len(learned), draw),
        config=config,
        run=run,
        evaluate=judged,
    )
    kept = result.module.cpu().eval()
    assert isinstance(kept, Judge)
    return kept, result.history


def calibrated(judge: Judge, runs: Runs, vocabulary: Vocabulary, corpus: Corpus) -> Known:
    """Network and runs with the temperature of their sum on validation reviews."""
    held = sentiment_short.encoded(vocabulary, corpus.validation.texts)
    odds = sentiment_figures.together(judge, runs, held)
    logits = np.stack([-odds / 2, odds / 2], 1)
    temperature = statistics.temperature(logits, corpus.validation.liked)
    return Known(judge, runs, temperature, vocabulary)


def trained(
    configs: tuple[Config, tuple[sentiment_short.Config, ...]],
    network: Network,
    file: str,
    corpus: Corpus,
    run: Path,
) -> Trained:
    """One after the other. network: what it begins as; file: its `tokenizer.json`."""
    config, short = configs
    judge, history = train(config, network, file, corpus, run / "reviews")
    vocabulary = Vocabulary(file)
    learned = sentiment_short.encoded(vocabulary, corpus.train.texts)
    runs = ngrams.learn(vocabulary, learned, corpus.train.liked)
    known = calibrated(judge, runs, vocabulary, corpus)
    for number, one in enumerate(short, 1):
        begun_as = replace(known, judge=judge)
        judge, steps = sentiment_short.train(one, begun_as, corpus, run / f"sentences-{number}")
        history = [*history, *({**row, "epoch": row["epoch"] + len(history)} for row in steps)]
    last = sentiment_short.between(known.judge, judge, SHARE)
    made = {**asdict(config), "then": [asdict(one) for one in short], "share": SHARE}
    return Trained(last, runs, file, history, made)


def begun() -> tuple[Network, str]:
    """The network that it begins as, and its `tokenizer.json`: the released ones."""
    model = catalog.load(FROM)
    graph = model.card.graph("step", "int8")
    return onnx_lstm.loaded(model.graph_bytes(graph)), model.text("tokenizer.json")


def smoke(folder: Path) -> Card:
    """Everything that a release does, in seconds, on made-up reviews; into `folder`."""
    corpus = sentiment_data.made_up(240)
    file = text_data.subwords(corpus.train.texts + corpus.shown["requests"], 400)
    network = Network(Vocabulary(file).size, 16, 24)
    made = trained((SMOKE, (sentiment_short.SMOKE,)), network, file, corpus, folder / "run")
    material = Material(made, corpus, reach=8, short=80)
    return release(sentiment_release.draft(material, ()), folder / "sentiment")


def main() -> None:
    """As the command line says: train and release, one run alone, or a smoke test."""
    parser = argparse.ArgumentParser(description="Train and release the model `sentiment`.")
    parser.add_argument("--smoke", action="store_true", help="all of it in seconds, made-up texts")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of all runs")
    parser.add_argument("--run", type=Path, help="train alone, with the checkpoint there")
    parser.add_argument("--seed", type=int, default=0, help="of a run alone")
    given = parser.parse_args()
    if given.smoke:
        with tempfile.TemporaryDirectory() as scratch:
            card = smoke(given.run or Path(scratch))
        print(f"accuracy {card.metric('accuracy', 'test').value:.3f}, made-up reviews")
        return
    corpus, seed = sentiment_data.reviews(), given.seed
    configs = Config(seed=seed), tuple(replace(one, seed=seed) for one in SHORT)
    made = trained(configs, *begun(), corpus, given.run or given.runs / "sentiment")
    if given.run or not is_main():
        return
    card = release(sentiment_release.draft(Material(made, corpus), FLOORS))
    print(f"accuracy {card.metric('accuracy', 'test').value:.4f}")
