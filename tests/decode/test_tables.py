"""Tables of strangers through `models.tables.read`: the right cells, or one clear sentence."""

import re
import subprocess
import sys
import time
from itertools import islice

import pytest

from models.decode import tables
from models.errors import InputError
from tests.helpers import ROOT, is_sentence

TEXT = "text,stars\nI liked it.,5\nNot at all.,1\n"
CELLS = [["I liked it.", "5"], ["Not at all.", "1"]]
WIDE = "größer,naïve\nCafé,“œuvre”\n"  # every letter is in Windows-1252 too
FULL = tables.MAX_BYTES


def refusal(data: bytes) -> str:
    with pytest.raises(InputError) as found:
        tables.read(data)
    assert is_sentence(found.value), found.value
    return str(found.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    table = tables.read(WIDE.replace("\n", end).encode(encoding))
    assert table.columns == ("größer", "naïve")
    assert table.rows == [["Café", "“œuvre”"]]
    guessed = encoding == "cp1252"
    assert len(table.notes) == guessed
    assert not guessed or "Line 1 is not UTF-8" in table.notes[0]


def test_utf_16_of_both_orders() -> None:
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        assert tables.read(mark + WIDE.encode(encoding)).columns == ("größer", "naïve")


@pytest.mark.parametrize("sign", tables.SEPARATORS)
def test_every_separator_is_found(sign: str) -> None:
    table = tables.read(TEXT.replace(",", sign).encode())
    assert table.columns == ("text", "stars")
    assert table.rows == CELLS
    assert table.separator == tables.SEPARATORS[sign]


def test_separators_inside_texts_do_not_mislead() -> None:
    rows = "".join(f"{i};good, really, really good | or so, {i}\n" for i in range(50))
    table = tables.read(f"id;text\n{rows}".encode())
    assert table.separator == "semicolon"
    assert table.rows[7] == ["7", "good, really, really good | or so, 7"]
    assert tables.read(b"MZ,RIFF\n1,2\n").columns == ("MZ", "RIFF"), "no program and no sound"
    lone = tables.read(b"review\nlong, but good\nbad; very bad, too\n")
    assert lone.columns == ("review",)
    assert lone.column(0) == ["long, but good", "bad; very bad, too"]


def test_quoted_cells_hold_anything() -> None:
    cell = 'one, "two"\nthree;\r\n\tfour'
    quoted = cell.replace('"', '""')
    table = tables.read(f'id,text\n1,"{quoted}"\n2,""\n'.encode())
    assert table.rows == [["1", cell], ["2", ""]]
    assert table.numbers == [2, 3]


def test_rows_are_numbered_as_in_a_spreadsheet_and_empty_ones_left_out() -> None:
    table = tables.read(b'a,b\n\n1,"x\ny"\n,\n2,z,\n3,w')
    assert table.rows == [["1", "x\ny"], ["2", "z"], ["3", "w"]]
    assert table.numbers == [3, 5, 6]
    with pytest.raises(InputError, match="Row 4 has 3 cells and row 1 has 2"):
        tables.read(b'a,b\n\n1,"x\ny"\n1,2,3\n')


def test_columns_without_a_name_of_their_own_get_one() -> None:
    table = tables.read(b",a, a ,(column 1)\n1,2,3,4\n")
    assert len(set(table.columns)) == 4
    assert table.columns[1:3] == ("a", "a (column 3)")


REFUSED = {
    "empty": (b"", "empty"),
    "too large": (b"a\n" * (FULL // 2 + 1), "25 MB"),
    "a workbook": (b"PK\x03\x04" + b"x" * 99, "workbook.* CSV"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "workbook.* CSV"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "picture"),
    "JSON": (b'[{"text": "good"}]', "JSON"),
    "lines of JSON": (b'{"text": "good"}\n{"text": "bad"}', "JSON"),
    "a web page": (b"\xef\xbb\xbf\n<!DOCTYPE html>", "web page"),
    "a header only": (b"text,stars\n\n", "no row"),
    "only empty rows": (b",,\n\n,,\n", "only empty rows"),
    "too few cells": (b"a,b,c\n1,2,3\n4,5\n", "Row 3 has 2 cells and row 1 has 3"),
    "too many cells": (b"a,b\n1,2\n4,5,6\n", "Row 3 has 3 cells and row 1 has 2"),
    "NUL": (b"a,b\n1,2\n\0,3\n", "Line 3 holds a NUL"),
    "NUL in Windows-1252": (b"a,b\n\xe9,2\n\0,3\n", "Line 3 holds a NUL"),
    "UTF-16 without its mark": ("a,b\n1,é\n".encode("utf-16-le"), "NUL"),
    "damaged UTF-16": ("a,b\n1,2\n".encode("utf-16")[:-1], "UTF-16 is damaged in line 2"),
    "an open quotation": (b'a,b\n1,2\n3,"4\n5,6\n', "row 3 is never closed"),
    "a row that is no header": (b"x" * 300 + b",b\ny,1\n", "300 characters.* names"),
    "a million commas": (b"," * 10**6, "Row 1 has 1,000,001 cells"),
    "a million commas below a header": (b"a,b\n" + b"," * 10**6, "Row 2 has 1,000,001 cells"),
    "many columns": (b",".join([b"a"] * 501) + b"\n", "501 cells and at most 500"),
    "a long cell": (b"a,b\n1," + b"x" * 200_000 + b"\n", "Row 2 .*131,072 characters"),
}


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_table_gets_one_sentence_that_says_where(data: bytes, says: str) -> None:
    assert re.search(says, refusal(data))


def test_no_sentence_repeats_what_a_cell_holds() -> None:
    for data in (b"a,b\n![x](http://example.org)\n", b'[x](y),"z\n1,2', b"[b]" * 99 + b"\n1\n"):
        assert not re.search(r"[\[\]()]", refusal(data))


def test_a_table_of_the_largest_size_is_read_quickly() -> None:
    row = b'7,"It was, on the whole, a film that I would see again with friends."\n'
    began = time.perf_counter()
    table = tables.read(b"id,text\n" + row * 100_000)
    assert time.perf_counter() - began < 5
    assert len(table.rows) == 100_000
    assert table.numbers[-1] == 100_001
    assert "200,000 rows" in refusal(b"text\n" + b"good\n" * 200_001)
    assert "180,000 rows of 50 cells" in refusal((b",".join([b"1"] * 50) + b"\n") * 180_002)


def test_cells_that_say_the_same_are_held_once_and_others_as_many_as_fit() -> None:
    table = tables.read(b"a,b\n" + b"kettle,kettle\n" * 9)
    assert len({id(cell) for row in table.rows for cell in row}) == 1


def test_cells_that_all_differ_are_as_many_as_fit_and_the_sentence_says_how_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "MAX_TEXTS", 1_000)
    monkeypatch.setattr(tables, "SHARED", 200)
    assert "more than 250 rows of 4 cells" in refusal(b"a,b,c,d\n" + different(4, 300))
    assert len(tables.read(b"a,b,c,d\n" + different(4, 250)).rows) == 250
    assert len(tables.read(b"a,b,c,d\n" + different(4, 1) * 300).rows) == 300


def different(width: int, rows: int) -> bytes:
    """Rows of which no two cells say the same."""
    cells = (b"%05x" % i for i in range(width * rows))
    return b"".join(b",".join(islice(cells, width)) + b"\n" for _ in range(rows))


COSTLY = {
    "commas": b"," * FULL,
    "lines of commas": (b"," * 499 + b"\n") * (FULL // 500),
    "line breaks": b"\n" * FULL,
    "quotation marks": b'"' * FULL,
    "an open quotation": b'a,b\n"' + b"x" * (FULL - 6),
    "an open quotation over lines": b'a,b\n"' + b"x\n" * (FULL // 2 - 3),
    "short rows": b"a\n" * (FULL // 2),
    "cells that all differ": different(41, FULL // 41 // 6),
    "short cells": (b"a," * 499 + b"a\n") * (FULL // 1000),
}
MEASURE = """
import resource, sys, time
from models.decode import tables
from models.errors import InputError
def held(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
data, before = sys.stdin.buffer.read(), held()
began = time.perf_counter()
try: tables.read(data)
except InputError as error: print(error)
print(time.perf_counter() - began, held() - before)
"""


@pytest.mark.parametrize("data", COSTLY.values(), ids=COSTLY)
def test_the_worst_25_megabytes_cost_bounded_time_and_memory(data: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=data, capture_output=True, cwd=ROOT, check=True
    )
    sentence, figures = done.stdout.decode().splitlines()
    seconds, megabytes = map(float, figures.split())
    assert sentence.endswith(".")
    assert seconds < 5
    assert megabytes < 250
