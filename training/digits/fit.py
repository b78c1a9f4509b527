"""Training one of the two networks for digits."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.core import loop
from training.digits import data
from training.digits.data import Split
from training.digits.network import Convolutional, Recurrent, answers, shares

NAMES = ("convolutional", "recurrent")
WATCHED = 40  # validation sounds whose answers are kept while a network learns


@dataclass(frozen=True)
class Config(loop.LoopConfig):
    """Every choice that makes one run."""

    network: str = "convolutional"
    epochs: int = 40
    batch: int = 64
    rate: float = 3e-3
    weight_decay: float = 0.02
    smoothing: float = 0.05
    clip: float = 1.0
    ema_decay: float = 0.995


@dataclass(frozen=True)
class Trained:
    """A finished run. snapshots: answers to the watched sounds after so many steps."""

    network: nn.Module
    history: list[dict[str, float]]
    config: Config
    snapshots: dict[int, Tensor]


def loss(module: nn.Module, batch: tuple[Tensor, ...], smoothing: float) -> dict[str, Tensor]:
    """Cross-entropy and accuracy; of a network that reads, also of what it thinks near the end."""
    sounds, labels = batch
    found = module(sounds)
    logits = found[0] if isinstance(found, tuple) else found
    value = F.cross_entropy(logits, labels, label_smoothing=smoothing)
    if isinstance(found, tuple):
        late = found[1][:, -15:]
        asked = labels[:, None].expand(late.shape[:2])
        value = value + 0.5 * F.cross_entropy(late.flatten(0, 1), asked.flatten())
    return {"loss": value, "train_accuracy": (logits.argmax(1) == labels).float().mean()}


def train(config: Config, split: Split, run: Path) -> Trained:
    """Train, or go on from what lies in the folder `run`."""
    torch.manual_seed(config.seed)
    network = Convolutional() if config.network == "convolutional" else Recurrent()
    optimiser = torch.optim.AdamW(
        network.parameters(), config.rate, weight_decay=config.weight_decay
    )
    loop.clip(optimiser, network, config.clip)
    learned = data.Varied([*split.train, *split.out_of_distribution])
    asked, right = data.pictures(split.validation), data.labels(split.validation)

    def evaluate(module: nn.Module) -> dict[str, float]:
        with torch.no_grad():
            logits = answers(module, asked)[:, :10].float()
        return {
            "validation_loss": F.cross_entropy(logits, right).item(),
            "validation_accuracy": (logits.argmax(1) == right).float().mean().item(),
        }

    count = len(learned.labels)
    seen = asked[watched(split)]
    result = loop.fit(
        network,
        optimiser,
        lambda module, batch: loss(module, batch, config.smoothing),
        loop.Batches(count, learned.draw),
        config=config,
        run=run,
        evaluate=evaluate,
        observe=loop.Observe(
            loop.snapshots(config.epochs * (count // config.batch), 8, 24),
            lambda module: shares(module, seen),
        ),
    )
    return Trained(result.module.cpu().eval(), result.history, config, result.observed)


def watched(split: Split) -> list[int]:
    """Which validation sounds are asked again and again: some of each digit."""
    order = np.argsort([one.digit for one in split.validation], kind="stable")
    return [int(i) for i in order[:: max(1, len(order) // WATCHED)][:WATCHED]]
