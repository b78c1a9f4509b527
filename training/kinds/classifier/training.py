"""Training a small residual classifier of 28 x 28 pictures: the model `fashion`, and its judges.

result = train(Config(), data, run)
probabilities(result.module, pictures)
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.core import loop
from training.core.distributed import is_main
from training.kinds.classifier.network import Network
from training.sources.fashion_mnist import Data, UInt8, augment, watched


@dataclass(frozen=True)
class Config(loop.LoopConfig):
    """Every choice that makes one run: from the papers named, or what two CPU cores can do."""

    epochs: int = 30  # what two CPU cores do in about an hour
    batch: int = 128  # an epoch in batches of 256 took as long, for half as many steps
    warmup: float = 0.15  # so that a peak rate of 0.1 does not throw the fresh network off
    ema_decay: float = 0.998  # of each step: the kept weights look back about one epoch
    rate: float = 0.1  # peak; the usual one for residual networks, SGD and this batch
    momentum: float = 0.9  # Nesterov, as in the residual networks that this one follows
    weight_decay: float = 5e-4  # on the weights of convolutions and of the last layer alone
    smoothing: float = 0.05  # some pictures fit two labels (T-shirt, shirt); more would blur them
    widths: tuple[int, int, int] = (32, 64, 160)  # channels at 28 x 28, 14 x 14 and 7 x 7
    blocks: tuple[int, int, int] = (1, 2, 2)  # few at 28 x 28, where a block costs most
    shift: int = 2  # pixels each way: the pictures are centred, a visitor's need not be
    erase: float = 0.5  # share of pictures that lose a rectangle (arXiv:1708.04896)
    fraction: float = 1.0  # of the 55,000 training pictures; 0.01, 0.1 and 1 are compared


@torch.no_grad()
def probabilities(module: nn.Module, pictures: UInt8) -> Tensor:
    """float32 [n, classes] on the CPU; the module's own mode and device are kept."""
    device = next(module.parameters()).device
    parts = [torch.from_numpy(pictures[i : i + 500]) for i in range(0, len(pictures), 500)]
    return torch.cat([module(part.to(device)).float().softmax(1).cpu() for part in parts])


def loss(module: nn.Module, batch: tuple[Tensor, ...], smoothing: float) -> dict[str, Tensor]:
    """Cross-entropy against softened labels and accuracy, on augmented pictures."""
    logits = module(batch[0]).float()
    hits = (logits.argmax(1) == batch[1]).float().mean()
    return {
        "loss": F.cross_entropy(logits, batch[1], label_smoothing=smoothing),
        "augmented_accuracy": hits,
    }


def evaluate(module: nn.Module, data: Data) -> dict[str, float]:
    """Cross-entropy (nats) and accuracy, alike on validation and as many training pictures."""
    figures = {}
    thinned = data.train[:: max(1, len(data.train) // len(data.validation))]
    for name, rows in (("train", thinned), ("validation", data.validation)):
        given = probabilities(module, data.pictures[rows])
        labels = torch.from_numpy(data.labels[rows])
        figures[f"{name}_loss"] = F.nll_loss(given.clamp_min(1e-12).log(), labels).item()
        figures[f"{name}_accuracy"] = (given.argmax(1) == labels).float().mean().item()
    return figures


def train(config: Config, data: Data, run: Path) -> loop.Result:
    """Train, or go on; folder `run` holds the checkpoint and, in the end, `snapshots.npz`.

    `snapshots.npz`: `steps` int64 [m]; `probabilities` float16 [m, 60, 10] after that many steps;
    `rows` and `labels` int64 [60], the watched validation pictures in the training file.
    """
    torch.manual_seed(config.seed)
    module = Network(config.widths, config.blocks)
    decayed = [p for p in module.parameters() if p.ndim > 1]
    others = [p for p in module.parameters() if p.ndim <= 1]
    optimiser = torch.optim.SGD(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=config.rate,
        momentum=config.momentum,
        nesterov=True,
    )
    pictures, labels = torch.from_numpy(data.pictures), torch.from_numpy(data.labels)
    rows, seen = torch.from_numpy(data.train), watched(data)

    def draw(indices: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        taken = rows[indices]
        return augment(pictures[taken], config.shift, config.erase, generator), labels[taken]

    steps = config.epochs * (config.passes * len(rows) // config.batch)
    result = loop.fit(
        module,
        optimiser,
        lambda module, batch: loss(module, batch, config.smoothing),
        loop.Batches(len(rows), draw),
        config=config,
        run=run,
        evaluate=lambda module: evaluate(module, data),
        observe=loop.Observe(
            loop.snapshots(steps, 8, 24),
            lambda module: probabilities(module, data.pictures[seen]).half(),
        ),
    )
    if is_main():
        np.savez(
            run / "snapshots.npz",
            steps=np.array(list(result.observed)),
            probabilities=torch.stack(list(result.observed.values())).numpy(),
            rows=seen,
            labels=data.labels[seen],
        )
    return result
