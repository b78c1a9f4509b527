"""The page explainability: maps with their figures, removal, two classes, a change of mind."""

import html
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from models import catalog
from models.explain import Heat, methods
from models.explain.methods import METHODS
from pages.parts.explain import explained, tiles, why
from tests.conftest import Busy
from tests.helpers import SAMPLES
from tests.visit import alts, errors, give, heading, state, words
from tests.visit import visit as visit_page

NETWORKS = {"Photos": ("Coffee", "espresso"), "Clothes": ("Ankle boot", "Ankle boot")}
QUICK = ["Grad-CAM", "Gradient"]


def visit(**query: object) -> AppTest:
    chosen = {"network": "Clothes", "sample": "Ankle boot", "methods": QUICK}
    return visit_page("explainability", **(chosen | query))


def shown(test: AppTest) -> list[str]:
    """The methods whose maps are on the page, in their order."""
    found = [re.match(r"(.+) for .+: hottest at", alt) for alt in alts(test)]
    return [match[1] for match in found if match]


@pytest.mark.parametrize("network", NETWORKS)
def test_a_network_a_sample_and_methods_give_maps_with_their_figures(network: str) -> None:
    sample, label = NETWORKS[network]
    test = visit(network=network, sample=sample)
    assert errors(test) == []
    assert label in heading(test)
    assert shown(test) == QUICK
    said = [caption.value for caption in test.caption]
    assert len([text for text in said if text.startswith("Taking its bright pixels away")]) == len(
        QUICK
    )
    verdicts = [
        text for text in words(test).splitlines() if "without its brightest quarter" in text
    ]
    assert len(verdicts) == len(QUICK), "one for each map"
    for name in QUICK:
        assert f"{METHODS[name].shows} {METHODS[name].cannot}" in said


def test_the_default_methods_are_the_best_of_the_card_and_another() -> None:
    test = visit_page("explainability", network="Clothes")
    assert errors(test) == []
    card = catalog.load("fashion").card
    assert set(why.two(card)) <= set(test.pills("methods").value)
    assert methods.best(card) == why.two(card)[0]


def test_integrated_gradients_tell_their_gap() -> None:
    test = visit(methods=["Integrated gradients"])
    assert any("of what the picture added" in caption.value for caption in test.caption)


def test_no_method_gets_a_hint_instead_of_maps() -> None:
    test = visit()
    test.pills("methods").set_value([])
    assert errors(test.run()) == []
    assert [hint.value for hint in test.info] == ["Choose at least one way to explain it."]


def test_maps_can_be_sorted() -> None:
    test = visit(methods=[*QUICK, "Gradient x input"])
    by = {}
    for order in ("deletion", "insertion"):
        test.segmented_control("order").select(order)
        assert errors(test.run()) == []
        by[order] = shown(test)
    _, case = test.session_state["explainability_case"]
    assert by["deletion"] == sorted(by["deletion"], key=lambda n: case.made[n].deletion.area)
    assert by["insertion"] == sorted(by["insertion"], key=lambda n: -case.made[n].insertion.area)


def test_maps_are_made_once_while_the_picture_and_the_class_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    test = visit()
    monkeypatch.setattr(explained, "METHODS", {})
    test.query_params["part"] = "Remove"
    assert errors(test.run()) == []
    assert not test.exception
    monkeypatch.undo()
    test.selectbox("class").select("Bag")
    assert errors(test.run()) == []
    assert test.session_state["explainability_case"][1].label == "Bag"


def test_removing_more_pixels_shows_another_picture_and_score() -> None:
    few, many = (visit(part="Remove", share=str(share)) for share in (5, 80))
    assert errors(few) == errors(many) == []
    captions = [
        [p.caption for found in test.image for p in found.proto.imgs if "%" in p.caption]
        for test in (few, many)
    ]
    assert captions[0] != captions[1]
    assert any("area under each curve" in alt for alt in alts(many))


def test_two_classes_are_set_against_each_other() -> None:
    test = visit(part="This, not that", against="Bag")
    assert errors(test) == []
    said = " ".join(alts(test))
    assert "more for “Bag”" in said
    assert "more for “Ankle boot”" in said


def test_a_patch_that_changes_its_mind_is_found_and_told() -> None:
    test = visit(part="Change its mind")
    assert errors(test) == []
    text = " ".join(found.value for found in test.markdown)
    assert re.search(r"Cover \*\*.+%\*\* of the picture|Even with", text)


def test_trust_shows_what_the_card_says_of_every_method() -> None:
    test = visit(part="Trust")
    table = test.dataframe[0].value
    assert set(table["method"]) >= set(METHODS)


def test_a_method_that_ignores_the_network_is_marked_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pages.parts.explain.tiles.sane", lambda _card, name: name != "Gradient")
    test = visit()
    (warning,) = (found.value for found in test.warning)
    assert warning.startswith("Do not trust this map")


class Addresses(HTMLParser):
    """Everything that a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]


def test_take_gives_the_map_as_numbers_and_a_report_that_needs_no_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saved = {}
    monkeypatch.setattr(
        st,
        "download_button",
        lambda _label, data, name, *_, **_more: saved.update(
            {name: data() if callable(data) else data}
        ),
    )
    test = visit(part="Take", by="Gradient")
    assert errors(test) == []
    values = np.load(io.BytesIO(saved["gradient.npy"]))
    assert values.shape == (28, 28)
    np.testing.assert_allclose(
        np.loadtxt(io.BytesIO(saved["gradient.csv"]), delimiter=","), values, rtol=1e-4
    )
    assert saved["gradient.png"].startswith(b"\x89PNG")
    report = html.unescape(saved["glassbox-report.html"].decode())
    page = Addresses()
    page.feed(report)
    assert page.loaded
    assert all(address.startswith("data:image/png;base64,") for address in page.loaded)
    assert "script" not in page.tags
    assert "link" not in page.tags
    for told in ("Ankle boot", *QUICK, "onnxruntime", '"name": "fashion"'):
        assert told in report
    assert "model.gradients.onnx" in saved


def test_an_upload_is_explained_and_is_in_no_link() -> None:
    photo = (SAMPLES / "clothes-bag.jpg").read_bytes()
    test = give(visit(part="Take"), ("mine.jpg", photo))
    assert errors(test) == []
    assert "Bag" in heading(test)
    assert not [code for code in test.code if "sample=" in code.value]


def test_switching_the_network_starts_with_its_own_samples() -> None:
    test = visit()
    test.segmented_control("network").select("Photos")
    assert errors(test.run()) == []
    assert "an espresso" in heading(test)
    assert state(test, "class") == [why.FIRST]


def test_a_link_with_nonsense_opens_the_page_all_the_same() -> None:
    nonsense = dict.fromkeys(("network", "sample", "class", "order", "by", "part"), "no")
    test = visit_page("explainability", **nonsense, methods="no")
    assert errors(test) == []
    assert "an espresso" in heading(test)


@pytest.mark.parametrize("part", ["Why", "Remove", "This, not that", "Change its mind", "Take"])
def test_a_machine_that_gets_busy_says_so_once_and_keeps_the_answer(part: str, busy: Busy) -> None:
    busy.again(after=2)  # the sample and its answer
    test = visit(part=part)
    assert len(set(errors(test))) == 1
    assert "Ankle boot" in heading(test)
    busy.over()
    assert errors(test.run()) == []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_experiments_open_their_part(number: int) -> None:
    test = visit(part="Trust")
    test.button(f"explainability_experiment_{number}").click()
    assert errors(test.run()) == []
    assert state(test, "network") == ["Photos"]


def flatten(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The method finds nothing: its map is the same everywhere."""
    nothing = replace(
        METHODS[name],
        run=lambda _, image, __, **___: Heat(np.full(image.shape[:2], 0.2, np.float32), 1, 0.0),
    )
    monkeypatch.setitem(METHODS, name, nothing)


@pytest.mark.parametrize("page", ["image_recognition", "fashion"])
def test_a_flat_map_is_said_to_prove_nothing_and_is_never_believed(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = why.two(catalog.load(page).card)[0]
    flatten(name, monkeypatch)
    test = visit_page(page, part="Why")
    assert errors(test) == []
    said = [caption.value for caption in test.caption]
    assert f"The map by {name} is flat: it marks no place, so erasing proves nothing." in said
    assert tiles.verdict(state(test, f"{page}_case")[0][1], name) == ""
    assert not [text for text in said if "rank correlation" in text]


def test_a_flat_map_has_no_figures_no_order_and_no_agreement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flatten("Grad-CAM", monkeypatch)
    test = visit(order="deletion")
    assert errors(test) == []
    said = [caption.value for caption in test.caption]
    assert any(text.startswith("The map is flat") and "proves nothing" in text for text in said)
    assert len([text for text in said if text.startswith("Taking its bright pixels away")]) == 1
    assert shown(test) == ["Gradient"]
    assert not test.dataframe, "of two maps one is flat: nothing to compare"
    test = visit(part="Remove", by="Grad-CAM")
    assert errors(test) == []
    assert not [slider for slider in test.slider if slider.key == "share"]
    assert any("no pixel comes before another" in caption.value for caption in test.caption)
