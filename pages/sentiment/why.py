"""Why: words coloured by two methods, one word taken out or changed, and a test of the methods."""

import numpy as np
import streamlit as st

from models.card import Precision
from models.catalog import Model
from models.explain import is_flat, rank_correlation
from models.sentiment import Verdict, checked, predict
from models.sentiment.explain import METHODS
from pages.parts.draw import charts, measures
from pages.parts.draw.text_marks import shortened
from pages.parts.draw.words import plain
from pages.parts.explain import clicked
from pages.parts.job import guard
from pages.parts.state import choices, ours
from pages.sentiment import made as sentiment_made
from pages.sentiment import marks
from pages.sentiment.made import FIRST, RANDOM, SECOND, Case
from pages.sentiment.write import sentence

PAUSE = "400ms"  # without a key, before a word that is typed counts


def show(model: Model, found: Verdict, precision: Precision) -> None:
    """All of it; raises what `predict` and the methods raise."""
    case = sentiment_made.of(model, found.read.written)
    first = st.container()  # what a visitor changes stands above what compares methods
    st.markdown("**Two methods, each with its own colours**")
    made = sentiment_made.make(model, case, _chosen())
    with first, guard.in_place():
        _changed(model, case, found, precision, made)
    _coloured(case, found, made)
    with guard.in_place():
        _faithful(model, case, made)


def _chosen() -> list[str]:
    """The two methods that are put side by side; one, where both are the same."""
    names, (left, right) = list(METHODS), st.columns(2)
    one = choices.pick(left.selectbox, "One method", names, FIRST, key="method")
    other = choices.pick(right.selectbox, "Another", names, SECOND, key="other")
    return list(dict.fromkeys((one, other)))


def _coloured(case: Case, found: Verdict, made: list[str]) -> None:
    """The text by each method, and how far they agree."""
    if not made:
        return
    for place, name in zip(st.columns(2, gap="large"), made, strict=False):
        parts, method = case.made[name], METHODS[name]
        with place:
            st.markdown(f"**{name}**")
            st.markdown(marks.coloured(found.read, parts.values))
            st.caption(f"{method.shows} {method.cannot}")
            if far := int(np.isnan(parts.values).sum()):
                st.caption(f"The first {far:,} words are beyond its reach and stand in grey.")
    st.caption(f"{marks.legend()}.")
    if len(made) < 2:
        return
    values = np.stack([case.made[name].values for name in made])
    both = np.isfinite(values).all(0)
    agreed = rank_correlation(*values[:, both]) if both.sum() >= 3 else None
    if agreed is None:
        st.caption(
            "The two methods cannot be compared: the words are too few, or all alike to one of "
            "them."
        )
        return
    how = "agree well" if agreed > 0.7 else "agree in part" if agreed > 0.3 else "disagree"
    st.markdown(f"The two methods **{how}** on which words did most.")
    with st.expander("All numbers", icon=":material/table_rows:"):
        took = "; ".join(
            f"{name}: {case.made[name].passes:,} passes, {case.made[name].seconds:.2f} s"
            for name in made
        )
        st.caption(
            "What each word did, in log-odds: above 0 it spoke for *liked it*. Rank correlation of "
            f"the two methods {agreed:.2f}, where 1 is the same order. {took}."
        )
        marks.table(found.read, {name: case.made[name].values for name in made})


def _changed(
    model: Model, case: Case, found: Verdict, precision: Precision, made: list[str]
) -> None:
    """One word out, or another in its place: the answer before and after."""
    st.markdown("**What if one word were not there, or another?**")
    read = found.read
    words = [read.part(*span) for span in read.spans]
    number = _number(case, len(words))
    first = next((case.made[name].values for name in made), np.zeros(len(words)))
    clicked.word("Click a word", marks.each(read, first), number, key="without")
    new = st.text_input(
        "Put instead (nothing: take it out)",
        key="sentiment_instead",
        max_chars=60,
        live=PAUSE,
        autocomplete="off",
    ).strip()
    begin, end = read.spans[number - 1]
    word = plain(shortened(words[number - 1], 40))
    rest = read.part(0, begin) + new + read.part(end, len(read.text))
    if not any(map(str.isalnum, rest)):
        st.caption(f"Without *{word}* there is no word left to read: put another in its place.")
        return
    changed = checked(rest)
    findings = ours.Findings(None) if new else case.findings
    (after,), _ = findings.kept(
        ("without", number, precision), lambda: predict(model, [changed], precision=precision)
    )
    done = f"With *{plain(new)}* in place of *{word}*" if new else f"Without *{word}*"
    st.markdown(f"{done}: {sentence(after)}")
    st.markdown(
        f"Probability of *liked it*: {found.positive:.1%} before, **{after.positive:.1%}** after."
    )


def _number(case: Case, count: int) -> int:
    """The word that was chosen, from 1; before that the one that did most, where that is known."""
    if asked := choices.number("without", 0, count, 0):
        return asked
    made = next(iter(case.made.values()), None)
    return 1 if made is None else 1 + int(np.nanargmax(np.abs(made.values)))


def _faithful(model: Model, case: Case, made: list[str]) -> None:
    """How soon the answer falls while words go: in each method's order, and at random."""
    if not made:
        return
    st.markdown("**Which method to believe?** Take words out, those that did most first.")
    curves = sentiment_made.curves(model, case, made)
    if not curves:
        return
    charts.show(measures.curves(curves, None, "the words taken out"), key="sentiment_faithful")
    flat = [name for name in made if is_flat(case.made[name].values)]
    for name in flat:
        st.caption(
            f"To {name} all words are alike: it puts none before another, so taking them out in "
            "its order proves nothing."
        )
    areas = {name: curve.area for name, curve in curves.items() if name not in flat}
    best = min(areas, key=lambda name: areas[name])
    judged = (
        f"**{best}** found the words that matter best"
        if best != RANDOM
        else "No method did better than chance on this text"
    )
    st.caption(
        f"{judged}: the sooner the answer falls, the better the order. With all words gone the "
        "network has nothing to go by. Random order is the mean of several shuffles."
    )
