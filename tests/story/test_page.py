"""The story: each claim's live line says what the models say, each figure what the cards say."""

import pytest

from models import catalog
from pages import menu
from pages.story.lessons import LESSONS, Step
from tests.visit import alts, errors, give, script, visit, words

PARTS = [
    "From rules to examples",
    "From edges to a cat",
    "Four kinds of networks",
    "Where it works already",
    "Why it matters: it goes on learning",
    "Its two weaknesses",
    "What comes next",
]


def test_it_reads_from_rules_to_what_comes_next_with_a_live_line_for_each_claim() -> None:
    test = visit("story")
    assert errors(test) == []
    assert [title.value for title in test.subheader][: len(PARTS)] == PARTS
    said = words(test)
    assert "**I see **a cat** (93%)" in said
    assert "… **night**, or *day* or *last*" in said
    assert "A *port scan* scores **0.99**; from 0.75 on it is an alarm" in said
    assert len([alt for alt in alts(test) if "detectors of that depth" in alt]) == 3


def test_three_ways_call_the_dress_a_dress_and_are_right_as_often_as_the_card_says() -> None:
    table = visit("story").table[0].value
    figure = catalog.load("fashion").card.metric("accuracy", "test")
    assert all(said.startswith("Dress") for said in table["says of this dress"])
    shares = [float(share.rstrip("%")) / 100 for share in table.iloc[:, 2]]
    others = figure.baseline or {}
    expected = [others["rules"], others["logistic regression"], figure.value]
    assert shares == pytest.approx(expected, abs=5e-4)


def test_every_training_and_what_rounding_costs_is_that_of_the_cards() -> None:
    _, trainings, sizes = (table.value for table in visit("story").table)
    cards = [catalog.load(name).card for name in catalog.NAMES]
    assert [*trainings["network"]] == [card.title for card in cards]
    assert [*trainings["minutes"]] == [f"{card.training.minutes:.0f}" for card in cards]
    int8 = catalog.load("fashion").card.graph("predict", "int8")
    assert sizes["MB"].iloc[-1] == f"{int8.bytes / 1e6:.1f}"


def test_a_picture_of_ones_own_is_looked_into(dogs: bytes) -> None:
    test = give(visit("story"), ("mine.png", dogs))
    assert errors(test) == []
    assert "**I see **a dog**" in words(test)
    test = give(test, ("letter.png", b"Dear Sir"))
    assert errors(test)[0].startswith("This is not a picture")
    assert "**I see **a dog**" in words(test)


def test_every_way_leads_into_a_room_and_hides_where_the_room_is_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    links = [link.proto.page for link in visit("story").get("page_link")]
    demos = {entry.name for entry in menu.MENU if entry.about and entry.ready}
    assert set(links) == {*demos, "model_cards", "about"}
    monkeypatch.setenv("GLASSBOX_PAGES", "-fashion")
    test = visit("story")
    assert errors(test) == []
    assert "fashion" not in [link.proto.page for link in test.get("page_link")]


@pytest.mark.parametrize("step", [step for lesson in LESSONS for step in lesson.steps])
def test_each_step_of_a_lesson_finds_what_it_speaks_of(step: Step) -> None:
    test = visit(step.page, **step.state)
    assert errors(test) == []
    assert script(step.page)
    for key, chosen in step.state.items():
        assert test.session_state[key] == chosen, key


def test_each_lesson_takes_twenty_minutes() -> None:
    assert len(LESSONS) == 3
    assert {sum(step.minutes for step in lesson.steps) for lesson in LESSONS} == {20}
