"""Workbooks of strangers: the cells that people see, or one sentence, whatever the file does."""

import io
import re
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import psutil
import pytest

from models import deadline
from models.decode import numbers, tables, times, workbooks
from models.errors import BusyError, InputError
from tests.helpers import is_sentence

ROWS = [["time", "x", "kind"], [46173.5, 1.002, "a"], [46173.75, 998, "b"], [46174, -3.5, "c"]]
Cells = Sequence[Sequence[str | float]]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def packed(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return buffer.getvalue()


def sheet(rows: Cells, top: int = 1) -> str:
    """A sheet's XML. Numbers of the first column are times, as a style says."""

    def cell(value: str | float, place: int, row: int) -> str:
        at = f"{chr(65 + place)}{row}"
        if isinstance(value, str):
            return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return (
            f'<c r="{at}"{" s=" + chr(34) + "1" + chr(34) if not place else ""}><v>{value}</v></c>'
        )

    lines = "".join(
        f'<row r="{row}">{"".join(cell(value, i, row) for i, value in enumerate(values))}</row>'
        for row, values in enumerate(rows, top)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def xlsx(sheets: dict[str, str], hidden: str = "") -> bytes:
    """A workbook as Excel writes it. hidden: the sheet that nobody sees."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{i}" r:id="r{i}"'
        f"{' state=' + chr(34) + 'hidden' + chr(34) if name == hidden else ''}/>"
        for i, name in enumerate(sheets, 1)
    )
    linked = "".join(
        f'<Relationship Id="r{i}" Type="{LINKS}/worksheet" Target="worksheets/s{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    styles = f'<Relationship Id="s" Type="{LINKS}/styles" Target="styles.xml"/>'
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKED}/content-types"><Default '
            f'Extension="xml" ContentType="{kinds}.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKED}/relationships"><Relationship Id="b" '
            f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKED}/relationships">{linked}'
            f"{styles}</Relationships>",
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf '
            'numFmtId="22"/></cellXfs></styleSheet>',
            **{f"xl/worksheets/s{i}.xml": text for i, text in enumerate(sheets.values(), 1)},
        }
    )


def ods(rows: Cells) -> bytes:
    """A workbook as LibreOffice writes it."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return (
                '<table:table-cell office:value-type="string">'
                f"<text:p>{escape(value)}</text:p></table:table-cell>"
            )
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    lines = "".join(
        f"<table:table-row>{''.join(map(cell, values))}</table:table-row>" for values in rows
    )
    spaces = " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "table", "text"))
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0"/>',
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="One">{lines}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        }
    )


OLD = Path(__file__).with_name("old.xls").read_bytes()


def test_the_sheet_of_a_workbook_is_a_table_with_its_times_and_numbers() -> None:
    table = tables.read(xlsx({"Machine": sheet(ROWS)}))
    assert table.columns == ("time", "x", "kind")
    assert times.read(table.column(0)).seconds.tolist() == [
        (day - times.EXCEL) * times.DAY for day in (46173.5, 46173.75, 46174)
    ]
    # A number in a workbook is one: its three decimals are no thousands.
    found = numbers.read(table.column(1), table.marks)
    assert found.values.tolist() == [1.002, 998, -3.5]
    assert not found.note
    assert table.column(2) == ["a", "b", "c"]
    assert (table.sheets, table.sheet) == (("Machine",), "Machine")


@pytest.mark.parametrize("data", [ods(ROWS), OLD], ids=["ods", "xls"])
def test_other_kinds_of_workbooks_are_read(data: bytes) -> None:
    table = tables.read(data)
    assert table.columns == ("time", "x", "kind")
    assert numbers.read(table.column(1), table.marks).values[0] == 1.002
    assert not times.read(table.column(0)).wrong.any()
    assert table.column(2) == ["a", "b", "c"]


def test_of_several_sheets_one_is_read_and_another_can_be() -> None:
    book = xlsx(
        {
            "Empty": sheet([]),
            "Hidden": sheet([["no"], [1]]),
            "A & B": sheet(ROWS),
            "C": sheet(ROWS[:2]),
        },
        hidden="Hidden",
    )
    first = tables.read(book)
    assert first.sheets == ("Empty", "A & B", "C")
    assert first.sheet == "A & B"
    assert len(first.rows) == 3
    other = tables.read(book, "C")
    assert (other.sheet, len(other.rows)) == ("C", 1)
    assert tables.read(book, "Hidden").sheet == "A & B"
    with pytest.raises(InputError) as caught:
        tables.read(book, "Empty")
    assert is_sentence(caught.value)


def test_rows_count_as_in_the_spreadsheet_below_a_title() -> None:
    table = tables.read(xlsx({"S": sheet([["Report of March"], [], *ROWS], top=3)}))
    assert table.head == 5
    assert table.numbers == [6, 7, 8]


FAR = sheet([["a", "b"]]).replace(
    "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
)
LIE = xlsx({"S": sheet(ROWS)})
REFUSED = {
    "damaged": (LIE[: len(LIE) // 2], "damaged"),
    "no workbook": (b"PK\x03\x04" + b"x" * 99, "damaged"),
    "an old one without content": (OLD[:600], "damaged|too large"),
    "cells that lie far apart": (xlsx({"S": FAR}), "too large"),
    "a bomb that says so": (
        packed({"xl/workbook.xml": "", "xl/worksheets/s1.xml": " " * (workbooks.UNPACKED + 1)}),
        "too large",
    ),
    "nothing in it": (xlsx({"S": sheet([])}), "no sheet with anything"),
    "names without rows": (xlsx({"S": sheet(ROWS[:1])}), "no row"),
}


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_a_workbook_that_cannot_be_read_gets_one_sentence(data: bytes, says: str) -> None:
    began = time.monotonic()
    with pytest.raises(InputError) as caught:
        tables.read(data)
    assert re.search(says, str(caught.value))
    assert is_sentence(caught.value)
    assert time.monotonic() - began < 30


def test_a_bomb_that_says_nothing_of_it_ends_its_reader_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where a file lies about what it unpacks to: only the reader's own memory bounds it."""
    monkeypatch.setattr(workbooks, "UNPACKED", 2**40)
    monkeypatch.setattr(workbooks, "MEMORY", 200 * 2**20)
    source, buffer = zipfile.ZipFile(io.BytesIO(xlsx({"S": sheet(ROWS)}))), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name in source.namelist():
            if not name.endswith("s1.xml"):
                file.writestr(name, source.read(name))
        with file.open("xl/worksheets/s1.xml", "w") as part:
            start = (
                f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
            )
            part.write(start.encode())
            for _ in range(300):
                part.write(b"a" * 2**20)
    with pytest.raises(InputError, match=r"too large|damaged") as caught:
        tables.read(buffer.getvalue())
    assert is_sentence(caught.value)
    assert not readers("workbook_reader")


def readers(name: str) -> list[psutil.Process]:
    """Processes of ours that still read."""
    return [one for one in psutil.Process().children() if name in str(one.cmdline())]


def test_its_reader_ends_when_it_takes_too_long(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "slow_reader.py"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(workbooks, "READER", slow)
    began = time.monotonic()
    with pytest.raises(BusyError), deadline.work(1.0):
        workbooks.read(xlsx({"S": sheet(ROWS)}))
    assert time.monotonic() - began < 5
    assert not readers("slow_reader")


def test_a_large_workbook_is_read_in_seconds() -> None:
    rows: list[list[str | float]] = [["time", "x", "kind"]]
    rows += [[46000 + i / 1440, i / 7, "abc"] for i in range(20_000)]
    began = time.monotonic()
    table = tables.read(xlsx({"S": sheet(rows)}))
    assert len(table.rows) == 20_000
    assert time.monotonic() - began < 15
