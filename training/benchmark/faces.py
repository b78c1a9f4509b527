"""Speed of finding and comparing faces, beside the same way with PyTorch's networks."""

from collections.abc import Callable
from functools import partial

import numpy as np

from models import catalog, decode
from models.catalog import Model
from models.decode import Pixels
from models.face_detection import detect
from models.face_detection.pyramid import resized
from models.face_recognition import align, embed
from training.core import timed
from training.core.places import SAMPLES
from training.core.timed import Tables
from training.face_detection import mtcnn
from training.face_recognition import eager
from training.face_recognition.resnet import pretrained
from training.face_recognition.train import Served

PORTRAITS = ("obama-2009.jpg", "biden-2010.jpg", "hopper-1984.jpg", "collins.png")
WIDTH, HEIGHT = 1156, 866  # one megapixel
FACES = timed.head("faces", "PyTorch eager", "ours, median", "p95", "times as fast")


def photo() -> Pixels:
    """One megapixel with four faces: four portraits side by side."""
    parts = []
    for name in PORTRAITS:
        portrait = decode.picture((SAMPLES / f"face-{name}").read_bytes()).pixels
        scale = max(WIDTH / 4 / portrait.shape[1], HEIGHT / portrait.shape[0])
        shape = round(portrait.shape[1] * scale), round(portrait.shape[0] * scale)
        large = resized(portrait, *shape)
        left = (large.shape[1] - WIDTH // 4) // 2
        parts.append(large[:HEIGHT, left : left + WIDTH // 4])
    return np.hstack(parts)


def whole(detection: Model, recognition: Model, pixels: Pixels) -> int:
    """Detect, align and embed; how many faces there were."""
    found = detect(detection, pixels)
    crops = [align.align(found.picture, face.points) for face in found.faces]
    embed(recognition, crops)
    return len(crops)


def tables() -> Tables:
    """Both models' ways through one photo."""
    pixels = photo()
    propose, refine, predict = mtcnn.pretrained()
    detections = eager.model(
        predict=eager.Session(predict, ("face", "offsets", "points")),
        propose=eager.Session(propose, ("face", "offsets")),
        refine=eager.Session(refine, ("face", "offsets")),
    )
    served = Served(pretrained()).eval()
    theirs = detections, eager.model(predict=eager.Session(served, ("descriptor",)))
    ours = catalog.load("face_detection"), catalog.load("face_recognition")
    faces = whole(*ours, pixels)
    found = detect(ours[0], pixels)
    crop = align.align(found.picture, found.faces[0].points)
    jobs: dict[str, Callable[[tuple[Model, Model]], object]] = {
        f"find {faces} faces in one megapixel": lambda two: detect(two[0], pixels),
        "one embedding": lambda two: embed(two[1], [crop]),
        f"find, align and embed {faces} faces": lambda two: whole(*two, pixels),
    }
    lines = []
    for what, job in jobs.items():
        base = float(np.median(timed.seconds(partial(job, theirs))))
        times = timed.seconds(partial(job, ours))
        median, p95 = float(np.median(times)), float(np.quantile(times, 0.95))
        lines.append(
            f"| {what} | {base * 1e3:.1f} | {median * 1e3:.1f} | {p95 * 1e3:.1f} "
            f"| {base / median:.1f} |"
        )
    return {FACES: lines}
