"""Showing a figure of figures.py, with its sentence for those who cannot see it."""

import streamlit as st

# Streamlit sets its Plotly template when this module is first imported, which would otherwise be
# after the first figure was made: that one alone would then look different.
from streamlit.elements import plotly_chart as _  # noqa: F401

from pages.parts.draw.figures import Drawn

_CONFIG = {"displayModeBar": False}


def show(drawn: Drawn, key: str) -> None:
    """Draw a figure at the width of its place."""
    figure, alt = drawn
    st.plotly_chart(figure, alt=alt, key=key, config=_CONFIG)
