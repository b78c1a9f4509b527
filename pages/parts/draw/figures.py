"""Plotly figures, without Streamlit. Each comes with the sentence that says the same.

figure, alt = bars(["cat", "dog"], [0.9, 0.1])
st.plotly_chart(figure, alt=alt)
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio

from models.card import Table

Drawn = tuple[go.Figure, str]
# Legible on a light and on a dark ground: contrast of at least 3 to both.
OURS, THEIRS, HERE = "#0d9488", "#8b7fc7", "#ea580c"
LIMIT: dict[str, Any] = {"color": "#7c8490", "dash": "dot", "width": 2}
STILL = {"t": 8, "b": 8, "l": 8, "r": 24}


def bars(labels: Sequence[str], shares: Sequence[float], of: str = "probability") -> Drawn:
    """Horizontal bars of shares in 0..1, first on top, each with its value."""
    bar = {
        "type": "bar",
        "x": list(shares),
        "y": list(labels),
        "orientation": "h",
        "marker": {"color": OURS},
        "text": [percent(share) for share in shares],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:.1%}<extra></extra>",
    }
    layout = {
        "height": 44 * len(labels) + 56,
        "margin": STILL,
        "xaxis": {
            "range": [0, 1.12],
            "tickformat": ".0%",
            "tickvals": [0, 0.5, 1],
            "title": {"text": of},
        },
        "yaxis": {"autorange": "reversed", "ticksuffix": "  "},
        "bargap": 0.35,
    }
    said = ", ".join(f"{k} {percent(share)}" for k, share in zip(labels, shares, strict=True))
    return unchecked([bar], layout), f"Bars of {of}: {said}."


def unchecked(data: list[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    """A figure of these parts, which nobody checks: for what is drawn with every answer.

    Plotly's checks take ten times as long as all the rest of it; a test makes them instead.
    """
    return _Unchecked(data, {**layout, "template": _template(pio.templates.default)})


@lru_cache
def _template(name: str) -> dict[str, Any]:
    found: dict[str, Any] = pio.templates[name].to_plotly_json()
    return found


class _Unchecked(go.Figure):  # type: ignore[misc]  # Plotly has no types
    """A figure that is written as it was given, and made whole only for whoever looks into it."""

    def __init__(self, data: list[dict[str, Any]], layout: dict[str, Any]) -> None:
        self.__dict__["given"] = {"data": data, "layout": layout}

    def __getattr__(self, name: str) -> Any:
        """Whatever else is asked for the first time is made then, and all of it."""
        if "given" not in self.__dict__:
            raise AttributeError(name)
        super().__init__(self.__dict__.pop("given"))
        return getattr(self, name)

    def to_dict(self) -> dict[str, Any]:
        """What was given, as long as nobody looked into it and could have changed it."""
        given: dict[str, Any] | None = self.__dict__.get("given")
        return super().to_dict() if given is None else given


def percent(share: float) -> str:
    """A share in words; a small one is not called nothing."""
    return f"{share:.0%}" if share >= 0.01 else "< 1%"


def in_distribution_score(
    known: np.ndarray, out_of_distribution: np.ndarray, here: float, own: str
) -> Drawn:
    """Where this input stands between the model's own kind and strangers; 0 is the limit."""
    bins = {"start": -5, "end": 5, "size": 0.5}
    figure = go.Figure()
    sets = ((known, own, OURS), (out_of_distribution, "things it never learned", THEIRS))
    for values, name, colour in sets:
        figure.add_histogram(
            x=values, name=name, histnorm="percent", xbins=bins, marker_color=colour, opacity=0.7
        )
    figure.add_vline(x=0, line=LIMIT, annotation_text="limit")
    figure.add_vline(
        x=float(np.clip(here, -5, 5)), line_width=4, line_color=HERE, annotation_text="yours"
    )
    figure.update_layout(
        barmode="overlay",
        height=300,
        margin={**STILL, "t": 32},
        xaxis={"title": "familiarity (left of 0: I do not know this)"},
        yaxis={"title": "share of each set (%)"},
        legend={"orientation": "h", "y": 1.15},
    )
    side = "right of the limit: it knows such things" if here >= 0 else "left: it does not know it"
    return figure, f"Familiarity {here:.1f} of this input, {side}."


def layers(table: Table) -> Drawn:
    """The layers of a network in order: a bar a layer, as long as it has weights."""
    names = [f"{i + 1}. {row[1]}" for i, row in enumerate(table.rows)]
    counts = [float(row[3] or 0) for row in table.rows]
    shapes = [str(row[2]) for row in table.rows]
    figure = go.Figure(
        go.Bar(
            x=list(range(1, len(names) + 1)),
            y=counts,
            marker_color=OURS,
            customdata=list(zip(names, shapes, strict=True)),
            hovertemplate="%{customdata[0]}<br>out: %{customdata[1]}<br>%{y:,} weights"
            "<extra></extra>",
        )
    )
    figure.update_layout(
        height=260,
        margin=STILL,
        xaxis={"title": "layer, from the input to the answer"},
        yaxis={"title": "weights", "type": "log", "dtick": 1},
    )
    alt = f"{len(names)} layers, {sum(counts):,.0f} weights; the last gives {shapes[-1]}."
    return figure, alt
