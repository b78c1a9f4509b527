"""What is measured of `speech`, all on the released files: word errors, clean and made worse; words
where nobody speaks; and whether a word survives on what it attended to.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from models.card import Metric, Table
from models.catalog import Model
from models.speech import errors, listening, silence, transcribe, window, windows, worse, writing
from models.speech.listening import RATE, SECOND, Wave
from models.speech.words import Heard, Word
from training.core import statistics
from training.core.release import Findings, RefusedError
from training.sources.clips import Clip

Array = np.ndarray[Any, Any]
# Nothing of it is an array: those lie in no evidence here.
FOUND: TypeAdapter[tuple[list[Metric], dict[str, Table]]] = TypeAdapter(
    tuple[list[Metric], dict[str, Table]]
)
Change = Callable[[Wave, int], Wave]  # a sound and the number of its clip -> the sound made worse
DECIBELS = (20, 10, 5, 0)
SPEEDS = (0.75, 1.25, 1.5)
VOICES = 3  # that speak besides, in babble


@dataclass(frozen=True)
class Material:
    """What a release is measured on.

    clips: with what is said; few: those that are made worse; words: how many of those are asked
    about; quiet: how many sounds of each kind hold no speech; most_wrong: word errors of the clips
    above which the release is refused.
    """

    clips: Sequence[Clip]
    few: Sequence[Clip]
    words: int = 40
    quiet: int = 8
    most_wrong: float = float("inf")
    kept: Path | None = None  # where what was measured lies, for a release that was interrupted
    eager: Callable[[Wave], str] | None = None  # what PyTorch writes in full precision


Step = Callable[[Model, Material], Findings]


def ratio(rows: Array) -> float:
    """Wrong words over words said, of rows (wrong, said)."""
    return float(rows[:, 0].sum() / max(1, rows[:, 1].sum()))


def wrong(written: Sequence[str], clips: Sequence[Clip]) -> Array:
    """(wrong, said) of each clip, [n, 2]."""
    return np.array([errors.wrong(c.words, text) for c, text in zip(clips, written, strict=True)])


def rate(rows: Array, split: str) -> Metric:
    """The error with its interval, for which whole clips are redrawn; n counts words."""
    value, low, high = statistics.bootstrap(ratio, rows)
    return Metric(
        "word_error_rate", value, split, int(rows[:, 1].sum()), "int8", low=low, high=high
    )


def measure(model: Model, material: Material) -> Findings:
    """All of it."""
    found = Findings()
    for step in (clean, worsened, unspoken, survival):
        found = found.joined(_once(step, model, material))
    return found


def _once(step: Step, model: Model, material: Material) -> Findings:
    """What a step found of these very files, kept for a release that was interrupted."""
    if material.kept is None:
        return step(model, material)
    files = [f.sha256 for graph in model.card.graphs.values() for f in graph.values()]
    name = hashlib.sha256(" ".join([step.__name__, *files]).encode()).hexdigest()[:16]
    file = material.kept / f"{step.__name__}-{name}.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}")
        made = step(model, material)
        part.write_bytes(FOUND.dump_json((made.metrics, made.tables)))
        part.replace(file)
    metrics, tables = FOUND.validate_json(file.read_bytes())
    return Findings(metrics, tables)


def clean(model: Model, material: Material) -> Findings:
    """Word errors of the clips as they are, by reader; and beside them PyTorch's own."""
    clips = material.clips
    rows = wrong([transcribe(model, clip.wave).text for clip in clips], clips)
    if not ratio(rows) <= material.most_wrong:
        raise RefusedError(f"word errors are {ratio(rows):.4f}, above {material.most_wrong:.4f}")
    readers = sorted({clip.kind for clip in clips})
    of = {kind: np.array([clip.kind == kind for clip in clips]) for kind in readers}
    metrics = [rate(rows, "test")]
    metrics += [rate(rows[of[kind]], kind) for kind in readers]
    table: list[list[str | float | None]] = [
        ["released file", *(ratio(rows[of[kind]]) for kind in readers), ratio(rows)]
    ]
    if material.eager:
        eager = wrong([material.eager(clip.wave) for clip in clips], clips)
        name = "PyTorch, full precision"
        table.append([name, *(ratio(eager[of[kind]]) for kind in readers), ratio(eager)])
    n = int(rows[:, 1].sum())
    return Findings(
        metrics, {"export": Table(["what", *readers, "both"], table, "test", n, "int8")}
    )


def changes(clips: Sequence[Clip]) -> dict[str, dict[str, Change]]:
    """Name -> how much -> what is done to a sound."""

    def babble(count: int, seed: int) -> Array:
        others = [clips[(seed + k) % len(clips)].wave for k in range(1, VOICES + 1)]
        return worse.babble(others, count, seed)

    def noisy(make: Callable[[int, int], Array], decibels: int) -> Change:
        return lambda wave, seed: worse.mixed(wave, make(len(wave), seed), decibels)

    def quick(change: Callable[[Wave, float], Wave], speed: float) -> Change:
        return lambda wave, _: change(wave, speed)

    found: dict[str, dict[str, Change]] = {"Clean": {"": lambda wave, _: wave}}
    for name, make in {**worse.NOISES, "Other voices": babble}.items():
        found[name] = {f"{decibels} dB": noisy(make, decibels) for decibels in DECIBELS}
    for name, change in (
        ("Faster, same pitch", worse.faster),
        ("Faster and higher", worse.turned),
    ):
        found[name] = {f"{speed:g} times": quick(change, speed) for speed in SPEEDS}
    found["Telephone"] = {"300 to 3,400 Hz": lambda wave, _: worse.telephone(wave)}
    return found


def worsened(model: Model, material: Material) -> Findings:
    """Word errors of some clips under noise, at other speeds, through a telephone."""
    clips = material.few
    table: list[list[str | float | None]] = []
    n = 0
    for name, ways in changes(clips).items():
        for much, way in ways.items():
            waves = [way(clip.wave, i) for i, clip in enumerate(clips)]
            rows = wrong([transcribe(model, wave).text for wave in waves], clips)
            _, low, high = statistics.bootstrap(ratio, rows)
            table.append([name, much, ratio(rows), low, high])
            n = int(rows[:, 1].sum())
    columns = ["what", "how much", "word errors", "low", "high"]
    return Findings([], {"worse": Table(columns, table, f"{len(clips)} clips", n, "int8")})


def quiet(material: Material) -> dict[str, list[Wave]]:
    """Five seconds each in which nobody speaks."""
    count, rng = 5 * RATE, np.random.default_rng(0)

    def music(seed: int) -> Wave:
        at = np.arange(count) / RATE
        notes = np.random.default_rng(seed).integers(40, 80, (10, 3))
        found = np.zeros(count, np.float32)
        for i, chord in enumerate(notes):
            inside = (at >= i / 2) & (at < (i + 1) / 2)
            fade = np.exp(-4 * (at - i / 2))
            for note in chord:
                pitch = 440 * 2 ** ((note - 69) / 12)
                parts = sum(np.sin(2 * np.pi * pitch * k * at) / k for k in range(1, 6))
                found += np.where(inside, fade * parts, 0).astype(np.float32)
        loud: Wave = 0.3 * found / np.abs(found).max()
        return loud

    loud = [float(10 ** -rng.uniform(0.5, 2.5)) for _ in range(material.quiet)]
    kinds = {
        "silence": [np.zeros(count, np.float32)],
        "white noise": [s * 0.3 * worse.white(count, i) for i, s in enumerate(loud)],
        "hum of the mains": [s * 0.3 * worse.hum(count, i) for i, s in enumerate(loud)],
        "chords": [music(i) for i in range(material.quiet)],
        "clicks": [
            (rng.random(count) > 0.9998).astype(np.float32) * 0.8 for _ in range(material.quiet)
        ],
    }
    return {k: [np.asarray(w, np.float32) for w in v] for k, v in kinds.items()}


def unspoken(model: Model, material: Material) -> Findings:
    """Of how many sounds without speech words are written, with the gate and without."""
    table: list[list[str | float | None]] = []
    gated, all_open, examples = [], [], []
    for kind, waves in quiet(material).items():
        with_gate = [bool(windows(model, wave)) for wave in waves]
        texts = [window(model, wave, slice(0, len(wave))).text for wave in waves]
        without = [bool(errors.words(text)) for text in texts]
        gated += with_gate
        all_open += without
        examples += [text for text in texts if text][:1]
        table.append([kind, float(np.mean(without)), float(np.mean(with_gate)), len(waves)])
    metrics = []
    for split, hits in (("sounds without speech", gated), ("the same, without the gate", all_open)):
        value, low, high = statistics.proportion(np.array(hits))
        metrics.append(
            Metric("false_words_share", value, split, len(hits), "int8", low=low, high=high)
        )
    columns = ["sound", "words without the gate", "words with it", "sounds"]
    said: list[list[str | float | None]] = [[text[:80]] for text in examples]
    n = len(gated)
    return Findings(
        metrics,
        {
            "unspoken": Table(columns, table, "sounds without speech", n, "int8"),
            "invented": Table(["what it wrote"], said, "the same, without the gate", n, "int8"),
        },
    )


def survival(model: Model, material: Material) -> Findings:
    """Do words survive on what they attended to; and on as much of the sound, taken elsewhere?"""
    pairs: list[tuple[Wave, Heard, Word]] = []
    for clip in material.few:
        for piece in windows(model, clip.wave):
            heard = window(model, clip.wave, piece)
            pairs += [(clip.wave[piece], heard, word) for word in heard.words]
    rng = np.random.default_rng(0)
    chosen = rng.permutation(len(pairs))[: material.words]
    rows = []
    for i in chosen:
        wave, heard, word = pairs[i]
        asked = silence.ask(model, wave, heard, word)
        # As many places in as many stretches, elsewhere in the same sound.
        places = max(1, len(wave) * SECOND // RATE)
        moved = np.zeros_like(asked.kept)
        moved[:places] = np.roll(asked.kept[:places], int(rng.integers(places // 4, places)))
        ids = [token.id for token in heard.tokens[word.part][: word.tokens.stop]]
        other = listening.listen(model, silence.faded(wave, moved))
        elsewhere = float(np.prod(writing.forced(model, other, ids)[word.tokens]))
        rows.append(
            [asked.whole, asked.used, asked.without, elsewhere, asked.nothing, asked.seconds]
        )
    found = np.array(rows).reshape(-1, 6)
    names = ("only what it attended to", "all but that", "as much elsewhere", "no sound at all")
    table: list[list[str | float | None]] = [
        ["all of the sound", float(np.mean(found[:, 0] >= 0.5)), float(found[:, 0].mean())]
    ]
    table += [
        [name, float(np.mean(found[:, 1 + i] >= 0.5)), float(found[:, 1 + i].mean())]
        for i, name in enumerate(names)
    ]
    n = len(found)
    value, low, high = statistics.proportion(found[:, 1] >= 0.5)
    metric = Metric(
        "survival_share",
        value,
        "words of the clips",
        n,
        "int8",
        low=low,
        high=high,
        baseline={name: float(np.mean(found[:, 2 + i] >= 0.5)) for i, name in enumerate(names[1:])},
    )
    columns = ["what is heard", "words that survive", "mean probability"]
    return Findings([metric], {"survival": Table(columns, table, "words of the clips", n, "int8")})
