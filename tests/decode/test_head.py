"""Where a table begins: no first row is lost, and no title is taken for one."""

import pytest

from models.decode import tables


def read(text: str) -> tables.Table:
    return tables.read(text.encode())


ROWS = "2026-01-01,1.5,a\n2026-01-02,2.5,b\n2026-01-03,3.5,c\n"
CELLS = [line.split(",") for line in ROWS.split()]


@pytest.mark.parametrize(
    ("above", "skipped"),
    [
        ("", 0),
        ("Report of March\n", 1),
        ("Report of March,,\n", 1),
        ("Report of March\n\n", 1),
        ("# made by a logger\n# of ours\n", 2),
        ("Device: 7\nMade: 2026\n\n", 2),
        ("\n\n", 0),
    ],
)
def test_what_stands_above_the_head_is_left_out_and_said(above: str, skipped: int) -> None:
    table = read(f"{above}time,x,kind\n{ROWS}")
    assert table.columns == ("time", "x", "kind")
    assert table.rows == CELLS
    assert table.head == above.count("\n") + 1
    assert any("above the table" in note for note in table.notes) == (skipped > 0)


def test_a_declared_separator_is_taken_and_is_no_row() -> None:
    table = read("sep=;\na;b\n1,5;2\n2,5;3\n")
    assert table.columns == ("a", "b")
    assert table.rows == [["1,5", "2"], ["2,5", "3"]]
    assert table.numbers == [3, 4]
    assert read("sep=|\na|b\n1|2\n").columns == ("a", "b")


def test_titles_do_not_hide_the_separator() -> None:
    table = read("Report, of March\n\ntime;x\n2026-01-01;1,5\n2026-01-02;2,5\n2026-01-03;3,5\n")
    assert table.columns == ("time", "x")
    assert len(table.rows) == 3


@pytest.mark.parametrize(
    "text",
    [
        ROWS,
        "1,2,0\n3,4,0\n5,6,1\n",
        "I liked it a lot,positive\nIt was bad,negative\nSo good,positive\n",
        "I liked it a lot.\nIt was very bad indeed.\nA waste of time.\n",
        "Brilliant\nBad\nI loved it\n",
    ],
)
def test_without_a_head_no_row_is_lost_and_it_is_said(text: str) -> None:
    table = read(text)
    assert len(table.rows) == 3
    assert table.head is None
    assert table.numbers == [1, 2, 3]
    assert table.columns[0] == "column 1"
    assert any("no row of names" in note for note in table.notes)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("review\nI liked it a lot.\nBad.\n", "review"),
        ("My comments\nGood\nBad\n", "My comments"),
        (
            "Gästestimmen\nWir haben uns sehr wohl gefühlt.\nDas Essen war leider kalt.\n",
            "Gästestimmen",
        ),
        ("Reviews 2026\n\ntext\nI liked it a lot.\nBad.\n", "text"),
        ("text,label\nI liked it,positive\nIt was bad,negative\nGood,positive\n", "text"),
    ],
)
def test_a_title_is_never_taken_for_a_review_and_a_name_is_a_name(text: str, name: str) -> None:
    table = read(text)
    assert table.columns[0] == name
    assert table.rows[0][0] != name


def test_reviews_that_empty_rows_part_are_all_rows() -> None:
    table = read("I liked it a lot.\n\nIt was very bad.\n\nSo good, really.\n")
    assert len(table.rows) == 3


def test_a_row_of_units_is_no_row() -> None:
    table = read("time,x\n,bar\n2026-01-01,1.5\n2026-01-02,2.5\n")
    assert len(table.rows) == 2
    assert any("units" in note for note in table.notes)


def test_names_that_are_the_same_become_different_for_sure() -> None:
    table = read("a (column 3),a,a,a\n1,2,3,4\n")
    assert len({*table.columns}) == 4
    assert table.written == ("a (column 3)", "a", "a", "a")
