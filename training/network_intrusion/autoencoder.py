"""The autoencoder of network connections: its coding of a row, the network, and its training.

Everything is in the graph that is released: the logarithm of numbers without a bound, their scale,
a place for each word, and back. A row's error is a sum over its 41 columns, so each has its share.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from models.network_intrusion.schema import CATEGORIES, NAMES, NUMBERS
from training.core import minibatches
from training.network_intrusion.data import Rows

Array = np.ndarray[Any, Any]
Error = Literal["squared", "absolute"]
BOUNDED = 1.5  # a column that stays below has no logarithm taken: shares, and 0 or 1
SPREAD = 0.1  # least spread that a column is divided by: rare events do not drown the others
FAR = 8.0  # spreads from the mean beyond which all is the same
LEAST = 1e-3  # of an error, before its logarithm is taken
OUTPUTS = ("score", "shares", "typical", "kinds", "code")


@dataclass(frozen=True)
class Config:
    """Every choice that makes one network, and the score of a row."""

    hidden: int = 64
    code: int = 32
    error: Error = "absolute"
    epochs: int = 60
    batch: int = 512
    rate: float = 3e-3
    weight_decay: float = 1e-4
    seed: int = 0


class Coding(nn.Module):
    """A row as the network sees it, fitted on normal rows."""

    def __init__(self, learned: Rows, words: dict[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.sizes = [len(words[name]) for name in CATEGORIES]
        unbounded = learned.numbers.max(0) > BOUNDED
        seen = np.where(unbounded, np.log1p(learned.numbers), learned.numbers)
        for name, values in (
            ("unbounded", unbounded),
            ("mean", seen.mean(0).astype(np.float32)),
            ("spread", np.maximum(seen.std(0), SPREAD).astype(np.float32)),
        ):
            self.register_buffer(name, torch.from_numpy(values))
        self.mean: Tensor
        self.spread: Tensor
        self.unbounded: Tensor

    @property
    def width(self) -> int:
        """How long a coded row is."""
        return len(NUMBERS) + sum(self.sizes)

    def forward(self, numbers: Tensor, categories: Tensor) -> Tensor:
        """float32 [n, 38], int64 [n, 3] with -1 for an unknown word -> float32 [n, width]."""
        seen = torch.where(self.unbounded, torch.log1p(numbers), numbers)
        scaled = ((seen - self.mean) / self.spread).clamp(-FAR, FAR)
        places = [
            (categories[:, i : i + 1] == torch.arange(size)).float()
            for i, size in enumerate(self.sizes)
        ]
        return torch.cat([scaled, *places], 1)

    def back(self, coded: Tensor) -> tuple[Tensor, Tensor]:
        """A coded row as numbers float32 [n, 38] of at least 0, and a weight for every word."""
        seen = coded[:, : len(NUMBERS)] * self.spread + self.mean
        numbers = torch.where(self.unbounded, torch.expm1(seen.clamp(max=30.0)), seen)
        return numbers.clamp(min=0), coded[:, len(NUMBERS) :]


class Autoencoder(nn.Module):
    """Through a narrow middle and back."""

    def __init__(self, width: int, hidden: int, code: int) -> None:
        super().__init__()
        self.narrow = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, code))
        self.widen = nn.Sequential(nn.Linear(code, hidden), nn.ReLU(), nn.Linear(hidden, width))

    def forward(self, coded: Tensor) -> Tensor:
        """float32 [n, width] -> the same."""
        made: Tensor = self.widen(self.narrow(coded))
        return made


class Served(nn.Module):
    """What is released: a row in, its score and what explains it out, in the order of `OUTPUTS`."""

    def __init__(self, coding: Coding, network: Autoencoder, error: Error) -> None:
        super().__init__()
        self.coding, self.network, self.error = coding, network, error
        # Numbers first, then the three words; the columns' own order is another.
        order = [[*NUMBERS, *CATEGORIES].index(name) for name in NAMES]
        self.register_buffer("order", torch.tensor(order))
        self.order: Tensor

    def forward(self, numbers: Tensor, categories: Tensor) -> tuple[Tensor, ...]:
        """float32 [n, 38], int64 [n, 3] -> score [n]: log10 of the error; shares [n, 41] of it;
        typical float32 [n, 38] and kinds [n, words]: what the network makes of the row; code."""
        coded = self.coding(numbers, categories)
        code = self.network.narrow(coded)
        made = self.network.widen(code)
        apart = (made - coded).abs() if self.error == "absolute" else (made - coded) ** 2
        cut = [len(NUMBERS), *self.coding.sizes]
        first, *words = torch.split_with_sizes(apart, cut, 1)
        parts = torch.cat([first, *(word.sum(1, keepdim=True) for word in words)], 1)
        total = parts.sum(1)
        shares = parts.index_select(1, self.order) / (total[:, None] + LEAST)
        return torch.log10(total + LEAST), shares, *self.coding.back(made), code


def tensors(rows: Rows, words: dict[str, tuple[str, ...]]) -> tuple[Tensor, Tensor]:
    """Rows as the graph takes them."""
    places = [
        [words[name].index(word) if word in words[name] else -1 for word in rows.words[:, i]]
        for i, name in enumerate(CATEGORIES)
    ]
    return torch.from_numpy(rows.numbers.astype(np.float32)), torch.tensor(places).T.contiguous()


def train(
    config: Config, learned: Rows, words: dict[str, tuple[str, ...]]
) -> tuple[Served, list[dict[str, float]]]:
    """A network that learned to repeat normal rows, and its loss by epoch."""
    torch.manual_seed(config.seed)
    coding = Coding(learned, words)
    network = Autoencoder(coding.width, config.hidden, config.code)
    coded = coding(*tensors(learned, words))

    def loss(network: nn.Module, rows: Tensor) -> Tensor:
        given = coded[rows]
        apart: Tensor = network(given) - given
        return (apart**2).sum(1).mean()

    losses = minibatches.fit(
        network,
        len(coded),
        loss,
        epochs=config.epochs,
        batch=config.batch,
        rate=config.rate,
        weight_decay=config.weight_decay,
        seed=config.seed,
    )
    history = [{"epoch": float(i), "train_loss": value} for i, value in enumerate(losses, 1)]
    return Served(coding, network.eval(), config.error).eval().requires_grad_(False), history


def scores(served: nn.Module, rows: Rows, words: dict[str, tuple[str, ...]]) -> Array:
    """The score of each row, by PyTorch: float64 [n]."""
    with torch.no_grad():
        found: Array = served(*tensors(rows, words))[0].double().numpy()
    return found
