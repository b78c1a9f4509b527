"""Two networks for one task: one that looks at the whole picture of a sound, one that reads it.

Both take float32 [n, 40, 100] as `models.digits.picture` makes it.
"""

import torch
from torch import Tensor, nn

from models.digits import BANDS, LABELS
from training.kinds.language import onnx_lstm

STACKED = 2  # hundredths that are read at once


class Convolutional(nn.Module):
    """Four convolutions, each at half the size of the one before, and the mean of the last.

    The first one steps over every second hundredth, which halves the time of all.
    """

    def __init__(self, widths: tuple[int, ...] = (24, 48, 64, 96), dropout: float = 0.3) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, width in zip((1, *widths), widths, strict=False):
            first = before == 1
            layers += [
                nn.Conv2d(before, width, 3, (1, 2) if first else 1, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.MaxPool2d((2, 1) if first else 2),
            ]
        self.layers = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(widths[-1], len(LABELS)))

    def forward(self, sound: Tensor) -> Tensor:
        """[n, 40, 100] -> logits [n, 11]."""
        logits: Tensor = self.head(self.layers(sound[:, None]).mean((2, 3)))
        return logits


class Recurrent(nn.Module):
    """Two layers of long short-term memory; what they hold after the last step is the answer."""

    def __init__(self, hidden: int = 112, dropout: float = 0.3) -> None:
        super().__init__()
        self.memory: nn.Module = nn.LSTM(
            STACKED * BANDS, hidden, num_layers=2, batch_first=True, dropout=dropout
        )
        self.layers, self.hidden = 2, hidden
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(hidden, len(LABELS)))

    def forward(self, sound: Tensor) -> tuple[Tensor, Tensor]:
        """[n, 40, 100] -> logits after the last step [n, 11], and after each [n, 50, 11]."""
        steps = sound.transpose(1, 2).reshape(sound.shape[0], -1, STACKED * BANDS)
        nothing = steps.new_zeros(self.layers, steps.shape[0], self.hidden)
        held, _ = self.memory(steps, (nothing, nothing))
        opinions: Tensor = self.head(held)
        return opinions[:, -1], opinions


def served(network: nn.Module) -> nn.Module:
    """As it is exported: with ONNX's own operator in the place of PyTorch's recurrence."""
    return onnx_lstm.exported(network) if isinstance(network, Recurrent) else network


def weights_of(network: nn.Module) -> int:
    """How many numbers it learned."""
    return sum(part.numel() for part in network.parameters())


def answers(network: nn.Module, sounds: Tensor) -> Tensor:
    """Logits [n, 11] of either network."""
    found = network(sounds)
    logits: Tensor = found[0] if isinstance(found, tuple) else found
    return logits


@torch.no_grad()
def shares(network: nn.Module, sounds: Tensor) -> Tensor:
    """Probabilities [n, 11] of the digits and "not a digit"."""
    return answers(network, sounds).float().softmax(1)
