"""Many inputs at once: a table that grows, a stop, and a CSV to take home; of pictures here."""

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import deadline, decode
from models.decode import Picture, Pixels
from models.errors import BusyError, InputError
from models.kinds.classifier import Answer
from pages.parts.draw import inline

CHUNK = 8  # pictures between two looks at the stop button
WRITTEN = 20_000  # rows of a CSV between two looks at the clock


def table(page: str, files: list[UploadedFile], ask: Callable[[Picture], Answer]) -> None:
    """Answer every file, in chunks; what is done is kept when the visitor stops or adds more.

    ask: the model's answer for one picture.
    """
    done: dict[str, dict[str, object]] = st.session_state.setdefault(f"{page}_rows", {})
    named = {file.file_id: file for file in files}
    for gone in done.keys() - named.keys():
        del done[gone]
    place = st.container()
    whole = Whole(tuple(named), "pictures", CHUNK)
    in_chunks(page, whole, done, lambda ids: _rows([named[one] for one in ids], ask))
    with place:
        _show(page, [done[one] for one in named if one in done])


@dataclass(frozen=True)
class Whole:
    """All that is to be answered. of: what they are, in words. chunk: how many at once.

    pause: after so many it waits until the visitor says "go on".
    """

    keys: Sequence[Hashable]
    of: str
    chunk: int
    pause: int = 0


@dataclass(frozen=True)
class Halted:
    """What waits until the visitor says "go on", and why, if not by their own wish."""

    keys: frozenset[Hashable] = frozenset()
    why: str = ""
    trouble: bool = False


def in_chunks(
    page: str, whole: Whole, done: dict[Any, Any], ask: Callable[[list[Any]], Iterable[Any]]
) -> None:
    """Answer what is not done, with progress and a stop; the page runs again when all is.

    ask: from some of the keys to what is kept of each. What it is busy for is kept for later.
    """
    state = st.session_state
    waiting = [key for key in whole.keys if key not in done]
    if not waiting:
        return
    # What was stopped is these: others that the visitor adds later are answered at once.
    halted: Halted = state.get(f"{page}_halted", Halted())
    button, told = st.empty(), st.empty()
    bar = st.progress(*_far(whole, done))
    if halted.keys.issuperset(waiting):
        _go_on(page, button, told, halted)
        return
    here = frozenset(whole.keys)
    button.button("Stop", key=f"{page}_stop", on_click=_halt, args=(page, Halted(here)))
    while waiting:
        chunk, waiting = waiting[: whole.chunk], waiting[whole.chunk :]
        before, why, trouble = len(done), "", False
        try:
            done.update(zip(chunk, ask(chunk), strict=True))
        except BusyError as error:
            why, trouble = f"{error} What is done was kept: go on when you like.", True
        if waiting and whole.pause and before // whole.pause < len(done) // whole.pause:
            why = f"{len(done):,} of {len(whole.keys):,} {whole.of} are done: go on when you like."
        bar.progress(*_far(whole, done))
        if why:
            halted = Halted(here, why, trouble)
            _halt(page, halted)
            _go_on(page, button, told, halted)
            return
    st.rerun()


def _far(whole: Whole, done: dict[Any, Any]) -> tuple[float, str]:
    count = len(whole.keys)
    return len(done) / count, f"{len(done):,} of {count:,} {whole.of}"


def _go_on(page: str, button: DeltaGenerator, told: DeltaGenerator, halted: Halted) -> None:
    button.button("Go on", key=f"{page}_go_on", on_click=_halt, args=(page, Halted()))
    if halted.why:
        (told.error if halted.trouble else told.info)(halted.why)


def _halt(page: str, halted: Halted) -> None:
    st.session_state[f"{page}_halted"] = halted


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
        first = answer.top(1)[0]
        rows.append(
            {
                "picture": _thumbnail(picture.pixels),
                "file": file.name,
                "answer": first.label if answer.knows else f"I don't know ({first.label}?)",
                "probability": first.probability,
                "knows": answer.knows,
                "familiarity": round(answer.familiarity, 2),
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
    download(page, frame.drop(columns="picture"))


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
