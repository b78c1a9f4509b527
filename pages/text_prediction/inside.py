"""Inside the network, one folded tool: how far back it remembers, and what one unit tracks.

The visitor picks a word some way back and writes another in its place. That word is their own: it
stands in no address, unlike how far back it is, the unit, and whether the tool is open.
"""

import numpy as np
import streamlit as st

from models.catalog import Model
from models.kinds.language import Score, recall
from models.kinds.language.reading import runs
from models.kinds.language.recall import Span, Swap
from models.kinds.language.search import Word
from pages.parts.draw import charts
from pages.parts.draw.text_marks import shortened
from pages.parts.draw.words import plain
from pages.parts.job import guard
from pages.parts.state import choices
from pages.parts.state.held import held
from pages.text_prediction import figures

WORDS = 40  # the last words of the text that are looked at
OFFERED = 12  # units that are offered first
LEAST = 0.05  # of the prediction: what moves less is called forgotten
INSTEAD = "text_instead"
PAUSE = "400ms"  # without a key, before a word that is typed counts


def show(model: Model, found: Score) -> None:
    """The tool; it is computed only when it is opened."""
    fold = choices.fold("What does it remember?", ":material/history:", "inside")
    if not fold.open:
        return
    with fold:
        if len(runs(found.read)[0]) < 2:
            st.caption("Type two words or more.")
            return
        _memory(model, found)
        _unit(found)


@st.fragment
def _memory(model: Model, found: Score) -> None:
    """One word some way back, another in its place, and what is expected at the end with either."""
    st.markdown("**How far back does it remember?** Change a word and watch what it expects next.")
    read, text = found.read, found.read.text
    tried, curve = st.columns(2, gap="large")
    with guard.in_place():
        moved = _moved(model, text)
        with tried:
            back = choices.slide("Words back from the end", 1, len(moved), 1, key="back")
            span, alone = moved[back - 1]
            word = read.part(*span)
            new = _instead(text, back, word)
            swap = recall.swapped(model, text, back, new)
            _side_by_side(swap, word, new)
        with curve:
            words = [read.part(*its) for its, _ in moved]
            changes = [change for _, change in moved]
            tried_one = (back, swap.moved) if new not in ("", word) else (back, alone)
            charts.show(figures.memory(words, changes, tried_one), key="memory")
            far = max((i for i, change in enumerate(changes, 1) if change >= LEAST), default=0)
            st.caption(
                f"The line: each of the last {len(words)} words was taken away alone. The farthest "
                f"that still moves a twentieth of what it expects lies {far} words back. The "
                "diamond: the word that you picked, as you changed it."
            )


def _moved(model: Model, text: str) -> list[tuple[Span, float]]:
    """The curve of this text; half a second's work, so it is kept while the text is the one."""
    return held("text_memory", text, lambda: recall.remembers(model, text, WORDS))


def _instead(text: str, back: int, word: str) -> str:
    """What stands in the place of the word: at first the word itself."""
    state = st.session_state
    if state.get("text_instead_of") != (text, back):
        state["text_instead_of"] = text, back
        state[INSTEAD] = word
    state.setdefault(INSTEAD, word)
    return str(
        st.text_input(
            "Change this word (empty: take it away)",
            key=INSTEAD,
            live=PAUSE,
            autocomplete="off",
        ).strip()
    )


def _side_by_side(swap: Swap, word: str, new: str) -> None:
    """The next words as the text stands and as it was changed, a row for each rank."""
    old, other = (f"“{plain(shortened(one))}”" for one in (word, new))
    after = f"with {other}" if new else f"without {old}"
    rows = [f"| next, with {old} | next, {after} |", "| --- | --- |"]
    rows += [
        f"| {_said(one)} | {_said(two)} |"
        for one, two in zip(swap.before, swap.after, strict=False)
    ]
    st.markdown("\n".join(rows))
    st.caption(
        "This is the text as it stands: write another word."
        if new == word
        else f"{swap.moved:.0%} of what it expects moved."
    )


def _said(word: Word) -> str:
    return f"{plain(word.text)} :gray[{word.probability:.1%}]"


def _unit(found: Score) -> None:
    """The value of one hidden unit after every word."""
    st.markdown("**What does one unit track?**")
    spans, places = runs(found.read)
    # What was held after a word is what was held when the next one was asked for; after the last
    # one nothing was asked.
    first = np.searchsorted(places, np.arange(1, len(spans)))
    after = found.hidden[first]
    words = [found.read.part(*span) for span in spans[:-1]]
    count = after.shape[1]
    units = [str(i) for i in np.argsort(-after.std(axis=0))[:OFFERED]]
    asked = str(choices.value("unit", units[0]))
    if (
        asked.isdecimal() and len(asked) < 6 and int(asked) < count
    ):  # followed from another text, or by a link
        units = list(dict.fromkeys([*units, str(int(asked))]))
    chosen = choices.pick(
        st.selectbox,
        f"Unit, of {count}",
        units,
        key="unit",
        help="Those that change most along this text.",
    )
    values = after[-WORDS:, int(chosen)].tolist()
    charts.show(figures.along(words[-WORDS:], values, f"unit {chosen}"), key="unit_chart")
    st.caption(
        "What the unit holds after each word, between -1 and 1. Look for what it could be about: "
        "the length of the sentence, an open quotation, praise. Most units mean nothing by "
        "themselves, and a pattern on one text is no proof."
    )
