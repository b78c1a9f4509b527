"""What pages of anomalies in rows share: labels, counts, and our own rows answered."""

import numpy as np
import pandas as pd
import streamlit as st

from models.decode.labels import OFFERED, Labels
from models.kinds.thresholds import Judged
from pages.parts.draw import words


def normal(page: str, labels: Labels | None, column: str) -> str | None:
    """The word of a column of truth that means normal: asked where nobody can know it.

    column: its name, in words of ours. None where it is known, or the visitor has not said it.
    """
    if labels is None:
        return None
    if not labels.open or not labels.words:
        if labels.note:
            st.caption(f"In the column *{column}*, {words.plain(labels.note)}.")
        return None
    return st.selectbox(
        f"Which value of the column {column} means normal?",
        labels.words[:OFFERED],
        index=None,
        placeholder="Choose one, and hits are counted",
        key=f"{page}_normal",
    )


def counted(
    many: str, score: np.ndarray, threshold: float, abnormal: np.ndarray | None, whose: str
) -> int:
    """How many rows there are, and alarms among them, which it returns.

    abnormal: bool [n], what is known of the rows, or None: then nothing is said of how many of the
    alarms are right. whose: what recall is of.
    """
    alarms = int((score >= threshold).sum())
    with st.container(horizontal=True):
        st.metric(many, f"{len(score):,}", border=True)
        st.metric("alarms", f"{alarms:,}", border=True, help=f"{alarms / len(score):.1%}")
        if abnormal is not None:
            point = Judged.of(score, abnormal).at(threshold)
            right = "none" if point.precision is None else f"{point.precision:.1%}"
            st.metric("precision", right, border=True, help="Share of the alarms that are right.")
            st.metric("recall", f"{point.recall:.1%}", border=True, help=f"Of the {whose}.")
    return alarms


def ours(rows: list[dict[str, str]], done: str) -> None:
    """Our samples as answered now: a row each, with `sample` and, yes or no, `right`."""
    wrong = ", ".join(row["sample"] for row in rows if row["right"] == "no") or "none"
    right = sum(row["right"] == "yes" for row in rows)
    st.markdown(f"**What does it get wrong?** Of our samples, {right} of {len(rows)} are right.")
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt=f"Our samples {done} now; wrong: {wrong}."
    )
