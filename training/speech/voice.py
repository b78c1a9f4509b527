"""Silero's network that says where somebody speaks, and its weights."""

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor, nn

from training import sources

PACKAGE, FILE = "silero-vad", "silero_vad_16k_op15.onnx"
WAYS = ("ih", "hh")  # into the memory, and within it
WIDTHS = ((129, 128, 1), (128, 64, 2), (64, 64, 2), (64, 128, 1))  # in, out, step


class Voice(nn.Module):
    """A spectrum of each frame, four convolutions over it, and a memory of the frames before."""

    def __init__(self) -> None:
        super().__init__()
        self.stft_conv = nn.Conv1d(1, 258, 256, stride=128, bias=False)
        for i, (before, after, step) in enumerate(WIDTHS, 1):
            self.add_module(f"conv{i}", nn.Conv1d(before, after, 3, stride=step, padding=1))
        self.memory: nn.Module = nn.LSTM(128, 128, batch_first=True)
        self.final_conv = nn.Conv1d(128, 1, 1)

    def forward(self, frames: Tensor) -> Tensor:
        """[n, t, 576] -> how likely each holds a voice, [n, t]."""
        n, t, size = frames.shape
        each = F.pad(frames.reshape(n * t, 1, size), (0, 64), mode="reflect")
        parts = self.stft_conv(each)
        found = (parts[:, :129] ** 2 + parts[:, 129:] ** 2).sqrt()
        for i in range(1, len(WIDTHS) + 1):
            found = F.relu(self.get_submodule(f"conv{i}")(found))
        nothing = frames.new_zeros(1, n, 128)
        held, _ = self.memory(found.reshape(n, t, 128), (nothing, nothing))
        shares: Tensor = torch.sigmoid(self.final_conv(F.relu(held).transpose(1, 2)))[:, 0]
        return shares


@torch.no_grad()
def pretrained() -> Voice:
    """The weights for 16,000 samples a second; the package's own graph takes a frame at a time."""
    graph = onnx.load(sources.package_file(PACKAGE, FILE)).graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    names = {"stft_conv.weight": "model.stft.forward_basis_buffer"}
    for kind in ("weight", "bias"):
        names |= {f"conv{i + 1}.{kind}": f"model.encoder.{i}.reparam_conv.{kind}" for i in range(4)}
        names |= {f"memory.{kind}_{way}_l0": f"model.decoder.rnn.{kind}_{way}" for way in WAYS}
        names[f"final_conv.{kind}"] = f"model.decoder.decoder.2.{kind}"
    voice = Voice()
    for own, name in names.items():
        voice.get_parameter(own).copy_(torch.from_numpy(held[name].copy()))
    return voice.eval()
