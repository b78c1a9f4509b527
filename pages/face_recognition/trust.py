"""Trust in face recognition: are these faces fit, what was measured, where it declines."""

import pandas as pd
import streamlit as st

from models.catalog import Model
from pages.face_recognition import figures
from pages.face_recognition.faces import Seen
from pages.parts.draw import charts, measures

ROWS = (
    ("height (pixels)", "height", "at least", "least_height"),
    ("sharpness (share of contrast in fine detail)", "sharpness", "at least", "least_sharpness"),
    ("light (0 black, 255 white)", "light", "at least", "least_light"),
    ("tilt (degrees)", "tilt", "at most", "most_tilt"),
    ("turn to the side (a rule, not measured)", "turn", "at most", "most_turn"),
)


def show(model: Model, seen: list[Seen], limit: float) -> None:
    """What was measured of these faces, and of the network on faces that it never decided on."""
    if seen:
        _fitness(model, seen)
    kept = model.arrays("evidence.npz")
    curve, held = st.columns(2, gap="large")
    with curve:
        st.markdown("**How often is it right about two faces?**")
        charts.show(figures.roc(kept["same"], kept["different"], limit), key="roc")
        st.caption("All pairs of people 21 to 40 of the Olivetti faces; the dot is your threshold.")
    with held:
        st.markdown("**Do its odds hold?**")
        charts.show(measures.reliability(model.card.tables["odds"], "pairs"), key="odds")
        st.caption(
            "Pairs of one person and of two, weighed as if both were as frequent. Nearly all lie "
            "at the two ends; the places between hold a few dozen pairs each, or fewer."
        )
    table = model.card.tables["decline"]
    st.markdown("**When does it fail?**")
    charts.show(figures.decline(table), key="decline")
    st.caption(
        f"{table.n} pictures of people 1 to 20 made worse, 64 pixels high to start with, each "
        "compared with five others of its person. Faces beyond the last good level are refused."
    )


def _fitness(model: Model, seen: list[Seen]) -> None:
    settings = {name: setting.value for name, setting in model.card.settings.items()}
    shown = [
        {
            "of the face": name,
            **{f"face {i}": f"{getattr(s.quality, key):.3g}" for i, s in enumerate(seen, 1)},
            "needed": f"{bound} {settings[setting]:.3g}",
        }
        for name, key, bound, setting in ROWS
    ]
    st.markdown("**Are these faces fit to be compared?**")
    said = "; ".join(", ".join(row.values()) for row in shown)
    st.dataframe(pd.DataFrame(shown), hide_index=True, alt=f"What was measured: {said}.")
