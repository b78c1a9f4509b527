"""An experiment sets its whole state: what another one or the visitor set before is gone."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages import menu
from pages.parts.sections.demo import Experiment
from tests.contract.test_choices import shown
from tests.visit import errors, visit

EXPLAINED = [entry.name for entry in menu.MENU if entry.about]
# What a visitor set before, of each page: nothing that the experiments of the page name.
BEFORE: dict[str, dict[str, Any]] = {
    "image_recognition": {"precision": "fp32", "part": "Trust"},
    "fashion": {"turn": "45", "shift": "3", "precision": "fp32"},
    "text_prediction": {"seed": "9", "length": "100"},
    "sentiment": {"precision": "fp32", "part": "Trust"},
    "speech": {"noise": "Telephone", "digit": "Nine", "moment": "3"},
    "image_generation": {"seed": "9", "variety": "60"},
    "network_intrusion": {"network_intrusion_dial": "-1", "network_intrusion_share": "7"},
    "card_fraud": {"card_fraud_missed_cost": "7", "card_fraud_row": "2"},
    "machine_health": {"machine_health_dial": "2.5", "row": "100", "part": "Why"},
    "visual_inspection": {"visual_inspection_dial": "2"},
    "explainability": {"share": "75", "order": "Belief"},
    "face_recognition": {"threshold": "1.1"},
}


def done(test: AppTest, page: str, number: int) -> dict[str, object]:
    """What a page's widgets stand at after one of its experiments."""
    test.button(key=f"{page}_experiment_{number}").click().run()
    assert errors(test) == []
    return shown(test)


@pytest.mark.parametrize("page", EXPLAINED)
def test_each_experiment_gives_the_same_after_any_other(page: str) -> None:
    fresh = {number: done(visit(page), page, number) for number in (1, 2, 3)}
    test = visit(page, **BEFORE[page])
    for number in (2, 1, 3, 2):
        assert done(test, page, number) == fresh[number], number


@pytest.mark.parametrize("page", EXPLAINED)
def test_after_the_click_it_says_what_to_look_at_which_is_there(page: str) -> None:
    test = visit(page)
    for number, experiment in enumerate(experiments(page), 1):
        done(test, page, number)
        assert [one.value for one in test.info if experiment.look in one.value]
        assert [one.value for one in test.toast] == [experiment.look]
        bold = [one.value.lstrip("*") for one in test.markdown]
        folds = [one.label for one in test.expander]
        assert (
            experiment.at == "top"
            or experiment.at in test.session_state
            or any(words.startswith(experiment.at) for words in (*bold, *folds))
        ), experiment.at


@pytest.mark.parametrize("page", ["fashion", "image_generation"])
def test_what_begins_at_the_first_step_stands_there(page: str) -> None:
    number = next(n for n, one in enumerate(experiments(page), 1) if one.at == "moment")
    test = visit(page)
    done(test, page, number)
    slider = next(one for one in test.select_slider if one.key == "moment")
    assert slider.value == slider.options[0]


def experiments(page: str) -> tuple[Experiment, ...]:
    """Those of a page."""
    about = menu.BY_NAME[page].about
    assert about is not None
    return about.experiments
