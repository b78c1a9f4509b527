"""Fashion-MNIST as the model `fashion` takes it: its files, its split, its augmentation."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from models import card as cards
from training import sources

UInt8 = npt.NDArray[np.uint8]
Int64 = npt.NDArray[np.int64]

HOME = "https://github.com/zalandoresearch/fashion-mnist"
SPLIT_SEED = 20170825  # of the split alone: every run and every baseline shares it
VALIDATION_PER_CLASS = 500
WATCHED_PER_CLASS = 6


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
    """All 60,000 pictures and labels that training and every choice may see."""
    pictures = read_idx(sources.fetch("fashion-mnist", "train-images-idx3-ubyte.gz"))
    return pictures, read_idx(sources.fetch("fashion-mnist", "train-labels-idx1-ubyte.gz"))


def read_test_file() -> tuple[UInt8, UInt8]:
    """The 10,000 test pictures and labels: for the release alone, once every choice is made."""
    pictures = read_idx(sources.fetch("fashion-mnist", "t10k-images-idx3-ubyte.gz"))
    return pictures, read_idx(sources.fetch("fashion-mnist", "t10k-labels-idx1-ubyte.gz"))


def cited(*parts: tuple[str, int]) -> list[cards.Data]:
    """The data set as a card names it, once for each part: what it was for, and how many."""
    source = sources.DATA["fashion-mnist"]
    return [cards.Data(source.title, source.licence, HOME, use, n) for use, n in parts]


def load_data(fraction: float = 1.0) -> Data:
    """The training file, split; `fraction` of its 55,000 pictures for training are kept."""
    return split(*read_training_file(), fraction)


def watched(data: Data) -> Int64:
    """Rows of the validation pictures, a few of each class, whose labels the page follows."""
    labels = data.labels[data.validation]
    rows = [data.validation[labels == label][:WATCHED_PER_CLASS] for label in np.unique(labels)]
    return np.concatenate(rows)


def augment(pictures: Tensor, reach: int, erase: float, generator: torch.Generator) -> Tensor:
    """Flip, shift by up to `reach` pixels and erase with chance `erase`: uint8 [n, 28, 28]."""
    n, size = len(pictures), pictures.shape[-1]

    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator)

    def whole(low: int, high: int) -> Tensor:
        return torch.randint(low, high, (n, 1), generator=generator)

    place = torch.arange(size)
    columns = torch.where(uniform(n, 1) < 0.5, place, size - 1 - place)
    rows, columns = place + whole(0, 2 * reach + 1), columns + whole(0, 2 * reach + 1)
    padded = F.pad(pictures, (reach, reach, reach, reach))
    pictures = padded[torch.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]
    hole = (uniform(n, 1) < erase)[:, :, None]
    for axis in (1, 2):
        length, start = whole(4, 15), whole(-4, size - 4)
        inside = (place >= start) & (place < start + length)
        hole = hole & inside.unsqueeze(3 - axis)
    grey = whole(0, 256).to(torch.uint8)[:, :, None]
    return torch.where(hole, grey, pictures)


def made_up(n: int, seed: int = 0) -> tuple[UInt8, UInt8]:
    """n pictures and labels of ten bright boxes in ten places, for runs without the data set."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(n) % 10).astype(np.uint8)
    pictures = rng.integers(0, 20, (n, 28, 28), np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        top, left = 2 + 12 * (label % 2), 2 + 5 * (label // 2)
        picture[top : top + 10, left : left + 6] = rng.integers(150, 256)
    return pictures, labels
