"""Plotly figures of the page of card fraud, each with the sentence that says the same."""

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.parts.draw.figures import HERE, LIMIT, OURS, STILL, Drawn


def contributions(names: Sequence[str], values: Sequence[float]) -> Drawn:
    """What each feature adds to the log-odds of fraud: to the right for fraud, else against."""
    colours = [HERE if value > 0 else OURS for value in values]
    figure = go.Figure(
        go.Bar(
            x=list(values),
            y=list(names),
            orientation="h",
            marker_color=colours,
            text=[f"{value:+.2f}" for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:+.2f}<extra></extra>",
        )
    )
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.45 * (high - low)  # for the numbers beside the bars, on a phone too
    figure.add_vline(x=0, line=LIMIT)
    figure.update_layout(
        height=40 * len(names) + 64,
        margin=STILL,
        xaxis={
            "title": "log-odds it adds (right: for fraud)",
            "range": [low - room * (low < 0), high + room * (high > 0)],
        },
        yaxis={"autorange": "reversed", "ticksuffix": "  "},
        bargap=0.35,
    )
    said = ", ".join(f"{name} {value:+.2f}" for name, value in zip(names, values, strict=True))
    return figure, f"Added to the log-odds of fraud: {said}."
