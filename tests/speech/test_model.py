"""Speech: the samples' words, their times and errors, and what is silent stays empty."""

import re

import numpy as np
import pytest

from models import catalog
from models.catalog import Model
from models.decode import sound
from models.speech import RATE, errors, silence, subtitles, transcribe, voice, windows, worse
from models.speech import words as speech_words
from models.speech.words import Heard, Word
from models.speech.writing import circles, vocabulary
from pages.speech.samples import SAMPLES


@pytest.fixture(scope="module")
def model() -> Model:
    return catalog.load("speech")


def wave(name: str) -> np.ndarray:
    return sound.read(SAMPLES[name].read()).wave


@pytest.fixture(scope="module")
def letters(model: Model) -> Heard:
    return transcribe(model, wave("Letters"))


@pytest.mark.parametrize(("name", "most"), [("Printing", 1), ("Letters", 2), ("A made voice", 3)])
def test_a_sample_is_written_as_it_is_said(model: Model, name: str, most: int) -> None:
    found = transcribe(model, wave(name)).text
    wrong, said = errors.wrong(SAMPLES[name].said, found)
    assert said > 10
    assert wrong <= most, found


def test_words_come_one_after_the_other_inside_the_sound(letters: Heard) -> None:
    seconds = len(wave("Letters")) / RATE
    starts = [word.start for word in letters.words]
    assert starts == sorted(starts)
    assert all(0 <= word.start <= word.end <= seconds + 0.05 for word in letters.words)
    assert all(0 < word.probability <= 1 for word in letters.words)
    # She does not speak faster than ten words a second, nor rest for three seconds.
    gaps = np.diff(starts)
    assert np.median(gaps) > 0.1
    assert gaps.max() < 3


def test_a_word_is_where_its_sound_is(model: Model, letters: Heard) -> None:
    """What stands before a word's start still gives the words before it, and not the word."""
    whole = wave("Letters")
    word = next(w for w in letters.words if w.bare == "simpler")
    before = transcribe(model, whole[: int(word.start * RATE)]).text.lower()
    assert "freer hand" in before
    assert "simpler" not in before


def test_what_is_longer_than_half_a_minute_is_heard_in_parts(model: Model) -> None:
    whole = wave("Longer than half a minute")
    parts = windows(model, whole)
    assert len(parts) == 2
    assert all(part.stop - part.start <= voice.MOST for part in parts)
    found = transcribe(model, whole)
    wrong, said = errors.wrong(SAMPLES["Longer than half a minute"].said, found.text)
    assert wrong / said < 0.1
    assert found.words[-1].end > 25


@pytest.mark.parametrize("seconds", [0.1, 1.0, 5.0])
def test_where_nobody_speaks_nothing_is_written(model: Model, seconds: float) -> None:
    count = int(seconds * RATE)
    for quiet in (
        np.zeros(count, np.float32),
        0.1 * worse.white(count),
        np.asarray(0.1 * worse.hum(count), np.float32),
        wave("Nobody speaks")[:count],
    ):
        assert transcribe(model, quiet).text == ""


def test_a_sound_of_any_level_gives_the_same_words(model: Model) -> None:
    loud, soft = (transcribe(model, wave("Letters") * s).text for s in (1.0, 0.05))
    assert errors.wrong(loud, soft)[0] <= 1


def test_a_word_survives_on_what_it_used_better_than_without(model: Model, letters: Heard) -> None:
    whole = wave("Letters")
    piece = windows(model, whole)[0]
    used, without = [], []
    for word in letters.words[3:9]:
        asked = silence.ask(model, whole[piece], letters, word)
        assert asked.whole == word.probability
        assert 0 < asked.seconds < len(whole[piece]) / RATE / 2
        used.append(asked.used)
        without.append(asked.without)
    assert np.mean(used) > np.mean(without) + 0.2


def test_silence_outside_leaves_what_is_inside() -> None:
    whole = np.ones(RATE, np.float32)
    kept = np.zeros(1500, bool)
    kept[10:20] = True
    found = silence.faded(whole, kept)
    assert len(found) == RATE
    assert found[11 * 320 : 19 * 320] == pytest.approx(1)
    assert not found[: 9 * 320].any()
    assert not found[21 * 320 :].any()


def test_the_vocabulary_spells_what_it_reads(model: Model) -> None:
    known = vocabulary(model)
    assert len(known.pieces) == 51_864
    assert known.text([known.pieces.index(b" the"), known.pieces.index(b" Gutenberg"[:4])])
    assert known.begins(known.pieces.index(b" the"))
    assert known.forbidden[known.end + 1]
    assert not known.forbidden[known.end]


@pytest.mark.parametrize(
    ("said", "written", "wrong"),
    [
        ("in the year fourteen sixty-two", "In the year 1462.", 0),
        ("the fifteenth century", "the 15th century", 0),
        ("twenty-first, one hundred and forty two line", "21st 100 and 42-line", 0),
        ("Mr. Smith's dog", "mister Smith's dog", 0),
        ("a b c", "a c", 1),
        ("a b c", "a x c d", 2),
        ("", "invented words", 2),
        ("first of all", "1st of all", 1),  # in digits it would be another spelling
    ],
)
def test_words_are_compared_as_they_are_heard(said: str, written: str, wrong: int) -> None:
    assert errors.wrong(said, written)[0] == wrong


def test_what_goes_round_in_circles_is_seen() -> None:
    assert circles([1, 2] * 4)
    assert circles([9, 8, 7, 7, 7, 7])
    assert not circles([1, 2, 1, 2, 1, 3, 1, 2])
    assert not circles([])


def test_a_path_rises_and_finds_a_clear_diagonal() -> None:
    scores = np.full((4, 40), -1.0, np.float32)
    for row in range(4):
        scores[row, 10 * row : 10 * row + 10] = 1
    assert speech_words._path(scores) == [0, 10, 20, 30]
    assert speech_words._path(np.zeros((5, 3), np.float32)) == [0, 0, 1, 1, 2]


def test_subtitles_hold_every_word_once_in_lines_that_can_be_read() -> None:
    said = [Word(f"w{i}.", 1, i * 0.7, i * 0.7 + 0.5, 0, slice(i, i + 1)) for i in range(100)]
    said[3] = Word("<b>&", 1, 2.1, 2.6, 0, slice(3, 4))
    srt, vtt = subtitles.srt(said), subtitles.vtt(said)
    assert re.findall(r"w\d+\.", srt) == [w.text for w in said if w.text.startswith("w")]
    assert vtt.startswith("WEBVTT\n\n")
    assert "&lt;b&gt;&amp;" in vtt
    assert "00:00:00,000 --> 00:00:00,500" in srt
    assert "00:01:09.300 -->" in vtt
    for start, end, text in subtitles.lines(said):
        assert end > start
        assert len(text) <= subtitles.LONG


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2.0])
def test_a_faster_sound_is_shorter_and_keeps_its_pitch(speed: float) -> None:
    tone = np.sin(2 * np.pi * 300 * np.arange(2 * RATE) / RATE).astype(np.float32)
    found = worse.faster(tone, speed)
    assert len(found) == pytest.approx(len(tone) / speed, rel=0.01)
    spectrum = np.abs(np.fft.rfft(found))
    assert spectrum.argmax() * RATE / len(found) == pytest.approx(300, abs=8)
    turned = np.abs(np.fft.rfft(worse.turned(tone, speed)))
    assert turned.argmax() * speed / 2 == pytest.approx(300 * speed, abs=8)


@pytest.mark.parametrize("decibels", [20, 0])
def test_noise_is_as_loud_as_it_says(decibels: int) -> None:
    tone = 0.2 * np.sin(np.arange(RATE) * 0.3).astype(np.float32)
    noise = worse.white(RATE)
    found = worse.mixed(tone, noise, decibels)
    share = float(found @ tone / (tone @ tone))  # it may have been made softer
    left = found / share - tone
    assert 10 * np.log10(np.mean(tone**2) / np.mean(left**2)) == pytest.approx(decibels, abs=0.5)
    assert worse.mixed(tone, noise, worse.CLEAN) is tone
