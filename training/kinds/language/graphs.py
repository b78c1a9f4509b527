"""The graphs that a trained network of text is released as, all from one set of weights.

predict    a stretch of text and what follows each id -> nats, hidden states, the state after it
step       ids of any length -> the logits of what follows the last, and the state after it
gradients  the last 64 ids -> how much each pushed a prediction

States are float32 [n, layers, hidden], the batch first as everywhere. The recurrence is the
operator LSTM; only for the gradient it is unrolled, since a graph holds no derivative of it.
"""

import copy
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.core import gradients, quantise
from training.core.release import Graph
from training.kinds.language.network import Network
from training.kinds.language.onnx_lstm import exported

Array = np.ndarray[Any, Any]
REACH = 64  # ids that the gradient goes back over
STATES = ("h", "c")


def turned(state: Tensor) -> Tensor:
    """[n, layers, hidden] <-> [layers, n, hidden]."""
    return state.transpose(0, 1).contiguous()


class Predict(nn.Module):
    """ids and targets int64 [n, t], state -> nats [n, t], hidden [n, t, hidden], state.

    `nats[i]` is what `targets[i]` cost after `ids[: i + 1]`; `hidden` is the last layer's output.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, targets: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, ...]:
        """As the class says."""
        net = self.network
        hidden, (h, c) = net.memory(net.embedding(ids), (turned(h), turned(c)))
        logits = net.projection(hidden) @ net.embedding.weight.t() + net.bias
        # Half the time of log_softmax, which writes as many numbers as it reads.
        top = logits.amax(2, keepdim=True)
        total = (logits - top).exp().sum(2).log() + top[..., 0]
        asked = logits.gather(2, targets[..., None])[..., 0]
        return total - asked, hidden, turned(h), turned(c)


class Step(nn.Module):
    """ids int64 [n, t], state -> logits [n, vocabulary] after the last id, state."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, ...]:
        """As the class says."""
        net = self.network
        hidden, (h, c) = net.memory(net.embedding(ids), (turned(h), turned(c)))
        last = net.projection(hidden[:, -1])
        return last @ net.embedding.weight.t() + net.bias, turned(h), turned(c)


def unrolled(memory: nn.LSTM, given: Tensor, mask: Tensor, h: Tensor, c: Tensor) -> Tensor:
    """The LSTM as plain arithmetic: [n, t, width], mask [n, t] and states -> [n, t, hidden].

    Where the mask is 0 the state is kept as it was.
    """
    for layer in range(memory.num_layers):
        into, across, bias_in, bias = memory.all_weights[layer]
        pushed = given @ into.t() + (bias_in + bias)
        kept_h, kept_c = h[:, layer], c[:, layer]
        out = []
        for place in range(given.shape[1]):
            gates = (pushed[:, place] + kept_h @ across.t()).chunk(4, 1)
            new_c = gates[1].sigmoid() * kept_c + gates[0].sigmoid() * gates[2].tanh()
            new_h = gates[3].sigmoid() * new_c.tanh()
            here = mask[:, place : place + 1]
            kept_h = here * new_h + (1 - here) * kept_h
            kept_c = here * new_c + (1 - here) * kept_c
            out.append(kept_h)
        given = torch.stack(out, 1)
    return given


class Unrolled(nn.Module):
    """Embeddings [n, 64, width], mask float32 [n, 64], state -> logits after the last id.

    Where the mask is 0 the state is kept as it was: a shorter text is padded in front.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, given: Tensor, mask: Tensor, h: Tensor, c: Tensor) -> Tensor:
        """As the class says."""
        net = self.network
        out = unrolled(net.memory, given, mask, h, c)
        logits: Tensor = net.projection(out[:, -1]) @ net.embedding.weight.t() + net.bias
        return logits


class Slopes(nn.Module):
    """ids int64 [n, 64], mask, state, target [n, vocabulary] -> logits, attribution [n, 64].

    An attribution is the gradient of the sum of target x logits at an id's embedding, times that
    embedding. With target = one-hot minus probabilities it is that of the log-probability.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.unrolled = Unrolled(network)

    def forward(
        self, ids: Tensor, mask: Tensor, h: Tensor, c: Tensor, target: Tensor
    ) -> tuple[Tensor, Tensor]:
        """As the class says."""
        given = self.unrolled.network.embedding(ids)
        logits, back = torch.func.vjp(lambda e: self.unrolled(e, mask, h, c), given)[:2]
        (slope,) = back(target)
        return logits, (slope * given).sum(2)


class Autograd(Slopes):
    """The same by `torch.autograd`: what the traced graph is compared with."""

    def forward(
        self, ids: Tensor, mask: Tensor, h: Tensor, c: Tensor, target: Tensor
    ) -> tuple[Tensor, Tensor]:
        """As `Slopes`."""
        net = self.unrolled.network
        with torch.enable_grad():
            given = net.embedding(ids).detach().requires_grad_()
            after: list[Tensor] = []
            for row in range(len(ids)):  # by the layer itself, each text at its own length
                real = given[row : row + 1, mask[row] > 0]
                state = (turned(h[row : row + 1]), turned(c[row : row + 1]))
                after.append(net.memory(real, state)[0][:, -1])
            logits = net.projection(torch.cat(after)) @ net.embedding.weight.t() + net.bias
            (slope,) = torch.autograd.grad((logits * target).sum(), given)
        return logits.detach(), (slope * given).sum(2).detach()


def graphs(network: Network, texts: list[Array], reach: int = REACH) -> dict[str, Graph]:
    """All that is released of a network; `texts` are ids of at least 16 real texts.

    Its matrices are rounded first, so that all graphs hold the same.
    """
    network = copy.deepcopy(network).eval().requires_grad_(False)
    quantise.round_tensors(network.parameters())
    ids = np.stack([np.resize(text, 80) for text in texts[:16]]).astype(np.int64)
    states = _states(network, ids[:, :9])
    some: dict[str, Array] = {"h": states[0], "c": states[1]}
    # Lengths that share no factor with 16, so that a test can turn them into many more.
    predict = {"ids": ids[:, :41], "targets": ids[:, 1:42]} | some
    step = {"ids": ids[:, 9:22]} | some
    asked = np.zeros((16, network.bias.numel()), np.float32)
    asked[np.arange(16), ids[:, reach]] = 1
    mask = np.ones((16, reach), np.float32)
    for row in range(0, 16, 3):
        mask[row, : row * reach // 20] = 0
    slopes: dict[str, Array] = {"ids": ids[:, :reach], "mask": mask, **some, "target": asked}
    return {
        "predict": Graph(
            Predict(exported(network)),
            predict,
            ("nats", "hidden", *(f"{name}_out" for name in STATES)),
            tolerance=1e-4,
            golden=("nats",),
            rounded=True,
            recurrent=True,
            lengths=("ids", "targets"),
            reference=Predict(network),
        ),
        "step": Graph(
            Step(exported(network)),
            step,
            ("logits", *(f"{name}_out" for name in STATES)),
            tolerance=1e-4,
            golden=("logits", "h_out"),
            rounded=True,
            recurrent=True,
            lengths=("ids",),
            reference=Step(network),
        ),
        "gradients": Graph(
            gradients.trace(Slopes(network), slopes),
            slopes,
            ("logits", "attribution"),
            tolerance=1e-4,
            golden=("logits", "attribution"),
            rounded=True,
            reference=Autograd(network),
        ),
    }


def _states(network: Network, ids: Array) -> tuple[Array, Array]:
    """The states after those ids, [n, layers, hidden]."""
    with torch.no_grad():
        _, (h, c) = network(torch.from_numpy(ids), network.start(len(ids)))
    return turned(h).numpy(), turned(c).numpy()
