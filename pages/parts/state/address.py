"""Choices that stand in the address, also while their widget is in a tab that is closed.

A bound widget writes its choice into the address, but takes it out again when it leaves the page.
So each choice is kept beside it: `value` reads it anywhere, `restore` puts it back.

A choice belongs to the page on which it was made, whatever other page has one of the same name: the
frame calls `enter` before a page and `leave` after it. Who comes back to a page by the menu or by
Back finds its address as they left it; an address that says something itself is what counts.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from math import isinf, isnan
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
from streamlit.errors import StreamlitAPIException

PAGE, LEFT, AGAIN = "address_page", "address_left", "address_again"
EMPTY = "address_empty"  # in a run, the choices of nothing that are to be kept
WHOLE = "address_whole"  # in the run after all choices were set: those that no part may set anew
# What pages keep for a visit under names of their parts: no choices, and not to be dropped.
PARTS = ("address_", "face_", "making_", "text_")


def enter(page: str, pages: Collection[str]) -> None:
    """Before a page is drawn: what was chosen on another is no choice of it.

    pages: the names of all, with which what they keep for themselves begins.
    """
    state, before = st.session_state, st.session_state.get(PAGE)
    state[PAGE] = page
    if state.pop(AGAIN, False):
        st.rerun()  # widgets read the address as it was when a run began
    if before is None or before == page:
        return
    own = (*PARTS, *(f"{name}_" for name in pages if name))
    linked = bool(st.query_params)
    left = state.get(LEFT, {}).get(page, {})
    for key in [*state]:
        name = str(key).removeprefix("kept_")
        if (linked and name in left) or not name.startswith(own):
            del state[key]
    if not linked:
        for key, (widget, written, chosen) in left.items():
            if widget:
                state[key] = chosen
            # A widget of the page that was left may hold the name still; then its own page's, which
            # knows what is chosen, writes it.
            with suppress(StreamlitAPIException):
                st.query_params[key] = written
        if left:
            # In a run that Back began, Streamlit takes what an address leaves out for the default,
            # whatever the session says.
            st.rerun()


def leave(page: str) -> None:
    """After a page was drawn: what its address says, and of a widget's choice what it is."""
    state = st.session_state
    state.pop(WHOLE, None)
    said = {
        key: (key in state, st.query_params.get_all(key), state.get(key)) for key in st.query_params
    }
    nothing: dict[str, tuple[bool, list[str], None]] = dict.fromkeys(
        state.pop(EMPTY, ()), (True, [], None)
    )
    state.setdefault(LEFT, {})[page] = said | nothing


def empty(key: str) -> None:
    """Nothing is chosen of `key`, and who comes back finds it so: no address can say that."""
    st.session_state[EMPTY] = {*st.session_state.get(EMPTY, ()), key}


def value(key: str) -> Any:
    """What the visitor chose for `key`: from its widget, the address, or earlier in this visit."""
    state = st.session_state
    chosen = state[key] if key in state else st.query_params.get(key, state.get(f"kept_{key}"))
    if chosen is not None:
        state[f"kept_{key}"] = chosen
    return chosen


def tab(tabs: Sequence[str]) -> str:
    """Which of a page's tabs is open, known before they are drawn; the first if nobody chose."""
    chosen = value("part")
    return chosen if chosen in tabs else tabs[0]


def restore(key: str, options: Sequence[str]) -> None:
    """Before its widget is drawn: give it back what was kept, if that is still an option."""
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]  # of another picture or network
    kept = value(key)
    if key not in st.session_state and kept in options:
        st.session_state[key] = kept


def restore_number(key: str, low: float, high: float, whole: bool = True) -> None:
    """The same for a number: the nearest to what was kept that lies in the widget's range.

    whole: of an int; what is no number at all is left to the widget's own default.
    """
    if key in st.session_state and st.session_state[key] is not None:
        value(key)
        return
    try:
        asked = float(value(key))
    except (TypeError, ValueError):
        return
    if not isnan(asked):
        nearest = min(max(asked, low), high)
        st.session_state[key] = int(nearest) if whole else float(nearest)
    if isinf(asked) and st.query_params.pop(key, None) is not None:
        # Of what the address held as this run began Streamlit makes an int, whatever stands now.
        st.rerun()


def number(label: str, least: int, most: int, usual: int, key: str) -> int:
    """A slider of whole numbers that stands in the address; `usual` where nothing was chosen.

    least, most: may differ from one run to the next; where they are one there is no slider.
    """
    state = st.session_state
    again = state.pop(f"again_{key}", None)
    try:
        asked = int(again or value(key) or usual)
    except ValueError:  # an address that somebody typed
        asked = usual
    chosen = state[f"kept_{key}"] = min(max(asked, least), most)
    if least == most:
        return chosen
    state[key] = chosen
    found = int(st.slider(label, least, most, key=key, bind="query-params"))
    if found != chosen and again is None:
        # With new bounds it is a new slider to Streamlit, which asks the address, as old as the
        # page, before it asks the session.
        state[f"again_{key}"] = chosen
        st.rerun()
    return found


def fold(label: str, icon: str, key: str) -> ExpanderContainer:
    """An expander, closed at first, whose `open` stands in the address: draw in it only then."""
    st.session_state[key] = str(value(key)).lower() == "true"  # an address may say anything
    return st.expander(label, icon=icon, on_change="rerun", key=key, bind="query-params")


def choose(choices: dict[str, Any]) -> None:
    """Set choices from code, as a click on their widgets would."""
    for key, chosen in choices.items():
        st.session_state[key] = chosen
        st.session_state[f"kept_{key}"] = chosen


def whole(usual: dict[str, Any], named: dict[str, Any]) -> None:
    """Set all choices of a page, from a callback: those that are named, and the others as usual.

    None, and mostly empty, is what the page shows where nobody chose.
    """
    state, choices = st.session_state, usual | named
    # Of tabs, empty is the first one; of all else it is left to what the page shows.
    chosen = {k: v for k, v in choices.items() if v is not None and (v != "" or k == "part")}
    for key in choices:
        for name in (key, f"kept_{key}"):
            state.pop(name, None)
    choose(chosen)
    # A widget that is new, as one with other bounds is, minds its address before it minds this.
    st.query_params.from_dict({})
    state[AGAIN] = True
    state[WHOLE] = frozenset(named)


def link(choices: dict[str, Any]) -> str:
    """This page's address with these choices; those that are None are left out."""
    query = urlencode(
        {key: chosen for key, chosen in choices.items() if chosen not in (None, "", [])}, doseq=True
    )
    return urlunsplit(urlsplit(st.context.url or "")._replace(query=query, fragment=""))
