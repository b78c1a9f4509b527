"""What PyTorch itself writes, in full precision and with its cache: what the release is held to."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from models.speech import listening
from models.speech.listening import Wave
from models.speech.writing import MOST, circles
from training.speech.whisper import Listen, Whisper, Write


def written(
    whisper: Whisper, said: dict[str, Any], wave: Wave, end: int, start: list[int]
) -> list[int]:
    """The tokens of at most half a minute, each the likeliest. said: as the package says it."""
    listen, write = Listen(whisper).eval(), Write(whisper, [(3, 0)]).eval()
    with torch.inference_mode():
        heard = listen(torch.from_numpy(listening.mel(wave)[None]))
        held = torch.zeros(1, 0, 2 * whisper.layers * whisper.width)
        ids: list[int] = []
        logits = torch.zeros(0)
        for one in start:
            logits, new, _ = write(torch.tensor([[one]]), held, *heard)
            held = torch.cat([held, new], 1)
        while len(ids) < MOST:
            row = logits[0].numpy().copy()
            row[[*said["suppress_ids"]]] = -np.inf
            row[end + 1 :] = -np.inf
            if not ids:
                row[[*said["suppress_ids_begin"]]] = -np.inf
            ids.append(int(row.argmax()))
            if ids[-1] == end or circles(ids):
                break
            logits, new, _ = write(torch.tensor([ids[-1:]]), held, *heard)
            held = torch.cat([held, new], 1)
    return ids


def transcriber(whisper: Whisper, said: dict[str, Any], vocabulary: bytes) -> Callable[[Wave], str]:
    """From a sound to its words, as `models.speech.transcribe` without the gate."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    signs = {chr(code): code for code in plain}
    signs |= {chr(256 + i): code for i, code in enumerate(sorted({*range(256)} - {*plain}))}
    lines = vocabulary.decode().split("\n")

    def text(wave: Wave) -> str:
        ids = written(whisper, said, wave, 50256, [50257, 50362])
        codes = (signs[sign] for one in ids if one != 50256 for sign in lines[one])
        return bytes(codes).decode("utf-8", "replace").strip()

    return text
