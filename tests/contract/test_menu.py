"""The menu: every page of it opens, and home, model cards and GLASSBOX_PAGES follow it."""

import ast
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models import __version__, catalog
from pages import menu
from pages.menu import MENU
from tests.visit import PAGES, alts, errors, give, heading, visit, words

READY = [entry for entry in MENU if entry.ready]
NAMES = [entry.name for entry in READY]
FOOT = ("model_cards", "about")  # what the foot of every page links to


@cache
def opened(name: str) -> AppTest:
    """A page as it opens, for tests that only look."""
    return visit(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens_in_its_frame_and_says_what_it_shows(name: str) -> None:
    test = opened(name)
    assert errors(test) == []
    assert len(test.title) == 1
    assert "never stored" in test.caption[-2].value, "the frame's footer"
    assert __version__ in test.caption[-1].value
    assert "Apache License 2.0" in test.caption[-1].value
    assert tuple(link.proto.page for link in test.get("page_link")[-len(FOOT) :]) == FOOT
    assert all(len(sentence) > 8 for sentence in alts(test))


def test_every_page_has_a_title_of_its_own() -> None:
    titles = {opened(name).title[0].value for name in NAMES}
    assert len(titles) == len(NAMES)


def test_the_menu_has_something_to_try() -> None:
    assert {"home", "image_recognition", *FOOT} <= {*NAMES}


def test_home_has_an_answer_its_map_and_how_far_to_trust_it() -> None:
    test = visit("home")
    assert heading(test).startswith("I see **an espresso**")
    assert alts(test)[0].startswith("A red cup of coffee")
    assert "Grad-CAM for espresso: hottest at the" in alts(test)[0]
    assert "How far to trust it" in words(test)


def test_a_picture_given_on_home_is_answered_there(cat: bytes) -> None:
    test = give(visit("home", picture="Page of text"), ("mine.png", cat))
    assert errors(test) == []
    assert heading(test).startswith("I see **a cat**")
    assert alts(test)[0].startswith("The picture that you gave")
    test = give(test, ("letter.png", b"Dear Sir"))
    assert heading(test).startswith("I see **a cat**")
    assert errors(test)[0].startswith("This is not a picture")


def test_home_shows_every_demo_in_its_section_with_a_picture_and_a_link() -> None:
    test = visit("home")
    demos = [entry.about for entry in READY if entry.about]
    links = [link.proto.page for link in test.get("page_link")]
    assert links == ["story", "image_recognition", *(about.name for about in demos), *FOOT]
    assert len(test.image) == 1 + len(demos)
    shown = [text.value for text in test.caption]
    assert all(about.blurb in shown for about in demos)
    assert [title.value for title in test.subheader] == [*menu.SECTIONS]
    assert menu.TO_COME in " ".join(shown)


def test_model_cards_shows_one_row_and_one_card_for_every_model() -> None:
    test = visit("model_cards")
    shown = dict.fromkeys(name for entry in READY for name in entry.models)
    titles = [catalog.load(name).card.title for name in shown]
    assert [*test.dataframe[0].value["model"]] == titles
    assert [card.label for card in test.expander] == titles


def opens(name: str) -> bool:
    """Whether the menu has that page."""
    try:
        return bool(visit(name).title)
    except ValueError:  # what switch_page raises for a page that the navigation does not hold
        return False


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("", NAMES),
        (" , ", NAMES),
        ("model_cards", ["home", "model_cards"]),
        (" image_recognition , model_cards", ["home", "image_recognition", "model_cards"]),
        ("-image_recognition", [name for name in NAMES if name != "image_recognition"]),
        ("image_recognition,-image_recognition", ["home"]),
        ("-home", NAMES),
    ],
)
def test_a_host_shows_only_some_pages_or_hides_some(
    setting: str, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLASSBOX_PAGES", setting)
    assert [entry.name for entry in menu.visible()] == shown


def test_what_a_host_hides_is_neither_opened_nor_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSBOX_PAGES", "-image_recognition,-explainability")
    assert not opens("image_recognition")
    assert opens("fashion")
    kept = [entry for entry in READY if entry.name not in ("image_recognition", "explainability")]
    assert len(visit("home").image) == len([entry for entry in kept if entry.about])  # none live
    models = {model for entry in kept for model in entry.models}
    assert len(visit("model_cards").dataframe[0].value) == len(models)


def test_a_setting_that_names_no_page_is_told_with_those_that_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GLASSBOX_PAGES", "home,-faces,cats")
    (sentence,) = errors(visit("home"))
    known = ", ".join(entry.name for entry in MENU)
    assert sentence == f"GLASSBOX_PAGES names -faces, cats; there are: {known}."


@pytest.mark.parametrize("path", sorted(PAGES.rglob("*.py")), ids=lambda path: path.stem)
def test_no_page_shares_a_visitors_bytes_or_trusts_their_words(path: Path) -> None:
    """st.cache_data is one cache for all visitors; raw HTML would run what a visitor wrote."""
    for node in ast.walk(ast.parse(path.read_text())):
        name = getattr(node, "attr", None) or getattr(node, "name", None)
        assert name not in ("cache_data", "html", "iframe"), f"line {node.lineno}"
        assert getattr(node, "arg", None) not in ("unsafe_allow_html", "unsafe_allow_javascript")
