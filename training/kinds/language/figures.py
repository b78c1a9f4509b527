"""The figures of a model of text on its test texts, which are read here and once.

Beside the network, on the same ids of the same texts: a modified Kneser-Ney 5-gram, whole and as it
is served, and single ids' frequencies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.card import Metric, Table
from models.catalog import Model
from models.kinds.language import memory, writing
from models.kinds.language.ngram import KneserNey
from models.kinds.language.reading import Vocabulary
from models.kinds.language.rivals import Rival, unigram
from training.core import statistics
from training.core.release import Findings, RefusedError
from training.kinds.language import data, graphs, kneser_ney
from training.kinds.language import measure as text_measure
from training.kinds.language.data import Corpus
from training.kinds.language.measure import Speaker
from training.kinds.language.network import Network

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    texts: int = 1_000  # of each kind, for perplexity
    words: int = 1_500  # of each kind, to be guessed
    written: int = 50  # continuations that are searched for what was learned by heart
    length: int = 200  # ids of each
    reach: int = graphs.REACH
    stretch: int = 1_000  # characters of a part of a play, for an interval


class Material:
    """What a release is made of, and the counts that the network is compared with.

    whole, served: arrays of a KneserNey; the second lacks what was counted once.
    """

    def __init__(
        self, network: Network, tokenizer: str, corpus: Corpus, plan: Plan | None = None
    ) -> None:
        self.network, self.tokenizer, self.corpus = network, tokenizer, corpus
        self.plan = plan or Plan()
        self.vocabulary = Vocabulary(tokenizer)
        learned = data.encoded(self.vocabulary, corpus.train)
        often = np.bincount(np.concatenate(learned), minlength=self.vocabulary.size)
        self.whole = kneser_ney.count(learned, self.vocabulary.size)
        self.served = kneser_ney.pruned(self.whole, 2) | {"unigram": often}

    def rivals(self) -> dict[str, Speaker]:
        """The counting models, by the names of the card."""
        made = {
            "5-gram": KneserNey(self.whole),
            "5-gram as served": KneserNey(self.served),
            "unigram": unigram(self.served["unigram"]),
        }
        return {name: text_measure.counting(Rival(counts)) for name, counts in made.items()}


def better(name: str, values: dict[str, float]) -> None:
    """Raises RefusedError unless the network's value is the least."""
    others = [value for who, value in values.items() if who != "network"]
    if not values["network"] < min(others):  # so that NaN refuses too
        raise RefusedError(f"{name} of a model that counts is no worse: {values}")


def named(kind: str, corpus: Corpus) -> str:
    """The split's name on the card: the first kind is the one that stands for the model."""
    return "test" if kind == next(iter(corpus.test)) else f"test, {kind}"


def ratio(column: int) -> Callable[[Array], float]:
    """The statistic nats / column over rows as text_measure.costs gives them."""
    return lambda rows: float(rows[:, 0].sum() / rows[:, column].sum())


Row = list[str | float | None]


def measure(model: Model, material: Material, must: bool) -> Findings:
    """Words: perplexity, and how often the next one is suggested. Test texts, read once."""
    metrics: list[Metric] = []
    rows: list[Row] = []
    evidence: dict[str, Array] = {}
    speakers = {"network": text_measure.network(model)} | material.rivals()
    pieces = memory.pieces(model)
    plan, vocabulary = material.plan, material.vocabulary
    for kind, texts in material.corpus.test.items():
        split, some = named(kind, material.corpus), texts[: plan.texts]
        asks = text_measure.questions(vocabulary, some, plan.words)
        lost = {who: text_measure.surprisals(s, vocabulary, some) for who, s in speakers.items()}
        asked = {who: text_measure.recall(s, asks, pieces) for who, s in speakers.items()}
        figures = {who: _figures(lost[who], asked[who]) for who in speakers}
        rivals = [who for who in speakers if who != "network"]
        for name, (value, low, high, n) in figures["network"].items():
            baseline = {who: figures[who][name][0] for who in rivals}
            metrics.append(Metric(name, value, split, n, "int8", "measured", low, high, baseline))
        rows += [[who, split, *(figure[0] for figure in figures[who].values())] for who in speakers]
        evidence |= {f"costs_{kind}": lost["network"], f"recall_{kind}": asked["network"]}
        evidence |= {f"costs_{kind}_5gram": lost["5-gram"]}
    if must:
        better(
            "word_perplexity", {str(row[0]): float(row[2] or 0) for row in rows[: len(speakers)]}
        )
    columns = ["model", "split", *figures["network"]]
    tables = {"speakers": Table(columns, rows, "test", plan.words, "int8")}
    found = Findings(metrics, tables, {}, evidence)
    return found.joined(by_heart(model, material))


def _figures(lost: Array, asked: Array) -> dict[str, tuple[float, float, float, int]]:
    """Metric name -> value, low, high, n."""
    made = {
        "word_perplexity": (*statistics.bootstrap(text_measure.word_perplexity, lost), len(lost)),
        "nats_per_byte": (*statistics.bootstrap(ratio(2), lost), len(lost)),
    }
    for name, hits in text_measure.recalls(asked).items():
        made[name] = (*statistics.proportion(hits), len(hits))
    made["keystroke_savings"] = (*statistics.bootstrap(text_measure.savings, asked), len(asked))
    return made


def measure_characters(model: Model, material: Material, must: bool) -> Findings:
    """Nats a character of the test text, read once from its start to its end."""
    (text,) = material.corpus.test["plays"]
    ids = material.vocabulary.read(text).ids
    speakers = {"network": text_measure.network(model)} | material.rivals()
    found = {
        who: _stretches(s.surprisals(ids), material.plan.stretch) for who, s in speakers.items()
    }
    values = {who: statistics.bootstrap(ratio(1), rows) for who, rows in found.items()}
    value, low, high = values.pop("network")
    baseline = {who: figure[0] for who, figure in values.items()}
    if must:
        better("nats_per_character", baseline | {"network": value})
    metric = Metric(
        "nats_per_character", value, "test", len(text), "int8", "measured", low, high, baseline
    )
    evidence = {"costs_plays": found["network"]}
    return Findings([metric], {}, {}, evidence).joined(by_heart(model, material))


def _stretches(nats: Array, length: int) -> Array:
    """float64 [stretches, 2]: nats and ids of each stretch."""
    parts = np.array_split(nats, max(1, len(nats) // length))
    return np.array([(part.sum(dtype=np.float64), len(part)) for part in parts])


def by_heart(model: Model, material: Material) -> Findings:
    """How much of what it writes stands word for word in what it learned."""
    plan = material.plan
    kind, texts = next(iter(material.corpus.test.items()))
    if material.vocabulary.characters:  # one long text: begin at places all over it
        (text,) = texts
        starts = [
            text[i : i + plan.stretch]
            for i in range(0, len(text), max(1, len(text) // plan.written))
        ]
    else:
        starts = texts
    starts = [one for one in starts if len(one.split()) >= 60][: plan.written] or starts
    starts = starts[: plan.written]
    begun = [" ".join(one.split()[:5]) for one in starts]
    length = plan.length * (4 if material.vocabulary.characters else 1)
    written = [
        "".join(writing.write(model, start, length=length, seed=seed))
        for seed, start in enumerate(begun)
    ]
    found = np.stack(text_measure.memorised(written + starts, material.corpus.train), 1)
    ours, theirs = found[: len(written)], found[len(written) :]
    value, low, high = statistics.bootstrap(ratio(1), ours)
    baseline = {f"the {kind} themselves": float(theirs[:, 0].sum() / max(1, theirs[:, 1].sum()))}
    n = int(ours[:, 1].sum())
    metric = Metric(
        "memorised_share", value, "continuations", n, "int8", "measured", low, high, baseline
    )
    return Findings([metric])
