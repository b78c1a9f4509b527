"""Showing a figure of figures.py, with its sentence for those who cannot see it."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

# Streamlit sets its Plotly template when this module is first imported, which would otherwise be
# after the first figure was made: that one alone would then look different.
from streamlit.elements import plotly_chart as _  # noqa: F401

from pages.parts.draw.figures import Drawn, unchecked

_CONFIG = {"displayModeBar": False}
ABOVE, TALL = 26, 450  # pixels: of a legend above its chart, where marks have names; of a chart
SIZE = 14  # pixels of every word in a chart, which may hang on a wall; Streamlit's own are 12


def show(drawn: Drawn, key: str, clicked: Callable[[], None] | None = None) -> None:
    """Draw a figure at the width of its place. clicked: called when a point of it is."""
    figure, alt = drawn
    more: dict[str, Any] = {"on_select": clicked, "selection_mode": "points"} if clicked else {}
    st.plotly_chart(legible(figure), alt=alt, key=key, config=_CONFIG, **more)


def legible(figure: go.Figure) -> go.Figure:
    """The same with words of a size for a projector, wherever it says none itself."""
    spec = figure.to_dict()
    data, layout = spec["data"], {**spec.get("layout", {})}
    layout["font"] = {"size": SIZE, **layout.get("font", {})}
    layout["legend"] = _sized(layout.get("legend"), "font")
    if layout["legend"].get("orientation") == "h":  # which grows upwards where it takes two lines
        layout["legend"] |= {"yanchor": "bottom", "y": 1 + ABOVE / layout.get("height", TALL)}
    axes = {"xaxis", "yaxis", *(name for name in layout if name[1:5] == "axis")}
    for name in axes:
        axis = _sized(layout.get(name), "tickfont")
        title = axis.get("title")
        title = {"text": title} if isinstance(title, str) else title
        layout[name] = {**axis, "title": _sized(title, "font")}
    return unchecked(data, layout)


def _sized(part: dict[str, Any] | None, font: str) -> dict[str, Any]:
    part = part or {}
    return {**part, font: {"size": SIZE, **part.get(font, {})}}
