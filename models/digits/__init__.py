"""Which spoken digit this is, by two networks that learned it here: one that looks, one that reads.

    answers, run = predict(catalog.load("digits"), [wave])

Both graphs take pictures of a second of sound, float32 [n, 40, 100]: 40 bands of pitch by 100
hundredths of a second, see `picture`. They give logits over the ten digits and "not a digit":

    predict     logits [n, 11]; a convolutional network
    recurrent   logits [n, 11], and after every second hundredth, opinions [n, 50, 11]
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import engine
from models.catalog import Model
from models.decode import spectrogram
from models.kinds.classifier import softmax

Floats = np.ndarray[Any, np.dtype[np.float32]]
RATE, SIZE, HOP, BANDS, FRAMES = 8_000, 256, 80, 40, 100
REACH = 5.0  # tens of decibels below the loudest place that still count
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LABELS = (*DIGITS, "not a digit")
NETWORKS = {"convolutional": "predict", "recurrent": "recurrent"}


def bands(wave: Floats) -> Floats:
    """Power in each band, [40, hundredths], of float32 [n] at 8,000 samples a second."""
    found: Floats = 10 ** spectrogram.log_mel(wave, spectrogram.bank(RATE, SIZE, BANDS), HOP)
    return found


def scaled(powers: Floats) -> Floats:
    """Powers [..., 40, t] as a network sees them: 1 at the loudest place, 0 at 50 dB below it."""
    logs = np.log10(np.maximum(powers, spectrogram.LEAST))
    found: Floats = 1 + (logs - logs.max((-2, -1), keepdims=True)) / REACH
    return np.maximum(found, 0).astype(np.float32)


def picture(wave: Floats, rate: int = RATE) -> Floats:
    """The loudest second of a sound, [40, 100], silence around it where it is shorter."""
    powers = bands(spectrogram.resampled(wave, rate, RATE))
    if powers.shape[1] > FRAMES:
        sums = np.concatenate([[0.0], np.cumsum(powers.sum(0), dtype=np.float64)])
        start = int(np.argmax(sums[FRAMES:] - sums[:-FRAMES]))
        powers = powers[:, start : start + FRAMES]
    before = (FRAMES - powers.shape[1]) // 2
    after = FRAMES - powers.shape[1] - before
    return scaled(np.pad(powers, ((0, 0), (before, after))))


@dataclass(frozen=True)
class Heard:
    """What one network says of one second. opinions: after each fiftieth of it, where it reads."""

    probabilities: Floats  # [11], the last is "not a digit"
    opinions: Floats | None = None  # [50, 11]

    @property
    def digit(self) -> int:
        """The likeliest of the ten."""
        return int(self.probabilities[:10].argmax())

    @property
    def in_distribution(self) -> bool:
        """Whether it takes the sound for a digit at all."""
        return int(self.probabilities.argmax()) < 10


def predict(
    model: Model, pictures: Sequence[Floats], network: str = "convolutional"
) -> tuple[list[Heard], engine.Run]:
    """What `network`, one of `NETWORKS`, says of each picture.

    Raises what `engine.infer` raises.
    """
    run = engine.infer(model, {"sound": np.stack(pictures)}, graph=NETWORKS[network])
    shares = softmax(run["logits"])
    if "opinions" not in run.arrays:
        return [Heard(p) for p in shares], run
    return [Heard(p, o) for p, o in zip(shares, softmax(run["opinions"]), strict=True)], run
