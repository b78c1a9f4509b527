"""What a person reads of a text is what models read, and what was written can be told again."""

import itertools
import random
import time
import unicodedata

import pytest

from models import catalog
from models.decode import lookalikes, texts
from models.kinds.language import memory
from models.sentiment import predict, running
from tests.helpers import filled

NOT_LIKED = "I didn{}t like this film at all. It{}s dull and I wasn{}t amused."
PAN = "What a terrible and boring waste of two hours."
SINGLE = (
    "\u2019\u2018\u00b4`\u02bc\u02b9\u2032\u2035\u02bb\u02c8\u02ca\u02cb\uff07\uff40\u201b\u055a"
    "\ua78c"
)
HIDDEN = {
    "zero width space": "\u200b",
    "zero width joiners": "\u200c\u200d",
    "soft hyphen": "\xad",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "directions": "\u202e\u2066\u200f\u061c",
    "variation selectors": "\ufe0e\ufe0f\U000e0101",
    "tags": "\U000e0061\U000e007f",
    "grapheme joiner": "\u034f",
    "invisible times": "\u2062\u2064",
    "controls": "\x00\x07\x9f",
    "Mongolian separator": "\u180e",
    "fillers of Korean": "\u115f\u1160",
}


def letters(text: str, small: int, capital: int) -> str:
    """ASCII letters as those of an alphabet that begins at these code points."""
    shifts = dict.fromkeys(range(97, 123), small - 97) | dict.fromkeys(range(65, 91), capital - 65)
    return "".join(chr(ord(c) + shifts.get(ord(c), 0)) for c in text)


def small_capitals(text: str) -> str:
    return "".join(
        unicodedata.lookup(f"LATIN LETTER SMALL CAPITAL {c.upper()}") if c.islower() else c
        for c in text
    )


MIMICS = str.maketrans(
    "aeopcyxsiTHB", "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0422\u041d\u0412"
)
STYLED = {
    "mathematical bold": letters(PAN, 0x1D41A, 0x1D400),
    "mathematical script bold": letters(PAN, 0x1D4EA, 0x1D4D0),
    "mathematical sans": letters(PAN, 0x1D5BA, 0x1D5A0),
    "fullwidth": letters(PAN, 0xFF41, 0xFF21),
    "circled": letters(PAN, 0x24D0, 0x24B6),
    "small capitals": small_capitals(PAN),
    "struck through": "".join(f"{c}\u0336" for c in PAN),
    "underlined": "".join(f"{c}\u0332" if c != " " else c for c in PAN),
    "piled up": "".join(c + "\u0335\u0301\u0316" * 9 if c in "bdfghjklmpqrtv" else c for c in PAN),
    "Cyrillic mimics": PAN.translate(MIMICS),
}


@pytest.mark.parametrize("sign", SINGLE)
def test_every_apostrophe_is_one(sign: str) -> None:
    found = texts.read(NOT_LIKED.format(sign, sign, sign))
    assert found.text == NOT_LIKED.format("'", "'", "'")
    assert found.part(2, 8) == f"didn{sign}t"


def test_quotation_marks_and_hyphens_are_one() -> None:
    assert (
        texts.plain("\u201cGood\u201d \u201egood\u201f \uff02good\u2033") == '"Good" "good" "good"'
    )
    assert texts.plain("well\u2010known, well\u2011known") == "well-known, well-known"
    assert texts.plain("1990\u20131995 \u2014 `code`") == "1990\u20131995 \u2014 `code`"


@pytest.mark.parametrize("name", HIDDEN)
def test_what_nobody_sees_is_not_read(name: str) -> None:
    hidden = HIDDEN[name]
    found = texts.read(hidden.join(PAN))
    assert found.text == found.written == PAN


@pytest.mark.parametrize("name", STYLED)
def test_styled_letters_are_letters(name: str) -> None:
    found = texts.read(STYLED[name])
    if name in ("piled up", "struck through"):  # accents that a letter can bear stay on it
        found_plain = unicodedata.normalize("NFD", found.text)
        assert (
            "".join(c for c in found_plain if not unicodedata.combining(c)).split() == PAN.split()
        )
    else:
        assert found.text == PAN
    assert found.part(0, len(found.text)) == found.written


def test_accents_are_composed() -> None:
    composed = "A clich\xe9d, na\xefve film by \xc5ngstr\xf6m"
    decomposed = unicodedata.normalize("NFD", composed)
    assert decomposed != composed
    found = texts.read(decomposed)
    assert found.text == composed
    assert found.part(2, 9) == "cliche\u0301d"


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f469\u200d\U0001f469\u200d\U0001f467 and \u2764\ufe0f\u200d\U0001f525",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\U0001f3f3\ufe0f\u200d\U0001f308 \U0001f44d\U0001f3fd",
        "3\xbd stars, m\xb2, x\u2074, a film\u2122",
        "Это ужасный фильм.",
        "Смотрел DVD, а она сора.",  # noqa: RUF001
        "\u0441\u043e\u0440\u0430",
        "Η ταινία ήταν κακή.",  # noqa: RUF001
        "\ub2e4\ub9ac\ub294 \u304c\u3059 \u4e16\u754c \u3147\u314b\u314b",
        "12 \u03bcm, \u0394t and \u03b1-helix",
        'I like it\'s "plain" text - and 100%.',
    ],
)
def test_what_would_lose_its_meaning_stays(text: str) -> None:
    assert texts.plain(text) == text


def test_letters_of_another_script_among_latin_ones_are_latin() -> None:
    assert texts.plain("a b\u0430d f\u0456lm, \u0430 w\u0430ste") == "a bad film, a waste"
    assert texts.plain("\u0422\u04bb\u0435 \u0435nd") == "The end"
    assert texts.plain("\u0422\u043de end is b\u0430d") == "The end is bad"


def test_lines_stay_where_plays_are_read() -> None:
    found = texts.read("ROMEO:\r\nO\u200b me!\u2028What\u2019s  here?\t", lines=True)
    assert found.text == "ROMEO:\nO me!\nWhat's  here? "
    assert found.part(12, 19) == "\nWhat\u2019s"


def signs() -> list[str]:
    """Signs of every kind that the reading treats."""
    others = "\u0301\u0336\u0327\ufb01\u2026\u0149\u1e9b\u1100\u1161\u2764\u3164\ud800\u24b6\u2167"
    letters = "aZ1 .'`\n\u0430\u0442\u03b1\U0001f469"
    return [
        *letters,
        *SINGLE,
        *"".join(HIDDEN.values()),
        *lookalikes.SIGNS,
        *others,
        "\xb2",
        "\u33a1",
    ]


@pytest.mark.parametrize("lines", [False, True])
def test_a_reading_is_read_as_itself_and_its_parts_are_the_whole(lines: bool) -> None:
    rng, known = random.Random(0), signs()
    for _ in range(3_000):
        text = "".join(rng.choices(known, k=rng.randint(0, 12)))
        found = texts.read(text, lines)
        assert texts.read(found.text, lines).text == found.text, ascii(text)
        assert texts.read(found.written, lines).text == found.text, ascii(text)
        cuts = sorted({0, len(found.text), *rng.choices(range(len(found.text) + 1), k=3)})
        parts = [found.part(a, b) for a, b in itertools.pairwise(cuts)]
        assert "".join(parts) == found.written, ascii(text)


@pytest.mark.parametrize("lines", [False, True])
def test_a_text_of_the_full_length_is_read_in_moments(lines: bool) -> None:
    for name, text in filled(20_000).items():
        began = time.process_time()
        texts.read(text, lines)
        assert time.process_time() - began < 0.5, name


READERS = {"sentiment": lambda model: running.reader(model).read} | dict.fromkeys(
    ("text_prediction", "shakespeare"), lambda model: memory.vocabulary(model).read
)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", [*STYLED, *HIDDEN])
def test_every_model_of_text_reads_the_same(name: str, text: str) -> None:
    read = READERS[name](catalog.load(name))
    written = STYLED.get(text) or HIDDEN[text].join(PAN)
    assert read(written).ids.tolist() == read(texts.plain(written)).ids.tolist()
    if texts.plain(written) == PAN:
        assert read(written).ids.tolist() == read(PAN).ids.tolist()


@pytest.mark.parametrize("sign", SINGLE)
def test_a_denial_with_any_apostrophe_is_a_denial(sign: str) -> None:
    model = catalog.load("sentiment")
    written = [NOT_LIKED.format(one, one, one) for one in ("'", sign)]
    (right, found), _ = predict(model, written)
    assert right.says == found.says == "disliked"
    assert found.read.words == right.read.words
    assert found.read.part(*found.read.spans[1]) == f"didn{sign}t"
