"""Releases: a whole one is written, a broken promise leaves the last one as it was."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from models import card as cards
from models import catalog
from models.card import Card
from models.catalog import Model
from tests.helpers import contents, golden, sha256
from tests.tiny import PICTURES, Frozen, Tiny, draft
from training.core import export, quantise
from training.core.release import (
    Draft,
    Findings,
    Floor,
    Graph,
    RefusedError,
    release,
    worst_differences,
)

NAN = float("nan")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Card, Path]:
    """A release that went well, over one of before that had a graph more."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    folder.mkdir()
    (folder / "model.step.onnx").write_bytes(b"of an older release")
    (folder / "__init__.py").write_bytes(b"")
    floors = (Floor("accuracy", "test", "fp32", 1.0), Floor("accuracy", "test", "int8", 0.5, 0.1))
    return release(draft(None, *floors), folder), folder


class Exported:
    """What was exported before, given again in place of the slow exporter."""

    def __init__(self, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data, self.monkeypatch = data, monkeypatch
        self.gives(data)

    def gives(self, data: bytes) -> None:
        """From now on the exporter writes this."""
        self.monkeypatch.setattr(export, "export", lambda *given, **_: given[3].write_bytes(data))

    def quantises(self, data: bytes) -> None:
        """From now on the quantiser writes this."""
        self.monkeypatch.setattr(
            quantise, "quantise", lambda *given, **_: given[1].write_bytes(data)
        )


@pytest.fixture
def exported(first: tuple[Card, Path], monkeypatch: pytest.MonkeyPatch) -> Exported:
    return Exported((first[1] / "model.onnx").read_bytes(), monkeypatch)


def test_a_release_is_whole(first: tuple[Card, Path]) -> None:
    card, folder = first
    model = catalog.load("tiny", folder)
    assert model.card == card == cards.read(folder)
    graphs = card.graphs["predict"]
    sums = {file.file: file.sha256 for file in graphs.values()} | card.files
    assert {file: sha256((folder / file).read_bytes()) for file in sums} == sums
    names = {"model.onnx", "model.int8.onnx", "golden.npz", "evidence.npz", "labels.txt"}
    assert sums.keys() == names
    assert contents(folder).keys() == names | {"card.json", "__init__.py"}
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]
    assert {tensor.name: tensor.shape for tensor in graphs["int8"].inputs + graphs["int8"].outputs}
    assert graphs["fp32"].outputs[0].shape == ["n", 3]
    assert max(graphs["fp32"].parity.values()) <= 1e-4 < min(graphs["int8"].parity.values())
    inputs, outputs = golden(model)["predict"]
    assert (inputs["image"] == PICTURES[:6]).all()
    with torch.no_grad():
        assert (outputs["logits"] == Tiny()(torch.from_numpy(PICTURES[:6]))[0].numpy()).all()
    assert model.arrays("evidence.npz").keys() == {"a", "b"}
    assert [row[1] for row in card.tables["layers"].rows] == ["Conv", "Gemm"]


def test_a_card_comes_with_minutes_and_hardware(first: tuple[Card, Path]) -> None:
    training = first[0].training
    assert 3 <= training.minutes < 6  # those of training and those of the release
    assert re.match(r"\d+ cores of \S", training.hardware)
    assert training.torch == torch.__version__


def changed(data: bytes, name: str, change: Callable[[Any], Any]) -> bytes:
    """An ONNX file with one of its weights changed."""
    model = onnx.load_from_string(data)
    (weight,) = (w for w in model.graph.initializer if w.name == name)
    array = onnx.numpy_helper.to_array(weight).copy()
    weight.CopyFrom(onnx.numpy_helper.from_array(np.float32(change(array)), name))
    return model.SerializeToString()


def with_nan(data: bytes) -> bytes:
    return changed(data, "classes.bias", lambda bias: bias * [1, NAN, 1])


def without_relu(data: bytes) -> bytes:
    model = onnx.load_from_string(data)
    model.graph.node.remove(next(node for node in model.graph.node if node.op_type == "Relu"))
    return model.SerializeToString()


def module(bias: float) -> Tiny:
    """The same but for one number."""
    made = Tiny()
    made.classes.bias.data[1] += bias
    return made


Refused = Callable[[Draft, str], None]


@pytest.fixture
def refused(first: tuple[Card, Path], tmp_path: Path) -> Refused:
    """A release is refused for that reason, and the last one is still there, byte for byte."""
    folder = tmp_path / "tiny"
    shutil.copytree(first[1], folder)
    before = contents(folder)

    def check(draft: Draft, words: str) -> None:
        with pytest.raises(RefusedError, match=words):
            release(draft, folder)
        assert contents(folder) == before
        assert [path.name for path in tmp_path.iterdir()] == ["tiny"]

    return check


@pytest.mark.parametrize(
    ("spoil", "bias", "words"),
    [
        (bytes, 0.01, "logits differs from PyTorch by .*e-0"),
        (with_nan, 0, "logits differs from PyTorch by nan"),
        (with_nan, NAN, "logits differs from PyTorch by nan"),
        (without_relu, 0, "model.onnx is no valid ONNX"),
    ],
    ids=["not the module's", "NaN in the graph", "NaN in both", "not valid"],
)
def test_a_graph_that_does_not_compute_what_the_module_does_is_refused(
    exported: Exported,
    refused: Refused,
    spoil: Callable[[bytes], bytes],
    bias: float,
    words: str,
) -> None:
    exported.gives(spoil(exported.data))
    refused(draft(module(bias)), words)


def test_a_batch_axis_that_the_exporter_froze_is_refused(refused: Refused) -> None:
    refused(draft(Frozen()), r"refuses \(1, ")


class Session:
    """Gives ones, but in the batch of three what it was told."""

    def __init__(self, three: Any) -> None:
        self.three = np.float32(three)

    def run(self, names: list[str], feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
        n = len(feeds["x"])
        return [self.three if n == 3 else np.ones((n, 1), np.float32) for _ in names]


class BytesSession:
    """Gives ones, as bytes."""

    def run(self, names: list[str], feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
        return [np.ones((len(feeds["x"]), 1), np.uint8) for _ in names]


@pytest.mark.parametrize(
    ("three", "worst"), [([[1], [NAN], [1]], NAN), ([[1], [1.5], [1]], 0.5), ([[1]] * 3, 0)]
)
def test_the_worst_of_all_batches_counts_and_nan_is_the_worst(
    monkeypatch: pytest.MonkeyPatch, three: Any, worst: float
) -> None:
    # Python's own max(0.0, nan) is 0.0, and max(nan, 0.0) is lost in the next batch.
    monkeypatch.setattr(export, "session", lambda _: Session(three))
    ones = np.ones((6, 1), np.float32)
    graph = Graph(nn.Identity(), {"x": ones}, ("y",), 1e-4, ())
    found = worst_differences(b"", graph, {"y": ones})
    assert found == pytest.approx({"y": worst}, nan_ok=True)


def test_bytes_do_not_wrap_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "session", lambda _: BytesSession())
    twos = np.full((6, 1), 2, np.uint8)
    graph = Graph(nn.Identity(), {"x": twos}, ("y",), 1e-4, ())
    assert worst_differences(b"", graph, {"y": twos}) == {"y": 0.5}


def test_an_output_that_numpy_would_stretch_over_the_batch_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "session", lambda _: Session([[1]]))
    ones = np.ones((6, 1), np.float32)
    with pytest.raises(RefusedError, match=r"y has the shape \(1, 1\), not \(3, 1\)"):
        worst_differences(b"", Graph(nn.Identity(), {"x": ones}, ("y",), 1e-4, ()), {"y": ones})


@pytest.mark.parametrize(
    ("floor", "words"),
    [
        (Floor("accuracy", "test", "fp32", least=1.01), r"is 1\.0000 in fp32, below 1\.0100"),
        (Floor("accuracy", "test", "int8", least=1.01, allowance=1), r"in int8, below 1\.0100"),
    ],
)
@pytest.mark.usefixtures("exported")
def test_a_figure_below_its_floor_is_refused(refused: Refused, floor: Floor, words: str) -> None:
    refused(draft(None, floor), words)


@pytest.mark.parametrize(
    ("bias", "words"),
    [
        ([-1e3, 0, -1e3], r"accuracy on test is 0\.\d+ in int8, below 0\.9000"),
        ([0, NAN, 0], r"model\.int8\.onnx: logits differs from PyTorch by nan"),
    ],
)
def test_an_int8_graph_that_loses_more_than_its_allowance_is_refused(
    exported: Exported, refused: Refused, bias: list[float], words: str
) -> None:
    exported.quantises(changed(exported.data, "classes.bias", lambda right: right + bias))
    refused(draft(None, Floor("accuracy", "test", "int8", allowance=0.1)), words)


@pytest.mark.usefixtures("exported")
def test_a_measurement_that_fails_leaves_the_last_release(refused: Refused) -> None:
    def fails(model: Model) -> Findings:
        raise RefusedError(f"no data for {model.card.name}")

    refused(replace(draft(), measure=fails), "no data for tiny")
