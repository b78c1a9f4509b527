"""image_recognition on the samples: what it says, when it says nothing, and six printed lines."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from models import image_recognition
from models.card import Precision
from models.catalog import Model
from models.explain import cam
from models.image_recognition import Recognition, answers, families, predict, preprocess
from tests.helpers import SAMPLES, Array, alone, photo, printed_lines
from training.sources import foreign

PRECISIONS = pytest.mark.parametrize("precision", ["int8", "fp32"])
ANIMALS = range(398)  # ImageNet's first classes, all of its animals


def ask(model: Model, pictures: list[Array], precision: Precision = "int8") -> list[Recognition]:
    return predict(model, pictures, precision=precision)[0]


def labels(model: Model) -> list[str]:
    return model.text("labels.txt").split("\n")[:-1]


@PRECISIONS
@pytest.mark.parametrize(
    ("file", "said"),
    [("cat.jpg", "cat"), ("dogs.jpg", "dog"), ("nuthatch.jpg", "bird")],
)
def test_an_animal_is_known_and_called_by_its_everyday_name(
    model: Model, file: str, said: str, precision: Precision
) -> None:
    (answer,) = ask(model, [photo(file)], precision)
    family = answer.family()
    assert answer.in_distribution
    assert family is not None
    assert family.label == said
    assert answer.top(1)[0].index in family.members
    assert answer.top(1)[0].probability < family.probability <= 1
    assert answer.said() == family


@PRECISIONS
@pytest.mark.parametrize(
    ("file", "said"),
    [("espresso.jpg", "espresso"), ("brushes.jpg", "paintbrush"), ("mountain.jpg", "alp")],
)
def test_a_thing_is_known_and_has_no_family(
    model: Model, file: str, said: str, precision: Precision
) -> None:
    (answer,) = ask(model, [photo(file)], precision)
    assert answer.in_distribution
    assert answer.top(1)[0].label == said
    assert answer.family() is None
    assert (answer.said().label, len(answer.said().members)) == (said, 1)


@PRECISIONS
@pytest.mark.parametrize("file", ["page.png", "clock.jpg"])
def test_text_and_a_blur_are_not_known(model: Model, file: str, precision: Precision) -> None:
    (answer,) = ask(model, [photo(file)], precision)
    assert not answer.in_distribution
    assert answer.top(1)[0].index not in ANIMALS


@pytest.mark.parametrize("file", ["cat.jpg", "espresso.jpg", "page.png"])
def test_one_run_gives_the_very_answer_and_the_map_of_two(model: Model, file: str) -> None:
    image = preprocess(photo(file))
    (alone,), run = answers(model, [image], precision="int8")
    (both,), joint = answers(model, [image], precision="int8", besides=cam.READ)
    assert not set(cam.READ) & set(run.arrays)
    assert np.array_equal(both.probabilities, alone.probabilities)
    assert both.in_distribution_score == alone.in_distribution_score
    target = both.top(1)[0].index
    once, apart = cam.read(joint, image, target), cam.grad_cam(model, image, target)
    assert np.array_equal(once.values, apart.values)


def test_an_answer_in_a_precision_that_explains_nothing_stays_alone(model: Model) -> None:
    image = preprocess(photo("cat.jpg"))
    _, run = answers(model, [image], precision="fp32", besides=cam.READ)
    assert run.precision == "fp32"
    assert [*run.arrays] == ["logits", "embedding"]


@pytest.fixture(scope="module")
def screens(model: Model) -> list[Array]:
    """Pages of text, and windows on a desk with bars, fields and lines of text."""
    rng = np.random.default_rng(11)
    pictures = foreign.text_pages(16, labels(model), seed=5)
    for _ in range(16):
        image = Image.new("RGB", (1280, 800), tuple(rng.integers(0, 256, 3)))
        draw = ImageDraw.Draw(image)
        for _ in range(rng.integers(1, 4)):
            x, y = rng.integers(0, 500), rng.integers(0, 300)
            paper, ink = [("white", "black"), ("#1e1e1e", "#ddd")][rng.integers(2)]
            draw.rectangle((x, y, x + 760, y + 480), paper, ink)
            draw.rectangle((x, y, x + 760, y + 30), "#3b6ea5")
            for row in range(y + 45, y + 460, 22):
                text = "".join(rng.choice(list("etaoin shrdlu 0123,."), rng.integers(20, 80)))
                draw.text((x + 180, row), text, ink, ImageFont.load_default(14))
                draw.rectangle((x + 12, row, x + 150, row + 14), outline=ink)
        pictures.append(np.asarray(image))
    return pictures


@PRECISIONS
def test_noise_and_blanks_are_never_known(model: Model, precision: Precision) -> None:
    answers = ask(model, foreign.noise(30, seed=5) + foreign.blanks(20, seed=5), precision)
    assert not [answer.top(1) for answer in answers if answer.in_distribution]
    assert max(answer.probabilities.max() for answer in answers) < 0.5


@PRECISIONS
def test_a_screenshot_is_never_an_animal(
    model: Model, screens: list[Array], precision: Precision
) -> None:
    answers = ask(model, screens, precision)
    firsts = [(answer.top(1)[0], answer.in_distribution) for answer in answers]
    assert not [
        first for first, in_distribution in firsts if in_distribution and first.index in ANIMALS
    ]
    assert not [first for first, _ in firsts if first.index in ANIMALS and first.probability > 0.1]


def test_preprocessing_is_the_middle_of_the_picture() -> None:
    for height, width in ((448, 448), (300, 900), (900, 300), (17, 33), (1, 1)):
        pixels = np.zeros((height, width, 3), np.uint8)
        side = min(height, width)
        fitted = preprocess(pixels)
        assert fitted.shape == (224, 224, 3)
        assert fitted.dtype == np.uint8
        # What lies outside the central 7/8 of the shorter side does not reach the network.
        edge = (side * image_recognition.CROP) / 2
        rows, columns = (np.abs(np.arange(size) + 0.5 - size / 2) for size in (height, width))
        pixels[(rows[:, None] > edge + 4) | (columns[None] > edge + 4)] = 255
        assert not preprocess(pixels).any()
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[None, :, None], (256, 256, 3))
    middle = preprocess(ramp)[100, :, 0]
    assert np.abs(middle.astype(int) - np.arange(16, 240)).max() <= 1


@pytest.mark.parametrize("file", ["cat.jpg", "espresso.jpg", "dogs.jpg"])
def test_the_printed_lines_run_alone_and_say_what_the_app_says(
    model: Model, file: str, tmp_path: Path
) -> None:
    shutil.copy(SAMPLES / file, tmp_path / "photo.jpg")
    (answer,) = ask(model, [photo(file)])
    assert printed_lines(model, tmp_path) == (f"{answer.top(1)[0].label}\n", "")


def test_the_printed_lines_could_not_import_more(tmp_path: Path) -> None:
    for name in ("pandas", "streamlit", "torch", "models"):
        _, complaint = alone(f"import {name}", tmp_path)
        assert f"ModuleNotFoundError: {name} is not here" in complaint


def test_there_are_a_thousand_labels_and_no_two_are_the_same(model: Model) -> None:
    # Two pairs of classes bear one name upstream ("crane", "maillot"): ours tell them apart.
    assert len(labels(model)) == len(set(labels(model))) == 1000
    assert all(label and label == label.strip() for label in labels(model))


def test_no_class_has_two_families() -> None:
    members = [i for ranges in families.FAMILIES.values() for r in ranges for i in r]
    assert all(ranges and all(ranges) for ranges in families.FAMILIES.values())
    assert len(set(members)) == len(members)
    assert set(members) <= set(ANIMALS)


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("shark", "shark hammerhead"),
        ("fox", "fox"),
        ("bear", "bear"),
        ("crab", "crab"),
        ("wolf", "wolf coyote"),
        ("turtle", "turtle terrapin loggerhead"),
        ("spider", "spider tarantula widow"),
        ("elephant", "elephant"),
        ("panda", "panda"),
        ("cat", "cat tabby"),
    ],
)
def test_a_familys_labels_are_of_its_kind(model: Model, family: str, words: str) -> None:
    members = [labels(model)[i] for r in families.FAMILIES[family] for i in r]
    assert not [name for name in members if not any(word in name for word in words.split())]
