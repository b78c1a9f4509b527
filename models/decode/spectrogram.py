"""A sound as a picture: how loud each band of pitch is, a hundredth of a second after the other.

    log_mel(wave, bank(16_000, 400, 80), hop=160)

The steps are those of Whisper and librosa: a Hann window, the squares of a Fourier transform, and
bands that lie as Slaney's mel scale hears pitch.
"""

from functools import lru_cache
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float32]]
LEAST = 1e-10  # power of a band that counts as none
_LINEAR, _KNEE, _STEP = 200 / 3, 1000.0, np.log(6.4) / 27  # Slaney's scale


def mel_of(hertz: Any) -> Any:
    """Hertz as mels of Slaney's scale: straight up to 1,000 Hz, then by ratios."""
    hertz = np.asarray(hertz, np.float64)
    above = _KNEE / _LINEAR + np.log(np.maximum(hertz, _KNEE) / _KNEE) / _STEP
    return np.where(hertz < _KNEE, hertz / _LINEAR, above)


def hertz_of(mel: Any) -> Any:
    """The way back."""
    mel = np.asarray(mel, np.float64)
    above = _KNEE * np.exp(_STEP * (np.maximum(mel, _KNEE / _LINEAR) - _KNEE / _LINEAR))
    return np.where(mel < _KNEE / _LINEAR, mel * _LINEAR, above)


@lru_cache
def edges(rate: int, bands: int) -> Floats:
    """Where bands begin, peak and end, in hertz: [bands + 2]; the peaks are all but the ends."""
    found: Floats = hertz_of(np.linspace(0, mel_of(rate / 2), bands + 2)).astype(np.float32)
    return found


@lru_cache
def bank(rate: int, size: int, bands: int) -> Floats:
    """What each of `size` // 2 + 1 frequencies counts in each band: [bands, frequencies].

    Triangles of equal area, up to half of `rate` (samples a second).
    """
    corners = edges(rate, bands).astype(np.float64)
    frequencies = np.linspace(0, rate / 2, size // 2 + 1)
    rising = (frequencies - corners[:-2, None]) / np.diff(corners)[:-1, None]
    falling = (corners[2:, None] - frequencies) / np.diff(corners)[1:, None]
    heights = np.maximum(0, np.minimum(rising, falling)) * 2 / (corners[2:] - corners[:-2])[:, None]
    found: Floats = heights.astype(np.float32)
    return found


def power(wave: Floats, size: int, hop: int) -> Floats:
    """Power of each frequency, window by window: [n // hop, size // 2 + 1] of float32 [n].

    The window at place i is centred on sample i * hop; the ends are mirrored.
    """
    # The periodic window: numpy's own is symmetric, one sample longer.
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    count = len(wave) // hop
    wide = np.pad(wave, size // 2, mode="reflect" if len(wave) > size // 2 else "constant")
    frames = np.lib.stride_tricks.sliding_window_view(wide, size)[::hop][:count]
    found: Floats = np.abs(np.fft.rfft(frames * window, axis=1)).astype(np.float32) ** 2
    return found


def log_mel(wave: Floats, bands: Floats, hop: int) -> Floats:
    """log10 of the power in each band, at least -10: [bands, n // hop] of float32 [n]."""
    size = 2 * (bands.shape[1] - 1)
    found: Floats = np.log10(np.maximum(bands @ power(wave, size, hop).T, LEAST))
    return found


def resampled(wave: Floats, rate: int, wanted: int) -> Floats:
    """The same sound in `wanted` samples a second instead of `rate`, by its Fourier transform.

    What is higher than the new rate can hold is left out, so nothing is folded down.
    """
    if rate == wanted or not len(wave):
        return wave
    count = max(1, round(len(wave) * wanted / rate))
    # Mirrored ends, or the transform would take the end for what comes before the start.
    margin = min(len(wave) - 1, rate // 20)
    wide = np.pad(wave, margin, mode="reflect")
    # A length of small factors: of a prime one the transform takes many times as long.
    whole = _smooth(len(wide))
    wide = np.pad(wide, (0, whole - len(wide)))
    length = max(1, round(whole * wanted / rate))
    spectrum = np.fft.rfft(wide)
    kept = min(len(spectrum), length // 2 + 1)
    found = np.fft.irfft(spectrum[:kept], length) * (length / whole)
    start = round(margin * wanted / rate)
    return found[start : start + count].astype(np.float32)


def _smooth(least: int) -> int:
    """The next length that is a multiple of a large power of two."""
    step = 1 << max(0, least.bit_length() - 6)
    return -(-least // step) * step
