"""The model `text_prediction`: what comes next in a text, learned from nothing.

    python -m training.text_prediction             # goes on where a killed run stopped
    python -m training.text_prediction --run runs/one-more      # training alone, no release
    python -m training.text_prediction --again     # releases the committed weights anew
    torchrun --nproc-per-node 4 -m training.text_prediction
    python -m training.text_prediction --smoke     # seconds, on made-up texts

It reaches a word perplexity of 413 on 1,000 held-out film reviews (a modified Kneser-Ney 5-gram on
the same subwords and texts: 595) and of 94 on 1,000 held-out sentences (127), after 19 million
subwords in 71 minutes on two CPU cores that had other work too (AMD EPYC, bf16, torch 2.13); its
release takes a quarter of an hour more.

One layer of long short-term memory between two uses of one embedding, 5.4 million weights, over
8,000 byte-level subwords. Film reviews and everyday sentences teach it; what also stands in the
test half of the reviews is left out, and sentences are split by distinct sentence.
"""

import argparse
import tempfile
from pathlib import Path

from models.card import Card, Data
from training import sources
from training.core.distributed import is_main
from training.core.release import release
from training.kinds.language import data
from training.kinds.language import release as text_release
from training.kinds.language.data import Corpus
from training.kinds.language.training import Config, Trained, released, train, training_of

SMOKE = Config(
    epochs=2,
    batch=4,
    window=16,
    windows=30,
    width=16,
    hidden=24,
    vocabulary=320,
    bf16=False,
)
SOURCES = {
    "reviews": ("imdb", "https://ai.stanford.edu/~amaas/data/sentiment/"),
    "sentences": ("fra-eng", "https://www.manythings.org/anki/"),
}


def data_lines(corpus: Corpus, plan: text_release.Plan) -> list[Data]:
    """What the model learned from and was measured on, for the card."""
    lines = []
    for kind, (name, url) in SOURCES.items():
        source = sources.DATA[name]
        for split, n in (
            ("train", corpus.learned[kind]),
            ("validation: every choice", len(corpus.validation[kind])),
            ("test: scored once", len(corpus.test[kind][: plan.texts])),
        ):
            lines.append(Data(source.title, source.licence, url, split, n))
    return lines


def card_of(trained: Trained, config: Config, corpus: Corpus, plan: text_release.Plan) -> Card:
    """What is said of the model, without what is measured."""
    return Card(
        name="text_prediction",
        title="Text prediction",
        summary="A recurrent network that learned to expect the next word from film reviews and "
        "everyday sentences.",
        task="A text in, the probability of each of 8,000 subwords to come next out.",
        limits=[
            "It learned English from 24,000 film reviews and 113,000 short sentences, nothing "
            "else: it writes like a film review and knows no facts.",
            "What it writes reads like English and means little; it was not made to be right.",
            "Its reviews are of the years before 2012, and it repeats their views and prejudices.",
            "Any text can be read, but letters beyond English cost it several subwords each, and "
            "it has hardly seen any.",
            "Line breaks and further spaces count as one space.",
            "A keyboard's network trained on what people type reaches 27.1 % top-3 recall there "
            "(unverified: Hard et al. 2018, arXiv:1811.03604); other text, so no comparison.",
        ],
        labels=[],
        data=data_lines(corpus, plan),
        weights=None,
        graphs={},
        serves={"cpu": "int8", "cuda": "int8"},
        metrics=[],
        tables={},
        settings={},
        history=trained.history,
        training=training_of("text_prediction", trained, config),
        files={},
    )


def smoke(folder: Path, config: Config = SMOKE) -> Card:
    """Everything that `make` does, in seconds, on made-up texts; releases into `folder`."""
    corpus = data.made_up(240)
    trained = train(config, corpus, folder / "run")
    plan = text_release.Plan(texts=20, words=20, written=4, length=60, reach=8)
    material = text_release.Material(trained.network, trained.tokenizer, corpus, plan)
    card = card_of(trained, config, corpus, plan)
    return release(text_release.draft(card, material, must=False), folder / "text_prediction")


def main() -> None:
    """As the command line says: train and release, one run alone, or a smoke test."""
    parser = argparse.ArgumentParser(description="Train and release the model `text_prediction`.")
    parser.add_argument("--smoke", action="store_true", help="all of it in seconds, made-up texts")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of all runs")
    parser.add_argument("--run", type=Path, help="train alone, with the checkpoint there")
    parser.add_argument("--again", action="store_true", help="release the same weights anew")
    given = parser.parse_args()
    if given.smoke:
        with tempfile.TemporaryDirectory() as scratch:
            card = smoke(given.run or Path(scratch))
        print(f"word perplexity {card.metric('word_perplexity', 'test').value:.2f}, made-up texts")
        return
    config, corpus, plan = Config(), data.reviews_and_sentences(), text_release.Plan()
    if given.again:
        trained, config = released("text_prediction")
    else:
        trained = train(config, corpus, given.run or given.runs / "text_prediction")
    if given.run or not is_main():
        return
    material = text_release.Material(trained.network, trained.tokenizer, corpus, plan)
    card = release(text_release.draft(card_of(trained, config, corpus, plan), material))
    figure = card.metric("word_perplexity", "test")
    print(f"word perplexity {figure.value:.1f}, 5-gram {(figure.baseline or {})['5-gram']:.1f}")
