"""Machine health: what a visitor sees of a series, of their own table, and of a link."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models import catalog
from models.machine_health.scoring import Normal
from pages.machine_health.samples import SERIES
from tests.visit import alts, errors, heading, visit

PAGE = "machine_health"
FIRST = next(iter(SERIES))
pytestmark = pytest.mark.skipif(PAGE not in catalog.NAMES, reason="machine_health is not released")


def table(rows: int = 500, sensors: int = 2, cell: str = "", separator: str = ",") -> bytes:
    """Noise, of which the first sensor jumps for the last fifth; one cell may be put in row 10."""
    values = np.random.default_rng(2).normal(size=(rows, sensors))
    values[rows * 4 // 5 :, 0] += 10
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator)
    writer.writerow(["time", *(f"Xanthippe{i}" for i in range(sensors))])
    for i, row in enumerate(values):
        cells = [f"{value:.4f}" for value in row]
        if cell and i == 8:
            cells[1] = cell
        writer.writerow([f"t{i}", *cells])
    return file.getvalue().encode()


def given(data: bytes, **query: str) -> AppTest:
    test = visit(PAGE, **({"part": "Take"} | query))
    test.file_uploader[0].set_value([("sensors.csv", data, "text/csv")])
    return test.run()


def said(test: AppTest) -> str:
    return " ".join(str(one.value) for one in (*test.markdown, *test.caption, *test.info))


@pytest.mark.parametrize("sample", SERIES)
def test_every_sample_is_answered_when_the_page_opens(sample: str) -> None:
    test = visit(PAGE, sample=sample, part="Why")
    assert errors(test) == []
    changed = sample != "All is well"
    assert heading(test).startswith("It changed" if changed else "The machine is as it was")
    assert any("would be normal" in alt for alt in alts(test))


@pytest.mark.parametrize(
    ("sample", "sensor"), [(FIRST, "Volume Flow RateRMS"), ("Runs hot", "Temperature")]
)
def test_the_sensor_that_failed_is_named(sample: str, sensor: str) -> None:
    assert sensor in said(visit(PAGE, sample=sample))


@pytest.mark.parametrize("part", ["Why", "Trust", "Take"])
def test_every_part_opens(part: str) -> None:
    test = visit(PAGE, part=part)
    assert errors(test) == []


def test_a_strangers_table_is_judged_and_its_names_are_in_no_link() -> None:
    test = given(table(), part="Take")
    assert errors(test) == []
    assert heading(test).startswith("It changed: first alarm at t4")
    assert "Your own sensors are never in a link" in said(test)
    assert not [code for code in test.code if "?" in code.value]
    assert not any("Xanthippe" in str(value) for value in test.query_params.values())
    assert "sample" not in test.query_params


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_read(separator: str) -> None:
    assert heading(given(table(separator=separator))).startswith("It changed")


def test_of_a_column_that_cannot_be_read_the_rest_is_judged() -> None:
    for cell in ("oops", "inf"):
        test = given(table(cell=cell))
        assert errors(test) == []
        assert heading(test)
        assert "Column 3, row 10" in said(test)
        assert "It is left out" in said(test)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (table(rows=1), "1 rows"),
        (table(rows=100), "100 rows"),
        (b"a\nx\ny\n", "no numbers"),
        (b"," * 1_000_000, "column"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
    ],
    ids=["one row", "few rows", "no numbers", "commas", "empty", "picture"],
)
def test_a_bad_table_gets_a_sentence_and_the_series_before_it_stays(data: bytes, says: str) -> None:
    test = given(data)
    (sentence,) = errors(test)
    assert says in sentence
    assert heading(test)


def test_a_gap_is_filled_and_said() -> None:
    test = given(table(cell="NaN"))
    assert errors(test) == []
    assert "Column 3 had 1 gap" in said(test)


def test_too_short_a_normal_stretch_gets_a_sentence() -> None:
    test = visit(PAGE)
    test.slider(key="normal").set_value((1, 50)).run()
    (sentence,) = errors(test)
    assert "normal stretch has 50 rows" in sentence


def test_the_dial_moves_the_alarms() -> None:
    test = visit(PAGE, sample=FIRST)
    high = test.slider(key=f"{PAGE}_dial").max
    test.slider(key=f"{PAGE}_dial").set_value(high).run()
    assert errors(test) == []
    assert heading(test) == "The machine is as it was"


def test_a_link_restores_sample_stretch_row_and_dial() -> None:
    test = visit(PAGE, sample="Bearing wears", part="Why")
    test.slider(key="normal").set_value((1, 300)).run()
    test.slider(key="row").set_value(600).run()
    test.slider(key=f"{PAGE}_dial").set_value(2.5).run()
    test.session_state["part"] = "Take"
    test.run()
    (link,) = [code.value for code in test.code if "?" in code.value]
    query = parse_qs(urlsplit(link).query)
    assert query["sample"] == ["Bearing wears"]
    assert query[f"{PAGE}_dial"] == ["2.5"]
    assert query["normal"] == ["1", "300"]
    assert query["row"] == ["600"]


def test_another_series_has_its_own_stretch_and_its_own_oddest_row() -> None:
    test = visit(PAGE, sample=FIRST, part="Why")
    test.slider(key="normal").set_value((1, 300)).run()
    test.slider(key="row").set_value(100).run()
    test.pills[0].select("Real: a machine fails").run()
    assert errors(test) == []
    assert test.slider(key="normal").value == (1, 190)
    assert test.slider(key="row").value > 190


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_experiment_sets_the_page(number: int) -> None:
    test = visit(PAGE)
    test.button(key=f"{PAGE}_experiment_{number}").click().run()
    assert errors(test) == []
    assert heading(test)


def test_a_long_series_that_was_stopped_waits_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.machine_health.given.LONG", 10)
    test = visit(PAGE, sample="Bearing wears")
    judged = heading(test)
    _, job = test.session_state[f"{PAGE}_series_job"]
    job.halt([Normal(0, 300)])
    test.slider(key="normal").set_value((1, 300)).run()
    assert errors(test) == []
    assert "Stopped: nothing of this series was judged." in said(test)
    assert heading(test) == ""
    assert test.slider(key="normal").value == (1, 300)
    assert test.slider(key=f"{PAGE}_dial")
    test.button(key=f"{PAGE}_series_go_on").click().run()
    assert errors(test) == []
    assert heading(test) == judged
