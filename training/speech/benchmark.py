"""The benchmark of `speech`: PyTorch eager with its cache against the release.

The networks in PyTorch are fresh, and the tokens those of a golden count: neither changes the time.
"""

from functools import partial

import numpy as np
import torch

from models import catalog
from models.speech import listening, voice
from models.speech.writing import Pen
from training.core import timed
from training.core.timed import Tables, Way
from training.speech.voice import Voice
from training.speech.whisper import Listen, Whisper, Write

TOKENS = 35  # of ten seconds of speech
SECONDS = 10
HEADS = [(1, 0), (2, 0), (2, 5), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)]


def tables() -> Tables:
    """Hearing, writing, both, and the gate before them."""
    model = catalog.load("speech")
    whisper = Whisper().eval()
    listen, write, detector = Listen(whisper).eval(), Write(whisper, HEADS).eval(), Voice().eval()
    rng = np.random.default_rng(0)
    wave = (0.1 * rng.standard_normal(SECONDS * listening.RATE)).astype(np.float32)
    heard = listening.listen(model, wave)

    def by_pytorch() -> None:
        with torch.inference_mode():
            found = listen(torch.from_numpy(listening.mel(wave)[None]))
            held = torch.zeros(1, 0, 2 * whisper.layers * whisper.width)
            for token in range(TOKENS):
                _, new, _ = write(torch.tensor([[token]]), held, *found)
                held = torch.cat([held, new], 1)

    def released() -> None:
        pen = Pen(model, listening.listen(model, wave).arrays)
        for token in range(TOKENS):
            pen.write([token])

    def eager_listening() -> None:
        with torch.inference_mode():
            listen(torch.from_numpy(listening.mel(wave)[None]))

    def one_step() -> None:
        Pen(model, heard.arrays).write([0])

    def eager_step(found: tuple[torch.Tensor, ...]) -> None:
        with torch.inference_mode():
            write(torch.tensor([[0]]), torch.zeros(1, 0, 3072), *found)

    def eager_voice() -> None:
        frames = np.resize(wave, (1, SECONDS * listening.RATE // voice.STEP, 576))
        with torch.inference_mode():
            detector(torch.from_numpy(frames))

    tensors = tuple(torch.from_numpy(part.copy()) for part in heard.arrays.values())
    pairs: dict[str, tuple[Way, Way]] = {
        "hear half a minute": (eager_listening, lambda: listening.listen(model, wave)),
        "write one token": (partial(eager_step, tensors), one_step),
        f"hear, and write {TOKENS} tokens, as of ten seconds": (by_pytorch, released),
        "is there a voice in ten seconds": (eager_voice, lambda: voice.likely(model, wave)),
    }
    rows = [timed.row("speech", what, ways, least=5) for what, ways in pairs.items()]
    return {timed.versus("sound"): rows}
