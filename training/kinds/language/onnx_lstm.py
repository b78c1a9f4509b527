"""PyTorch's LSTM as ONNX's operator of that name, of any batch and length; there and back."""

import copy
from typing import Any, TypeVar

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training.kinds.language.network import Network

T = TypeVar("T", bound=nn.Module)


class Memory(nn.Module):
    """The LSTM as ONNX's operator, which works out the length when it runs.

    Exported by PyTorch's own way it is bound to the length of the example. Eager calls give no
    numbers, so what a graph is compared with is the layer itself.
    """

    def __init__(self, memory: nn.LSTM) -> None:
        super().__init__()
        self.layers = memory.num_layers
        self.hidden = memory.hidden_size
        for layer, held in enumerate(memory.all_weights):
            # PyTorch's gates are input, forget, cell, output; ONNX's input, output, forget, cell.
            parts = [whole.detach().chunk(4) for whole in held]
            into, across, *biases = (torch.cat([p[i] for i in (0, 3, 1, 2)]) for p in parts)
            self.register_buffer(f"into_{layer}", into[None])
            self.register_buffer(f"across_{layer}", across[None])
            self.register_buffer(f"bias_{layer}", torch.cat(biases)[None])

    def forward(self, given: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Any]:
        """[n, t, width] and h, c [layers, n, hidden] -> [n, t, hidden] and the state after it."""
        n, t, _ = given.shape
        given, after = given.transpose(0, 1), []
        for layer in range(self.layers):
            weights = [self.get_buffer(f"{k}_{layer}") for k in ("into", "across", "bias")]
            before = [part[layer : layer + 1] for part in state]
            out, h, c = torch.onnx.ops.symbolic_multi_out(
                "LSTM",
                (given, *weights, None, *before),
                {"hidden_size": self.hidden},
                dtypes=(torch.float32,) * 3,
                shapes=((t, 1, n, self.hidden), (1, n, self.hidden), (1, n, self.hidden)),
                version=14,
            )
            given = out[:, 0]
            after.append((h, c))
        return given.transpose(0, 1), tuple(torch.cat(parts) for parts in zip(*after, strict=True))


def exported(network: T) -> T:
    """The network with ONNX's operator in the place of its recurrence, `memory`."""
    network = copy.deepcopy(network)
    memory = network.get_submodule("memory")
    assert isinstance(memory, nn.LSTM)
    network.add_module("memory", Memory(memory))
    return network


def loaded(step: bytes) -> Network:
    """The network that a released graph `step` holds.

    Its matrices are int8 codes times scales, so what a new release of it computes is the same.
    """
    held = {t.name: numpy_helper.to_array(t) for t in onnx.load_from_string(step).graph.initializer}

    def of(name: str) -> Tensor:
        """A tensor of that name, as floats; the part that int8 arithmetic turned is turned back."""
        whole = held.get(f"network.{name}")
        if whole is None and f"network.{name}_int8" in held:
            whole = held[f"network.{name}_int8"] * held[f"network.{name}_scale"]
        if whole is None:
            codes, scale = (held[f"network.{name}_{part}"] for part in ("codes", "row_scale"))
            whole = codes.swapaxes(-1, -2) * scale[..., None]
        return torch.from_numpy(whole.astype(np.float32))

    def gates(values: Tensor) -> Tensor:
        # ONNX's gates are input, output, forget, cell; PyTorch's input, forget, cell, output.
        parts = values.chunk(4)
        return torch.cat([parts[i] for i in (0, 2, 3, 1)])

    layers = sum(f"network.memory.bias_{i}" in " ".join(held) for i in range(9))
    names = ("embedding.weight", "projection.weight", "projection.bias", "bias")
    weights = {name: of(name) for name in names}
    for i in range(layers):
        weights[f"memory.weight_ih_l{i}"] = gates(of(f"memory.into_{i}")[0])
        weights[f"memory.weight_hh_l{i}"] = gates(of(f"memory.across_{i}")[0])
        biases = of(f"memory.bias_{i}")[0].chunk(2)
        for name, values in zip(("ih", "hh"), biases, strict=True):
            weights[f"memory.bias_{name}_l{i}"] = gates(values)
    vocabulary, width = weights["embedding.weight"].shape
    network = Network(vocabulary, width, weights["projection.weight"].shape[1], layers)
    network.load_state_dict(weights)
    return network
