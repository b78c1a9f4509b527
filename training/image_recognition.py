"""Imports EfficientNet-Lite0 and releases it as `models/image_recognition`.

    python -m training.image_recognition            # about two minutes on two cores
    python -m training.image_recognition --smoke    # seconds; releases into a scratch folder

Nothing is trained: the ImageNet weights come from the package named in sources.py. What is done
here: export, int8 from 100 photos, "do I know this?" chosen and measured. No photo exists here
that the network surely never saw, so its accuracy is no test figure; the published one is 75.1 %.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models import catalog, decode, engine, scores
from models.card import Card, Data, Metric, Precision, Training, Weights
from models.catalog import Model
from models.image_recognition import LADDER, preprocess
from training import familiarity, foreign, ladder, sources, statistics
from training.efficientnet_lite import EfficientNetLite0, pretrained
from training.release import Draft, Findings, Floor, Graph, release

PHOTOS = "photos that the network may have been trained on"
ANSWERS = ("logits", "embedding")
OUTPUTS = (*ANSWERS, "features", "class_map", *LADDER)
SAMPLES = Path(__file__).parent.parent / "pages" / "samples"
WEIGHTS = sources.PACKAGES["efficientnet-lite0"]
GOLDEN = ("cat.jpg", "espresso.jpg", "mountain.jpg", "page.png")
# More weight on likeness refuses more clothes, but also close-ups such as the sample cat's.
FAMILIARITY_WEIGHTS = {"peak": 1.0, "likeness": 0.4, "energy": 0.4}
Array = np.ndarray[Any, Any]


class Served(nn.Module):
    """The network as it is released: bytes of a picture in, everything that a page shows out.

    The graph `predict` is its answers alone: a sixth faster than all outputs, with a fifth of the
    memory at batch 32.
    """

    def __init__(self, network: EfficientNetLite0) -> None:
        super().__init__()
        self.network = network
        # One matrix for both the logits and the class map, so that the file holds it once.
        self.register_buffer("matrix", network.classes.weight.detach().t().contiguous())

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 [n, 224, 224, 3] -> the outputs in the order of `OUTPUTS`."""
        matrix = self.get_buffer("matrix")
        features, maps = self.network.maps((image.permute(0, 3, 1, 2).float() - 127) / 128)
        embedding = features.mean((2, 3))
        logits = embedding @ matrix + self.network.classes.bias
        return logits, embedding, features, features.permute(0, 2, 3, 1) @ matrix, *maps


class Answers(nn.Module):
    """The first two outputs of `Served`."""

    def __init__(self, served: Served) -> None:
        super().__init__()
        self.served = served

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """uint8 [n, 224, 224, 3] -> logits [n, 1000] and embedding [n, 1280]."""
        outputs: tuple[Tensor, ...] = self.served(image)
        return outputs[:2]


def eager() -> Callable[[Array], Tensor]:
    """PyTorch's own way from uint8 [n, 224, 224, 3] to logits, for the benchmark."""
    network = pretrained()

    def run(batch: Array) -> Tensor:
        with torch.inference_mode():
            pixels = torch.from_numpy(batch).permute(0, 3, 1, 2).float()
            logits: Tensor = network((pixels - 127) / 128)
        return logits

    return run


@dataclass(frozen=True)
class Material:
    """Pictures, uint8 [height, width, 3]: photos to choose and to measure on, and strangers."""

    chosen_on: list[Array]
    measured_on: list[Array]
    labels: Array  # class numbers of `measured_on`
    strangers_to_choose: dict[str, list[Array]]
    strangers_to_measure: dict[str, list[Array]]


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
    return Material(photos, photos, np.arange(8), {"noise": noise}, {"blanks": blanks})


def outputs_of(model: Model, pictures: list[Array], precision: Precision = "int8") -> engine.Run:
    """Logits and embedding of pictures, computed by the released graph."""
    batch = np.stack([preprocess(pixels) for pixels in pictures])
    names = ("logits", "embedding")
    return engine.infer(model, {"image": batch}, outputs=names, precision=precision, deadline=600)


def choose(model: Model, material: Material) -> Findings:
    """Choose familiarity, and keep what each ladder channel usually answers to a photo."""
    known = outputs_of(model, material.chosen_on).arrays
    strangers = {k: outputs_of(model, v).arrays for k, v in material.strangers_to_choose.items()}
    found = familiarity.choose(
        known, strangers, FAMILIARITY_WEIGHTS, f"{len(material.chosen_on)} photos"
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
    known = scores.familiarity(model, runs["int8"].arrays)
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
    found = familiarity.measure(
        known,
        {k: _familiarity(model, v) for k, v in material.strangers_to_measure.items()},
        {k: _familiarity(model, v) for k, v in material.strangers_to_choose.items()},
    )
    return replace(found, metrics=[*metrics, *found.metrics])


def _familiarity(model: Model, pictures: list[Array]) -> Array:
    return scores.familiarity(model, outputs_of(model, pictures).arrays)


PUBLISHED = Metric(
    "top1",
    0.751,
    "ImageNet validation",
    50_000,
    "fp32",
    source="unverified: TensorFlow TPU repository, EfficientNet-Lite0",
)

CARD = Card(
    name="image_recognition",
    title="Image recognition",
    summary="A convolutional network that names what is in a photo, out of 1,000 everyday things.",
    task="One photo in, a probability for each of 1,000 classes out.",
    limits=[
        "It knows 1,000 kinds of things; anything else it can only call by the nearest of those.",
        "It looks at the middle of the picture, 224 x 224 pixels of it: small things are lost.",
        "Its probabilities are not calibrated: no labelled photos exist here that it never saw.",
        "People, drawings, X-rays and text are not among its classes.",
        "Its classes and photos came from the web of 2010 and carry that world's bias.",
    ],
    labels="labels.txt",
    data=[
        Data(
            "ImageNet (ILSVRC 2012)",
            "research use only",
            "https://www.image-net.org/challenges/LSVRC/2012/",
            "training, by the makers of the weights",
            1_281_167,
        ),
        Data(
            sources.DATA["imagenet-calibration"].title,
            sources.DATA["imagenet-calibration"].licence,
            "https://github.com/EliSchwartz/imagenet-sample-images",
            "100 to calibrate int8 and choose familiarity, 100 to measure",
            200,
        ),
    ],
    weights=Weights(
        WEIGHTS.name,
        WEIGHTS.version,
        WEIGHTS.sha256,
        WEIGHTS.licence,
        "75.1 % top-1 on ImageNet validation, by its makers; not checked here",
    ),
    graphs={},
    serves={"cpu": "int8", "cuda": "fp32"},
    metrics=[PUBLISHED],
    tables={},
    settings={},
    history=[],
    training=Training("python -m training.image_recognition", {}, 0.0, "", torch.__version__, 0),
    files={},
)

FLOORS = (
    Floor("top1", PHOTOS, "fp32", least=0.80),
    Floor("top1", PHOTOS, "int8", allowance=0.02),
    Floor("ood_auroc", "mean", "int8", least=0.95),
    Floor("refused_share", "noise", "int8", least=1.0),
    Floor("refused_share", "blanks", "int8", least=1.0),
)


def draft(network: EfficientNetLite0, material: Material, floors: tuple[Floor, ...]) -> Draft:
    """Everything that the release needs to know."""
    golden = [decode.picture((SAMPLES / name).read_bytes()).pixels for name in GOLDEN]
    inputs = {"image": np.stack([preprocess(pixels) for pixels in golden])}
    calibration = {"image": np.stack([preprocess(p) for p in material.chosen_on])}
    served = Served(network)
    graphs = {
        "predict": Graph(
            Answers(served),
            inputs,
            ANSWERS,
            tolerance=1e-4,
            golden=ANSWERS,
            calibration=calibration,
        ),
        "layers": Graph(
            served,
            inputs,
            OUTPUTS,
            tolerance=1e-4,
            golden=(),
            calibration=calibration,
            int8_alone=True,
        ),
    }
    labels = (catalog.FOLDER / "image_recognition" / "labels.txt").read_bytes()
    return Draft(
        CARD,
        graphs,
        partial(choose, material=material),
        partial(measure, material=material),
        floors,
        {"labels.txt": labels},
    )


def main() -> None:
    """Release the model; `--smoke` does the same in seconds with an untrained network."""
    parser = argparse.ArgumentParser(description="Import and release image_recognition.")
    parser.add_argument("--smoke", action="store_true", help="seconds, into a scratch folder")
    smoke = parser.parse_args().smoke
    torch.manual_seed(0)
    if smoke:
        with tempfile.TemporaryDirectory() as scratch:
            stated = draft(EfficientNetLite0().eval(), smoke_material(), ())
            card = release(stated, Path(scratch) / "image_recognition")
    else:
        card = release(draft(pretrained(), real_material(), FLOORS))
    figure = card.metric("ood_auroc", "mean")
    print(f"{card.training.minutes:.1f} minutes, ood_auroc {figure.value:.4f}")


if __name__ == "__main__":
    main()
