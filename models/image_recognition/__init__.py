"""What is in this picture: 1,000 everyday things, with a second opinion on "do I know this?".

    answers, run = predict(catalog.load("image_recognition"), [pixels])
    answers[0].top(5), answers[0].in_distribution

The graph `predict` takes uint8 pictures [n, 224, 224, 3] and gives, as float32:

    logits     [n, 1000]          softmax of them is the answer
    embedding  [n, 1280]          the last feature map's mean over all places

The graph `layers` (int8 alone) gives both and what a page shows besides:

    features   [n, 1280, 7, 7]    the last feature map
    class_map  [n, 7, 7, 1000]    each place's evidence for each class; its mean is the logit less
                                  the bias, so positive parts of it are Grad-CAM in closed form
    map_1 .. map_5                what five depths see: [n, 32, 112, 112] to [n, 1152, 7, 7]
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from models import engine
from models.card import Precision
from models.catalog import Model
from models.explain import Heat, cam
from models.image_recognition.families import FAMILIES
from models.kinds.classifier import Answer, Said, in_distribution_score, softmax

SIDE = 224
CROP = 0.875  # of the shorter side: what the network was trained to look at
LADDER = tuple(f"map_{i}" for i in range(1, 6))

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


class Recognition(Answer):
    """The answer for one picture. Its probabilities are not calibrated."""

    def family(self) -> Said | None:
        """The family of the first answer by its everyday name, with all its members.

        Only animals have families here: their classes lie side by side in ImageNet's order.
        """
        first = int(self.probabilities.argmax())
        for name, ranges in FAMILIES.items():
            if any(first in members for members in ranges):
                members = tuple(i for r in ranges for i in r)
                return Said(name, members, float(self.probabilities[[*members]].sum()))
        return None

    def said(self) -> Said:
        """A family where it is known what is seen, else the likeliest class."""
        return (self.family() if self.in_distribution else None) or super().said()


def preprocess(pixels: Pixels) -> Pixels:
    """uint8 [height, width, 3] of any size -> the middle of it, uint8 [224, 224, 3], bicubic."""
    fitted = ImageOps.fit(Image.fromarray(pixels), (SIDE, SIDE), bleed=(1 - CROP) / 2)
    return np.asarray(fitted)


def recognise(model: Model, arrays: Mapping[str, Any]) -> list[Recognition]:
    """Answers from a run's `logits` and `embedding`."""
    labels = tuple(model.text("labels.txt").split("\n")[:-1])
    scores = in_distribution_score(model, arrays)
    probabilities = softmax(arrays["logits"])
    return [Recognition(labels, p, float(s)) for p, s in zip(probabilities, scores, strict=True)]


def mapped(model: Model, pixels: Pixels) -> tuple[Pixels, Recognition, Heat]:
    """Of one picture of any size: it as `preprocess` gives it, the answer, and where it was seen.

    One run says both where the graph that gives both is served; elsewhere Grad-CAM takes another.
    """
    image = preprocess(pixels)
    (answer,), run = answers(model, [image], besides=cam.READ)
    first = answer.said().members
    heat = cam.read(run, image, first) if cam.readable(run) else cam.grad_cam(model, image, first)
    return image, answer, heat


def predict(
    model: Model,
    pictures: Sequence[Pixels],
    *,
    precision: Precision | None = None,
) -> tuple[list[Recognition], engine.Run]:
    """Recognise pictures, uint8 [height, width, 3] of any sizes.

    Raises what `engine.infer` raises.
    """
    return answers(model, [preprocess(pixels) for pixels in pictures], precision=precision)


def answers(
    model: Model,
    images: Sequence[Pixels],
    *,
    precision: Precision | None = None,
    besides: Sequence[str] = (),
) -> tuple[list[Recognition], engine.Run]:
    """The same of what `preprocess` gave. besides: outputs wanted too, see `Model.together`."""
    names = model.together(("logits", "embedding"), besides, precision)
    run = engine.infer(model, {"image": np.stack(images)}, outputs=names, precision=precision)
    return recognise(model, run.arrays), run
