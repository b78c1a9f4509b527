"""Maps beside each other: several methods for one class, or one method for two classes."""

import numpy as np
import pandas as pd
import streamlit as st

from models.explain import Floats, is_flat, members
from pages.parts.draw import inline, pictures
from pages.parts.explain import explained, tiles
from pages.parts.explain.explained import Case
from pages.parts.state import choices

ORDERS = ("as chosen", "deletion", "insertion", "time")
ACROSS = 3


def grid(case: Case, names: list[str]) -> None:
    """A tile a method, in the order that the visitor likes, and how far they agree."""
    order = choices.pick(st.segmented_control, "Sorted by", ORDERS, key="order")
    keys = {
        "deletion": lambda name: case.made[name].areas[0],
        "insertion": lambda name: -case.made[name].areas[1],
        "time": lambda name: case.made[name].seconds,
    }
    sortable = order in keys and all(explained.measured(case, name) for name in names)
    listed = sorted(names, key=keys[order]) if sortable else names
    if order != "time":  # a flat map was not tested, whatever its areas are
        listed = sorted(listed, key=lambda name: is_flat(case.made[name].heat.values))
    for start in range(0, len(listed), ACROSS):
        for place, name in zip(st.columns(ACROSS, gap="medium"), listed[start:], strict=False):
            with place:
                tiles.tile(case, name)
    st.caption(
        "Bright places speak for the answer, dark ones do not. In the figures, a good map leaves "
        "little when its bright pixels are taken away (deletion) and gives much when they are "
        "brought back into a blur (insertion). Maps that know nothing: the better of a random one "
        "and an edge detector."
    )
    pairs = explained.agreements(case, names)
    if pairs:
        with st.expander("Do the methods agree?", icon=":material/straighten:"):
            st.caption("1: alike everywhere; 0: nothing in common; -1: opposite.")
            said = "; ".join(f"{one} and {other} {value:.2f}" for one, other, value in pairs)
            st.dataframe(
                pd.DataFrame(pairs, columns=["method", "and", "agreement"]).round(2),
                hide_index=True,
                alt=f"{said}.",
            )


def method(names: list[str]) -> str:
    """Which of the methods a part of the page uses."""
    return choices.pick(st.selectbox, "Method", names, key="by")


def versus(case: Case, names: list[str], likeliest: list[int]) -> None:
    """Why this and not that: one method for both classes, and what is left of one by the other."""
    rest = [i for i in range(len(case.labels)) if i not in likeliest]
    others = [case.labels[i] for i in (*likeliest, *rest) if i not in members(case.target)]
    left, right = st.columns(2)
    other_label = choices.pick(left.selectbox, "and not", others, key="against")
    with right:
        chosen = method(names)
    second = explained.other(case, chosen, case.labels.index(other_label))
    if second is None or chosen not in case.made:
        return
    first = case.made[chosen].heat.values
    parts = {
        f"for “{case.label}”": first,
        f"for “{other_label}”": second,
        f"more for “{case.label}”": np.maximum(_unit(first) - _unit(second), 0),
        f"more for “{other_label}”": np.maximum(_unit(second) - _unit(first), 0),
    }
    for place, (said, values) in zip(st.columns(4), parts.items(), strict=True):
        place.image(
            inline.photo(pictures.overlay(case.image, values)),
            width="stretch",
            caption=said,
            alt=f"{chosen} {said}: {tiles.where(values)}.",
        )
    st.caption(
        "Each map is scaled to its own largest value before one is taken off the other, so a "
        "class that the network finds very unlikely looks as strong as its answer."
    )


def _unit(values: Floats) -> Floats:
    """What speaks for the class, to 1 at most; nothing where the map is flat."""
    if is_flat(values):
        return np.zeros_like(values)
    positive: Floats = np.maximum(values, 0)
    return positive / max(float(positive.max()), 1e-9)
