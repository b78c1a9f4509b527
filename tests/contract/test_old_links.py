"""Links that were made before choices had one owner: each still opens its page as it was left."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from pages import menu
from tests.contract.test_choices import shown
from tests.visit import errors, visit

# Of each page the link as it stood under Take, and the tabs in which its choices are seen.
LINKS = {
    "image_recognition": (
        "?sample=Dogs&part=Take&class=cocker+spaniel&depth=wholes&detector=2&precision=fp32",
        ("Why", "Trust"),
    ),
    "fashion": (
        "?sample=Drawn+dress&part=Take&depth=edges&detector=3&precision=fp32&class=Coat&turn=30"
        "&shift=2&light=120&is=Coat&called=Shirt",
        ("Why", "Trust"),
    ),
    "text_prediction": (
        "?sample=A+letter&part=Take&word=7&inside=true&back=3&two=True&length=100&heat=1.2"
        "&other_seed=9&other_voice=Shakespeare%27s+plays",
        ("Why",),
    ),
    "sentiment": (
        "?sample=Mixed&part=Take&method=Shapley+values+%28sampled%29&without=3",
        ("Why",),
    ),
    "speech": (
        "?sample=Letters&part=Take&word=5&noise=Hum+of+the+mains&decibels=0&digit=Nine",
        ("Why", "Trust", "Digits"),
    ),
    "image_generation": (
        "?part=Take&kept=emoji-7-0-0-80_emoji-7-1-1-80&picked=emoji-7-0-0-80&maker=Emoji&seed=5"
        "&many=8&variety=60&right=1.5&up=-2.0&legs=20&field=true&quiz=4",
        ("Change it", "Real or made?"),
    ),
    "network_intrusion": (
        "?sample=Port+scan&part=Take&network_intrusion_dial=0.5&network_intrusion_false_cost=7.0"
        "&network_intrusion_rows=5000.0",
        (),
    ),
    "card_fraud": (
        "?sample=A+terminal+with+a+past&part=Take&card_fraud_by=saw+no+labels&card_fraud_row=3"
        "&card_fraud_unlabelled_dial=0.5",
        (),
    ),
    "machine_health": (
        "?sample=Runs+hot&part=Take&row=600&machine_health_dial=2.5&normal=101&normal=350",
        ("Why",),
    ),
    "visual_inspection": ("?sample=Cloth&which=3&part=Take&visual_inspection_dial=1.5", ()),
    "explainability": (
        "?sample=Shirt&network=Clothes&methods=Grad-CAM&methods=Occlusion&order=deletion&part=Take"
        "&class=Coat&share=75&by=Grad-CAM",
        ("Why", "Remove"),
    ),
    "face_recognition": (
        "?one=Collins&other=Group+2011&part=Take&precision=fp32&other_face=3&threshold=0.9",
        ("Trust",),
    ),
}


def opened(page: str, link: str, **other: str) -> AppTest:
    query: dict[str, Any] = parse_qs(urlsplit(link).query)
    return visit(page, **query | other)


@pytest.mark.parametrize("page", LINKS)
def test_an_old_link_opens_its_page_as_it_was_and_the_link_made_of_it_does_too(page: str) -> None:
    old, parts = LINKS[page]
    query = parse_qs(urlsplit(old).query)
    test = opened(page, old)
    new = next((code.value for code in test.code if "=" in code.value and "?" in code.value), "")
    assert parse_qs(new.partition("?")[2]).items() <= query.items(), "what nobody chose"
    seen: set[str] = set()
    for part in ("Take", *parts):
        test = opened(page, old, part=part)
        assert errors(test) == []
        assert shown(test) == shown(opened(page, new, part=part))
        for key, found in shown(test).items():
            if key in query:
                said = [*found] if isinstance(found, (list, tuple)) else [found]
                assert [str(one) for one in said] == query[key], key
                seen.add(key)
    # These have no widget, or one that says no value.
    assert {*query} - seen <= {
        "part",
        "kept",
        "picked",
        "quiz",
        "field",
        "inside",
        "word",
        "without",
    }


def test_a_link_holds_the_part_that_was_open_before_only_where_it_was_chosen() -> None:
    test = visit()
    for parts, said in ((("Take",), []), (("Why", "Take"), []), (("Trust", "Take"), ["Trust"])):
        for part in parts:
            test.session_state["part"] = part
            assert errors(test.run()) == []
        assert parse_qs(test.code[0].value.partition("?")[2]).get("part", []) == said


def test_every_page_with_choices_has_an_old_link() -> None:
    assert {*LINKS} == {entry.name for entry in menu.MENU if entry.about}
