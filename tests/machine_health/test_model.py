"""Machine health: what a table of sensors becomes, and how windows become a score for each row."""

import time

import numpy as np
import pytest

from models import catalog
from models.decode import tables
from models.errors import InputError
from models.machine_health import FEW, MOST, Health, look, predict, reading, scoring
from models.machine_health.scoring import WINDOW, Normal, Scale
from tests.helpers import is_sentence

NAME = "machine_health"
released = pytest.mark.skipif(NAME not in catalog.NAMES, reason="machine_health is not released")
RNG = np.random.default_rng(0)


def read(text: str | bytes) -> reading.Sensors:
    return reading.sensors(tables.read(text.encode() if isinstance(text, str) else text))


def made(rows: int = 900, sensors: int = 3, jump: float = 8.0) -> np.ndarray:
    """Noise, of which the first sensor jumps from row 500 to 700."""
    values = np.random.default_rng(1).normal(size=(rows, sensors)) + 20
    values[500:700, 0] += jump
    return values


def test_windows_end_in_the_rows_that_were_asked_for() -> None:
    found = scoring.windows(np.arange(100.0), np.array([31, 99]))
    assert found.shape == (2, WINDOW)
    assert found[0].tolist() == list(range(32))
    assert found[1, -1] == 99


def test_the_spread_over_a_stretch_begins_and_ends_with_it() -> None:
    found = scoring.spread(np.arange(200.0)[:, None])
    assert found.shape == (1, scoring.SEEN, WINDOW)
    assert found[0, 0, 0] == 0
    assert found[0, -1, -1] == 199


def test_only_windows_that_lie_in_the_stretch_as_a_whole_are_normal() -> None:
    ends = np.arange(31, 200)
    kept = ends[scoring.inside(ends, Normal(50, 120))]
    assert kept[0] == 50 + WINDOW - 1
    assert kept[-1] == 119


def test_a_scale_is_that_of_the_normal_rows_alone() -> None:
    values = np.array([[1.0], [3.0], [100.0]])
    scale = Scale.of(values[:2])
    assert scale(values)[:, 0].tolist() == [-1, 1, 98]
    assert scale.back(scale(values))[:, 0] == pytest.approx([1, 3, 100])


def test_a_sensor_that_stood_still_is_silent_until_it_moves() -> None:
    scale = Scale.of(np.full((50, 1), 7.0))
    assert scale(np.array([[7.0], [7.7]]))[:, 0] == pytest.approx([0, 100])
    assert np.isfinite(Scale.of(np.zeros((5, 1)))(np.array([[1.0]]))).all()


def test_values_near_the_largest_float_stay_numbers() -> None:
    values = np.array([[1e99], [-1e99], [9e99]])
    assert np.isfinite(Scale.of(values)(values)).all()


def test_the_most_unusual_sensor_counts_and_what_lasts() -> None:
    by_sensor = np.array([[0.0, 1.0], [2.0, 0.0], [0.0, 6.0]])
    inside = np.array([True, True, False])
    # means of the largest over the last two: 1, 1.5, 4; the 99 % quantile of the first two is 1.495
    found = scoring.joined(by_sensor, inside, 2)
    assert found == pytest.approx(np.array([1, 1.5, 4]) / 1.495)


def test_a_window_is_standardised_by_the_normal_ones() -> None:
    anomaly_score = np.array([[1.0], [3.0], [9.0]])
    found = scoring.standard(anomaly_score, np.array([True, True, False]))
    assert found[:, 0].tolist() == [-1, 1, 7]


def test_a_row_has_the_score_of_the_last_window_that_ended() -> None:
    found = scoring.by_row(np.array([5.0, 7.0]), np.array([2, 4]), 6)
    assert found.tolist() == [0, 0, 5, 5, 7, 7]


def test_a_table_of_skabs_schema_is_read() -> None:
    found = read("datetime;A;B;anomaly;changepoint\n2020-01-01;1;2.5;0;0\n2020-01-02;3;4;1.0;1\n")
    assert found.names == ("A", "B")
    assert found.values.tolist() == [[1, 2.5], [3, 4]]
    assert found.times == ["2020-01-01", "2020-01-02"]
    assert found.truth is not None
    assert found.truth.tolist() == [False, True]


def test_decimal_commas_are_numbers() -> None:
    assert read("a;b\n1,5;2\n2,5;3\n").values.tolist() == [[1.5, 2], [2.5, 3]]


def test_gaps_are_filled_with_the_value_before_and_said() -> None:
    found = read("a,b\n,1\n" + "".join(f"{i},2\n" for i in range(9)) + "NaN,3\n")
    assert found.values[:, 0].tolist() == [0, *range(9), 8]
    assert "Column 1 had 2 gaps" in " ".join(found.notes)


def test_columns_without_numbers_are_set_aside_and_said() -> None:
    found = read("time,a,comment\nx,1,fine\ny,2,bad\n")
    assert found.names == ("a",)
    assert "Column 3 set aside" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\n2\nbroken\n6\n8\n", ("Column 1", "row 3")),
        ("a\n1\ninf\n", ("Column 1", "row 3")),
        ("a\n2\n-1e200\n", ("Column 1", "row 3")),
        ("a,b\n1,\n2,\n3,4\n5,6\n", ("Column 2", "row 2")),
    ],
)
def test_a_column_that_cannot_be_read_is_left_out_and_said(
    text: str, says: tuple[str, ...]
) -> None:
    if "," not in text:
        with pytest.raises(InputError) as error:
            read(text)
        assert is_sentence(error.value)
        assert all(word in str(error.value) for word in says)
        head, *rows = text.split()
        text = "\n".join([f"{head},z", *(f"{row},{i * i}" for i, row in enumerate(rows))])
    found = read(text)
    assert len(found.names) == 1
    said = " ".join(found.notes)
    assert all(word in said for word in (*says, "left out"))
    assert "broken" not in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\nx,y\nz,w\n", ("2 columns",)),
        ("a\nx\n", ("only column",)),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, says: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as error:
        read(text)
    assert is_sentence(error.value)
    for word in says:
        assert word in str(error.value)


def test_a_million_commas_get_a_sentence() -> None:
    with pytest.raises(InputError) as error:
        read("," * 1_000_000)
    assert is_sentence(str(error.value))


@released
@pytest.mark.parametrize(
    ("rows", "sensors", "normal", "says"),
    [
        (1, 2, Normal(0, 1), "1 rows"),
        (FEW + WINDOW - 1, 2, Normal(0, FEW), "at least"),
        (400, MOST + 1, Normal(0, 200), str(MOST)),
        (400, 2, Normal(100, 100 + FEW - 1), "normal stretch"),
        (400, 2, Normal(300, 500), "normal stretch"),
    ],
)
def test_what_cannot_be_judged_is_said(rows: int, sensors: int, normal: Normal, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        predict(catalog.load(NAME), np.zeros((rows, sensors)), normal)
    assert is_sentence(str(error.value))


@pytest.fixture(scope="module")
def health() -> Health:
    return predict(catalog.load(NAME), made(), Normal(0, 400))


@released
def test_a_jump_raises_an_alarm_and_is_laid_to_its_sensor(health: Health) -> None:
    assert health.alarms[540:700].all()
    assert not health.alarms[:495].any()
    assert not health.alarms[760:].any()
    assert health.shares(650).argmax() == 0
    assert health.shares(650).sum() == pytest.approx(1)


@released
def test_what_would_be_normal_lies_where_the_normal_rows_lie(health: Health) -> None:
    found = look(catalog.load(NAME), health, 650)
    assert found.given[:, 0].mean() == pytest.approx(28, abs=1)
    assert abs(found.expected[:, 0].mean() - 20) < 3
    assert abs(found.kept[:, 0].mean() - 28) < 3


@released
def test_the_most_alike_lie_in_the_normal_stretch_and_do_not_overlap(health: Health) -> None:
    ends = health.alike(800)
    assert len(ends) == 3
    assert all(WINDOW - 1 <= end < 400 for end in ends)
    assert min(abs(a - b) for a in ends for b in ends if a != b) >= WINDOW


@released
def test_any_order_units_and_sign_of_the_sensors_give_the_same(health: Health) -> None:
    turned = made()[:, ::-1] * np.array([1_000, 0.001, 1]) + 5
    other = predict(catalog.load(NAME), turned, Normal(0, 400))
    assert other.scores == pytest.approx(health.scores, abs=0.02)


@released
@pytest.mark.parametrize("sensors", [1, 8, MOST])
def test_any_number_of_sensors_is_judged(sensors: int) -> None:
    found = predict(catalog.load(NAME), made(300, sensors, 0), Normal(20, 200))
    assert found.scores.shape == (300,)
    assert np.isfinite(found.scores).all()


@released
def test_a_long_table_is_judged_in_steps_and_every_row_has_a_score(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("models.machine_health.MAX_WINDOWS", 600)
    found = predict(catalog.load(NAME), made(), Normal(0, 400))
    assert 0 < np.diff(found.ends).min() == 5
    assert found.alarms[560:700].all()
    assert len(found.scores) == 900


@released
def test_the_share_that_is_done_is_told() -> None:
    told: list[float] = []
    predict(catalog.load(NAME), made(300, 4), Normal(0, 200), told=told.append)
    assert told == [0.25, 0.5, 0.75, 1]


@released
def test_still_sensors_are_named_and_do_not_break_it() -> None:
    values = made(400, 2, 0)
    values[:, 1] = 3
    found = predict(catalog.load(NAME), values, Normal(0, 200))
    assert found.stillness.tolist() == [False, True]
    assert np.isfinite(found.scores).all()


@released
def test_sensors_that_all_stood_still_give_an_alarm_and_no_astronomy() -> None:
    """Their own most unusual per cent is nothing: divided by, it gave scores of 200,000."""
    values = np.zeros((900, 2))
    values[600:] = 5
    found = predict(catalog.load(NAME), values, Normal(0, 400))
    assert found.threshold < found.scores.max() < 1_000
    assert not found.alarms[:600].any()


def test_what_the_normal_stretch_has_is_counted_as_no_less_than_real_ones_have() -> None:
    inside = np.array([True, True, False])
    found = scoring.joined(np.array([[0.0], [0.0], [6.0]]), inside, 1)
    assert found == pytest.approx([0, 0, 6 / scoring.USUAL])


@pytest.mark.parametrize("row", ["1.5,2,NA" + ",7" * 42, ";".join(["1,5"] * 45)])
def test_a_large_table_costs_little_more_than_to_cut_it_into_cells(row: str) -> None:
    names = (";" if ";" in row else ",").join(f"s{i}" for i in range(45))
    other = row.replace("NA", "4").translate(str.maketrans("257", "368"))
    rows = "\n".join([row, other, *[row.replace("NA", "3")] * 8])
    # In seconds of the processor, and against other work, so that no busy machine breaks it.
    began = time.process_time()
    table = tables.read("\n".join([names, *[rows] * 9_000]).encode())
    cut = time.process_time()
    found = reading.sensors(table)
    assert time.process_time() - cut < 2.5 * (cut - began)
    assert found.values.shape == (90_000, 45)
