"""Several processes as one: `torchrun --nproc-per-node N` changes the speed and nothing else."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel


def is_main() -> bool:
    """Whether this is process 0, the only one that may write or print."""
    return int(os.environ.get("RANK", "0")) == 0


@contextmanager
def processes() -> Iterator[tuple[int, int, torch.device]]:
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


def _sum_over_processes(x: Tensor) -> Tensor:
    total: Tensor = _SumOverProcesses.apply(x)  # type: ignore[no-untyped-call]
    return total


class SharedBatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation over the batches of all processes (`nn.SyncBatchNorm` is CUDA only)."""

    def forward(self, x: Tensor) -> Tensor:
        """[n, c, h, w] to the same; the running statistics stay equal on all processes."""
        if not self.training:
            return super().forward(x)
        wide = x.float()
        n = wide.numel() // wide.shape[1] * dist.get_world_size()
        mean = _sum_over_processes(wide.sum((0, 2, 3))) / n
        centred = wide - mean[:, None, None]
        # The second sum is taken about the common mean: E[x^2] - E[x]^2 would cancel.
        variance = _sum_over_processes((centred * centred).sum((0, 2, 3))) / n
        with torch.no_grad():
            assert self.running_mean is not None
            assert self.running_var is not None
            assert self.momentum is not None
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * (n / (n - 1)), self.momentum)
            if self.num_batches_tracked is not None:
                self.num_batches_tracked += 1
        scale = self.weight * torch.rsqrt(variance + self.eps)
        out = centred * scale[:, None, None] + self.bias[:, None, None]
        return out.to(x.dtype)


def spread(module: nn.Module) -> nn.Module:
    """`module` as all processes train it together; the module itself keeps the weights."""
    for child in module.modules():
        if type(child) is nn.BatchNorm2d:
            child.__class__ = SharedBatchNorm2d
    return DistributedDataParallel(module, broadcast_buffers=False)  # the buffers are equal


def together() -> None:
    """Wait for all processes, after dropping what still talks to them.

    A DistributedDataParallel that is freed after its group was destroyed, or whose peer has left
    already, waits for ever on a busy machine.
    """
    if dist.is_initialized():
        gc.collect()
        dist.barrier()
