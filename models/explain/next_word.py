"""Why a network of text expected a word: which earlier words pushed it.

    found = attributions(model, text, 4)     # the fifth word between white space
    found.gradient, found.ablation, found.agreement

Two methods that may disagree: the gradient of the word's log-probability at each earlier
embedding, times that embedding; and what the word costs more when an earlier word is taken away.
The second goes back further, since its graph needs no operators for every id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import engine
from models.catalog import Model
from models.errors import InputError
from models.explain import rank_correlation
from models.kinds.language import memory
from models.kinds.language.reading import Ids, runs
from models.kinds.language.search import State

Array = np.ndarray[Any, Any]
Span = tuple[int, int]
FAR = 192  # ids before a word over which words are taken away: of more it would take seconds
LONGEST = 16  # ids of a word that are explained, its first: each goes through `gradients` by itself


@dataclass(frozen=True)
class Attributions:
    """What each of `words`, which stand before `target`, did for it, in nats: above 0 it helped.

    Only words within `FAR` ids. agreement: the rank correlation of the two (Spearman) where both
    reach, None where fewer than three words stand there.
    """

    target: Span
    nats: float  # what the target cost, or its first `LONGEST` ids
    words: list[Span]
    gradient: Array  # float64 [words], NaN beyond the reach of its graph
    ablation: Array  # float64 [words]
    agreement: float | None
    cut: bool  # whether the target has more ids than `LONGEST`


def reach(model: Model) -> int:
    """How many ids the graph `gradients` goes back over."""
    file = model.card.graph("gradients", model.precision("gradients"))
    return int(next(t.shape[1] for t in file.inputs if t.name == "mask"))


def attributions(model: Model, text: str, word: int) -> Attributions:
    """Explain the word of that number, from 0, by the words before it.

    Raises InputError where there is no such word or none before it, and what `engine.infer` raises.
    """
    read = memory.checked(model, text)
    spans, places = runs(read)
    if not 0 < word < len(spans):
        raise InputError("Choose a word that has another before it.")
    (its,) = np.nonzero(places == word)  # ids[its + 1] are the word's
    first = int(its[0]) + 1
    end = first + min(len(its), LONGEST)
    begin, near = max(0, end - 1 - FAR), max(0, end - 1 - reach(model))
    before = memory.read(model, read.ids[:begin]).state if begin else memory.empty(model)
    window, asked = read.ids[begin:first], read.ids[first:end]
    # The start of the text is no word, and a word that the window cuts counts with what is in it.
    owner = np.r_[-1, places][begin:first]
    owners = [int(one) for one in np.unique(owner[owner >= 0])]
    cut = near - begin
    later = memory.step(model, window[None, :cut], before)[1] if cut else before
    by_id = np.r_[np.full(cut, np.nan), _gradient(model, window[cut:], asked, later)]
    gradient = np.array([by_id[owner == one].sum() for one in owners])
    whole, *without = _surprisals(
        model, [window, *(window[owner != o] for o in owners)], asked, before
    )
    ablation, both = np.array(without) - whole, np.isfinite(gradient)
    agreement = agree(gradient[both], ablation[both])
    before_it, cut_short = [spans[o] for o in owners], len(its) > LONGEST
    return Attributions(spans[word], whole, before_it, gradient, ablation, agreement, cut_short)


def _gradient(model: Model, window: Ids, asked: Ids, before: State) -> Array:
    """float64 [window]: of the log-probability of all `asked`, times the embedding."""
    far, n = reach(model), len(asked)
    ids, mask = np.zeros((n, far), np.int64), np.zeros((n, far), np.float32)
    target = np.zeros((n, memory.vocabulary(model).size), np.float32)
    state: State = before
    for row in range(n):
        given = np.r_[window, asked[:row]]
        ids[row, far - len(given) :], mask[row, far - len(given) :] = given, 1
        new = given if row == 0 else asked[row - 1 : row]
        shares, state = memory.step(model, new[None], state)
        target[row] = -shares[0]
        target[row, asked[row]] += 1
    feeds: dict[str, Array] = {"ids": ids, "mask": mask, "target": target}
    feeds |= {k: np.repeat(part, n, axis=0) for k, part in zip("hc", before, strict=True)}
    found = slopes(model, feeds)
    rows = [found[i, far - len(window) - i :][: len(window)] for i in range(n)]
    total: Array = np.array(rows, np.float64).sum(axis=0)
    return total


def slopes(model: Model, feeds: Mapping[str, Array]) -> Array:
    """The attributions [n, reach] that the graph `gradients` gives."""
    return engine.infer(model, feeds, graph="gradients", outputs=("attribution",))["attribution"]


def _surprisals(model: Model, windows: Sequence[Ids], asked: Ids, before: State) -> list[float]:
    """What `asked` costs after each window, from one state before them all."""
    start = np.array([memory.vocabulary(model).start], np.int64)
    windows = [window if len(window) else start for window in windows]  # where no id is left
    lengths, found = np.array([len(window) for window in windows]), np.zeros(len(windows))
    for length in np.unique(lengths):  # windows of one length go together, so that none is padded
        (rows,) = np.nonzero(lengths == length)
        given = np.stack([windows[row] for row in rows])
        state: State = tuple(np.repeat(part, len(rows), axis=0) for part in before)
        for one in asked:
            shares, state = memory.step(model, given, state)
            found[rows] -= np.log(shares[:, one])
            given = np.full((len(rows), 1), one, np.int64)
    return [float(cost) for cost in found]


def agree(one: Array, other: Array) -> float | None:
    """Spearman's rank correlation; None for fewer than three, or where one has no order."""
    return rank_correlation(one, other) if len(one) >= 3 else None
