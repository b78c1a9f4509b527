"""What `image_recognition` is chosen by and measured on: photos, and strangers to them."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from models import catalog, decode, engine
from models.card import Metric, Precision
from models.catalog import Model
from models.image_recognition import LADDER, preprocess
from models.kinds import classifier
from training import sources
from training.core import statistics
from training.core.release import Findings
from training.kinds.classifier import in_distribution, ladder
from training.kinds.classifier.explaining import QUICK, Plan
from training.sources import foreign

PHOTOS = "photos that the network may have been trained on"
# More weight on likeness refuses more clothes, but also close-ups such as the sample cat's.
IN_DISTRIBUTION_WEIGHTS = {"peak": 1.0, "likeness": 0.4, "energy": 0.4}
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Material:
    """Pictures, uint8 [height, width, 3]: photos to choose and to measure on, and strangers."""

    chosen_on: list[Array]
    measured_on: list[Array]
    labels: Array  # class numbers of `measured_on`
    out_of_distribution_to_choose: dict[str, list[Array]]
    out_of_distribution_to_measure: dict[str, list[Array]]
    plan: Plan = field(default_factory=Plan)  # of what is measured of explanations


def real_material() -> Material:
    """The 200 photos in two halves, and seven sets of strangers."""
    names = sorted(sources.DATA["imagenet-calibration"].files)
    paths = [sources.fetch("imagenet-calibration", name) for name in names]
    photos = [decode.picture(path.read_bytes()).pixels for path in paths]
    words = (catalog.FOLDER / "image_recognition" / "labels.txt").read_text().split()
    return Material(
        photos[::2],
        photos[1::2],
        np.arange(5, 1000, 10),  # one photo of every fifth class, in the order of the classes
        {"noise": foreign.noise(90), "blanks": foreign.blanks(90), "clothes": foreign.clothes(400)},
        {
            "faces (Olivetti)": foreign.faces(),
            "X-rays (PneumoniaMNIST)": foreign.x_rays(400),
            "emoji glyphs": foreign.emoji(400),
            "pages of text": foreign.text_pages(200, words),
        },
    )


def smoke_material() -> Material:
    """A handful of made pictures, for a run in seconds without data sets."""
    photos = foreign.noise(8, seed=1)
    noise, blanks = foreign.noise(6), foreign.blanks(6)
    return Material(photos, photos, np.arange(8), {"noise": noise}, {"blanks": blanks}, plan=QUICK)


def outputs_of(model: Model, pictures: list[Array], precision: Precision = "int8") -> engine.Run:
    """Logits and embedding of pictures, computed by the released graph."""
    batch = np.stack([preprocess(pixels) for pixels in pictures])
    names = ("logits", "embedding")
    return engine.infer(model, {"image": batch}, outputs=names, precision=precision, deadline=600)


def choose(model: Model, material: Material) -> Findings:
    """Choose familiarity, and keep what each ladder channel usually answers to a photo."""
    known = outputs_of(model, material.chosen_on).arrays
    out_of_distribution = {
        k: outputs_of(model, v).arrays for k, v in material.out_of_distribution_to_choose.items()
    }
    found = in_distribution.choose(
        known, out_of_distribution, IN_DISTRIBUTION_WEIGHTS, f"{len(material.chosen_on)} photos"
    )
    images = map(preprocess, material.chosen_on)
    found.evidence.update(ladder.usual_strength(model, images, LADDER))
    return found


def measure(model: Model, material: Material) -> Findings:
    """Accuracy on the photos that were not chosen on, and how well strangers are told apart."""
    n = len(material.labels)
    precisions: tuple[Precision, ...] = ("fp32", "int8")
    runs = {p: outputs_of(model, material.measured_on, p) for p in precisions}
    ranked = {p: np.argsort(-run["logits"], axis=1) for p, run in runs.items()}
    known = classifier.in_distribution_score(model, runs["int8"].arrays)
    shares: list[tuple[str, Precision, Array]] = [
        *(("top1", p, ranked[p][:, 0] == material.labels) for p in precisions),
        *(("top5", p, (ranked[p][:, :5] == material.labels[:, None]).any(1)) for p in precisions),
        ("top1_agreement", "int8", ranked["int8"][:, 0] == ranked["fp32"][:, 0]),
        ("known_share", "int8", known >= 0),
    ]
    metrics = []
    for name, precision, hits in shares:
        value, low, high = statistics.proportion(hits)
        metrics.append(Metric(name, value, PHOTOS, n, precision, low=low, high=high))
    found = in_distribution.measure(
        known,
        {
            k: _in_distribution_score(model, v)
            for k, v in material.out_of_distribution_to_measure.items()
        },
        {
            k: _in_distribution_score(model, v)
            for k, v in material.out_of_distribution_to_choose.items()
        },
    )
    return replace(found, metrics=[*metrics, *found.metrics])


def _in_distribution_score(model: Model, pictures: list[Array]) -> Array:
    return classifier.in_distribution_score(model, outputs_of(model, pictures).arrays)
