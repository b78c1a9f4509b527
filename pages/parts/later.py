"""What explains an answer is computed when the answer stands, and the machine has room.

    later.work("The map comes", lambda tell: maps.update(made(case, tell("RISE"))))

Where nobody else is being answered, it is done at the end of the same run, below a page that is
complete; a click stops it there. Where others are, the visitor reads so in its place, and the
browser comes back for it: see models/lines.py for who goes first then. When it is done, the page
runs again and draws what there is now.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner_utils.script_run_context import get_run_yield_check

from models import lines
from models.errors import GlassboxError
from models.explain import Progress
from models.lines import Turn

SOON = 0.7  # seconds after which the browser comes back for what is still missing
PATIENT = 15  # looks at the line, a tenth of a second each, before others are given way
TROUBLE = "later_trouble"  # in the session: what was missing -> the sentence that ended it
Tell = Callable[[str], Progress]  # from what is being done to whoever draws how far it is
Work = Callable[[Tell], object]  # keeps what it finds


@dataclass
class _Run:
    """What one run of a page has put off, and the words of whoever waits in line."""

    put_off: list[tuple[str, DeltaGenerator, Work]] = field(default_factory=list)


_run: ContextVar[_Run | None] = ContextVar("run", default=None)
_waits: ContextVar[Callable[[int], None] | None] = ContextVar("waits", default=None)


class _CrowdedError(Exception):
    """Others came while it was computed: it is put off."""


@contextmanager
def page_run() -> Iterator[None]:
    """Around a run of a page: what it puts off is done after it. Raises what that work raises."""
    run = _Run()
    token = _run.set(run)
    try:
        with lines.answering():
            yield
        if run.put_off:
            _at_the_end(run)
    finally:
        _run.reset(token)


def work(what: str, do: Work) -> None:
    """Have `do` called when there is room; what: what is missing until then, in words.

    Drawn where that belongs. Where it ended with an error of ours, the sentence stands there, and
    it is tried again at the next run of the page.
    """
    if trouble := st.session_state.get(TROUBLE, {}).pop(what, None):
        st.error(trouble, icon=":material/error:")
        return
    run = _run.get()
    if run is None or lines.crowded(1):
        st.fragment(_when_there_is_room, run_every=SOON)(what, do, itertools.count())
        return
    run.put_off.append((what, st.empty(), do))


def _at_the_end(run: _Run) -> None:
    """Everything that was put off, unless others come meanwhile."""
    with suppress(_CrowdedError), lines.explaining(Turn()):
        for what, place, do in run.put_off:
            _done(what, do, place, hurry=True)
    st.rerun()


def _when_there_is_room(what: str, do: Work, calls: Iterator[int]) -> None:
    place = st.empty()
    if not next(calls):  # drawn with the page, which must not wait for it
        place.caption(f"Your answer stands. {what} when there is room.")
        return
    with lines.explaining(Turn()):
        _done(what, do, place)
    st.rerun()


def _done(what: str, do: Work, place: DeltaGenerator, hurry: bool = False) -> None:
    """Do it and show how far it is, or how many are before it. hurry: give up a long wait."""
    looks, shown = itertools.count(), None

    def waits(before: int) -> None:
        nonlocal shown
        if hurry and lines.crowded() and next(looks) > PATIENT:
            raise _CrowdedError
        line = f", {before} before you" if before else ""
        if shown != line:
            shown = line
            place.caption(f"Your answer stands. {what} when there is room{line}.")

    def tell(name: str) -> Progress:
        return lambda done, total: place.progress(done / total, f"{name}: {done} of {total}")

    token = _waits.set(waits)
    try:
        do(tell)
    except GlassboxError as error:
        st.session_state.setdefault(TROUBLE, {})[what] = str(error)
    finally:
        _waits.reset(token)
    place.empty()


def look(before: int) -> None:
    """For models.lines: whoever waits sees how many are before, and leaves with their page."""
    if waits := _waits.get():
        waits(before)
    if check := get_run_yield_check():
        check()


lines.watch(look)
