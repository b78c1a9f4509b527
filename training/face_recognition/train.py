"""Imports dlib's face network and releases it as `models/face_recognition`.

    python -m training.face_recognition            # about six minutes on two cores
    python -m training.face_recognition --smoke    # seconds; releases into a scratch folder

Nothing is trained: the weights come from the package named in sources.py. What is chosen here, on
Olivetti's people 1 to 20: where a face's points come to lie, the threshold, the odds, and which
faces are too poor to compare. What is measured, on people 21 to 40: verification over all pairs
and identification. It needs `models/face_detection`.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models import catalog, decode
from models.card import Card, Data, Metric, Training, Weights
from models.catalog import Model
from models.decode import Pixels
from models.face_detection import Face, detect
from models.face_recognition import align
from training import sources
from training.core.places import SAMPLES
from training.core.release import Draft, Floor, Graph, release
from training.face_recognition.measure import CHOSEN, Array, Material, choose, measure
from training.face_recognition.resnet import FaceResNet, pretrained
from training.sources import olivetti

WEIGHTS = sources.PACKAGES["face-api"]
FACES = sources.DATA["olivetti"]
LAWRENCE = "published: Lawrence, Giles, Tsoi, Back 1997, 200 pictures learned from, 200 asked"


class Served(nn.Module):
    """The network as it is released: the mean with the mirror image, brought to length 1."""

    def __init__(self, network: FaceResNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        """uint8 [n, 150, 150, 3] -> descriptor [n, 128]."""
        # In one batch, since twice the network would be twice the file once it is int8.
        found = self.network(torch.cat([image, image.flip(2)]))
        both = found.reshape(2, -1, found.shape[1]).sum(0)
        unit: Tensor = both / both.norm(dim=1, keepdim=True)
        return unit


PUBLISHED = [
    Metric("identification_error", value, f"all 40 people, by {who}", 200, "fp32", source=LAWRENCE)
    for who, value in (
        ("eigenfaces that learned from these pictures alone", 0.105),
        ("a CNN that learned from these pictures alone", 0.038),
    )
]
CARD = Card(
    name="face_recognition",
    title="Face recognition",
    summary="A residual network that turns a face into 128 numbers, near for the same person.",
    task="One aligned face in, 128 numbers out; two faces are compared by their distance.",
    limits=[
        "All figures come from 40 people of one British laboratory, 1992 to 1994, nearly all of "
        "them white men, in small grey pictures from the front and in even light. How much worse "
        "it is for others is not known here; such networks are known to err more often on women, "
        "on children and on people with dark skin (NIST IR 8280, 2019).",
        "Twins, and often siblings, are one person to it.",
        "It was trained on pictures of well-known people gathered from the web.",
        "Heads turned to the side are refused by a rule that was not measured.",
        "It must not decide anything about anybody: not who comes in, not who is suspected.",
    ],
    labels=[],
    data=[
        Data(
            "about 3 million faces: VGG, FaceScrub and pictures scraped from the web",
            "research use",
            "http://blog.dlib.net/2017/02/high-quality-face-recognition-with-deep.html",
            "training, by the maker of the weights",
            3_000_000,
        ),
        Data(
            FACES.title,
            FACES.licence,
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
        "99.38 % on LFW by its maker, in full precision and with his own alignment; not ours",
    ),
    graphs={},
    serves={"cpu": "int8", "cuda": "fp32"},
    metrics=PUBLISHED,
    tables={},
    settings={},
    history=[],
    training=Training("python -m training.face_recognition", {}, 0.0, "", torch.__version__, 0),
    files={},
    uses={"detector": "face_detection"},
)
FLOORS = (
    Floor("tar_at_far_1e-2", "test", "int8", least=0.95),
    Floor("auroc", "test", "int8", least=0.98),
    Floor("tar_at_far_1e-2", CHOSEN, "int8", allowance=0.01),
)


def graphs(network: FaceResNet, portraits: Array, learned: Array) -> dict[str, Graph]:
    """The one graph; compared with PyTorch on portraits, int8 from `learned` crops."""
    return {
        "predict": Graph(
            Served(network).eval(),
            {"image": portraits},
            ("descriptor",),
            tolerance=1e-4,
            golden=("descriptor",),
            calibration={"image": learned},
        )
    }


def detector(model: Model, picture: Pixels) -> tuple[Pixels, Face] | None:
    """The upright picture with its largest face, or None; a turned one counts as not found."""
    found = detect(model, picture)
    return (found.picture, found.faces[0]) if found.faces and not found.turned else None


def draft(
    network: FaceResNet, material: Material, portraits: Array, floors: tuple[Floor, ...]
) -> Draft:
    """Everything that the release needs to know."""
    few = Material(material.people[olivetti.CHOSEN_ON], material.detector, network)
    crops, found = few.crops()
    return Draft(
        CARD,
        graphs(network, portraits, crops[found][::2]),
        partial(choose, material=material),
        partial(measure, material=material),
        floors,
    )


def real_material(network: FaceResNet) -> tuple[Material, Array]:
    """Olivetti and the released detector; and the aligned faces of the sample portraits."""
    find = partial(detector, catalog.load("face_detection"))
    crops = []
    for path in sorted(SAMPLES.glob("face-*")):
        seen = find(decode.picture(path.read_bytes()).pixels)
        assert seen is not None, f"no face in {path.name}"
        crops.append(align.align(seen[0], seen[1].points))
    return Material(olivetti.pictures(), find, network), np.stack(crops)


def smoke_material(network: FaceResNet) -> tuple[Material, Array]:
    """Noise, and a detector that always sees a face in the middle."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (23, 2, 40, 40, 3), np.uint8)
    points = np.array([(0.4, 0.4), (0.6, 0.4), (0.5, 0.55), (0.42, 0.7), (0.58, 0.7)])

    def middle(picture: Pixels) -> tuple[Pixels, Face]:
        size = float(len(picture))
        return picture, Face((0, 0, size, size), (points * size).astype(np.float32), 1.0)

    portraits = rng.integers(0, 256, (4, align.SIDE, align.SIDE, 3), np.uint8)
    return Material(noise, middle, network), portraits


def main() -> None:
    """Release the model; `--smoke` does the same in seconds with an untrained network."""
    parser = argparse.ArgumentParser(description="Import and release face_recognition.")
    parser.add_argument("--smoke", action="store_true", help="seconds, into a scratch folder")
    smoke = parser.parse_args().smoke
    torch.manual_seed(0)
    if smoke:
        network = FaceResNet().eval()
        stated = draft(network, *smoke_material(network), ())
        with tempfile.TemporaryDirectory() as scratch:
            card = release(stated, Path(scratch) / CARD.name)
    else:
        network = pretrained()
        card = release(draft(network, *real_material(network), FLOORS))
    figure = card.metric("eer", "test")
    print(f"{card.training.minutes:.1f} minutes, eer {figure.value:.4f}")
