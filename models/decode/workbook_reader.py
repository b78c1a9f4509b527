"""A process of its own that reads one sheet of a workbook: `python -I workbook_reader.py`.

workbooks.py starts it. A hostile workbook can make any reader take all memory or end the process:
here that ends this process alone. In: a line of JSON {"sheet": name or null, "memory": bytes,
"cells": most of them}, then the workbook. Out: a line of JSON {"sheets": [...], "sheet": name} or
{"error": kind}, then the sheet as CSV in UTF-8. It imports nothing of Glassbox.
"""

import csv
import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

try:
    import resource
except ImportError:  # Windows: there only the clock bounds it
    resource = None  # type: ignore[assignment]


def text(cell: Any) -> str:
    """A cell as it would be written in a CSV file."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return repr(cell.total_seconds())
    return str(cell)


def said(told: dict[str, Any]) -> None:
    """The first line of the answer."""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")


def main() -> None:
    """Read what stands in stdin, write what is described above."""
    asked = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        seen = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        names = seen or book.sheet_names
        filled = None
        for name in [asked["sheet"]] if asked["sheet"] in names else names:
            filled = book.get_sheet_by_name(name)
            if filled.height:
                break
    except calamine.PasswordError:
        return said({"error": "password"})
    except (calamine.CalamineError, OSError, ValueError):
        return said({"error": "damaged"})
    if filled is None or not filled.height:
        return said({"error": "empty"})
    rows, columns = filled.height, filled.width
    if rows * columns > asked["cells"]:
        return said({"error": "large"})
    said({"sheets": names, "sheet": filled.name})
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", errors="replace", newline="")
    writer = csv.writer(out)
    top = (filled.start or (0, 0))[0]
    writer.writerows([] for _ in range(top))  # so that rows count as the spreadsheet does
    # The reader fills up the rows above the first one that holds something.
    for row in filled.to_python(skip_empty_area=True):
        writer.writerow([text(cell).replace("\0", "") for cell in row])
    out.flush()
    return None


if __name__ == "__main__":
    main()
