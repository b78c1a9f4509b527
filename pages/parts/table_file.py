"""A visitor's CSV file: the place where it is given, and what was made of it, once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from models import deadline
from pages.parts import guard

T = TypeVar("T")
MOMENT = 3.0  # seconds that a table outlives its file
STAY = "It stays in this server's memory for your visit."


@dataclass(frozen=True)
class Opened(Generic[T]):
    """file: which upload it is. made: what `read` of `given` made of it."""

    file: str
    made: T


def given(page: str, label: str, hint: str, read: Callable[[bytes], T]) -> Opened[T] | None:
    """The uploader, and what lies in it; None where nothing does.

    read: from the file's bytes; raises InputError, and BusyError where the machine has no room for
    it or it takes too long. A file that is not read gets its sentence, and the one before it stays.
    hint: what may be given. With a new one the page's answers begin anew.
    """
    state = st.session_state
    file = st.file_uploader(
        label, type=["csv", "tsv", "txt"], key=f"{page}_csv_file", help=f"{hint} {STAY}"
    )
    if file is None:
        _without(page)
        return None
    state.pop(f"{page}_between", None)
    opened: Opened[T] | None = state.get(f"{page}_opened")
    if opened is None or opened.file != file.file_id:
        with guard.in_place(), deadline.work():
            opened = state[f"{page}_opened"] = Opened(file.file_id, read(file.getvalue()))
            _forget(page, "done", "halted")
    return opened


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
    _forget(page, "opened", "done", "halted", "between")


def _forget(page: str, *names: str) -> None:
    for name in names:
        st.session_state.pop(f"{page}_{name}", None)
