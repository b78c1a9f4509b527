"""Trust in a score of anomalies: curves with the dial's place on them, and tables of a card."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from models.card import Card, Table
from models.kinds.thresholds import LabelledScores
from pages.parts.anomaly import dial_figures
from pages.parts.anomaly.dial import Dial
from pages.parts.draw import charts, figures

Array = np.ndarray[Any, Any]
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


def curves(dial: Dial, threshold: float, others: dict[str, LabelledScores] | None = None) -> None:
    """Precision by recall and ROC on the test rows, beside others, with the dial's place."""
    st.markdown(f"**Every threshold at once**, on {dial.told}; the dot is where the dial stands.")
    point = dial.judged.at(threshold)
    first, second = st.columns(2)
    with first:
        drawn = dial_figures.precision_recall(dial.judged, point, others)
        charts.show(drawn, key=dial.key("precision_recall"))
    with second:
        charts.show(dial_figures.roc(dial.judged, point, others), key=dial.key("roc"))


def kinds(dial: Dial, title: str, alarm: Array, groups: dict[str, Array]) -> None:
    """Of each kind of the abnormal, the share that raises an alarm. alarm, groups: bool [n]."""
    st.markdown(f"**{title}** With the dial where it stands.")
    names = [f"{name} ({inside.sum():,})" for name, inside in groups.items()]
    shares = [float(alarm[inside].mean()) for inside in groups.values()]
    charts.show(figures.bars(names, shares, "share with an alarm"), key=dial.key("kinds"))


def samples(answers: Iterable[tuple[str, bool, bool, str]], made: tuple[str, str]) -> None:
    """Our samples as answered now: name, whether abnormal, whether an alarm, the score in words.

    made: what the normal and the abnormal ones are called.
    """
    rows = [
        {
            "sample": name,
            "was made as": made[abnormal],
            "it says": "alarm" if alarm else "no alarm",
            "score": score,
            "right": "yes" if alarm == abnormal else "no",
        }
        for name, abnormal, alarm, score in answers
    ]
    wrong = ", ".join(row["sample"] for row in rows if row["right"] == "no") or "none"
    right = sum(row["right"] == "yes" for row in rows)
    st.markdown(f"**What does it get wrong?** Of our samples, {right} of {len(rows)} are right.")
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt=f"Our samples answered now; wrong: {wrong}."
    )


def rivals(found: Table, told: str) -> None:
    """A table of simpler ways beside the page's, told in Markdown, and who is ahead."""
    st.markdown(told)
    table(found, f"Figures on {found.split}")
    st.caption(ahead(found))


def folded(card: Card, label: str, tables: dict[str, str]) -> None:
    """More tables of a card in a fold. tables: name -> what stands over it, in Markdown."""
    with st.expander(label):
        for name, told in tables.items():
            st.markdown(told)
            table(card.tables[name], name.replace("_", " "))


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
