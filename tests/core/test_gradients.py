"""Gradient graphs: what ONNX Runtime computes is what torch.autograd does, on any kind of net."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn

from training.core import export, gradients
from training.core.gradients import OUTPUTS, Autograd, Gradients

N = 5


class Padded(nn.Module):
    """Uneven padding and strides, as TensorFlow's "same" convolutions have them."""

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.pad(x, (0, 1, 2, 1))


class Mean(nn.Module):
    """Over all places."""

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(2).mean(2)


def pictures() -> tuple[nn.Module, nn.Module, tuple[int, ...]]:
    features = nn.Sequential(
        nn.Conv2d(3, 8, 3, 1, 1),
        nn.BatchNorm2d(8),
        nn.GELU(),
        Padded(),
        nn.Conv2d(8, 8, 5, 2, 0, groups=8),
        nn.SiLU(),
        nn.Conv2d(8, 12, 3, 3, 1, dilation=2, groups=2, bias=False),
        nn.Tanh(),
    )
    return features, nn.Sequential(Mean(), nn.Linear(12, 4)), (3, 25, 22)


def table() -> tuple[nn.Module, nn.Module, tuple[int, ...]]:
    return nn.Identity(), nn.Sequential(nn.Linear(9, 16), nn.Softplus(), nn.Linear(16, 3)), (9,)


def sequence() -> tuple[nn.Module, nn.Module, tuple[int, ...]]:
    features = nn.Sequential(nn.Conv1d(6, 10, 3, 1, 1), nn.GELU(), nn.Conv1d(10, 10, 4, 2, 1))
    return features, nn.Sequential(nn.LayerNorm(8), nn.GELU(), Mean(), nn.Linear(10, 2)), (6, 16)


def autoencoder() -> tuple[nn.Module, nn.Module, tuple[int, ...]]:
    features = nn.Sequential(nn.Conv2d(1, 6, 3, 2, 1), nn.Tanh())
    back = nn.ConvTranspose2d(6, 1, 4, 2, 1)
    return features, nn.Sequential(back, nn.Sigmoid(), nn.Flatten()), (1, 12, 12)


KINDS = {f.__name__: f for f in (pictures, table, sequence, autoencoder)}


@pytest.mark.parametrize("kind", KINDS)
def test_the_graph_computes_what_autograd_does_at_any_batch_size(kind: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    features, head, shape = KINDS[kind]()
    for layer in features.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.running_var, 0.5, 2)
            nn.init.normal_(layer.running_mean)
    for part in (features, head):
        part.eval().requires_grad_(False)
    given = torch.randn(N, *shape)
    outputs = head(features(given)).shape[1]
    inputs = {"image": given.numpy(), "target": torch.randn(N, outputs).numpy()}
    cam = kind == "pictures"
    traced = gradients.trace(Gradients(features, head, cam), inputs)
    expected = Autograd(features, head, cam)(*map(torch.from_numpy, inputs.values()))
    path = tmp_path / "graph.onnx"
    export.export(traced, inputs, OUTPUTS, path)
    onnx.checker.check_model(onnx.load(path), full_check=True)
    session = export.session(path.read_bytes())
    assert {node.domain for node in onnx.load(path).graph.node} == {""}, "ordinary operators alone"
    for n in (1, 3, N):
        found = session.run(None, {name: array[:n] for name, array in inputs.items()})
        for name, ours, right in zip(OUTPUTS, found, expected, strict=True):
            worst = np.abs(ours - right[:n].numpy()).max() / np.abs(right.numpy()).max()
            assert worst <= 1e-4, name
