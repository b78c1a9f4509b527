"""A conditional variational autoencoder over windows of one sensor (Sohn, Lee, Yan 2015).

One network for every sensor: it is told what a sensor is like by windows of its normal stretch
(as neural processes are, Garnelo et al. 2018, arXiv:1807.01622), and keeps a later window in six
numbers. What it expects of these numbers, given the stretch, is the prior; how far a window's
numbers are from it (the Kullback-Leibler divergence, in nats) says how unusual the window is. The
error of the reconstruction alone would say little: a level that is far off is kept rightly.
"""

import copy

import torch
from torch import Tensor, nn

from models.machine_health.scoring import HELD, WINDOW

FLOOR = 1e-3  # nats below which the logarithm does not tell windows apart
NORMAL = 1.5  # deviations of the prior to which `expected` draws a code back
CONTEXT = 8


class Network(nn.Module):
    """All its parts. width: channels."""

    def __init__(self, width: int = 32, features: int = 64) -> None:
        super().__init__()
        self.width, self.size = width, features

        def down(before: int) -> nn.Sequential:
            return nn.Sequential(nn.Conv1d(before, width, 5, 2, 2), nn.SiLU())

        def up(after: int) -> nn.ConvTranspose1d:
            return nn.ConvTranspose1d(width, after, 4, 2, 1)

        long = width * WINDOW // 8
        self.encoder = nn.Sequential(
            down(1), down(width), down(width), nn.Flatten(), nn.Linear(long, features), nn.SiLU()
        )
        self.sensor = nn.Sequential(nn.Linear(2 * features, 64), nn.SiLU(), nn.Linear(64, CONTEXT))
        self.posterior = nn.Linear(features + CONTEXT, 2 * HELD)
        self.prior = nn.Sequential(nn.Linear(CONTEXT, 32), nn.SiLU(), nn.Linear(32, 2 * HELD + 1))
        self.start = nn.Sequential(nn.Linear(HELD + CONTEXT, long), nn.SiLU())
        self.decoder = nn.Sequential(up(width), nn.SiLU(), up(width), nn.SiLU(), up(1))

    def features(self, window: Tensor) -> Tensor:
        """[n, 32] -> [n, features]; a value's size is taken on a scale that is linear near 0."""
        found: Tensor = self.encoder(torch.asinh(window).unsqueeze(1))
        return found

    def context(self, normal: Tensor) -> Tensor:
        """[n, windows, 32] -> [n, 8]: what mean and spread of their features say."""
        found = self.features(normal.flatten(0, 1)).reshape(-1, normal.shape[1], self.size)
        mean = found.mean(1)
        # Written out: the exporter's own form of std divides by another count.
        spread = ((found - mean.unsqueeze(1)) ** 2).mean(1).clamp(min=1e-12).sqrt()
        told: Tensor = self.sensor(torch.cat([mean, spread], 1))
        return told

    def code(self, window: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the six numbers, given the window."""
        both = self.posterior(torch.cat([self.features(window), context], 1))
        mean, log_variance = both.chunk(2, 1)
        return mean, log_variance.clamp(-10, 4)

    def expects(self, context: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The same before it, and the log-variance of a value around the reconstruction [n, 1]."""
        told = self.prior(context)
        return (
            told[:, :HELD],
            told[:, HELD : 2 * HELD].clamp(-8, 8),
            told[:, 2 * HELD :].clamp(-6, 4),
        )

    def decode(self, code: Tensor, context: Tensor) -> Tensor:
        """The six numbers -> a window [n, 32]."""
        started = self.start(torch.cat([code, context], 1))
        started = started.reshape(-1, self.width, WINDOW // 8)
        return torch.sinh(self.decoder(started).squeeze(1).clamp(-6, 6))

    def forward(self, normal: Tensor, window: Tensor) -> tuple[Tensor, Tensor]:
        """Nats of each window's values, but a constant, and of its code, both [n]; code drawn."""
        context = self.context(normal)
        mean, log_variance = self.code(window, context)
        drawn = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        noise = self.expects(context)[2]
        error = (window - self.decode(drawn, context)) ** 2
        values = 0.5 * (error / noise.exp() + noise).sum(1)
        return values, self.surprise(mean, log_variance, context)

    def surprise(self, mean: Tensor, log_variance: Tensor, context: Tensor) -> Tensor:
        """The Kullback-Leibler divergence of what is kept from what was expected, nats [n]."""
        before, spread, _ = self.expects(context)
        apart = (log_variance.exp() + (mean - before) ** 2) / spread.exp()
        return 0.5 * (spread - log_variance + apart - 1).sum(1)


class Context(nn.Module):
    """The graph `context`."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, normal: Tensor) -> Tensor:
        """[n, 64, 32] -> [n, 8]."""
        return self.network.context(normal)


class Predict(nn.Module):
    """The graph `predict`: what is asked of every window."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, window: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """window [n, 32], context [n, 8] -> unusual [n], code [n, 6]."""
        mean, log_variance = self.network.code(window, context)
        before, spread, _ = self.network.expects(context)
        surprise = self.network.surprise(mean, log_variance, context)
        return (surprise.clamp(min=0) + FLOOR).log(), (mean - before) / (spread / 2).exp()


class Look(nn.Module):
    """The graph `look`: what only a window that someone looks at is asked."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, window: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """window [n, 32], context [n, 8] -> reconstruction, expected [n, 32]."""
        network = self.network
        mean, _ = network.code(window, context)
        before, spread, _ = network.expects(context)
        deviation = (spread / 2).exp()
        drawn_back = before + ((mean - before) / deviation).clamp(-NORMAL, NORMAL) * deviation
        return network.decode(mean, context), network.decode(drawn_back, context)


def unrolled(network: Network) -> Network:
    """The same with the encoder's convolutions as matrices over all of a window's values.

    ONNX Runtime takes short windows one by one through a convolution; a matrix takes all at once.
    """
    network = copy.deepcopy(network)
    layers: list[nn.Module] = [nn.Flatten()]
    before = torch.zeros(1, 1, WINDOW)
    for layer in network.encoder.modules():
        if isinstance(layer, nn.Conv1d):
            layers += [_matrix(layer, before), nn.SiLU()]
            before = layer(before)
        elif isinstance(layer, nn.Linear):
            layers += [layer, nn.SiLU()]
    network.encoder = nn.Sequential(*layers)
    return network


@torch.no_grad()
def _matrix(layer: nn.Conv1d, before: Tensor) -> nn.Linear:
    """What `layer` does to values shaped like `before`, flattened: [n, in] -> [n, out]."""
    each = torch.eye(before.numel()).reshape(-1, *before.shape[1:])
    bias = layer(torch.zeros_like(before)).flatten()
    matrix = nn.Linear(before.numel(), bias.numel())
    matrix.weight.copy_((layer(each).flatten(1) - bias).T)
    matrix.bias.copy_(bias)
    return matrix
