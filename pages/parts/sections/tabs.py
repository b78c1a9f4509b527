"""The tabs below an answer: Why, Trust, Take, and those that a demo has besides."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.parts.job import guard
from pages.parts.state import choices


@contextmanager
def opened(*names: str) -> Iterator[str]:
    """Draw the tabs, and inside the open one, which it names: nothing else is computed.

    An error of ours in it is one sentence there, and what stands below goes on.
    """
    choices.one("part", names)
    drawn = st.tabs(names, key="part", on_change="rerun", bind="query-params")
    name, tab = next(pair for pair in zip(names, drawn, strict=True) if pair[1].open)
    if name != "Take":  # there the link stands, which opens what was seen before
        st.session_state[choices.OPEN] = name
    with tab, guard.in_place():
        yield name
