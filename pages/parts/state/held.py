"""What a page keeps for its visitor of one thing, as long as it is about that thing."""

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def held(name: str, about: Hashable, make: Callable[[], T]) -> T:
    """What the session keeps under this name, made anew where it is about something else now.

    Raises what `make` raises; what was kept before then stays.
    """
    kept: tuple[Hashable, T] | None = st.session_state.get(name)
    if kept is None or kept[0] != about:
        kept = st.session_state[name] = about, make()
    return kept[1]
