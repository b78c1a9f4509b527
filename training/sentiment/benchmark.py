"""The benchmark's rows of `sentiment`: PyTorch eager against the released graphs.

One review, a thousand of them, and the gradient of one. Reviews of the length that IMDB's have, of
made-up words: what the words are does not change the time.
"""

from functools import partial

import numpy as np
import torch

from models import catalog
from models.catalog import Model
from models.sentiment import explain, predict, running
from training.core import timed
from training.core.timed import Tables, Way
from training.kinds.language import data
from training.kinds.language.benchmark import TEXT
from training.kinds.language.network import Network
from training.sentiment import figures, graphs, ngrams
from training.sentiment.graphs import Autograd, Ends, Predict
from training.sentiment.network import Judge

REVIEWS = 1_000
WORDS = 5.4  # mean of the logarithm of a review's length in words, and how far it spreads: 230
SPREAD = 0.55


def texts(n: int, seed: int = 0) -> list[str]:
    """Made-up reviews with IMDB's lengths."""
    rng = np.random.default_rng(seed)
    words = np.array([*data.NOUNS, *data.VERBS, *data.ADJECTIVES, "the", "and", "."])
    lengths = np.exp(rng.normal(WORDS - SPREAD**2 / 2, SPREAD, n)).clip(10, 1_200).astype(int)
    return [" ".join(rng.choice(words, length)) for length in lengths]


def fresh(model: Model) -> Ends:
    """The network in PyTorch, of the model's size; its weights' values do not change the time."""
    reader = running.reader(model)
    hidden = running.empty(model, 1).shape[1] // 4 - 1
    width = catalog.load("text_prediction").card.training.config["width"]  # it starts from there
    judge = Judge(Network(reader.vocabulary.size, width, hidden)).eval().requires_grad_(False)
    fold = ngrams.folded(reader.vocabulary)
    runs = ngrams.Runs(fold, np.zeros(len(fold)), np.zeros(ngrams.BUCKETS), 0.0)
    return Ends(judge, runs, 1.0, np.zeros(hidden), 0.0)


def tables() -> Tables:
    """One review, a thousand, and a gradient."""
    model = catalog.load("sentiment")
    ends, reader = fresh(model), running.reader(model)
    many = texts(REVIEWS)
    one = [sorted(many, key=len)[REVIEWS // 2]]
    eager = Predict(ends)

    def by_pytorch(given: list[str]) -> None:
        ids = [reader.read(text).ids for text in given]
        with torch.inference_mode():
            for chosen, some, lengths in figures.padded(ids):
                eager(some, lengths, ends.start(len(chosen)))

    golden = model.arrays("golden.npz")
    names = ("ids", "mask", "gates", "before")
    slopes = [torch.from_numpy(golden[f"gradients.in.{name}"][:1]) for name in names]
    read = reader.read(" ".join(one[0].split()[: graphs.REACH // 2]))
    pairs: dict[str, tuple[Way, Way, int]] = {
        f"one review of {len(one[0].split())} words": (
            partial(by_pytorch, one),
            partial(predict, model, one),
            20,
        ),
        f"{REVIEWS:,} reviews": (partial(by_pytorch, many), partial(predict, model, many), 2),
        "gradient over 64 ids": (
            partial(Autograd(ends), *slopes),
            partial(explain.gradient, model, read, lambda *_: None),
            20,
        ),
    }
    rows = [
        timed.row(model.card.name, what, (theirs, ours), least)
        for what, (theirs, ours, least) in pairs.items()
    ]
    return {TEXT: rows}
