"""Cells that a visitor changed: no click on a sample loses them, and none is in the address."""

from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from models import catalog
from tests.contract.test_choices import go
from tests.visit import errors, heading, visit

NETWORK, FRAUD = "network_intrusion", "card_fraud"
pytestmark = pytest.mark.skipif(
    not {NETWORK, FRAUD} <= {*catalog.NAMES}, reason="these models are not released"
)
NAMED = {NETWORK: "connection", FRAUD: "transactions"}
# A sample, a cell of it that changes the answer, and another sample.
COUNT = {"edited_rows": {22: {"value": "3"}}}
AMOUNT = {"edited_rows": {0: {"amount": "200.00"}}}
EDITS = {NETWORK: ("Port scan", COUNT, "Web page"), FRAUD: ("As ever", AMOUNT, "A new card")}
AGAIN = {NETWORK: "250", FRAUD: "87"}  # another value for the cell


def edit(test: AppTest, **changes: Any) -> AppTest:
    """As an editor reports what was done in it, all of it since it began."""
    nothing: dict[str, Any] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    test.session_state[test.data_editor[0].key] = nothing | changes
    return test.run()


def answer(test: AppTest) -> str:
    """What is said of the cells, in words and in figures."""
    (figures,) = [text.value for text in test.markdown if "alarm from **" in text.value]
    return heading(test) + figures


def back(test: AppTest) -> list[Any]:
    """The button that brings the visitor's cells back, if it is there."""
    return [button for button in test.button if button.label.startswith("Back to your")]


def mine(test: AppTest) -> bool:
    """Whether the page shows cells of the visitor's: then no sample is chosen."""
    assert errors(test) == []
    return test.pills("sample").value is None


@pytest.mark.parametrize("page", EDITS)
def test_changed_cells_come_back_by_one_click_with_their_answer(page: str) -> None:
    sample, changes, other = EDITS[page]
    test = visit(page, sample=sample, part="Take")
    ours = answer(test)
    edit(test, **changes)
    said = answer(test)
    assert said != ours
    assert mine(test)
    assert not back(test)
    for name in (other, sample, other):
        test.pills("sample").select(name).run()
        assert not mine(test)
        assert answer(test) == answer(visit(page, sample=name, part="Take"))
        (button,) = back(test)
        assert button.label == f"Back to your {NAMED[page]}"
    button.click().run()
    assert answer(test) == said
    assert mine(test)
    assert not back(test)


@pytest.mark.parametrize("page", EDITS)
def test_changed_cells_are_there_when_the_visitor_comes_back_to_the_page(page: str) -> None:
    sample, changes, other = EDITS[page]
    test = edit(visit(page, sample=sample, part="Take"), **changes)
    said = answer(test)
    for _ in range(2):
        go(test, "model_cards")
        test.query_params.pop("sample", None)  # no address says that none is chosen
        go(test, page)
        assert answer(test) == said
        assert mine(test)
    test.query_params["sample"] = other  # as a browser writes it with the click
    test.pills("sample").select(other).run()
    go(test, "model_cards")
    go(test, page)
    assert test.pills("sample").value == other
    back(test)[0].click().run()
    assert answer(test) == said


@pytest.mark.parametrize("page", EDITS)
def test_a_link_to_a_sample_shows_it_and_the_changed_cells_are_one_click_away(page: str) -> None:
    sample, changes, other = EDITS[page]
    test = edit(visit(page, sample=sample, part="Take"), **changes)
    said = answer(test)
    go(test, "model_cards")
    go(test, page, sample=other)
    assert test.pills("sample").value == other
    back(test)[0].click().run()
    assert answer(test) == said


@pytest.mark.parametrize("page", EDITS)
def test_what_was_changed_may_be_changed_again_and_again(page: str) -> None:
    sample, changes, other = EDITS[page]
    test = edit(visit(page, sample=sample, part="Take"), **changes)
    test.pills("sample").select(other).run()
    back(test)[0].click().run()
    table = test.data_editor[0].value
    (column,) = changes["edited_rows"][(row := next(iter(changes["edited_rows"])))]
    assert table[column][row] == changes["edited_rows"][row][column]
    said = answer(test)
    edit(test, edited_rows={row: {column: AGAIN[page]}})
    again = answer(test)
    assert again != said
    test.pills("sample").select(other).run()
    back(test)[0].click().run()
    assert answer(test) == again


@pytest.mark.parametrize("page", EDITS)
def test_an_experiment_shows_its_sample_as_it_is_and_keeps_what_was_changed(page: str) -> None:
    sample, changes, _ = EDITS[page]
    test = edit(visit(page, sample=sample, part="Take"), **changes)
    said = answer(test)
    for number in (1, 2, 3):
        test.button(f"{page}_experiment_{number}").click().run()
        fresh = visit(page)
        fresh.button(f"{page}_experiment_{number}").click().run()
        assert answer(test) == answer(fresh)
    back(test)[0].click().run()
    if page == NETWORK:  # on the other page the experiment chose what the network is asked
        assert answer(test) == said
    assert mine(test)


@pytest.mark.parametrize("page", EDITS)
def test_an_old_choice_reported_beside_a_new_change_does_not_hide_it(page: str) -> None:
    """As a browser does that has not yet heard that no sample is chosen any more."""
    sample, changes, _ = EDITS[page]
    test = visit(page, sample=sample, part="Take")
    edit(test, **changes)
    (row,) = changes["edited_rows"]
    (column,) = changes["edited_rows"][row]
    test.pills("sample").set_value(sample)
    edit(test, edited_rows={row: {column: AGAIN[page]}})
    assert mine(test)
    fresh = edit(visit(page, sample=sample, part="Take"), edited_rows={row: {column: AGAIN[page]}})
    assert answer(test) == answer(fresh)


@pytest.mark.parametrize("page", EDITS)
def test_a_click_on_another_sample_reported_with_a_change_was_made_after_it(page: str) -> None:
    """As when a visitor types into a cell and clicks at once: the sample is shown."""
    sample, changes, other = EDITS[page]
    said = answer(edit(visit(page, sample=sample, part="Take"), **changes))
    test = visit(page, sample=sample, part="Take")
    test.pills("sample").set_value(other)
    edit(test, **changes)
    assert test.pills("sample").value == other
    assert answer(test) == answer(visit(page, sample=other, part="Take"))
    back(test)[0].click().run()
    assert answer(test) == said


def test_changed_cells_are_in_no_address() -> None:
    for page, (sample, changes, _) in EDITS.items():
        test = edit(visit(page, sample=sample, part="Take"), **changes)
        (cells,) = changes["edited_rows"].values()
        link = test.code[0].value
        for cell in cells.values():
            assert f"={cell}" not in f"{test.query_params}{link}"
        first = sample == next(iter(test.pills("sample").options))
        assert first or f"sample={sample.replace(' ', '+')}" in link, "whose cells they were"
        assert any("not in the link" in caption.value for caption in test.caption)


def test_rows_that_were_added_or_deleted_come_back_and_the_one_that_was_judged() -> None:
    test = visit(FRAUD, sample="As ever", part="Take")
    rows = len(test.data_editor[0].value)
    test.slider(f"{FRAUD}_row").set_value(3).run()
    new = {"time": "2026-03-21 10:00", "customer": "Ann", "terminal": "bakery", "amount": "9"}
    edit(test, added_rows=[new, {}], deleted_rows=[1])
    assert test.slider(f"{FRAUD}_row").value == 3, "the row that is judged stays"
    said = answer(test)
    test.pills("sample").select("A new card").run()
    assert test.slider(f"{FRAUD}_row").value == 1
    back(test)[0].click().run()
    assert mine(test)
    assert test.slider(f"{FRAUD}_row").value == 3
    assert answer(test) == said
    table = test.data_editor[0].value
    assert len(table) == rows + 1
    assert [*table["time"].fillna("")][-2:] == ["2026-03-21 10:00", ""]
    edit(test, edited_rows={rows: {"fraud": True}})
    assert mine(test)


def test_all_cells_taken_away_come_back_as_none() -> None:
    test = visit(FRAUD, sample="As ever", part="Take")
    rows = len(test.data_editor[0].value)
    edit(test, deleted_rows=[*range(rows)])
    assert "no transaction left" in errors(test)[0]
    test.pills("sample").select("A new card").run()
    assert errors(test) == []
    back(test)[0].click().run()
    assert "no transaction left" in errors(test)[0]
    assert isinstance(table := test.data_editor[0].value, pd.DataFrame)
    assert table.empty
