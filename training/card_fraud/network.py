"""The networks of card transactions: one that learned which were frauds, one that saw no label.

Both read the features of models/card_fraud/lookback.py; logarithms and scales are in the graph.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.card_fraud.lookback import FEATURES, UNLABELLED
from training.core import minibatches
from training.core.minibatches import Loss

Array = np.ndarray[Any, Any]
SPREAD = 0.1  # least spread that a feature is divided by
LEAST = 1e-3  # of an error, before its logarithm is taken
OUTPUTS = ("log_odds", "unusual", "shares", "typical", "code")
COUNTED = tuple(feature.kind in ("amount", "count") for feature in FEATURES)
RATIO = tuple(feature.kind == "ratio" for feature in FEATURES)


@dataclass(frozen=True)
class Config:
    """Every choice that makes one release."""

    features: int = len(FEATURES)  # the first so many; the handbook's are the first 15
    hidden: int = 64
    members: int = 3  # networks that learn by themselves and answer together
    epochs: int = 12
    batch: int = 512
    rate: float = 3e-3
    weight_decay: float = 1e-2
    dropout: float = 0.1
    code: int = 2  # of the autoencoder
    code_epochs: int = 10
    seed: int = 0


class Scaling(nn.Module):
    """Features as the networks see them, fitted on the training days."""

    def __init__(self, features: Array) -> None:
        super().__init__()
        self.register_buffer("counted", torch.tensor(COUNTED))
        self.register_buffer("ratio", torch.tensor(RATIO))
        self.counted: Tensor
        self.ratio: Tensor
        seen = self.bent(torch.from_numpy(features.astype(np.float32)))
        self.register_buffer("mean", seen.mean(0))
        self.register_buffer("spread", seen.std(0).clamp(min=SPREAD))
        self.mean: Tensor
        self.spread: Tensor

    def bent(self, features: Tensor) -> Tensor:
        """Logarithms of what has no bound."""
        logs = torch.log1p(features.clamp(min=0))
        return torch.where(
            self.counted, logs, torch.where(self.ratio, torch.asinh(features), features)
        )

    def forward(self, features: Tensor) -> Tensor:
        """float32 [n, 20] -> the same, of mean 0 and spread 1."""
        scaled: Tensor = (self.bent(features) - self.mean) / self.spread
        return scaled

    def back(self, scaled: Tensor, which: Tensor) -> Tensor:
        """Some scaled features as they were; counts and shares of at least 0."""
        seen = scaled * self.spread[which] + self.mean[which]
        logs = torch.expm1(seen.clamp(max=20.0)).clamp(min=0)
        ratios = torch.sinh(seen.clamp(-20.0, 20.0))
        return torch.where(
            self.counted[which], logs, torch.where(self.ratio[which], ratios, seen.clamp(0, 1))
        )


def _member(config: Config) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(config.features, config.hidden),
        nn.ReLU(),
        nn.Dropout(config.dropout),
        nn.Linear(config.hidden, config.hidden),
        nn.ReLU(),
        nn.Dropout(config.dropout),
        nn.Linear(config.hidden, 1),
    )


def _autoencoder(config: Config) -> nn.Sequential:
    """Encoder and decoder, each of two layers."""
    width, hidden = len(UNLABELLED), config.hidden // 2
    return nn.Sequential(
        nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, config.code)),
        nn.Sequential(nn.Linear(config.code, hidden), nn.ReLU(), nn.Linear(hidden, width)),
    )


class Served(nn.Module):
    """What is released: features in, both networks' answers out, in the order of `OUTPUTS`."""

    def __init__(self, config: Config, scaling: Scaling) -> None:
        super().__init__()
        self.config, self.scaling = config, scaling
        self.members = nn.ModuleList(_member(config) for _ in range(config.members))
        self.autoencoder = _autoencoder(config)
        self.register_buffer("unlabelled", torch.tensor(UNLABELLED))
        self.unlabelled: Tensor

    def forward(self, features: Tensor) -> tuple[Tensor, ...]:
        """float32 [n, 20] -> log_odds of fraud [n]; unusual [n]: log10 of the autoencoder's error;
        shares [n, 7] of it; typical [n, 7]: what it makes of the row; code [n, k]."""
        scaled = self.scaling(features)
        seen = scaled[:, : self.config.features]
        odds = torch.stack([member(seen)[:, 0] for member in self.members]).mean(0)
        own = scaled.index_select(1, self.unlabelled)
        code = self.autoencoder[0](own)
        made = self.autoencoder[1](code)
        parts = (made - own) ** 2
        total = parts.sum(1)
        shares = parts / (total[:, None] + LEAST)
        typical = self.scaling.back(made, self.unlabelled)
        return odds, torch.log10(total + LEAST), shares, typical, code


def _fit(network: nn.Module, count: int, loss: Loss, epochs: int, config: Config) -> list[float]:
    """Train on so many rows; loss: of a batch of them. Returns its mean by epoch."""
    return minibatches.fit(
        network,
        count,
        loss,
        epochs=epochs,
        batch=config.batch,
        rate=config.rate,
        weight_decay=config.weight_decay,
        seed=config.seed,
    )


def train_supervised(
    served: Served, features: Array, fraud: Array, members: Iterable[int] | None = None
) -> list[float]:
    """Train the members, or some of them, on features [n, 20] and labels bool [n]."""
    config = served.config
    given = served.scaling(torch.from_numpy(features.astype(np.float32)))[:, : config.features]
    right = torch.from_numpy(fraud.astype(np.float32))

    def loss(network: nn.Module, rows: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(network(given[rows])[:, 0], right[rows])

    losses: list[list[float]] = []
    for i in range(config.members) if members is None else members:
        seed = config.seed + i
        torch.manual_seed(seed)
        fresh = _member(config)
        losses.append(
            _fit(fresh.train(), len(given), loss, config.epochs, replace(config, seed=seed))
        )
        served.members[i] = fresh.eval().requires_grad_(False)
    return [float(value) for value in np.mean(losses, 0)]


def train_autoencoder(served: Served, features: Array) -> list[float]:
    """Train the autoencoder on features [n, 20], frauds among them: it sees no label."""
    config = served.config
    given = served.scaling(torch.from_numpy(features.astype(np.float32)))
    given = given.index_select(1, served.unlabelled)
    torch.manual_seed(config.seed)
    fresh = _autoencoder(config)
    larger = replace(config, batch=4 * config.batch)

    def loss(network: nn.Module, rows: Tensor) -> Tensor:
        apart: Tensor = network(given[rows]) - given[rows]
        return (apart**2).sum(1).mean()

    losses = _fit(fresh, len(given), loss, config.code_epochs, larger)
    served.autoencoder = fresh.eval().requires_grad_(False)
    return losses


def answers(served: Served, features: Array) -> tuple[Array, Array]:
    """Log-odds and how unusual, by PyTorch: float64 [n] each."""
    with torch.no_grad():
        found = served(torch.from_numpy(features.astype(np.float32)))
    return found[0].double().numpy(), found[1].double().numpy()


def alone(served: Served, features: Array) -> list[Array]:
    """The log-odds of each member by itself, by PyTorch: float64 [n] each."""
    with torch.no_grad():
        seen = served.scaling(torch.from_numpy(features.astype(np.float32)))
        seen = seen[:, : served.config.features]
        return [member(seen)[:, 0].double().numpy() for member in served.members]
