"""A link to what is on the page; with a visitor's own text only where they ask for it."""

import streamlit as st

from pages.parts.source.text import LINKED, SHORT
from pages.parts.state import choices


def link(sample: str | None, text: str) -> None:
    """The address that restores what is on the page: a sample, or else a text of the visitor's."""
    st.markdown("**Link to what you see**")
    if sample is not None:
        st.code(choices.link(**{LINKED: None}), language=None, wrap_lines=True)
        return
    if len(text) > SHORT:
        st.caption(
            f"Your text has {len(text):,} characters; a link holds {SHORT}. Choose a sample or "
            "shorten it to get one."
        )
        return
    st.caption("Your own text is in no link, unless you make one that contains it.")
    # Asked again for every other text: what was allowed for one is not for the next.
    made = st.session_state.get("text_linked") == text
    if not made and st.button("Make a link that contains my text", icon=":material/link:"):
        st.session_state["text_linked"], made = text, True
    if made:
        st.code(choices.link(**{LINKED: text}), language=None, wrap_lines=True)
        st.caption("Whoever sees this link can read your text in it.")
