"""Trust for a trained classifier: is it as sure as it is right, what does it mix up, on what."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.catalog import Model
from pages.parts.draw import charts, inline, measures, pictures
from pages.parts.state import choices

SHOWN = 6
CELL = {"is": "Shirt", "called": "T-shirt/top"}  # of the confusion matrix, at first


def calibration(model: Model, of: str = "pictures") -> None:
    """The reliability diagram, and the calibration error before and after. of: what is answered."""
    card = model.card
    after, before = card.metric("ece", "test"), card.metric("ece", "test, before calibration")
    st.markdown("**Is it as sure as it is right?**")
    charts.show(measures.reliability(card.tables["reliability"], of), key="reliability")
    st.caption(
        f"On {after.n:,} test {of} its percentages are off by {after.value:.1%} on average "
        f"({before.value:.1%} before they were calibrated on other {of})."
    )


def confusion(model: Model) -> None:
    """The confusion matrix; a click on a square shows such test pictures."""
    table = model.card.tables["confusion"]
    names = table.columns[1:]
    st.markdown("**What does it mix up?** Click a square, or choose below.")
    charts.show(measures.confusion(table), "confusion", _clicked)
    chosen = [
        _class(place, title, key, names)
        for place, title, key in zip(
            st.columns(2), ("What it is", "What it answered"), CELL, strict=True
        )
    ]
    _examples(model, *map(names.index, chosen))


def _class(place: DeltaGenerator, title: str, key: str, names: list[str]) -> str:
    return choices.pick(place.selectbox, title, names, CELL[key], key=key)


def _clicked() -> None:
    points = st.session_state.confusion.selection.points
    if points:
        choices.put({"is": points[0]["y"], "called": points[0]["x"]})


def _examples(model: Model, label: int, answer: int) -> None:
    """The kept test pictures of one cell, surest first."""
    kept = model.arrays("evidence.npz")
    cell = (kept["example_labels"] == label) & (kept["example_answers"] == answer)
    names = model.card.tables["confusion"].columns[1:]
    said = f"{names[label]} called {names[answer]}"
    if not cell.any():
        st.caption(f"No test picture: {said}.")
        return
    tiles = [
        inline.exact(pictures.enlarged(picture, 140))
        for picture in kept["example_pictures"][cell][:SHOWN]
    ]
    sure = kept["example_shares"][cell][:SHOWN]
    rows = kept["example_rows"][cell][:SHOWN]
    captions = [f"no. {row}, {share:.0%}" for row, share in zip(rows, sure, strict=True)]
    st.image(tiles, width=110, caption=captions, alt=[f"{said}, {caption}" for caption in captions])


def worst(model: Model) -> None:
    """The test pictures on which it was surest and wrong."""
    kept = model.arrays("evidence.npz")
    wrong = np.flatnonzero(kept["example_labels"] != kept["example_answers"])
    order = wrong[np.argsort(-kept["example_shares"][wrong])][:12]
    names = model.card.tables["confusion"].columns[1:]
    captions = [
        f"{names[kept['example_labels'][i]]}, called {names[kept['example_answers'][i]]} "
        f"({kept['example_shares'][i]:.0%})"
        for i in order
    ]
    st.markdown("**Where it fails: surest and wrong**")
    st.image(
        [inline.exact(pictures.enlarged(kept["example_pictures"][i], 140)) for i in order],
        width=120,
        caption=captions,
        alt=captions,
    )
