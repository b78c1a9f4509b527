"""Choices that stand in the address, also while their widget is in a tab that is closed.

A bound widget writes its choice into the address, but takes it out again when it leaves the page.
So each choice is kept beside it: `value` reads it anywhere, `restore` puts it back.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st


def value(key: str) -> Any:
    """What the visitor chose for `key`: from its widget, the address, or earlier in this visit."""
    state = st.session_state
    chosen = state[key] if key in state else st.query_params.get(key, state.get(f"kept_{key}"))
    if chosen is not None:
        state[f"kept_{key}"] = chosen
    return chosen


def restore(key: str, options: Sequence[str]) -> None:
    """Before its widget is drawn: give it back what was kept, if that is still an option."""
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]  # of another picture or network
    kept = value(key)
    if key not in st.session_state and kept in options:
        st.session_state[key] = kept


def number(key: str, least: int, most: int, usual: int) -> int:
    """The whole number that was chosen, within its bounds; `usual` where none was.

    Before its widget is drawn: gives it that number, whatever somebody typed into the address.
    """
    try:
        asked = int(value(key) or usual)
    except ValueError:
        asked = usual
    chosen = min(max(asked, least), most)
    st.session_state[key] = st.session_state[f"kept_{key}"] = chosen
    return chosen


def choose(choices: dict[str, Any]) -> None:
    """Set choices from code, as a click on their widgets would."""
    for key, chosen in choices.items():
        st.session_state[key] = chosen
        st.session_state[f"kept_{key}"] = chosen


def link(choices: dict[str, Any]) -> str:
    """This page's address with these choices; those that are None are left out."""
    query = urlencode(
        {key: chosen for key, chosen in choices.items() if chosen not in (None, "", [])}, doseq=True
    )
    return urlunsplit(urlsplit(st.context.url or "")._replace(query=query, fragment=""))
