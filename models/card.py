"""The model card: one dataclass, read from and written to `card.json`, validated both ways.

    card = read(Path("models/image_recognition"))
    card.metric("ood_auroc", split="mean").value

Pages, README, tests and benchmark all read figures from here. Every metric name is defined once,
in `METRICS`; a card with another name, a missing field or an unknown one is refused.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from models.errors import ReleaseError

METRICS: dict[str, str] = {
    "accuracy": "share of inputs whose first answer is the labelled class",
    "top1": "share of inputs whose first answer is the labelled class",
    "top5": "share of inputs whose labelled class is among the first five answers",
    "top1_agreement": "share of inputs on which the quantised graph's first answer is the fp32 one",
    "ece": "expected calibration error: mean gap between confidence and accuracy over 15 equal "
    "bins (Guo et al. 2017), lower is better",
    "ood_auroc": "chance that an input of the model's own kind scores higher on 'I know this' "
    "than a foreign one; 0.5 is guessing",
    "known_share": "share of inputs that the model says it knows",
    "deletion_auc": "mean area under the explained class's probability while a map's hottest "
    "pixels are taken away first, in 28 steps (Petsiuk et al. 2018), lower is better",
    "insertion_auc": "the same while they are brought into a strong blur first, higher is better",
    "word_perplexity": "exp(all nats / words between white space) of texts that the model never "
    "saw; the end of a text is not counted, lower is better",
    "nats_per_byte": "all nats over the bytes of those texts in UTF-8, lower is better",
    "nats_per_character": "all nats over the characters of a text that the model never saw, lower "
    "is better",
    "top1_recall": "share of words (runs of letters and apostrophes) that are the first of the "
    "suggestions before a letter is typed; one that cannot be suggested is a miss",
    "top3_recall": "share of words (runs of letters and apostrophes) that are among the three "
    "suggestions before a letter is typed; one that cannot be suggested is a miss",
    "top3_recall_after_1": "the same after one typed letter, over words of two letters or more",
    "top3_recall_after_2": "the same after two typed letters, over words of three letters or more",
    "keystroke_savings": "share of keys (a word's letters and a space) spared by taking a word "
    "with one key as soon as it is among the three suggestions",
    "memorised_share": "share of eight-word sequences in the model's continuations, blind to case, "
    "that stand in its training texts",
    "refused_share": "share of inputs that the model says it does not know",
    "found_share": "share of pictures of a face in which a face is found",
    "false_found_share": "share of pictures without a face in which one is found",
    "auroc": "chance that one of the kind that is looked for (a pair of one person, an attack, a "
    "fraud, a fault) scores higher than one of the other kind; 0.5 is guessing",
    "average_precision": "area under precision by recall over all thresholds, in steps; guessing "
    "has the share of what is looked for",
    "f1": "harmonic mean of precision and recall of what is looked for, at the released threshold",
    "recall": "share of what is looked for that raises an alarm at the released threshold",
    "false_alarm_rate": "share of the normal that raises an alarm at the released threshold, lower "
    "is better",
    "missed_alarm_rate": "share of what is looked for that raises no alarm at the released "
    "threshold, lower is better",
    "card_precision_100": "share of frauds' cards among the 100 cards of the highest score on each "
    "day, those found on a day before left out (Le Borgne et al. 2022), mean of the days",
    "eer": "equal error rate: share of wrong answers about pairs at the threshold where as many "
    "pairs of one person are refused as pairs of two are taken for one, lower is better",
    "tar_at_far_1e-2": "share of pairs of one person that are accepted when 1 in 100 pairs of two "
    "people is",
    "tar_at_far_1e-3": "share of pairs of one person that are accepted when 1 in 1,000 pairs of "
    "two people is",
    "identification_error": "share of pictures given to the wrong one of the enrolled people, each "
    "enrolled with five pictures",
    "named_share": "share of pictures of enrolled people that get the right name, where strangers "
    "are to be told apart too",
    "frechet_distance_own_features": "Frechet distance between Gaussians that fit real and made "
    "pictures, in the features of another of our own networks, which the card names; not "
    "comparable with an FID, lower is better",
    "generator_precision": "share of made pictures that lie, in those features, within the reach "
    "of a real one: the distance to its third nearest (Kynkaanniemi et al. 2019)",
    "generator_recall": "share of real pictures that lie within the reach of a made one",
    "gan_test_accuracy": "share of made pictures that a classifier which learned from real ones "
    "names as the class that was asked for (Shmelkov et al. 2018)",
    "gan_train_accuracy": "share of real pictures that a classifier which learned from made ones "
    "alone names rightly (Shmelkov et al. 2018)",
    "modes_covered": "share of 100 kinds of real pictures, clusters of those features, that are "
    "made at least a quarter as often as they are real",
    "memorisation_ratio": "median distance of made pictures to the nearest that trained the "
    "network, over that of real ones which did not; near 0 they are copies",
    "real_or_made_accuracy": "share of pictures, half real and half made, that the discriminator "
    "tells apart",
    "word_error_rate": "words that are wrong, missing or added, over the words that were said; no "
    "capitals, no punctuation, numbers in digits; lower is better",
    "false_words_share": "share of sounds without speech of which words are written, lower is "
    "better",
    "survival_share": "share of words that stay likelier than not when all of the sound is "
    "silenced but what they attended to",
    "false_name_share": "share of pictures of people who are not enrolled that get a name",
}

Precision = Literal["fp32", "int8", "fp16"]
Device = Literal["cpu", "cuda"]


def _defined(name: str) -> str:
    if name not in METRICS:
        raise ValueError(f"metric {name!r} is not defined in models/card.py")
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
    """One released ONNX file. `parity` maps an output to its largest difference from PyTorch."""

    file: str
    sha256: str
    bytes: int
    inputs: list[Tensor]
    outputs: list[Tensor]
    parity: dict[str, float]


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
    """Everything that is said about one released model; field by field in the design."""

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
