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
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import fashion_data, fashion_measure, fashion_release, foreign, gradients, loop
from training.distributed import is_main
from training.explaining import QUICK
from training.fashion_data import Data, UInt8, augment, watched
from training.fashion_network import Network
from training.release import release

FRACTIONS = (0.01, 0.1, 1.0)


@dataclass(frozen=True)
class Config(loop.LoopConfig):
    """Every choice that makes one run: from the papers named, or what two CPU cores can do."""

    epochs: int = 30  # what two CPU cores do in about an hour
    batch: int = 128  # an epoch in batches of 256 took as long, for half as many steps
    warmup: float = 0.15  # so that a peak rate of 0.1 does not throw the fresh network off
    ema_decay: float = 0.998  # of each step: the kept weights look back about one epoch
    rate: float = 0.1  # peak; the usual one for residual networks, SGD and this batch
    momentum: float = 0.9  # Nesterov, as in the residual networks that this one follows
    weight_decay: float = 5e-4  # on the weights of convolutions and of the last layer alone
    smoothing: float = 0.05  # some pictures fit two labels (T-shirt, shirt); more would blur them
    widths: tuple[int, int, int] = (32, 64, 160)  # channels at 28 x 28, 14 x 14 and 7 x 7
    blocks: tuple[int, int, int] = (1, 2, 2)  # few at 28 x 28, where a block costs most
    shift: int = 2  # pixels each way: the pictures are centred, a visitor's need not be
    erase: float = 0.5  # share of pictures that lose a rectangle (arXiv:1708.04896)
    fraction: float = 1.0  # of the 55,000 training pictures; 0.01, 0.1 and 1 are compared


@torch.no_grad()
def probabilities(module: nn.Module, pictures: UInt8) -> Tensor:
    """float32 [n, classes] on the CPU; the module's own mode and device are kept."""
    device = next(module.parameters()).device
    parts = [torch.from_numpy(pictures[i : i + 500]) for i in range(0, len(pictures), 500)]
    return torch.cat([module(part.to(device)).float().softmax(1).cpu() for part in parts])


def loss(module: nn.Module, batch: tuple[Tensor, ...], smoothing: float) -> dict[str, Tensor]:
    """Cross-entropy against softened labels and accuracy, on augmented pictures."""
    logits = module(batch[0]).float()
    hits = (logits.argmax(1) == batch[1]).float().mean()
    return {
        "loss": F.cross_entropy(logits, batch[1], label_smoothing=smoothing),
        "augmented_accuracy": hits,
    }


def evaluate(module: nn.Module, data: Data) -> dict[str, float]:
    """Cross-entropy (nats) and accuracy, alike on validation and as many training pictures."""
    figures = {}
    thinned = data.train[:: max(1, len(data.train) // len(data.validation))]
    for name, rows in (("train", thinned), ("validation", data.validation)):
        given = probabilities(module, data.pictures[rows])
        labels = torch.from_numpy(data.labels[rows])
        figures[f"{name}_loss"] = F.nll_loss(given.clamp_min(1e-12).log(), labels).item()
        figures[f"{name}_accuracy"] = (given.argmax(1) == labels).float().mean().item()
    return figures


def train(config: Config, data: Data, run: Path) -> loop.Result:
    """Train, or go on; folder `run` holds the checkpoint and, in the end, `moments.npz`.

    `moments.npz`: `steps` int64 [m]; `probabilities` float16 [m, 60, 10] after that many steps;
    `rows` and `labels` int64 [60], the watched validation pictures in the training file.
    """
    torch.manual_seed(config.seed)
    module = Network(config.widths, config.blocks)
    decayed = [p for p in module.parameters() if p.ndim > 1]
    others = [p for p in module.parameters() if p.ndim <= 1]
    optimiser = torch.optim.SGD(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=config.rate,
        momentum=config.momentum,
        nesterov=True,
    )
    pictures, labels = torch.from_numpy(data.pictures), torch.from_numpy(data.labels)
    rows, seen = torch.from_numpy(data.train), watched(data)

    def draw(indices: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        taken = rows[indices]
        return augment(pictures[taken], config.shift, config.erase, generator), labels[taken]

    steps = config.epochs * (config.passes * len(rows) // config.batch)
    result = loop.fit(
        module,
        optimiser,
        lambda module, batch: loss(module, batch, config.smoothing),
        loop.Batches(len(rows), draw),
        config=config,
        run=run,
        evaluate=lambda module: evaluate(module, data),
        observe=loop.Observe(
            loop.moments(steps, 8, 24),
            lambda module: probabilities(module, data.pictures[seen]).half(),
        ),
    )
    if is_main():
        np.savez(
            run / "moments.npz",
            steps=np.array(list(result.observed)),
            probabilities=torch.stack(list(result.observed.values())).numpy(),
            rows=seen,
            labels=data.labels[seen],
        )
    return result


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
    arrays = fashion_data.read_training_file()
    parts = {f: fashion_data.split(*arrays, f) for f in FRACTIONS}
    results = {
        f: train(config_of(seed, f), part, run_folder(runs, seed, f)) for f, part in parts.items()
    }
    if not is_main():
        return
    chosen, measured = fashion_measure.strangers()
    material = fashion_measure.Material(
        parts[1.0],
        parts,
        fashion_data.read_test_file(),
        chosen,
        measured,
        moments_of(parts[1.0], run_folder(runs, seed, 1.0)),
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
    arrays = fashion_data.made_up(900)
    parts = {f: fashion_data.split(*arrays, f, validation_per_class=20) for f in (0.5, 1.0)}
    config = replace(Config(), epochs=2, batch=32, widths=(8, 16, 32), bf16=False)
    results = {f: train(config, part, folder / f"run-{f}") for f, part in parts.items()}
    strange = {"noise": [p[:28, :28, 0] for p in foreign.noise(12)]}
    material = fashion_measure.Material(
        parts[1.0],
        parts,
        fashion_data.made_up(40, seed=1),
        strange,
        {"letters": foreign.letters(20)},
        moments_of(parts[1.0], folder / "run-1.0"),
        {f: last_accuracy(result.history) for f, result in results.items()},
        {0: last_accuracy(results[1.0].history)},
        QUICK,
    )
    whole = results[1.0]
    stated = fashion_release.draft(whole.module, material, config, whole.history, ())
    card = release(stated, folder / "fashion")
    print(f"test accuracy {card.metric('accuracy', 'test').value:.4f} on made-up pictures")


def moments_of(data: Data, run: Path) -> dict[str, np.ndarray]:
    """A finished run's moments for evidence.npz, with the pictures that they are about."""
    with np.load(run / "moments.npz") as arrays:
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
        result = train(config, fashion_data.load_data(config.fraction), given.run)
        print(f"validation accuracy {last_accuracy(result.history):.4f}")
    else:
        make(given.runs, given.seed)


if __name__ == "__main__":
    main()
