"""Long work: a bar, Stop and Go on, what hinders it told, and nothing lost of what is done.

job: Job[int, float] = Job.of("scores", (file, precision))
job.run(range(len(rows)), "rows", lambda some, _: scored(rows[some]), chunk=64)
show(job.done)
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.errors import BusyError
from pages.parts.job import later
from pages.parts.job.later import Tell
from pages.parts.state.held import held
from pages.parts.state.ours import Findings

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Step = tuple[str, ...]  # what is done to what, as in findings


@dataclass
class Job(Generic[K, V]):
    """Work on many things. name: its own in the session, and of its buttons.

    done: what was found of each. halted: what waits until the visitor says "go on"; others that
    come later are done at once. why: what halted it, where the visitor did not, and whether that
    is trouble.
    """

    name: str
    done: dict[K, V] = field(default_factory=dict)
    halted: frozenset[K] = frozenset()
    why: str = ""
    trouble: bool = False

    @classmethod
    def of(cls, name: str, about: Hashable) -> "Job[K, V]":
        """The visitor's job of that name, begun anew where it is about something else now."""
        return held(f"{name}_job", about, lambda: cls(name))

    def halt(self, keys: Collection[K] = (), why: str = "", trouble: bool = False) -> None:
        """Let these wait until the visitor says "go on", which lets none wait."""
        self.halted, self.why, self.trouble = frozenset(keys), why, trouble

    def stop(self, place: DeltaGenerator, keys: Collection[K]) -> None:
        """The button that halts these."""
        place.button("Stop", key=f"{self.name}_stop", on_click=self.halt, args=(keys,))

    def go_on(self, place: DeltaGenerator) -> None:
        """The button that lets none wait."""
        place.button("Go on", key=f"{self.name}_go_on", on_click=self.halt)

    def run(
        self,
        keys: Sequence[K],
        of: str,
        ask: Callable[[list[K], Callable[[float], None]], Iterable[V]],
        chunk: int,
        pause: int = 0,
    ) -> bool:
        """Do what is not done yet, and forget what is no longer among the keys; whether all is.

        of: what they are, in words. ask: from `chunk` of them, and what is told the share of them
        that is done, to what is kept of each. pause: after so many it waits for "go on". What the
        machine is too busy for is told, and waits too.
        """
        self.done = {key: self.done[key] for key in keys if key in self.done}
        waiting = [key for key in keys if key not in self.done]
        if not waiting:
            return True
        button, told, bar = st.empty(), st.empty(), st.empty()

        def far(part: float = 0, some: int = 0) -> None:
            n, share = len(self.done), (len(self.done) + part * some) / len(keys)
            count = f"{n:,} of {len(keys):,}" if len(keys) > 1 else f"{share:.0%} of all"
            bar.progress(share, f"{count} {of}")

        def waits() -> bool:
            self.go_on(button)
            if self.why:
                (told.error if self.trouble else told.info)(self.why)
            return False

        far()
        if self.halted.issuperset(waiting):
            return waits()
        self.stop(button, keys)
        while waiting:
            some, waiting = waiting[:chunk], waiting[chunk:]
            before, why, trouble = len(self.done), "", False
            try:
                found = ask(some, partial(far, some=len(some)))
                self.done.update(zip(some, found, strict=True))
            except BusyError as error:
                kept = "What is done was kept: go" if self.done else "Go"
                why, trouble = f"{error} {kept} on when you like.", True
            if waiting and pause and before // pause < len(self.done) // pause:
                why = f"{len(self.done):,} of {len(keys):,} {of} are done: go on when you like."
            far()
            if why:
                self.halt(keys, why, trouble)
                return waits()
        button.empty()
        bar.empty()
        return True

    def later(
        self: "Job[Step, V]",
        steps: Sequence[Step],
        what: str,
        findings: Findings,
        find: Callable[[Step, Tell], V],
    ) -> None:
        """Have found what is not known of these when there is room, with Stop: see later.work.

        What is known by now is among what is done after it. Of a step that was stopped all but its
        first word is named.
        """
        for step in steps:
            if step not in self.done and (known := findings.known(*step)) is not None:
                self.done[step] = known
        missing = [step for step in steps if step not in self.done]
        if not missing:
            return
        if self.halted.issuperset(missing):
            self.go_on(st.empty())
            names = dict.fromkeys(name for step in missing for name in step[1:])
            st.caption(f"Stopped before {' and '.join(names)}.")
            return
        self.stop(st.empty(), missing)

        def do(tell: Tell) -> None:
            for step in missing:
                self.done[step] = findings.kept(step, partial(find, step, tell))

        later.work(what, do)
