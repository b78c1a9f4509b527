"""What the words of one review did, by several methods; kept for the visit while it is the one.

A method may take seconds. It can be stopped between two batches; what is done stays, and opening
another tab or moving a slider computes nothing anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.catalog import Model
from models.explain import Progress
from models.explain.faithful import Curve
from models.sentiment import explain
from models.sentiment.explain import Contributions
from models.sentiment.reading import Read
from pages.parts import guard

FIRST, SECOND = "Leave one out", "Integrated gradients"  # the methods that are shown at first
RANDOM = "random order"
KEPT = "sentiment_case"


@dataclass
class Case:
    """One text with all that was made of it so far."""

    text: str
    made: dict[str, Contributions] = field(default_factory=dict)
    curves: dict[str, Curve] = field(default_factory=dict)
    stopped: frozenset[tuple[str, str]] = frozenset()  # steps and methods that wait for "go on"


def of(text: str) -> Case:
    """The case on this page: the one that is kept, as long as the text is the same."""
    case: Case | None = st.session_state.get(KEPT)
    if case is None or case.text != text:
        case = st.session_state[KEPT] = Case(text)
    return case


def quick(model: Model, read: Read) -> Contributions | None:
    """By the method that is shown first; None where that would keep the visitor waiting.

    Then it is made under Why, where it can be stopped. Raises what methods raise.
    """
    case = of(read.text)
    if FIRST not in case.made and explain.quick(read):
        case.made[FIRST] = explain.contributions(model, read.text, FIRST)
    return case.made.get(FIRST)


def make(model: Model, case: Case, names: Sequence[str]) -> list[str]:
    """Make by these methods what is missing; the names of those that there are now.

    A busy machine is told in a sentence, and leaves what is done.
    """

    def one(name: str, told: Progress) -> None:
        case.made[name] = explain.contributions(model, case.text, name, progress=told)

    _each(case, "words", [name for name in names if name not in case.made], one)
    return [name for name in names if name in case.made]


def curves(model: Model, case: Case, names: Sequence[str]) -> dict[str, Curve]:
    """How the answer's probability falls as words go in each method's order, and at random."""

    def one(name: str, told: Progress) -> None:
        known = case.made[names[0] if name == RANDOM else name].values
        order = "random" if name == RANDOM else "contribution"
        case.curves[name] = explain.curve(model, case.text, known, order, told)

    asked = [*names, RANDOM] if names else []
    _each(case, "order", [name for name in asked if name not in case.curves], one)
    return {name: case.curves[name] for name in asked if name in case.curves}


def _each(
    case: Case, step: str, missing: Sequence[str], one: Callable[[str, Progress], None]
) -> None:
    """Do one thing after the other, with progress and a stop. step: which of the two it is."""
    if not missing:
        return
    button, bar = st.empty(), st.empty()
    those = frozenset((step, name) for name in missing)
    if case.stopped >= those:
        args: tuple[object, ...] = (case, frozenset())
        button.button("Go on", key=f"sentiment_{step}_go_on", on_click=_stop, args=args)
        bar.caption(f"Stopped before {' and '.join(missing)}.")
        return
    button.button("Stop", key=f"sentiment_{step}_stop", on_click=_stop, args=(case, those))
    with guard.in_place():
        for name in missing:
            one(name, _told(bar, name))
    button.empty()
    bar.empty()


def _told(bar: DeltaGenerator, name: str) -> Progress:
    """Shows how far a method is; between two batches, a click of the visitor stops it here."""
    return lambda done, total: bar.progress(done / total, f"{name}: {done:,} of {total:,}")


def _stop(case: Case, those: frozenset[tuple[str, str]]) -> None:
    case.stopped = those
