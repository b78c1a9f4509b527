"""Why: each column's share of the score, what normal would have been, and the most alike normal."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from models.catalog import Model
from models.errors import GlassboxError
from models.explain.features import leaders
from models.network_intrusion import Connections, Scored, nearest, predict, usual, words
from models.network_intrusion.schema import CATEGORIES, COLUMNS, NAMES, NUMBERS
from pages.network_intrusion.connection import PAGE
from pages.parts.draw import charts, figures
from pages.parts.job import many
from pages.parts.source.table import Opened
from pages.parts.state import ours

TOP = 8  # columns that are drawn
RIGHTED = 3  # columns that are put right
ABOVE = "the connection above"


def show(model: Model, row: Connections | None, found: Scored | None, public: ours.Key) -> None:
    """All of it, for the row of Try or one of an uploaded table.

    public: of the row of Try, where that is one of ours.
    """
    try:
        row, found, named = _asked(model, row, found)
    except GlassboxError as error:
        st.error(str(error), icon=":material/error:")
        return
    if row is None or found is None:
        st.caption("Give a connection that can be read to see which of its columns did what.")
        return
    if named != ABOVE:
        public = None
    values = as_row(model, row)
    order = np.argsort(-found.shares[0], kind="stable")
    usually = usual(model, found.typical[0], found.kinds[0])
    _shares(found, order, named)
    _righted(model, row, found, public)
    _beside(values, usually, found, order)
    _alike(model, found, values, order)


def _asked(
    model: Model, row: Connections | None, found: Scored | None
) -> tuple[Connections | None, Scored | None, str]:
    """The row to explain: that of Try, or one of the table where the visitor names one."""
    opened: Opened[Connections] | None = st.session_state.get(f"{PAGE}_opened")
    if opened is None:
        return row, found, ABOVE
    number = st.number_input(
        "Row of your table to explain (0: the connection above)",
        min_value=0,
        max_value=max(opened.made.numbered),
        value=0,
        key=f"{PAGE}_explain",
    )
    if number not in opened.made.numbered:
        if number:
            st.caption(f"Row {number} holds no connection, so this is the one above.")
        return row, found, ABOVE
    at = opened.made.numbered.index(number)
    some = Connections(
        opened.made.numbers[at : at + 1], opened.made.categories[at : at + 1], numbered=(number,)
    )
    return some, predict(model, some)[0], f"row {number} of your table"


def as_row(model: Model, row: Connections) -> list[str | float]:
    """The first of these rows in the order of the columns."""
    said: dict[str, str | float] = dict(zip(NUMBERS, map(float, row.numbers[0]), strict=True))
    for name, code in zip(CATEGORIES, row.categories[0], strict=True):
        said[name] = words(model)[name][int(code)] if code >= 0 else "(a word it never met)"
    return [said[name] for name in NAMES]


def _shares(found: Scored, order: np.ndarray, named: str) -> None:
    st.markdown(f"**Which columns make the score of {named}?**")
    top = order[:TOP]
    drawn = figures.bars([NAMES[i] for i in top], found.shares[0][top].tolist(), "share of score")
    charts.show(drawn, key=f"{PAGE}_shares")


def _righted(model: Model, row: Connections, found: Scored, public: ours.Key) -> None:
    """The same row with the worst columns as the network expected them: does the score fall?"""
    worst = leaders(found.shares[0], RIGHTED)
    if not len(worst):
        st.caption(
            "No column does more than another, so putting some of them right would prove nothing."
        )
        return
    numbers, codes = row.numbers.copy(), row.categories.copy()
    begin = np.cumsum([0, *(len(known) for known in words(model).values())])
    for i in worst:
        name = NAMES[i]
        if name in NUMBERS:
            numbers[0, NUMBERS.index(name)] = found.typical[0, NUMBERS.index(name)]
        else:
            at = CATEGORIES.index(name)
            codes[0, at] = int(found.kinds[0, begin[at] : begin[at + 1]].argmax())
    after, _ = ours.kept(
        None if public is None else (*public, "righted"),
        lambda: predict(model, replace(row, numbers=numbers, categories=codes)),
    )
    names = ", ".join(f"*{NAMES[i]}*" for i in worst)
    st.markdown(
        f"A test of that: with {names} as the network expected them, the score goes from "
        f"{found.score[0]:.2f} to **{after.score[0]:.2f}**."
    )


def _beside(
    values: list[str | float], usually: list[str | float], found: Scored, order: np.ndarray
) -> None:
    st.markdown("**What would have been normal there?**")
    st.dataframe(
        many.harmless(
            pd.DataFrame(
                {
                    "column": [NAMES[i] for i in order],
                    "here": [written(values[i]) for i in order],
                    "as the network repeats it": [written(usually[i]) for i in order],
                    "share of the score": found.shares[0][order],
                    "meaning": [COLUMNS[i].meaning for i in order],
                }
            )
        ),
        hide_index=True,
        height=320,
        column_config={
            "share of the score": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1
            )
        },
        alt="Every column of the connection, what it holds and what normal would have been.",
    )
    st.caption(
        "The network squeezes the row through a narrow middle and writes it out again. It learned "
        "that on normal rows alone, so it writes what would be normal beside the rest of this row."
    )


def _alike(model: Model, found: Scored, values: list[str | float], order: np.ndarray) -> None:
    st.markdown("**The three most alike kinds of normal connections**")
    alike = nearest(model, found.code[0])
    top = order[:TOP]
    shown = {"column": [NAMES[i] for i in top], "here": [written(values[i]) for i in top]}
    for number, one in enumerate(alike, 1):
        title = f"{number}: {one.share:.0%} of normal, distance {one.distance:.1f}"
        shown[title] = [written(one.values[i]) for i in top]
    st.dataframe(
        many.harmless(pd.DataFrame(shown)),
        hide_index=True,
        alt="The columns that matter most here, beside three groups of normal connections.",
    )
    st.caption(
        "No rows of the data set, which may not be passed on: the middles of groups into which its "
        "normal rows fall, written out by the network. Distance in the network's middle, in "
        "spreads of normal rows."
    )


def written(value: str | float) -> str:
    """A cell in words: whole numbers without decimals, small ones with two."""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.2f}"
