"""Typing: one line, the words that may come next, samples, and an area for a longer text.

Only what stands in the fragment runs while somebody types.
"""

import itertools
from contextlib import suppress

import streamlit as st

from models.catalog import Model
from models.errors import InputError
from models.kinds.language import Suggestions, memory, suggest
from pages.parts.draw import kinds
from pages.parts.draw.kinds import Sketch
from pages.parts.draw.words import plain
from pages.parts.job import guard
from pages.parts.source import text as text_given
from pages.parts.source.text import Field
from pages.parts.state import ours
from pages.text_prediction.samples import SAMPLES, words_of

# Names in the session: the line's text; the same, kept while other pages are visited; the sample
# that it is, or None; the text that the rest of the page is about.
LINE, KEPT, OF, SHOWN = "typed", "text_kept", "text_of", "text_shown"
TAIL = 5  # words before the expected one that are shown with it
NEXT, ENDS = "The next word", "This word"
PAUSE = "150ms"  # without a key, before the server is asked
FIELD = Field(
    LINE,
    KEPT,
    OF,
    SHOWN,
    SAMPLES,
    lambda text: {"word": max(2, words_of(text)), "back": 1, "written": ""},
)


def start() -> str:
    """Before anything is drawn: the text that this run of the page is about."""
    return text_given.start(FIELD)


@st.fragment
def line(model: Model) -> None:
    """The line and the words to click; only this runs with every change of the text.

    It bounds no length by itself: a browser drops what is too long without a word.
    """
    state = st.session_state
    text = st.text_input(
        "Type, or click the next word",
        key=LINE,
        live=PAUSE,
        on_change=text_given.forget,
        autocomplete="off",
        placeholder="Type something",
    )
    state[KEPT] = text
    with guard.in_place():
        found = ours.kept(
            FIELD.public(text, "next", model.release),
            lambda: suggest(model, text, known=state.get("text_moment")),
        )
        state.text_moment = found.moment
        _next(found)
    if (
        text != state[SHOWN]
        and len(text) <= memory.MOST
        and st.button("Explain this text below", icon=":material/arrow_downward:")
    ):
        st.rerun()


def drawn(model: Model) -> Sketch | None:
    """The network as a loop, with the memory that it has after the line's text."""
    moment: memory.ReadState | None = st.session_state.get("text_moment")
    if moment is None:
        return None
    words = str(st.session_state[KEPT]).split()
    return kinds.recurrent(model, words, "the next word?", moment.state[0][0, -1])


def _next(found: Suggestions) -> None:
    offered = found.offered
    if not offered:
        st.caption("No word that it knows begins like this.")
        return
    likeliest = offered[0]
    given = (found.text if likeliest.follows else found.before).split()
    start = "… " if len(given) > TAIL else ""
    expected = f":primary[**{plain(likeliest.text)}**]"
    ends = found.typed.strip() and not likeliest.follows
    guess = f"my best guess for {'this word' if ends else 'the next word'}"
    sure = _share(likeliest.probability)
    # Its anchor is hidden (shell.css): it is made of the visitor's words, and a click would put
    # them in the address.
    with st.container(key="text_said"):
        said = f"{start}{plain(' '.join(given[-TAIL:]))} {expected}"
        st.markdown(f"#### {said.strip()}: {guess} ({sure} sure)")
    # One row of each kind, where there are two, the likelier one first.
    kinds = {one.follows: [w for w in offered if w.follows is one.follows] for one in offered}
    place = itertools.count()
    for kind, words in kinds.items():
        if len(kinds) > 1:
            st.caption(NEXT if kind else ENDS)
        with st.container(horizontal=True, gap="small"):
            for word in words:
                st.button(
                    f"{plain(word.text)} :gray[:small[{_share(word.probability)}]]",
                    key=f"text_next_{next(place)}",
                    on_click=_take,
                    args=(found.taken(word.text, word.follows),),
                )


def _share(probability: float) -> str:
    return f"{probability:.0%}" if probability >= 0.01 else "< 1%"


def samples() -> None:
    """Texts of ours to click."""
    text_given.samples(FIELD)


def longer(model: Model) -> None:
    """An area for a text of several lines, which then becomes the line's."""
    with st.expander("Paste a longer text", icon=":material/content_paste:"):
        st.text_area("Your text", key="text_pasted", height=160)
        st.button("Use this text", on_click=_paste, args=(model,))
        if trouble := st.session_state.pop("text_trouble", None):
            st.error(trouble, icon=":material/error:")


def strange(model: Model, text: str) -> None:
    """What the vocabulary does not hold, if anything; of a text too long the line speaks."""
    with guard.in_place(), suppress(InputError):
        found = "".join(dict.fromkeys(memory.checked(model, text, least=0).strange))
        if found:
            rest = f" and {len(found) - 20} others" if len(found) > 20 else ""
            st.caption(
                f"It has no word part for {plain(' '.join(found[:20]))}{rest}, and reads their "
                "bytes one by one: what it expects after them means little."
            )


def _take(text: str) -> None:
    if len(text) <= memory.MOST:
        st.session_state[LINE] = text
        text_given.forget()


def _paste(model: Model) -> None:
    state = st.session_state
    try:
        state[LINE] = memory.checked(model, state.text_pasted).text
    except InputError as error:
        state.text_trouble = str(error)
