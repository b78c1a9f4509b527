"""The figures of `sentiment` on its test reviews, which are read here and once."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from models.card import Metric, Table
from models.catalog import Model
from models.kinds.classifier import in_distribution_score, softmax
from models.sentiment import predict, running
from models.sentiment.reading import LONGEST
from training.core import statistics
from training.core.release import Findings
from training.sentiment import data
from training.sentiment import rivals as sentiment_rivals
from training.sentiment.data import Corpus, Reviews
from training.sentiment.network import Judge
from training.sentiment.ngrams import NONE, Runs

Array = np.ndarray[Any, Any]
Row = list[str | float | None]
LENGTHS = (100, 150, 200, 300, 500)  # words that bound the groups of the table
WORST = 40  # surest wrong answers
TIMED = 100  # reviews


def padded(
    ids: Sequence[Array], longest: int = LONGEST
) -> Iterator[tuple[Array, torch.Tensor, torch.Tensor]]:
    """Texts of ids in batches of like length: which, int64 [n, t], lengths int64 [n].

    longest: ids that are read after the start.
    """
    order = np.argsort([len(one) for one in ids], kind="stable")
    for rows in np.array_split(order, -(-len(order) // 50)):
        some = [torch.from_numpy(ids[i][: longest + 1].astype(np.int64)) for i in rows]
        lengths = torch.tensor([len(one) for one in some])
        yield rows, torch.nn.utils.rnn.pad_sequence(some, batch_first=True), lengths


@torch.no_grad()
def odds(judge: Judge, ids: Sequence[Array], longest: int = LONGEST) -> Array:
    """Log-odds of each text by the network alone, float64 [n]."""
    found, device = np.zeros(len(ids)), judge.head.weight.device
    for rows, some, lengths in padded(ids, longest):
        found[rows] = judge(some.to(device), lengths.to(device)).float().cpu().numpy()
    return found


@torch.no_grad()
def sums(runs: Runs, ids: Sequence[Array]) -> Array:
    """What the runs of each text add up to, without their bias, float64 [n]."""
    found = np.zeros(len(ids))
    for rows, some, lengths in padded(ids):
        mask = (torch.arange(some.shape[1]) < lengths[:, None]).float()
        nothing = torch.full((len(rows), 2), float(NONE))
        found[rows] = runs(some, mask, torch.ones_like(mask), nothing).numpy()
    return found


def together(judge: Judge, runs: Runs, ids: Sequence[Array], longest: int = LONGEST) -> Array:
    """Log-odds by the network and the runs, not calibrated, float64 [n]."""
    return odds(judge, ids, longest) + sums(runs, ids) + runs.bias


def in_words(rng: np.random.Generator, n: int) -> Array:
    """Lengths of n texts in words: from 3 to 200, as many short as long on a log scale."""
    return np.exp(rng.uniform(np.log(3), np.log(200), n)).astype(int)


def cut(
    texts: list[str], lengths: Array, rng: np.random.Generator, join: bool = False
) -> list[str]:
    """So many texts, each cut from its beginning to its length in words.

    Drawn at random; `join`: short ones are put together until there are enough words.
    """
    made = []
    for length in lengths:
        words: list[str] = []
        while len(words) < length:
            words += texts[int(rng.integers(len(texts)))].split()
            if not join:
                break
        made.append(" ".join(words[:length]))
    return made


def measure(model: Model, corpus: Corpus, temperature: float) -> Findings:
    """Everything on the card that is of test texts."""
    test = corpus.test
    reader = running.reader(model)
    run = running.run(model, [reader.read(text).ids for text in test.texts])
    shares = softmax(run["logits"])
    found = _answers(model, test, shares, in_distribution_score(model, run.arrays))
    raw = softmax(run["logits"] * np.float32(temperature))
    before = Metric("ece", statistics.ece(raw, test.liked), "test, before calibration", 0, "int8")
    found.metrics.append(Metric(before.name, before.value, before.split, len(raw), "int8"))
    found = found.joined(sentences(model, corpus)).joined(own(model))
    return found.joined(out_of_distribution(model, corpus)).joined(rivals(model, corpus, shares))


def _answers(model: Model, test: Reviews, shares: Array, known: Array) -> Findings:
    """Accuracy, calibration, by stars and length, and the surest mistakes."""
    n, hits = len(shares), shares.argmax(1) == test.liked
    words = np.array([len(text.split()) for text in test.texts])
    decides = (known >= 0) & (np.abs(shares[:, 1] - 0.5) >= model.card.settings["undecided"].value)
    metrics = [
        _share("accuracy", hits, "test"),
        _share("accuracy", hits[decides], "test, where it decides"),
        _share("known_share", known >= 0, "test"),
    ]
    value, low, high = statistics.bootstrap(
        statistics.ece, shares, test.liked, times=200, paired=True
    )
    metrics.append(Metric("ece", value, "test", n, "int8", low=low, high=high))
    by_rating = [_row(f"{stars}", hits[test.ratings == stars]) for stars in np.unique(test.ratings)]
    groups, names = np.digitize(words, LENGTHS), _names()
    by_length = [_row(names[group], hits[groups == group]) for group in np.unique(groups)]
    wrong = np.flatnonzero(~hits)
    worst = wrong[np.argsort(-np.abs(shares[wrong, 1] - 0.5), kind="stable")][:WORST]
    mistakes: list[Row] = [
        [float(test.numbers[i]), float(test.ratings[i]), float(words[i]), float(shares[i, 1])]
        for i in worst
    ]
    bins = statistics.reliability(shares, test.liked)
    tables = {
        "by_rating": Table(["rating", *COLUMNS], by_rating, "test", n, "int8"),
        "by_length": Table(["words", *COLUMNS], by_length, "test", n, "int8"),
        "reliability": Table(["confidence", "accuracy", "n"], bins.tolist(), "test", n, "int8"),
        "mistakes": Table(["id", "rating", "words", "probability"], mistakes, "test", n, "int8"),
    }
    return Findings(metrics, tables, evidence={"familiarity_known": known})


COLUMNS = ("accuracy", "n", "low", "high")


def _row(name: str, hits: Array) -> Row:
    value, low, high = statistics.proportion(hits)
    return [name, value, float(len(hits)), low, high]


def _names() -> list[str]:
    middle = [f"{a} to {b - 1}" for a, b in pairwise(LENGTHS)]
    return [f"below {LENGTHS[0]}", *middle, f"{LENGTHS[-1]} and more"]


def _share(name: str, hits: Array, split: str) -> Metric:
    value, low, high = statistics.proportion(hits)
    return Metric(name, value, split, len(hits), "int8", low=low, high=high)


def sentences(model: Model, corpus: Corpus) -> Findings:
    """Single short sentences of test reviews.

    Judged against what the whole review said of the film; and, of those that were read by hand,
    against what they say by themselves.
    """
    metrics = []
    for split, short in (
        ("test, one short sentence", data.about(corpus.test)),
        ("test, short sentences labelled by hand", data.judged(corpus.test)),
    ):
        if not short.texts:  # made-up reviews are not the ones that were read
            continue
        verdicts, _ = predict(model, short.texts)
        hits = np.array([one.positive > 0.5 for one in verdicts]) == (short.liked > 0)
        decides = np.array([one.says != "unsure" for one in verdicts])
        metrics.append(_share("accuracy", hits, split))
        if decides.any():
            metrics.append(_share("accuracy", hits[decides], f"{split}, where it decides"))
        metrics.append(_share("known_share", np.array([one.review for one in verdicts]), split))
    return Findings(metrics)


def own(model: Model) -> Findings:
    """Our own sentences by kind: whether it says what was meant, and on which side of one half."""
    given = [one for one in data.own() if one.part != "validation"]
    verdicts, _ = predict(model, [one.text for one in given])
    says = np.array([v.says == one.meant for v, one in zip(verdicts, given, strict=True)])
    liked = np.array([v.positive > 0.5 for v in verdicts])
    side = liked == np.array([one.target > 0.5 for one in given])
    open_ = np.array([v.says == "unsure" for v in verdicts])
    sided = np.array([one.target != data.TARGETS["unsure"] for one in given])
    kinds = np.array([one.kind for one in given])
    tested = np.array([one.part == "test" for one in given])
    groups = {str(kind): kinds == kind for kind in dict.fromkeys(kinds[tested])}
    groups |= {"all of these": tested}
    groups |= {"reported as wrong": ~tested} if (~tested).any() else {}
    rows: list[Row] = [
        [
            *_row(name, says[chosen]),
            float(side[chosen & sided].mean()) if (chosen & sided).any() else None,
            float(open_[chosen].mean()),
        ]
        for name, chosen in groups.items()
    ]
    split = "our own sentences"
    columns = ["kind", *COLUMNS, "right side", "not decided"]
    table = Table(columns, rows, split, int(tested.sum()), "int8")
    return Findings([_share("accuracy", side[tested & sided], split)], {"own": table})


def out_of_distribution(model: Model, corpus: Corpus) -> Findings:
    """How far "is it a review" tells texts that took no part in any choice.

    Against test reviews that are cut to the same lengths: or their length alone would tell them.
    """
    rng = np.random.default_rng(2)
    reader = running.reader(model)

    def scores(texts: list[str]) -> Array:
        run = running.run(model, [reader.read(text).ids for text in texts])
        return in_distribution_score(model, run.arrays)

    metrics, foreign, pairs = [], [], []
    rows: list[Row] = []
    for name, texts in corpus.unseen.items():
        lengths = np.array([len(text.split()) for text in texts])
        known, strange = scores(cut(corpus.test.texts, lengths, rng)), scores(texts)
        pairs.append((known, strange))
        foreign.append(strange)
        value, low, high = statistics.bootstrap(statistics.auroc, known, strange)
        metrics.append(Metric("ood_auroc", value, name, len(texts), "int8", low=low, high=high))
        metrics.append(_share("refused_share", strange < 0, name))
        metrics.append(_share("refused_share", known < 0, f"test reviews, cut as {name}"))
        rows += [
            [name, float((strange < 0).mean()), float(len(texts))],
            [f"test reviews, cut to their lengths ({name})", float((known < 0).mean()), len(texts)],
        ]
    mean = float(np.mean([statistics.auroc(*pair) for pair in pairs]))
    metrics.append(Metric("ood_auroc", mean, "mean", sum(map(len, foreign)), "int8"))
    table = Table(["set", "refused", "n"], rows, "test", sum(map(len, foreign)), "int8")
    evidence = {"familiarity_strangers": np.concatenate(foreign)}
    return Findings(metrics, {"strangers": table}, evidence=evidence)


def rivals(model: Model, corpus: Corpus, shares: Array) -> Findings:
    """The network beside linear models that learned from the same reviews."""
    test, some = corpus.test, corpus.test.texts[:TIMED]
    ours = shares.argmax(1) == test.liked
    took = sentiment_rivals.milliseconds(lambda texts: predict(model, texts), some)
    rows: list[Row] = [["this network, int8", *statistics.proportion(ours), took]]
    for name, learn in sentiment_rivals.RIVALS.items():
        answer = learn(corpus.train)
        hits = answer(test.texts) == (test.liked > 0)
        took = sentiment_rivals.milliseconds(answer, some)
        rows.append([name, *statistics.proportion(hits), took])
    columns = ["model", "accuracy", "low", "high", "milliseconds"]
    return Findings(tables={"rivals": Table(columns, rows, "test", len(ours), "int8")})
