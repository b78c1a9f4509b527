"""Many inputs at once: a table of pictures that grows, and of any one to click and to take home."""

import csv
import io
from collections.abc import Callable, Hashable
from typing import Any

import pandas as pd
import streamlit as st
from PIL import Image
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import deadline, decode
from models.decode import Picture, Pixels
from models.errors import InputError
from models.kinds.classifier import Answer
from pages.parts.draw import inline
from pages.parts.job.job import Job

CHUNK = 8  # pictures between two looks at the stop button
WRITTEN = 20_000  # rows of a CSV between two looks at the clock


def table(
    page: str,
    files: list[UploadedFile],
    ask: Callable[[Picture], Answer],
    about: Hashable,
    clicked: Callable[[str], None],
) -> None:
    """Answer every file, in chunks; what is done is kept when the visitor stops or adds more.

    ask: the model's answer for one picture. about: what else the answers depend on. clicked: is
    called with the id of the file whose row was clicked.
    """
    job: Job[str, dict[str, object]] = Job.of(page, about)
    named = {file.file_id: file for file in files}
    place = st.container()
    job.run([*named], "pictures", lambda ids, _: _rows([named[one] for one in ids], ask), CHUNK)
    with place:
        done = [one for one in named if one in job.done]
        if done:
            _show(page, [job.done[one] for one in done], lambda i: clicked(done[i]))


def _rows(files: list[UploadedFile], ask: Callable[[Picture], Answer]) -> list[dict[str, object]]:
    """One row a file; a file that is no picture gets its sentence instead of an answer."""
    rows: list[dict[str, object]] = []
    for file in files:
        try:
            picture = decode.picture(file.getvalue())
        except InputError as error:
            rows.append({"picture": None, "file": file.name, "answer": str(error)})
            continue
        answer = ask(picture)
        first = answer.said()
        rows.append(
            {
                "picture": _thumbnail(picture.pixels),
                "file": file.name,
                "answer": first.label
                if answer.in_distribution
                else f"I don't know ({first.label}?)",
                "probability": first.probability,
                "knows": answer.in_distribution,
                "familiarity": round(answer.in_distribution_score, 2),
            }
        )
        if read := " ".join(picture.read_as):
            rows[-1]["how it was read"] = read
    return rows


def _thumbnail(pixels: Pixels) -> str:
    """A small JPEG as a data address: it needs no file on the server."""
    image = Image.fromarray(pixels)
    image.thumbnail((96, 96))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return inline.file(buffer.getvalue(), "jpeg")


def _show(page: str, rows: list[dict[str, object]], clicked: Callable[[int], None]) -> None:
    columns = {
        "picture": st.column_config.ImageColumn("Picture"),
        "file": "File",
        "answer": st.column_config.TextColumn("Answer", width="medium"),
        "probability": st.column_config.ProgressColumn(
            "Probability", format="percent", min_value=0, max_value=1
        ),
        "knows": "Knows it",
        "familiarity": "Familiarity",
    }
    clickable(
        page,
        pd.DataFrame(rows),
        f"Answers for {len(rows)} pictures.",
        clicked,
        said="The newest is answered above. Click a row to look closer at its picture.",
        columns=columns,
        pictures=True,
    )


def clickable(
    page: str,
    frame: pd.DataFrame,
    alt: str,
    clicked: Callable[[int], None],
    *,
    said: str = "Click a row to see why it has its score.",
    columns: dict[str, Any] | None = None,
    most: int | None = None,
    pictures: bool = False,
) -> None:
    """A table to click and to save; `clicked` is called with the place of a row in it.

    said: what a click does. columns: how some are drawn. most: rows that are shown; the file has
    all. pictures: whether the column `picture` holds some; the file has none.
    """
    key, safe = f"{page}_scores", harmless(frame)  # the table's own toolbar saves a CSV too

    def told() -> None:
        if cells := st.session_state[key].selection.cells:
            clicked(cells[0][0])

    st.caption(said)
    st.dataframe(
        safe[:most],
        key=key,
        hide_index=True,
        column_config=columns,
        row_height=56 if pictures else None,
        on_select=told,
        selection_mode="single-cell",
        alt=alt,
    )
    download(page, safe.drop(columns="picture") if pictures else safe)


def download(page: str, frame: pd.DataFrame) -> None:
    """The button that saves a harmless table."""
    st.download_button(
        "Download the table (CSV)",
        lambda: csv_of(frame),
        "glassbox-answers.csv",
        "text/csv",
        key=f"{page}_csv",
        on_click="ignore",
        icon=":material/download:",
    )


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with no text cell that starts a formula in a spreadsheet (OWASP, CSV injection)."""
    safe = frame.copy()
    for column in frame.select_dtypes(include=["object", "string"]).columns:
        safe[column] = safe[column].map(
            lambda cell: f"'{cell}" if str(cell).startswith(tuple("=+-@\t\r\n")) else cell
        )
    return safe


def csv_of(frame: pd.DataFrame) -> bytes:
    """The table as CSV, all text quoted: to some readers a lone CR or semicolon starts a cell.

    Raises BusyError where the machine has no room for it or it takes too long.
    """
    with deadline.work():
        parts = [
            frame[i : i + WRITTEN].to_csv(index=False, header=not i, quoting=csv.QUOTE_NONNUMERIC)
            for i in deadline.watched(range(0, max(1, len(frame)), WRITTEN), every=1)
        ]
        return "".join(parts).encode()
