"""The text that a page is about: a sample's or a visitor's own, and when a link may hold it.

What is typed lives in the visitor's session alone: no field is bound to the address. A page of text
says with a `Field` where, and calls `start` before it draws anything.
"""

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.parts.state import address, choices, ours

LINKED = "text"  # a visitor's own words in a link that they made
SHORT = 500  # characters of a visitor's text that a link may hold


@dataclass(frozen=True)
class Field:
    """A text field of a page, by its names in the session, and the samples that may stand in it.

    line: the field's widget. kept: the same, while other pages are visited. of: the sample that it
    is, or None. shown: the text that the rest of the page is about.
    reset: of a new text the choices that belong to one text, and what they become with it.
    renamed: what samples were called in links before, and what they are called now.
    """

    line: str
    kept: str
    of: str
    shown: str
    samples: dict[str, str]
    reset: Callable[[str], dict[str, Any]]
    renamed: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def public(self, text: str, *what: Hashable) -> ours.Key:
        """The key of what is made of a text of ours; None for a visitor's."""
        return (text, *what) if text in self.samples.values() else None

    @property
    def first(self) -> str:
        """The sample that is shown before anything was chosen."""
        return next(iter(self.samples))


def start(field: Field) -> str:
    """Before anything is drawn: the text that this run of the page is about.

    Only here is told whose text it is: a fragment's callbacks cannot, since what they set of a
    widget that stands outside of it is lost.
    """
    state = st.session_state
    choices.note(sample=field.first)
    linked = st.query_params.get(LINKED, "")[:SHORT]
    first = field.of not in state
    default = field.first if first else state[field.of]  # back from another page: as it was
    chosen = state.get("sample", st.query_params.get("sample", default))
    chosen = field.renamed.get(chosen, chosen) if chosen else chosen
    if chosen is not None and chosen not in field.samples:  # another page's, or typed in a link
        chosen = field.first
    if first and linked:
        state[field.line], chosen = linked, None
    elif chosen is not None and chosen != state.get(field.of):
        if state.get(field.of, chosen) is None and str(state.get(field.shown, "")).strip():
            state[f"{field.of}_own"] = state[field.shown]  # one click brings it back
        state[field.line] = field.samples[chosen]
    elif field.line not in state:
        state[field.line] = state.get(field.kept, "")
    if chosen is not None and state[field.line] != field.samples[chosen]:
        chosen = None
    state["sample"] = state[field.of] = chosen
    text = str(state[field.line])
    if state.get(field.shown) not in (None, text):
        named = state.get(address.WHOLE, ())
        choices.fresh({k: v for k, v in field.reset(text).items() if k not in named})
    if not first and text != linked:
        forget()
    state[field.kept] = state[field.shown] = text
    return text


def samples(field: Field) -> None:
    """Texts of ours to click."""
    st.pills(
        "Or one of ours",
        list(field.samples),
        key="sample",
        bind="query-params",
        default=field.first,
        on_change=_picked,
        args=(field,),
        wrap=True,
    )
    own = f"{field.of}_own"
    if own in st.session_state and st.session_state.get(field.of) is not None:
        st.button(
            "Back to your text",
            key=f"{field.of}_back",
            icon=":material/undo:",
            on_click=_back,
            args=(field,),
        )


def forget() -> None:
    """The text is another one: the words of a link leave the address."""
    st.query_params.pop(LINKED, None)


def _back(field: Field) -> None:
    """The text that the visitor typed before they looked at a sample."""
    state = st.session_state
    state[field.line] = state.pop(f"{field.of}_own")
    state["sample"] = state[field.of] = None


def _picked(field: Field) -> None:
    """A click on the chosen sample brings its text back."""
    state = st.session_state
    if state["sample"] is None:
        state["sample"] = state[field.of]
    state[field.of] = None
