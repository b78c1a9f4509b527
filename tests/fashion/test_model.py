"""fashion on samples and on photos of drawn clothes: what it sees, what it says, six lines."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from models import catalog
from models.catalog import Model
from models.fashion import predict
from models.fashion.convert import adjusted, as_seen, convert
from tests.helpers import SAMPLES, Array, photo, printed_lines
from training.sources import foreign

CLOTHES = {
    "t-shirt": "T-shirt/top",
    "trousers": "Trouser",
    "pullover": "Pullover",
    "dress": "Dress",
    "coat": "Coat",
    "sandal": "Sandal",
    "shirt": "Shirt",
    "sneaker": "Sneaker",
    "bag": "Bag",
    "boot": "Ankle boot",
}


@pytest.fixture(scope="module")
def fashion() -> Model:
    return catalog.load("fashion")


def converted(name: str) -> Array:
    return convert(photo(f"clothes-{name}.jpg")).picture


@pytest.mark.parametrize("name", CLOTHES)
def test_a_photo_becomes_what_the_training_pictures_are(name: str) -> None:
    conversion = convert(photo(f"clothes-{name}.jpg"))
    picture = conversion.picture
    assert conversion.found
    assert picture.shape == (28, 28)
    ink = picture >= 20
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    longest = max(np.ptp(rows), np.ptp(columns)) + 1
    assert longest >= 26
    for place in (rows, columns):  # centred
        assert abs((place[0] + place[-1]) / 2 - 13.5) <= 1.5
    assert np.median(picture[[0, 0, -1, -1], [0, -1, 0, -1]]) == 0, "the ground became black"
    assert next(iter(conversion.steps)) == "your photo"
    assert (list(conversion.steps.values())[-1] == picture).all()


def test_of_ten_photos_of_clothes_at_most_one_is_named_wrongly(fashion: Model) -> None:
    answers, _ = predict(fashion, [converted(name) for name in CLOTHES])
    said = {name: answer.top(1)[0].label for name, answer in zip(CLOTHES, answers, strict=True)}
    wrong = {name for name, label in said.items() if label != CLOTHES[name]}
    assert len(wrong) <= 1, said


def test_a_photo_may_lie_on_dark_or_light_ground_and_be_large_or_small() -> None:
    given = photo("clothes-dress.jpg")
    small = converted("dress").astype(int)
    for other in (
        np.asarray(Image.fromarray(given).resize((given.shape[1] * 2, given.shape[0] * 2))),
        np.asarray(Image.fromarray(given).resize((given.shape[1] // 2, given.shape[0] // 2))),
    ):
        assert np.abs(convert(other).picture.astype(int) - small).mean() < 4
    for ground, cloth in ((255, 60), (10, 200)):
        picture = np.full((300, 200, 3), ground, np.uint8)
        picture[50:250, 60:140] = cloth
        found = convert(picture).picture
        assert (found[:, :6] == 0).all()
        assert found[14, 14] > 150


PUBLISHED = ("ankle-boot", "trouser", "shirt", "sneaker")  # samples of Fashion-MNIST's own form
NAMES = dict(zip(PUBLISHED, ("Ankle boot", "Trouser", "Shirt", "Sneaker"), strict=True))


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_training_picture_is_taken_bit_for_bit_and_on_white_it_is_negated(name: str) -> None:
    given = photo(f"fashion-{name}.png")
    assert (as_seen(given).picture == given[..., 0]).all()
    negated = as_seen(255 - given)
    assert (negated.picture == given[..., 0]).all()
    assert list(negated.steps) == ["28 x 28 on white", "white made black"]


def on_ground(picture: Array, ground: int, side: int) -> Array:
    """A training picture at another size on a light or dark ground, as RGB."""
    large = np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC))
    grey = large if ground == 0 else 255 - large
    return grey[..., None].repeat(3, 2)


@pytest.mark.parametrize("side", [28, 32, 56, 224])
@pytest.mark.parametrize("ground", [0, 255])
def test_at_every_size_the_ground_is_found_by_the_border(
    fashion: Model, side: int, ground: int
) -> None:
    """Also where the cloth touches the border, as the longest side of these does."""
    given = [on_ground(photo(f"fashion-{name}.png")[..., 0], ground, side) for name in PUBLISHED]
    conversions = [as_seen(picture) for picture in given]
    assert all(conversion.found for conversion in conversions)
    answers, _ = predict(fashion, [conversion.picture for conversion in conversions])
    said = [answer.top(1)[0].label for answer in answers]
    assert sum(a == b for a, b in zip(said, NAMES.values(), strict=True)) >= 3, said
    assert said[:2] == ["Ankle boot", "Trouser"]


@pytest.mark.parametrize("side", [28, 56, 300])
@pytest.mark.parametrize("light", [False, True])
@pytest.mark.parametrize("name", ["ankle-boot", "trouser"])
def test_what_is_transparent_is_ground_whatever_its_colour(
    fashion: Model, side: int, light: bool, name: str
) -> None:
    """A cut-out lies on white as it is decoded, on which a light boot would not stand out."""
    cloth = on_ground(photo(f"fashion-{name}.png")[..., 0], 0, side)[..., 0]
    alpha = np.where(cloth > 12, 255, 0).astype(np.uint8)
    shade = cloth if light else 255 - cloth
    for under in (0, 128, 255):  # what lies under the transparent part
        laid = np.where(alpha > 0, shade, under).astype(np.uint8)[..., None].repeat(3, 2)
        conversion = as_seen(laid, alpha)
        assert conversion.found
        (answer,), _ = predict(fashion, [conversion.picture])
        assert answer.top(1)[0].label == NAMES[name]


def test_a_sheet_with_its_own_ground_amid_transparency_is_no_cloth() -> None:
    sheet = np.full((200, 200, 3), 255, np.uint8)
    sheet[40:160, 80:120] = 60
    framed = np.pad(sheet, ((30, 30), (30, 30), (0, 0)), constant_values=255)
    alpha = np.pad(np.full((200, 200), 255, np.uint8), 30)
    assert (as_seen(framed, alpha).picture == as_seen(sheet).picture).all()
    ink = as_seen(framed, alpha).picture >= 20
    assert ink.any(0).sum() == pytest.approx(9, abs=2)  # 40 of 120 high, at 28 of 28


def test_a_photo_of_an_uneven_ground_is_converted_as_it_was_for_the_card() -> None:
    for name in CLOTHES:
        given = photo(f"clothes-{name}.jpg")
        assert (as_seen(given).picture == convert(given).picture).all()


def test_a_blank_photo_says_that_nothing_stands_out() -> None:
    conversion = convert(np.full((200, 300, 3), 128, np.uint8))
    assert not conversion.found
    assert conversion.picture.shape == (28, 28)


def test_turning_shifting_and_dimming_do_what_they_say() -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[4:10, 12:16] = 200
    assert (adjusted(picture) == picture).all()
    assert (adjusted(picture, turn=180)[18:24, 12:16] == 200).all()
    assert (adjusted(picture, shift=5)[4:10, 17:21] == 200).all()
    assert adjusted(picture, light=50).max() == 100
    assert adjusted(picture, light=200).max() == 255


@pytest.mark.parametrize("precision", ["int8", "fp32"])
def test_noise_and_blanks_are_not_clothes(fashion: Model, precision: str) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (20, 28, 28), dtype=np.uint8)
    blanks = [np.full((28, 28), grey, np.uint8) for grey in (0, 60, 128, 255)]
    answers, _ = predict(fashion, [*noise, *blanks], precision=precision)
    assert not any(answer.in_distribution for answer in answers)


def test_most_digits_are_not_clothes(fashion: Model) -> None:
    digits = [
        np.asarray(Image.fromarray(digit).convert("L").resize((28, 28), Image.Resampling.BILINEAR))
        for digit in foreign.digits(200)
    ]
    answers, _ = predict(fashion, digits)
    expected = fashion.card.metric("refused_share", "digits (scikit-learn)").value
    assert np.mean([not answer.in_distribution for answer in answers]) == pytest.approx(
        expected, abs=0.15
    )


@pytest.mark.parametrize("file", ["fashion-ankle-boot.png", "fashion-trouser.png"])
def test_the_printed_lines_run_alone_and_say_what_the_app_says(
    fashion: Model, file: str, tmp_path: Path
) -> None:
    picture = Image.open(SAMPLES / file).convert("L")
    ImageOps.invert(picture).save(tmp_path / "cloth.png")  # dark cloth on white, as a shop shows it
    (answer,), _ = predict(fashion, [np.asarray(picture)])
    assert printed_lines(fashion, tmp_path) == (f"{answer.top(1)[0].label}\n", "")


def test_the_card_holds_the_whole_story(fashion: Model) -> None:
    card = fashion.card
    for split in ("test", "test, before calibration"):
        assert card.metric("ece", split).n == 10_000
    test = card.metric("accuracy", "test")
    assert (test.n, test.precision) == (10_000, "int8")
    assert test.value >= 0.934
    assert test.baseline is not None
    assert max(test.baseline.values()) < test.value
    assert {"rules", "logistic regression", "k-nearest neighbours"} == set(test.baseline)
    assert card.tables["amounts"].columns == ["way", "1%", "10%", "100%"]
    assert len(card.tables["amounts"].rows) == 4
    confusion = np.array([row[1:] for row in card.tables["confusion"].rows], float)
    assert confusion.sum() == 10_000
    assert confusion.trace() / 10_000 == pytest.approx(test.value)
    recall = [row[1] for row in card.tables["per_class"].rows]
    assert np.allclose(recall, confusion.diagonal() / confusion.sum(1))
    assert len(card.history) == card.training.config["epochs"]
    assert card.tables["mistakes"].rows
    assert {row[0] for row in card.tables["seeds"].rows} >= {0.0}


def test_the_shown_mistakes_are_those_of_the_confusion_matrix(fashion: Model) -> None:
    kept = fashion.arrays("evidence.npz")
    answers, _ = predict(fashion, list(kept["example_pictures"]))
    said = [answer.top(1)[0].index for answer in answers]
    assert (np.array(said) == kept["example_answers"]).mean() > 0.99  # another processor rounds
