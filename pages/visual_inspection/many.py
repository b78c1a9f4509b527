"""Many pictures at once: a score for each, the oddest first, and a CSV to take home."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from models.errors import InputError
from models.visual_inspection import Finding, Pixels
from pages.parts.anomaly import board
from pages.parts.job import many
from pages.parts.job.many import Whole
from pages.parts.state import address
from pages.visual_inspection import figures
from pages.visual_inspection.given import PAGE, WHICH, Given, pixels


def table(given: Given, ask: Callable[[Pixels], Finding], threshold: float) -> None:
    """Inspect all of them, in chunks; what is done is kept when the visitor stops or adds more."""
    state = st.session_state
    key, done = state.get(f"{PAGE}_done", ((), {}))
    if key != given.key:
        key, done = given.key, {}
        state[f"{PAGE}_done"] = key, done
        state.pop(f"{PAGE}_halted", None)
    place = st.container()

    def answered(rows: list[int]) -> list[tuple[float | None, str]]:
        return [_row(given, i, ask) for i in rows]

    many.in_chunks(PAGE, Whole(range(len(given.names)), "pictures", many.CHUNK), done, answered)
    with place:
        _show(given, done, threshold)


def _row(given: Given, index: int, ask: Callable[[Pixels], Finding]) -> tuple[float | None, str]:
    """Score and where it is oddest; for what is no picture its sentence."""
    try:
        found = ask(pixels(given, index))
    except InputError as error:
        return None, str(error)
    return found.score, figures.where(found)


def _show(given: Given, done: dict[int, tuple[float | None, str]], threshold: float) -> None:
    if not done:
        return
    rows = sorted(i for i in done if i < len(given.names))
    scores = [done[i][0] for i in rows]
    frame = pd.DataFrame(
        {
            "picture": [given.names[i] for i in rows],
            "answer": [
                "no picture" if s is None else "odd" if s >= threshold else "good" for s in scores
            ],
            "score": [None if s is None else round(s, 3) for s in scores],
            "oddest in": [done[i][1] for i in rows],
        }
    ).sort_values("score", ascending=False)
    odd = int((frame["answer"] == "odd").sum())
    st.markdown(f"**{odd} of {len(frame)} are odd**")
    board.clickable(
        PAGE,
        frame,
        f"Scores of {len(frame)} pictures, {odd} of them odd.",
        lambda i: address.choose({WHICH: str(rows[int(frame.index[i])] + 1), "part": "Why"}),
    )
