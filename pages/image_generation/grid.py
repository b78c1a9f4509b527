"""Pictures in a grid, each of which may be clicked: one picture for all, and a point over each.

Clicks reach those who see and point; whoever uses it has another way beside it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from pages.image_generation import files
from pages.parts.draw import inline
from pages.parts.draw.figures import HERE

WIDE, LARGEST = 360, 120  # pixels: of a whole grid at most, and of one of its pictures


@dataclass(frozen=True)
class Grid:
    """Pictures uint8 [n, side, side, colours] and what is shown of each.

    words: what a pointer over a picture reads. marked: the places that are framed. file: notes
    that travel inside the picture, see making_files.
    """

    pictures: np.ndarray
    columns: int
    words: Sequence[str]
    marked: Collection[int]
    alt: str
    file: dict[str, str]


def draw(key: str, grid: Grid, clicked: Callable[[int], None]) -> None:
    """The grid; `clicked` is called with the place of the picture that was clicked, from 0."""
    st.plotly_chart(
        figure(grid),
        key=key,
        alt=grid.alt,
        on_select=lambda: _clicked(key, grid.columns, clicked),
        selection_mode="points",
        config={"displayModeBar": False, "doubleClick": False},
    )


def figure(grid: Grid) -> go.Figure:
    """One picture as the ground, and points over it that cannot be seen but found."""
    n = len(grid.pictures)
    rows, cell = -(-n // grid.columns), min(LARGEST, WIDE // grid.columns)
    scale = max(1, 2 * cell // grid.pictures.shape[1])
    large = files.enlarged(files.sheet(grid.pictures, grid.columns), scale)
    drawn = go.Figure(
        go.Scatter(
            x=[i % grid.columns for i in range(n)],
            y=[i // grid.columns for i in range(n)],
            customdata=list(grid.words),
            mode="markers",
            marker={"symbol": "square", "size": max(20, cell - 16), "color": "rgba(0,0,0,0)"},
            selected={"marker": {"opacity": 0}},
            unselected={"marker": {"opacity": 0}},
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    drawn.add_layout_image(
        source=inline.file(files.png(large, grid.file), "png"),
        xref="x",
        yref="y",
        x=-0.5,
        y=-0.5,
        sizex=grid.columns,
        sizey=rows,
        sizing="stretch",
        layer="below",
    )
    for i in grid.marked:
        column, row = i % grid.columns, i // grid.columns
        drawn.add_shape(
            type="rect",
            x0=column - 0.48,
            x1=column + 0.48,
            y0=row - 0.48,
            y1=row + 0.48,
            line={"color": HERE, "width": 3},
        )
    still = {"visible": False, "fixedrange": True, "constrain": "domain"}
    drawn.update_layout(
        height=rows * cell,
        margin={"t": 0, "b": 0, "l": 0, "r": 0},
        hovermode="closest",
        hoverdistance=cell,
        dragmode=False,
        clickmode="event+select",
        showlegend=False,
        xaxis={"range": [-0.5, grid.columns - 0.5], "constraintoward": "left", **still},
        yaxis={
            "range": [rows - 0.5, -0.5],
            "scaleanchor": "x",
            "constraintoward": "top",
            **still,
        },
    )
    return drawn


def _clicked(key: str, columns: int, clicked: Callable[[int], None]) -> None:
    """A second click on the same point takes its selection away, and means the same point."""
    state = st.session_state
    points = state[key]["selection"]["points"]
    place = state.get(f"{key}_last")
    if points:
        place = round(points[0]["y"]) * columns + round(points[0]["x"])
        state[f"{key}_last"] = place
    if place is not None:
        clicked(place)
