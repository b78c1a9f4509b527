"""Digits: what both networks hear, what is no digit, and how sounds are made ready for them."""

import numpy as np
import pytest

from models import catalog, digits
from models.catalog import Model
from models.decode import sound
from models.digits import LABELS, NETWORKS
from pages.speech.samples import DIGITS
from training.digits import data
from training.digits.data import Recording


@pytest.fixture(scope="module")
def model() -> Model:
    return catalog.load("digits")


def picture(name: str) -> np.ndarray:
    return digits.picture(sound.read(DIGITS[name].read()).wave, sound.RATE)


@pytest.mark.parametrize("network", NETWORKS)
def test_probabilities_are_those_of_ten_digits_and_none(model: Model, network: str) -> None:
    found, run = digits.predict(model, [picture(name) for name in DIGITS], network)
    assert run["logits"].shape == (len(DIGITS), len(LABELS))
    for heard in found:
        assert heard.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert 0 <= heard.digit <= 9
        if heard.opinions is not None:
            assert heard.opinions.shape == (50, 11)
            assert heard.opinions[-1] == pytest.approx(heard.probabilities, abs=1e-5)


def test_noise_is_no_digit(model: Model) -> None:
    rng = np.random.default_rng(3)
    waves = [rng.standard_normal(6_000).astype(np.float32) for _ in range(8)]
    found, _ = digits.predict(model, [digits.picture(wave) for wave in waves])
    assert sum(heard.in_distribution for heard in found) <= 1


@pytest.mark.parametrize("seconds", [0.02, 0.4, 1.0, 3.7])
def test_a_sound_of_any_length_and_level_becomes_one_picture(seconds: float) -> None:
    wave = np.sin(np.arange(int(seconds * 8_000)) * 0.4).astype(np.float32)
    found = digits.picture(wave)
    assert found.shape == (digits.BANDS, digits.FRAMES)
    assert found.min() >= 0
    assert found.max() == pytest.approx(1)
    assert digits.picture(0.01 * wave) == pytest.approx(found, abs=1e-3)


def test_the_loudest_second_is_taken() -> None:
    wave = 0.001 * np.random.default_rng(0).standard_normal(40_000).astype(np.float32)
    tone = np.sin(np.arange(4_000) * 0.5)
    wave[30_000:34_000] += tone.astype(np.float32)
    found = digits.picture(wave)
    assert (found.max(0) > 0.9).sum() >= 45


def recordings() -> list[Recording]:
    rng = np.random.default_rng(0)
    return [
        Recording(rng.standard_normal(3_000).astype(np.float32), digit, speaker, index)
        for speaker in ("a", "b")
        for digit in range(10)
        for index in range(12)
    ]


def test_no_recording_is_in_two_parts_of_a_split() -> None:
    made = recordings()
    part = data.split(made, [])
    ids = [[id(one.wave) for one in some] for some in (part.train, part.validation, part.test)]
    assert len({one for some in ids for one in some}) == sum(map(len, ids)) == len(made)
    assert {one.index for one in part.test} == {*range(5)}
    assert {one.digit for one in part.out_of_distribution} == {data.NOT_A_DIGIT}


def test_who_is_left_out_is_neither_learned_from_nor_watched() -> None:
    part = data.split(recordings(), [], "b")
    assert {one.speaker for one in [*part.train, *part.validation]} == {"a"}
    assert {one.speaker for one in part.test} == {"b"}
    assert len(part.test) == 120


def test_figures_on_the_card_are_whole(model: Model) -> None:
    card = model.card
    assert card.metric("accuracy", "test").n == 300
    confusion = np.array([row[1:] for row in card.tables["confusion"].rows], float)
    right = np.trace(confusion) / confusion.sum()
    assert right == pytest.approx(card.metric("accuracy", "test").value)
    rows = card.tables["speakers"].rows
    stranger = next(row for row in card.tables["networks"].rows if row[0] == "convolutional")[2]
    assert np.mean([row[1] for row in rows]) == pytest.approx(stranger)
    assert len(rows) == 6
