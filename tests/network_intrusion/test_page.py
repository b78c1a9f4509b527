"""Network intrusion: what a visitor reads of one connection and of a table, and of the dial."""

import csv
import io
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from models import catalog
from models.network_intrusion import predict, reading
from models.network_intrusion.schema import NAMES
from pages.network_intrusion import connection
from pages.network_intrusion import table as network_table
from pages.network_intrusion.samples import CONNECTIONS
from tests.helpers import ROOT, page_code
from tests.visit import alts, errors, heading, visit

PAGE = "network_intrusion"
MODEL = catalog.load(PAGE)
USUAL = MODEL.card.settings["threshold"].value


def said(test: AppTest) -> str:
    return " ".join(str(found.value) for found in (*test.markdown, *test.caption, *test.info))


def given(data: bytes, **query: str) -> AppTest:
    test = visit(PAGE, **({"part": "Take"} | query))
    test.file_uploader[0].set_value([("rows.csv", data, "text/csv")])
    return test.run()


def answers(test: AppTest) -> Any:
    """The table of scores."""
    (frame,) = [found.value for found in test.dataframe if "most unusual column" in found.value]
    return frame


def score(name: str) -> float:
    return float(predict(MODEL, reading.typed(MODEL, CONNECTIONS[name].values))[0].score[0])


@pytest.mark.parametrize("name", CONNECTIONS)
def test_every_sample_is_answered_and_explained_when_the_page_opens(name: str) -> None:
    test = visit(PAGE, sample=name)
    assert errors(test) == []
    assert heading(test) == connection.sentence(score(name), USUAL)
    assert "We made it as" in said(test)
    assert any(alt.startswith("Bars of share of score") for alt in alts(test))
    assert any("three groups of normal connections" in alt for alt in alts(test))


def test_the_verdict_follows_the_dial_and_so_do_the_numbers() -> None:
    test = visit(PAGE, sample="Web page")
    assert "**No alarm:**" in heading(test)
    test.slider(f"{PAGE}_dial").set_value(-0.25).run()
    assert "**Alarm:**" in heading(test)
    point = connection.dial(MODEL).judged.at(-0.25)
    shown = {metric.label: metric.value for metric in test.metric}
    assert shown["recall"] == f"{point.recall:.1%}"


def test_a_dial_that_costs_far_more_than_the_cheapest_says_how_it_was_chosen() -> None:
    rule = MODEL.card.settings["threshold"].rule
    test = visit(PAGE, part="Take")
    assert rule in said(test)
    test.button(f"{PAGE}_cheapest").click().run()
    assert rule not in said(test)
    assert not [button for button in test.button if button.key == f"{PAGE}_cheapest"]


@pytest.mark.parametrize("part", ["Why", "Trust", "Take"])
def test_what_cannot_be_read_gets_one_sentence_and_costs_nothing_else(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = CONNECTIONS["Web page"].values | {"count": "six"}
    monkeypatch.setattr(connection, "editor", lambda *_: values)
    test = visit(PAGE, part=part)
    assert errors(test) == ["Column count has a text: give a number such as 1234.5."]
    assert heading(test) == ""
    assert test.slider(f"{PAGE}_dial").value == USUAL
    assert test.file_uploader


def test_a_changed_cell_is_scored_and_no_longer_called_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = CONNECTIONS["Web page"].values | {"count": "511", "serror_rate": "1"}
    monkeypatch.setattr(connection, "editor", lambda *_: values)
    test = visit(PAGE, part="Take")
    found, _ = predict(MODEL, reading.typed(MODEL, values))
    assert heading(test) == connection.sentence(float(found.score[0]), USUAL)
    assert "only you can say" in said(test)
    assert "not in the link" in said(test)


def test_the_template_is_read_and_its_rows_score_as_the_samples() -> None:
    test = given(network_table.template())
    assert errors(test) == []
    frame = answers(test)
    assert [*frame["score"]] == [round(score(name), 3) for name in CONNECTIONS]
    assert [*frame["row"]] == [*range(2, 2 + len(CONNECTIONS))]
    shown = {metric.label: metric.value for metric in test.metric}
    assert shown["connections"] == str(len(CONNECTIONS))


def test_the_alarms_of_a_table_follow_the_dial() -> None:
    test = given(network_table.template())
    before = (answers(test)["alarm"] == "alarm").sum()
    test.slider(f"{PAGE}_dial").set_value(connection.dial(MODEL).ends[0]).run()
    test.run()
    assert (answers(test)["alarm"] == "alarm").sum() == len(CONNECTIONS) > before


def test_a_row_of_the_table_is_explained() -> None:
    test = given(network_table.template(), part="Why")
    opened = test.session_state[f"{PAGE}_opened"]
    test.session_state[f"{PAGE}_clicked"] = ((opened.which, MODEL.precision()), 4)
    test.run()
    assert errors(test) == []
    assert "the score of row 6 of your table" in said(test)
    test.button(f"{PAGE}_unclick").click().run()
    assert "the score of the connection above" in said(test)


def rows(**changes: str) -> bytes:
    """The template with cells of its first row changed, without labels."""
    table = [*csv.reader(io.StringIO(network_table.template().decode()))]
    for name, cell in changes.items():
        table[1][NAMES.index(name)] = cell
    file = io.StringIO()
    csv.writer(file).writerows(row[:41] for row in table)
    return file.getvalue().encode()


REFUSED = {
    "missing columns": (b"a,b\n1,2\n", "lacks the columns duration"),
    "a million commas": (b"," * 10**6, "1,000,001 cells"),
    "too many rows": (rows() + b"\r\n".join([b",".join([b"1"] * 41)] * 200_000), "200,000 rows of"),
    "one row of commas": (rows().split(b"\r\n")[0] + b"\r\n" + b"," * 10**6, "Row 2 has 1,000,001"),
    "empty": (b"", "empty"),
    "a workbook": (b"PK\x03\x04" + bytes(99), "save the sheet as CSV"),
}


@pytest.mark.parametrize(("cell", "kind"), [("many", "a text"), ("nan", "NaN or infinity")])
def test_a_row_that_cannot_be_read_is_named_and_the_rest_is_answered(cell: str, kind: str) -> None:
    test = given(rows(count=cell), sample="Port scan")
    assert errors(test) == []
    said = " ".join(str(info.value) for info in test.info)
    assert f"Row 2 was left out. Column count has {kind} in row 2" in said
    shown = {metric.label: metric.value for metric in test.metric}
    assert shown["connections"] == str(len(CONNECTIONS) - 1)


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_a_bad_table_gets_one_sentence_and_the_connection_its_answer(
    data: bytes, says: str
) -> None:
    test = given(data, sample="Port scan")
    (error,) = errors(test)
    assert says in error
    assert "**Alarm:**" in heading(test)


def test_other_encodings_separators_and_unknown_words_are_told() -> None:
    data = rows(service="café", wrong_fragment="3").decode().replace(",", ";").encode("cp1252")
    test = given(data)
    assert errors(test) == []
    assert "not UTF-8" in said(test)
    assert "Column service has a word that the network never met, first in row 2" in said(test)
    (warning,) = [found.value for found in test.warning]
    assert "*wrong_fragment* in 1" in warning


def test_trust_shows_the_cards_figures_and_the_dials_place() -> None:
    test = visit(PAGE, part="Trust")
    assert errors(test) == []
    shown = alts(test)
    auroc = MODEL.card.metric("auroc", "test", "fp32").value
    assert any(f"area {auroc:.3f}; at the dial" in alt for alt in shown)
    assert any(alt.startswith("Bars of share with an alarm:") for alt in shown)
    assert any("PCA" in alt for alt in shown)


def test_a_link_restores_the_sample_the_dial_and_the_costs() -> None:
    query = {"sample": "Web page", f"{PAGE}_dial": "0.5", f"{PAGE}_missed_cost": "7"}
    test = visit(PAGE, **query, part="Take")
    assert errors(test) == []
    assert test.slider(f"{PAGE}_dial").value == 0.5
    (link,) = (code.value for code in test.code if code.value.partition("?")[1])
    assert parse_qs(urlsplit(link).query) == {
        "sample": ["Web page"],
        f"{PAGE}_dial": ["0.5"],
        f"{PAGE}_missed_cost": ["7.0"],
    }


def test_the_lines_under_take_run_in_a_copy_with_the_template(tmp_path: Any) -> None:
    (tmp_path / "glassbox-connections.csv").write_bytes(network_table.template())
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{page_code(PAGE)}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.count("True") >= 4


def test_every_experiment_sets_the_page() -> None:
    for number in (1, 2, 3):
        test = visit(PAGE)
        test.button(f"{PAGE}_experiment_{number}").click().run()
        assert errors(test) == []
        assert heading(test)
