"""A small network on rows in memory, in seconds: without checkpoints, for which see loop.py."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

Loss = Callable[[nn.Module, Tensor], Any]  # the network and rows int64 [batch] -> scalar


def fit(
    network: nn.Module,
    count: int,
    loss: Loss,
    *,
    epochs: int,
    batch: int,
    rate: float,
    weight_decay: float,
    seed: int,
) -> list[float]:
    """Train on `count` rows, in an order that `seed` gives; returns the mean loss of each epoch.

    AdamW under one cycle of the learning rate up to `rate` (Smith, Topin 2017, arXiv:1708.07120).
    """
    batch = min(batch, count)
    steps = count // batch
    optimiser = torch.optim.AdamW(network.parameters(), rate, weight_decay=weight_decay, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=epochs * steps)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        order, lost = torch.randperm(count, generator=generator), 0.0
        for start in range(0, steps * batch, batch):
            value = loss(network, order[start : start + batch])
            optimiser.zero_grad()
            value.backward()
            optimiser.step()
            schedule.step()
            lost += value.item()
        means.append(lost / steps)
    return means
