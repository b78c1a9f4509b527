"""Figures of what was measured: how a model learned, how often it is right, what it mixes up.

Each comes with the sentence that says the same, as in figures.py.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from models.card import Table
from models.explain.faithful import Curve
from pages.parts.draw.figures import HERE, OURS, STILL, THEIRS, Drawn


def history(rows: Sequence[dict[str, float]]) -> Drawn:
    """Accuracy of training by epoch, on training and on validation pictures."""
    figure = go.Figure()
    epochs = [row["epoch"] for row in rows]
    for name, label, colour in (
        ("train_accuracy", "pictures it learns from", THEIRS),
        ("validation_accuracy", "pictures it never saw", OURS),
    ):
        figure.add_scatter(
            x=epochs, y=[row[name] for row in rows], name=label, line_color=colour, mode="lines"
        )
    figure.update_layout(
        height=280,
        margin={**STILL, "t": 32},
        xaxis={"title": "times through the training pictures (epochs)"},
        yaxis={"title": "right", "tickformat": ".0%"},
        legend={"orientation": "h", "y": 1.18},
    )
    last = rows[-1]
    return figure, (
        f"Accuracy over {len(rows)} epochs, ending at {last['train_accuracy']:.1%} on training "
        f"and {last['validation_accuracy']:.1%} on validation pictures."
    )


def amounts(table: Table) -> Drawn:
    """Accuracy of several ways to answer by how many pictures they learned from."""
    shares = table.columns[1:]
    figure = go.Figure()
    colours = ("#a16207", "#0369a1", "#be185d", OURS)
    for row, colour in zip(table.rows, colours, strict=True):
        figure.add_scatter(
            x=shares, y=row[1:], name=str(row[0]), mode="lines+markers", line_color=colour
        )
    figure.update_layout(
        height=320,
        margin={**STILL, "t": 48},
        xaxis={"title": "share of the training pictures", "type": "category"},
        yaxis={"title": "right (validation)", "tickformat": ".0%"},
        legend={"orientation": "h", "y": 1.22},
    )
    said = "; ".join(
        f"{row[0]} " + ", ".join(f"{float(value or 0):.1%}" for value in row[1:])
        for row in table.rows
    )
    return figure, f"Accuracy with {', '.join(shares)} of the data: {said}."


def curves(drawn: Mapping[str, Curve], here: float | None, title: str) -> Drawn:
    """Probability by share of pixels or words, a line a curve; `here` marks one share."""
    figure = go.Figure()
    styles = [(OURS, "solid"), (THEIRS, "dot"), (THEIRS, "dash")]
    for (name, curve), (colour, dash) in zip(drawn.items(), styles, strict=False):
        figure.add_scatter(
            x=curve.shares,
            y=curve.probabilities,
            name=name,
            mode="lines",
            line={"color": colour, "dash": dash},
        )
    if here is not None:
        figure.add_vline(x=float(here), line_width=3, line_color=HERE)
    figure.update_layout(
        height=230,
        margin={**STILL, "t": 32},
        xaxis={"title": f"share of {title}", "tickformat": ".0%", "range": [0, 1.01]},
        yaxis={"title": "probability", "tickformat": ".0%", "range": [0, 1.02]},
        legend={"orientation": "h", "y": 1.25},
    )
    said = ", ".join(f"{name} {curve.area:.2f}" for name, curve in drawn.items())
    return figure, f"Probability by share of {title}; area under each curve: {said}."


def reliability(table: Table, of: str = "pictures") -> Drawn:
    """How often it is right when it says so: accuracy against probability, bin by bin."""
    rows = [[float(cell or 0) for cell in row] for row in table.rows if row[2]]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="perfect", line={"dash": "dot", "color": THEIRS}
    )
    figure.add_scatter(
        x=[row[0] for row in rows],
        y=[row[1] for row in rows],
        customdata=[row[2] for row in rows],
        mode="lines+markers",
        name="this network",
        line_color=OURS,
        hovertemplate=f"says %{{x:.0%}}, right %{{y:.0%}}, %{{customdata:,}} {of}<extra></extra>",
    )
    figure.update_layout(
        height=340,
        margin={**STILL, "t": 32},
        xaxis={"title": "what it says", "tickformat": ".0%", "range": [0, 1.02]},
        yaxis={"title": "how often it is right", "tickformat": ".0%", "range": [0, 1.02]},
        legend={"orientation": "h", "y": 1.15},
    )
    said = ", ".join(f"{row[0]:.0%}: {row[1]:.0%}" for row in rows)
    return figure, f"Right against said, by bin: {said}."


def confusion(table: Table) -> Drawn:
    """The confusion matrix as squares to click: row the label, column the answer."""
    names = table.columns[1:]
    cells = [
        (answer, str(row[0]), float(row[1 + j] or 0))
        for row in table.rows
        for j, answer in enumerate(names)
    ]
    figure = go.Figure(
        go.Scatter(
            x=[cell[0] for cell in cells],
            y=[cell[1] for cell in cells],
            mode="markers+text",
            text=[f"{cell[2]:.0f}" if cell[2] else "" for cell in cells],
            marker={
                "symbol": "square",
                "size": 30,
                "color": [np.log1p(cell[2]) for cell in cells],
                "colorscale": [[0, "rgba(13,148,136,0.06)"], [1, "rgba(13,148,136,0.75)"]],
            },
            hovertemplate="%{y} called %{x}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(
        height=460,
        margin=STILL,
        xaxis={"title": "what it answered", "tickangle": -40, "showgrid": False},
        yaxis={"title": "what it is", "autorange": "reversed", "showgrid": False},
    )
    wrong = sorted((c for c in cells if c[0] != c[1]), key=lambda c: -c[2])[:3]
    said = ", ".join(f"{c[1]} called {c[0]} {c[2]:.0f} times" for c in wrong)
    return figure, f"Confusion matrix of {table.n} pictures; most often {said}."
