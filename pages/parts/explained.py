"""Maps of one answer by several methods, each with its figures; kept for the visit, see `of`.

A method may take seconds. It can be stopped between two batches; what is done stays, and opening
another tab or moving a slider computes nothing anew.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.catalog import Model
from models.explain import Floats, Heat, Pixels, Progress, agreement, faithful
from models.explain.faithful import Curve
from models.explain.methods import METHODS
from models.explain.mind import Change
from models.scores import Answer
from pages.parts import guard


@dataclass(frozen=True)
class Explained:
    """A map, and what happens when pixels go or come in its order."""

    heat: Heat
    deletion: Curve
    insertion: Curve
    seconds: float  # that the method took, with everything around the network


@dataclass
class Case:
    """One picture and class of one model, with the maps made so far."""

    key: tuple[object, ...]
    model: Model
    image: Pixels
    target: int  # the class that is explained
    first: int  # the network's first answer
    labels: tuple[str, ...]
    made: dict[str, Explained] = field(default_factory=dict)
    nothing: dict[str, Explained] = field(default_factory=dict)
    others: dict[tuple[str, int], Floats] = field(default_factory=dict)  # by method and class
    change: Change | None = None
    stopped: frozenset[str] = frozenset()  # methods that wait until the visitor says "go on"

    @property
    def label(self) -> str:
        """The name of the class that is explained."""
        return self.labels[self.target]


def of(page: str, model: Model, image: Pixels, target: int, answer: Answer) -> Case:
    """The case on this page: the one that is kept, as long as picture and class are the same."""
    first = answer.top(1)[0].index
    key = (model.card.name, image.shape, hash(image.tobytes()), target, first)
    case: Case | None = st.session_state.get(f"{page}_case")
    if case is None or case.key != key:
        case = Case(key, model, image, target, first, answer.labels)
        st.session_state[f"{page}_case"] = case
    return case


def make(page: str, case: Case, names: Sequence[str]) -> list[str]:
    """Make the maps that are missing; the names of those that there are now.

    A busy machine is told in a sentence, and leaves the maps that are done.
    """
    missing = [name for name in names if name not in case.made]
    if not missing:
        return [*names]
    button, bar = st.empty(), st.empty()
    if set(missing) <= case.stopped:
        args: tuple[object, ...] = (case, ())
        button.button("Go on", key=f"{page}_maps_go_on", on_click=_stop, args=args)
        bar.caption(f"Stopped before {' and '.join(missing)}.")
        return [name for name in names if name in case.made]
    args = (case, missing)
    button.button("Stop", key=f"{page}_maps_stop", on_click=_stop, args=args)
    with guard.in_place():
        for name, drawn in faithful.KNOW_NOTHING.items():
            if name not in case.nothing:
                heat = Heat(drawn(case.image), 0, 0.0)
                case.nothing[name] = _measured(case, heat, 0.0, _told(bar, name))
        for name in missing:
            began = time.perf_counter()
            told = _told(bar, name)
            heat = METHODS[name].run(case.model, case.image, case.target, progress=told)
            took = time.perf_counter() - began
            case.made[name] = _measured(case, heat, took, _told(bar, f"testing {name}"))
    button.empty()
    bar.empty()
    return [name for name in names if name in case.made]


def other(case: Case, name: str, target: int) -> Floats:
    """The same method's map for another class; made once. Raises what methods raise."""
    if (name, target) not in case.others:
        bar = st.empty()
        told = _told(bar, name)
        heat = METHODS[name].run(case.model, case.image, target, progress=told)
        case.others[name, target] = heat.values
        bar.empty()
    return case.others[name, target]


def _told(bar: DeltaGenerator, name: str) -> Progress:
    """Shows how far a method is; between two batches, a click of the visitor stops it here."""
    return lambda done, total: bar.progress(done / total, f"{name}: {done} of {total}")


def _stop(case: Case, names: Sequence[str]) -> None:
    case.stopped = frozenset(names)


def _measured(case: Case, heat: Heat, seconds: float, told: Progress) -> Explained:
    curves = [
        curve(case.model, case.image, case.target, heat.values, told)
        for curve in (faithful.deletion, faithful.insertion)
    ]
    return Explained(heat, *curves, seconds)


def agreements(case: Case, names: Sequence[str]) -> list[tuple[str, str, float]]:
    """Each pair of methods and the rank correlation of their maps."""
    values: dict[str, Floats] = {name: case.made[name].heat.values for name in names}
    return [
        (one, other, agreement(values[one], values[other]))
        for i, one in enumerate(names)
        for other in names[i + 1 :]
    ]
