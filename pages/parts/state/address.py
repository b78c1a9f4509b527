"""What pages of a visit keep apart: choices stand in the address, and belong to their own page.

A choice belongs to the page on which it was made, whatever other page has one of the same name: the
frame calls `enter` before a page and `leave` after it. Who comes back to a page by the menu or by
Back finds its address as they left it; an address that says something itself is what counts.
"""

from collections.abc import Collection
from contextlib import suppress

import streamlit as st
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
        if (linked and key in left) or not str(key).startswith(own):
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
