"""The model card: one dataclass, read from and written to `card.json`, validated both ways.

    card = read(Path("models/image_recognition"))
    card.metric("ood_auroc", split="mean").value

Pages, README, tests and benchmark all read figures from here. Every metric name is defined once,
in `models.metrics`; a card with another name, a missing field or an unknown one is refused.
"""

import json
from dataclasses import field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from models.errors import ReleaseError
from models.metrics import METRICS

Precision = Literal["fp32", "int8", "fp16"]
Device = Literal["cpu", "cuda"]


def _defined(name: str) -> str:
    if name not in METRICS:
        raise ValueError(f"metric {name!r} is not defined in models/metrics.py")
    return name


def _plain(config: dict[str, Any]) -> dict[str, Any]:
    json.dumps(config, allow_nan=False)  # ValueError for NaN, which pydantic lets pass in an Any
    return config


_strict = ConfigDict(extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, config=_strict)
class Data:
    """A data set that the model was trained, chosen or measured on."""

    name: str
    licence: str
    url: str
    split: str
    n: int


@dataclass(frozen=True, config=_strict)
class Weights:
    """Imported weights and the figure that their makers published."""

    package: str
    version: str
    sha256: str
    licence: str
    published: str


@dataclass(frozen=True, config=_strict)
class Tensor:
    """One input or output of a graph; a free axis is a name instead of a number."""

    name: str
    dtype: str
    shape: list[int | str]


@dataclass(frozen=True, config=_strict)
class GraphFile:
    """One released ONNX file. `parity` maps an output to its largest difference from PyTorch.

    delta_of: the released file that holds its weights too; then `<file>.zst` lies here in place of
        it, with what differs (`models.delta`).
    """

    file: str
    sha256: str
    bytes: int
    inputs: list[Tensor]
    outputs: list[Tensor]
    parity: dict[str, float]
    delta_of: str | None = None

    @property
    def stored(self) -> str:
        """The name of what lies in the model's folder."""
        return f"{self.file}.zst" if self.delta_of else self.file


@dataclass(frozen=True, config=_strict)
class Metric:
    """One figure. `low` and `high` bound a 95 % interval where one can be had."""

    name: Annotated[str, AfterValidator(_defined)]
    value: float
    split: str
    n: int
    precision: Precision
    source: str = "measured"
    low: float | None = None
    high: float | None = None
    baseline: dict[str, float] | None = None


@dataclass(frozen=True, config=_strict)
class Table:
    """Figures that need more than one number: per class, per family, per layer."""

    columns: list[str]
    rows: list[list[str | float | None]]
    split: str
    n: int
    precision: Precision | None = None


@dataclass(frozen=True, config=_strict)
class Setting:
    """A number that the model needs to answer, and how it was chosen."""

    value: float
    rule: str
    chosen_on: str


@dataclass(frozen=True, config=_strict)
class Training:
    """How to make the model again, and what that took."""

    command: str
    config: Annotated[dict[str, Any], AfterValidator(_plain)]
    minutes: float
    hardware: str
    torch: str
    seed: int


@dataclass(frozen=True, config=_strict)
class Card:
    """Everything that is said about one released model; field by field in the design.

    uses: what other models it stands on, by what they do for it: `detector`, `features` (a network
        whose embedding tells its pictures apart), `backbone` (the same imported weights), `start`.
    headline: name and split of the figure that stands for it, where not the first of `test`.
    """

    name: str
    title: str
    summary: str
    task: str
    limits: list[str]
    labels: list[str] | str
    data: list[Data]
    weights: Weights | None
    graphs: dict[str, dict[Precision, GraphFile]]
    serves: dict[Device, Precision]
    metrics: list[Metric]
    tables: dict[str, Table]
    settings: dict[str, Setting]
    history: list[dict[str, float]]
    training: Training
    files: dict[str, str]  # golden.npz, evidence.npz and the labels' file: name -> sha256
    uses: dict[str, str] = field(default_factory=dict)
    headline: tuple[str, str] | None = None

    def metric(self, name: str, split: str, precision: Precision | None = None) -> Metric:
        """The figure of that name and split (and precision, where given); KeyError if absent."""
        for metric in self.metrics:
            fits = metric.precision == precision if precision else True
            if (metric.name, metric.split) == (name, split) and fits:
                return metric
        raise KeyError(f"the card of {self.name} has no {name} on {split}")

    def graph(self, graph: str, precision: Precision) -> GraphFile:
        """The released file of that graph and precision; KeyError if there is none."""
        return self.graphs[graph][precision]


_CARD: TypeAdapter[Card] = TypeAdapter(Card)


def read(folder: Path) -> Card:
    """The validated card of a model's folder. Raises ReleaseError where it is missing or wrong."""
    try:
        return _CARD.validate_json((folder / "card.json").read_bytes())
    except OSError as error:
        raise ReleaseError(f"The model {folder.name} has no readable card.json.") from error
    except ValidationError as error:
        raise _refusal(folder.name, error) from error


def write(card: Card, folder: Path) -> None:
    """Write `card` to `folder`/card.json. Raises ReleaseError where it does not validate."""
    try:
        checked = _CARD.validate_python(_CARD.dump_python(card))
    except ValidationError as error:
        raise _refusal(card.name, error) from error
    (folder / "card.json").write_bytes(_CARD.dump_json(checked, indent=1, exclude_none=False))


def _refusal(name: str, error: ValidationError) -> ReleaseError:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or "card.json"
    return ReleaseError(f"The card of {name} is wrong at {where}: {first['msg']}.")
