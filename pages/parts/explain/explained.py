"""Maps of one answer by several methods, each with its figures; kept for the visit, see `of`.

A method may take seconds. It can be stopped between two batches; what is done stays, and opening
another tab or moving a slider computes nothing anew. Of our own samples everything is kept for all
visits. The cheapest map comes with the answer, the others and all figures when there is room.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, TypeVar

from models.catalog import Model
from models.engine import Run
from models.explain import (
    Floats,
    Heat,
    Pixels,
    Progress,
    Target,
    agreement,
    cam,
    erase,
    faithful,
    is_flat,
    members,
    silent,
)
from models.explain.counterfactual import Change, counterfactual
from models.explain.erase import Erasing
from models.explain.faithful import Curve
from models.explain.methods import METHODS
from models.kinds.classifier import Answer, Said
from pages.parts.job import later
from pages.parts.job.job import Job, Step
from pages.parts.job.later import Tell
from pages.parts.source.picture import Given
from pages.parts.state.held import held
from pages.parts.state.ours import Findings

T = TypeVar("T")
SHARE = 0.25  # of the picture that is erased to test a map
CHEAPEST = "Grad-CAM"  # one pass, a few milliseconds
COMING = "The maps and their measures come"


@dataclass(frozen=True)
class Explained:
    """A map, and what happens when pixels go or come in its order, once that was tried."""

    heat: Heat
    seconds: float  # that the method took, with everything around the network
    deletion: Curve | None = None
    insertion: Curve | None = None
    erasing: Erasing | None = None  # of its brightest places, once that was tried

    @property
    def areas(self) -> tuple[float, float]:
        """Under both curves, of a map that was measured."""
        assert self.deletion is not None
        assert self.insertion is not None
        return self.deletion.area, self.insertion.area


@dataclass
class Case:
    """One picture and class of one model, with the maps made so far."""

    model: Model
    image: Pixels
    target: Target  # the class that is explained, or the group of them
    first: Said  # the network's answer, as it is named above
    top: int  # the class that came first
    labels: tuple[str, ...]
    findings: Findings
    job: Job[Step, Any]

    @property
    def label(self) -> str:
        """The name of what is explained."""
        asked = members(self.target)
        return self.labels[asked[0]] if len(asked) == 1 else self.first.label

    @property
    def made(self) -> dict[str, Explained]:
        """The map by each method that there is by now, with its curves where it was tested."""
        return {
            step[1]: self._explained(step[1], found)
            for step, found in self.job.done.items()
            if step[0] == "heat"
        }

    def _explained(self, name: str, found: Explained) -> Explained:
        """That map with all that was found out about it."""
        deletion, insertion = self.job.done.get(("curves", name), (None, None))
        erasing = self.job.done.get(("erasing", name))
        return Explained(found.heat, found.seconds, deletion, insertion, erasing)

    @property
    def nothing(self) -> dict[str, Explained]:
        """Maps that know nothing of the network, once they were tested."""
        done = self.job.done
        return {name: done[name,] for name in faithful.KNOW_NOTHING if (name,) in done}

    def kept(self, what: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """What was found out or drawn under this name, found out now if it was not yet."""
        return self.findings.kept(what, make)


def of(
    page: str,
    model: Model,
    image: Pixels,
    target: Target,
    answer: Answer,
    *,
    run: Run,
    own: bool,
) -> Case:
    """The case on this page: the one that is kept, as long as picture and class are the same.

    run: that gave the answer; where it gave what the cheapest map is read from, that map is there.
    own: whether the picture is the visitor's; of one of ours all that is found out is everybody's.
    """
    first, top = answer.said(), answer.top(1)[0].index
    key = (model.release, image.shape, hash(image.tobytes()), target, first)
    new = partial(Case, model, image, target, first, top, answer.labels)
    findings = Findings(None if own else key)
    case = held(f"{page}_case", key, lambda: new(findings, Job(f"{page}_maps")))
    if cam.readable(run):
        case.kept(("heat", CHEAPEST), lambda: _read(case, run))
    return case


def besides(given: Given, *, explained: bool) -> tuple[str, ...]:
    """What the run that answers is asked for besides: what the cheapest map is read from.

    explained: whether the page shows maps now. Of our own pictures the map itself is kept.
    """
    return cam.READ if given.own and explained else ()


def make(case: Case, names: Sequence[str]) -> list[str]:
    """Make the maps that are missing, the cheapest at once; the names of those that there are now.

    A busy machine is told in a sentence, and leaves the maps that are done.
    """
    if CHEAPEST in names:
        case.kept(("heat", CHEAPEST), lambda: _heat(case, CHEAPEST, silent))
    case.job.later(_steps(names), COMING, case.findings, partial(_find, case))
    return [name for name in names if name in case.made]


def measured(case: Case, name: str) -> bool:
    """Whether it is known how far this map, and maps that know nothing, can be believed."""
    return set(_steps([name])) <= case.job.done.keys()


def _steps(names: Sequence[str]) -> list[Step]:
    """Each map and what erasing tells of it, the cheapest first; at last all their curves.

    So a map that there was room for has its verdict where there was none for the next.
    """
    nothing = [(name,) for name in faithful.KNOW_NOTHING if names]
    order = sorted(names, key=lambda name: name != CHEAPEST)
    maps = [(step, name) for name in order for step in ("heat", "erasing")]
    return [*maps, *nothing, *(("curves", name) for name in names)]


def _find(case: Case, step: Step, tell: Tell) -> object:
    name = step[-1]
    if step[0] == "heat":
        return _heat(case, name, tell(name))
    if step[0] == "erasing":
        heat = case.made[name].heat.values
        known = next((one.erasing for one in case.made.values() if one.erasing), None)
        own = {name: heat}
        return erase.by_erasing(case.model, case.image, case.target, own, SHARE, known=known)
    if step[0] == "curves":
        return _curves(case, case.made[name].heat.values, tell(f"testing {name}"))
    heat = faithful.KNOW_NOTHING[name](case.image)
    return Explained(Heat(heat, 0, 0.0), 0.0, *_curves(case, heat, tell(name)))


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
    run = METHODS[name].run
    return later.found(
        case.findings,
        ("other", name, target),
        "The other map comes",
        lambda tell: run(case.model, case.image, target, progress=tell(name)).values,
    )


def change(case: Case) -> Change | None:
    """The smallest patch found that flips the answer; None until it is found."""
    return later.found(
        case.findings,
        ("change",),
        "The patch comes",
        lambda tell: counterfactual(
            case.model, case.image, case.top, progress=tell("Covering patches")
        ),
    )


def agreements(case: Case, names: Sequence[str]) -> list[tuple[str, str, float]]:
    """Each pair of methods and the rank correlation of their maps; flat ones have no ranks."""
    heats: dict[str, Floats] = {name: case.made[name].heat.values for name in names}
    values = {name: heat for name, heat in heats.items() if not is_flat(heat)}
    return [
        (one, other, agreement(values[one], values[other]))
        for one, other in combinations(values, 2)
    ]
