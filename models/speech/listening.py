"""Half a minute of sound as the network hears it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models import engine
from models.catalog import Model
from models.decode import spectrogram
from models.engine import Run

RATE, SIZE, HOP, BANDS, FRAMES = 16_000, 400, 160, 80, 3_000
LONGEST = FRAMES * HOP  # samples that fit
PLACES, SECOND = 1_500, 50  # places that can be attended to; in a second
REACH = 8.0  # tens of decibels below the loudest that are told apart
Wave = np.ndarray[Any, np.dtype[np.float32]]
Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Listening:
    """What was heard. seconds: of sound; the rest of the half minute is silence.

    loud: how loud each place is, [1500], the mean of its bands in tens of decibels.
    """

    arrays: dict[str, Floats]
    seconds: float
    loud: Floats
    run: Run

    @property
    def places(self) -> int:
        """How many of the 1,500 places hold sound."""
        return min(PLACES, max(1, round(self.seconds * SECOND)))


def mel(wave: Wave) -> Floats:
    """The picture that the network takes: [80, 3000] of at most half a minute, [n].

    log10 of the power in each band, cut off 80 dB below the loudest, scaled as Whisper does.
    """
    whole = np.full((BANDS, FRAMES), np.log10(spectrogram.LEAST), np.float32)
    # The silence behind it belongs to the last window of the sound.
    some = np.concatenate([wave[:LONGEST], np.zeros(SIZE, np.float32)])
    found = spectrogram.log_mel(some, spectrogram.bank(RATE, SIZE, BANDS), HOP)[:, :FRAMES]
    whole[:, : found.shape[1]] = found
    scaled: Floats = (np.maximum(whole, whole.max() - REACH) + 4) / 4
    return scaled


def listen(model: Model, wave: Wave) -> Listening:
    """The keys and values of at most half a minute, [n]. Raises what `engine.infer` raises."""
    picture = mel(wave)
    run = engine.infer(model, {"mel": picture[None]})
    loud = 4 * picture.mean(0).reshape(PLACES, 2).mean(1)
    return Listening(dict(run.arrays), min(len(wave), LONGEST) / RATE, loud, run)
