"""Plotly figures of the page of sentiment, each with the sentence that says the same."""

from collections.abc import Sequence

import plotly.graph_objects as go

from models.card import Table
from pages.parts.draw.figures import HERE, LIMIT, OURS, STILL, Drawn


def by(table: Table, title: str, whole: float) -> Drawn:
    """Accuracy by the first column of a table `..., accuracy, n, low, high`, with its intervals.

    whole: the accuracy on all, drawn as a line.
    """
    names = [_name(str(row[0])) for row in table.rows]
    rows = [[float(cell or 0) for cell in row[1:5]] for row in table.rows]
    figure = go.Figure(
        go.Scatter(
            x=names,
            y=[row[0] for row in rows],
            error_y={
                "array": [row[3] - row[0] for row in rows],
                "arrayminus": [row[0] - row[2] for row in rows],
            },
            customdata=[row[1] for row in rows],
            mode="markers",
            marker={"color": OURS, "size": 10},
            hovertemplate="%{x}: %{y:.1%} of %{customdata:,}<extra></extra>",
        )
    )
    figure.add_hline(y=whole, line=LIMIT, annotation_text=f"all: {whole:.1%}")
    figure.update_layout(
        height=280,
        margin={**STILL, "t": 24},
        xaxis={"title": title, "type": "category"},
        yaxis={"title": "right", "tickformat": ".0%"},
    )
    said = ", ".join(f"{name} {row[0]:.1%}" for name, row in zip(names, rows, strict=True))
    return figure, f"Right, by {title}: {said}. All: {whole:.1%}."


def _name(cell: str) -> str:
    """A rating is a whole number, which the card holds as any number."""
    return cell.removesuffix(".0")


def answers(shares: Sequence[float], undecided: float) -> Drawn:
    """How many of a table's reviews got which probability of "liked", and the undecided band."""
    figure = go.Figure(
        go.Histogram(
            x=list(shares), xbins={"start": 0, "end": 1.0001, "size": 0.05}, marker_color=OURS
        )
    )
    figure.add_vrect(
        x0=0.5 - undecided,
        x1=0.5 + undecided,
        fillcolor=HERE,
        opacity=0.18,
        line_width=0,
        annotation_text="mixed",
    )
    figure.update_layout(
        height=220,
        margin=STILL,
        xaxis={"title": "probability of “liked it”", "tickformat": ".0%", "range": [0, 1]},
        yaxis={"title": "reviews"},
        bargap=0.06,
    )
    high = sum(share > 0.5 + undecided for share in shares)
    low = sum(share < 0.5 - undecided for share in shares)
    return figure, (
        f"Probabilities of {len(shares):,} reviews: {high:,} above the undecided band, {low:,} "
        f"below it, {len(shares) - high - low:,} within."
    )
