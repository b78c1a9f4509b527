"""An experiment sets its whole state: what another one or the visitor set before is gone."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages import menu
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
