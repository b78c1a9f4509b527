"""No blocked word is read in what is suggested or written, from wherever it was begun."""

import itertools
import re
from collections.abc import Iterator

import numpy as np
import pytest

from models import catalog
from models.catalog import Model
from models.kinds.language import memory, rivals, suggest, write, writing
from models.kinds.language.blocked import BLOCKED, holds
from models.kinds.language.reading import Vocabulary
from models.kinds.language.writing import Drawing

OPENINGS = ("He is a ", "You ", "I hate those ", "\u201cGet out\u201d, he said, \u201cyou ")
FIRST, *_ = sorted(BLOCKED)
BOLD = str.maketrans({chr(97 + i): chr(0x1D41A + i) for i in range(26)})


@pytest.fixture(scope="module", params=["text_prediction", "shakespeare"])
def model(request: pytest.FixtureRequest) -> Model:
    return catalog.load(request.param)


def begun() -> Iterator[tuple[str, str]]:
    """An opening, and what is typed of a word: every word from every place, openings by turns."""
    openings = itertools.cycle(OPENINGS)
    for word in sorted(BLOCKED):
        for cut in range(len(word)):
            yield next(openings), word[:cut]


def is_read(text: str, typed: str) -> bool:
    """Whether a blocked word is read at the end of a text, other than what was typed itself."""
    runs = re.findall(r"[^\W\d_]+", text.lower())
    return any(run in BLOCKED for run in runs if run != typed)


@pytest.mark.parametrize("drawing", [Drawing(0), Drawing(0.8), Drawing(1.4)], ids=str)
def test_no_blocked_word_is_written_from_any_beginning(model: Model, drawing: Drawing) -> None:
    length = 14 if memory.vocabulary(model).characters else 5
    for seed, (opening, typed) in enumerate(begun()):
        parts = write(model, opening + typed, length=length, drawing=drawing, seed=seed)
        written = typed if opening[-1].isspace() and not typed else typed + "".join(parts)
        assert not is_read(written, typed), (opening, typed)


def test_no_blocked_word_is_suggested_from_any_beginning() -> None:
    model = catalog.load("text_prediction")
    for opening, typed in begun():
        found = suggest(model, opening + typed)
        assert not any(holds(word.text) for word in found.offered), (opening, typed)
        for word in found.offered:
            assert not is_read(found.taken(word.text, word.follows)[len(opening) :], typed)
            if not word.follows:
                assert word.text.startswith(typed)


@pytest.mark.parametrize("name", ["5-gram", "unigram"])
def test_the_models_that_count_offer_none_either(name: str) -> None:
    model = catalog.load("text_prediction")
    rival, pieces = rivals.rivals(model)[name], memory.pieces(model)
    for typed in sorted({word[:cut] for word in BLOCKED for cut in (1, 3)}):
        found = suggest(model, f"He is a {typed}")
        words = rivals.offered(rival, found.moment.ids, found.ids, found.typed, pieces)
        assert not any(holds(word.text) for word in words), typed


@pytest.mark.parametrize(
    "written",
    [
        FIRST.upper(),
        f"an {FIRST}'s",
        f"({FIRST})",
        FIRST.translate(BOLD),
        "\u200b".join(FIRST),
        "\u0301".join(FIRST),
        f"1{FIRST}",
        FIRST.replace("o", "\u043e").replace("a", "\u0430"),
    ],
)
def test_a_blocked_word_is_known_as_a_person_reads_it(written: str) -> None:
    assert holds(written)


@pytest.mark.parametrize(
    "written", ["", "I like cocktails", "Dickens in Scunthorpe", "spice", "as"]
)
def test_a_word_that_only_begins_or_ends_as_one_is_not(written: str) -> None:
    assert not holds(written)


class Toy(Vocabulary):
    """Pieces of a made-up model; the start is the first."""

    def __init__(self, pieces: tuple[str, ...]) -> None:
        self.pieces = [piece.encode() for piece in pieces]
        self.characters, self.start, self.size = False, 0, len(pieces)


def toy(monkeypatch: pytest.MonkeyPatch, after: dict[str, dict[str, float]]) -> Model:
    """The released model with its graphs replaced: what follows a piece by the piece alone."""
    model = catalog.load("text_prediction")
    pieces = tuple(dict.fromkeys(["", *after, *(p for row in after.values() for p in row)]))
    vocabulary = Toy(pieces)
    table = np.zeros((len(pieces), len(pieces)), np.float32)
    for before, row in after.items():
        for piece, share in row.items():
            table[pieces.index(before), pieces.index(piece)] = share

    def follow(_: Model, moment: memory.ReadState, one: int) -> memory.ReadState:
        return memory.ReadState(np.append(moment.ids, one), (), table[one])

    monkeypatch.setattr(memory, "vocabulary", lambda _: vocabulary)
    monkeypatch.setattr(memory, "follow", follow)
    monkeypatch.setattr(memory, "read", lambda _, ids: memory.ReadState(ids, (), table[ids[-1]]))
    joining = np.array([piece[:1].isalpha() for piece in pieces])
    monkeypatch.setattr(writing, "_joining", lambda _: joining)
    banned = np.array([i for i, piece in enumerate(pieces) if holds(piece)], np.int64)
    monkeypatch.setattr(writing, "_banned", lambda _: banned)
    return model


def told(model: Model, typed: str, last: str, length: int = 4) -> list[str]:
    """The parts that are written after a text whose last piece is `last`."""
    vocabulary = memory.vocabulary(model)
    ids = np.array([0, vocabulary.pieces.index(last.encode())])
    read = type("Read", (), {"text": typed, "ids": ids})()
    rng = np.random.default_rng(0)
    return [
        *writing._parts(
            model,
            read,
            writing._last(typed),
            length=length,
            drawing=Drawing(0),
            rng=rng,
            ends=False,
        )
    ]


HEAD, TAIL = "co", "on"  # two parts of a blocked word
END = {" the": {" end": 1.0}, " end": {" the": 1.0}}


def test_it_goes_back_to_where_most_of_the_probability_lay_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert HEAD + TAIL in BLOCKED
    # The word's end is nearly certain once it is begun: it is not begun.
    after = {
        " a": {f" {HEAD}": 0.6, " the": 0.4},
        f" {HEAD}": {TAIL: 0.9, " end": 0.1},
        TAIL: {" the": 1.0},
    }
    assert told(toy(monkeypatch, after | END), "a", " a") == [" the", " end", " the", " end"]
    # Something else is likelier after the beginning: that is written.
    after[f" {HEAD}"] = {TAIL: 0.45, "rn": 0.4, " end": 0.15}
    after["rn"] = {" the": 1.0}
    assert told(toy(monkeypatch, after | END), "a", " a") == [f" {HEAD}", "rn", " the", " end"]


def test_a_longer_word_that_begins_as_a_blocked_one_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    after = {
        " a": {f" {HEAD}": 1.0},
        f" {HEAD}": {TAIL: 1.0},
        TAIL: {"hound": 0.6, " the": 0.4},
        "hound": {" end": 1.0},
    }
    model = toy(monkeypatch, after | END)
    assert told(model, "a", " a") == [f" {HEAD}", TAIL, "hound", " end"]
    # Nor does the text end in its middle.
    after[" a"][" the"] = 0.5
    assert told(toy(monkeypatch, after | END), "a", " a", 2) == [" the", " end"]


def test_what_a_visitor_typed_whole_is_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    after = {TAIL: {" the": 0.9, "s": 0.1}, "s": {" the": 1.0}}
    assert told(toy(monkeypatch, after | END), HEAD + TAIL, TAIL)[0] == " the"
    after[TAIL] = {"s": 0.9, " the": 0.1}
    assert told(toy(monkeypatch, after | END), HEAD + TAIL, TAIL)[0] == " the"
