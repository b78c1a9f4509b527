"""Imports Whisper tiny.en and Silero's detector of voices, and releases them as `models/speech`.

    python -m training.speech            # ten minutes on one core, most of it measuring
    python -m training.speech --smoke    # seconds; releases into a scratch folder

Nothing is trained: the weights come from the packages named in sources. Its 36 clips are of two
readers: they check the export and compare conditions, and are no test of the network, whose makers
published figures on whole test sets.
"""

import argparse
import json
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.card import Card, Data, Metric, Training, Weights
from models.speech import listening, voice
from training import sources
from training.core.release import Draft, Findings, Floor, Graph, release
from training.kinds.language import onnx_lstm
from training.sources import clips
from training.sources.clips import Clip
from training.speech import eager, measure
from training.speech.measure import Material
from training.speech.voice import Voice
from training.speech.voice import pretrained as pretrained_voice
from training.speech.whisper import Listen, Whisper, Write, pretrained, settings

WEIGHTS = sources.PACKAGES["whisper-tiny.en"]
CLIPS = sources.DATA["speech-clips"]
PAPER = "Radford et al. 2022, arXiv:2212.04356, appendix D.1"
# Of the network's matrices, and of the embedding, which is looked up in and multiplied with: in
# four bits the 36 clips came out as in full precision, the rest in four bits cost some words.
LISTEN_BITS, WRITE_BITS, EMBEDDING_BITS = 8, 8, 4
FEW = slice(None, None, 4)  # clips that are made worse
PLACES = 32  # of the half minute in golden.npz: the others are silent there
HEARD = tuple(f"{kind}_{i}" for kind in ("keys", "values") for i in range(4))
MOST_WRONG = 0.08  # word errors of the clips, above which no release is made
FLOORS = (Floor("survival_share", "words of the clips", "int8", least=0.4),)
Array = np.ndarray[Any, Any]
CARD = Card(
    name="speech",
    title="Speech recognition",
    summary="Whisper tiny.en: an encoder listens to half a minute of sound, a decoder writes what "
    "was said, token by token; a detector of voices decides before whether anybody speaks.",
    task="English speech in, words with their times and probabilities out.",
    limits=[
        "It knows English alone, and writes English of whatever else it hears.",
        "Our figures come from two people who read aloud, 36 clips: they check this export and "
        "compare conditions. Nothing here says how it serves accents, dialects, children, people "
        "who stutter or speak with an impairment; such systems are known to serve them worse "
        "(Koenecke et al. 2020, doi:10.1073/pnas.1915768117).",
        "It writes likely English: names and rare words become others that sound like them, and "
        "what nobody said can be written where speech is unclear. Nothing that counts may hang "
        "on a word that nobody checked.",
        "It looks at half a minute at once; what is longer is cut where nobody speaks.",
        "The times of words come from where it attended; they are off by a tenth of a second or so "
        "and were not measured.",
        "The figures of its makers are those of full precision and of whole test sets.",
    ],
    labels=[],
    data=[
        Data(
            "680,000 hours of sound with transcripts from the web, of which the English part",
            "not published",
            "https://arxiv.org/abs/2212.04356",
            "training, by the maker of the weights",
            438_000,
        ),
        Data(
            CLIPS.title,
            CLIPS.licence,
            "https://keithito.com/LJ-Speech-Dataset",
            "test: 36 clips of two readers, who may be among those that it learned from",
            36,
        ),
    ],
    weights=Weights(
        WEIGHTS.name,
        WEIGHTS.version,
        WEIGHTS.sha256,
        WEIGHTS.licence,
        "5.6 % word errors on LibriSpeech test-clean, by its makers, from memory; not checked here",
    ),
    graphs={},
    serves={"cpu": "int8", "cuda": "int8"},
    metrics=[
        Metric(
            "word_error_rate",
            0.056,
            "LibriSpeech test-clean, by its makers",
            2_620,
            "fp32",
            source=f"unverified: {PAPER}",
        )
    ],
    tables={},
    settings={},
    history=[],
    training=Training(
        "python -m training.speech",
        {"listen_bits": LISTEN_BITS, "write_bits": WRITE_BITS, "embedding_bits": EMBEDDING_BITS},
        0.0,
        "",
        torch.__version__,
        0,
    ),
    files={},
)


@torch.no_grad()
def graphs(
    whisper: Whisper, detector: Voice, aligned: list[tuple[int, int]], waves: list[Array]
) -> dict[str, Graph]:
    """All graphs, compared with PyTorch on four sounds."""
    heard = np.stack([listening.mel(wave) for wave in waves[:4]])
    listen = Listen(whisper).eval()
    found = [part.numpy().copy() for part in listen(torch.from_numpy(heard))]
    for i, part in enumerate(found):  # nearly all of it nothing, or golden.npz would be 20 MB
        part[(..., slice(PLACES, None)) if i < 4 else (..., slice(PLACES, None), slice(None))] = 0
    rng = np.random.default_rng(0)
    width = 2 * whisper.layers * whisper.width
    given = {
        "token": rng.integers(0, len(whisper.embedding) - 1, (4, 1)),
        "written": rng.standard_normal((4, 5, width)).astype(np.float32),
        **dict(zip(HEARD, found, strict=True)),
    }
    size = voice.BEFORE + voice.STEP
    frames = np.stack([wave[: 20 * size].reshape(20, size) for wave in waves[:4]])
    return {
        "predict": Graph(
            listen,
            {"mel": heard},
            HEARD,
            tolerance=1e-4,
            golden=("keys_0",),
            golden_rows=1,
            packed=(LISTEN_BITS, LISTEN_BITS),
        ),
        "write": Graph(
            Write(whisper, aligned).eval(),
            given,
            ("logits", "new", "listened"),
            tolerance=1e-4,
            # Not its logits: of 51,864 in four bits some are far off, and none of those is chosen.
            golden=("new",),
            golden_rows=1,
            lengths=("written",),
            packed=(WRITE_BITS, EMBEDDING_BITS),
        ),
        "voice": Graph(
            onnx_lstm.exported(detector).eval(),
            {"frames": frames},
            ("speech",),
            tolerance=1e-4,
            golden=("speech",),
            reference=detector,
            lengths=("frames",),
        ),
    }


def draft(
    networks: tuple[Whisper, Voice],
    said: dict[str, Any],
    files: dict[str, bytes],
    material: Material,
    floors: tuple[Floor, ...],
) -> Draft:
    """Everything that the release needs to know. said: what the package says of its model."""
    aligned = [(int(layer), int(head)) for layer, head in said["alignment_heads"]]
    waves = [clip.wave for clip in sorted(material.clips, key=lambda clip: len(clip.wave))]
    return Draft(
        CARD,
        graphs(*networks, aligned, waves),
        lambda _: Findings(),
        partial(measure.measure, material=material),
        floors,
        files,
    )


def rules(said: dict[str, Any], count: int, end: int) -> bytes:
    """`tokens.json`: how a text begins and ends, and what is never written."""
    found = {
        "count": count,
        "start": [end + 1, said["start_last"]],
        "end": end,
        "never": said["suppress_ids"],
        "never_first": said["suppress_ids_begin"],
    }
    return json.dumps(found).encode()


def main() -> None:
    """Release the model; `--smoke` does the same in seconds with untrained networks."""
    parser = argparse.ArgumentParser(description="Import and release `speech`.")
    parser.add_argument("--smoke", action="store_true", help="seconds, into a scratch folder")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="what was measured before")
    given = parser.parse_args()
    torch.manual_seed(0)
    if given.smoke:
        with tempfile.TemporaryDirectory() as scratch:
            card = release(made_up(), Path(scratch) / CARD.name)
    else:
        whisper, said = pretrained(), settings() | {"start_last": 50362}
        vocabulary = sources.package_file("whisper-tiny.en", "vocabulary.txt").read_bytes()
        files = {
            "vocabulary.txt": vocabulary,
            "tokens.json": rules(said, len(whisper.embedding), 50256),
        }
        found = clips.all_clips()
        by_pytorch = eager.transcriber(whisper, said, vocabulary)
        material = Material(
            found, found[FEW], eager=by_pytorch, most_wrong=MOST_WRONG, kept=given.runs / CARD.name
        )
        card = release(draft((whisper, pretrained_voice()), said, files, material, FLOORS))
    figure = card.metric("word_error_rate", "test")
    print(f"{card.training.minutes:.1f} minutes, word errors {figure.value:.4f}")


def made_up() -> Draft:
    """All that a release does, with networks that learned nothing, on tones."""
    pieces = [*map(chr, range(33, 127)), "\u0120a", "\u0120b"]
    whisper = Whisper(width=96, vocabulary=len(pieces) + 4).eval()
    end = len(pieces)
    said: dict[str, Any] = {
        "alignment_heads": [[3, head] for head in range(6)] + [[2, 0], [2, 1]],
        "suppress_ids": [0],
        "suppress_ids_begin": [end],
        "start_last": end + 2,
    }
    files = {
        "vocabulary.txt": "\n".join([*pieces, *(f"<|{i}|>" for i in range(4))]).encode(),
        "tokens.json": rules(said, len(pieces) + 4, end),
    }
    rng = np.random.default_rng(0)
    at = np.arange(16_000)
    sounds = [
        Clip(f"{i}", "tones", "a b c", np.sin(at * rng.uniform(0.05, 0.6)).astype(np.float32))
        for i in range(4)
    ]
    material = Material(sounds, sounds[:1], words=2, quiet=1)
    return draft((whisper, Voice().eval()), said, files, material, ())
