"""How it learned: the same draws of chance as they became pictures, and what both networks lost."""

import streamlit as st

from models.catalog import Model
from pages.image_generation import figures, files
from pages.parts.draw import charts, inline
from pages.parts.state import choices

ACROSS = 10  # pictures in a row, at most


def show(model: Model) -> None:
    """Drag through training; the curves below say where you are."""
    card, evidence = model.card, model.arrays("evidence.npz")
    table = card.tables["moments"]
    reached = [float(row[0] or 0) for row in table.rows]
    steps = [f"{step:,.0f}" for step in reached]
    chosen = choices.pick(st.select_slider, "Training steps so far", steps, steps[-1], key="moment")
    at = steps.index(chosen)
    pictures = evidence["moment_pictures"][at]
    pictures = pictures[..., None] if pictures.ndim == 3 else pictures
    columns = min(len(card.labels), ACROSS)
    kinds = ", ".join(card.labels[i] for i in evidence["moment_labels"][: len(card.labels)])
    order = (
        "A column for each kind" if columns == len(card.labels) else "Row by row, again and again"
    )
    _, distance, hits = table.rows[at]
    known = f" A classifier of real pictures names {hits:.0%} of them as asked." if hits else ""
    st.markdown(
        f"After **{chosen}** steps: Frechet distance **{float(distance or 0):.3g}** from real "
        f"pictures.{known} All come from the same draws of chance."
    )
    sheet = files.enlarged(files.sheet(pictures, columns), 3)
    told = files.notes(model, [], f"{len(pictures)} pictures after {chosen} training steps")
    shown, curves = st.columns([3, 2], gap="large")
    with shown:
        st.image(
            inline.file(files.png(sheet, told), "png"),
            width="stretch",
            alt=f"{len(pictures)} pictures that it made after {chosen} steps. {order}: {kinds}.",
        )
        st.caption(f"{order}: {kinds}.")
    floor = (card.metric("frechet_distance_own_features", "test").baseline or {}).get(
        "real pictures instead", 0.0
    )
    with curves:
        st.markdown("**How far from real pictures**")
        charts.show(figures.frechet(table, floor, reached[at]), key="making_frechet")
        st.caption(
            "Less is better. Measured in the features of another network of ours, on "
            f"{table.n:,} pictures a moment against as many real ones ({table.split}), so the last "
            "is not the number on Trust, which takes more pictures. It is not the FID of papers."
        )
        st.markdown("**What both networks lost**")
        charts.show(figures.losses(card.history, reached[-1], reached[at]), key="losses")
        st.caption(
            "The losses of a contest: when one gets better, the other's rises. At 0.69 (the "
            "logarithm of 2) the discriminator cannot tell at all, so the curves alone do not say "
            "whether pictures got better; the distance does."
        )
