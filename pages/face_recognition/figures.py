"""Figures of faces: where a pair stands among all measured pairs, and how recognition declines.

Each comes with the sentence that says the same, as in figures.py.
"""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from models.card import Table
from models.face_recognition.gallery import Nearest
from pages.parts.draw.figures import HERE, LIMIT, OURS, STILL, THEIRS, Drawn

SEEN_UP_TO = 1.2  # distances beyond are drawn there
FARTHEST = 2.0  # what lies beyond had no face, and is refused
Line = tuple[Sequence[float], Sequence[float | None]]


def pairs(same: np.ndarray, different: np.ndarray, threshold: float, here: float | None) -> Drawn:
    """Distances of all measured pairs, the threshold, and where this pair stands."""
    bins = {"start": 0, "end": SEEN_UP_TO, "size": 0.025}
    figure = go.Figure()
    for values, name, colour in (
        (same, "one person", OURS),
        (different, "two people", THEIRS),
    ):
        figure.add_histogram(
            x=values[values <= FARTHEST].clip(max=SEEN_UP_TO - 0.001),
            name=name,
            histnorm="percent",
            xbins=bins,
            marker_color=colour,
            opacity=0.7,
        )
    figure.add_vline(
        x=threshold,
        line=LIMIT,
        annotation={"text": "threshold", "xanchor": "left"},
    )
    if here is not None:
        at = min(here, SEEN_UP_TO)
        figure.add_vline(
            x=at,
            line_width=4,
            line_color=HERE,
            annotation={
                "text": "these two",
                "y": 1.0 if here <= threshold else 0.85,
                "xanchor": "right" if here <= threshold else "left",
            },
        )
    figure.update_layout(
        barmode="overlay",
        height=270,
        margin={**STILL, "t": 32},
        xaxis={"title": "distance between two faces", "range": [0, SEEN_UP_TO]},
        yaxis={"title": "share of pairs (%)"},
        legend={"orientation": "h", "y": 1.2},
    )
    said = f"{len(same):,} pairs of one person and {len(different):,} of two, threshold"
    stands = "" if here is None else f"; these two lie {here:.2f} apart"
    return figure, f"Distances of {said} {threshold:.2f}{stands}."


def nearest(order: Sequence[Nearest], threshold: float) -> Drawn:
    """How far a face lies from every enrolled person, the nearest on top."""
    figure = go.Figure(
        go.Bar(
            x=[one.distance for one in order],
            y=[escape(one.name) for one in order],
            orientation="h",
            marker_color=[OURS if one.distance <= threshold else THEIRS for one in order],
            text=[f"{one.distance:.2f}" for one in order],
            textposition="outside",
        )
    )
    figure.add_vline(
        x=threshold,
        line=LIMIT,
        annotation={"text": "threshold", "yanchor": "bottom"},
    )
    figure.update_layout(
        height=44 * len(order) + 90,
        margin={**STILL, "t": 32},
        xaxis={"title": "distance", "range": [0, SEEN_UP_TO]},
        yaxis={"autorange": "reversed", "ticksuffix": "  "},
    )
    said = ", ".join(f"{one.name} {one.distance:.2f}" for one in order)
    return figure, f"Distance to everybody who is enrolled: {said}; the threshold is {threshold}."


def roc(same: np.ndarray, different: np.ndarray, threshold: float) -> Drawn:
    """Accepted pairs of one person by accepted pairs of two, and the threshold's place."""
    at = np.unique(np.r_[same, different])
    accepted = np.searchsorted(np.sort(same), at, side="right") / len(same)
    falsely = np.searchsorted(np.sort(different), at, side="right") / len(different)
    shown = falsely > 0
    here = float((different <= threshold).mean()), float((same <= threshold).mean())
    figure = go.Figure()
    figure.add_scatter(x=falsely[shown], y=accepted[shown], mode="lines", line_color=OURS)
    figure.add_scatter(
        x=[max(here[0], 1 / len(different))],
        y=[here[1]],
        mode="markers",
        marker={"size": 12, "color": HERE},
    )
    figure.update_layout(
        height=300,
        margin=STILL,
        showlegend=False,
        xaxis={"title": "pairs of two people accepted", "type": "log", "tickformat": ".2~%"},
        yaxis={"title": "pairs of one person accepted", "tickformat": ".0%"},
    )
    return figure, (
        f"At the threshold {threshold:.2f}, {here[1]:.1%} of pairs of one person and {here[0]:.2%} "
        "of pairs of two people are accepted."
    )


def moves(lines: Mapping[str, Line], threshold: float) -> Drawn:
    """How the distance moves as one face is made worse in several ways; a gap: no face found."""
    figure = make_subplots(rows=2, cols=2, vertical_spacing=0.28, horizontal_spacing=0.12)
    said = []
    for i, (name, (levels, values)) in enumerate(lines.items()):
        row, col = i // 2 + 1, i % 2 + 1
        figure.add_scatter(
            x=list(levels), y=list(values), mode="lines+markers", line_color=OURS, row=row, col=col
        )
        figure.add_hline(y=threshold, line=LIMIT, row=row, col=col)
        figure.update_xaxes(title_text=name, row=row, col=col)
        held = [v for v in values if v is not None]
        ended = f"{held[0]:.2f} to {held[-1]:.2f}" if held else "no face found"
        said.append(f"{name}: {ended}")
    figure.update_yaxes(range=[0, 1])
    figure.update_yaxes(title_text="distance", col=1)
    figure.update_layout(height=430, margin=STILL, showlegend=False)
    return figure, f"Distance as the first face gets worse, from mild to strong. {'; '.join(said)}."


def decline(table: Table) -> Drawn:
    """Measured: faces found, rightly and falsely accepted, as pictures get worse."""
    names = list(dict.fromkeys(str(row[0]) for row in table.rows))
    figure = make_subplots(rows=2, cols=2, vertical_spacing=0.28, horizontal_spacing=0.12)
    said = []
    for i, name in enumerate(names):
        rows = [row for row in table.rows if row[0] == name]
        row, col = i // 2 + 1, i % 2 + 1
        for column, label, colour in ((3, "found", THEIRS), (4, "accepted", OURS)):
            figure.add_scatter(
                x=[r[1] for r in rows],
                y=[r[column] for r in rows],
                name=label,
                mode="lines+markers",
                line_color=colour,
                showlegend=i == 0,
                row=row,
                col=col,
            )
        figure.update_xaxes(title_text=name, row=row, col=col)
        said.append(f"{name}: {float(rows[0][4] or 0):.0%} to {float(rows[-1][4] or 0):.0%}")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.05])
    figure.update_layout(
        height=430, margin={**STILL, "t": 32}, legend={"orientation": "h", "y": 1.14}
    )
    return (
        figure,
        f"Share of pairs of one person accepted as pictures get worse. {'; '.join(said)}.",
    )
