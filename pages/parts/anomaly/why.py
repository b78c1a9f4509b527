"""Why a row is unusual: which columns make its score, what is usual there, and what is most alike.

The same for every kind of row. Names are of columns or features, cells are already written.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.parts.anomaly.board import SHARE
from pages.parts.draw import charts, figures
from pages.parts.job import batch

TOP = 8  # columns that are drawn


def shares(page: str, title: str, names: Sequence[str], found: np.ndarray[Any, Any]) -> None:
    """Bars of the shares of a score, float [n], the largest first: those of the first columns."""
    st.markdown(f"**{title}**")
    drawn = figures.bars(names[:TOP], found[:TOP].tolist(), "share of score")
    charts.show(drawn, key=f"{page}_shares")


def cells(columns: dict[str, Sequence[Any]], alt: str, share: str = "") -> None:
    """Every column of a row beside what is usual. share: the one that is drawn as a bar."""
    st.dataframe(
        batch.harmless(pd.DataFrame(columns)),
        hide_index=True,
        height=320,
        column_config={share: SHARE} if share else None,
        alt=alt,
    )


def alike(
    title: str,
    columns: dict[str, Sequence[str]],
    groups: Sequence[tuple[str, Sequence[str]]],
    note: str,
) -> None:
    """The first columns of a row beside those of groups: how large and far each is, its cells."""
    st.markdown(f"**The three most alike kinds of {title}**")
    shown = {name: cells[:TOP] for name, cells in columns.items()}
    shown |= {f"{i}: {name}": cells[:TOP] for i, (name, cells) in enumerate(groups, 1)}
    st.dataframe(
        batch.harmless(pd.DataFrame(shown)),
        hide_index=True,
        alt=f"What matters most here, beside three groups of {title}.",
    )
    st.caption(note)


def written(value: str | float) -> str:
    """A cell in words: whole and large numbers without decimals, others with two."""
    if isinstance(value, str):
        return value
    value = float(value)
    return f"{value:,.0f}" if abs(value) >= 1_000 or value == round(value) else f"{value:,.2f}"
