"""What a released model of text is measured by, beside models that count.

    figures = surprisals(speakers, texts)            # perplexity, alike for each speaker
    found = recall(speaker, questions, pieces)  # how often the next word is among its first three

A speaker is the network in its released graphs, or a count, see models/kinds/language/rivals.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import Model
from models.kinds.language import memory, recent, search
from models.kinds.language.blocked import BLOCKED
from models.kinds.language.reading import WORD, Ids, Vocabulary
from models.kinds.language.rivals import Rival

Array = np.ndarray[Any, Any]
SEQUENCE = 8  # words of a sequence that may have been learned by heart


@dataclass(frozen=True)
class Speaker:
    """`surprisals(ids)` gives nats of ids[1:]; `opens(ids)` what follows them and the state; `step`."""

    surprisals: Callable[[Ids], Array]
    opens: Callable[[Ids], tuple[Array, search.State]]
    step: search.Step


def network(model: Model) -> Speaker:
    """The network in its released graphs."""

    def opens(ids: Ids) -> tuple[Array, search.State]:
        moment = memory.read(model, recent(ids))
        return moment.shares, moment.state

    return Speaker(
        lambda ids: memory.surprisals(model, ids).nats,
        opens,
        lambda ids, state: memory.step(model, ids, state),
    )


def counting(rival: Rival) -> Speaker:
    """A model that counts."""
    return Speaker(rival.surprisals, lambda ids: (rival.shares(ids), rival.state(ids)), rival.step)


def surprisals(speaker: Speaker, vocabulary: Vocabulary, texts: list[str]) -> Array:
    """float64 [texts, 4]: nats, words between white space, bytes and characters of each text."""
    rows = []
    for text in texts:
        nats = speaker.surprisals(vocabulary.read(text).ids).sum(dtype=np.float64)
        rows.append((nats, len(text.split()), len(text.encode()), len(text)))
    return np.array(rows, np.float64)


def word_perplexity(rows: Array) -> float:
    """exp(all nats / words), of rows as `surprisals` gives them."""
    return float(np.exp(rows[:, 0].sum() / rows[:, 1].sum()))


@dataclass(frozen=True)
class Question:
    """A word to be guessed: the ids before it, the space or nothing before it, its letters."""

    ids: Ids
    space: str
    word: str


def questions(vocabulary: Vocabulary, texts: list[str], n: int, seed: int = 0) -> list[Question]:
    """`n` words drawn at random from all runs of letters and apostrophes in the texts."""
    places = [(i, found.span()) for i, text in enumerate(texts) for found in WORD.finditer(text)]
    rng = np.random.default_rng(seed)
    made = []
    for place in sorted(rng.choice(len(places), min(n, len(places)), replace=False)):
        i, (begin, end) = places[place]
        before, word = texts[i][:begin], texts[i][begin:end]
        space = " " if not before or before.endswith(" ") else ""
        made.append(Question(vocabulary.read(before.rstrip(" ")).ids, space, word))
    return made


def asked(speaker: Speaker, question: Question, pieces: search.Pieces) -> tuple[list[int], int]:
    """The word's place (0 to 2, else 3) after 0, 1 and 2 letters; keys pressed with suggestions.

    A word is chosen from the three by one key, as soon as it stands there; -1 where the word has
    no more letters than were typed.
    """
    shares, state = speaker.opens(question.ids)
    word, places, keys = question.word, [-1, -1, -1], len(question.word) + 1
    for typed in range(len(word)):
        if typed > 2 and keys <= len(word):
            break
        found = search.words(
            speaker.step,
            shares,
            state,
            pieces,
            typed=question.space + word[:typed],
            blocked=BLOCKED,
        )
        texts = [one.text for one in found]
        place = texts.index(word) if word in texts else 3
        if typed < 3:
            places[typed] = place
        if place < 3 and keys > len(word):
            keys = min(keys, typed + 1)
    return places, keys


def recall(speaker: Speaker, asks: list[Question], pieces: search.Pieces) -> Array:
    """int64 [n, 5]: places after 0, 1 and 2 letters, keys with suggestions and without."""
    rows = []
    for one in asks:
        places, keys = asked(speaker, one, pieces)
        rows.append([*places, keys, len(one.word) + 1])
    return np.array(rows)


def recalls(rows: Array) -> dict[str, Array]:
    """Metric name -> whether each word that counts was hit."""
    hits = {"top1_recall": rows[:, 0] == 0, "top3_recall": rows[:, 0] < 3}
    for typed in (1, 2):
        counted = rows[rows[:, typed] >= 0, typed]
        hits[f"top3_recall_after_{typed}"] = counted < 3
    return hits


def savings(rows: Array) -> float:
    """Share of keys that suggestions spare, of rows as `recall` gives them."""
    return float(1 - rows[:, 3].sum() / rows[:, 4].sum())


def sequences(texts: list[str], known: Mapping[str, int]) -> Array:
    """uint64: one number for each run of eight words, small letters; unknown words are all one."""
    rng = np.random.default_rng(0)
    factors = rng.integers(1, 2**63, SEQUENCE, np.uint64) | np.uint64(1)
    codes = rng.integers(1, 2**63, len(known) + 1, np.uint64)
    parts = []
    for text in texts:
        ids = np.array([known.get(word, -1) for word in text.lower().split()], np.int64)
        if len(ids) >= SEQUENCE:
            rows = np.lib.stride_tricks.sliding_window_view(codes[ids], SEQUENCE)
            parts.append((rows * factors).sum(1, dtype=np.uint64))
    return np.concatenate(parts) if parts else np.zeros(0, np.uint64)


def memorised(written: list[str], learned: list[str]) -> tuple[Array, Array]:
    """Of each text's eight-word sequences, how many stand in `learned`, and how many there are."""
    known: dict[str, int] = {}
    for text in learned:
        for word in text.lower().split():
            known.setdefault(word, len(known))
    there = np.unique(sequences(learned, known))
    found = [sequences([text], known) for text in written]
    places = [np.minimum(np.searchsorted(there, f), len(there) - 1) for f in found]
    hits = [(there[place] == f).sum() for place, f in zip(places, found, strict=True)]
    return np.array(hits), np.array([len(f) for f in found])
