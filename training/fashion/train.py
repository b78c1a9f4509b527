"""The model `fashion`: Fashion-MNIST, ten kinds of clothes, learned from nothing.

    python -m training.fashion                     # goes on where a killed run stopped
    python -m training.fashion --seed 1 --run runs/fashion-seed1    # one more seed, no release
    torchrun --nproc-per-node 4 -m training.fashion
    python -m training.fashion --smoke             # seconds, on made-up pictures

It reaches 94.7 % of the test pictures in about 80 minutes on two CPU cores (AMD EPYC, bf16, torch
2.13), with 10 % of the training pictures 91.6 % and with 1 % 82.9 % of the validation pictures.

A residual network (He et al. 2016, arXiv:1512.03385) of a stem and five blocks, of plain
convolution, batch normalisation, ReLU and addition. 55,000 of the 60,000 training pictures train
it; the other 5,000, 500 of each class, decide everything. The release alone reads the 10,000 test
pictures.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.core import gradients
from training.core.distributed import is_main
from training.core.release import release
from training.fashion import measure
from training.fashion import release as fashion_release
from training.kinds.classifier.explaining import QUICK
from training.kinds.classifier.network import Network
from training.kinds.classifier.training import Config, train
from training.sources import fashion_mnist, foreign
from training.sources.fashion_mnist import Data, UInt8

FRACTIONS = (0.01, 0.1, 1.0)


def eager() -> Callable[[UInt8], Tensor]:
    """PyTorch's own way from uint8 [n, 28, 28] to logits, for the benchmark.

    With fresh weights: their values do not change the time, and the trained ones live in ONNX.
    """
    network = Network(Config.widths, Config.blocks).eval()

    def run(batch: UInt8) -> Tensor:
        with torch.inference_mode():
            logits: Tensor = network(torch.from_numpy(batch))
        return logits

    return run


def reference() -> nn.Module:
    """The gradients by `torch.autograd` on fresh weights, for the benchmark."""
    network = Network(Config.widths, Config.blocks).eval().requires_grad_(False)
    served = fashion_release.Served(network, 1.0)
    return gradients.Autograd(fashion_release.Features(network), fashion_release.Head(served))


def config_of(seed: int, fraction: float) -> Config:
    """The config of one run; an epoch of few pictures takes them several times over."""
    return Config(seed=seed, fraction=fraction, passes=round(fraction**-0.5))


def run_folder(runs: Path, seed: int, fraction: float) -> Path:
    """Where a run's checkpoint lies."""
    return runs / (f"fashion-seed{seed}" + (f"-fraction{fraction:g}" if fraction < 1 else ""))


def last_accuracy(history: list[dict[str, float]]) -> float:
    """Validation accuracy at the end of a run."""
    return history[-1]["validation_accuracy"]


def finished_seeds(runs: Path, epochs: int) -> dict[int, float]:
    """Validation accuracy of every finished run on all data, by seed."""
    found = {}
    for path in sorted(runs.glob("fashion-seed*/checkpoint.pt")):
        seed = path.parent.name.removeprefix("fashion-seed")
        history = torch.load(path, weights_only=True)["history"] if seed.isdecimal() else []
        if len(history) == epochs:
            found[int(seed)] = last_accuracy(history)
    return found


def make(runs: Path, seed: int) -> None:
    """Train on 1, 10 and 100 % of the data, going on where runs stopped, and release."""
    arrays = fashion_mnist.read_training_file()
    parts = {f: fashion_mnist.split(*arrays, f) for f in FRACTIONS}
    results = {
        f: train(config_of(seed, f), part, run_folder(runs, seed, f)) for f, part in parts.items()
    }
    if not is_main():
        return
    chosen, measured = measure.out_of_distribution()
    material = measure.Material(
        parts[1.0],
        parts,
        fashion_mnist.read_test_file(),
        chosen,
        measured,
        snapshots_of(parts[1.0], run_folder(runs, seed, 1.0)),
        {f: last_accuracy(result.history) for f, result in results.items()},
        finished_seeds(runs, Config.epochs),
    )
    whole = results[1.0]
    card = release(
        fashion_release.draft(
            whole.module, material, config_of(seed, 1.0), whole.history, fashion_release.FLOORS
        )
    )
    figure = card.metric("accuracy", "test")
    print(f"test accuracy {figure.value:.4f} after {card.training.minutes:.0f} minutes")


def smoke(folder: Path) -> None:
    """Everything that `make` does, in seconds, on made-up pictures; releases into `folder`."""
    arrays = fashion_mnist.made_up(900)
    parts = {f: fashion_mnist.split(*arrays, f, validation_per_class=20) for f in (0.5, 1.0)}
    config = replace(Config(), epochs=2, batch=32, widths=(8, 16, 32), bf16=False)
    results = {f: train(config, part, folder / f"run-{f}") for f, part in parts.items()}
    strange = {"noise": [p[:28, :28, 0] for p in foreign.noise(12)]}
    material = measure.Material(
        parts[1.0],
        parts,
        fashion_mnist.made_up(40, seed=1),
        strange,
        {"letters": foreign.letters(20)},
        snapshots_of(parts[1.0], folder / "run-1.0"),
        {f: last_accuracy(result.history) for f, result in results.items()},
        {0: last_accuracy(results[1.0].history)},
        QUICK,
    )
    whole = results[1.0]
    stated = fashion_release.draft(whole.module, material, config, whole.history, ())
    card = release(stated, folder / "fashion")
    print(f"test accuracy {card.metric('accuracy', 'test').value:.4f} on made-up pictures")


def snapshots_of(data: Data, run: Path) -> dict[str, np.ndarray]:
    """A finished run's moments for evidence.npz, with the pictures that they are about."""
    with np.load(run / "snapshots.npz") as arrays:
        return {f"moment_{name}": arrays[name] for name in ("steps", "probabilities", "labels")} | {
            "moment_pictures": data.pictures[arrays["rows"]]
        }


def main() -> None:
    """As the command line says: everything, one run alone, or a smoke test."""
    parser = argparse.ArgumentParser(description="Train and release the model `fashion`.")
    parser.add_argument("--smoke", action="store_true", help="all of it in seconds, made-up data")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of all runs")
    parser.add_argument("--run", type=Path, help="train one run alone, with its checkpoint there")
    parser.add_argument("--fraction", type=float, default=1.0, choices=FRACTIONS)
    given = parser.parse_args()
    if given.smoke:
        with tempfile.TemporaryDirectory() as scratch:
            smoke(given.run or Path(scratch))
    elif given.run:
        config = config_of(given.seed, given.fraction)
        result = train(config, fashion_mnist.load_data(config.fraction), given.run)
        print(f"validation accuracy {last_accuracy(result.history):.4f}")
    else:
        make(given.runs, given.seed)
