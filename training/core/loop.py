"""The training loop that every model trained here shares.

    result = fit(module, optimiser, loss, Batches(n, draw), config=..., run=..., evaluate=...)

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
import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn

from training.core.distributed import is_main, processes, spread, together


@dataclass(frozen=True)
class LoopConfig:
    """What the loop itself must know; a model's own config inherits and adds to it."""

    seed: int = 0
    epochs: int = 10
    passes: int = 1  # over the data in one epoch: more where the data are few
    batch: int = 128  # examples in one step, over all processes together
    warmup: float = 0.1  # share of all steps in which the learning rate rises from 0
    ema_decay: float = 0.999  # of the averaged weights, which are the ones that are kept
    bf16: bool = True  # autocast of every forward pass


@dataclass(frozen=True)
class Batches:
    """Training data: `draw(indices, generator)` makes the tensors of a batch from `n` examples.

    `draw` takes int64 indices in [0, n), and all its randomness from the generator (on the CPU);
    each tensor that it returns has the batch as its first axis.
    ordered: the indices rise instead, through all epochs: for texts that are read in their order.
    """

    n: int
    draw: Callable[[Tensor, torch.Generator], tuple[Tensor, ...]]
    ordered: bool = False


@dataclass(frozen=True)
class Result:
    """`module` holds the averaged weights, in eval mode; `observed` maps a step to its tensor."""

    module: nn.Module
    history: list[dict[str, float]]
    observed: dict[int, Tensor]


Loss = Callable[[nn.Module, tuple[Tensor, ...]], dict[str, Tensor]]


@dataclass(frozen=True)
class Observe:
    """`function` gets the averaged module after each of these numbers of steps, and at the end."""

    steps: Collection[int]
    function: Callable[[nn.Module], Tensor]


def snapshots(steps: int, first: int, count: int) -> list[int]:
    """About `count` numbers of steps: 0, `first`, and on to `steps`, dense early.

    Most is learned early, so that is where a run is worth observing.
    """
    spread = np.geomspace(min(first, max(1, steps)), max(1, steps), count - 1).round()
    return [0, *sorted({int(step) for step in spread})]


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
def clip(optimiser: torch.optim.Optimizer, module: nn.Module, norm: float) -> None:
    """Before each of its steps, scale the module's gradients down to that norm."""

    def scale(*_: Any) -> None:
        nn.utils.clip_grad_norm_(module.parameters(), norm)

    optimiser.register_step_pre_hook(scale)


def _average(ema: nn.Module, module: nn.Module, step: int, decay: float) -> None:
    # Early on the average must be short, or it would still hold the random start for an epoch.
    weight = 1 - min(decay, (1 + step) / (10 + step))
    for kept, new in zip(ema.state_dict().values(), module.state_dict().values(), strict=True):
        if kept.is_floating_point():
            kept.lerp_(new, weight)
        else:
            kept.copy_(new)


class _State:
    """Everything that a run carries from one epoch to the next, and its checkpoint."""

    def __init__(
        self, module: nn.Module, optimiser: torch.optim.Optimizer, config: LoopConfig, steps: int
    ) -> None:
        self.module, self.optimiser, self.config = module, optimiser, config
        self.ema = copy.deepcopy(module).eval().requires_grad_(False)
        self.model = spread(module) if dist.is_initialized() else module
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: one_cycle(step, steps * config.epochs, config.warmup)
        )
        self.epoch, self.steps = 0, steps
        self.history: list[dict[str, float]] = []
        self.observed: dict[int, Tensor] = {}
        self._parts: dict[str, Any] = {
            "module": module,
            "ema": self.ema,
            "optimiser": optimiser,
            "schedule": self.schedule,
        }

    def autocast(self) -> torch.autocast:
        """The precision of every forward pass, in training and in evaluation."""
        device = next(self.module.parameters()).device.type
        return torch.autocast(device, torch.bfloat16, enabled=self.config.bf16)

    def save(self, path: Path) -> None:
        """Write the checkpoint; whoever reads `path` sees the old one or the new one, whole."""
        state = {name: part.state_dict() for name, part in self._parts.items()}
        state |= {"epoch": self.epoch, "history": self.history, "observed": self.observed}
        state["config"] = dataclasses.asdict(self.config)
        partial = path.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path, device: torch.device) -> None:
        """Take up a checkpoint of the same config; ValueError where it has another."""
        state = torch.load(path, map_location=device, weights_only=True)
        if state["config"] != dataclasses.asdict(self.config):
            raise ValueError(f"{path} is of a run with another config: {state['config']}")
        for name, part in self._parts.items():
            part.load_state_dict(state[name])
        self.epoch, self.history = state["epoch"], state["history"]
        self.observed = {step: seen.cpu() for step, seen in state["observed"].items()}


def _epoch(
    state: _State, batches: Batches, loss: Loss, observe: Observe | None, share: slice
) -> dict[str, float]:
    """One epoch of steps on this process's share of each batch; the means of what `loss` gave."""
    config, first = state.config, state.epoch * state.steps
    device = next(state.module.parameters()).device
    model = state.model.train()
    _seed_all(_derived(config.seed, state.epoch))
    order = torch.cat([torch.randperm(batches.n) for _ in range(config.passes)])
    if batches.ordered:
        order = first * config.batch + torch.arange(state.steps * config.batch)
    _seed_all(_derived(config.seed, state.epoch, share.start))
    sums: dict[str, Tensor] = {}
    for step in range(first, first + state.steps):
        if observe and step in observe.steps and is_main():
            with state.autocast():
                state.observed[step] = observe.function(state.ema).cpu()
        indices = order[(step - first) * config.batch :][: config.batch]
        # Every process draws the whole batch: then its pictures do not depend on their number.
        generator = torch.Generator().manual_seed(_derived(config.seed, step))
        batch = tuple(part[share].to(device) for part in batches.draw(indices, generator))
        with state.autocast():
            figures = loss(model, batch)
        state.optimiser.zero_grad(set_to_none=True)
        figures["loss"].backward()  # type: ignore[no-untyped-call]
        state.optimiser.step()
        state.schedule.step()
        _average(state.ema, state.module, step, config.ema_decay)
        for name, value in figures.items():
            sums[name] = sums.get(name, torch.zeros((), device=device)) + value.detach()
    if dist.is_initialized():
        for value in sums.values():
            dist.all_reduce(value)
    parts = state.steps * (dist.get_world_size() if dist.is_initialized() else 1)
    return {name: value.item() / parts for name, value in sums.items()}


def fit(
    module: nn.Module,
    optimiser: torch.optim.Optimizer,
    loss: Loss,
    batches: Batches,
    *,
    config: LoopConfig,
    run: Path,
    evaluate: Callable[[nn.Module], dict[str, float]],
    observe: Observe | None = None,
) -> Result:
    """Train `module` for `config.epochs`, or go on from the checkpoint in folder `run`.

    `loss(module, batch)` returns {"loss": scalar, ...}: "loss" is minimised, and the means of all
    over an epoch go into the history. After each epoch `evaluate` gets the averaged module, in
    eval mode, and returns more figures for the history.
    Raises ValueError where the checkpoint has another config, the examples do not fill a batch or
    a batch does not divide over the processes; FloatingPointError once the loss is not finite.
    """
    with processes() as (rank, world, device):
        if config.batch % world:
            raise ValueError(f"a batch of {config.batch} does not divide over {world} processes")
        steps = config.passes * batches.n // config.batch  # what is left over is not drawn
        if not steps:
            raise ValueError(f"{batches.n} examples do not fill one batch of {config.batch}")
        module.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        state = _State(module, optimiser, config, steps)
        checkpoint = run / "checkpoint.pt"
        if checkpoint.exists():
            state.load(checkpoint, device)
        while state.epoch < config.epochs:
            started, rate = time.monotonic(), float(state.schedule.get_last_lr()[0])
            row = _epoch(state, batches, loss, observe, slice(rank, None, world))
            if not np.isfinite(row["loss"]):
                raise FloatingPointError(f"the loss became {row['loss']} in epoch {state.epoch}")
            state.epoch += 1
            if not is_main():
                continue
            with state.autocast():
                row = {"epoch": float(state.epoch), "learning_rate": rate} | row
                row |= evaluate(state.ema)
                if observe and state.epoch == config.epochs:
                    state.observed[state.epoch * state.steps] = observe.function(state.ema).cpu()
            state.history.append({**row, "seconds": time.monotonic() - started})
            run.mkdir(parents=True, exist_ok=True)
            state.save(checkpoint)
            print("  ".join(f"{k} {v:.5g}" for k, v in state.history[-1].items()), flush=True)
        state.model = module
        together()
        return Result(state.ema, state.history, state.observed)
