"""Imports MTCNN's three networks and releases them as `models/face_detection`.

    python -m training.face_detection            # under a minute on two cores
    python -m training.face_detection --smoke    # seconds; releases into a scratch folder

Nothing is trained: the weights come from the package named in sources.py. What is measured here:
the share of Olivetti's pictures in which the face is found, and of X-rays and clothes in which one
is seen that is not there.
"""

import argparse
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from models import decode
from models.card import Card, Data, Metric, Training, Weights
from models.catalog import Model
from models.decode import Pixels
from models.face_detection import detect
from models.face_detection.boxes import crops
from models.face_detection.pyramid import resized
from training import sources
from training.core import statistics
from training.core.places import SAMPLES
from training.core.release import Draft, Findings, Floor, Graph, release
from training.face_detection import mtcnn
from training.sources import foreign, olivetti

WEIGHTS = sources.PACKAGES["mtcnn"]
FACELESS = "X-rays and clothes"
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Material:
    """What is measured on: `people` uint8 [people, pictures, h, w, 3], and pictures of no face."""

    people: Pixels
    faceless: list[Pixels]


def real_material() -> Material:
    """Olivetti's faces; 500 X-rays and 500 clothes that no choice was made on."""
    out_of_distribution = foreign.x_rays(500) + foreign.clothes(1000)[500:]
    return Material(olivetti.pictures(), out_of_distribution)


def smoke_material() -> Material:
    """Noise in place of everything."""
    noise = np.random.default_rng(0).integers(0, 256, (22, 1, 48, 48, 3), np.uint8)
    return Material(noise, [noise[0, 0]])


CARD = Card(
    name="face_detection",
    title="Face detection",
    summary="Three small convolutional networks in a row that find faces and five points in each.",
    task="One photo in, a box and five points for every face out.",
    limits=[
        "Faces of fewer than 32 pixels, of a picture reduced to 1,024, are not searched for.",
        "Profiles, covered faces and heads tilted by more than about 40 degrees are often missed.",
        "It sees a face now and then where none is, in patterns that look like one.",
        "How well it finds faces of all skin colours and ages was not measured: the pictures "
        "here show 40 people of one laboratory, grey and from the front.",
    ],
    labels=[],
    data=[
        Data(
            "WIDER FACE and CelebA",
            "research use",
            "http://shuoyang1213.me/WIDERFACE/",
            "training, by the makers of the weights",
            393_703,
        ),
        Data(
            sources.DATA["olivetti"].title,
            sources.DATA["olivetti"].licence,
            "https://cam-orl.co.uk/facedatabase.html",
            "test: people 21 to 40, 200 pictures; choices: people 1 to 20",
            400,
        ),
    ],
    weights=Weights(
        WEIGHTS.name,
        WEIGHTS.version,
        WEIGHTS.sha256,
        WEIGHTS.licence,
        "none on these pictures",
    ),
    graphs={},
    serves={"cpu": "fp32", "cuda": "fp32"},
    metrics=[],
    tables={},
    settings={},
    history=[],
    training=Training("python -m training.face_detection", {}, 0.0, "", torch.__version__, 0),
    files={},
)
FLOORS = (
    Floor("found_share", "people 1 to 20", "fp32", least=0.995),
    Floor("found_share", "test", "fp32", least=0.97),
)


def graphs(networks: tuple[nn.Module, nn.Module, nn.Module]) -> dict[str, Graph]:
    """The three graphs, with real crops around a sample's face to compare on."""
    portrait = decode.picture((SAMPLES / "face-collins.png").read_bytes()).pixels
    face = np.array([170, 60, 280, 170], np.float32)  # where it is, by eye
    shifts = np.array([(0, 0, 0, 0), (15, 0, 15, 0), (-40, -30, 40, 50), (100, 90, 130, 120)])
    boxes = (face + shifts).astype(np.float32)
    whole = resized(portrait, 96, 96)
    small = np.stack([whole, whole[:, ::-1], whole[::-1], np.roll(whole, 30, 0)])
    propose, refine, predict = networks
    answers = ("face", "offsets")
    return {
        "predict": Graph(
            predict,
            {"image": crops(portrait, boxes, 48)},
            (*answers, "points"),
            tolerance=1e-4,
            golden=(*answers, "points"),
        ),
        "propose": Graph(
            propose, {"image": small}, answers, tolerance=1e-4, golden=answers, free=(1, 2)
        ),
        "refine": Graph(
            refine,
            {"image": crops(portrait, boxes, 24)},
            answers,
            tolerance=1e-4,
            golden=answers,
        ),
    }


def measure(model: Model, material: Material) -> Findings:
    """How many faces are found, and how many where there are none."""
    found = np.array(
        [[bool(detect(model, one).faces) for one in person] for person in material.people]
    )
    metrics = [
        Metric("found_share", value, split, found[people].size, "fp32", low=low, high=high)
        for split, people in olivetti.SPLITS.items()
        for value, low, high in [statistics.proportion(found[people].ravel())]
    ]
    seen = np.array([bool(detect(model, one).faces) for one in material.faceless])
    value, low, high = statistics.proportion(seen)
    false = Metric("false_found_share", value, FACELESS, len(seen), "fp32", low=low, high=high)
    return Findings([*metrics, false])


def draft(
    networks: tuple[nn.Module, nn.Module, nn.Module],
    material: Material,
    floors: tuple[Floor, ...],
) -> Draft:
    """Everything that the release needs to know."""
    measured = partial(measure, material=material)
    return Draft(CARD, graphs(networks), _nothing_to_choose, measured, floors)


def _nothing_to_choose(model: Model) -> Findings:
    """Its thresholds are the published ones and stand in models/face_detection."""
    del model
    return Findings()


def main() -> None:
    """Release the model; `--smoke` does the same in seconds with untrained networks."""
    parser = argparse.ArgumentParser(description="Import and release face_detection.")
    parser.add_argument("--smoke", action="store_true", help="seconds, into a scratch folder")
    smoke = parser.parse_args().smoke
    torch.manual_seed(0)
    if smoke:
        untrained = mtcnn.PNet().eval(), mtcnn.RNet().eval(), mtcnn.ONet().eval()
        with tempfile.TemporaryDirectory() as scratch:
            card = release(draft(untrained, smoke_material(), ()), Path(scratch) / CARD.name)
    else:
        card = release(draft(mtcnn.pretrained(), real_material(), FLOORS))
    figure = card.metric("found_share", "test")
    print(f"{card.training.minutes:.1f} minutes, found_share {figure.value:.4f}")
