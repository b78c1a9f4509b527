"""Why: each column's share of the score, what normal would have been, and the most alike normal."""

from dataclasses import replace

import numpy as np
import streamlit as st

from models.catalog import Model
from models.explain.features import leaders
from models.network_intrusion import Connections, Scored, nearest, predict, typical_row, words
from models.network_intrusion.schema import CATEGORIES, COLUMNS, NAMES, NUMBERS
from pages.network_intrusion.connection import PAGE, Asked
from pages.parts.anomaly import why
from pages.parts.draw import kinds
from pages.parts.draw.kinds import Sketch
from pages.parts.state import ours

RIGHTED = 3  # columns that are put right


def show(model: Model, asked: Asked) -> None:
    """All of it, for one row."""
    row, found = asked.row, asked.found
    order = np.argsort(-found.shares[0], kind="stable")
    names, shares = [NAMES[i] for i in order], found.shares[0][order]
    here, usually = (
        [why.written(values[i]) for i in order]
        for values in (as_row(model, row), typical_row(model, found.typical[0], found.kinds[0]))
    )
    why.shares(PAGE, f"Which columns make the score of {asked.named}?", names, shares)
    _righted(model, row, found, asked.public)
    st.markdown("**What would have been normal there?**")
    why.cells(
        {
            "column": names,
            "here": here,
            "as the network repeats it": usually,
            "share of the score": shares,
            "meaning": [COLUMNS[i].meaning for i in order],
        },
        "Every column of the connection, what it holds and what normal would have been.",
        "share of the score",
    )
    st.caption(
        "The network squeezes the row through a narrow middle and writes it out again. It learned "
        "that on normal rows alone, so it writes what would be normal beside the rest of this row."
    )
    groups = [
        (
            f"{one.share:.0%} of normal, distance {one.distance:.1f}",
            [why.written(one.values[i]) for i in order],
        )
        for one in nearest(model, found.code[0])
    ]
    why.alike(
        "normal connections",
        {"column": names, "here": here},
        groups,
        "No rows of the data set, which may not be passed on: the middles of groups into which its "
        "normal rows fall, written out by the network. Distance in the network's middle, in "
        "spreads of normal rows.",
    )


def drawn(model: Model, asked: Asked) -> Sketch:
    """The row squeezed through the middle of the network; large numbers by their logarithm."""
    row = [1.0 if isinstance(v, str) else np.log1p(abs(v)) for v in as_row(model, asked.row)]
    found = asked.found
    return kinds.autoencoder(np.array(row), found.code[0], found.shares[0], "your row")


def as_row(model: Model, row: Connections) -> list[str | float]:
    """The first of these rows in the order of the columns."""
    said: dict[str, str | float] = dict(zip(NUMBERS, map(float, row.numbers[0]), strict=True))
    for name, code in zip(CATEGORIES, row.categories[0], strict=True):
        said[name] = words(model)[name][int(code)] if code >= 0 else "(a word it never met)"
    return [said[name] for name in NAMES]


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
