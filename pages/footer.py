"""The foot of every page: what happens to uploads, the version, the ways to its source."""

from collections.abc import Sequence

import streamlit as st

from models import __version__


def draw(about: Sequence[str]) -> None:
    """Draw it. about: the scripts of the pages about Glassbox itself that this host shows."""
    st.caption(
        "Glassbox runs on this server alone. What you upload stays in its memory for your visit "
        "and is never stored, logged or passed on."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Version {__version__}, Apache License 2.0", width="content")
        for file in about:
            st.page_link(file, label=LABELS.get(file), width="content")


LABELS = {"about/page.py": "Source, licence and privacy"}
