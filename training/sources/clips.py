"""36 clips of read English with what is said in them: 32 of LJSpeech, 4 of LibriSpeech.

Two readers: enough to check an export, never "the" error of a model.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import soundfile

from training import sources

RATE = 16_000
LJ, LIBRI = "LJSpeech", "LibriSpeech test-clean"


@dataclass(frozen=True)
class Clip:
    """name: of its file; wave: float32 at 16,000 samples a second; words: what is said."""

    name: str
    kind: str
    words: str
    wave: np.ndarray[Any, Any]


@lru_cache
def all_clips() -> tuple[Clip, ...]:
    """All of them, in the order of the list."""
    found = []
    table = sources.fetch("speech-clips", "transcripts.tsv").read_text("utf-8")
    with zipfile.ZipFile(sources.fetch("speech-clips", "clips.zip")) as archive:
        for name, kind, words in csv.reader(io.StringIO(table), delimiter="\t"):
            wave, rate = soundfile.read(io.BytesIO(archive.read(name)), dtype="float32")
            assert rate == RATE, name
            found.append(Clip(name, kind, words, wave))
    return tuple(found)
