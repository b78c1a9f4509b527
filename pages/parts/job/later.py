"""What explains an answer is computed when the answer stands, and the machine has room.

    later.work("The map comes", lambda tell: maps.update(made(case, tell("RISE"))))

Where nobody else is being answered, it is done at the end of the same run, below a page that is
complete; a click stops it there. Where others are, the visitor reads so in its place, and the
browser comes back for it: see models/lines.py for who goes first then. When it is done, the page
runs again and draws what there is now.
"""

import itertools
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner_utils.script_run_context import get_run_yield_check

from models import lines, memory
from models.errors import GlassboxError
from models.explain import Progress
from models.lines import Turn
from pages.parts.state.ours import Findings

T = TypeVar("T")
SOON = 2.0  # seconds after which the browser of one among others comes back for what is missing
PATIENT = 15  # looks at the line, a tenth of a second each, before others are given way
# In the session: what was missing -> the sentence that ended it; that no visitor asked for a run.
MARK = "x-glassbox-warm"  # the header of the server's own first visits (pages/warm.py)
TROUBLE, AGAIN = "later_trouble", "later_again"
Tell = Callable[[str], Progress]  # from what is being done to whoever draws how far it is
Work = Callable[[Tell], object]  # keeps what it finds


@dataclass(frozen=True)
class _PutOff:
    """Something to do; what: what is missing until then, in words, said in `place`."""

    what: str
    place: DeltaGenerator
    do: Work

    def told(self, before: int = 0) -> str:
        """What stands in the place until it is done."""
        line = f", {before} before you" if before else ""
        return f"Your answer stands. {self.what} when there is room{line}."


_put_off: ContextVar[list[_PutOff] | None] = ContextVar("put_off", default=None)
_waits: ContextVar[Callable[[int], None] | None] = ContextVar("waits", default=None)


class _CrowdedError(Exception):
    """Others came while it was computed: it is put off."""


def _own() -> bool:
    """Whether the visit that runs now is the server's own."""
    return MARK in st.context.headers


@contextmanager
def page_run() -> Iterator[None]:
    """Around a run of a page: what it puts off is done when the page stands.

    The server's own visits wait for everybody, all through, and are told nothing.
    """
    listed: list[_PutOff] = []
    own = _own()
    if not st.session_state.pop(AGAIN, False):
        st.session_state.pop(TROUBLE, None)
    token = _put_off.set(listed)
    try:
        with lines.explaining(Turn(nobodys=True)) if own else lines.answering():
            with _in_line():
                yield
            if listed and lines.others() and not own:
                _come_back(listed)
                listed = []
        if listed:
            with suppress(_CrowdedError):
                _done(listed, Turn(nobodys=own), hurry=not own)
            _again()
    finally:
        _put_off.reset(token)


@contextmanager
def _in_line() -> Iterator[None]:
    """Whoever waits long for an answer reads above the page how many are before."""
    place, looks = st.empty(), itertools.count(1)
    told = False

    def waits(before: int) -> None:
        nonlocal told
        if next(looks) % PATIENT == 0:
            told = True
            line = f"{before} before you" if before else "you are next"
            place.caption(f"Others are being answered: {line}.")

    token = _waits.set(waits)
    try:
        yield
    finally:
        _waits.reset(token)
    if told:
        place.empty()


def work(what: str, do: Work) -> None:
    """Have `do` called when there is room; what: what is missing until then, in words.

    Drawn where that belongs. Where it ended with an error of ours, the sentence stands there, and
    it is tried again when the visitor does anything. Raises LookupError outside of `page_run`.
    """
    if trouble := st.session_state.get(TROUBLE, {}).get(what):
        st.error(trouble, icon=":material/error:")
        return
    listed = _put_off.get()
    if listed is None:
        raise LookupError("no page is being drawn")
    listed.append(_PutOff(what, st.empty(), do))


def found(
    findings: Findings, step: tuple[Hashable, ...], what: str, find: Callable[[Tell], T]
) -> T | None:
    """What was found under that name; None until then: it is found when there is room."""
    known: T | None = findings.known(*step)
    if known is None:
        work(what, lambda tell: findings.kept(step, lambda: find(tell)))
    return known


def ended(what: str) -> bool:
    """Whether that ended with an error of ours, and waits for the visitor."""
    return what in st.session_state.get(TROUBLE, {})


def _come_back(listed: list[_PutOff]) -> None:
    """Have the browser ask again soon for what was put off."""
    drawn = False

    def when_there_is_room() -> None:
        nonlocal drawn
        if drawn:
            _done(listed, Turn())
            _again()
        drawn = True
        for one in listed:  # part of the page's own run, which must not wait for it
            one.place.caption(one.told())

    st.fragment(when_there_is_room, run_every=SOON)()


def _again() -> None:
    st.session_state[AGAIN] = True
    st.rerun()


def _done(listed: list[_PutOff], turn: Turn, hurry: bool = False) -> None:
    """Do all of it, and show how far it is. hurry: give up where it waits long for others."""
    with lines.explaining(turn):
        for one in listed:
            token = _waits.set(_line(one, hurry))
            try:
                one.do(partial(_bar, one.place))
            except GlassboxError as error:
                st.session_state.setdefault(TROUBLE, {})[one.what] = str(error)
            finally:
                _waits.reset(token)
    memory.trim()  # explanations take far more than answers, for a moment


def _bar(place: DeltaGenerator, name: str) -> Progress:
    def told(done: int, total: int) -> None:
        place.progress(done / total, f"{name}: {done} of {total}")

    return told


def _line(one: _PutOff, hurry: bool) -> Callable[[int], None]:
    """What whoever waits for a place does now and then, given how many are before."""
    looks, shown = itertools.count(), -1

    def waits(before: int) -> None:
        nonlocal shown
        if hurry and lines.others() and next(looks) > PATIENT:
            raise _CrowdedError
        if shown != before:
            shown = before
            one.place.caption(one.told(before))

    return waits


def look(before: int) -> None:
    """For models.lines: whoever waits sees how many are before, and leaves with their page."""
    if waits := _waits.get():
        waits(before)
    if check := get_run_yield_check():
        check()


lines.watch(look)
