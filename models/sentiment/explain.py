"""Which words made the network say so, by four methods, and how far to believe them.

found = contributions(model, "Not bad.", "Leave one out")
found.values                                   # log-odds; above 0 a word spoke for "liked"
curve(model, "Not bad.", found.values, "contribution").area
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import engine
from models.catalog import Model
from models.errors import InputError
from models.explain import Progress, features, silent
from models.explain.faithful import Curve
from models.explain.features import Masks, Value
from models.sentiment import running
from models.sentiment.reading import Read

Array = np.ndarray[Any, Any]
GROUPS = 150  # words of a long text that are taken out by themselves; of more, neighbours go as one
SAMPLED = 40  # the same where every permutation asks for all
STEPS = 32  # of integrated gradients
QUICK = 45_000  # ids that the network reads in a second or two


@dataclass(frozen=True)
class Contributions:
    """What each word did, float64 [words], in log-odds; NaN where the method does not reach.

    passes: texts that the network read; gap: what integrated gradients leave unexplained.
    """

    values: Array
    passes: int
    seconds: float
    gap: float | None = None


@dataclass(frozen=True)
class Method:
    """run(model, read, progress) -> Contributions; what it shows, and what it cannot tell."""

    run: Callable[[Model, Read, Progress], Contributions]
    shows: str
    cannot: str


def odds(model: Model, read: Read) -> Value:
    """The log-odds of "liked" of the text with only the words that a mask keeps."""

    def value(masks: Masks) -> Array:
        logits = running.run(model, [read.without(~mask) for mask in masks])["logits"]
        found: Array = np.asarray(logits[:, 1] - logits[:, 0], np.float64)
        return found

    return value


def left_out(model: Model, read: Read, progress: Progress) -> Contributions:
    """How far the log-odds fall without each word."""
    value, group = features.grouped(odds(model, read), len(read.words), GROUPS)
    found = features.leave_one_out(value, int(group[-1]) + 1, progress=progress)
    return Contributions(_shared(found.values, group), found.passes, 0)


def quick(read: Read) -> bool:
    """Whether leaving each word out of this text is done before a visitor waits."""
    return (min(len(read.words), GROUPS) + 1) * len(read.ids) <= QUICK


def sampled(model: Model, read: Read, progress: Progress) -> Contributions:
    """What each word adds on average over random orders in which they may come."""
    value, group = features.grouped(odds(model, read), len(read.words), SAMPLED)
    found = features.shapley(value, int(group[-1]) + 1, progress=progress)
    return Contributions(_shared(found.values, group), found.passes, 0)


def _shared(values: Array, group: Array) -> Array:
    """A group's value, in equal parts, on each of its words."""
    found: Array = (values / np.bincount(group))[group]
    return found


def gradient(model: Model, read: Read, progress: Progress) -> Contributions:
    """The slope of the log-odds at each word's strength: gradient times input."""
    progress(0, 1)
    _, slopes = _gated(model, read, np.ones(1, np.float32))
    return Contributions(_by_word(model, read, slopes[0]), 1, 0)


def integrated(model: Model, read: Read, progress: Progress) -> Contributions:
    """The mean of that slope while all words fade in from nothing (Sundararajan et al. 2017)."""
    middles = (np.arange(STEPS, dtype=np.float32) + 0.5) / STEPS
    found = []
    for begin in range(0, STEPS, engine.MAX_BATCH):
        progress(begin, STEPS)
        found.append(_gated(model, read, middles[begin : begin + engine.MAX_BATCH])[1])
    slopes = np.concatenate(found).mean(0)
    ends, _ = _gated(model, read, np.array([0, 1], np.float32))
    values = _by_word(model, read, slopes)
    gap = abs(float(np.nansum(values)) - float(ends[1] - ends[0]))
    return Contributions(values, STEPS + 2, 0, gap)


METHODS: dict[str, Method] = {
    "Leave one out": Method(
        left_out,
        "How far the answer falls without each word, seen from outside.",
        "It is blind to words that stand in for each other.",
    ),
    "Gradient": Method(
        gradient,
        "Where a little more of a word would push the answer, read from inside.",
        "It tells of small changes alone, and only of about the last fifty words.",
    ),
    "Integrated gradients": Method(
        integrated,
        "The same, summed while the words fade in from nothing.",
        "Half-faded words are nothing that the network ever read; only the last fifty or so.",
    ),
    "Shapley values (sampled)": Method(
        sampled,
        "What each word adds, on average over random orders in which words may come.",
        "It is slow, differs a little with other orders, and shares among neighbours where there "
        f"are more than {SAMPLED} words.",
    ),
}


def contributions(
    model: Model, text: str, method: str, progress: Progress = silent
) -> Contributions:
    """What each word of `text` did, by one of METHODS. Raises InputError for a text without words.

    And what `engine.infer` and `progress` raise.
    """
    read = running.reader(model).read(text)
    if not read.words:
        raise InputError("There is nothing to read here: type or paste what somebody wrote.")
    began = time.monotonic()
    found = METHODS[method].run(model, read, progress)
    return Contributions(found.values, found.passes, time.monotonic() - began, found.gap)


def reach(model: Model) -> int:
    """How many ids the graph `gradients` goes back over."""
    file = model.card.graph("gradients", model.precision("gradients"))
    return int(next(t.shape[1] for t in file.inputs if t.name == "gates"))


def _gated(model: Model, read: Read, strengths: Array) -> tuple[Array, Array]:
    """Log-odds [m] and slopes [m, ids in reach], where all words there have each strength."""
    far, n = reach(model), len(strengths)
    begin = max(0, len(read.ids) - far)
    before = running.read_on(model, read.ids[:begin])
    window = read.ids[begin:]
    ids, mask = np.zeros((n, far), np.int64), np.zeros((n, far), np.float32)
    ids[:, far - len(window) :], mask[:, far - len(window) :] = window, 1
    gates = np.repeat(strengths.astype(np.float32)[:, None], far, axis=1)
    if not begin:
        gates[:, far - len(window)] = 1  # the start is no word and does not fade
    feeds: dict[str, Array] = {"ids": ids, "mask": mask, "gates": gates}
    feeds["before"] = np.repeat(before, n, axis=0)
    run = engine.infer(model, feeds, graph="gradients")
    return run["odds"], run["slopes"][:, far - len(window) :]


def _by_word(model: Model, read: Read, slopes: Array) -> Array:
    """The sum over each word's ids; NaN for a word that has an id out of reach."""
    begin = max(0, len(read.ids) - reach(model))
    by_id = np.r_[np.full(begin, np.nan), slopes.astype(np.float64)][1:]
    found = np.zeros(len(read.words))
    np.add.at(found, read.owner, by_id)
    return found


def curve(model: Model, text: str, values: Array, order: str, progress: Progress = silent) -> Curve:
    """The probability of the answer while words go: in the order of `contribution`, or `random`.

    values: of a method; words that it does not reach go last, and of equal ones the mean counts.
    Raises what `progress` raises.
    """
    read = running.reader(model).read(text)
    value = odds(model, read)
    n = len(read.words)
    side = 1.0 if value(np.ones((1, n), bool))[0] >= 0 else -1.0

    def share(masks: Masks) -> Array:
        found: Array = 1 / (1 + np.exp(-side * value(masks)))
        return found

    if order == "random":
        return features.random_removal(share, n, progress=progress)
    worth = np.where(np.isnan(values), -np.inf, side * values)
    return features.removal_by(share, worth, progress=progress)
