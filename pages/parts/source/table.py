"""A visitor's table: the place where it is given, and what was made of it, once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import deadline
from models.decode import tables
from models.decode.tables import Table
from models.errors import GlassboxError
from pages.parts.draw import words
from pages.parts.source import place

T = TypeVar("T")
STAY = "It stays in this server's memory for your visit."
TYPES = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods"]
LIMITS = (
    f"A CSV file or a workbook, up to {tables.MAX_BYTES // 2**20} MB and {tables.MAX_ROWS:,} rows."
)


@dataclass(frozen=True)
class Opened(Generic[T]):
    """file: which upload it is. name: as it is called. sheets: of a workbook, the first one given
    is the one that was read. made: what `read` of `given` made of it.
    """

    file: str
    name: str
    sheets: tuple[str, ...]
    sheet: str
    made: T

    @property
    def which(self) -> tuple[str, str]:
        """What answers are about: begun anew with another file, or another sheet."""
        return self.file, self.sheet


def given(page: str, label: str, read: Callable[[Table], T], hint: str = "") -> Opened[T] | None:
    """The uploader, and what lies in it; None where nothing does.

    read: from the table; raises InputError, and BusyError where it takes too long. A file that is
    not read gets its sentence, and the one before it stays and is named. hint: what may be given.
    """
    state = st.session_state
    file = st.file_uploader(
        label, type=TYPES, key=f"{page}_csv_file", help=f"{hint} {LIMITS} {STAY}".strip()
    )
    if file is None:
        if f"{page}_opened" in state and not place.outlives(page):
            forget(page)
        return None
    state.pop(f"{page}_since", None)
    return read_once(page, file, read)


def read_once(
    page: str, file: UploadedFile, read: Callable[[Table], T], before: str = ""
) -> Opened[T] | None:
    """What lies in an upload, read when it or its sheet is new; else what was read before.

    read: as in `given`. before: what is shown where no file of the visitor's was read before.
    """
    state = st.session_state
    opened: Opened[T] | None = state.get(f"{page}_opened")
    sheet = chosen_sheet(page, opened) if opened and opened.file == file.file_id else None
    if opened is None or opened.file != file.file_id or sheet not in (None, opened.sheet):
        try:
            with deadline.work():
                table = tables.read(file.getvalue(), sheet)
                made = read(table)
        except GlassboxError as error:
            st.error(str(error), icon=":material/error:")
            if opened is not None:
                still(opened.name, opened.sheet)
            elif before:
                still(before)
        else:
            opened = Opened(file.file_id, file.name, table.sheets, table.sheet, made)
            state[f"{page}_opened"] = opened
            if len(table.sheets) > 1 and sheet is None:
                chosen_sheet(page, opened)
    return opened


def still(name: str, sheet: str = "") -> None:
    """Say whose answers stand below, where a file could not be read."""
    of = f"sheet {words.named(sheet)} of {words.named(name)}" if sheet else words.named(name)
    st.caption(f"What follows is still of {of}.")


def chosen_sheet(page: str, opened: Opened[Any]) -> str | None:
    """The choice of a sheet, where there are several: its name, or None where there is none."""
    if len(opened.sheets) < 2:
        return None
    key = f"{page}_sheet"
    if st.session_state.get(f"{key}_of") != opened.file:
        st.session_state[f"{key}_of"] = opened.file
        st.session_state[key] = opened.sheet
    return str(st.selectbox("Sheet of the workbook", opened.sheets, key=key))


def template(page: str, data: bytes, name: str) -> None:
    """A button that gives a file of the right form, to be filled."""
    st.download_button(
        "Template with our samples (CSV)",
        data,
        name,
        "text/csv",
        key=f"{page}_template",
        on_click="ignore",
        icon=":material/download:",
    )


def forget(page: str) -> None:
    """Drop what was made of a file that was taken away."""
    for made in ("opened", "looked", "job"):
        st.session_state.pop(f"{page}_{made}", None)
