"""Runs the graphs of a model of text: what the network remembers, and what it expects next.

A `ReadState` is all that a network knows of a text: the ids that it read and its state after them. To
read on from one costs only what is new.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from models import engine
from models.catalog import Model
from models.errors import InputError
from models.kinds.classifier import softmax
from models.kinds.language.reading import Ids, Read, Vocabulary
from models.kinds.language.search import Pieces, State

Array = np.ndarray[Any, Any]
STRETCH = 256  # ids that go through a graph at once: more would hold megabytes for each
MOST = 20_000  # characters of one text, and ids: a second's work or two
SIZE = 5e6  # bytes of a vocabulary, most of them not Python's
BATCH = 64  # rows of one id that go through at once; each takes far below 1 ms


@dataclass(frozen=True)
class ReadState:
    """After `ids`, the start among them: the state and the probabilities of what follows."""

    ids: Ids
    state: State  # h and c, float32 [1, layers, hidden]
    shares: Array  # float32 [vocabulary]


def vocabulary(model: Model) -> Vocabulary:
    """The model's subwords or characters, read once."""
    made = partial(Vocabulary, model.text("tokenizer.json"))
    return model.once("vocabulary", made, lambda _: SIZE)


def pieces(model: Model) -> Pieces:
    """What each of them can be in a word, worked out once."""
    return model.once("pieces", lambda: Pieces(vocabulary(model)))


def checked(model: Model, text: str, least: int = 1) -> Read:
    """`text` as the network reads it, of at least so many ids. Raises InputError."""
    if len(text) > MOST:
        raise InputError(f"This text has {len(text):,} characters: give at most {MOST:,} of them.")
    read = vocabulary(model).read(text)
    if len(read.ids) > MOST + 1:  # of rare signs each is several
        raise InputError(
            f"The network reads this text in {len(read.ids) - 1:,} parts, since its signs are rare "
            f"to it: give at most {MOST:,} of them."
        )
    if len(read.ids) <= least:
        raise InputError("There is nothing to read here: type a word or more.")
    return read


def empty(model: Model, n: int = 1) -> State:
    """The state before any text."""
    precision = model.precision("step")
    shape = next(t.shape for t in model.card.graph("step", precision).inputs if t.name == "h")
    zeros = np.zeros((n, *map(int, shape[1:])), np.float32)
    return zeros, zeros


def step(model: Model, ids: Array, state: State) -> tuple[Array, State]:
    """Read int64 [n] or [n, t] on from the states: probabilities [n, vocabulary], the states."""
    ids = ids[:, None] if ids.ndim == 1 else ids
    feeds = {"ids": ids, "h": state[0], "c": state[1]}
    run = engine.infer(model, feeds, graph="step", chunk=BATCH)
    return softmax(run["logits"]), (run["h_out"], run["c_out"])


def read(model: Model, ids: Ids, known: ReadState | None = None) -> ReadState:
    """The moment after `ids`; goes on from `known` where that is of their beginning."""
    done = 0 if known is None else len(known.ids)
    if known is None or done > len(ids) or (known.ids != ids[:done]).any():
        known, done = None, 0
    if known is not None and done == len(ids):
        return known
    state = empty(model) if known is None else known.state
    shares = np.zeros((1, 0), np.float32)
    for begin in range(done, len(ids), STRETCH):
        shares, state = step(model, ids[None, begin : begin + STRETCH], state)
    return ReadState(ids, state, shares[0])


def follow(model: Model, moment: ReadState, one: int) -> ReadState:
    """The moment after one id more."""
    shares, state = step(model, np.array([one], np.int64), moment.state)
    return replace(moment, ids=np.append(moment.ids, one), state=state, shares=shares[0])


@dataclass(frozen=True)
class Surprisals:
    """What each id cost after those before it, and what the network held there."""

    nats: Array  # float32 [t], of ids[1:]
    hidden: Array  # float32 [t, hidden], the last layer's output when each was asked for


def surprisals(model: Model, ids: Ids, state: State | None = None) -> Surprisals:
    """The costs of ids[1:], in stretches that carry the state; `state` is that before ids[0]."""
    state = state or empty(model)
    nats, hidden = [], []
    for begin in range(0, len(ids) - 1, STRETCH):
        end = min(begin + STRETCH, len(ids) - 1)
        feeds = {
            "ids": ids[None, begin:end],
            "targets": ids[None, begin + 1 : end + 1],
            "h": state[0],
            "c": state[1],
        }
        run = engine.infer(model, feeds, graph="predict")
        state = run["h_out"], run["c_out"]
        nats.append(run["nats"][0])
        hidden.append(run["hidden"][0])
    return Surprisals(np.concatenate(nats), np.concatenate(hidden))
