"""The graphs that sentiment is released as, all from one set of weights.

predict    ids of any length, and what was read before them -> logits, "is it a review"
gradients  the last 64 ids, a gate for each -> log-odds, and its slope at each gate

What was read before comes in and goes out, so that a text can be explained from a place within it:
`before` is float32 [n, 4 hidden + 4], the state's h and c, the largest and the sum of all hidden
states so far, how many there were, the sum of all runs so far, and the last two ids.
"""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.core import gradients, quantise
from training.core.release import Graph
from training.kinds.language.graphs import unrolled
from training.kinds.language.onnx_lstm import exported
from training.sentiment.network import Judge, Pool
from training.sentiment.ngrams import NONE, Runs

Array = np.ndarray[Any, Any]
REACH = 64  # ids that the gradient goes back over


@dataclass(frozen=True)
class Before:
    """What was read before, in parts; h and c are [n, hidden], runs [n, 1], ids float [n, 2]."""

    h: Tensor
    c: Tensor
    pool: Pool
    runs: Tensor
    ids: Tensor

    @classmethod
    def of(cls, packed: Tensor) -> "Before":
        """From [n, 4 hidden + 4]."""
        hidden = packed.shape[1] // 4 - 1
        h, c, *pool, runs, ids = torch.split(packed, [hidden] * 4 + [1, 1, 2], dim=1)
        return cls(h, c, Pool(*pool), runs, ids)

    def packed(self) -> Tensor:
        """To [n, 4 hidden + 4]."""
        pool = self.pool
        parts = [self.h, self.c, pool.most, pool.total, pool.count, self.runs, self.ids]
        return torch.cat(parts, 1)


class Ends(nn.Module):
    """The network and the runs together, calibrated, and whether it is a review at all.

    Their log-odds add up. review and bias: a linear model over the mean hidden state [hidden].
    """

    def __init__(
        self, judge: nn.Module, runs: Runs, temperature: float, review: Array, bias: float
    ) -> None:
        super().__init__()
        self.judge, self.runs, self.temperature = judge, runs, temperature
        self.register_buffer("review", torch.from_numpy(review.astype(np.float32)))
        self.bias = bias

    def odds(self, pool: Pool, last: Tensor, runs: Tensor) -> Tensor:
        """Calibrated log-odds of "liked", [n]; runs: their sum [n]."""
        deep: Tensor = self.judge.odds(pool, last)  # type: ignore[operator]
        return (deep + runs + self.runs.bias) / self.temperature

    def likely(self, pool: Pool) -> Tensor:
        """Log-odds that it is a review at all, [n]."""
        return (pool.mean * self.get_buffer("review")).sum(1) + self.bias

    def start(self, n: int) -> Tensor:
        """`before` where nothing was read."""
        pool = self.judge.start(n)  # type: ignore[operator]
        zeros = torch.zeros_like(pool.most)
        return Before(zeros, zeros, pool, zeros[:, :1], zeros[:, :2] + NONE).packed()


class Predict(nn.Module):
    """ids [n, t], lengths [n], before -> logits [n, 2], embedding, review [n], before_out.

    A row's ids beyond its length are passed over; `before_out` is right only without such.
    """

    def __init__(self, ends: Ends) -> None:
        super().__init__()
        self.ends = ends

    def forward(self, ids: Tensor, lengths: Tensor, before: Tensor) -> tuple[Tensor, ...]:
        """As the class says."""
        judge: Any = self.ends.judge
        mask = (torch.arange(ids.shape[1]) < lengths[:, None]).float()
        given = judge.embedding.weight[ids]  # a node "embedding" would bear an output's name
        known = Before.of(before)
        hidden, (h, c) = judge.memory(given, (known.h[None], known.c[None]))
        place = (lengths.clamp(max=ids.shape[1]) - 1)[:, None, None]
        last = hidden.gather(1, place.expand(-1, -1, hidden.shape[2]))[:, 0]
        pool = known.pool.with_(hidden, mask)
        runs = known.runs[:, 0] + self.ends.runs(ids, mask, torch.ones_like(mask), known.ids)
        odds = self.ends.odds(pool, last, runs)
        latest = torch.cat([known.ids, ids.float()], 1)[:, -2:]
        after = Before(h[0], c[0], pool, runs[:, None], latest).packed()
        return torch.stack([-odds / 2, odds / 2], 1), pool.mean, self.ends.likely(pool), after


class Gated(nn.Module):
    """gates [n, 64] -> log-odds [n], for given ids, mask and what was read before.

    It is built on the recurrence as plain arithmetic; `Layered` on the layer.
    """

    def __init__(self, ends: Ends) -> None:
        super().__init__()
        self.ends = ends

    def forward(self, gates: Tensor, ids: Tensor, mask: Tensor, before: Tensor) -> Tensor:
        """As the class says."""
        judge: Any = self.ends.judge
        known = Before.of(before)
        given = judge.embedding(ids) * gates[:, :, None]
        hidden = self.states(given, mask, known)
        runs = known.runs[:, 0] + self.ends.runs(ids, mask, gates, known.ids)
        return self.ends.odds(known.pool.with_(hidden, mask), hidden[:, -1], runs)

    def states(self, given: Tensor, mask: Tensor, known: Before) -> Tensor:
        """The hidden states, by plain arithmetic, which can be traced."""
        memory: Any = self.ends.judge.memory
        return unrolled(memory, given, mask, known.h[:, None], known.c[:, None])


class Layered(Gated):
    """The same by the LSTM layer itself, each text at its own length."""

    def states(self, given: Tensor, mask: Tensor, known: Before) -> Tensor:
        """As `Gated`; zeros where the mask is 0."""
        memory: Any = self.ends.judge.memory
        rows = []
        for row in range(len(given)):
            one, real = slice(row, row + 1), mask[row] > 0
            state = known.h[None, one], known.c[None, one]
            found = memory(given[one, real], state)[0][0]
            empty = found.new_zeros((given.shape[1] - len(found), found.shape[1]))
            rows.append(torch.cat([empty, found]))
        return torch.stack(rows)


class Slopes(nn.Module):
    """ids int64 [n, 64], mask, gates [n, 64], before -> log-odds [n], slopes [n, 64].

    A gate multiplies an id's embedding: at gates of 1 its slope is gradient times input. Where the
    mask is 0 nothing stands: a shorter text is padded in front.
    """

    def __init__(self, ends: Ends) -> None:
        super().__init__()
        self.gated = Gated(ends)

    def forward(
        self, ids: Tensor, mask: Tensor, gates: Tensor, before: Tensor
    ) -> tuple[Tensor, Tensor]:
        """As the class says."""
        odds, back = torch.func.vjp(lambda g: self.gated(g, ids, mask, before), gates)[:2]
        (slopes,) = back(torch.ones_like(odds))
        return odds, slopes


class Autograd(nn.Module):
    """The same by `torch.autograd`."""

    def __init__(self, ends: Ends) -> None:
        super().__init__()
        self.gated = Layered(ends)

    def forward(
        self, ids: Tensor, mask: Tensor, gates: Tensor, before: Tensor
    ) -> tuple[Tensor, Tensor]:
        """As `Slopes`."""
        with torch.enable_grad():
            gates = gates.detach().requires_grad_()
            odds = self.gated(gates, ids, mask, before)
            (slopes,) = torch.autograd.grad(odds.sum(), gates)
        return odds.detach(), slopes.detach()


def rounded(judge: Judge) -> Judge:
    """A copy whose matrices are int8 codes times scales, as in the release."""
    judge = copy.deepcopy(judge).eval().requires_grad_(False)
    quantise.round_tensors([*judge.memory.parameters(), judge.embedding.weight])
    return judge


def graphs(ends: Ends, texts: list[Array], reach: int = REACH) -> dict[str, Graph]:
    """All that is released. ends: of a `rounded` judge; texts: ids of at least 16 real texts."""
    outside = copy.deepcopy(ends)
    outside.judge = exported(ends.judge)
    ids = np.stack([np.resize(text, 80) for text in texts[:16]]).astype(np.int64)
    with torch.no_grad():
        nine = torch.from_numpy(ids[:, :9]), torch.full((16,), 9)
        before = Predict(ends)(*nine, ends.start(16))[3].numpy()
    # Lengths that share no factor with 16, so that a test can turn them into many more.
    given = ids[:, 9:50]
    lengths = np.array([41 - row % 4 * 9 for row in range(16)], np.int64)
    predict: dict[str, Array] = {"ids": given, "lengths": lengths, "before": before}
    mask = np.ones((16, reach), np.float32)
    gates = np.ones((16, reach), np.float32)
    for row in range(0, 16, 3):
        mask[row, : row * reach // 20] = 0
        gates[row] *= row / 16
    window = ids[:, 9 : 9 + reach]
    slopes: dict[str, Array] = {"ids": window, "mask": mask, "gates": gates, "before": before}
    return {
        "predict": Graph(
            Predict(outside),
            predict,
            ("logits", "embedding", "review", "before_out"),
            tolerance=1e-4,
            golden=("logits", "review"),
            rounded=True,
            recurrent=True,
            lengths=("ids",),
            reference=Predict(ends),
        ),
        "gradients": Graph(
            gradients.trace(Slopes(ends), slopes),
            slopes,
            ("odds", "slopes"),
            tolerance=1e-4,
            golden=("odds", "slopes"),
            rounded=True,
            reference=Autograd(ends),
        ),
    }
