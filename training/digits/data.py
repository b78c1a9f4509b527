"""Spoken digits, what is none, and how they are varied while a network learns.

The official split: recordings 0 to 4 of each speaker and digit are the test, the rest may be
learned from; 5 to 9 are taken out of that to choose by.
"""

import io
import wave as wav
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.decode import spectrogram
from models.digits import BANDS, FRAMES, RATE, bands, picture, scaled
from training import sources
from training.sources import clips

Array = np.ndarray[Any, Any]
SPEEDS = (0.85, 0.92, 1.0, 1.08, 1.18)
TEST, VALIDATION = range(5), range(5, 10)
NOT_A_DIGIT = 10


@dataclass(frozen=True)
class Recording:
    """One sound: float32 at 8,000 samples a second; digit 10 is none."""

    wave: Array
    digit: int
    speaker: str
    index: int


@dataclass(frozen=True)
class Split:
    """Recordings to learn from, to choose by, and to be measured on once."""

    train: list[Recording]
    validation: list[Recording]
    test: list[Recording]
    out_of_distribution: list[Recording]  # learned as "not a digit"


def digits() -> list[Recording]:
    """All 3,000 recordings of FSDD."""
    found = []
    with zipfile.ZipFile(sources.fetch("fsdd", "fsdd.zip")) as archive:
        for name in sorted(archive.namelist()):
            if not name.endswith(".wav"):
                continue
            digit, speaker, index = name.split("/")[-1].removesuffix(".wav").split("_")
            with wav.open(io.BytesIO(archive.read(name))) as file:
                codes = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            found.append(
                Recording(codes.astype(np.float32) / 32768, int(digit), speaker, int(index))
            )
    return found


def pieces(names: range, kind: str) -> list[Recording]:
    """Seconds of read speech that hold no single digit, of the clips in these places of a set."""
    chosen = [clip for clip in clips.all_clips() if clip.kind == kind]
    found = []
    for clip in (chosen[i] for i in names):
        whole = spectrogram.resampled(clip.wave, clips.RATE, RATE)
        found += [
            Recording(whole[start : start + RATE], NOT_A_DIGIT, clip.kind, start)
            for start in range(0, len(whole) - RATE + 1, RATE // 2)
        ]
    return found


def made_up(recordings: list[Recording], count: int, seed: int) -> list[Recording]:
    """What is none though the same people say it: digits backwards, halves of two; and noise."""
    rng = np.random.default_rng(seed)
    found = []
    for i in range(count):
        one, other = (recordings[int(j)].wave for j in rng.integers(0, len(recordings), 2))
        if i % 5 == 0:
            tilt = np.cumsum(rng.standard_normal(RATE)) if i % 2 else rng.standard_normal(RATE)
            noise = (tilt - tilt.mean()) / np.abs(tilt - tilt.mean()).max()
            wave = noise[: int(rng.integers(RATE // 4, RATE))].astype(np.float32)
        elif i % 5 < 3:
            wave = np.ascontiguousarray(one[::-1])
        else:
            wave = np.concatenate([other[len(other) // 2 :], one[: len(one) // 2]])
        found.append(Recording(wave, NOT_A_DIGIT, "made up", i))
    return found


def split(recordings: list[Recording], spoken: list[Recording], without: str = "") -> Split:
    """The official split; `without` a speaker, that speaker is the test and nobody else.

    spoken: pieces of speech that are learned as "not a digit".
    """
    learned = [r for r in recordings if r.index not in TEST and r.speaker != without]
    train = [r for r in learned if r.index not in VALIDATION]
    test = [r for r in recordings if (r.speaker == without if without else r.index in TEST)]
    return Split(
        train,
        [r for r in learned if r.index in VALIDATION],
        test,
        [*spoken, *made_up(train, len(train) // 8, seed=0)],
    )


def pictures(recordings: list[Recording]) -> Tensor:
    """[n, 40, 100], as they are served."""
    return torch.from_numpy(np.stack([picture(one.wave) for one in recordings]))


def labels(recordings: list[Recording]) -> Tensor:
    """int64 [n]."""
    return torch.tensor([one.digit for one in recordings])


class Varied:
    """Recordings at five speeds, drawn with noise, at another place, pitch and with gaps."""

    def __init__(self, recordings: list[Recording]) -> None:
        self.recordings, self.labels = recordings, labels(recordings)

    @cached_property
    def powers(self) -> list[list[Array]]:
        """Of each, its bands at each speed: made with the first draw, if there is one."""
        return [
            [bands(_faster(one.wave, speed)).astype(np.float32) for speed in SPEEDS]
            for one in self.recordings
        ]

    def draw(self, indices: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Sounds [n, 40, 100] and digits [n]."""
        rng = np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
        drawn = [_varied(self.powers[i][rng.integers(len(SPEEDS))], rng) for i in indices.tolist()]
        sounds = scaled(np.stack(drawn))
        for sound in sounds:
            _gaps(sound, rng)
        return torch.from_numpy(sounds), self.labels[indices]


def _faster(wave: Array, speed: float) -> Array:
    return spectrogram.resampled(wave, round(RATE * speed), RATE)


def _varied(powers: Array, rng: np.random.Generator) -> Array:
    """Put somewhere in a second, its pitch moved by up to a tenth, with noise below it."""
    long = powers.shape[1]
    cut = max(0, long - FRAMES)
    start = int(rng.integers(0, cut + 1))
    powers = powers[:, start : start + FRAMES]
    # Most visitors' sounds are centred by loudness as well, so most are here.
    free = FRAMES - powers.shape[1]
    before = int(np.clip(free / 2 + rng.normal(0, 8), 0, free))
    whole = np.zeros((BANDS, FRAMES), np.float32)
    whole[:, before : before + powers.shape[1]] = powers
    at = np.clip(np.arange(BANDS) * rng.uniform(0.92, 1.08), 0, BANDS - 1)
    low = at.astype(int)
    share = (at - low)[:, None]
    whole = whole[low] * (1 - share) + whole[np.minimum(low + 1, BANDS - 1)] * share
    loud = whole.max()
    tilt = np.linspace(rng.uniform(-1.5, 0.5), 0, BANDS)[::-1, None]
    floor = loud * 10 ** (-rng.uniform(1.5, 6.0) + tilt)
    noisy: Array = whole + floor * rng.exponential(1.0, whole.shape)
    return noisy.astype(np.float32)


def _gaps(sound: Array, rng: np.random.Generator) -> None:
    """Take bands and moments out (SpecAugment, Park et al. 2019, arXiv:1904.08779)."""
    for most, whole in ((6, BANDS), (12, FRAMES)):
        wide = int(rng.integers(0, most + 1))
        start = int(rng.integers(0, whole - wide + 1))
        if whole == BANDS:
            sound[start : start + wide] = 0
        else:
            sound[:, start : start + wide] = 0
