"""How it learned: the same draws of chance as they became pictures, and what both networks lost."""

import time

import streamlit as st

from models.catalog import Model
from pages.image_generation import figures, files
from pages.parts.draw import charts, inline
from pages.parts.state import choices

ACROSS = 10  # pictures in a row, at most
PACE = 0.9  # seconds that a moment stays while it plays
# While it plays, when the last moment came, else None; whether it is to begin with the first.
PLAYED, AGAIN = "making_played", "making_play_again"


def show(model: Model) -> None:
    """Drag through training, or play it; the curves below say where you are.

    While it plays the browser asks for the next moment; only this part runs then.
    """
    playing = st.session_state.get(PLAYED) is not None
    st.fragment(_moment, run_every=PACE if playing else None)(model)


def _steps(model: Model) -> list[str]:
    """The moments that were kept, by their training steps."""
    return [f"{float(row[0] or 0):,.0f}" for row in model.card.tables["moments"].rows]


def _played(steps: list[str]) -> None:
    """One moment on, where it is time for that; at the last one it ends."""
    state, now = st.session_state, time.monotonic()
    if state.get(PLAYED) is None or now - state[PLAYED] < PACE / 2:
        return
    at = steps.index(choices.one("moment", steps, steps[-1]))
    if at + 1 < len(steps):
        state[PLAYED] = now
        choices.put({"moment": steps[at + 1]})
    else:
        state[PLAYED] = None
        st.rerun()  # a run of the whole page takes the clock of the browser away


def _button(steps: list[str]) -> None:
    """Play and Stop; from the last moment it begins at the first."""
    state = st.session_state
    playing = state.get(PLAYED) is not None
    if not st.button(
        "Stop" if playing else "Play",
        key="making_learned_play",
        icon=":material/stop:" if playing else ":material/play_arrow:",
    ):
        return
    state[PLAYED] = None if playing else time.monotonic()
    state[AGAIN] = not playing and choices.one("moment", steps, steps[-1]) == steps[-1]
    st.rerun()


def _moment(model: Model) -> None:
    card, evidence = model.card, model.arrays("evidence.npz")
    table, steps = card.tables["moments"], _steps(model)
    reached = [float(row[0] or 0) for row in table.rows]
    if st.session_state.pop(AGAIN, False):
        choices.put({"moment": steps[0]})
    _played(steps)
    chosen = choices.pick(st.select_slider, "Training steps so far", steps, steps[-1], key="moment")
    _button(steps)
    at = steps.index(chosen)
    pictures = evidence["moment_pictures"][at]
    pictures = pictures[..., None] if pictures.ndim == 3 else pictures
    columns = min(len(card.labels), ACROSS)
    kinds = ", ".join(card.labels[i] for i in evidence["moment_labels"][: len(card.labels)])
    order = (
        "A column for each kind" if columns == len(card.labels) else "Row by row, again and again"
    )
    _, _, hits = table.rows[at]
    known = f" Another network names **{hits:.0%}** of them as asked." if hits else ""
    st.markdown(f"After **{chosen}** steps, always from the same random numbers.{known}")
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
            "Less is better: how far they lie, as a crowd, from real pictures (Frechet distance). "
            f"Measured by another network of ours, on {table.n:,} pictures a moment against as "
            f"many real ones ({table.split}), so the last is not the number on Trust, which takes "
            "more pictures. It is not the FID of papers."
        )
        st.markdown("**The contest of both networks**")
        charts.show(figures.losses(card.history, reached[-1], reached[at]), key="losses")
        st.caption(
            "A contest: when one network gets better, the other's loss rises. At 0.69 the "
            "discriminator can only guess. So these curves do not say whether pictures got better; "
            "the distance does."
        )
