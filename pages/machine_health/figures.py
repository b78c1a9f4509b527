"""Plotly figures of a machine's sensors, each with the sentence that says the same."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from models.machine_health import Health, Look
from models.machine_health.scoring import WINDOW
from pages.parts.draw.figures import HERE, LIMIT, OURS, STILL, THEIRS, Drawn
from pages.parts.draw.words import drawn

NAME = 30  # characters of a sensor's name that a phone has room for
POINTS = 900  # that are drawn of a line: more than a screen has
Array = np.ndarray[Any, Any]


def spans(flags: Array) -> list[tuple[int, int]]:
    """Runs of True: first and last place of each."""
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(int)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def thinned(values: Array) -> tuple[Array, Array]:
    """At most `POINTS` of a line: places, counted from 0, and the largest value around each."""
    step = max(1, -(-len(values) // POINTS))
    starts = np.arange(0, len(values), step)
    return starts, np.maximum.reduceat(values, starts)


def timeline(health: Health, threshold: float, truth: Array | None, row: int | None) -> Drawn:
    """Each row's score, the dial, the normal stretch, and what is known of the series."""
    rows, values = thinned(health.scores)
    figure = go.Figure()
    high = max(1.5 * threshold, float(values.max())) * 1.1
    figure.add_vrect(
        x0=health.normal.start + 1,
        x1=health.normal.stop,
        fillcolor=OURS,
        opacity=0.15,
        line_width=0,
        annotation_text="called normal",
        annotation_position="top left",
    )
    figure.add_scatter(
        x=rows + 1,
        y=values,
        mode="lines",
        name="score",
        line={"color": THEIRS, "width": 2},
        hovertemplate="row %{x}: %{y:.2f}<extra></extra>",
    )
    over = np.where(values >= threshold, values, np.nan)
    figure.add_scatter(
        x=rows + 1, y=over, mode="lines", name="alarm", line={"color": HERE, "width": 4}
    )
    if truth is not None:
        for i, (first, last) in enumerate(spans(truth)):
            figure.add_scatter(
                x=[first + 1, last + 1],
                y=[-0.04 * high] * 2,
                mode="lines",
                name="known fault",
                legendgroup="known",
                showlegend=i == 0,
                line={"color": LIMIT["color"], "width": 8},
            )
    figure.add_hline(y=threshold, line=LIMIT, annotation_text="dial")
    if row is not None:
        figure.add_vline(x=row + 1, line={"color": HERE, "width": 1, "dash": "dot"})
    figure.update_layout(
        height=290,
        margin={**STILL, "t": 30},
        xaxis={"title": "row", "range": [1, len(health.scores)]},
        yaxis={"title": "score", "range": [-0.08 * high, high]},
        legend={"orientation": "h", "y": 1.18},
    )
    found = spans(health.scores >= threshold)
    said = ", ".join(f"{a + 1} to {b + 1}" for a, b in found[:5]) or "none"
    return figure, (
        f"Scores of {len(health.scores):,} rows; alarms at {threshold:g} or more, in rows: {said}."
    )


def window(
    health: Health, look: Look, row: int, sensors: list[int], names: tuple[str, ...]
) -> Drawn:
    """Some sensors before and in the window: as given, as kept, and as it would be normal."""
    end = int(health.ends[health.window(row)])
    begin = max(0, end - 4 * WINDOW + 1)
    figure = make_subplots(
        len(sensors),
        1,
        shared_xaxes=True,
        vertical_spacing=0.12,
        subplot_titles=[shown(names, sensor) for sensor in sensors],
    )
    figure.update_annotations(x=0, xanchor="left")
    inside = np.arange(end - WINDOW + 1, end + 1) + 1
    lines = (
        ("measured", health.values[begin : end + 1], np.arange(begin, end + 1) + 1, OURS, "solid"),
        ("what the network kept", look.kept, inside, THEIRS, "dot"),
        ("what would be normal", look.expected, inside, HERE, "dash"),
    )
    for place, sensor in enumerate(sensors, 1):
        for name, values, rows, colour, dash in lines:
            figure.add_scatter(
                x=rows,
                y=values[:, sensor],
                mode="lines",
                name=name,
                legendgroup=name,
                showlegend=place == 1,
                line={"color": colour, "dash": dash, "width": 2},
                row=place,
                col=1,
            )
    figure.update_xaxes(title_text="row", row=len(sensors), col=1)
    figure.update_layout(
        height=130 * len(sensors) + 130,
        margin={**STILL, "t": 24},
        legend={"orientation": "h", "y": -0.16, "yanchor": "top"},  # below: it may take two rows
    )
    said = "; ".join(
        f"{names[s]} was {look.given[:, s].mean():.4g} on average, "
        f"{look.expected[:, s].mean():.4g} would be normal"
        for s in sensors
    )
    return figure, f"The {WINDOW} rows up to row {end + 1}: {said}."


def shown(names: Sequence[str], sensor: int) -> str:
    """A sensor's name for a chart: short, different from the others', and never read as tags."""
    name = names[sensor]
    if len(name) <= NAME:
        return drawn(name)
    short = name[: NAME - 1]
    alike = sum(other.startswith(short) for other in names) > 1
    return drawn(f"{short[: NAME - 5]}… {sensor + 1}" if alike else f"{short}…")


def alike(health: Health, ends: list[int], row: int, sensor: int, names: Sequence[str]) -> Drawn:
    """The window of one sensor over the most alike normal ones."""
    figure = go.Figure()
    here = int(health.ends[health.window(row)])
    for end, colour, label in (
        *((end, OURS, "most alike normal ones") for end in ends),
        (here, HERE, "this one"),
    ):
        figure.add_scatter(
            x=np.arange(WINDOW) + 1,
            y=health.values[end - WINDOW + 1 : end + 1, sensor],
            mode="lines",
            name=label,
            legendgroup=label,
            showlegend=end in (here, *ends[:1]),
            line={"color": colour, "width": 3 if end == here else 1.5},
        )
    figure.update_layout(
        height=280,
        margin={**STILL, "t": 8},
        xaxis={"title": f"row of {WINDOW}"},
        yaxis={"title": shown(names, sensor)},
        legend={"orientation": "h", "y": -0.3, "yanchor": "top"},
    )
    said = ", ".join(f"{end + 1:,}" for end in ends) or "none"
    return (
        figure,
        f"{names[sensor]} in this window, and in the most alike normal ones, up to rows {said}.",
    )
