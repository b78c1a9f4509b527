"""The cells of a sample, to be changed: what a visitor changed is theirs, and no click loses it.

A sample that is clicked is shown as it is, and one click more brings the visitor's cells back. They
live in the session alone, where they stay while other pages are visited; none is in the address.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts.source.place import Source
from pages.parts.state import address

Changes = dict[str, Any]  # as an editor reports them: rows edited, added and deleted


@dataclass(frozen=True)
class Shown:
    """What an editor shows. sample: whose cells they are, or were before the visitor's changes.

    editor: the widget's key. table: what it begins with. own: whether the visitor changed cells.
    """

    sample: str
    editor: str
    table: pd.DataFrame
    own: bool = False


@dataclass(frozen=True)
class Own:
    """What a visitor changed: the editor in which, what they did there, and what came of it.

    edition: counts all changes on the page.
    """

    shown: Shown
    changes: Changes
    edition: int

    @property
    def table(self) -> pd.DataFrame:
        """The cells with all changes."""
        return changed(self.shown.table, self.changes)


@dataclass(frozen=True)
class Cells:
    """The cells of a page's samples. table: those of one. source: the choice, its own by name."""

    source: Source
    table: Callable[[str], pd.DataFrame]

    def choose(self) -> Shown:
        """Draw the samples; returns what the editor is to show."""
        own = self._own()
        edition = own.edition if own else 0
        # Only cells that are shown can be changed: who chose another sample did so after that.
        chosen = st.session_state.get(self.source.key)
        clicked = own is not None and chosen not in (None, own.shown.sample)
        with st.container():  # a button more or less above it must not move the editor
            name = self.source.choose([str(edition)] if own else [], clicked)
        if own is None or name is not None:
            name = name or self.source.start
            return Shown(name, self._editor(name, edition), self.table(name))
        address.empty(self.source.key)
        if own.shown.editor not in st.session_state:
            # It was not drawn for a while, and forgot what was done in it: another begins with it.
            again = self._editor("own", edition)
            own = replace(own, shown=replace(own.shown, editor=again, table=own.table), changes={})
            st.session_state[f"{self.source.page}_own"] = own
        return own.shown

    def _own(self) -> Own | None:
        """What the visitor changed last, in a sample or once more in what was theirs before.

        It is read off the editors before anything is drawn: a run that ends early loses nothing.
        """
        key = f"{self.source.page}_own"
        own: Own | None = st.session_state.get(key)
        edition = own.edition if own else 0
        if own and (made := _made(own.shown.editor)) not in (None, own.changes):
            own = replace(own, changes=made, edition=edition + 1)
        for name in self.source.samples:
            editor = self._editor(name, edition)
            if made := _made(editor):
                own = Own(Shown(name, editor, self.table(name), own=True), made, edition + 1)
        st.session_state[key] = own
        return own

    def _editor(self, name: str, edition: int) -> str:
        """The key of an editor in which nothing was changed yet: after each change another."""
        return f"{self.source.page}_{name}_{edition}"


def _made(editor: str) -> Changes | None:
    """What was done in an editor; None where it is not drawn."""
    state: Changes | None = st.session_state.get(editor)
    return None if state is None else {what: rows for what, rows in state.items() if rows}


def changed(table: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """A table of objects with what was done in an editor; its rows are counted anew."""
    made = table.astype(object)
    for row, cells in changes.get("edited_rows", {}).items():
        for column, cell in cells.items():
            made.loc[made.index[row], column] = cell
    made = made.drop(made.index[changes.get("deleted_rows", [])])
    added = pd.DataFrame(changes.get("added_rows", []), columns=made.columns, dtype=object)
    return pd.concat([made, added], ignore_index=True)
