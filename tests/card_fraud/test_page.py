"""Card fraud: what a visitor reads of one transaction and of a table, by both networks."""

import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from models import catalog
from pages.card_fraud import payment
from pages.card_fraud import table as fraud_table
from pages.card_fraud.payment import BY, LABELLED, ROW, UNLABELLED
from pages.card_fraud.samples import TRANSACTIONS
from tests.helpers import ROOT, page_code
from tests.visit import alts, errors, heading, visit

PAGE = "card_fraud"
pytestmark = pytest.mark.skipif(PAGE not in catalog.NAMES, reason="card_fraud is not released")


def said(test: AppTest) -> str:
    return " ".join(str(found.value) for found in (*test.markdown, *test.caption, *test.info))


def given(data: bytes, **query: str) -> AppTest:
    test = visit(PAGE, **({"part": "Take"} | query))
    test.file_uploader[0].set_value([("rows.csv", data, "text/csv")])
    return test.run()


def answers(test: AppTest) -> Any:
    """The table of scores."""
    (frame,) = [found.value for found in test.dataframe if "too little past" in found.value]
    return frame


@pytest.mark.parametrize("name", TRANSACTIONS)
def test_every_sample_is_judged_and_explained_when_the_page_opens(name: str) -> None:
    test = visit(PAGE, sample=name)
    assert errors(test) == []
    assert "this payment is" in heading(test)
    assert "Probability of fraud **" in said(test)
    assert "We made it as" in said(test)
    assert any(alt.startswith("Added to the log-odds of fraud") for alt in alts(test))
    assert ("Only 1 days stand before it" in said(test)) == (name == "A new card")


def test_the_network_without_labels_judges_with_its_own_dial() -> None:
    test = visit(PAGE, sample="A very large amount", **{BY: UNLABELLED})
    assert errors(test) == []
    assert "unusual" in heading(test)
    usual = catalog.load(PAGE).card.settings["unusual"].value
    assert test.slider(f"{PAGE}_unlabelled_dial").value == usual
    assert any(alt.startswith("Bars of share of score") for alt in alts(test))


def test_another_row_is_judged_when_it_is_asked_for() -> None:
    test = visit(PAGE, sample="Five times as much", part="Take")
    assert "**Alarm:**" in heading(test)
    test.slider(ROW).set_value(2).run()
    assert "**No alarm:**" in heading(test)
    assert "only you can say" in said(test)
    (link,) = (code.value for code in test.code if code.value.partition("?")[1])
    assert parse_qs(urlsplit(link).query)[ROW] == ["2"]
    assert heading(visit(PAGE, sample="Five times as much", **{ROW: "2"})) == heading(test)
    test.pills[0].select("Taken over yesterday").run()
    assert test.slider(ROW).value == 1
    assert errors(test) == []


BAD = {
    "time": ("yesterday", "Column time has no time between 1970 and 2100 in row 1"),
    "amount": ("lots", "Column amount has a text in row 1"),
    "customer": ("", "Column customer has an empty cell in row 1"),
}


@pytest.mark.parametrize(("column", "cell", "says"), [(k, *v) for k, v in BAD.items()], ids=BAD)
def test_a_bad_cell_gets_one_sentence_and_costs_nothing_else(
    column: str, cell: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = payment.frame(TRANSACTIONS["As ever"])
    table.loc[0, column] = cell
    monkeypatch.setattr(payment, "editor", lambda _: (table, True))
    test = visit(PAGE, part="Trust")
    (error,) = errors(test)
    assert says in error
    assert heading(test) == ""
    assert "What does it get wrong?" in said(test)


def test_a_table_with_no_row_left_gets_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = payment.frame(TRANSACTIONS["As ever"]).iloc[:0]
    monkeypatch.setattr(payment, "editor", lambda _: (empty, True))
    (error,) = errors(visit(PAGE, part="Why"))
    assert "no transaction" in error


def test_the_template_is_judged_as_the_samples_and_little_past_is_told() -> None:
    test = given(fraud_table.template())
    assert errors(test) == []
    frame = answers(test)
    assert len(frame) == sum(len(sample.rows) for sample in TRANSACTIONS.values())
    (warning,) = [text.value for text in test.warning if "less than 37 days" in text.value]
    short = int((frame["too little past"] == "yes").sum())
    assert 0 < short < len(frame)
    assert warning.startswith(f"{short:,} of {len(frame):,}")


def test_a_row_of_the_table_is_explained_by_the_network_that_is_chosen() -> None:
    for by, title in (
        (LABELLED, "What speaks for a fraud in"),
        (UNLABELLED, "Which features make"),
    ):
        test = given(fraud_table.template(), part="Why", **{BY: by})
        opened = test.session_state[f"{PAGE}_opened"]
        test.session_state[f"{PAGE}_clicked"] = (
            ((opened.which, None), catalog.load(PAGE).precision()),
            3,
        )
        test.run()
        assert errors(test) == []
        assert f"{title} row 5 of your table" in said(test)
        test.button(f"{PAGE}_unclick").click().run()
        assert f"{title} the payment above" in said(test)


def test_a_table_without_known_frauds_says_what_is_lost() -> None:
    data = b"time,customer,terminal,amount\n2026-01-01 10:00,a,b,5\n"
    test = given(data)
    assert errors(test) == []
    assert "no column fraud" in said(test)
    assert len(answers(test)) == 1


REFUSED = {
    "missing": (b"time,customer,amount\n1,2,3\n", "lacks the column terminal"),
    "a text": (
        b"time,customer,terminal,amount\n2026-01-01,a,b,five\n",
        "amount has a text in row 2",
    ),
    "a time": (b"time,customer,terminal,amount\n1.2,a,b,5\n", "Column time"),
    "NaN": (b"time,customer,terminal,amount\n2026-01-01,a,b,nan\n", "NaN or infinity in row 2"),
    "a million commas": (b"," * 10**6, "1,000,001 cells"),
    "too many rows": (b"time,customer,terminal,amount\n" + b"1,a,b,5\n" * 200_001, "200,000 rows"),
}


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_a_bad_table_gets_one_sentence_and_the_sample_its_answer(data: bytes, says: str) -> None:
    test = given(data)
    (error,) = errors(test)
    assert says in error
    assert heading(test)


def test_trust_shows_the_cards_figures_and_the_dials_place() -> None:
    test = visit(PAGE, part="Trust")
    assert errors(test) == []
    found = catalog.load(PAGE).card.metric("average_precision", "test", "fp32").value
    assert any(f"area {found:.3f}; at the dial" in alt for alt in alts(test))
    assert any("terminal compromised" in alt for alt in alts(test))


def test_a_link_restores_the_sample_the_network_and_the_dial() -> None:
    key = f"{PAGE}_unlabelled_dial"
    test = visit(PAGE, sample="As ever", part="Take", **{BY: UNLABELLED, key: "0.9"})
    assert errors(test) == []
    assert test.slider(key).value == 0.9
    (link,) = (code.value for code in test.code if code.value.partition("?")[1])
    assert parse_qs(urlsplit(link).query) == {
        "sample": ["As ever"],
        BY: [UNLABELLED],
        key: ["0.9"],
    }


def test_the_lines_under_take_run_in_a_copy_with_the_template(tmp_path: Any) -> None:
    (tmp_path / "glassbox-transactions.csv").write_bytes(fraud_table.template())
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{page_code(PAGE)}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "0." in done.stdout


def test_every_experiment_sets_the_page() -> None:
    for number in (1, 2, 3):
        test = visit(PAGE)
        test.button(f"{PAGE}_experiment_{number}").click().run()
        assert errors(test) == []
        assert heading(test)


def test_rows_that_the_visitor_added_and_left_empty_are_no_transactions() -> None:
    table = payment.frame(TRANSACTIONS["As ever"])
    empty = pd.DataFrame([[None] * 5], columns=table.columns)
    kept = payment.kept(pd.concat([table, empty], ignore_index=True))
    assert len(kept) == len(table)


def test_more_transactions_than_cells_are_read_get_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = payment.frame(TRANSACTIONS["As ever"]).iloc[[0]]
    table = pd.concat([row] * (payment.MOST + 1), ignore_index=True)
    monkeypatch.setattr(payment, "editor", lambda _: (table, True))
    (sentence,) = errors(visit(PAGE, part="Take"))
    assert sentence.startswith("There are 1,001 transactions in these cells and at most 1,000")
    monkeypatch.setattr(payment, "editor", lambda _: (table[1:], True))
    assert errors(visit(PAGE, part="Take")) == []
