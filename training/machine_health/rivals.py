"""What machine_health is compared with: a network refitted on each run, isolation forest, PCA.

The refitted network is a convolutional autoencoder as the leaderboard's own (windows of 60 rows,
two strided convolutions down and two up, ReLU and dropout; Adam at 2e-3, batches of 64, up to 60
epochs, ended after five without a better loss on the last tenth of the windows). Which sensors'
error counts and the threshold's factor are chosen on valve2.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from torch import Tensor, nn

from models.kinds.thresholds import Point
from models.machine_health import scoring
from models.machine_health.scoring import WINDOW, Normal, Scale
from training.core.kept import kept
from training.machine_health import skab
from training.machine_health.skab import LEADERBOARD, NORMAL, Run

Array = np.ndarray[Any, Any]
PATIENCE = 5
FACTORS = (1.0, 1.25, 1.5, 2.0)
VARIANCE = 0.9  # that the kept components of PCA explain
FIRST = Normal(0, NORMAL)


class ConvAutoencoder(nn.Sequential):
    """Windows [n, sensors, 60] in and out."""

    def __init__(self, sensors: int, dropout: float = 0.2) -> None:
        super().__init__(
            nn.Conv1d(sensors, 32, 7, 2, 3),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Conv1d(32, 16, 7, 2, 3),
            nn.ReLU(),
            nn.ConvTranspose1d(16, 16, 7, 2, 3, 1),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.ConvTranspose1d(16, 32, 7, 2, 3, 1),
            nn.ReLU(),
            nn.ConvTranspose1d(32, sensors, 7, 1, 3),
        )


def cut(values: Array, long: int = LEADERBOARD) -> Tensor:
    """[rows, sensors] -> every window [rows - long + 1, sensors, long], float32."""
    every = np.lib.stride_tricks.sliding_window_view(values, long, axis=0)
    return torch.from_numpy(every.astype(np.float32))


def refitted(windows: Tensor, seed: int, epochs: int = 60) -> nn.Module:
    """The autoencoder, fitted on these windows, those of one run's first rows."""
    torch.manual_seed(seed)
    network = ConvAutoencoder(windows.shape[1])
    optimiser = torch.optim.Adam(network.parameters(), 2e-3)
    learned, held = windows[: int(len(windows) * 0.9)], windows[int(len(windows) * 0.9) :]
    least, since = float("inf"), 0
    for _ in range(epochs):
        network.train()
        for rows in torch.randperm(len(learned)).split(64):  # type: ignore[no-untyped-call]
            optimiser.zero_grad()
            loss = nn.functional.mse_loss(network(learned[rows]), learned[rows])
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        network.eval()
        with torch.no_grad():
            now = float(nn.functional.mse_loss(network(held), held))
        least, since = (now, 0) if now < least else (least, since + 1)
        if since == PATIENCE:
            break
    return network.eval()


@torch.no_grad()
def errors(run: Run, seed: int, epochs: int = 60) -> Array:
    """Mean absolute error of each window and sensor, refitted on the run's first 400 rows."""
    windows = cut(Scale.of(run.values[:NORMAL])(run.values))
    with torch.enable_grad():
        network = refitted(windows[: NORMAL - LEADERBOARD + 1], seed, epochs)
    found: Array = (network(windows) - windows).abs().mean(2).numpy()
    return found


def all_errors(runs: list[Run], seed: int, epochs: int, folder: Path | None) -> list[Array]:
    """`errors` of every run; those that lie in the folder are not computed again."""

    def one(run: Run) -> Array:
        name = f"{run.name.replace('/', '-')}-{seed}-{epochs}.npy"
        return kept(folder and folder / name, lambda: errors(run, seed, epochs))

    return [one(run) for run in runs]


@dataclass(frozen=True)
class Rule:
    """How windows' errors become calls: of which sensors, and from where on."""

    of: str
    factor: float

    def calls(self, errors: Array, rows: int) -> Array:
        """[windows, sensors] -> bool [rows], by the leaderboard's rule for rows."""
        score = errors.max(1) if self.of == "most" else errors.sum(1)
        limit = np.quantile(score[: NORMAL - LEADERBOARD + 1], 0.999) * self.factor
        return skab.alarmed(score > limit, rows)


def leaderboard(runs: list[Run], found: list[Array], rule: Rule) -> Point:
    """Counts over all rows of all runs. found: the errors of each."""
    calls = [rule.calls(e, len(run.values)) for run, e in zip(runs, found, strict=True)]
    return skab.counted([run.anomalous for run in runs], calls)


def chosen(runs: list[Run], seeds: list[list[Array]]) -> Rule:
    """The rule of the best mean F1 over seeds on these runs, which are valve2."""
    rules = [Rule(of, factor) for of in ("sum", "most") for factor in FACTORS]

    def mean(rule: Rule) -> float:
        return float(np.mean([leaderboard(runs, found, rule).f1 for found in seeds]))

    return max(rules, key=mean)


class Forest:
    """Isolation forest (Liu, Ting, Zhou 2008) on rows, 200 trees."""

    name = "isolation forest"

    def __init__(self, rows: Array) -> None:
        self.fitted = IsolationForest(n_estimators=200, random_state=0).fit(rows)

    def __call__(self, rows: Array) -> Array:
        """Higher for more unusual, [rows]."""
        scores: Array = -self.fitted.score_samples(rows)
        return scores


class Reconstruction:
    """Squared error of PCA's reconstruction of rows, as log."""

    name = "PCA reconstruction"

    def __init__(self, rows: Array) -> None:
        self.fitted = PCA(n_components=VARIANCE, svd_solver="full").fit(rows)

    def __call__(self, rows: Array) -> Array:
        """Higher for more unusual, [rows]."""
        back = self.fitted.inverse_transform(self.fitted.transform(rows))
        error: Array = np.log(np.square(rows - back).sum(1) + 1e-6)
        return error


RIVALS: tuple[type[Forest] | type[Reconstruction], ...] = (Forest, Reconstruction)


def by_window(rival: Forest | Reconstruction, run: Run) -> tuple[Array, Array]:
    """A rival's mean over the last 32 rows, standardised as the network's: [windows, 1], ends."""
    rows = rival(Scale.of(run.values[:NORMAL])(run.values))
    ends = np.arange(WINDOW - 1, len(rows))
    means = np.convolve(rows, np.ones(WINDOW) / WINDOW, "valid")[:, None]
    return scoring.standard(means, scoring.inside(ends, FIRST)), ends


def scaled(runs: list[Run]) -> Array:
    """All normal rows, each run's scaled on its first 400."""
    return np.concatenate([Scale.of(r.values[:NORMAL])(r.values)[~r.anomalous] for r in runs])
