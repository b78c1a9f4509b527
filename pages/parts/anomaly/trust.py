"""Trust in a score of anomalies: curves with the dial's place on them, and tables of a card."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from models.card import Table
from models.kinds.thresholds import Judged
from pages.parts.anomaly import dial_figures
from pages.parts.anomaly.dial import Dial
from pages.parts.draw import charts
from pages.parts.draw.figures import OURS, STILL, Drawn

SHARES: tuple[str, ...] = ("recall", "low", "high", "accuracy", "f1", "false_alarm_rate")
SHARES += ("card_precision_100", "false alarms", "missed alarms")
WHOLE = ("n", "seed", "code")
NAMES = {
    "auroc": "AUROC",
    "average_precision": "average precision",
    "f1": "F1",
    "false_alarm_rate": "false alarms",
    "card_precision_100": "right of 100 cards a day",
}


def curves(dial: Dial, threshold: float, others: dict[str, Judged] | None = None) -> None:
    """Precision by recall and ROC on the test rows, beside others, with the dial's place."""
    st.markdown(f"**Every threshold at once**, on {dial.told}; the dot is where the dial stands.")
    point = dial.judged.at(threshold)
    first, second = st.columns(2)
    with first:
        drawn = dial_figures.precision_recall(dial.judged, point, others)
        charts.show(drawn, key=dial.key("precision_recall"))
    with second:
        charts.show(dial_figures.roc(dial.judged, point, others), key=dial.key("roc"))


def recalls(names: Sequence[str], shares: Sequence[float], counts: Sequence[int]) -> Drawn:
    """Of each kind of the abnormal, the share that raises an alarm."""
    labels = [f"{name} ({count:,})" for name, count in zip(names, counts, strict=True)]
    figure = go.Figure(
        go.Bar(
            x=list(shares),
            y=labels,
            orientation="h",
            marker_color=OURS,
            text=[f"{share:.0%}" for share in shares],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.1%}<extra></extra>",
        )
    )
    figure.update_layout(
        height=44 * len(labels) + 56,
        margin=STILL,
        xaxis={"range": [0, 1.12], "tickformat": ".0%", "title": "share with an alarm"},
        yaxis={"autorange": "reversed", "ticksuffix": "  "},
        bargap=0.35,
    )
    said = ", ".join(f"{name} {share:.1%}" for name, share in zip(names, shares, strict=True))
    return figure, f"Share with an alarm: {said}."


def table(found: Table, alt: str) -> None:
    """A table of a card, shares in percent."""
    shown = {
        NAMES.get(name, name): [_cell(row[i], name) for row in found.rows]
        for i, name in enumerate(found.columns)
    }
    said = "; ".join(f"{row[0]} {_cell(row[1], found.columns[1])}" for row in found.rows[:8])
    st.dataframe(pd.DataFrame(shown), hide_index=True, alt=f"{alt}: {said}.")


def ahead(found: Table) -> str:
    """Which row is best by each figure, in words: the network of the page need not be."""
    best = []
    for name in ("auroc", "average_precision", "f1", "card_precision_100"):
        if name in found.columns:
            at = found.columns.index(name)
            most = max(float(row[at] or 0) for row in found.rows)
            firsts = [str(row[0]) for row in found.rows if float(row[at] or 0) == most]
            best.append(f"{NAMES[name]} {' and '.join(firsts)}")
    return f"Ahead by {'; by '.join(best)}."


def _cell(value: str | float | None, name: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if name in SHARES:
        return f"{value:.1%}"
    return f"{value:,.0f}" if name in WHOLE else f"{value:.3f}"
