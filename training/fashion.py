"""The model `fashion`: Fashion-MNIST, ten kinds of clothes, learned from nothing.

    python -m training.fashion --seed 0            # goes on where a killed run stopped
    torchrun --nproc-per-node 4 -m training.fashion
    python -m training.fashion --smoke             # seconds; learns little

A residual network (He et al. 2016, arXiv:1512.03385) of a stem and five blocks, of plain
convolution, batch normalisation, ReLU and addition. 55,000 of the 60,000 training pictures train
it; the other 5,000, 500 of each class, decide everything. The 10,000 test pictures are not read.
"""

import argparse
import gzip
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import loop, sources

UInt8 = npt.NDArray[np.uint8]
Int64 = npt.NDArray[np.int64]

SPLIT_SEED = 20170825  # of the split alone: every run and every baseline shares it
VALIDATION_PER_CLASS = 500
WATCHED_PER_CLASS = 6


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


@dataclass(frozen=True)
class Data:
    """`pictures` uint8 [n, 28, 28], `labels` int64 [n], and the rows of each part."""

    pictures: UInt8
    labels: Int64
    train: Int64
    validation: Int64


def read_idx(path: Path) -> UInt8:
    """The array of a gzipped idx file of unsigned bytes; ValueError where it is not one."""
    raw = gzip.decompress(path.read_bytes())
    if raw[:3] != b"\0\0\x08":
        raise ValueError(f"{path.name} is not an idx file of unsigned bytes")
    shape = np.frombuffer(raw, ">u4", raw[3], 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(shape).copy()


def split(
    pictures: UInt8,
    labels: UInt8,
    fraction: float = 1.0,
    validation_per_class: int = VALIDATION_PER_CLASS,
) -> Data:
    """Set aside the same validation pictures of each class; keep `fraction` of the others.

    The parts of smaller fractions lie within those of larger ones, and each is stratified.
    """
    order = np.random.default_rng(SPLIT_SEED).permutation(len(labels))
    train, validation = [], []
    for label in np.unique(labels):
        own = order[labels[order] == label]
        validation.append(own[:validation_per_class])
        rest = own[validation_per_class:]
        train.append(rest[: round(fraction * len(rest))])
    return Data(
        pictures,
        labels.astype(np.int64),
        np.sort(np.concatenate(train)),
        np.sort(np.concatenate(validation)),
    )


def read_training_file() -> tuple[UInt8, UInt8]:
    """All 60,000 pictures and labels. The test file has no way into this script."""
    pictures = read_idx(sources.fetch("fashion-mnist", "train-images-idx3-ubyte.gz"))
    return pictures, read_idx(sources.fetch("fashion-mnist", "train-labels-idx1-ubyte.gz"))


def load_data(fraction: float = 1.0) -> Data:
    """The training file, split; `fraction` of its 55,000 pictures for training are kept."""
    return split(*read_training_file(), fraction)


class Block(nn.Module):
    """Residual block: two 3 x 3 convolutions and a shortcut, ReLU after the addition."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        nn.init.zeros_(self.norm2.weight)  # each block starts as its shortcut (arXiv:1706.02677)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or channels != width:
            conv = nn.Conv2d(channels, width, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        """[n, channels, h, w] to [n, width, h / stride, w / stride], nowhere negative."""
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class Network(nn.Module):
    """`head(features(prepare(pictures)))`: logits [n, 10] of uint8 pictures [n, 28, 28].

    `features` ends in a map that is nowhere negative, and `head` is its mean over places and one
    linear layer: so Grad-CAM is a weighted sum of that map, with the layer's weights.
    """

    def __init__(self, config: Config, classes: int = 10) -> None:
        super().__init__()
        channels = config.widths[0]
        stem = nn.Conv2d(1, channels, 3, 1, 1, bias=False)
        layers: list[nn.Module] = [nn.Sequential(stem, nn.BatchNorm2d(channels), nn.ReLU())]
        for stage, (width, blocks) in enumerate(zip(config.widths, config.blocks, strict=True)):
            for i in range(blocks):
                layers.append(Block(channels, width, 2 if stage and not i else 1))
                channels = width
        self.features = nn.Sequential(*layers)
        pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(pool, nn.Flatten(), nn.Linear(channels, classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")

    @staticmethod
    def prepare(pictures: Tensor) -> Tensor:
        """uint8 [n, 28, 28] to float32 [n, 1, 28, 28] in [0, 1]; the background stays 0.

        The mean is not taken off: then the zeros with which convolutions pad are background too.
        """
        return pictures.unsqueeze(1).to(torch.float32) / 255

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(self.prepare(pictures)))
        return logits

    def forward_maps(self, pictures: Tensor) -> tuple[Tensor, ...]:
        """What each block gives, shallow to deep: maps [n, channels, h, w] after a ReLU."""
        x, maps = self.features[0](self.prepare(pictures)), []
        for block in list(self.features)[1:]:
            x = block(x)
            maps.append(x)
        return tuple(maps)


def augment(pictures: Tensor, config: Config, generator: torch.Generator) -> Tensor:
    """Flip, shift and erase at random: uint8 [n, 28, 28] to the same."""
    n, size, reach = len(pictures), pictures.shape[-1], config.shift

    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator)

    def whole(low: int, high: int) -> Tensor:
        return torch.randint(low, high, (n, 1), generator=generator)

    place = torch.arange(size)
    columns = torch.where(uniform(n, 1) < 0.5, place, size - 1 - place)
    rows, columns = place + whole(0, 2 * reach + 1), columns + whole(0, 2 * reach + 1)
    padded = F.pad(pictures, (reach, reach, reach, reach))
    pictures = padded[torch.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]
    hole = (uniform(n, 1) < config.erase)[:, :, None]
    for axis in (1, 2):
        length, start = whole(4, 15), whole(-4, size - 4)
        inside = (place >= start) & (place < start + length)
        hole = hole & inside.unsqueeze(3 - axis)
    grey = whole(0, 256).to(torch.uint8)[:, :, None]
    return torch.where(hole, grey, pictures)


@torch.no_grad()
def probabilities(module: nn.Module, pictures: UInt8) -> Tensor:
    """float32 [n, classes] on the CPU; the module's own mode and device are kept."""
    device = next(module.parameters()).device
    parts = [torch.from_numpy(pictures[i : i + 500]) for i in range(0, len(pictures), 500)]
    return torch.cat([module(part.to(device)).float().softmax(1).cpu() for part in parts])


def watched(data: Data) -> Int64:
    """Rows of the validation pictures, a few of each class, whose labels the page follows."""
    labels = data.labels[data.validation]
    rows = [data.validation[labels == label][:WATCHED_PER_CLASS] for label in np.unique(labels)]
    return np.concatenate(rows)


def moments(steps: int, count: int = 24) -> list[int]:
    """About `count` numbers of steps from 0 to `steps`, dense early, where most is learned."""
    spread = np.geomspace(min(8, max(1, steps)), max(1, steps), count - 1).round()
    return [0, *sorted({int(step) for step in spread})]


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
    module = Network(config)
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
        return augment(pictures[taken], config, generator), labels[taken]

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
            moments(steps), lambda module: probabilities(module, data.pictures[seen]).half()
        ),
    )
    if loop.is_main():
        np.savez(
            run / "moments.npz",
            steps=np.array(list(result.observed)),
            probabilities=torch.stack(list(result.observed.values())).numpy(),
            rows=seen,
            labels=data.labels[seen],
        )
    return result


def main() -> None:
    """Train as the command line says; the last line printed is the validation accuracy."""
    parser = argparse.ArgumentParser(description="Train the model `fashion`.")
    parser.add_argument("--smoke", action="store_true", help="two epochs on 600 pictures")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fraction", type=float, default=1.0, choices=(0.01, 0.1, 1.0))
    parser.add_argument("--run", type=Path, help="folder of checkpoint and history")
    given = parser.parse_args()
    name = f"fashion-seed{given.seed}"
    # An epoch of few pictures takes them several times, or evaluating it would cost the most.
    config = Config(seed=given.seed, fraction=given.fraction, passes=round(given.fraction**-0.5))
    if given.fraction < 1:
        name += f"-fraction{given.fraction:g}"
    data = load_data(config.fraction)
    if given.smoke:
        name += "-smoke"
        config = replace(config, epochs=2, passes=1, batch=32, widths=(8, 16, 32))
        data = replace(data, train=data.train[::100], validation=data.validation[::10])
    result = train(config, data, given.run or Path("runs") / name)
    if loop.is_main():
        minutes = sum(row["seconds"] for row in result.history) / 60
        accuracy = result.history[-1]["validation_accuracy"]
        print(f"validation accuracy {accuracy:.4f} after {minutes:.1f} minutes")


if __name__ == "__main__":
    main()
