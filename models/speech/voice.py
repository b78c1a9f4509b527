"""Where somebody speaks: silence, noise and music are never given to the network that writes."""

import numpy as np

from models import engine
from models.catalog import Model
from models.speech.listening import LONGEST, RATE, Floats, Wave

STEP, BEFORE = 512, 64  # new samples in a frame, and those of the frame before it
SURE, STILL = 0.5, 0.35  # how likely a voice must be to begin, and to go on
PAUSE, SHORTEST, AROUND = (
    0.3,
    0.15,
    0.2,
)  # seconds: of a gap that is spoken over; of a voice; beside
MOST = LONGEST - RATE  # samples of one piece


def likely(model: Model, wave: Wave) -> Floats:
    """How likely each 32 ms of float32 [n] hold a voice. Raises what `engine.infer` raises."""
    count = max(1, -(-len(wave) // STEP))
    whole = np.zeros(BEFORE + count * STEP, np.float32)
    whole[BEFORE : BEFORE + len(wave)] = wave
    frames = np.lib.stride_tricks.sliding_window_view(whole, BEFORE + STEP)[::STEP]
    run = engine.infer(model, {"frames": np.ascontiguousarray(frames)[None]}, graph="voice")
    found: Floats = run["speech"][0]
    return found


def spoken(model: Model, wave: Wave) -> list[slice]:
    """The stretches of samples that hold a voice, with a little of what is around them."""
    speech = likely(model, wave)
    found: list[list[int]] = []
    begun = False
    for i, share in enumerate(speech):
        if begun and share >= STILL:
            found[-1][1] = i + 1
        elif share >= SURE:
            if found and (i - found[-1][1]) * STEP < PAUSE * RATE:
                found[-1][1] = i + 1
            else:
                found.append([i, i + 1])
            begun = True
        else:
            begun = False
    long = [pair for pair in found if (pair[1] - pair[0]) * STEP >= SHORTEST * RATE]
    beside = round(AROUND * RATE)
    return [
        slice(max(0, begin * STEP - beside), min(len(wave), end * STEP + beside))
        for begin, end in long
    ]


def pieces(stretches: list[slice], count: int) -> list[slice]:
    """Those stretches together in pieces that fit into half a minute, cut in their pauses.

    count: samples of the whole sound. One stretch that is longer is cut where it must be.
    """
    cut = [
        slice(start, min(one.stop, start + MOST))
        for one in stretches
        for start in range(one.start, one.stop, MOST)
    ]
    found: list[slice] = []
    for one in cut:
        if found and one.stop - found[-1].start <= MOST:
            found[-1] = slice(found[-1].start, one.stop)
        else:
            found.append(one)
    return [slice(one.start, min(one.stop, count)) for one in found]
