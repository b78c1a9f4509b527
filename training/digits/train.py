"""The model `digits`: ten spoken digits, by two networks that learn them here from nothing.

    python -m training.digits                     # goes on where a killed run stopped
    torchrun --nproc-per-node 4 -m training.digits
    python -m training.digits --smoke             # seconds, on made-up sounds

Both networks learn from the same sounds of the Free Spoken Digit Dataset, once by its official
split and once for each of its six speakers without that one: 14 runs, the released two first. In
all they took about 50 minutes on one busy core.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from models.card import Card
from training.core.distributed import is_main
from training.core.release import release
from training.digits import data
from training.digits import release as digits_release
from training.digits.data import Recording
from training.digits.fit import NAMES, Config, train
from training.digits.release import FLOORS, Material
from training.sources import clips

# A network that reads learns slower, and does an epoch in half the time.
EPOCHS, EPOCHS_WITHOUT = (40, 90), (25, 50)
SPOKEN = range(24)  # clips of LJSpeech whose seconds are learned as "not a digit"


def everything(runs: Path) -> Material:
    """Trains all 14 networks, or goes on."""
    recordings, spoken = data.digits(), data.pieces(SPOKEN, clips.LJ)
    official = data.split(recordings, spoken)
    made = {
        name: train(Config(network=name, epochs=epochs), official, runs / f"digits-{name}")
        for name, epochs in zip(NAMES, EPOCHS, strict=True)
    }
    left_out = {}
    for speaker in sorted({one.speaker for one in recordings}):
        part = data.split(recordings, spoken, speaker)
        networks = {
            name: train(
                Config(network=name, epochs=epochs), part, runs / f"digits-{name}-{speaker}"
            )
            for name, epochs in zip(NAMES, EPOCHS_WITHOUT, strict=True)
        }
        left_out[speaker] = networks, part.test
    return Material(
        official, made, left_out, data.pieces(range(4), clips.LIBRI), made_up_digits()[::23]
    )


def made_up_digits() -> list[Recording]:
    """Tones instead of voices: two people, each digit a pitch of its own."""
    rng = np.random.default_rng(0)
    found = []
    for speaker in ("low", "high"):
        for digit in range(10):
            for index in range(14):
                long = int(rng.integers(2400, 5600))
                pitch = (200 + 150 * digit) * (1.2 if speaker == "high" else 1.0)
                wave = np.sin(2 * np.pi * pitch * np.arange(long) / 8000) * np.hanning(long)
                found.append(Recording(wave.astype(np.float32), digit, speaker, index))
    return found


def smoke(folder: Path) -> Card:
    """Everything that a release does, in seconds, on tones."""
    recordings = made_up_digits()
    part = data.split(recordings, [])
    networks = {
        name: train(Config(network=name, epochs=2, batch=32), part, folder / name) for name in NAMES
    }
    low = data.split(recordings, [], "low")
    left_out = {"low": (networks, low.test[:20])}
    material = Material(part, networks, left_out, recordings[:8], recordings[::23])
    return release(digits_release.draft(material, ()), folder / "digits")


def main() -> None:
    """As the command line says: train and release, or a smoke test."""
    parser = argparse.ArgumentParser(description="Train and release the model `digits`.")
    parser.add_argument("--smoke", action="store_true", help="all of it in seconds, made up")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of all runs")
    given = parser.parse_args()
    if given.smoke:
        with tempfile.TemporaryDirectory() as scratch:
            card = smoke(Path(scratch))
        print(f"accuracy {card.metric('accuracy', 'test').value:.3f}, made-up sounds")
        return
    made = everything(given.runs)
    if is_main():
        card = release(digits_release.draft(made, FLOORS))
        print(f"accuracy {card.metric('accuracy', 'test').value:.4f}")
