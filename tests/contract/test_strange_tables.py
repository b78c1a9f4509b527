"""Tables of strangers on every page that takes one: nothing of theirs is read as Markdown or tags,
and what could be meant otherwise is asked or said.
"""

import csv
import io
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.card_fraud import table as fraud_table
from pages.network_intrusion import table as network_table
from pages.parts.draw import words
from tests.visit import errors, heading, visit

HOSTILE = "![x](https://evil.example/a.png) <img src=x> :red[b] `$x$` **c** www.evil.example"


def table(rows: list[list[object]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def given(page: str, data: bytes, name: str = "own.csv") -> AppTest:
    test = visit(page, part="Why")
    test.file_uploader[0].set_value([(name, data, "text/csv")])
    return test.run()


def said(test: AppTest) -> str:
    """All that is drawn as Markdown."""
    kinds = (test.markdown, test.caption, test.info, test.warning, test.error, test.success)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def sensors(rows: int = 500, jump: float = 9.0) -> np.ndarray:
    values = np.random.default_rng(0).normal(1000, 1, size=(rows, 2))
    values[rows - 100 :, 0] += jump
    return values


def written(values: np.ndarray, number: str = "{:.1f}", head: tuple[str, ...] = ("a", "b")) -> list:
    return [[*head], *([number.format(v) for v in row] for row in values)]


TIMES = [f"2026-01-01 {i // 60:02}:{i % 60:02}" for i in range(500)]
WEB = {
    "machine_health": table(
        [["time", HOSTILE, "b"], *([HOSTILE, *map(str, row)] for row in sensors())]
    ),
    "network_intrusion": network_table.template().replace(b"label", b'"' + HOSTILE.encode() + b'"'),
    "card_fraud": fraud_table.template().replace(b"Alice", HOSTILE.encode()),
    "sentiment": table([[HOSTILE, "text"], *([HOSTILE, "I liked this film a lot."],) * 9]),
}


@pytest.mark.parametrize("page", WEB)
def test_a_strangers_words_are_drawn_as_they_are(page: str) -> None:
    test = given(page, WEB[page], f"{HOSTILE}.csv")
    drawn = re.sub(r"\\.", "", said(test))  # without what is escaped
    for sign in ("](https", "<img", ":red[", "`$x$`", "**c**"):
        assert sign not in drawn
    assert "www.evil" not in drawn.replace(words.JOINER, "\0")
    assert errors(test) == []


@pytest.mark.parametrize(
    ("head", "number"),
    [("a,b", "{:.1f}"), ('"a","b"', '"{:,.0f}"'), ("a;b", "{:.0f}")],
)
def test_a_jump_is_seen_however_its_numbers_are_written(head: str, number: str) -> None:
    """998 and 1,002: read as decimals they were a machine that is as it was."""
    sign = ";" if ";" in head else ","
    values = sensors(jump=40)
    lines = [head, *(sign.join(number.format(v) for v in row) for row in values)]
    data = "\n".join(lines)
    if sign == ";":
        data = re.sub(r"\b(\d)(\d{3})\b", r"\1.\2", data)  # as a German sheet writes thousands
    test = given("machine_health", data.encode())
    assert errors(test) == []
    assert heading(test).startswith("It changed: first alarm at row 4")


def test_rows_with_the_newest_first_give_the_same_alarms() -> None:
    rows = [[time, *row] for time, row in zip(TIMES, sensors().round(3).tolist(), strict=True)]
    head = ["time", "a", "b"]
    forward, backward = (
        given("machine_health", table([head, *some])) for some in (rows, rows[::-1])
    )
    assert heading(forward) == heading(backward)
    assert heading(forward).startswith("It changed")
    assert "newest row came first" in said(backward)
    assert "newest row came first" not in said(forward)


def test_what_is_no_sensor_is_left_out_named_and_can_be_taken_in() -> None:
    rows = [
        [1_780_000_000 + 60 * i, i, i * 0.5, 7, int(i >= 400), *row]
        for i, row in enumerate(sensors().tolist())
    ]
    head = ["stamp", "index", "elapsed", "still", "is_fault", "a", "b"]
    test = given("machine_health", table([head, *rows]))
    assert errors(test) == []
    taken = test.multiselect[0]
    assert taken.value == ["a", "b"]
    for name, why in (("stamp", "times"), ("index", "counter"), ("still", "never changes")):
        assert re.search(rf"\*{name}\* \([^)]*{why}", said(test).replace("\\", ""))
    assert "is_fault" not in taken.options
    assert "above all in a" in said(test)
    assert "your own labels" in said(test)
    taken.set_value(["b"]).run()
    assert errors(test) == []
    assert "above all in b" in said(test) or "as it was" in heading(test)


def test_faults_in_the_stretch_that_is_called_normal_are_said() -> None:
    rows = [[*row, int(i in range(20, 60))] for i, row in enumerate(sensors().tolist())]
    test = given("machine_health", table([["a", "b", "anomaly"], *rows]))
    assert "40 rows of the stretch called normal are marked as faulty" in said(test)


def test_payments_are_told_where_they_belong() -> None:
    rows = [[TIMES[i], f"c{i % 7}", f"t{i % 5}", 5 + i % 9, 0] for i in range(500)]
    test = given(
        "machine_health", table([["time", "customer", "terminal", "amount", "fraud"], *rows])
    )
    assert "the page Card fraud reads those" in said(test).replace("\\", "")


def test_one_count_of_rows_in_headline_and_table() -> None:
    test = given("machine_health", table(written(sensors())))
    first = int(re.search(r"row (\d+)", heading(test).replace("\\", ""))[1])
    frame = test.dataframe[0].value
    assert frame["row"].tolist() == [*range(1, 501)]
    assert frame.loc[frame["alarm"], "row"].min() == first


def test_labels_are_understood_and_asked_for_where_they_cannot_be() -> None:
    plain = network_table.template().decode()
    base = metrics(given("network_intrusion", plain.encode()))
    assert base["recall"] != "0.0%"
    for normal, attack in (("Normal", "Attack"), ("0", "1"), ("BENIGN.", "DoS")):
        other = plain.replace(",normal", f",{normal}").replace(",attack", f",{attack}")
        assert metrics(given("network_intrusion", other.encode())) == base
    upper = plain.replace(",tcp,", ",TCP,").replace(",http,", ", HTTP ,")
    assert metrics(given("network_intrusion", upper.encode())) == base
    strange = given(
        "network_intrusion", plain.replace(",normal", ",blau").replace(",attack", ",rot").encode()
    )
    assert "recall" not in metrics(strange)
    asked = next(box for box in strange.selectbox if box.key == "network_intrusion_normal")
    asked.set_value("blau").run()
    assert metrics(strange) == base


def metrics(test: AppTest) -> dict[str, str]:
    """How right the alarms in a table are: what the dial says of the test file stands before."""
    assert errors(test) == []
    labels = [one.label for one in test.metric]
    of_table = test.metric[labels.index("connections") :]
    return {one.label: one.value for one in of_table if one.label in ("precision", "recall")}


def test_a_bad_table_after_a_good_one_names_whose_answers_stand() -> None:
    for page, data in (
        ("card_fraud", fraud_table.template()),
        ("sentiment", table([["text"], *(["I liked this film a lot."],) * 9])),
        ("machine_health", table(written(sensors()))),
    ):
        test = given(page, data, "good.csv")
        assert errors(test) == []
        test.file_uploader[0].set_value([("bad.csv", b"", "text/csv")])
        test.run()
        (error,) = errors(test)
        assert "empty" in error
        assert "still of good.csv" in said(test).replace("\\", ""), page
