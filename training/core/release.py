"""From a PyTorch module to a released model: export, check, parity, quantise, measure, card.

A training script states a `Draft`; `release(draft)` writes `models/<name>/` or refuses. Everything
is built in a folder beside it and moved over only when all of it holds, so a failed release leaves
the last one as it was. It refuses on: a failed ONNX checker, a difference from PyTorch above the
stated tolerance at any batch size, a metric below its floor, a quantised graph that loses more
than its allowance.
"""

import hashlib
import io
import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import nn

from models import card as cards
from models import catalog, delta
from models.card import Card, GraphFile, Metric, Precision, Setting, Table, Training
from models.catalog import Model
from training.core import export, packed, quantise

MOST_OF_IT, LEAST_SAVED = 0.75, 100_000  # bytes; what saves less is not worth another form
Arrays = dict[str, np.ndarray[Any, Any]]


class RefusedError(Exception):
    """The release does not hold what it must; the text says which promise broke."""


@dataclass(frozen=True)
class Graph:
    """One graph to release.

    module: in eval mode; its `forward` takes the inputs in their order and returns the outputs.
    inputs: real examples, first axis the batch, at least 4; they become the golden inputs.
    tolerance: largest difference from PyTorch, relative to the output's largest value.
    calibration: batches of real inputs; where given, an int8 graph is made beside fp32.
    golden: the outputs kept in golden.npz (all would be many megabytes); with none, no inputs.
    int8_alone: whether fp32 serves nobody and is dropped once int8 was made from it.
    reference: what gives the right outputs, where that is not `module` itself.
    kinked: outputs that may differ more, since they jump where rounding moves an input over a kink
        of the network; their difference is recorded, and judged by whoever measures the model.
    golden_rows: how many of the inputs are kept, where all would be megabytes.
    free: axes of every input that may have any length, beside the batch.
    lengths: inputs whose second axis, that of a text, may have any length, the same for all.
    rounded: whether an int8 graph is made whose weights alone are int8, and fp32 dropped; the
        module's are so already, so it must agree as fp32 does.
    packed: where an int8 graph is made whose matrices are codes of so many bits, and of so many
        where rows are looked up too (packed.py), and fp32 dropped; what that does is recorded, and
        judged by whoever measures the model.
    int8_within: where `rounded`, the beginnings of the names of kernels whose convolutions compute
        in int8 too, by `calibration`; what that does is recorded, and judged by whoever measures
        the model.
    recurrent: whether, where `rounded`, its LSTMs then compute in int8 too; what that does is
        recorded, and judged by whoever measures the model.
    """

    module: nn.Module
    inputs: Arrays
    outputs: tuple[str, ...]
    tolerance: float
    golden: tuple[str, ...]
    calibration: Arrays | None = None
    int8_alone: bool = False
    reference: nn.Module | None = None
    kinked: tuple[str, ...] = ()
    golden_rows: int | None = None
    free: tuple[int, ...] = ()
    lengths: tuple[str, ...] = ()
    rounded: bool = False
    recurrent: bool = False
    packed: tuple[int, int] | None = None
    int8_within: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Findings:
    """What a measurement found. `evidence` holds what the card has no room for."""

    metrics: list[Metric] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)
    evidence: Arrays = field(default_factory=dict)

    def joined(self, other: "Findings") -> "Findings":
        """Both together."""
        return Findings(
            [*self.metrics, *other.metrics],
            self.tables | other.tables,
            self.settings | other.settings,
            self.evidence | other.evidence,
        )


@dataclass(frozen=True)
class Floor:
    """A figure that a release must reach, or not lose more of than its allowance; or both."""

    metric: str
    split: str
    precision: Precision
    least: float | None = None
    allowance: float | None = None  # how much below the fp32 figure of the same name and split


@dataclass(frozen=True)
class Draft:
    """What a training script states. `card` comes without graphs, metrics, tables and files.

    choose: sets thresholds and the like, on validation data, from the released graphs.
    measure: the figures, from the released graphs with those settings.
    """

    card: Card
    graphs: Mapping[str, Graph]
    choose: Callable[[Model], Findings]
    measure: Callable[[Model], Findings]
    floors: tuple[Floor, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)


def release(draft: Draft, folder: Path | None = None) -> Card:
    """Build, check and measure a model; replace `models/<name>` or `folder`, or refuse.

    Returns the card as written. Raises RefusedError.
    """
    began = time.monotonic()
    folder = folder or catalog.FOLDER / draft.card.name
    scratch = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        card = build(draft, scratch)
        for step in (draft.choose, draft.measure):
            card = _add(card, step(Model(scratch, card)), scratch)
        _check_floors(card, draft.floors)
        minutes = card.training.minutes + (time.monotonic() - began) / 60
        # A release of weights that were trained before keeps the name of that machine.
        made_on = card.training.hardware or hardware()
        training = replace(card.training, minutes=round(minutes, 1), hardware=made_on)
        card = once(replace(card, training=training), scratch)
        cards.write(card, scratch)
        _replace(folder, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return card


def training_of(
    name: str, config: Mapping[str, Any], minutes: float, made_on: str = ""
) -> Training:
    """How the model is made again, for its card.

    config: every choice of the run. made_on: the machine, or "" for the one that releases it.
    """
    command, seed = f"python -m training.{name}", config.get("seed", 0)
    return Training(command, {**config}, minutes, made_on, torch.__version__, seed)


def hardware() -> str:
    """This machine in a few words, without its name."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    named = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return f"{os.cpu_count()} cores of {(named or [platform.machine()])[0]}{gpu}"


def build(draft: Draft, scratch: Path) -> Card:
    """Export and quantise all graphs, check them, and write golden.npz and the extra files.

    Returns the card with the graphs, not yet measured. Raises RefusedError.
    """
    graphs: dict[str, dict[Precision, GraphFile]] = {}
    golden: Arrays = {}
    for name, graph in draft.graphs.items():
        stem = "model" if name == "predict" else f"model.{name}"
        path, smaller = scratch / f"{stem}.onnx", scratch / f"{stem}.int8.onnx"
        export.export(
            graph.module, graph.inputs, graph.outputs, path, free=graph.free, lengths=graph.lengths
        )
        expected = _pytorch(graph)
        graphs[name] = {"fp32": _graph_file(path, graph, expected, must_agree=True)}
        if name == "predict":
            layers = export.layers(path)
        if graph.calibration is not None:
            quantise.quantise(path, smaller, graph.calibration, within=graph.int8_within)
            if graph.rounded:
                quantise.round_weights(smaller, smaller)
            graphs[name]["int8"] = _graph_file(smaller, graph, expected, must_agree=False)
        elif graph.rounded:
            quantise.round_weights(path, smaller)
            graphs[name]["int8"] = _graph_file(smaller, graph, expected, must_agree=True)
        elif graph.packed:
            packed.pack(path, smaller, *graph.packed)
            graphs[name]["int8"] = _graph_file(smaller, graph, expected, must_agree=False)
        if graph.rounded and graph.recurrent:
            quantise.recurrences(smaller, smaller)
            graphs[name]["int8"] = _graph_file(smaller, graph, expected, must_agree=False)
        if graph.int8_alone or graph.rounded or graph.packed:
            del graphs[name]["fp32"]
            path.unlink()
        if graph.golden:
            rows = slice(graph.golden_rows)
            golden |= {f"{name}.in.{key}": value[rows] for key, value in graph.inputs.items()}
            golden |= {f"{name}.out.{key}": expected[key][rows] for key in graph.golden}
    card = replace(draft.card, graphs=graphs)
    card = replace(card, tables=card.tables | {"layers": layers})
    extra = {name: (scratch / name).write_bytes(data) for name, data in draft.files.items()}
    return _record(_save(card, "golden.npz", golden, scratch), scratch, *extra)


def once(card: Card, folder: Path) -> Card:
    """Leave weights that two graphs of `folder` hold in the one that answers alone.

    Each other graph that so loses a quarter or more becomes its difference. Returns the card that
    says so, not yet written.
    """
    graphs = {name: dict(files) for name, files in card.graphs.items()}
    for name, files in graphs.items():
        for precision, file in files.items():
            answers = graphs["predict"].get(precision)
            if answers is None or name == "predict" or file.delta_of:
                continue
            path = folder / file.file
            small = delta.made(path.read_bytes(), (folder / answers.file).read_bytes())
            if len(small) > min(MOST_OF_IT * file.bytes, file.bytes - LEAST_SAVED):
                continue
            files[precision] = replace(file, delta_of=answers.file)
            (folder / files[precision].stored).write_bytes(small)
            path.unlink()
    return replace(card, graphs=graphs)


def _pytorch(graph: Graph) -> Arrays:
    tensors = [torch.from_numpy(array) for array in graph.inputs.values()]
    with torch.no_grad():
        results = (graph.reference or graph.module)(*tensors)
    results = results if isinstance(results, tuple) else (results,)
    return {name: tensor.numpy() for name, tensor in zip(graph.outputs, results, strict=True)}


def _graph_file(path: Path, graph: Graph, expected: Arrays, must_agree: bool) -> GraphFile:
    try:
        onnx.checker.check_model(onnx.load(path), full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise RefusedError(f"{path.name} is no valid ONNX: {error}") from error
    parity = worst_differences(path.read_bytes(), graph, expected)
    most = graph.tolerance if must_agree else np.finfo(np.float64).max
    for name, worst in parity.items():
        # Written so that NaN refuses too: every comparison with NaN is false.
        if not worst <= (np.finfo(np.float64).max if name in graph.kinked else most):
            raise RefusedError(f"{path.name}: {name} differs from PyTorch by {worst:.2e}")
    inputs, outputs = export.signature(path)
    return GraphFile(
        path.name, _sha256(path.read_bytes()), path.stat().st_size, inputs, outputs, parity
    )


def worst_differences(data: bytes, graph: Graph, expected: Arrays) -> dict[str, float]:
    """Per output, the largest difference from PyTorch over batches of 1, 3 and all.

    With free axes, over shorter inputs too. Relative to the output's largest value. NaN anywhere
    gives NaN, which Python's max would lose. Raises RefusedError where the graph does not take a
    batch or gives another shape.
    """
    session = export.session(data)
    worst = dict.fromkeys(graph.outputs, 0.0)
    for feeds, right in _cases(graph, expected):
        try:
            results = session.run(list(graph.outputs), feeds)
        except Exception as error:  # ONNX Runtime raises its own, undocumented classes here
            shapes = ", ".join(str(array.shape) for array in feeds.values())
            raise RefusedError(f"the graph refuses {shapes}: {error}") from error
        for name, found in zip(graph.outputs, results, strict=True):
            if found.shape != right[name].shape:  # numpy would stretch a frozen axis over the batch
                raise RefusedError(f"{name} has the shape {found.shape}, not {right[name].shape}")
            scale = max(float(np.abs(expected[name]).max()), 1e-12)
            # Bytes would wrap around: 1 - 2 is 255.
            difference = np.abs(found.astype(np.float64) - right[name]).max() / scale
            worst[name] = float(np.max([worst[name], difference]))
    return worst


def _cases(graph: Graph, expected: Arrays) -> Iterator[tuple[Arrays, Arrays]]:
    """Inputs to compare on, and what PyTorch gives for them."""
    for n in (1, 3, len(next(iter(graph.inputs.values())))):
        yield (
            {name: array[:n] for name, array in graph.inputs.items()},
            {name: array[:n] for name, array in expected.items()},
        )
    for share in (0.5, 0.8) if graph.free else ():
        cut = graph.inputs
        for axis in graph.free:
            cut = {k: v.take(range(int(v.shape[axis] * share)), axis) for k, v in cut.items()}
        yield cut, _pytorch(replace(graph, inputs=cut))
    for share in (0.0, 0.5) if graph.lengths else ():
        cut = dict(graph.inputs)
        for name in graph.lengths:
            cut[name] = cut[name][:, : max(1, int(cut[name].shape[1] * share))]
        yield cut, _pytorch(replace(graph, inputs=cut))


def _add(card: Card, found: Findings, scratch: Path) -> Card:
    card = replace(
        card,
        metrics=[*card.metrics, *found.metrics],
        tables=card.tables | found.tables,
        settings=card.settings | found.settings,
    )
    if not found.evidence:
        return card
    before = Model(scratch, card).arrays("evidence.npz") if "evidence.npz" in card.files else {}
    return _save(card, "evidence.npz", before | found.evidence, scratch)


def _check_floors(card: Card, floors: tuple[Floor, ...]) -> None:
    for floor in floors:
        value = card.metric(floor.metric, floor.split, floor.precision).value
        least = -np.inf if floor.least is None else floor.least
        if floor.allowance is not None:
            fp32 = card.metric(floor.metric, floor.split, "fp32").value
            least = max(least, fp32 - floor.allowance)
        if not value >= least:
            raise RefusedError(
                f"{floor.metric} on {floor.split} is {value:.4f} in {floor.precision}, "
                f"below {least:.4f}"
            )


def _save(card: Card, name: str, arrays: Arrays, scratch: Path) -> Card:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    (scratch / name).write_bytes(buffer.getvalue())
    return _record(card, scratch, name)


def _record(card: Card, scratch: Path, *names: str) -> Card:
    sums = {name: _sha256((scratch / name).read_bytes()) for name in names}
    return replace(card, files=card.files | sums)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _replace(folder: Path, scratch: Path) -> None:
    """Move the new files over the old; the card last, since it vouches for the others."""
    folder.mkdir(parents=True, exist_ok=True)
    new = [path for path in scratch.iterdir() if path.name != "card.json"]
    for old in folder.glob("model*.onnx*"):
        if not (scratch / old.name).exists():
            old.unlink()
    for path in [*new, scratch / "card.json"]:
        path.replace(folder / path.name)
