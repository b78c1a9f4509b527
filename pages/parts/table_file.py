"""A visitor's table: the place where it is given, and what was made of it, once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from models import deadline, tables
from models.errors import GlassboxError
from models.tables import Table
from pages.parts import words

T = TypeVar("T")
MOMENT = 3.0  # seconds that a table outlives its file
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


def given(page: str, label: str, read: Callable[[Table], T], hint: str = "") -> Opened[T] | None:
    """The uploader, and what lies in it; None where nothing does.

    read: from the table; raises InputError, and BusyError where it takes too long. A file that is
    not read gets its sentence, and the one before it stays and is named. hint: what may be given.
    With a new one, or another sheet, the page's answers begin anew.
    """
    state = st.session_state
    file = st.file_uploader(
        label, type=TYPES, key=f"{page}_csv_file", help=f"{hint} {LIMITS} {STAY}".strip()
    )
    if file is None:
        _without(page)
        return None
    state.pop(f"{page}_between", None)
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
        else:
            opened = Opened(file.file_id, file.name, table.sheets, table.sheet, made)
            state[f"{page}_opened"] = opened
            _forget(page, "done", "halted")
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


def _without(page: str) -> None:
    """No file lies here: what was made of the one before is dropped, but not at once.

    A browser that is given another file first takes this one away, and the page runs once between.
    """
    state, between = st.session_state, f"{page}_between"
    if f"{page}_opened" not in state:
        return
    if between in state:
        _drop(page)
        return
    state[between] = time.monotonic()
    st.fragment(_drop_late, run_every=MOMENT)(page)


def _drop_late(page: str) -> None:
    """At its second run, when no other file has come."""
    began = st.session_state.get(f"{page}_between")
    if began is not None and time.monotonic() - began > MOMENT / 2:
        _drop(page)
        st.rerun()  # the whole page: this ends the runs of the fragment too


def _drop(page: str) -> None:
    _forget(page, "opened", "looked", "done", "halted", "between")


def _forget(page: str, *names: str) -> None:
    for name in names:
        st.session_state.pop(f"{page}_{name}", None)
