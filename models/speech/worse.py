"""The same sound made worse, as a room, a telephone or a hurry would: for dial and curves."""

from typing import Any

import numpy as np

from models.decode import spectrogram
from models.speech.listening import RATE, Floats, Wave

CLEAN = 40  # decibels of a dial that adds nothing
PHONE = 8_000


def white(count: int, seed: int = 0) -> Floats:
    """Noise with all pitches alike."""
    return np.random.default_rng(seed).standard_normal(count).astype(np.float32)


def hum(count: int, seed: int = 0) -> Floats:
    """Mains at 50 Hz with its overtones, as of a bad cable; seed: where in its cycle it begins."""
    at = np.arange(count) / RATE + seed * 0.003
    found = sum(np.sin(2 * np.pi * 50 * k * at + k) / k for k in range(1, 21))
    return np.asarray(found, np.float32)


def babble(voices: list[Wave], count: int, seed: int = 0) -> Floats:
    """Other people who speak at the same time, all as loud as each other."""
    rng = np.random.default_rng(seed)
    found = np.zeros(count, np.float32)
    for voice in voices:
        start = int(rng.integers(0, len(voice)))
        long = np.resize(np.roll(voice, -start), count)
        found += long / max(float(np.sqrt(np.mean(long**2))), 1e-9)
    return found


def loudness(wave: Wave) -> float:
    """Mean power of the tenths of a second that are not silent."""
    whole = len(wave) // 1600 * 1600
    parts = (wave[:whole].reshape(-1, 1600) ** 2).mean(1) if whole else np.array([np.mean(wave**2)])
    loud = parts[parts > parts.max() / 1000]
    return float(loud.mean()) if len(loud) else 0.0


def mixed(wave: Wave, noise: Floats, decibels: float) -> Wave:
    """The sound with noise that many decibels below its speech, softer where it is too loud."""
    power = float(np.mean(noise**2))
    if decibels >= CLEAN or not power:
        return wave
    share = np.sqrt(loudness(wave) / power / 10 ** (decibels / 10))
    found = wave + np.float32(share) * noise
    return (found / max(1.0, float(np.abs(found).max()))).astype(np.float32)


def telephone(wave: Wave) -> Wave:
    """What a telephone passes on: 300 to 3,400 Hz at 8,000 samples a second."""
    spectrum = np.fft.rfft(spectrogram.resampled(wave, RATE, PHONE))
    frequencies = np.linspace(0, PHONE / 2, len(spectrum))
    spectrum[(frequencies < 300) | (frequencies > 3400)] = 0
    narrow = np.fft.irfft(spectrum).astype(np.float32)
    return spectrogram.resampled(narrow, PHONE, RATE)


def turned(wave: Wave, speed: float) -> Wave:
    """As a record that turns faster: `speed` times as fast, and as high."""
    return spectrogram.resampled(wave, round(RATE * speed), RATE)


def faster(wave: Wave, speed: float) -> Wave:
    """`speed` times as fast at the same pitch: pieces laid over each other where they fit best."""
    size, hop, reach = 800, 400, 160
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    count = int(len(wave) / speed)
    wide = np.pad(wave, (reach, size + reach))
    found = np.zeros(count + size, np.float32)
    place = reach
    for start in range(0, count, hop):
        target = int(start * speed) + reach
        if start:
            # What would have come next, to which the new piece must fit.
            wanted = wide[place + hop : place + hop + hop]
            span = wide[target - reach : target + reach + hop]
            place = target - reach + int(np.correlate(span, wanted, "valid").argmax())
        else:
            place = target
        piece = wide[place : place + size]
        found[start : start + len(piece)] += piece * window[: len(piece)]
        if place + hop + hop > len(wide):
            break
    return found[:count]


NOISES: dict[str, Any] = {"White noise": white, "Hum of the mains": hum}
