"""What the words of one review did, by several methods; kept for the visit while it is the one.

A method may take seconds: it is made when there is room, can be stopped between two batches, and
what is done stays. Of our own texts everything is kept for all visits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from models.catalog import Model
from models.explain import Progress
from models.explain.faithful import Curve
from models.sentiment import explain
from models.sentiment.explain import Contributions
from models.sentiment.reading import Read
from pages.parts.job import later
from pages.parts.job.later import Tell
from pages.parts.state.ours import Findings
from pages.sentiment.samples import SAMPLES

FIRST, SECOND = "Leave one out", "Integrated gradients"  # the methods that are shown at first
RANDOM = "random order"
KEPT = "sentiment_case"


@dataclass
class Case:
    """One text with all that was made of it so far."""

    text: str
    findings: Findings
    made: dict[str, Contributions] = field(default_factory=dict)
    curves: dict[str, Curve] = field(default_factory=dict)
    stopped: frozenset[tuple[str, str]] = frozenset()  # steps and methods that wait for "go on"


def of(model: Model, text: str) -> Case:
    """The case on this page: the one that is kept, as long as the text is the same."""
    case: Case | None = st.session_state.get(KEPT)
    if case is None or case.text != text:
        ours = text in map(str.strip, SAMPLES.values())
        findings = Findings((model.release, "review", text) if ours else None)
        case = st.session_state[KEPT] = Case(text, findings)
    return case


def quick(model: Model, read: Read) -> Contributions | None:
    """By the method that is shown first; None until it is made.

    Where that would keep the visitor waiting it is made under Why alone, where it can be stopped.
    """
    case = of(model, read.written)
    _gather(case, case.made, "words", [FIRST])
    if FIRST not in case.made and explain.quick(read):
        later.work(
            "The colours come",
            lambda tell: _made(case, "words", [FIRST], _words(model, case), tell),
        )
    return case.made.get(FIRST)


def make(model: Model, case: Case, names: Sequence[str]) -> list[str]:
    """Have made by these methods what is missing; the names of those that there are now."""
    _gather(case, case.made, "words", names)
    missing = [name for name in names if name not in case.made]
    _put_off(case, "words", missing, "The colours come", _words(model, case))
    return [name for name in names if name in case.made]


def curves(model: Model, case: Case, names: Sequence[str]) -> dict[str, Curve]:
    """How the answer's probability falls as words go in each method's order, and at random."""

    def one(name: str, told: Progress) -> Curve:
        known = case.made[names[0] if name == RANDOM else name].values
        order = "random" if name == RANDOM else "contribution"
        return explain.curve(model, case.text, known, order, told)

    asked = [*names, RANDOM] if names else []
    _gather(case, case.curves, "order", asked)
    missing = [name for name in asked if name not in case.curves]
    _put_off(case, "order", missing, "The test comes", one)
    return {name: case.curves[name] for name in asked if name in case.curves}


def _words(model: Model, case: Case) -> Callable[[str, Progress], Contributions]:
    return lambda name, told: explain.contributions(model, case.text, name, progress=told)


def _gather(case: Case, found: dict[str, Any], step: str, names: Sequence[str]) -> None:
    """Take up what is known by now."""
    for name in names:
        if name not in found and (known := case.findings.known(step, name)):
            found[name] = known


def _put_off(
    case: Case, step: str, missing: Sequence[str], what: str, one: Callable[[str, Progress], Any]
) -> None:
    """Have one thing done after the other, with a stop. step: which of the two it is."""
    if not missing:
        return
    those = frozenset((step, name) for name in missing)
    if case.stopped >= those:
        args: tuple[object, ...] = (case, frozenset())
        st.button("Go on", key=f"sentiment_{step}_go_on", on_click=_stop, args=args)
        st.caption(f"Stopped before {' and '.join(missing)}.")
        return
    st.button("Stop", key=f"sentiment_{step}_stop", on_click=_stop, args=(case, those))
    later.work(what, lambda tell: _made(case, step, missing, one, tell))


def _made(
    case: Case, step: str, names: Sequence[str], one: Callable[[str, Progress], Any], tell: Tell
) -> None:
    def kept(name: str) -> None:
        case.findings.kept((step, name), lambda: one(name, tell(name)))

    for name in names:
        kept(name)


def _stop(case: Case, those: frozenset[tuple[str, str]]) -> None:
    case.stopped = those
