"""The networks that explainability can look into, and how a picture reaches each of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models import fashion, image_recognition
from models.catalog import Model
from models.decode import Picture
from models.engine import Run
from models.explain import Pixels
from models.fashion.convert import as_seen
from models.kinds.classifier import Answer
from pages.parts.sections import results
from pages.parts.source.samples import CLOTHES, PHOTOS, Sample

STRANGE = "the clothes that I learned from"  # what an unknown picture is unlike
_RUN = """\
session = onnxruntime.InferenceSession("model.gradients.onnx")
target = np.eye({classes}, dtype=np.float32)[[{target}]]  # {label}
logits, cam, slope = session.run(None, {{"image": image, "target": target}})
"""
_PHOTO = """\
import numpy as np, onnxruntime
from PIL import Image, ImageOps
photo = ImageOps.fit(Image.open("photo.jpg").convert("RGB"), (224, 224), bleed=0.0625)
image = np.asarray(photo, np.float32)[None]
"""
_CLOTH = """\
import numpy as np, onnxruntime
from PIL import Image, ImageOps
cloth = ImageOps.pad(ImageOps.invert(Image.open("cloth.png").convert("L")), (28, 28))  # on white
image = np.asarray(cloth, np.float32)[None]
"""


@dataclass(frozen=True)
class Classifier:
    """image: a visitor's picture as the network takes it. words: what is said of an answer.

    seen: share of a picture's shorter side that the square has which reaches the network.
    answer: of such an image, with what is wanted besides, see `Model.together`.
    """

    model: str
    samples: dict[str, Sample]
    seen: float
    image: Callable[[Picture], Pixels]
    answer: Callable[[Model, Pixels, Sequence[str]], tuple[Answer, Run]]
    words: Callable[[Answer], str]
    opening: str  # lines of Python that read a picture for its gradients graph

    def code(self, classes: int, target: int, label: str) -> str:
        """Lines that run the gradients graph for that class."""
        return self.opening + _RUN.format(classes=classes, target=target, label=label)


def _photo(model: Model, image: Pixels, besides: Sequence[str]) -> tuple[Answer, Run]:
    (answer,), run = image_recognition.answers(model, [image], besides=besides)
    return answer, run


def _seen(picture: Picture) -> Pixels:
    return as_seen(picture.pixels, picture.alpha).picture


def _cloth(model: Model, image: Pixels, besides: Sequence[str]) -> tuple[Answer, Run]:
    (answer,), run = fashion.predict(model, [image], besides=besides)
    return answer, run


CLASSIFIERS = {
    "Photos": Classifier(
        "image_recognition",
        PHOTOS,
        image_recognition.CROP,
        lambda picture: image_recognition.preprocess(picture.pixels),
        _photo,
        results.sentence,
        _PHOTO,
    ),
    "Clothes": Classifier(
        "fashion",
        CLOTHES,
        1.0,
        _seen,
        _cloth,
        lambda answer: results.named(answer, STRANGE),
        _CLOTH,
    ),
}
