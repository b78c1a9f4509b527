"""The training loop that every model trained here shares.

    result = fit(module, optimiser, loss, Batches(n, draw), config, Path("runs/x"), evaluate)

- After each epoch a checkpoint is written under a temporary name and renamed, so a kill at any
  moment leaves a whole one; the next call with the same folder and config goes on from it and
  ends with the same weights. A finished run returns at once.
- Every random number comes from (seed, epoch, step), so a checkpoint needs no generator state.
- Under `torchrun --nproc-per-node N` the same global batch is split over N processes and batch
  normalisation uses the statistics of all of it: N changes the speed and nothing else (a module
  that draws its own random numbers, as dropout does, draws other ones). Process 0 alone evaluates
  and writes; all must see the same folder.
"""

import copy
import dataclasses
import os
import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True)
class LoopConfig:
    """What the loop itself must know; a model's own config inherits and adds to it."""

    seed: int = 0
    epochs: int = 10
    passes: int = 1  # over the data in one epoch: more where the data are few
    batch: int = 128  # examples in one step, over all processes together
    warmup: float = 0.1  # share of all steps in which the learning rate rises from 0
    ema_decay: float = 0.999  # of the averaged weights, which are the ones that are kept
    bf16: bool = True  # autocast of the forward pass


@dataclass(frozen=True)
class Batches:
    """Training data: `draw(indices, generator)` makes the tensors of a batch from `n` examples.

    `draw` takes int64 indices in [0, n), and all its randomness from the generator (on the CPU);
    each tensor that it returns has the batch as its first axis.
    """

    n: int
    draw: Callable[[Tensor, torch.Generator], tuple[Tensor, ...]]


@dataclass(frozen=True)
class Result:
    """`module` holds the averaged weights, in eval mode; `observed` maps a step to its tensor."""

    module: nn.Module
    history: list[dict[str, float]]
    observed: dict[int, Tensor]


Loss = Callable[[nn.Module, tuple[Tensor, ...]], dict[str, Tensor]]


def is_main() -> bool:
    """Whether this is process 0, the only one that may write or print."""
    return int(os.environ.get("RANK", "0")) == 0


@contextmanager
def _processes() -> Iterator[tuple[int, int, torch.device]]:
    """(rank, number of processes, device) of this process; joins the group where there is one."""
    rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    if world > 1:
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield rank, world, device
    finally:
        if world > 1:
            dist.destroy_process_group()


class _SumOverProcesses(torch.autograd.Function):
    """All-reduce (sum) whose gradient is the sum of all processes' gradients."""

    @staticmethod
    def forward(_: Any, x: Tensor) -> Tensor:
        x = x.clone()
        dist.all_reduce(x)
        return x

    @staticmethod
    def backward(_: Any, *gradients: Tensor) -> Tensor:
        gradient = gradients[0].contiguous().clone()
        dist.all_reduce(gradient)
        return gradient


class SharedBatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation over the batches of all processes (`nn.SyncBatchNorm` is CUDA only)."""

    def forward(self, x: Tensor) -> Tensor:
        """[n, c, h, w] to the same; the running statistics stay equal on all processes."""
        if not self.training:
            return super().forward(x)
        wide = x.float()
        n = wide.numel() // wide.shape[1] * dist.get_world_size()
        mean = _SumOverProcesses.apply(wide.sum((0, 2, 3))) / n
        centred = wide - mean[:, None, None]
        # The second sum is taken about the common mean: E[x^2] - E[x]^2 would cancel.
        variance = _SumOverProcesses.apply((centred * centred).sum((0, 2, 3))) / n
        with torch.no_grad():
            assert self.running_mean is not None
            assert self.running_var is not None
            assert self.momentum is not None
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * (n / (n - 1)), self.momentum)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return (centred * scale[:, None, None] + self.bias[:, None, None]).to(x.dtype)


def _share_batch_norm(module: nn.Module) -> None:
    for child in module.modules():
        if type(child) is nn.BatchNorm2d:
            child.__class__ = SharedBatchNorm2d


def _seed_all(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def _derived(*parts: int) -> int:
    """One 63-bit seed from several whole numbers, with no visible relation between neighbours."""
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0] >> 1)


def one_cycle(step: int, steps: int, warmup: float) -> float:
    """Share of the peak learning rate at `step` of `steps`: linear rise, then half a cosine."""
    rise = max(1, round(warmup * steps))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + cos(pi * (step - rise) / max(1, steps - rise)))


@torch.no_grad()
def _average(ema: nn.Module, module: nn.Module, step: int, decay: float) -> None:
    # Early on the average must be short, or it would still hold the random start for an epoch.
    weight = 1 - min(decay, (1 + step) / (10 + step))
    for kept, new in zip(ema.state_dict().values(), module.state_dict().values(), strict=True):
        if kept.is_floating_point():
            kept.lerp_(new, weight)
        else:
            kept.copy_(new)


def _save(path: Path, state: dict[str, Any]) -> None:
    partial = path.with_suffix(".part")
    torch.save(state, partial)
    partial.replace(path)


def fit(
    module: nn.Module,
    optimiser: torch.optim.Optimizer,
    loss: Loss,
    batches: Batches,
    config: LoopConfig,
    run: Path,
    evaluate: Callable[[nn.Module], dict[str, float]],
    observe: tuple[Collection[int], Callable[[nn.Module], Tensor]] | None = None,
) -> Result:
    """Train `module` for `config.epochs`, or go on from the checkpoint in folder `run`.

    `loss` returns {"loss": scalar, ...}: "loss" is minimised, and the means of all over an epoch
    go into the history. `evaluate` gets the averaged module in eval mode after each epoch and
    returns figures for the history. `observe` is (steps, function): the function gets the averaged
    module in eval mode after that many steps, and what it returns is kept.
    Raises ValueError where the checkpoint has another config, or the batch does not divide over
    the processes; FloatingPointError when the loss is no longer finite.
    """
    with _processes() as (rank, world, device):
        if config.batch % world:
            raise ValueError(f"a batch of {config.batch} does not divide over {world} processes")
        steps = config.passes * batches.n // config.batch
        ...
    raise NotImplementedError
