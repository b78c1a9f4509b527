"""NSL-KDD as the model `network_intrusion` learns and is measured by it, and made-up connections.

The 20 % training file alone serves learning and every choice: four in five of its normal rows are
learned from, the others and all of its attacks are the validation part. KDDTest+ and the harder
part of it, KDDTest-21, are read when all is chosen.
"""

import csv
import gzip
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import card as cards
from models.network_intrusion.schema import CATEGORIES, FAMILY, NAMES, NORMAL, NUMBERS
from training import sources

Array = np.ndarray[Any, Any]
FILES = {
    "train": "KDDTrain+_20Percent.txt",
    "test": "KDDTest+.txt",
    "test-21": "KDDTest-21.txt",
}
HOME = "https://www.unb.ca/cic/datasets/nsl.html"
SPLIT_SEED = 0  # of the normal rows alone; all runs and baselines share it
LEARNED = 0.8  # of the normal rows


@dataclass(frozen=True)
class Rows:
    """Connections. numbers float64 [n, 38], words str [n, 3], labels str [n]."""

    numbers: Array
    words: Array
    labels: Array

    @property
    def abnormal(self) -> Array:
        """Which are attacks: bool [n]."""
        found: Array = self.labels != NORMAL
        return found

    @property
    def families(self) -> Array:
        """The family of each attack, `normal` for what is none: str [n]."""
        return np.array([FAMILY.get(label, label) for label in self.labels])

    def take(self, rows: Array) -> "Rows":
        """Some of them."""
        return Rows(self.numbers[rows], self.words[rows], self.labels[rows])

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Corpus:
    """learned: normal rows. normal, attacks: the validation part. tests: by their names."""

    learned: Rows
    normal: Rows
    attacks: Rows
    tests: dict[str, Rows]


def parsed(text: str) -> Rows:
    """The rows of one file: 41 columns, the label, how hard it is; no names of columns."""
    cells = np.array([row[:42] for row in csv.reader(text.splitlines()) if row])
    numbers = cells[:, [NAMES.index(name) for name in NUMBERS]].astype(np.float64)
    return Rows(numbers, cells[:, [NAMES.index(name) for name in CATEGORIES]], cells[:, 41])


def read(file: str) -> Rows:
    """One file of the data set, packed where a folder here holds it so."""
    folder = sources.folder("nsl-kdd")
    packed = folder is not None and (folder / f"{file}.gz").exists()
    data = sources.fetch("nsl-kdd", f"{file}.gz" if packed else file).read_bytes()
    return parsed((gzip.decompress(data) if packed else data).decode("ascii"))


def split(train: Rows, tests: dict[str, Rows]) -> Corpus:
    """Set aside normal rows for validation, the same every time, and all attacks."""
    order = np.random.default_rng(SPLIT_SEED).permutation(np.flatnonzero(~train.abnormal))
    cut = round(LEARNED * len(order))
    attacks = np.flatnonzero(train.abnormal)
    learned, normal = train.take(order[:cut]), train.take(order[cut:])
    return Corpus(learned, normal, train.take(attacks), tests)


def corpus() -> Corpus:
    """The data set. Raises what sources.fetch raises."""
    files = {name: read(file) for name, file in FILES.items()}
    return split(files.pop("train"), files)


def vocabulary(rows: Rows) -> dict[str, tuple[str, ...]]:
    """The words of each category in the whole training file, in the order of the alphabet."""
    return {name: tuple(sorted(set(rows.words[:, i]))) for i, name in enumerate(CATEGORIES)}


def together(*parts: Rows) -> Rows:
    """Several as one."""
    return Rows(
        np.concatenate([part.numbers for part in parts]),
        np.concatenate([part.words for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


def cited(*parts: tuple[str, int]) -> list[cards.Data]:
    """The data set as cards name it, a line a part."""
    source = sources.DATA["nsl-kdd"]
    return [cards.Data(source.title, source.licence, HOME, name, n) for name, n in parts]


Ranges = dict[str, tuple[float, float]]
# What made-up connections look like: words, then what differs from a quiet row, as (low, high).
QUIET: Ranges = {"count": (1, 20), "srv_count": (1, 20), "same_srv_rate": (1, 1)}
QUIET |= {"dst_host_count": (20, 255), "dst_host_srv_count": (100, 255)}
QUIET |= {"dst_host_same_srv_rate": (0.8, 1), "dst_host_srv_diff_host_rate": (0, 0.05)}
BUSY: Ranges = {"count": (150, 511), "srv_count": (1, 20), "dst_host_count": (255, 255)}
BUSY |= {"dst_host_srv_count": (1, 20), "same_srv_rate": (0, 0.1), "diff_srv_rate": (0.05, 0.08)}
MADE: dict[str, list[tuple[tuple[str, str, str], Ranges]]] = {
    NORMAL: [
        (("tcp", "http", "SF"), QUIET | {"src_bytes": (150, 400), "dst_bytes": (300, 20_000)}
         | {"logged_in": (1, 1)}),
        (("udp", "domain_u", "SF"), QUIET | {"src_bytes": (35, 60), "dst_bytes": (40, 150)}
         | {"count": (20, 200), "srv_count": (20, 200)}),
        (("tcp", "smtp", "SF"), QUIET | {"src_bytes": (600, 3_000), "dst_bytes": (280, 420)}
         | {"logged_in": (1, 1), "duration": (0, 4)}),
    ],
    "neptune": [
        (("tcp", "private", "S0"), BUSY | dict.fromkeys(
            ("serror_rate", "srv_serror_rate", "dst_host_serror_rate", "dst_host_srv_serror_rate"),
            (1, 1))),
    ],
    "satan": [
        (("tcp", "other", "REJ"), BUSY | dict.fromkeys(
            ("rerror_rate", "srv_rerror_rate", "dst_host_rerror_rate"), (0.8, 1))
         | {"same_srv_rate": (0, 0.02), "diff_srv_rate": (0.5, 1)}),
    ],
    "guess_passwd": [
        (("tcp", "ftp", "SF"), QUIET | {"num_failed_logins": (1, 5), "hot": (1, 4)}
         | {"src_bytes": (100, 140), "dst_bytes": (150, 250), "duration": (1, 5)}),
    ],
}  # fmt: skip


def made_up(n: int, seed: int = 0) -> Rows:
    """Connections of our own making, in the same columns; two in three are normal."""
    rng = np.random.default_rng(seed)
    numbers, words, labels = np.zeros((n, len(NUMBERS))), [], []
    attacks = [label for label in MADE if label != NORMAL]
    for row in range(n):
        label = str(rng.choice(attacks)) if row % 3 == 2 else NORMAL
        kinds = MADE[label]
        said, ranges = kinds[int(rng.integers(len(kinds)))]
        for name, (low, high) in ranges.items():
            value = rng.uniform(low, high)
            numbers[row, NUMBERS.index(name)] = round(value) if high > 1 else round(value, 2)
        words.append(said)
        labels.append(label)
    return Rows(numbers, np.array(words), np.array(labels))
