"""Columns of strangers: found whatever their order and spelling, or refused by column and row."""

import time
from contextlib import suppress

import numpy as np
import pytest

from models.card_fraud import reading as fraud
from models.decode import columns, labels, numbers, records, tables, times
from models.errors import InputError
from tests.helpers import filled, is_sentence


def read(text: str) -> tables.Table:
    return tables.read(text.encode())


def test_columns_are_found_in_any_order_and_spelling() -> None:
    table = read("Dst-Bytes;x;SRC BYTES;label\n1;2;3;normal\n")
    found = columns.matched(table, ("src_bytes", "dst_bytes"), ("label", "other"))
    assert found == {"src_bytes": 2, "dst_bytes": 0, "label": 3}
    assert columns.others(table, found) == ["x"]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("a,b", "lacks the column c:"),
        ("a,x", "lacks the columns b, c:"),
        ("a,b,c,A", "columns 1 and 4 are both called a"),
        ("a,b,c,c", "columns 3 and 4 are both called c"),
    ],
)
def test_missing_and_doubled_columns_are_named(header: str, says: str) -> None:
    table = read(f"{header}\n" + ",".join("1" * len(header.split(","))) + "\n")
    with pytest.raises(InputError, match=says) as caught:
        columns.matched(table, ("a", "b", "c"))
    assert is_sentence(caught.value)


def test_many_missing_columns_are_counted() -> None:
    with pytest.raises(InputError, match="c0, c1, c2, c3, c4, c5 and 14 more"):
        columns.matched(read("a\n1\n"), [f"c{i}" for i in range(20)])


def test_numbers_are_read_as_they_are_written() -> None:
    found = columns.numbers([" 1", "-2.5", "1e3"], "x", [2, 3, 4])
    assert found.tolist() == [1, -2.5, 1000]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", "an empty cell"),
        ("  ", "an empty cell"),
        ("nan", "NaN or infinity"),
        ("-inf", "NaN or infinity"),
        ("1,5", "a number whose point or comma could be meant either way"),
        ("<b>", "a text"),
        ("12 %", "per cent beside plain numbers"),
    ],
)
def test_what_is_no_number_is_named_by_column_and_row(cell: str, kind: str) -> None:
    with pytest.raises(InputError, match=f"Column width has {kind} in row 9") as caught:
        columns.numbers(["1.5", cell, "x"], "width", [2, 9, 10])
    assert is_sentence(caught.value)


PAYMENT = {"time": ["2026-01-01"], "customer": ["a"], "terminal": ["b"], "amount": ["5"]}


def test_a_cell_of_the_full_length_is_read_in_a_moment_whatever_it_holds() -> None:
    for shape, cell in filled(records.MAX_CELL).items():
        began = time.process_time()
        with suppress(InputError):
            columns.numbers([cell], "x", [2])
        columns.codes([cell], ["tcp"])
        for name in PAYMENT:
            with suppress(InputError):
                fraud.checked(PAYMENT | {name: [cell]}, None, [2])
        assert numbers.read([cell]).wrong.all() or numbers.is_empty(cell)
        times.read([cell])
        labels.read([cell])
        assert time.process_time() - began < 1.5, shape


def test_what_cannot_be_so_small_is_named_by_column_and_row() -> None:
    with pytest.raises(InputError, match="Column bytes is below 0 in row 3"):
        columns.numbers(["1", "-1"], "bytes", [2, 3], least=0)


def test_unknown_values_are_minus_one() -> None:
    found = columns.codes(["tcp", " udp", "none"], ("udp", "tcp"))
    assert found.tolist() == [1, 0, -1]
    assert found.dtype == np.int64
