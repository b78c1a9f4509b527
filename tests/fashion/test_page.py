"""The page fashion: samples, photos that become 28 x 28, sliders, how it learned, mistakes."""

import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models import catalog
from pages.fashion import learned
from pages.parts.sections import mistakes
from pages.parts.source.samples import CLOTHES
from tests.conftest import Busy
from tests.helpers import SAMPLES
from tests.visit import alts, errors, give, heading, state
from tests.visit import visit as visit_page

SEEN = {
    "Sneaker": "Sneaker",
    "Shirt": "Shirt",
    "Ankle boot": "Ankle boot",
    "Trouser": "Trouser",
    "Drawn dress": "Dress",
    "Drawn T-shirt": "T-shirt/top",
    "Drawn sneaker": "Sneaker",
    "Drawn bag": "Bag",
}
PARTS = ("Why", "Trust", "How it learned", "Take")


def visit(**query: str) -> AppTest:
    return visit_page("fashion", **query)


@pytest.mark.parametrize("sample", CLOTHES)
def test_every_sample_is_named_rightly_and_shown(sample: str) -> None:
    test = visit(part="Take", sample=sample)
    assert errors(test) == []
    assert SEEN[sample] in heading(test)
    assert f"{CLOTHES[sample].alt}, as the network sees it" in alts(test)


def captions(test: AppTest) -> list[str]:
    """What stands under the pictures."""
    return [picture.caption for found in test.image for picture in found.proto.imgs]


def test_a_photo_shows_its_steps_and_28_greys_are_taken_as_they_are() -> None:
    shown = captions(visit(part="Take", sample="Drawn dress"))
    steps = ["your photo", "trimmed", "border made black", "longest side 28, centred"]
    assert [caption for caption in shown if caption in steps] == steps
    assert not set(steps) & set(captions(visit(part="Take", sample="Shirt")))


def test_a_visitors_photo_is_converted_named_and_leaves_the_sample() -> None:
    photo = (SAMPLES / "clothes-t-shirt.jpg").read_bytes()
    test = give(visit(part="Take"), ("mine.jpg", photo))
    assert errors(test) == []
    assert "T-shirt/top" in heading(test)
    assert "your photo" in captions(test)
    assert state(test, "sample") == [None]


def test_many_photos_are_answered_in_a_table() -> None:
    names = ("clothes-t-shirt.jpg", "clothes-bag.jpg")
    test = give(visit(part="Take"), *[(name, (SAMPLES / name).read_bytes()) for name in names])
    assert errors(test) == []
    table = test.dataframe[0].value
    assert [*table["file"]] == [*names]
    assert "T-shirt/top" in table["answer"][0]
    assert "Bag" in table["answer"][1]


def linked(test: AppTest) -> str:
    return str(test.code[0].value)


def test_sliders_change_what_the_network_sees_and_stand_in_the_link() -> None:
    still = visit(part="Take", sample="Trouser")
    turned = visit(part="Take", sample="Trouser", turn="90", light="60")
    assert errors(turned) == []
    assert heading(turned) != heading(still)
    assert "turn=90" in linked(turned)
    assert "light=60" in linked(turned)
    assert "shift" not in linked(turned)
    turned.pills[0].select("Shirt")
    assert errors(turned.run()) == []
    assert state(turned, "turn", "light") == [0, 100], "the next picture starts upright"


def count(test: AppTest) -> int:
    """How many watched pictures it names rightly, as the page says."""
    found = [re.search(r"names \*\*(\d+) of 60\*\*", text.value) for text in test.markdown]
    (number,) = (match[1] for match in found if match)
    return int(number)


def test_dragging_through_training_changes_the_labels_and_stands_in_the_link() -> None:
    test = visit(part="How it learned")
    last = count(test)
    slider = test.select_slider("moment")
    first = visit(part="How it learned", moment=slider.options[0])
    assert errors(first) == []
    assert count(first) < 25
    assert last > 48
    pictures = [alt for alt in alts(test) if ", called " in alt]
    assert len(pictures) == learned.SHOWN
    assert pictures != [alt for alt in alts(first) if ", called " in alt]
    slider.set_value(slider.options[3])
    test.run()
    test.query_params["part"] = "Take"
    assert errors(test.run()) == []
    assert f"moment={slider.options[3]}" in linked(test).replace("%2C", ",")


def test_four_ways_answer_the_same_picture() -> None:
    test = visit(part="How it learned", sample="Drawn dress")
    table = test.table[0].value
    assert [*table["way"]] == [
        "hand-written rules",
        "logistic regression",
        "nearest neighbours",
        "network",
    ]
    assert (table["answer"] == "Dress").sum() >= 3
    assert table["how sure"][0].startswith("because it is")


def test_any_square_of_the_confusion_matrix_shows_such_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    test = visit(**{"part": "Trust", "is": "Coat", "called": "Pullover"})
    assert errors(test) == []
    shown = [alt for alt in alts(test) if alt.startswith("Coat called Pullover, no. ")]
    assert 1 <= len(shown) <= mistakes.SHOWN

    class Points:
        points = ({"x": "Bag", "y": "Bag"},)

    class Clicked:
        selection = Points()

    chosen: dict[str, Any] = {}
    monkeypatch.setattr(mistakes.st, "session_state", type("S", (), {"confusion": Clicked()})())
    monkeypatch.setattr(mistakes.choices, "put", chosen.update)
    mistakes._clicked()
    assert chosen == {"is": "Bag", "called": "Bag"}


def test_trust_says_what_the_card_says() -> None:
    card = catalog.load("fashion").card
    test = visit(part="Trust")
    said = " ".join(caption.value for caption in test.caption)
    assert f"{card.metric('ece', 'test').value:.1%}" in said
    figures = test.dataframe[0].value
    row = figures[(figures["on"] == "test") & (figures["what"] == "right")].iloc[0]
    assert row["value"] == f"{card.metric('accuracy', 'test').value:.1%}"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_experiments_open_their_part(number: int) -> None:
    test = visit(part="Take")
    test.button(f"fashion_experiment_{number}").click()
    assert errors(test.run()) == []
    assert state(test, "part") == ["Why" if number == 1 else "How it learned"]


@pytest.mark.parametrize("part", PARTS)
def test_a_machine_that_gets_busy_says_so_and_the_answer_stays(part: str, busy: Busy) -> None:
    busy.again(after=2)  # the sample and its answer
    test = visit(part=part)
    assert len(set(errors(test))) == (part == "Why")  # the others need no more of the network
    assert SEEN["Sneaker"] in heading(test)


def test_a_frame_tells_right_from_wrong() -> None:
    picture = np.zeros((28, 28), np.uint8)
    assert tuple(learned.framed(picture, True)[0, 0]) == learned.RIGHT
    assert tuple(learned.framed(picture, False)[0, 0]) == learned.WRONG
