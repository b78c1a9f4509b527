"""Plotly figures of the page of text, each with the sentence that says the same.

Words are a visitor's: Plotly reads tags in its labels, so each is escaped first.
"""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from pages.parts.draw.figures import HERE, OURS, STILL, THEIRS, Drawn
from pages.parts.draw.text_marks import shortened

COLOURS = (OURS, HERE, THEIRS)


def _ticks(words: Sequence[str]) -> dict[str, object]:
    """One place a word, also where a word stands twice."""
    shown = [escape(shortened(word)) for word in words]
    return {"tickvals": list(range(len(words))), "ticktext": shown}


def attributions(
    words: Sequence[str], gradient: Sequence[float], ablation: Sequence[float]
) -> Drawn:
    """What each earlier word did for a prediction, by two methods, the first word on top.

    gradient: NaN where it does not reach.
    """
    figure = go.Figure()
    for name, values, colour in (
        ("taking it away", ablation, OURS),
        ("gradient", gradient, THEIRS),
    ):
        figure.add_bar(
            x=list(values),
            y=list(range(len(words))),
            name=name,
            orientation="h",
            marker_color=colour,
            marker_pattern_shape="" if colour == OURS else "/",
            hovertemplate=f"{name}: %{{x:+.1f}} bits<extra></extra>",
        )
    figure.add_vline(x=0, line_width=1)
    figure.update_layout(
        height=26 * len(words) + 110,
        margin={**STILL, "t": 32},
        xaxis={"title": "against it  ←  bits  →  for it", "zeroline": False},
        yaxis={**_ticks(words), "autorange": "reversed", "ticksuffix": "  "},
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        bargap=0.3,
    )
    said = ", ".join(
        f"{word} {one:+.2f} and " + ("out of reach" if np.isnan(other) else f"{other:+.2f}")
        for word, one, other in zip(words, ablation, gradient, strict=True)
    )
    return figure, f"What each earlier word did, taken away and by gradient, in bits: {said}."


def along(words: Sequence[str], values: Sequence[float], name: str) -> Drawn:
    """One number a word, along the text."""
    figure = go.Figure(
        go.Bar(
            x=list(range(len(words))),
            y=list(values),
            marker_color=[OURS if value >= 0 else HERE for value in values],
            hovertemplate="%{y:+.2f}<extra></extra>",
        )
    )
    figure.update_layout(
        height=300,
        margin=STILL,
        xaxis={**_ticks(words), "tickangle": -60},
        yaxis={"title": name, "range": [-1.05, 1.05]},
    )
    high, low = int(np.argmax(values)), int(np.argmin(values))
    return figure, (
        f"{name} along {len(words)} words: highest {values[high]:+.2f} at {words[high]}, lowest "
        f"{values[low]:+.2f} at {words[low]}."
    )


def memory(words: Sequence[str], changes: Sequence[float], tried: tuple[int, float]) -> Drawn:
    """How much the prediction changes without a word, the last word first.

    tried: how far back the word is that was changed, and how much that moved.
    """
    figure = go.Figure(
        go.Scatter(
            x=list(range(1, len(words) + 1)),
            y=list(changes),
            mode="lines+markers",
            line_color=OURS,
            customdata=[escape(shortened(word)) for word in words],
            hovertemplate="%{customdata}, %{x} back: %{y:.1%}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=[tried[0]],
        y=[tried[1]],
        mode="markers",
        marker={"color": HERE, "size": 13, "symbol": "diamond"},
        hovertemplate="the word here: %{y:.1%}<extra></extra>",
    )
    figure.update_layout(
        height=280,
        margin=STILL,
        showlegend=False,
        xaxis={"title": "words back"},
        yaxis={
            "title": "share of the prediction that moves",
            "tickformat": ".0%",
            "range": [0, 1.06],
        },
    )
    return figure, (
        f"Without the last word {changes[0]:.0%} of the prediction moves, without the one "
        f"{len(words)} back {changes[-1]:.1%}. Marked: the word {tried[0]} back, {tried[1]:.1%}."
    )


def side_by_side(words: Sequence[str], bits: Mapping[str, Sequence[float]]) -> Drawn:
    """The cost of every word to several models."""
    figure = go.Figure()
    styles = zip(COLOURS, ("solid", "dash", "dot"), ("circle", "square", "diamond"), strict=True)
    for (name, values), (colour, dash, symbol) in zip(bits.items(), styles, strict=True):
        figure.add_scatter(
            x=list(range(len(words))),
            y=list(values),
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash},
            marker_symbol=symbol,
            hovertemplate=f"{name}: %{{y:.1f}} bits<extra></extra>",
        )
    figure.update_layout(
        height=340,
        margin={**STILL, "t": 32},
        xaxis={**_ticks(words), "tickangle": -60},
        yaxis={"title": "bits that the word cost", "rangemode": "tozero"},
        legend={"orientation": "h", "y": 1, "yanchor": "bottom"},
    )
    said = ", ".join(f"{name} {np.mean(values):.1f}" for name, values in bits.items())
    return figure, f"Bits of every word to three models; on average {said}."
