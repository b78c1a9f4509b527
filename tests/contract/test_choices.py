"""What is chosen on one page changes no other, and is there when the visitor comes back."""

import pytest
from streamlit.testing.v1 import AppTest

from pages import menu
from tests.visit import errors, script, visit

# A page, the name of a choice on it, and what is chosen: not what it begins with.
CHOICES = {
    "image_recognition": {"sample": "Cat", "precision": "fp32", "part": "Trust"},
    "fashion": {"turn": "30", "part": "Take"},
    "text_prediction": {"sample": "The start", "seed": "5", "length": "60", "part": "Take"},
    "sentiment": {"sample": "A bad review", "part": "Take"},
    "speech": {"sample": "Letters", "word": "5", "digit": "Nine", "part": "Why"},
    "image_generation": {"seed": "5", "many": "8", "part": "Take"},
    "network_intrusion": {"sample": "Web page", "network_intrusion_dial": "-1.0", "part": "Take"},
    "card_fraud": {"sample": "As ever", "part": "Take"},
    "machine_health": {"sample": "Runs hot", "row": "600", "part": "Take"},
    "visual_inspection": {"sample": "Cloth", "which": "3", "part": "Take"},
    "explainability": {"sample": "Cat", "network": "image_recognition", "part": "Trust"},
}


def shown(test: AppTest) -> dict[str, object]:
    """What the widgets of a page stand at, by their names."""
    kinds = (
        "pills",
        "slider",
        "number_input",
        "selectbox",
        "segmented_control",
        "toggle",
        "text_area",
        "text_input",
    )
    found: dict[str, object] = {}
    for kind in kinds:
        found |= {widget.key: widget.value for widget in getattr(test, kind, []) if widget.key}
    return found


def go(test: AppTest, page: str, **query: str) -> AppTest:
    """To another page of the same visit, by the menu, or by a link with these choices."""
    test.query_params.clear()
    for key, value in query.items():
        test.query_params[key] = value
    return test.switch_page(script(page)).run()


@pytest.mark.parametrize("page", CHOICES)
def test_a_page_comes_back_as_it_was_left_and_others_begin_as_they_are(page: str) -> None:
    others = [name for name in CHOICES if name != page]
    other = others[len(page) % len(others)]
    fresh, alone = shown(visit(other)), visit(page, **CHOICES[page])
    assert errors(alone) == []
    left = shown(alone)
    assert shown(go(alone, other)) == fresh, "a choice of another page"
    back = go(alone, page)
    assert errors(back) == []
    assert shown(back) == left


def test_a_link_says_all_and_what_was_chosen_before_says_nothing() -> None:
    test = visit("machine_health", sample="Runs hot", machine_health_dial="2.5", part="Take")
    go(test, "model_cards")
    linked = go(test, "machine_health", sample="All is well")
    assert shown(linked) == shown(visit("machine_health", sample="All is well"))


def test_a_text_of_ones_own_is_still_there_and_no_sample_is_marked() -> None:
    for page, field in (("sentiment", "sentiment_text"), ("text_prediction", "typed")):
        test = visit(page, part="Take")
        area = next(a for a in [*test.text_area, *test.text_input] if a.key == field)
        area.set_value("A film like no other.").run()
        go(test, "model_cards")
        back = go(test, page)
        area = next(a for a in [*back.text_area, *back.text_input] if a.key == field)
        assert area.value == "A film like no other."
        assert back.pills(key="sample").value is None


def test_a_text_that_a_sample_took_the_place_of_comes_back_by_one_click() -> None:
    for page, field in (("sentiment", "sentiment_text"), ("text_prediction", "typed")):
        test = visit(page, part="Take")
        area = next(a for a in [*test.text_area, *test.text_input] if a.key == field)
        area.set_value("A film like no other.").run()
        test.pills(key="sample").select(test.pills(key="sample").options[1]).run()
        area = next(a for a in [*test.text_area, *test.text_input] if a.key == field)
        assert area.value != "A film like no other."
        next(b for b in test.button if b.label == "Back to your text").click().run()
        assert errors(test) == []
        area = next(a for a in [*test.text_area, *test.text_input] if a.key == field)
        assert area.value == "A film like no other."
        assert test.pills(key="sample").value is None
        assert not [b for b in test.button if b.label == "Back to your text"]


def test_the_pages_with_choices_are_all_here() -> None:
    assert {*CHOICES} == {entry.name for entry in menu.MENU if entry.about} - {
        "face_recognition",
    }
