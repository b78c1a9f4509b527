"""How a text is read, which words a search finds in a model of subwords, how ids are drawn."""

import itertools
import time

import numpy as np
import pytest

from models.errors import InputError
from models.kinds.language import reading, search, writing
from models.kinds.language.blocked import BLOCKED, holds
from models.kinds.language.writing import Drawing
from models.sentiment.reading import Reader
from pages.parts.draw import text_marks
from tests.helpers import filled
from training.kinds.language import data

TEXTS = [
    "The cat doesn't like the garden, does it?",
    "Ångström and naïve readers — “quoted” — like 12 cats.",
    "I didn't see the film; the film didn't see me.",
]
SUBWORDS = reading.Vocabulary(data.subwords(TEXTS * 5, 340))
CHARACTERS = reading.Vocabulary(data.characters(["ROMEO:\nO me! What's 3?"]))
ODD = [
    "日本語のテキスト",
    "😀👩‍👩‍👧",
    "<|text|> is no start",
    "a\x00b",
    "\ud7ff",
    "tab\tnew\nline  end ",
]


@pytest.mark.parametrize("text", [*TEXTS, *ODD])
def test_subwords_hold_every_text_as_it_is_read(text: str) -> None:
    read = SUBWORDS.read(text)
    assert read.text == reading.plain(text)
    assert SUBWORDS.decode(read.ids) == " " + read.text
    assert read.ids[0] == SUBWORDS.start
    assert SUBWORDS.start not in read.ids[1:]
    assert len(read.spans) == len(read.ids)
    joined = dict.fromkeys(read.spans[1:])
    assert "".join(read.text[a:b] for a, b in joined).replace(" ", "") == read.text.replace(" ", "")


def test_what_the_vocabulary_does_not_hold_is_told() -> None:
    assert SUBWORDS.read("The cat likes 猫.").strange == "猫"
    assert SUBWORDS.read("The cat.").strange == ""
    read = CHARACTERS.read("O me! 7?")
    assert read.strange == "7"
    assert CHARACTERS.decode(read.ids) == f"O me! {reading.UNKNOWN}?"
    assert CHARACTERS.read("me\r\nO").text == "me\nO"


def test_controls_and_directions_are_not_read() -> None:
    assert reading.plain("a\u202eb\u0007c\u200f d\u2069") == "abc d"
    assert reading.plain("It\u2019s\u00a0 fine\n\nthen ") == "It's fine then"
    assert SUBWORDS.read("").ids.tolist() == [SUBWORDS.start]
    assert SUBWORDS.read("\u202e \x07").ids.tolist() == [SUBWORDS.start]


def test_each_id_belongs_to_a_word_between_spaces() -> None:
    read = SUBWORDS.read("The cat doesn't, 猫!")
    spans, places = reading.runs(read)
    assert [read.text[a:b] for a, b in spans] == ["The", "cat", "doesn't,", "猫!"]
    assert len(places) == len(read.ids) - 1
    for i, place in enumerate(places):
        a, b = read.spans[i + 1]
        assert spans[place][0] - 1 <= a
        assert b <= spans[place][1]


@pytest.mark.parametrize(
    ("text", "before", "typed"),
    [
        ("", "", " "),
        ("I", "", " I"),
        ("I lik", "I", " lik"),
        ("I ", "I", " "),
        ("I don't", "I", " don't"),
        ("I don'", "I", " don'"),
        ("well-kn", "well-", "kn"),
        ("The end.", "The end.", " "),
        ("in 1984 ", "in 1984", " "),
        ("naïve", "", " naïve"),
        ("'tis", "'", "tis"),
        ("he said 'Go", "he said '", "Go"),
        ("rock 'n'", "rock '", "n'"),
        ("''", "''", " "),
        ("a1b'c'", "a1", "b'c'"),
    ],
)
def test_the_word_at_the_end_is_taken_apart(text: str, before: str, typed: str) -> None:
    assert search.split(text) == (before, typed)


FULL = 20_000
OVER = {
    "plain": reading.plain,
    "letters at the end": writing._last,
    "blocked words": holds,
    "split": search.split,
    "subwords": SUBWORDS.read,
    "characters": CHARACTERS.read,
    "runs": lambda text: reading.runs(SUBWORDS.read(text)),
    "a review": Reader(data.subwords(TEXTS * 5, 340)).read,
    "Markdown": text_marks.plain,
    "lines of Markdown": text_marks.lines,
}


@pytest.mark.parametrize("name", OVER)
def test_a_text_of_the_full_length_costs_moments_whatever_it_holds(name: str) -> None:
    # In seconds of the processor, which other work on this machine does not lengthen: the slowest
    # takes a tenth of one, and one that looks anew from every letter takes many.
    for shape, text in filled(FULL).items():
        began = time.process_time()
        OVER[name](text)
        assert time.process_time() - began < 1.5, shape


FEW = (
    "", " c", " l", " t", " bro", " d", "a", "e", "i", "k", "t", "h", "s", "n't", ".", ", "
)  # fmt: skip


class Few(reading.Vocabulary):
    """A vocabulary of these pieces alone, of which each word can be made in one way only."""

    def __init__(self) -> None:
        self.pieces = [piece.encode() for piece in FEW]


def toy(seed: int) -> tuple[np.ndarray, search.Step, search.Pieces]:
    """Probabilities of a model whose next id depends on the last id alone."""
    table = np.random.default_rng(seed).dirichlet(np.full(len(FEW), 0.5), len(FEW))
    return table, lambda ids, state: (table[ids], (state[0] + 1,)), search.Pieces(Few())


def every_word(table: np.ndarray, last: int, typed: str, pieces: search.Pieces) -> dict[str, float]:
    """All words of up to four subwords with their probabilities, one by one."""
    found: dict[str, float] = {}
    go_on = np.flatnonzero(pieces.goes_on)
    first = [i for i in np.flatnonzero(pieces.begins) if pieces.spaced[i]]
    for length in (0, 1, 2, 3):
        for ids in itertools.product(first, *[go_on] * length):
            share = 1.0
            for before, one in zip((last, *ids), ids, strict=False):
                share *= table[before, one]
            text = "".join(pieces.letters[i] for i in ids)
            if share > 1e-7 and text.startswith(typed) and not text.endswith("'"):
                end = 1 - table[ids[-1], go_on].sum()
                found[text[1:]] = found.get(text[1:], 0.0) + share * end
    return found


@pytest.mark.parametrize("typed", [" ", " l", " th"])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_search_finds_the_likeliest_words(seed: int, typed: str) -> None:
    table, step, pieces = toy(seed)
    right = every_word(table, 5, typed, pieces)
    found = search.words(step, table[5], (np.zeros((1, 1)),), pieces, typed=typed)
    likely = sorted(right.values(), reverse=True)
    assert likely[0] > 2e-3
    for place, word in enumerate(found):
        if likely[place] > 2e-3:  # below, words longer than were tried one by one may stand
            assert word.probability == pytest.approx(likely[place])
            assert right[word.text] == pytest.approx(likely[place])
    assert len(found) == 3 or len(right) < 3


def test_a_blocked_word_is_passed_over() -> None:
    table, step, pieces = toy(0)
    state = (np.zeros((1, 1)),)
    first, second, *_ = search.words(step, table[5], state, pieces, count=2)
    kept = search.words(step, table[5], state, pieces, count=1, blocked={first.text.lower()})
    assert kept == [second]
    assert len(BLOCKED) > 50
    assert all(word == word.lower() and word.isalpha() for word in BLOCKED)


SHARES = np.array([0.05, 0.5, 0.3, 0.15])


def drawn(drawing: Drawing, n: int = 400) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.bincount([drawing.draw(SHARES, rng) for _ in range(n)], minlength=4) / n


def test_ids_are_drawn_by_their_probabilities() -> None:
    assert drawn(Drawing(1.0)) == pytest.approx(SHARES, abs=0.06)
    assert drawn(Drawing(0.0)).tolist() == [0, 1, 0, 0]
    assert drawn(Drawing(1.0, top_k=1)).tolist() == [0, 1, 0, 0]
    assert drawn(Drawing(1.0, top_k=2)) == pytest.approx([0, 0.625, 0.375, 0], abs=0.06)
    assert drawn(Drawing(1.0, top_p=0.8)) == pytest.approx([0, 0.625, 0.375, 0], abs=0.06)
    assert drawn(Drawing(1.0, top_p=0.81))[3] > 0
    squared = SHARES**2 / (SHARES**2).sum()
    assert drawn(Drawing(0.5)) == pytest.approx(squared, abs=0.06)


@pytest.mark.parametrize(
    "drawing",
    [Drawing(-0.1), Drawing(float("nan")), Drawing(top_k=-1), Drawing(top_p=0), Drawing(top_p=1.1)],
)
def test_settings_that_cannot_be_are_refused(drawing: Drawing) -> None:
    with pytest.raises(InputError, match=r"^[A-Z].*\.$"):
        drawing.check()
