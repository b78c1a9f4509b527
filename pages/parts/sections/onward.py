"""From one page to another with the same picture, whether it is ours or the visitor's."""

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.parts.source import picture
from pages.parts.source.picture import Given


def to(page: str, other: str, label: str, given: Given, **chosen: Any) -> None:
    """A link to another page with this picture; nothing where this host does not show that page.

    chosen: what is chosen there besides.
    """
    context = get_script_run_ctx()
    shown = context.pages_manager.get_pages().values() if context else ()
    if other not in [one.get("url_pathname") for one in shown]:
        return
    script, icon = f"{other}/page.py", ":material/arrow_forward:"
    if given.sample is not None:
        chosen["sample"] = given.sample
        st.page_link(script, label=label, icon=icon, query_params=chosen)
    # No link can hold a picture of theirs: what carries it is their visit.
    elif st.button(label, icon=icon, type="tertiary", key=f"{page}_to_{other}"):
        picture.hand_over(given, page, other)
        st.switch_page(script, query_params=chosen)
