"""Numbers of strangers: what a column says together, whatever its signs."""

import time
from contextlib import suppress

import numpy as np
import pytest

from models.decode import columns, numbers, tables
from models.decode.numbers import Marks
from models.errors import InputError
from tests.helpers import filled, is_sentence

NAN = float("nan")


def read(cells: list[str], separator: str = ",", decimal: str = "") -> list[float]:
    return numbers.read(cells, Marks(decimal, separator)).values.tolist()


@pytest.mark.parametrize(
    ("cells", "separator", "values"),
    [
        # Thousands, where the column or its file shows that they are.
        (["1,002", "998"], ",", [1002, 998]),
        (["1,002", "1,013"], ",", [1002, 1013]),
        (["1.002", "998"], ";", [1002, 998]),
        (["1,002", "998"], ";", [1002, 998]),
        (["1,002", "1,234.5"], ";", [1002, 1234.5]),
        (["1.002", "1.234,5"], ";", [1002, 1234.5]),
        (["1,234,567", "1,002"], ";", [1234567, 1002]),
        (["1.234.567", "1.002"], ",", [1234567, 1002]),
        (["12,34,567"], ",", [1234567]),
        # Decimals, where they are those.
        (["1,002", "0,5"], ";", [1.002, 0.5]),
        (["1,002", "0,125"], ";", [1.002, 0.125]),
        (["1,002", "1,013"], ";", [1.002, 1.013]),
        (["1.002", "1.013"], ",", [1.002, 1.013]),
        (["1.002", "998"], ",", [1.002, 998]),
        (["1.002", "1234.567"], ";", [1.002, 1234.567]),
        # Other signs between thousands.
        (["1 002", "12 345,5"], ";", [1002, 12345.5]),
        (["1\u00a0002", "1\u202f002.5"], ",", [1002, 1002.5]),
        (["1'002.50", "1\u2019002\u2019003"], ",", [1002.5, 1002003]),
        # Signs before and after, brackets, currencies, per cent, powers of ten.
        (["5-", "(5)", "\u22125", "+5", "-5"], ",", [-5, -5, -5, 5, -5]),
        (["$1,000.00", "€ 5", "5 EUR", "CHF 2'000.00", "-$5"], ",", [1000, 5, 5, 2000, -5]),
        (["45%", "5 %", "-0.5%"], ",", [0.45, 0.05, -0.005]),
        (["1.5E+03", "1e-3", "1.234e5"], ",", [1500, 0.001, 123400]),
        (["1,5E+03", "2"], ";", [1500, 2]),
        (["\uff11\uff12", "٣"], ",", [12, 3]),
    ],
)
def test_a_column_decides_what_its_signs_mean(
    cells: list[str], separator: str, values: list[float]
) -> None:
    found = numbers.read(cells, Marks("", separator))
    assert found.values.tolist() == pytest.approx(values)
    assert found.bad == -1


def test_what_could_be_meant_otherwise_is_said_and_what_could_not_is_not() -> None:
    for cells, separator, says in (
        (["1,002", "998"], ",", "1,002 is read as one thousand and two"),
        (["1.002", "1.013"], ";", "1.002 is read as 1.002, with decimals"),
        (["45%"], ",", "45% is 0.45"),
        (["1,5"], ";", ""),
        (["1.5", "1.002"], ",", ""),
        (["1.002"], ",", ""),
    ):
        note = numbers.read(cells, Marks("", separator)).note
        assert says in note
        assert bool(says) == bool(note)


@pytest.mark.parametrize(
    ("cells", "separator", "bad"),
    [
        (["1,002"], "", 0),  # typed by itself: nobody can know
        (["1.002", "12"], ";", 0),
        (["1,5", "1,5", "1,234,567"], ";", 2),
        (["1.5", "1,5", "2.5"], ";", 1),
        (["5", "45%"], ",", 1),
        (["5", "1,2,3"], ",", 1),
        (["5", "5 kW"], ",", 1),
        (["5", "-5-"], ",", 1),
        (["5", "inf"], ",", 1),
        (["5", "1e999"], ",", 1),
        (["5", "0.5.3"], ",", 1),
        (["5", "1.2e3e4"], ",", 1),
    ],
)
def test_what_stays_open_or_is_no_number_is_refused(
    cells: list[str], separator: str, bad: int
) -> None:
    found = numbers.read(cells, Marks("", separator))
    assert found.bad == bad
    with pytest.raises(InputError, match="Column x has ") as caught:
        columns.numbers(cells, "x", range(2, 9), marks=Marks("", separator))
    assert is_sentence(caught.value)


def test_another_column_of_the_table_shows_what_a_sign_means() -> None:
    german = tables.read(b"a;b\n1,5;1.002\n2,5;1.013\n")
    assert german.marks == Marks(",", ";")
    assert numbers.read(german.column(1), german.marks).values.tolist() == [1002, 1013]
    english = tables.read(b"a;b\n1.5;1.002\n2.5;1.013\n")
    assert numbers.read(english.column(1), english.marks).values.tolist() == [1.002, 1.013]
    assert not numbers.read(english.column(1), english.marks).note


def test_empty_cells_are_no_numbers_and_not_wrong() -> None:
    found = numbers.read(["", "NA", "#N/A", "-", " ", "nan", "7"])
    assert np.isnan(found.values[:-1]).all()
    assert found.values[-1] == 7
    assert not found.wrong.any()


def test_hostile_cells_take_a_moment() -> None:
    for shape, cell in filled(100_000).items():
        began = time.process_time()
        with suppress(InputError):
            columns.numbers([cell, "1,002"], "x", [2, 3])
        numbers.marks_of([[cell]], ",")
        assert time.process_time() - began < 1, shape


def test_two_hundred_thousand_different_cells_are_read_in_seconds() -> None:
    cells = [f"{i // 1000:,}.{i % 1000:03}" for i in range(200_000)]
    began = time.process_time()
    found = numbers.read(cells, Marks("", ";"))
    assert time.process_time() - began < 10
    assert found.values[123_456] == pytest.approx(123.456)
