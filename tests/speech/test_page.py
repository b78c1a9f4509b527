"""The page `speech`: a sample is written, a word explained, noise added, a bad file refused."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models.decode import sound
from pages.speech.samples import DIGITS, SAMPLES
from tests.decode.test_sound import BAD, file, tone
from tests.visit import alts, errors, heading, visit

PAGE = "speech"


def given(test: AppTest, data: bytes, name: str = "own.wav", at: int = 0) -> AppTest:
    test.file_uploader[at].set_value([(name, data, "audio/wav")])
    return test.run()


def said(test: AppTest) -> str:
    kinds = (test.markdown, test.caption)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def test_the_first_sample_is_answered_when_the_page_opens() -> None:
    test = visit(PAGE, part="Take")
    assert errors(test) == []
    assert re.match(r"2[5-8] words", heading(test))
    text = test.text_area[0].value
    assert "Exhibition" in text or "exhibition" in text
    names = [one.label for one in test.get("download_button")]
    assert {"Text", "Subtitles (SRT)", "Subtitles (VTT)"} <= {*names}
    assert "Stop" not in [one.label for one in test.button]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_answered(name: str) -> None:
    test = visit(PAGE, sample=name, part="Take")
    assert errors(test) == []
    spoken = bool(SAMPLES[name].said)
    assert heading(test).endswith("speak.") is not spoken
    assert bool(test.text_area) is spoken


def test_a_word_is_explained_and_another_can_be_chosen() -> None:
    test = visit(PAGE, sample="Letters", part="Why", word="3")
    assert errors(test) == []
    assert "Word 3, **" in said(test)
    shown = alts(test)
    assert any(alt.startswith("Sound from 0.0 to") for alt in shown)
    assert any(alt.startswith("Bars of probability: all of the sound") for alt in shown)
    assert "Listen to what it used" in said(test)
    assert len(test.get("audio")) == 3  # the whole, its piece, what it used
    test.slider(key="word").set_value(6).run()
    assert errors(test) == []
    assert "Word 6, **" in said(test)


@pytest.mark.parametrize("word", ["0", "-4", "9999", "x", ""])
def test_a_word_that_is_none_becomes_the_nearest(word: str) -> None:
    test = visit(PAGE, sample="Letters", part="Why", word=word)
    assert errors(test) == []
    assert re.search(r"Word \d+, \*\*", said(test))


def test_noise_changes_words_and_the_way_there_can_be_chosen() -> None:
    clean = visit(PAGE, sample="Letters", part="Trust", decibels="40")
    assert errors(clean) == []
    drowned = visit(PAGE, sample="Letters", part="Trust", decibels="-5")
    counts = [
        int(re.search(r"(\d+) of \d+ words are wrong", said(test))[1]) for test in (clean, drowned)
    ]
    assert counts[0] <= 2 < counts[1]
    for way in ("Telephone", "Other voices", "Faster and higher", "nonsense"):
        assert errors(visit(PAGE, sample="Letters", part="Trust", noise=way)) == []


def test_nobody_speaks_in_every_part() -> None:
    for part in ("Why", "Trust", "Digits", "Take"):
        test = visit(PAGE, sample="Nobody speaks", part=part)
        assert errors(test) == []
        assert heading(test) == "I hear nobody speak."


@pytest.mark.parametrize("name", ["empty", "a text", "m4a", "too short", "damaged FLAC"])
def test_a_bad_file_gets_its_sentence_and_the_sound_before_it_stays(name: str) -> None:
    test = visit(PAGE, sample="Letters", part="Take")
    before = heading(test)
    given(test, BAD[name])
    assert len(errors(test)) == 1
    assert heading(test) == before
    assert "still of our sound" in said(test)
    good = given(test, file(np.zeros(sound.RATE, np.float32)))
    assert errors(good) == []
    assert heading(good) == "I hear nobody speak."


def test_a_file_of_ones_own_is_heard_and_in_no_link() -> None:
    test = visit(PAGE, part="Take")
    given(test, SAMPLES["A made voice"].read(), "own ![x](y).flac")
    assert errors(test) == []
    assert "station" in test.text_area[0].value
    assert "never in a link" in said(test)
    assert not [code for code in test.code if "sample=" in code.value]
    for part in ("Why", "Trust"):
        other = visit(PAGE, part=part)
        given(other, SAMPLES["A made voice"].read())
        assert errors(other) == []
        assert "station" in other.text_area[0].value


def test_how_a_sound_was_read_is_said() -> None:
    test = given(visit(PAGE, part="Take"), file(tone(rate=8_000), 8_000))
    assert "as a telephone" in said(test)


@pytest.mark.parametrize("name", DIGITS)
def test_both_networks_answer_a_digit(name: str) -> None:
    test = visit(PAGE, part="Digits", digit=name)
    assert errors(test) == []
    found = re.findall(r"The (\w+) network hears \*\*([\w ]+)\*\*", said(test))
    assert [kind for kind, _ in found] == ["convolutional", "recurrent"]
    assert any(alt.startswith("Likeliest on the way") for alt in alts(test))
