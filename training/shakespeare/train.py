"""The model `shakespeare`: plays, character by character, by the code of text_prediction.

    python -m training.shakespeare                 # goes on where a killed run stopped
    python -m training.shakespeare --again         # releases the committed weights anew
    torchrun --nproc-per-node 4 -m training.shakespeare
    python -m training.shakespeare --smoke         # seconds, on made-up texts

Nine tenths of Tiny Shakespeare are the training part; its last 5 % choose the epoch whose weights
are kept. The usual last tenth is scored once, by the release: 1.64 nats a character, after 29
minutes on two CPU cores that had other work too (AMD EPYC, bf16, torch 2.13).
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from models.card import Card, Data, Metric
from training import sources
from training.core.distributed import is_main
from training.core.release import release
from training.kinds.language import data
from training.kinds.language import release as text_release
from training.kinds.language.data import Corpus
from training.kinds.language.training import Config, Trained, released, train, training_of

CONFIG = Config(
    epochs=38,
    batch=32,
    window=128,
    windows=80,
    warmup=0.05,
    rate=3e-3,
    weight_decay=0.05,
    width=128,
    hidden=512,
    layers=2,
    dropout=0.3,  # more than in text_prediction: the network reads each line 13 times
    vocabulary=0,  # characters
)
SMOKE = replace(CONFIG, epochs=2, batch=4, windows=20, window=16, width=16, hidden=24, bf16=False)
README = "README of github.com/karpathy/nanoGPT"
URL = "https://github.com/karpathy/char-rnn"


def card_of(trained: Trained, config: Config, corpus: Corpus) -> Card:
    """What is said of the model, without what is measured."""
    source = sources.DATA["tinyshakespeare"]
    (learned,), (chosen,), (tested,) = (
        corpus.train,
        *corpus.validation.values(),
        *corpus.test.values(),
    )
    return Card(
        name="shakespeare",
        title="Shakespeare",
        summary="A recurrent network that learned to write plays, character by character.",
        task="A text in, the probability of each character to come next out.",
        limits=[
            "It learned a million characters of Shakespeare's plays and knows no other text.",
            "It spells and lays out a play; what its figures say means nothing.",
            "Characters that do not stand in those plays, as most digits, are all one to it.",
            "nanoGPT's figures were chosen on the part that they are measured on; ours was not.",
        ],
        labels=[],
        data=[
            Data(source.title, source.licence, URL, split, len(text))
            for split, text in (
                ("train, characters", learned),
                ("validation: chose the epoch, characters", chosen),
                ("test: scored once, characters", tested),
            )
        ],
        weights=None,
        graphs={},
        serves={"cpu": "int8", "cuda": "int8"},
        metrics=[
            Metric(
                "nats_per_character",
                value,
                f"test, by {who}",
                len(tested),
                "fp32",
                source=f"published: {README}",
            )
            for who, value in (
                ("a transformer of 10.65 M weights on an A100", 1.4697),
                ("a transformer on a CPU in three minutes", 1.88),
            )
        ],
        tables={},
        settings={},
        history=trained.history,
        training=training_of("shakespeare", trained, config),
        files={},
    )


def make(
    config: Config, corpus: Corpus, run: Path, folder: Path | None, plan: text_release.Plan
) -> Card | None:
    """Train, or go on; process 0 releases into `models/shakespeare` or `folder`."""
    trained = train(config, corpus, run)
    return publish(trained, config, corpus, folder, plan) if is_main() else None


def publish(
    trained: Trained, config: Config, corpus: Corpus, folder: Path | None, plan: text_release.Plan
) -> Card:
    """Release finished weights into `models/shakespeare` or `folder`."""
    material = text_release.Material(trained.network, trained.tokenizer, corpus, plan)
    made = text_release.draft(card_of(trained, config, corpus), material, must=folder is None)
    return release(made, folder)


def smoke(folder: Path) -> Card:
    """Everything in seconds, on made-up texts; releases into `folder`."""
    texts = data.made_up(300).train
    parts = ["\n".join(texts[a:b]) for a, b in ((0, 250), (250, 265), (265, 280))]
    corpus = Corpus(parts[:1], {"plays": parts[1:2]}, {"plays": parts[2:]}, {"plays": 1})
    plan = text_release.Plan(written=4, length=40, reach=8, stretch=100)
    card = make(SMOKE, corpus, folder / "run", folder / "shakespeare", plan)
    assert card is not None
    return card


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser(description="Train and release the model `shakespeare`.")
    parser.add_argument("--smoke", action="store_true", help="all of it in seconds, made-up texts")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of all runs")
    parser.add_argument("--run", type=Path, help="train alone, with the checkpoint there")
    parser.add_argument("--again", action="store_true", help="release the same weights anew")
    given = parser.parse_args()
    if given.smoke:
        with tempfile.TemporaryDirectory() as scratch:
            card = smoke(given.run or Path(scratch))
        print(f"nats a character {card.metric('nats_per_character', 'test').value:.3f}, made-up")
        return
    run = given.run or given.runs / "shakespeare"
    if given.run:
        train(CONFIG, data.plays(), run)
        return
    corpus, plan = data.plays(), text_release.Plan()
    if given.again:
        made: Card | None = publish(*released("shakespeare"), corpus, None, plan)
    else:
        made = make(CONFIG, corpus, run, None, plan)
    if made is not None:
        print(f"nats a character {made.metric('nats_per_character', 'test').value:.3f}")
