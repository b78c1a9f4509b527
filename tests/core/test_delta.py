"""Two graphs that share weights hold them once, and come back byte for byte."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import card as cards
from models import catalog, delta
from models.card import GraphFile
from models.errors import ReleaseError
from tests.helpers import TINY, sha256
from training.core.release import once

WEIGHTS = np.random.default_rng(0).bytes(400_000)
OTHER = np.random.default_rng(1).bytes(400_000)


@pytest.mark.parametrize(
    ("whole", "most"),
    [
        (b"head" + WEIGHTS + b"tail", 1_000),
        (WEIGHTS[200_000:] + b"between" + WEIGHTS[:200_000], 1_000),
        (WEIGHTS + OTHER, 401_000),
        (OTHER, 401_000),
        (b"", 100),
    ],
)
def test_what_is_the_same_is_held_once(whole: bytes, most: int) -> None:
    small = delta.made(whole, WEIGHTS)
    assert len(small) < most
    assert delta.joined(small, WEIGHTS) == whole


@pytest.mark.parametrize("other", [b"", WEIGHTS[:1000], OTHER])
def test_another_base_never_gives_the_file(other: bytes) -> None:
    whole = b"head" + WEIGHTS
    with suppress(delta.MismatchError):
        assert delta.joined(delta.made(whole, WEIGHTS), other) != whole


@pytest.mark.parametrize("harmed", [b"", b"no such thing", delta.made(WEIGHTS, OTHER)[:-9]])
def test_what_is_no_delta_is_said(harmed: bytes) -> None:
    with pytest.raises(delta.MismatchError):
        delta.joined(harmed, OTHER)


def test_a_release_keeps_weights_once_and_hands_out_whole_files(tmp_path: Path) -> None:
    data = {
        "model.int8.onnx": WEIGHTS,
        "model.step.int8.onnx": WEIGHTS + b"one step",
        "model.other.int8.onnx": OTHER,
    }
    files = {name: GraphFile(name, sha256(it), len(it), [], [], {}) for name, it in data.items()}
    names = ("predict", "step", "other")
    graphs = {graph: {"int8": file} for graph, file in zip(names, files.values(), strict=True)}
    for name, it in data.items():
        (tmp_path / name).write_bytes(it)
    card = once(replace(TINY, graphs=graphs), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "model.int8.onnx",
        "model.step.int8.onnx.zst",
        "model.other.int8.onnx",
    }
    assert once(card, tmp_path) == card
    cards.write(card, tmp_path)
    model = catalog.load("tiny", tmp_path)
    for graph, file in zip(names, files, strict=True):
        assert model.graph_bytes(model.card.graph(graph, "int8")) == data[file]
    (tmp_path / "model.int8.onnx").write_bytes(OTHER)
    with pytest.raises(ReleaseError, match=r"model\.int8\.onnx of tiny is not the released"):
        model.graph_bytes(model.card.graph("step", "int8"))
