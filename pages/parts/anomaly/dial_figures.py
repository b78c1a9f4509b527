"""Plotly figures of the dial, each with the sentence that says the same."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from models.kinds.thresholds import Curve, LabelledScores, Point
from pages.parts.draw.figures import HERE, LIMIT, OURS, STILL, THEIRS, Drawn

if TYPE_CHECKING:
    from pages.parts.anomaly.dial import Dial

BINS = 60
PHONE = 40  # letters of the axis's title that have room on one
EDGE = 0.25  # of the axis: a name beside a line there stays inside
MOST = 400  # points of a curve that are drawn
RIVALS = (THEIRS, "#a16207", "#0369a1")  # their colours


def histogram(dial: Dial, threshold: float, cheapest: float, here: float | None) -> Drawn:
    """Scores of the normal and of the abnormal, the dial, the cheapest place and the visitor's."""
    low, high = dial.ends
    edges = np.linspace(low, high, BINS + 1)
    figure = go.Figure()
    sets = (
        (dial.judged.normal, f"normal {dial.many}", OURS),
        (dial.judged.abnormal, dial.all_abnormal, THEIRS),
    )
    for values, name, colour in sets:
        counts, _ = np.histogram(np.clip(values, low, high), edges)
        figure.add_bar(
            x=(edges[1:] + edges[:-1]) / 2,
            y=100 * counts / max(1, len(values)),
            width=np.diff(edges),
            name=name,
            marker={"color": colour, "line_width": 0},
            opacity=0.7,
            hovertemplate="score %{x:.2f}: %{y:.1f} %<extra>" + name + "</extra>",
        )
    marks = [(threshold, "dial", HERE, "solid", 1.0)]
    if math.isfinite(cheapest):
        marks.append((float(np.clip(cheapest, low, high)), "cheapest", LIMIT["color"], "dot", 0.78))
    middle = sum(mark[0] for mark in marks) / len(marks) if len(marks) > 1 else (low + high) / 2
    for x, name, colour, dash, y in marks:
        figure.add_vline(x=x, line={"color": colour, "dash": dash, "width": 3})
        # Outwards, since two lines that are near each other would cross each other's names; an
        # end of the axis has no room for that.
        at = (x - low) / (high - low)
        side = "left" if at < EDGE or (x >= middle and at <= 1 - EDGE) else "right"
        figure.add_annotation(
            x=x, y=y, yref="paper", text=f" {name} ", showarrow=False, xanchor=side,
            font={"color": colour},
        )  # fmt: skip
    if here is not None:
        x = float(np.clip(here, low, high))
        figure.add_annotation(
            x=x, y=0, text="this one", ax=0, ay=-70, arrowcolor=HERE, arrowwidth=2, arrowhead=2,
        )  # fmt: skip
    figure.update_layout(
        barmode="overlay",
        bargap=0,
        height=260,
        margin={**STILL, "t": 24},
        xaxis={"title": "<br>".join(textwrap.wrap(dial.axis, PHONE)), "range": [low, high]},
        yaxis={"title": "share of each (%)"},
        legend={"orientation": "h", "y": 1.2},
    )
    point = dial.judged.at(threshold)
    return figure, (
        f"Scores of {len(dial.judged.normal):,} normal {dial.many} and "
        f"{len(dial.judged.abnormal):,} {dial.all_abnormal}; from {threshold:.2f} on an alarm: "
        f"{point.recall:.1%} of the {dial.all_abnormal} and {point.false_rate:.1%} of the normal."
    )


def precision_recall(
    judged: LabelledScores, point: Point, others: dict[str, LabelledScores] | None = None
) -> Drawn:
    """Precision by recall over all thresholds, with the dial's place on it."""
    here = (point.recall, 1.0 if point.precision is None else point.precision)
    axes = ("recall: of the abnormal, share with an alarm", "precision")
    drawn = _curves(
        judged, others, lambda one: (one.recall, one.precision, one.average_precision), here, axes
    )
    return drawn, (
        f"Precision by recall, area {judged.curve.average_precision:.3f}; at the dial precision "
        f"{here[1]:.1%} and recall {here[0]:.1%}."
    )


def roc(
    judged: LabelledScores, point: Point, others: dict[str, LabelledScores] | None = None
) -> Drawn:
    """Recall by false-alarm rate over all thresholds, with the dial's place on it."""
    here = (point.false_rate, point.recall)
    axes = ("false alarms: of the normal, share with one", "recall")
    drawn = _curves(judged, others, lambda one: (one.false_rate, one.recall, one.auroc), here, axes)
    return drawn, (
        f"Recall by false-alarm rate, area {judged.curve.auroc:.3f}; at the dial recall "
        f"{here[1]:.1%} at {here[0]:.1%} false alarms."
    )


def _curves(
    judged: LabelledScores,
    others: dict[str, LabelledScores] | None,
    drawn: Callable[[Curve], tuple[np.ndarray, np.ndarray, float]],
    here: tuple[float, float],
    axes: tuple[str, str],
) -> go.Figure:
    """Curves, the page's own last, and the dial's place. drawn: x, y and the area below one."""
    figure = go.Figure()
    curves = {**(others or {}), "this network": judged}
    for (name, one), colour in zip(curves.items(), (*RIVALS[: len(curves) - 1], OURS), strict=True):
        x, y, area = drawn(one.curve)
        # Few enough points for a phone, both ends among them.
        kept = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST)).astype(int))
        figure.add_scatter(
            x=x[kept],
            y=y[kept],
            mode="lines",
            name=f"{name}, area {area:.3f}",
            line={"color": colour, "dash": "solid" if one is judged else "dash"},
        )
    figure.add_scatter(
        x=here[:1], y=here[1:], mode="markers", name="the dial", marker={"color": HERE, "size": 14}
    )
    figure.update_layout(
        height=380,
        margin={**STILL, "t": 8},
        xaxis={"title": axes[0], "tickformat": ".0%", "range": [-0.02, 1.02]},
        yaxis={"title": axes[1], "tickformat": ".0%", "range": [0, 1.04]},
        legend={"orientation": "h", "y": -0.25, "yanchor": "top"},
    )
    return figure
