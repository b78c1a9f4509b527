"""Many pictures at once: a table that grows, a stop, and a CSV to take home."""

import base64
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import decode
from models.decode import Pixels
from models.errors import BusyError, InputError
from models.scores import Answer

CHUNK = 8  # pictures between two looks at the stop button


def table(page: str, files: list[UploadedFile], ask: Callable[[Pixels], Answer]) -> None:
    """Answer every file, in chunks; what is done is kept when the visitor stops or adds more.

    ask: the model's answer for one picture, uint8 [height, width, 3].
    """
    state = st.session_state
    done: dict[str, dict[str, object]] = state.setdefault(f"{page}_rows", {})
    for gone in done.keys() - {file.file_id for file in files}:
        del done[gone]
    waiting = [file for file in files if file.file_id not in done]
    # What was stopped is these files: others that the visitor adds later are answered at once.
    halted: Halted = state.get(f"{page}_halted", Halted())
    stopped = {file.file_id for file in waiting} <= halted.files
    place = st.container()
    if waiting:
        here = frozenset(file.file_id for file in files)
        button, trouble = st.empty(), st.empty()
        if stopped:
            _go_on(page, button, trouble, halted.why)
        else:
            halt = (page, Halted(here))
            button.button("Stop", key=f"{page}_stop", on_click=_halt, args=halt)
        bar = st.progress(len(done) / len(files), f"{len(done)} of {len(files)} pictures")
        while waiting and not stopped:
            chunk, waiting = waiting[:CHUNK], waiting[CHUNK:]
            try:
                rows = _rows(chunk, ask)
            except BusyError as error:
                stopped = True
                why = f"{error} What is done was kept: go on when you like."
                _halt(page, Halted(here, why))
                _go_on(page, button, trouble, why)
                break
            done.update(zip([file.file_id for file in chunk], rows, strict=True))
            bar.progress(len(done) / len(files), f"{len(done)} of {len(files)} pictures")
        if not waiting and not stopped:
            st.rerun()
    with place:
        _show(page, [done[file.file_id] for file in files if file.file_id in done])


@dataclass(frozen=True)
class Halted:
    """The files that wait until the visitor says "go on", and why, if not by their own wish."""

    files: frozenset[str] = frozenset()
    why: str = ""


def _go_on(page: str, button: DeltaGenerator, trouble: DeltaGenerator, why: str) -> None:
    button.button("Go on", key=f"{page}_go_on", on_click=_halt, args=(page, Halted()))
    if why:
        trouble.error(why)


def _halt(page: str, halted: Halted) -> None:
    st.session_state[f"{page}_halted"] = halted


def _rows(files: list[UploadedFile], ask: Callable[[Pixels], Answer]) -> list[dict[str, object]]:
    """One row a file; a file that is no picture gets its sentence instead of an answer."""
    rows: list[dict[str, object]] = []
    for file in files:
        try:
            pixels = decode.picture(file.getvalue()).pixels
        except InputError as error:
            rows.append({"picture": None, "file": file.name, "answer": str(error)})
            continue
        answer = ask(pixels)
        first = answer.top(1)[0]
        rows.append(
            {
                "picture": _thumbnail(pixels),
                "file": file.name,
                "answer": first.label if answer.knows else f"I don't know ({first.label}?)",
                "probability": first.probability,
                "knows": answer.knows,
                "familiarity": round(answer.familiarity, 2),
            }
        )
    return rows


def _thumbnail(pixels: Pixels) -> str:
    """A small JPEG as a data address: it needs no file on the server."""
    image = Image.fromarray(pixels)
    image.thumbnail((96, 96))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _show(page: str, rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    frame = harmless(pd.DataFrame(rows))  # the table's own toolbar saves a CSV too
    st.dataframe(
        frame,
        hide_index=True,
        row_height=56,
        column_config={
            "picture": st.column_config.ImageColumn("Picture"),
            "file": "File",
            "answer": st.column_config.TextColumn("Answer", width="medium"),
            "probability": st.column_config.ProgressColumn(
                "Probability", format="percent", min_value=0, max_value=1
            ),
            "knows": "Knows it",
            "familiarity": "Familiarity",
        },
        alt=f"Answers for {len(rows)} pictures.",
    )
    st.download_button(
        "Download the table (CSV)",
        csv_of(frame.drop(columns="picture")),
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
    """The table as CSV, all text quoted: to some readers a lone CR or semicolon starts a cell."""
    return frame.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC).encode()
