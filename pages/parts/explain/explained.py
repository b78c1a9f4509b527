"""Maps of one answer by several methods, each with its figures; kept for the visit, see `of`.

A method may take seconds. It can be stopped between two batches; what is done stays, and opening
another tab or moving a slider computes nothing anew. Of our own samples everything is kept for all
visits. The cheapest map comes with the answer, the others and all figures when there is room.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, TypeVar

import streamlit as st

from models.catalog import Model
from models.engine import Run
from models.explain import Floats, Heat, Pixels, Progress, agreement, cam, faithful, is_flat, silent
from models.explain.faithful import Curve
from models.explain.methods import METHODS
from models.explain.mind import Change, change_of_mind
from models.kinds.classifier import Answer
from pages.parts.job import later
from pages.parts.job.later import Tell
from pages.parts.source.picture import Given
from pages.parts.state.ours import Findings

T = TypeVar("T")
CHEAPEST = "Grad-CAM"  # one pass, a few milliseconds
COMING = "The maps and their measures come"


@dataclass(frozen=True)
class Explained:
    """A map, and what happens when pixels go or come in its order, once that was tried."""

    heat: Heat
    seconds: float  # that the method took, with everything around the network
    deletion: Curve | None = None
    insertion: Curve | None = None

    @property
    def areas(self) -> tuple[float, float]:
        """Under both curves, of a map that was measured."""
        assert self.deletion is not None
        assert self.insertion is not None
        return self.deletion.area, self.insertion.area


@dataclass
class Case:
    """One picture and class of one model, with the maps made so far."""

    key: tuple[Hashable, ...]
    model: Model
    image: Pixels
    target: int  # the class that is explained
    first: int  # the network's first answer
    labels: tuple[str, ...]
    findings: Findings
    made: dict[str, Explained] = field(default_factory=dict)
    nothing: dict[str, Explained] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()  # methods that wait until the visitor says "go on"

    @property
    def label(self) -> str:
        """The name of the class that is explained."""
        return self.labels[self.target]

    def known(self, *what: Hashable) -> Any:
        """What was found out or drawn under this name, or None."""
        return self.findings.known(*what)

    def kept(self, what: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """The same, found out now if it was not yet."""
        return self.findings.kept(what, make)


def of(
    page: str,
    model: Model,
    image: Pixels,
    target: int,
    answer: Answer,
    *,
    run: Run,
    own: bool,
) -> Case:
    """The case on this page: the one that is kept, as long as picture and class are the same.

    run: that gave the answer; where it gave what the cheapest map is read from, that map is there.
    own: whether the picture is the visitor's; of one of ours all that is found out is everybody's.
    """
    first = answer.top(1)[0].index
    key = (model.release, image.shape, hash(image.tobytes()), target, first)
    case: Case | None = st.session_state.get(f"{page}_case")
    if case is None or case.key != key:
        findings = Findings(None if own else key)
        case = Case(key, model, image, target, first, answer.labels, findings)
        st.session_state[f"{page}_case"] = case
    if cam.readable(run):
        case.kept(("heat", CHEAPEST), lambda: _read(case, run))
    return case


def besides(given: Given, *, explained: bool) -> tuple[str, ...]:
    """What the run that answers is asked for besides: what the cheapest map is read from.

    explained: whether the page shows maps now. Of our own pictures the map itself is kept.
    """
    return cam.READ if given.own and explained else ()


def make(page: str, case: Case, names: Sequence[str]) -> list[str]:
    """Make the maps that are missing, the cheapest at once; the names of those that there are now.

    A busy machine is told in a sentence, and leaves the maps that are done.
    """
    _gather(case, names)
    if CHEAPEST in names and CHEAPEST not in case.made:
        case.kept(("heat", CHEAPEST), lambda: _heat(case, CHEAPEST, silent))
        _gather(case, names)
    missing = [name for name in names if name not in case.made or not measured(case, name)]
    if missing:
        _put_off(page, case, missing)
    return [name for name in names if name in case.made]


def measured(case: Case, name: str) -> bool:
    """Whether it is known how far this map, and maps that know nothing, can be believed."""
    made = case.made.get(name)
    return (
        made is not None
        and made.insertion is not None
        and set(faithful.KNOW_NOTHING) <= set(case.nothing)
    )


def _gather(case: Case, names: Sequence[str]) -> None:
    """Take up what is known by now."""
    for name in names:
        if known := case.known("heat", name):
            case.made.setdefault(name, known)
        if name in case.made and (curves := case.known("curves", name)):
            case.made[name] = replace(case.made[name], deletion=curves[0], insertion=curves[1])
    for name in faithful.KNOW_NOTHING:
        if name not in case.nothing and (known := case.known("nothing", name)):
            case.nothing[name] = known


def _put_off(page: str, case: Case, missing: list[str]) -> None:
    """Have it made when there is room, with a button that stops it."""
    listed = " and ".join(missing)
    if set(missing) <= case.stopped:
        args: tuple[object, ...] = (case, ())
        st.button("Go on", key=f"{page}_maps_go_on", on_click=_stop, args=args)
        st.caption(f"Stopped before {listed}.")
        return
    args = (case, missing)
    st.button("Stop", key=f"{page}_maps_stop", on_click=_stop, args=args)
    later.work(COMING, lambda tell: _made(case, missing, tell))


def _made(case: Case, missing: Sequence[str], tell: Tell) -> None:
    """All maps first, then what they are worth."""

    def drawn(name: str) -> Explained:
        return case.kept(("heat", name), lambda: _heat(case, name, tell(name)))

    def tested(name: str, heat: Floats) -> None:
        case.kept(("curves", name), lambda: _curves(case, heat, tell(f"testing {name}")))

    heats = {name: drawn(name).heat.values for name in missing}
    for name in faithful.KNOW_NOTHING:
        _knows_nothing(case, name, tell)
    for name, heat in heats.items():
        tested(name, heat)


def _knows_nothing(case: Case, name: str, tell: Tell) -> None:
    def made() -> Explained:
        heat = faithful.KNOW_NOTHING[name](case.image)
        return Explained(Heat(heat, 0, 0.0), 0.0, *_curves(case, heat, tell(name)))

    case.kept(("nothing", name), made)


def _heat(case: Case, name: str, told: Progress) -> Explained:
    began = time.perf_counter()
    heat = METHODS[name].run(case.model, case.image, case.target, progress=told)
    return Explained(heat, time.perf_counter() - began)


def _read(case: Case, run: Run) -> Explained:
    """The cheapest map from the run that gave the answer."""
    began = time.perf_counter()
    heat = cam.read(run, case.image, case.target)
    return Explained(heat, run.seconds + time.perf_counter() - began)


def _curves(case: Case, heat: Floats, told: Progress) -> tuple[Curve, Curve]:
    deletion, insertion = (
        curve(case.model, case.image, case.target, heat, told)
        for curve in (faithful.deletion, faithful.insertion)
    )
    return deletion, insertion


def other(case: Case, name: str, target: int) -> Floats | None:
    """The same method's map for another class; None until it is made."""
    what = ("other", name, target)
    if (found := case.known(*what)) is None:

        def made(tell: Tell) -> None:
            run = METHODS[name].run
            case.kept(what, lambda: run(case.model, case.image, target, progress=tell(name)).values)

        later.work("The other map comes", made)
    return found  # type: ignore[no-any-return]


def change(case: Case) -> Change | None:
    """The smallest patch found that flips the answer; None until it is found."""
    found: Change | None = case.known("change")
    if found is None:
        later.work(
            "The patch comes",
            lambda tell: case.kept(
                ("change",),
                lambda: change_of_mind(
                    case.model, case.image, case.first, progress=tell("Covering patches")
                ),
            ),
        )
    return found


def _stop(case: Case, names: Sequence[str]) -> None:
    case.stopped = frozenset(names)


def agreements(case: Case, names: Sequence[str]) -> list[tuple[str, str, float]]:
    """Each pair of methods and the rank correlation of their maps; flat ones have no ranks."""
    heats: dict[str, Floats] = {name: case.made[name].heat.values for name in names}
    values = {name: heat for name, heat in heats.items() if not is_flat(heat)}
    return [
        (one, other, agreement(values[one], values[other]))
        for one, other in combinations(values, 2)
    ]
