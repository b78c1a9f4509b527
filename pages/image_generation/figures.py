"""Plotly figures of the page of made pictures, each with the sentence that says the same."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from models.card import Table
from pages.parts.draw.figures import HERE, OURS, STILL, THEIRS, Drawn


def losses(rows: Sequence[dict[str, float]], last: float, here: float) -> Drawn:
    """What both networks lost, step by step. last: the last step; here: the moment shown."""
    steps = [last * (i + 1) / len(rows) for i in range(len(rows))]
    figure = go.Figure()
    for name, label, colour in (
        ("generator_loss", "generator", OURS),
        ("discriminator_loss", "discriminator", THEIRS),
    ):
        figure.add_scatter(x=steps, y=[r[name] for r in rows], name=label, line_color=colour)
    figure.add_vline(x=here, line_width=3, line_color=HERE, annotation_text="here")
    figure.update_layout(
        height=260,
        margin={**STILL, "t": 32},
        xaxis={"title": "training steps", "tickformat": "~s"},
        yaxis={"title": "loss", "rangemode": "tozero"},
        legend={"orientation": "h", "y": 1.18},
    )
    end = rows[-1]
    return figure, (
        f"Losses over {last:,.0f} steps, ending at {end['generator_loss']:.2f} for the generator "
        f"and {end['discriminator_loss']:.2f} for the discriminator."
    )


def frechet(table: Table, floor: float, here: float) -> Drawn:
    """How far from real pictures the made ones were, by step. floor: real ones among themselves."""
    steps, far = ([float(row[i] or 0) for row in table.rows] for i in (0, 1))
    figure = go.Figure(
        go.Scatter(x=steps, y=far, mode="lines+markers", line_color=OURS, name="made")
    )
    figure.add_vline(x=here, line_width=3, line_color=HERE, annotation_text="here")
    figure.update_layout(
        height=260,
        margin={**STILL, "t": 32},
        xaxis={"title": "training steps", "tickformat": "~s"},
        yaxis={
            "title": "Frechet distance",
            "type": "log",
            "tickvals": [0.1, 0.3, 1, 3, 10, 30, 100],
        },
        showlegend=False,
    )
    return figure, (
        f"Frechet distance of {table.n:,} made pictures at {len(steps)} moments, from {far[0]:.3g} "
        f"to {far[-1]:.3g}; whole test sets of real pictures lie {floor:.2g} apart."
    )


def near(made: np.ndarray, held_out: np.ndarray, here: float) -> Drawn:
    """How far pictures lie from their nearest training picture: made, real and new, and this."""
    end = float(np.quantile(np.concatenate([made, held_out]), 0.995))
    bins = {"start": 0, "end": end, "size": end / 40}
    figure = go.Figure()
    for values, name, colour in (
        (held_out, "real, never trained on", THEIRS),
        (made, "made", OURS),
    ):
        figure.add_histogram(
            x=values.clip(max=end * 0.999),
            name=name,
            histnorm="percent",
            xbins=bins,
            marker_color=colour,
            opacity=0.7,
        )
    figure.add_vline(
        x=min(here, end), line_width=4, line_color=HERE, annotation_text="this picture"
    )
    figure.update_layout(
        barmode="overlay",
        height=300,
        margin={**STILL, "t": 40},
        xaxis={
            "title": "distance to the nearest training picture (0: a copy; last bar: all beyond)"
        },
        yaxis={"title": "share of each set (%)"},
        legend={"orientation": "h", "y": 1.2},
    )
    closer = float((made < here).mean())
    return figure, (
        f"This picture lies {here:.2f} from its nearest training picture, farther than "
        f"{closer:.0%} of made ones; medians {np.median(made):.2f} made, "
        f"{np.median(held_out):.2f} real and new."
    )
