"""Try one text: the field, the samples, and the verdict in words with the text coloured."""

from typing import Any

import numpy as np
import streamlit as st

from models.card import Precision
from models.catalog import Model
from models.engine import Run
from models.errors import InputError
from models.sentiment import MOST, Verdict, checked, explain, predict
from pages.parts.source import text as text_given
from pages.parts.source.text import Field
from pages.parts.state import ours
from pages.sentiment import made, marks
from pages.sentiment.samples import RENAMED, SAMPLES

# What belongs to one text, and what it becomes with the next.
NEW: dict[str, Any] = {"without": 0, "sentiment_instead": ""}
FIELD = Field(
    "sentiment_text",
    "sentiment_kept",
    "sentiment_of",
    "sentiment_shown",
    SAMPLES,
    lambda _: NEW,
    RENAMED,
)


def start() -> str:
    """Before anything is drawn: the text that this run of the page is about."""
    return text_given.start(FIELD)


def field() -> None:
    """Where the text is typed; the page answers at the button, or when the visitor leaves it."""
    st.text_area(
        "Your review",
        key=FIELD.line,
        height=150,
        on_change=text_given.forget,
        placeholder="Type or paste what somebody wrote about a film",
        help=f"English, up to {MOST:,} characters.",
    )
    # What was typed arrives before the click, as the browser leaves the field: that is all.
    st.button("Did they like it?", icon=":material/thumbs_up_down:")


def verdict(model: Model, text: str, precision: Precision) -> Verdict:
    """What the model says, drawn in one sentence, and the text on colours. Raises InputError."""
    (found,), _ = answered(model, text, precision)
    st.markdown(f"#### {sentence(found)}")
    place, below = st.container(), st.container()
    with below:
        parts = made.quick(model, found.read)
    with place:
        values = np.zeros(len(found.read.words)) if parts is None else parts.values
        st.markdown(marks.coloured(found.read, values))
        if parts is not None:
            st.markdown(f":small[{marks.legend()}.]")
        elif not explain.quick(found.read):
            st.caption("To colour so long a text takes some seconds: that is done under Why.")
        if notes := _reading(found):
            st.caption(notes)
    return found


def answered(model: Model, text: str, precision: Precision) -> tuple[list[Verdict], Run]:
    """What the model says of a text, and the run. Raises InputError, and what `predict` raises."""
    return ours.kept(
        FIELD.public(text, "verdict", model.release, precision),
        lambda: predict(model, [checked(text)], precision=precision),
    )


def sentence(found: Verdict) -> str:
    """The verdict in words, in Markdown."""
    liked = found.positive
    if not found.review:
        nearest = f"liked it ({liked:.0%})" if liked >= 0.5 else f"disliked it ({1 - liked:.0%})"
        return (
            "**This does not read like a film review** that I know. If it is one, the writer "
            f"*{nearest}*."
        )
    if found.says == "unsure":
        return f"**I cannot tell.** It sounds mixed: {share(liked)} for *liked it*."
    if found.says == "liked":
        return f"The writer **liked it** ({share(liked)})."
    return f"The writer **did not like it** ({share(1 - liked)})."


def share(probability: float) -> str:
    """A probability as a visitor reads it; no finite evidence makes 100 %."""
    return "> 99%" if probability > 0.995 else f"{probability:.0%}"


def _reading(found: Verdict) -> str:
    """What of the text was not read, in words."""
    read = found.read
    notes = []
    if read.unknown:
        count = len(dict.fromkeys(read.unknown))
        notes.append(
            f"{count} word{'s' * (count != 1)} marked :small[?] in letters it has hardly seen."
        )
    if read.cut:
        notes.append(f"Only the beginning was read: {len(read.words):,} words and signs.")
    return " ".join(notes)


def run(model: Model, text: str, precision: Precision) -> Run:
    """The run that answers this text, or the first sample where it cannot be read."""
    try:
        return answered(model, text, precision)[1]
    except InputError:
        return answered(model, SAMPLES[FIELD.first], precision)[1]
