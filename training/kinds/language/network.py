"""The recurrent network of text_prediction and shakespeare, as it learns.

One embedding serves input and output (Press, Wolf 2017, arXiv:1608.05859); between them long
short-term memory (Hochreiter, Schmidhuber 1997) and a projection back to the embedding's width.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

State = tuple[Tensor, Tensor]  # h and c, float32 [layers, n, hidden]


class Network(nn.Module):
    """int64 ids [n, t] and a state -> logits float [n, t, vocabulary] and the state after them."""

    def __init__(
        self, vocabulary: int, width: int, hidden: int, layers: int = 1, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        inside = dropout if layers > 1 else 0.0
        self.memory = nn.LSTM(width, hidden, layers, batch_first=True, dropout=inside)
        self.projection = nn.Linear(hidden, width)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=width**-0.5)
        for name, values in self.memory.named_parameters():
            if name.startswith("bias_ih"):  # the forget gates begin open (Jozefowicz et al. 2015)
                values.data[hidden : 2 * hidden] = 1.0

    def start(self, n: int) -> State:
        """The state before any text: zeros."""
        device = self.bias.device
        shape = (self.memory.num_layers, n, self.memory.hidden_size)
        return torch.zeros(shape, device=device), torch.zeros(shape, device=device)

    def forward(self, ids: Tensor, state: State) -> tuple[Tensor, State]:
        """As the class says."""
        hidden, state = self.memory(self.dropout(self.embedding(ids)), state)
        out = self.dropout(self.projection(self.dropout(hidden)))
        return F.linear(out, self.embedding.weight, self.bias.to(out.dtype)), state


class Reader(nn.Module):
    """The network while it learns: it keeps each lane's state from one window to the next.

    (ids [n, t + 1], fresh bool [n]) -> the loss in nats, a scalar; where `fresh`, a lane forgets.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.state: State | None = None  # of the last window; no gradient goes back through it

    def forward(self, ids: Tensor, fresh: Tensor) -> Tensor:
        """As the class says."""
        kept = self.state or self.network.start(len(ids))
        keep = (~fresh)[None, :, None]
        logits, after = self.network(ids[:, :-1], (kept[0] * keep, kept[1] * keep))
        self.state = (after[0].detach().float(), after[1].detach().float())
        return F.cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten())
