"""Many pictures at once: a score for each, the oddest first, and a CSV to take home."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from models.errors import InputError
from models.visual_inspection import Finding, Pixels
from pages.parts.job import batch
from pages.parts.job.job import Job
from pages.parts.state import choices
from pages.visual_inspection import figures
from pages.visual_inspection.given import PAGE, WHICH, Given, pixels

Row = tuple[float | None, str]  # its score, and where it is oddest; or why there is none


def table(given: Given, ask: Callable[[Pixels], Finding], threshold: float) -> None:
    """Inspect all of them, in chunks; what is done is kept when the visitor stops or adds more."""
    asked = {file.file_id: i for i, file in enumerate(given.uploads)}
    job: Job[str, Row] = Job.of(PAGE, given.key)
    place = st.container()

    def answered(ids: list[str], _: object) -> list[Row]:
        return [_row(given, asked[one], ask) for one in ids]

    job.run([*asked], "pictures", answered, batch.CHUNK)
    with place:
        _show(given, {asked[one]: row for one, row in job.done.items()}, threshold)


def _row(given: Given, index: int, ask: Callable[[Pixels], Finding]) -> Row:
    """Score and where it is oddest; for what is no picture its sentence."""
    try:
        found = ask(pixels(given, index))
    except InputError as error:
        return None, str(error)
    return found.score, figures.where(found)


def _show(given: Given, done: dict[int, Row], threshold: float) -> None:
    if not done:
        return
    rows = sorted(done)
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
    batch.clickable(
        PAGE,
        frame,
        f"Scores of {len(frame)} pictures, {odd} of them odd.",
        lambda i: choices.put({WHICH: str(rows[int(frame.index[i])] + 1), "part": "Why"}),
    )
