"""Chooses and measures face_recognition on Olivetti; every choice on people 1 to 20."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from models.card import Metric, Precision, Setting, Table
from models.catalog import Model
from models.decode import Pixels
from models.face_detection import Face
from models.face_recognition import align, embed, probability, quality
from training.core.release import Findings
from training.face_recognition import decline
from training.face_recognition import pairs as face_pairs
from training.sources import olivetti

Array = np.ndarray[Any, Any]
Detector = Callable[[Pixels], tuple[Pixels, Face] | None]  # the upright picture and its main face
PRECISIONS: tuple[Precision, ...] = ("int8", "fp32")
CHOSEN = "people 1 to 20"
FAR = 1e-3  # false accepts at the threshold that the page starts with
MOST_TURN = 0.35


@dataclass(frozen=True)
class Material:
    """People uint8 [people, pictures, h, w, 3], what finds a face, and the bare network."""

    people: Pixels
    detector: Detector
    network: nn.Module  # uint8 [n, 150, 150, 3] -> [n, 128], not of length 1, crop alone

    def crops(self, targets: Array | None = None) -> tuple[Pixels, Array]:
        """Aligned crops [people, pictures, 150, 150, 3], and in which pictures a face was found."""
        shape = self.people.shape[:2]
        crops = np.zeros((*shape, align.SIDE, align.SIDE, 3), np.uint8)
        found = np.zeros(shape, bool)
        for place in np.ndindex(shape):
            seen = self.detector(self.people[place])
            if seen is not None:
                found[place] = True
                crops[place] = align.align(seen[0], seen[1].points, targets)
        return crops, found


def descriptors(model: Model, crops: Pixels, precision: Precision) -> Array:
    """[people, pictures, 150, 150, 3] -> [people, pictures, 128]."""
    flat, _ = embed(model, [*crops.reshape(-1, *crops.shape[2:])], precision)
    return flat.reshape(*crops.shape[:2], -1)


def choose(model: Model, material: Material) -> Findings:
    """Threshold, odds and limits of quality, from the graph that the CPU serves."""
    few = Material(material.people[olivetti.CHOSEN_ON], material.detector, material.network)
    crops, found = few.crops()
    served = model.card.serves["cpu"]
    whole = descriptors(model, crops, served)
    same, different = face_pairs.pairs(face_pairs.distances(whole, found))
    threshold = face_pairs.threshold_at(different, FAR)
    settings = {
        "threshold": Setting(threshold, "1 in 1,000 pairs of two people passes", CHOSEN),
        "most_turn": Setting(
            MOST_TURN, "stated, not measured: no turned heads are here", "nothing"
        ),
        **_odds(same, different),
    }

    def see(picture: Pixels) -> tuple[Array, quality.Quality] | None:
        seen = few.detector(picture)
        if seen is None:
            return None
        crop = align.align(seen[0], seen[1].points)
        return embed(model, [crop], served)[0][0], quality.quality(seen[1], crop)

    table = decline.decline(few.people, whole, found, see, threshold)
    tables = {"decline": table, "choices": choices(few)}
    return Findings(settings=settings | decline.limits(table), tables=tables)


def _odds(same: Array, different: Array) -> dict[str, Setting]:
    """Logistic regression on the distance, both kinds of pairs weighing the same (Platt 1999)."""
    kept = [values[values < face_pairs.ABSENT] for values in (same, different)]
    values = np.concatenate(kept)[:, None]
    labels = np.repeat([1, 0], [len(part) for part in kept])
    fitted = LogisticRegression(class_weight="balanced", C=1e6).fit(values, labels)
    rule = "logistic regression on the distance of pairs, both kinds of equal weight"
    return {
        "odds_at_zero": Setting(float(fitted.intercept_[0]), rule, CHOSEN),
        "odds_per_distance": Setting(-float(fitted.coef_[0, 0]), rule, CHOSEN),
    }


def choices(few: Material) -> Table:
    """What the ways to align and to compare that were tried reach, with the bare network."""
    rows: list[list[str | float | None]] = []
    for places, targets in (
        ("published places", align.PUBLISHED),
        ("spread 1.1, raised 0", align.places(1.1, 0)),
        ("spread 1.0, raised 4", align.places(1.0, 4)),
        ("spread 1.1, raised 4", align.places()),
    ):
        crops, found = few.crops(targets)
        flat = torch.from_numpy(crops.reshape(-1, *crops.shape[2:]))
        alone = _bare(few.network, flat).reshape(*found.shape, -1)
        mirrored = _bare(few.network, flat.flip(2)).reshape(*found.shape, -1)
        for way, vectors in (
            ("crop alone", alone),
            ("mean with its mirror image", alone + mirrored),
        ):
            unit = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True).clip(1e-9)
            half = vectors / (2 if vectors is not alone else 1)
            for kind, compared in (("as given", half), ("of length 1", unit)):
                pairs = face_pairs.pairs(face_pairs.distances(compared, found))
                figures = [figure(*pairs) for figure in face_pairs.FIGURES.values()]
                rows.append([places, way, kind, *figures])
    columns = ["places", "crops", "descriptors", *face_pairs.FIGURES]
    return Table(columns, rows, CHOSEN, few.people.shape[0] * few.people.shape[1], "fp32")


def _bare(network: nn.Module, crops: torch.Tensor) -> Array:
    with torch.no_grad():
        return np.concatenate([network(part).numpy() for part in torch.split(crops, 20)])


def measure(model: Model, material: Material) -> Findings:
    """All figures, on people 21 to 40, on 1 to 20 and on all, in each precision."""
    crops, found = material.crops()
    served = model.card.serves["cpu"]
    threshold = model.card.settings["threshold"].value
    metrics: list[Metric] = []
    evidence: dict[str, Array] = {}
    tables: dict[str, Table] = {}
    for precision in (p for p in PRECISIONS if p in model.card.graphs["predict"]):
        whole = descriptors(model, crops, precision)
        for split, people in olivetti.SPLITS.items():
            if precision != served and split != CHOSEN:
                continue  # the test pictures are answered by the served file alone
            metrics += _verified(whole[people], found[people], split, precision)
            metrics += _identified(whole[people], found[people], split, precision)
        if precision == served:
            test = whole[olivetti.TEST], found[olivetti.TEST]
            metrics += _open(*test, threshold, precision)
            same, different = face_pairs.pairs(face_pairs.distances(*test))
            evidence = {"same": same.astype(np.float32), "different": different.astype(np.float32)}
            tables = {"odds": _odds_held(model, same, different)}
    return Findings(metrics, tables, evidence=evidence)


def _verified(whole: Array, found: Array, split: str, precision: Precision) -> list[Metric]:
    apart = face_pairs.distances(whole, found)
    n = sum(len(part) for part in face_pairs.pairs(apart))
    return [
        Metric(name, value, split, n, precision, low=low, high=high)
        for name, (value, low, high) in face_pairs.over_people(apart).items()
    ]


def _identified(whole: Array, found: Array, split: str, precision: Precision) -> list[Metric]:
    errors = face_pairs.identification_errors(whole, found)
    return [_over_splits("identification_error", errors, split, found, precision)]


def _open(whole: Array, found: Array, threshold: float, precision: Precision) -> list[Metric]:
    named, falsely = face_pairs.open_set(whole, found, threshold)
    return [
        _over_splits("named_share", named, "test", found, precision),
        _over_splits("false_name_share", falsely, "test", found, precision),
    ]


def _over_splits(
    name: str, values: Array, split: str, found: Array, precision: Precision
) -> Metric:
    """The mean over seeded splits, with the range that 95 % of them lie in."""
    low, high = np.quantile(values, (0.025, 0.975))
    mean = float(values.mean())
    return Metric(name, mean, split, found.size, precision, low=float(low), high=float(high))


def _odds_held(model: Model, same: Array, different: Array) -> Table:
    """Whether pairs said to be of one person with p per cent are so, both kinds weighing equal."""
    values: Sequence[Array] = [v[v < face_pairs.ABSENT] for v in (same, different)]
    said = np.array([probability(model, float(v)) for v in np.concatenate(values)])
    is_same = np.repeat([1, 0], [len(part) for part in values])
    weight = np.where(is_same == 1, 0.5 / len(values[0]), 0.5 / len(values[1]))
    place = np.minimum((said * 10).astype(int), 9)
    rows: list[list[str | float | None]] = []
    for i in np.unique(place):
        inside = place == i
        mass = weight[inside].sum()
        mean, right = (float((weight[inside] * v[inside]).sum() / mass) for v in (said, is_same))
        rows.append([mean, right, float(inside.sum())])
    return Table(["said", "right", "pairs"], rows, "test", len(said), model.card.serves["cpu"])
