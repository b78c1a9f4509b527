"""The recurrent network of sentiment, as it learns: text_prediction's memory with a new end.

What a network learned by expecting the next word is where this one begins (Dai, Le 2015,
arXiv:1511.01432); its end sees the last, the mean and the largest of all hidden states (Howard,
Ruder 2018, arXiv:1801.06146).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.kinds.language.network import Network


@dataclass(frozen=True)
class Pool:
    """What is kept of the hidden states so far: their largest, their sum, how many there were.

    most and total: float32 [n, hidden]; count: float32 [n, 1].
    """

    most: Tensor
    total: Tensor
    count: Tensor

    def with_(self, hidden: Tensor, mask: Tensor) -> "Pool":
        """With hidden [n, t, hidden] more, where mask [n, t] is 1."""
        seen = mask[:, :, None]
        # A state of an LSTM lies between -1 and 1: -1 where there is none wins no maximum.
        highest = (hidden * seen + (seen - 1)).amax(1)
        return Pool(
            torch.maximum(self.most, highest),
            self.total + (hidden * seen).sum(1),
            self.count + mask.sum(1, keepdim=True),
        )

    @property
    def mean(self) -> Tensor:
        """float32 [n, hidden]."""
        return self.total / self.count.clamp_min(1)


class Judge(nn.Module):
    """int64 ids [n, t] and lengths [n] -> log-odds of "liked", float [n]."""

    def __init__(self, network: Network, dropout: float = 0.0, dropped_words: float = 0.0) -> None:
        super().__init__()
        self.embedding, self.memory = network.embedding, network.memory
        self.hidden = network.memory.hidden_size
        self.head = nn.Linear(3 * self.hidden, 1)
        self.dropout, self.dropped_words = dropout, dropped_words
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)

    def start(self, n: int) -> Pool:
        """Nothing pooled yet."""
        some = self.head.weight.new_zeros((n, self.hidden))
        return Pool(some - 1, some, some[:, :1])

    def odds(self, pool: Pool, last: Tensor) -> Tensor:
        """Log-odds of what was pooled and the last hidden state."""
        # The mean is small beside the largest: times 3, one learning rate suits both.
        joined = torch.cat([pool.most, 3 * pool.mean, last], 1)
        found: Tensor = self.head(F.dropout(joined, self.dropout, self.training))[:, 0]
        return found

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """As the class says."""
        mask = (torch.arange(ids.shape[1], device=ids.device) < lengths[:, None]).float()
        given = self.embedding(ids)
        if self.training:
            kept = torch.rand(ids.shape, device=ids.device) >= self.dropped_words
            given = given * kept[:, :, None]
        hidden = self.memory(given)[0].float()
        last = hidden[torch.arange(len(ids), device=ids.device), lengths - 1]
        return self.odds(self.start(len(ids)).with_(hidden, mask), last)
