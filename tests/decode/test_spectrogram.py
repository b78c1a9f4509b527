"""Sounds as pictures: the values of Whisper's own filters, and what a resampled sound keeps."""

import numpy as np
import pytest

from models.decode import spectrogram


def test_the_bands_are_those_of_whisper_and_librosa() -> None:
    bands = spectrogram.bank(16_000, 400, 80)
    assert bands.shape == (80, 201)
    # The first values of mel_filters.npz in github.com/openai/whisper.
    assert bands[0, :4] == pytest.approx([0, 0.02486259, 0, 0], abs=1e-7)
    assert bands[1, :4] == pytest.approx([0, 0.00199082, 0.02287177, 0], abs=1e-7)


@pytest.mark.parametrize("hertz", [300, 1_000, 3_000, 6_500])
def test_a_tone_is_loudest_in_its_band(hertz: float) -> None:
    wave = np.sin(2 * np.pi * hertz * np.arange(16_000) / 16_000).astype(np.float32)
    found = spectrogram.log_mel(wave, spectrogram.bank(16_000, 400, 80), 160)
    assert found.shape == (80, 100)
    peaks = spectrogram.edges(16_000, 80)[1:-1]
    nearest = int(np.abs(peaks - hertz).argmin())
    assert abs(int(found[:, 50].argmax()) - nearest) <= 1


def test_mels_and_hertz_are_each_others_way_back() -> None:
    hertz = np.array([0.0, 200, 999, 1_000, 5_000, 8_000])
    assert spectrogram.hertz_of(spectrogram.mel_of(hertz)) == pytest.approx(hertz)


@pytest.mark.parametrize(("rate", "wanted"), [(44_100, 16_000), (8_000, 16_000), (13_600, 8_000)])
@pytest.mark.parametrize("count", [1, 2, 400, 10_007])
def test_a_resampled_sound_has_the_length_that_it_should(
    rate: int, wanted: int, count: int
) -> None:
    found = spectrogram.resampled(np.ones(count, np.float32), rate, wanted)
    assert len(found) == max(1, round(count * wanted / rate))
    assert found.dtype == np.float32
