"""Releases `sentiment` from its finished run: calibrates, measures, refuses below 88 %.

Every choice is made on validation reviews; the 24,996 test reviews are answered once, by the
released int8 file.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from models.card import Card, Data, Metric, Setting
from models.catalog import Model
from models.kinds.classifier import Outputs
from models.kinds.language.reading import Vocabulary
from models.sentiment import running
from training import sources
from training.core import statistics
from training.core.release import Draft, Findings, Floor, RefusedError, training_of
from training.kinds.classifier import in_distribution
from training.kinds.language import data as text_data
from training.sentiment import data as sentiment_data
from training.sentiment import figures, graphs
from training.sentiment.data import Corpus
from training.sentiment.figures import cut, in_words
from training.sentiment.graphs import Ends
from training.sentiment.network import Judge
from training.sentiment.ngrams import Runs

Array = np.ndarray[Any, Any]
# Where data sets are described that have no address of their own in sources.DATA.
PAGES = {
    "imdb": "https://ai.stanford.edu/~amaas/data/sentiment/",
    "fra-eng": "https://www.manythings.org/anki/",
}
FLOORS = (Floor("accuracy", "test", "int8", least=0.88),)
UNDECIDED = 0.15
LOSS = 0.005  # of accuracy, that int8 arithmetic may cost
SHORT = 4_000  # reviews and strangers, cut to all lengths, that show what a review is
PUBLISHED = (
    ("its authors, 2011", 0.8889, "Maas et al. 2011"),
    ("NBSVM", 0.9122, "Wang, Manning 2012"),
    ("ULMFiT", 0.954, "Howard, Ruder 2018, arXiv:1801.06146"),
)


@dataclass(frozen=True)
class Trained:
    """A finished run. tokenizer: the text of `tokenizer.json`; config: of all that was trained."""

    judge: Judge
    runs: Runs
    tokenizer: str
    history: list[dict[str, float]]
    config: dict[str, Any]


@dataclass(frozen=True)
class Material:
    """What a release is made of. reach: ids that the gradient goes back over."""

    trained: Trained
    corpus: Corpus
    reach: int = graphs.REACH
    short: int = SHORT


def encoded(vocabulary: Vocabulary, texts: list[str]) -> list[Array]:
    """The ids of each text, int64."""
    found = text_data.encoded(vocabulary, [vocabulary.normal(text) for text in texts])
    return [ids.astype(np.int64) for ids in found]


@torch.no_grad()
def means(judge: Judge, ids: list[Array]) -> Array:
    """Each text's mean hidden state, float32 [n, hidden]."""
    found = np.zeros((len(ids), judge.hidden), np.float32)
    for rows, some, lengths in figures.padded(ids):
        mask = (torch.arange(some.shape[1]) < lengths[:, None]).float()
        hidden = judge.memory(judge.embedding(some))[0]
        found[rows] = judge.start(len(rows)).with_(hidden, mask).mean.numpy()
    return found


def plainer(text: str) -> str:
    """In small letters and without signs, as requests to a chatbot are written."""
    return " ".join("".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split())


def sentences(text: str) -> str:
    """With a capital and a full stop, as reviews are written."""
    return text[:1].upper() + text[1:] + "."


def exposed(
    judge: Judge, vocabulary: Vocabulary, corpus: Corpus, short: int = SHORT
) -> tuple[Array, float]:
    """A linear model of "is it a review": weights [hidden] and bias.

    Of reviews and strangers cut to all lengths; both written in either way, so that it does not
    learn to tell small letters from capitals.
    """
    rng = np.random.default_rng(0)
    texts = cut(corpus.train.texts, in_words(rng, short), rng)
    texts = [plainer(text) if i % 3 == 0 else text for i, text in enumerate(texts)]
    labels = [1] * len(texts)
    for kind in corpus.shown.values():
        some = [sentences(text) if i % 2 else text for i, text in enumerate(kind)]
        texts += cut(some, in_words(rng, short // 2), rng, join=True)
    labels += [0] * (len(texts) - len(labels))
    fitted = LogisticRegression(C=0.1, max_iter=1_000)
    fitted.fit(means(judge, encoded(vocabulary, texts)), labels)
    return fitted.coef_[0], float(fitted.intercept_[0])


def choose(model: Model, material: Material, temperature: float, exact: Array) -> Findings:
    """Thresholds, on validation reviews. exact: their log-odds in float32, calibrated."""
    corpus, rng = material.corpus, np.random.default_rng(1)
    held = corpus.validation

    def outputs(texts: list[str]) -> Outputs:
        reader = running.reader(model)
        return running.run(model, [reader.read(text).ids for text in texts]).arrays

    served = outputs(held.texts)["logits"]
    hits = {"int8": served.argmax(1) == held.liked, "fp32": (exact > 0) == (held.liked > 0)}
    if not hits["int8"].mean() >= hits["fp32"].mean() - LOSS:
        raise RefusedError(f"int8 answers {hits['int8'].mean():.4f}, not {hits['fp32'].mean():.4f}")
    value, low, high = statistics.proportion(hits["int8"])
    before = {"fp32": float(hits["fp32"].mean())}
    figure = Metric("accuracy", value, "validation", len(served), "int8", low=low, high=high)
    cuts = cut(held.texts, in_words(rng, len(held.texts)), rng)
    out_of_distribution: Mapping[str, Outputs] = {
        name: outputs(cut(texts, in_words(rng, material.short // 8), rng, join=True))
        for name, texts in corpus.shown.items()
    }
    known = outputs([*held.texts, *cuts])
    on = "validation reviews, whole and cut short"
    found = in_distribution.choose(known, out_of_distribution, {"exposure": 1.0}, on)
    settings = {
        "temperature": Setting(temperature, "least cross-entropy", "validation reviews"),
        "undecided": Setting(UNDECIDED, "by hand", "nothing"),
    }
    return found.joined(
        Findings([Metric(**{**asdict(figure), "baseline": before})], settings=settings)
    )


def card_of(material: Material) -> Card:
    """What is said of the model, without what is measured."""
    trained, corpus = material.trained, material.corpus
    reviews = sources.DATA["imdb"]
    data = [
        Data(reviews.title, reviews.licence, PAGES["imdb"], split, len(half.texts))
        for split, half in (
            ("train", corpus.train),
            ("validation: every choice", corpus.validation),
            ("test: scored once", corpus.test),
        )
    ]
    for name, key, split in (
        ("requests to a chatbot", "clinc150", "train: what is no review"),
        ("French sentences", "fra-eng", "train: what is no review"),
        ("English sentences", "fra-eng", "test: what is no review"),
        ("Shakespeare's plays", "tinyshakespeare", "test: what is no review"),
    ):
        texts, source = {**corpus.shown, **corpus.unseen}.get(name, []), sources.DATA[key]
        data.append(Data(source.title, source.licence, source.url or PAGES[key], split, len(texts)))
    own = [one.part for one in sentiment_data.own()]
    for split, n in (
        ("train: short sentences, made from patterns", trained.config["then"][0]["made"]),
        ("validation: short sentences", own.count("validation")),
        ("test: short sentences", own.count("test")),
    ):
        data.append(Data("Sentences of Glassbox's own", "Apache-2.0", "", split, n))
    minutes = sum(row["seconds"] for row in trained.history) / 60
    return Card(
        name="sentiment",
        title="Sentiment",
        summary="A recurrent network that learned to expect the next word, then whether a film "
        "review's writer liked the film, then the same of single sentences; beside it, a weight "
        "for every run of three words.",
        task="A text in, the probability that its writer liked what it is about out.",
        limits=[
            "It learned from English film reviews of the years before 2012, with clear ratings "
            "alone: 1 to 4 or 7 to 10 stars.",
            "Irony misleads it, and so does praise for what was expected and did not come.",
            "It learned to judge single sentences from made-up ones above all: of turns that "
            "stand in none of their patterns it knows less.",
            "Of a long text it reads the first 2,000 subwords.",
            "It repeats its reviewers' prejudices: a name or a country may weigh something.",
            "Other things than films are reviewed in other words: there its figures do not hold.",
            "What is not English it should call no review; it knows that from French alone.",
        ],
        labels=["negative", "positive"],
        data=data,
        weights=None,
        graphs={},
        serves={"cpu": "int8", "cuda": "int8"},
        metrics=[
            Metric("accuracy", value, f"test, by {who}", 25_000, "fp32", f"unverified: {source}")
            for who, value, source in PUBLISHED
        ],
        tables={},
        settings={},
        history=trained.history,
        training=training_of("sentiment", trained.config, minutes),
        files={},
        uses={"start": "text_prediction"},
    )


def draft(material: Material, floors: tuple[Floor, ...]) -> Draft:
    """Everything that the release needs to know."""
    corpus, judge = material.corpus, graphs.rounded(material.trained.judge)
    vocabulary = Vocabulary(material.trained.tokenizer)
    held = encoded(vocabulary, corpus.validation.texts)
    runs = material.trained.runs
    odds = figures.together(judge, runs, held)
    logits = np.stack([-odds / 2, odds / 2], 1)
    temperature = statistics.temperature(logits, corpus.validation.liked)
    review, bias = exposed(judge, vocabulary, corpus, material.short)
    free = encoded(vocabulary, corpus.unseen["English sentences"])
    # Sentences, which may be passed on: reviews may not, and these lie in golden.npz.
    texts = np.array_split(np.concatenate(free), 16)
    return Draft(
        card_of(material),
        graphs.graphs(Ends(judge, runs, temperature, review, bias), texts, material.reach),
        partial(choose, material=material, temperature=temperature, exact=odds / temperature),
        partial(figures.measure, corpus=corpus, temperature=temperature),
        floors,
        {"tokenizer.json": material.trained.tokenizer.encode()},
    )
