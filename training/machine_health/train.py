"""The model `machine_health`: which rows of a machine's sensors are not as they were?

    python -m training.machine_health                 # goes on where a killed run stopped
    python -m training.machine_health --run runs/one-more --seed 1   # training alone, no release
    torchrun --nproc-per-node 4 -m training.machine_health
    python -m training.machine_health --smoke         # seconds, on made-up sensors

Four networks are trained: one on the anomaly-free run alone, by which everything is chosen on the
runs valve2, which it never saw; and three on both, that differ in their seed: the first of them is
released. They learn from pairs of a normal stretch and a normal window that comes later.
"""

import argparse
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.card import Card
from models.machine_health.scoring import WINDOW, Scale
from training.core import loop
from training.core.distributed import is_main
from training.core.release import release
from training.machine_health import made_sensors, skab
from training.machine_health import release as machine_health_release
from training.machine_health.network import Network
from training.machine_health.release import FLOORS, Material, Trained
from training.machine_health.skab import Run

Array = np.ndarray[Any, Any]
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Config(loop.LoopConfig):
    """Every choice that makes one run."""

    epochs: int = 20
    examples: int = 8_000  # in one epoch
    batch: int = 64
    windows: int = 12  # of the normal stretch; all 64 where it is served
    shortest: int = 150  # rows of a normal stretch
    longest: int = 400
    ahead: int = 800  # rows after it in which the later window may lie
    mixed: float = 0.4  # share of examples that are a sum of two sensors
    strides: tuple[int, ...] = (1, 1, 1, 2, 3)  # every so many rows are taken
    rate: float = 2e-3
    worst: float = 2_000.0  # nats above which an example counts no more
    clip: float = 1.0
    width: int = 32
    ema_decay: float = 0.99
    bf16: bool = False


SMOKE = Config(epochs=2, examples=256, batch=32, windows=4, width=8)


def example(run: Run, config: Config, rng: np.random.Generator) -> tuple[Array, Array]:
    """Windows of a normal stretch [windows, 32], and a normal one that comes in or after it [32].

    Of one sensor, or of a sum of two, of either sign: so that there are more kinds of sensors to
    learn from than a pump has. Both are scaled on the stretch, as where it is served.
    """
    stride = int(rng.choice(config.strides))
    values, anomalous = run.values[::stride], run.anomalous[::stride]
    # Up to the first anomaly; what comes after it may be a later window only.
    first = int(anomalous.argmax()) if anomalous.any() else len(values)
    most = min(config.longest, first // 2)
    long = int(rng.integers(min(config.shortest, most), most + 1))
    begin = int(rng.integers(0, first - long + 1))
    part = values[begin : begin + long + config.ahead]
    fine = ~anomalous[begin : begin + long + config.ahead]
    one, other = rng.integers(0, part.shape[1], 2)
    series = Scale.of(part[:long, [one]])(part[:, [one]])[:, 0].astype(np.float64)
    if rng.random() < config.mixed:
        second = Scale.of(part[:long, [other]])(part[:, [other]])[:, 0]
        series = rng.uniform(0.2, 1) * series + rng.uniform(0, 1) * second
    series = series * rng.choice((-1, 1))
    series = Scale.of(series[:long, None])(series[:, None])[:, 0]
    begins = rng.integers(0, long - WINDOW + 1, config.windows)
    normal = series[begins[:, None] + np.arange(WINDOW)]
    before = np.concatenate([[0], np.cumsum(fine)])
    whole = np.flatnonzero(before[WINDOW:] - before[:-WINDOW] == WINDOW)
    later = int(rng.choice(whole))
    return normal, series[later : later + WINDOW]


def train(config: Config, runs: list[Run], run: Path) -> Trained:
    """Train, or go on from what lies in the folder `run`. Each of the runs comes as often."""
    torch.manual_seed(config.seed)
    network = Network(config.width)
    optimiser = torch.optim.AdamW(network.parameters(), config.rate)

    loop.clip(optimiser, network, config.clip)

    def draw(indices: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
        rng = np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
        drawn = [example(runs[int(i) % len(runs)], config, rng) for i in indices]
        return tuple(torch.from_numpy(np.stack(parts)) for parts in zip(*drawn, strict=True))

    def loss(module: nn.Module, batch: tuple[Tensor, ...]) -> dict[str, Tensor]:
        values, code = module(*batch)
        # A sensor that wanders off is kept from ruling all the others.
        nats = (values + code).clamp(max=config.worst).mean()
        return {"loss": nats, "code_nats": code.mean().detach()}

    result = loop.fit(
        network,
        optimiser,
        loss,
        loop.Batches(config.examples, draw),
        config=config,
        run=run,
        evaluate=lambda _: {},
    )
    kept = result.module.cpu().eval()
    assert isinstance(kept, Network)
    return Trained(kept, result.history, config)


def material(config: Config, folder: Path) -> Material:
    """Trains all four networks, or goes on."""
    free, chosen_on = skab.anomaly_free(), skab.runs("valve2")
    # The long run is ten times as long as one of the others: it comes as often as all of them.
    both = [free] * len(chosen_on) + chosen_on
    return Material(
        chooser=train(config, [free], folder / "anomaly-free"),
        networks=[
            train(replace(config, seed=seed), both, folder / f"seed-{seed}") for seed in SEEDS
        ],
        free=free,
        chosen_on=chosen_on,
        test=[*skab.runs("valve1"), *skab.runs("other")],
        kept=folder / "refitted",
    )


def smoke(folder: Path) -> Card:
    """Everything that a release does, in seconds, on made-up sensors; into `folder`."""
    free, runs = made_sensors.runs(4, seed=0)
    networks = [
        train(replace(SMOKE, seed=seed), [free, *runs[:2]], folder / f"seed-{seed}")
        for seed in range(2)
    ]
    made = Material(networks[0], networks, free, runs[:2], runs[2:], refits=1, epochs=2)
    return release(machine_health_release.draft(made, ()), folder / "machine_health")


def main() -> None:
    """As the command line says: train and release, one run alone, or a smoke test."""
    parser = argparse.ArgumentParser(description="Train and release the model `machine_health`.")
    parser.add_argument("--smoke", action="store_true", help="all of it in seconds, made up")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of all runs")
    parser.add_argument("--run", type=Path, help="train alone, with the checkpoint there")
    parser.add_argument("--seed", type=int, default=0, help="of a run alone")
    given = parser.parse_args()
    if given.smoke:
        with tempfile.TemporaryDirectory() as scratch:
            card = smoke(Path(scratch))
        print(f"f1 {card.metric('f1', 'test').value:.3f}, made-up sensors")
        return
    if given.run:
        runs = [skab.anomaly_free(), *skab.runs("valve2")]
        train(replace(Config(), seed=given.seed), runs, given.run)
        return
    made = material(Config(), given.runs / "machine_health")
    if is_main():
        card = release(machine_health_release.draft(made, FLOORS))
        print(f"f1 {card.metric('f1', 'test').value:.4f}")
