"""Why: how surprising every word was, and which earlier words pushed the prediction of one."""

import numpy as np
import pandas as pd
import streamlit as st

from models.catalog import Model
from models.explain import next_word
from models.kinds.language import Score, score
from models.kinds.language.reading import Read
from pages.parts.draw import charts
from pages.parts.draw.text_marks import SHOWN, bits, coloured, legend, level
from pages.parts.draw.words import plain
from pages.parts.job import batch, guard, later
from pages.parts.job.later import Tell
from pages.parts.state import choices, ours
from pages.parts.state.held import held
from pages.parts.state.ours import Findings
from pages.text_prediction import figures, inside
from pages.text_prediction.line import FIELD

MOST = 16  # words of the chart of pushes: the ones that did most


def show(model: Model, text: str) -> None:
    """All of it; raises what `score` raises."""
    findings, found = _findings(model, text), scored(model, text)
    words = [found.read.part(*span) for span, _ in found.words]
    surprisals = [bits(nats) for _, nats in found.words]
    _surprise(words, surprisals)
    with guard.in_place():
        _pushed(model, findings, found.read, words, surprisals)
    inside.show(model, found)


def _findings(model: Model, text: str) -> Findings:
    """What is found out about the text that the page is about, while it is the one."""
    public = FIELD.public(text, "why", model.release)
    return held("text_findings", text, lambda: Findings(public))


def scored(model: Model, text: str) -> Score:
    """What the text cost. Raises what `score` raises."""
    public = FIELD.public(text, "score", model.release)  # of a long text of theirs: 15 MB
    return ours.kept(public, lambda: score(model, text))


def _surprise(words: list[str], surprisals: list[float]) -> None:
    """The text on colours, and the same as a table."""
    st.markdown("**How surprising was every word?**")
    left = len(words) - SHOWN
    st.markdown(coloured(words[:SHOWN], surprisals[:SHOWN]) + (f" … and {left} more" * (left > 0)))
    st.caption(f"{legend()}. A word of 3 bits was one of eight as likely, of 10 bits one of 1,024.")
    mean = float(np.mean(surprisals))
    with st.expander("The same as a table", icon=":material/table_rows:"):
        rows = pd.DataFrame(
            {
                "number": range(1, len(words) + 1),
                "word": words,
                "bits": np.round(surprisals, 1),
                "was": [level(cost)[2] for cost in surprisals],
            }
        )
        alt = f"The bits of each of {len(words)} words, {mean:.1f} on average."
        st.dataframe(batch.harmless(rows), hide_index=True, height=240, alt=alt)


def _pushed(
    model: Model, findings: Findings, read: Read, words: list[str], surprisals: list[float]
) -> None:
    """One word, and what the words before it did for it."""
    if len(words) < 2:
        st.caption("Type two words or more to see how one pushes the next.")
        return
    st.markdown("**Which words pushed it?**")
    which = choices.slide("Explain word number", 2, len(words), len(words), key="word")
    found = later.found(
        findings,
        ("pushes", which),
        "Which words pushed it comes",
        lambda tell: _attributions(model, read.text, which - 1, tell),
    )
    if found is None:
        return
    said = plain(words[which - 1])
    st.markdown(
        f"Word {which}, **{said}**, cost {surprisals[which - 1]:.1f} bits. Before it stood:"
    )
    before = [read.part(*span) for span in found.words]
    strongest = np.sort(np.argsort(-np.abs(found.ablation))[:MOST])
    drawn = figures.attributions(
        [before[i] for i in strongest],
        found.gradient[strongest].tolist(),
        found.ablation[strongest].tolist(),
    )
    charts.show(drawn, key="pushes")
    st.caption(f"{_agreement(found.agreement)} {_METHODS}")
    if len(before) > MOST:
        st.caption(f"Of the {len(before)} words that were taken away, the {MOST} that did most.")
    if found.cut:
        st.caption(f"Of so long a word the first {next_word.LONGEST} parts are explained.")
    if far := int(np.isnan(found.gradient).sum()):
        st.caption(f"The gradient does not reach back to the first {far} of them.")


def _attributions(model: Model, text: str, word: int, tell: Tell) -> next_word.Attributions:
    tell("Taking words away")(0, 1)
    return next_word.attributions(model, text, word)


_METHODS = (
    "Taking it away: how many nats more the word costs without that one (1 nat is 1.44 bits); to "
    "be believed, since it was tried. Gradient: what a tiny change of that word would do; quick, "
    "but blind to large steps."
)


def _agreement(found: float | None) -> str:
    if found is None:
        return (
            "The two methods cannot be compared: the words are too few, or all alike to one of "
            "them."
        )
    how = "agree well" if found > 0.7 else "agree in part" if found > 0.3 else "disagree"
    return f"The two methods {how} (rank correlation {found:.2f})."
