"""Writing what was heard, one token after the other, each the likeliest."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from models import engine
from models.catalog import Model
from models.kinds.classifier import softmax
from models.speech.listening import Floats, Listening

MOST = 224  # tokens of half a minute: more are never spoken
RIVALS = 5  # that are kept beside each token
LOOP, TIMES = 12, 4  # a phrase of so few tokens that comes so often in a row is no speech
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Token:
    """One token. rivals: what else was likely there, likeliest first, itself among them.

    listened: how much it attended to each place, mean of the aligned heads [8, 1500] as float16.
    """

    id: int
    probability: float
    rivals: tuple[tuple[int, float], ...]
    listened: Array


@dataclass(frozen=True)
class Tokens:
    """The vocabulary: `pieces` maps an id to its bytes; the rest is what the card's files say."""

    pieces: tuple[bytes, ...]
    start: tuple[int, ...]
    end: int
    never: tuple[int, ...]  # signs that nobody speaks
    never_first: tuple[int, ...]

    @cached_property
    def forbidden(self) -> Array:
        """bool [vocabulary]."""
        found = np.zeros(len(self.pieces), bool)
        found[[*self.never]] = True
        found[self.end + 1 :] = True
        return found

    def text(self, ids: Sequence[int]) -> str:
        """What these ids spell."""
        return b"".join(self.pieces[one] for one in ids).decode("utf-8", "replace")

    def begins(self, one: int) -> bool:
        """Whether a new word begins with it."""
        return self.pieces[one][:1] == b" "


def vocabulary(model: Model) -> Tokens:
    """The tokens of a release, read once."""
    return model.once("tokens", lambda: _vocabulary(model), lambda _: 6e6)


def _vocabulary(model: Model) -> Tokens:
    # GPT-2 writes bytes that are no letters as letters from 256 on.
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    signs = {chr(code): code for code in plain}
    signs |= {chr(256 + i): code for i, code in enumerate(sorted({*range(256)} - {*plain}))}
    rules = json.loads(model.text("tokens.json"))
    end = int(rules["end"])
    lines = model.text("vocabulary.txt").split("\n")[: int(rules["count"])]
    pieces = tuple(
        bytes(signs[sign] for sign in line) if i < end else b"" for i, line in enumerate(lines)
    )
    return Tokens(
        pieces,
        tuple(rules["start"]),
        end,
        tuple(rules["never"]),
        tuple(rules["never_first"]),
    )


class Pen:
    """What is written of one half minute, or of several in a batch; `write` puts a token behind."""

    def __init__(self, model: Model, heard: dict[str, Floats], written: Floats | None = None):
        """heard: as `Listening` holds it, [n, ...]; written: by another pen, [n, t, 3072]."""
        self.model, self.heard = model, heard
        n = len(next(iter(heard.values())))
        width = next(
            int(tensor.shape[2])
            for tensor in model.card.graph("write", model.precision("write")).inputs
            if tensor.name == "written"
        )
        self.written = np.zeros((n, 0, width), np.float32) if written is None else written

    def write(self, ids: Sequence[int]) -> tuple[Floats, Floats]:
        """After a token in each: logits of the next [n, vocabulary], and listened [n, 8, 1500]."""
        feeds = {"token": np.array(ids, np.int64)[:, None], "written": self.written, **self.heard}
        run = engine.infer(self.model, feeds, graph="write")
        self.written = np.concatenate([self.written, run["new"]], 1)
        return run["logits"], run["listened"]


def begun(model: Model, heard: Listening) -> tuple[Pen, Floats, Floats]:
    """A pen after the tokens that every text begins with, and what it gave."""
    pen = Pen(model, heard.arrays)
    for one in vocabulary(model).start:
        logits, listened = pen.write([one])
    return pen, logits, listened


def shares_of(tokens: Tokens, logits: Floats, first: bool = False) -> Floats:
    """Probabilities [vocabulary] of what may come, from logits [vocabulary]."""
    held = np.where(tokens.forbidden, np.float32(-1e9), logits)
    if first:
        held[[*tokens.never_first]] = -1e9
    return softmax(held)


def tokens(model: Model, heard: Listening) -> Iterator[Token]:
    """The likeliest token, again and again, until the network ends or goes round in circles."""
    known = vocabulary(model)
    pen, logits, listened = begun(model, heard)
    ids: list[int] = []
    while len(ids) < MOST:
        shares = shares_of(known, logits[0], not ids)
        one = int(shares.argmax())
        ids.append(one)
        best = np.argpartition(-shares, RIVALS)[:RIVALS]
        best = best[np.argsort(-shares[best])]
        rivals = tuple((int(i), float(shares[i])) for i in best)
        yield Token(one, float(shares[one]), rivals, listened[0].astype(np.float16))
        if one == known.end or circles(ids):
            return
        logits, listened = pen.write([one])


def circles(ids: Sequence[int]) -> bool:
    """Whether the end of it is one phrase, again and again."""
    return any(
        len(ids) >= TIMES * size and [*ids[-size:]] * TIMES == [*ids[-TIMES * size :]]
        for size in range(1, LOOP + 1)
    )


def forced(model: Model, heard: Listening, ids: Sequence[int]) -> list[float]:
    """How likely each of these tokens is after those before it, whatever was heard."""
    known = vocabulary(model)
    pen, logits, _ = begun(model, heard)
    found = []
    for place, one in enumerate(ids):
        found.append(float(shares_of(known, logits[0], place == 0)[one]))
        if place + 1 < len(ids):
            logits, _ = pen.write([one])
    return found


def instead(
    model: Model, heard: Listening, before: Sequence[int], others: Sequence[int]
) -> list[list[int]]:
    """What it would have written after `before`, had it begun a word with each of `others`.

    Each goes on greedily until its word ends.
    """
    known = vocabulary(model)
    pen, _, _ = begun(model, heard)
    for one in before:
        pen.write([one])
    n = len(others)
    many = Pen(
        model,
        {name: np.repeat(part, n, 0) for name, part in heard.arrays.items()},
        np.repeat(pen.written, n, 0),
    )
    found = [[one] for one in others]
    ended = [one == known.end for one in others]
    last = [*others]
    for _ in range(8):
        if all(ended):
            break
        logits, _ = many.write(last)
        last = [int(shares_of(known, row).argmax()) for row in logits]
        for place, one in enumerate(last):
            ended[place] = ended[place] or one == known.end or not known.pieces[one][:1].isalpha()
            if not ended[place]:
                found[place].append(one)
    return found
