"""Runs the graphs of sentiment: many texts of many lengths, or one text from a place within it.

What was read before is float32 [n, 4 hidden + 4]: the state's h and c, the largest and the sum of
all hidden states so far, how many there were, the sum of all runs so far, and the last two ids.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from models import engine
from models.card import Precision
from models.catalog import Model
from models.engine import Run
from models.kinds.language import memory
from models.sentiment.reading import Ids, Reader

Array = np.ndarray[Any, Any]

BATCH = 32  # texts at once, and ids at once: more were no faster and would hold megabytes
IDS = 4_096
OUTPUTS = ("logits", "embedding", "review")


def reader(model: Model) -> Reader:
    """What reads texts for this model, made once."""
    made = partial(Reader, model.text("tokenizer.json"))
    return model.once("reader", made, lambda _: memory.SIZE)


def empty(model: Model, n: int, precision: Precision | None = None) -> Array:
    """Before any text."""
    file = model.card.graph("predict", precision or model.precision())
    wide = next(int(t.shape[1]) for t in file.inputs if t.name == "before")
    made, hidden = np.zeros((n, wide), np.float32), wide // 4 - 1
    made[:, 2 * hidden : 3 * hidden] = -1  # the largest so far: below every hidden state
    made[:, -2:] = -1  # no ids
    return made


def run(model: Model, texts: Sequence[Ids], precision: Precision | None = None) -> Run:
    """logits, embedding and review of each text's ids, in their order; at least one text."""
    order = np.argsort([len(ids) for ids in texts], kind="stable")
    found, seconds, waited = [], 0.0, 0.0
    for rows in _batches(order, [len(texts[i]) for i in order]):
        lengths = np.array([len(texts[i]) for i in rows], np.int64)
        ids = np.zeros((len(rows), lengths.max()), np.int64)
        for row, i in zip(ids, rows, strict=True):
            row[: len(texts[i])] = texts[i]
        before = empty(model, len(rows), precision)
        feeds = {"ids": ids, "lengths": lengths, "before": before}
        one = engine.infer(model, feeds, outputs=OUTPUTS, precision=precision, chunk=BATCH)
        found.append(one)
        seconds, waited = seconds + one.seconds, waited + one.waited
    back = np.argsort(order)
    arrays = {name: np.concatenate([one[name] for one in found])[back] for name in OUTPUTS}
    return Run(arrays, found[0].provider, found[0].precision, seconds, waited)


def _batches(order: Array, lengths: Sequence[int]) -> list[Array]:
    """`order` in parts of at most BATCH texts and about IDS ids; lengths rise."""
    parts, begin = [], 0
    for end in range(1, len(order) + 1):
        full = end - begin == BATCH or (end - begin + 1) * lengths[min(end, len(order) - 1)] > IDS
        if full or end == len(order):
            parts.append(order[begin:end])
            begin = end
    return parts


def read_on(model: Model, ids: Ids) -> Array:
    """What is kept after some ids of one text; nothing after none."""
    before = empty(model, 1)
    if not len(ids):
        return before
    feeds = {"ids": ids[None], "lengths": np.array([len(ids)]), "before": before}
    return engine.infer(model, feeds, outputs=("before_out",))["before_out"]
