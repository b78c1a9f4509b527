"""Why: how surprising every word was, and which earlier words pushed the prediction of one."""

import numpy as np
import pandas as pd
import streamlit as st

from models.catalog import Model
from models.explain import next_word
from models.kinds.language import Score, score
from models.kinds.language.reading import Read
from pages.parts.draw import charts
from pages.parts.draw.text_marks import bits, coloured, legend, level, shortened
from pages.parts.draw.words import plain
from pages.parts.explain import clicked
from pages.parts.job import batch, guard, later
from pages.parts.job.later import Tell
from pages.parts.state import choices, ours
from pages.parts.state.held import held
from pages.parts.state.ours import Findings
from pages.text_prediction import figures, inside
from pages.text_prediction.line import FIELD

MUCH = np.log(1000)  # nats: more is not told as a number of times
MOST = 16  # words of the chart of pushes: the ones that did most


def show(model: Model, text: str) -> None:
    """All of it; raises what `score` raises."""
    findings, found = _findings(model, text), scored(model, text)
    words = [found.read.part(*span) for span, _ in found.words]
    surprisals = [bits(nats) for _, nats in found.words]
    which = choices.number("word", 1, len(words), len(words))
    _surprise(words, surprisals, which)
    with guard.in_place():
        _pushed(model, findings, found.read, words, which)
    with st.expander("All numbers", icon=":material/table_rows:"):
        _table(words, surprisals)
    inside.show(model, found)


def _findings(model: Model, text: str) -> Findings:
    """What is found out about the text that the page is about, while it is the one."""
    public = FIELD.public(text, "why", model.release)
    return held("text_findings", text, lambda: Findings(public))


def scored(model: Model, text: str) -> Score:
    """What the text cost. Raises what `score` raises."""
    public = FIELD.public(text, "score", model.release)  # of a long text of theirs: 15 MB
    return ours.kept(public, lambda: score(model, text))


def _surprise(words: list[str], surprisals: list[float], which: int) -> None:
    """The text on colours, each word to click."""
    st.markdown("**How surprising was every word?**")
    colours = [coloured([word], [cost]) for word, cost in zip(words, surprisals, strict=True)]
    clicked.word("Click a word: which words before it made it likely?", colours, which, key="word")
    st.caption(legend())


def _table(words: list[str], surprisals: list[float]) -> None:
    """Every word with what it cost, and what that means."""
    mean = float(np.mean(surprisals))
    st.markdown(
        f"In bits, {mean:.1f} a word: a word of 3 bits was one of 8 that were as likely, of 10 "
        "bits one of 1,024."
    )
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


def _pushed(model: Model, findings: Findings, read: Read, words: list[str], which: int) -> None:
    """One word, and what the words before it did for it."""
    if which < 2:
        st.caption("No word stands before the first one: click another to see what made it likely.")
        return
    found = later.found(
        findings,
        ("pushes", which),
        "Which words pushed it comes",
        lambda tell: _attributions(model, read.text, which - 1, tell),
    )
    if found is None:
        return
    before = [read.part(*span) for span in found.words]
    st.markdown(_said(words[which - 1], which, before, found.ablation))
    strongest = np.sort(np.argsort(-np.abs(found.ablation))[:MOST])
    drawn = figures.attributions(
        [before[i] for i in strongest],
        bits(found.gradient[strongest]).tolist(),
        bits(found.ablation[strongest]).tolist(),
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


def _said(word: str, which: int, before: list[str], ablation: np.ndarray) -> str:
    """Which earlier word did most, and how much, in a sentence."""
    most = int(np.argmax(np.abs(ablation)))
    times = float(np.exp(min(abs(ablation[most]), MUCH)))
    name, cause = (f"**{plain(shortened(one, 40))}**" for one in (word, before[most]))
    if times < 1.1:
        return f"Word {which}, {name}: no word before it mattered much."
    how = f"{times:.1f} times" if times < 10 else f"{times:,.0f} times"
    if abs(ablation[most]) > MUCH:
        how = f"over {how}"
    side = "less" if ablation[most] > 0 else "more"
    return (
        f"Word {which}, {name}: of the words before it {cause} did most. Without that it would "
        f"have been {how} {side} likely."
    )


_METHODS = (
    "*Taking it away* is to be believed, since it was tried: in bits, one for each doubling of how "
    "likely the word is. *Gradient* is a quick guess by a tiny change of that word."
)


def _agreement(found: float | None) -> str:
    if found is None:
        return (
            "The two methods cannot be compared: the words are too few, or all alike to one of "
            "them."
        )
    how = "agree well" if found > 0.7 else "agree in part" if found > 0.3 else "disagree"
    return f"The two methods {how}."
