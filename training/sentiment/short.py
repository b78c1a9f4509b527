"""What sentiment learns after the reviews: to judge one sentence as well.

    judge, history = train(Config(), Known(judge, runs, temperature, vocabulary), corpus, run)

Three things are learned side by side: reviews, as before, so that nothing is forgotten; sentences
cut from training reviews; and made-up ones, in which the same words stand with and without what
turns them round (training/sentiment/templates.py). A sentence of a review seldom says all that the
review says: what is learned of it lies between the review's label and what the network said of it
before (Reed et al. 2015, arXiv:1412.6596). On sentences the network and its runs of subwords
answer together, calibrated: it learns what the runs, which know no "not", get wrong.
"""

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.kinds.language.reading import Vocabulary
from training.core import kept, loop
from training.kinds.language import data as text_data
from training.sentiment import data as sentiment_data
from training.sentiment import figures as sentiment_figures
from training.sentiment import templates
from training.sentiment.data import Corpus, Reviews
from training.sentiment.network import Judge
from training.sentiment.ngrams import Runs

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Config(loop.LoopConfig):
    """Every choice that makes one run."""

    epochs: int = 2
    parts: int = 7  # an epoch draws one of so many reviews
    batch: int = 16  # reviews of a step ...
    sentences: int = 128  # ... and sentences beside them
    crop: int = 200  # ids of a review in one step
    made: int = 60_000  # made-up sentences ...
    cut: int = 10_000  # ... and sentences of reviews to draw from
    trust: float = 0.5  # in the label of a sentence's review; the rest is the network's before
    weight: float = 1.0  # of the loss on sentences
    rate: float = 1e-3
    weight_decay: float = 0.01
    clip: float = 1.0
    dropout: float = 0.2
    longest: int = 300  # ids of a validation review
    ema_decay: float = 0.99


SMOKE = Config(
    epochs=1, parts=1, batch=16, sentences=16, crop=40, made=200, cut=60, ema_decay=0.9, bf16=False
)


@dataclass(frozen=True)
class Known:
    """What was learned from reviews: the network, the runs, and the temperature of their sum."""

    judge: Judge
    runs: Runs
    temperature: float
    vocabulary: Vocabulary


@dataclass(frozen=True)
class Sentences:
    """Ids of each, what it should say (1: liked) and the log-odds that its runs alone give."""

    ids: list[Array]
    targets: Tensor  # float32 [n]
    runs: Tensor  # float32 [n]

    def drawn(self, n: int, generator: torch.Generator) -> tuple[Tensor, ...]:
        """Some at random: ids padded with 0 [n, t], lengths, targets and runs [n]."""
        rows = torch.randint(len(self.ids), (n,), generator=generator)
        some = [torch.from_numpy(self.ids[i].astype(np.int64)) for i in rows.tolist()]
        lengths = torch.tensor([len(one) for one in some])
        padded = nn.utils.rnn.pad_sequence(some, batch_first=True)
        return padded, lengths, self.targets[rows], self.runs[rows]


def encoded(vocabulary: Vocabulary, texts: list[str]) -> list[Array]:
    """The ids of each text."""
    return text_data.encoded(vocabulary, [vocabulary.normal(text) for text in texts])


def learned_from(config: Config, known: Known, corpus: Corpus, run: Path) -> Sentences:
    """The sentences that are learned from. run: the folder that keeps what takes minutes."""
    rng = np.random.default_rng(config.seed)
    cut = sentiment_data.sentences(corpus.train)
    cut = cut.take(np.sort(rng.permutation(len(cut.texts))[: config.cut]))
    ids = encoded(known.vocabulary, cut.texts)

    def asked() -> Array:
        odds = sentiment_figures.together(known.judge, known.runs, ids) / known.temperature
        shares: Array = 1 / (1 + np.exp(-odds))
        return shares

    before = kept.kept(run / "before.npy", asked)
    measured = [one.text for one in sentiment_data.own()]
    texts, targets = templates.sentences(config.made, rng, measured)
    targets = np.r_[config.trust * cut.liked + (1 - config.trust) * before, targets]
    ids = [*ids, *encoded(known.vocabulary, texts)]
    sums = (sentiment_figures.sums(known.runs, ids) + known.runs.bias) / known.temperature
    return Sentences(ids, torch.from_numpy(targets).float(), torch.from_numpy(sums).float())


def train(
    config: Config, known: Known, corpus: Corpus, run: Path
) -> tuple[Judge, list[dict[str, float]]]:
    """Train the network on, or go on: what it is then, and what was recorded."""
    torch.manual_seed(config.seed)
    read = encoded(known.vocabulary, corpus.train.texts)
    liked = torch.from_numpy(corpus.train.liked).float()
    short = learned_from(config, known, corpus, run)
    held = Held.of(known.vocabulary, corpus)
    judge = copy.deepcopy(known.judge).requires_grad_(True)
    judge.dropout, judge.dropped_words = config.dropout, 0.0  # "not" must not be lost
    optimiser = torch.optim.AdamW(
        judge.parameters(), config.rate, (0.9, 0.99), weight_decay=config.weight_decay, fused=True
    )

    loop.clip(optimiser, judge, config.clip)

    def draw(indices: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
        other = torch.randint(config.parts, indices.shape, generator=generator)
        rows = indices * config.parts + other
        ids, lengths = sentiment_data.stretches([read[i] for i in rows], config.crop, generator)
        return ids, lengths, liked[rows], *short.drawn(config.sentences, generator)

    def loss(module: nn.Module, batch: tuple[Tensor, ...]) -> dict[str, Tensor]:
        ids, lengths, right, some, ends, targets, sums = batch
        whole = F.binary_cross_entropy_with_logits(module(ids, lengths), right)
        odds = module(some, ends) / known.temperature + sums
        one = F.binary_cross_entropy_with_logits(odds, targets)
        return {"loss": whole + config.weight * one, "reviews_loss": whole, "sentences_loss": one}

    def judged(module: nn.Module) -> dict[str, float]:
        assert isinstance(module, Judge)
        return held.figures(module, known.runs, config.longest)

    result = loop.fit(
        judge,
        optimiser,
        loss,
        loop.Batches(len(read) // config.parts, draw),
        config=config,
        run=run,
        evaluate=judged,
    )
    found = result.module.cpu().eval()
    assert isinstance(found, Judge)
    return found, result.history


def between(reviews: Judge, sentences: Judge, share: float) -> Judge:
    """`share` of the way from the weights of one to those of the other (arXiv:2109.01903).

    What was learned last is learned of few patterns: on sentences of real reviews a network on the
    way to it is more often right (Wortsman et al. 2022).
    """
    made = copy.deepcopy(reviews)
    last = sentences.state_dict()
    with torch.no_grad():
        for name, weights in made.state_dict().items():
            weights.lerp_(last[name], share)
    return made


@dataclass(frozen=True)
class Held:
    """What each epoch is looked at with: validation reviews, their sentences, and our own."""

    reviews: list[Array]
    liked: Array
    sentences: list[Array]
    right: Array
    own: list[Array]
    meant: Array  # 1, 0 or, where it says both, 0.5

    @classmethod
    def of(cls, vocabulary: Vocabulary, corpus: Corpus) -> "Held":
        """Of one corpus."""
        named: Reviews = sentiment_data.about(corpus.validation)
        own = [one for one in sentiment_data.own() if one.part == "validation"]
        return cls(
            encoded(vocabulary, corpus.validation.texts),
            corpus.validation.liked,
            encoded(vocabulary, named.texts),
            named.liked,
            encoded(vocabulary, [one.text for one in own]),
            np.array([one.target for one in own]),
        )

    def figures(self, judge: Judge, runs: Runs, longest: int) -> dict[str, float]:
        """Shares of right sides; our mixed sentences take no part."""
        reviews = sentiment_figures.together(judge, runs, self.reviews, longest)
        cut = sentiment_figures.together(judge, runs, self.sentences)
        own = sentiment_figures.together(judge, runs, self.own)
        sided = self.meant != 0.5
        return {
            "validation_accuracy": float(((reviews > 0) == (self.liked > 0)).mean()),
            "validation_sentences": float(((cut > 0) == (self.right > 0)).mean()),
            "validation_own": float(((own > 0) == (self.meant > 0.5))[sided].mean()),
        }
