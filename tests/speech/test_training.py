"""Importing speech: packed matrices are what they were, and the script runs as a whole."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn

from tests.helpers import ROOT, contents
from training.core import export, packed
from training.speech import voice, whisper


class Tied(nn.Module):
    """A table that rows are looked up in and that is multiplied with, and a matrix beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(200, 64))
        self.linear = nn.Linear(64, 64)

    def forward(self, index: Tensor) -> Tensor:
        rows = nn.functional.embedding(index, self.table)
        return self.linear(rows)[:, 0] @ self.table.t()


@pytest.mark.parametrize(("bits", "most"), [(8, 0.02), (4, 0.2)])
def test_a_packed_matrix_is_near_what_it_was(bits: int, most: float) -> None:
    matrix = np.random.default_rng(0).standard_normal((40, 96)).astype(np.float32)
    matrix[0, :32] = 0
    codes, scale = packed.packed(matrix, bits)
    assert codes.shape == (40, 3, 32 * bits // 8)
    whole = codes
    if bits == 4:
        whole = np.stack([codes & 15, codes >> 4], -1).reshape(40, 3, 32)
    back = (whole.astype(np.float32) - (1 << (bits - 1))) * scale[..., None]
    found = back.reshape(40, 96)
    assert np.abs(found - matrix).max() < most * np.abs(matrix).max()
    assert not found[0, :32].any()


@pytest.mark.parametrize(("bits", "looked_up", "most"), [(8, 8, 0.05), (8, 4, 0.3), (4, 4, 0.4)])
def test_a_packed_graph_computes_nearly_the_same_with_its_table_held_once(
    bits: int, looked_up: int, most: float, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    module, index = Tied().eval(), np.array([[3], [199], [0]])
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    export.export(module, {"index": index}, ("logits",), source)
    packed.pack(source, target, bits, looked_up)
    onnx.checker.check_model(onnx.load(target), full_check=True)
    with torch.no_grad():
        right = module(torch.from_numpy(index)).numpy()
    (found,) = export.session(target.read_bytes()).run(None, {"index": index})
    assert np.abs(found - right).max() < most * np.abs(right).max()
    held = {tensor.name for tensor in onnx.load(target).graph.initializer}
    assert "table_codes" in held
    assert not {"table", "table_half"} & held


def test_the_step_gives_what_the_whole_text_at_once_would() -> None:
    """With its cache, token by token: attention to the past must not depend on how it is kept."""
    torch.manual_seed(0)
    network = whisper.Whisper(width=96, heads=6, vocabulary=50).eval()
    for part in network.parameters():
        nn.init.normal_(part, std=0.3)
    write, heard = whisper.Write(network, [(0, 0), (3, 5)]), []
    with torch.no_grad():
        heard = whisper.Listen(network)(torch.randn(1, 80, 3000))
        held = torch.zeros(1, 0, 2 * 4 * 96)
        for place in range(4):
            logits, new, listened = write(torch.tensor([[place]]), held, *heard)
            held = torch.cat([held, new], 1)
        assert listened.shape == (1, 2, 1500)
        assert listened.sum(-1).numpy() == pytest.approx(1, abs=1e-4)
        other, _, _ = write(torch.tensor([[3]]), held[:, :3], *heard)
        changed, _, _ = write(torch.tensor([[3]]), held[:, [1, 0, 2]], *heard)
    assert torch.allclose(other, logits, atol=1e-4)
    assert torch.allclose(changed, logits, atol=1e-4)  # places stand in what is held itself


def test_the_detector_remembers_what_came_before() -> None:
    torch.manual_seed(0)
    detector, frames = voice.Voice().eval(), torch.randn(2, 6, 576)
    with torch.no_grad():
        whole, alone = detector(frames), detector(frames[:, 3:])
    assert whole.shape == (2, 6)
    assert not torch.allclose(whole[:, 3:], alone)


@pytest.mark.train
@pytest.mark.parametrize("name", ["speech", "digits"])
def test_smoke_runs_and_leaves_the_release_alone(name: str) -> None:
    folder = ROOT / "models" / name
    before = contents(folder)
    subprocess.run([sys.executable, "-m", f"training.{name}", "--smoke"], cwd=ROOT, check=True)
    assert contents(folder) == before
