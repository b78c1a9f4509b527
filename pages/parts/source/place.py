"""Ours, or your own: which of both a page is about, and the way back from one to the other.

What a visitor gave stays where they gave it while they look at a sample: one click brings it back,
and what they take away is gone. A browser reports all widgets of a page together, an older choice
of one beside a newer one of another; so nothing here is told by which of them changed. A file, or a
change of cells, that did not lie here before is what the visitor gave last, whatever else is
reported with it.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.parts.state import choices

MOMENT = 3.0  # seconds that what was made of a file outlives it


@dataclass(frozen=True)
class Source:
    """One place for a sample or the visitor's own.

    page: its own name in the session, key: its in the address. label: over the samples.
    fresh: of another input, by its sample or None, the choices that belong to one input, and what
    they become. yours: what one thing of theirs is called. first: the sample that it starts with.
    """

    page: str
    label: str
    samples: Collection[str]
    fresh: Callable[[str | None], dict[str, Any]]
    yours: str = "picture"
    key: str = "sample"
    first: str = ""

    @property
    def start(self) -> str:
        """The name of the sample that is shown before anything was chosen."""
        return self.first or next(iter(self.samples))

    def choose(self, ids: Sequence[str], before: bool = False) -> str | None:
        """Draw the samples; the name of the one that is shown, or None for the visitor's own.

        ids: of all that the visitor gave and that lies here now. None without any: the last was
        taken away a moment ago, and another may be on its way, so what was shown stays.
        before: whether what is new of it was surely given before the last click on a sample.
        """
        state = st.session_state
        self._decide(ids, before)
        name: str | None = st.pills(
            self.label,
            list(self.samples),
            key=self.key,
            bind="query-params",
            default=self.start,
            on_change=self._clicked,
            wrap=True,
        )
        state[f"{self.page}_shown"] = name
        if name is not None and ids:
            count = f"{len(ids)} {self.yours}s" if len(ids) > 1 else self.yours
            st.button(
                f"Back to your {count}",
                key=f"{self.page}_back",
                icon=":material/undo:",
                on_click=self._look_at,
                args=(None,),
            )
        return name

    def latest(self) -> str | None:
        """Which of all that lies here came last, by its id."""
        return next(reversed(st.session_state.get(f"{self.page}_files", [])), None)

    def _decide(self, ids: Sequence[str], clicked: bool) -> None:
        """Set the choice where files came or went, or where it cannot be."""
        state, files = st.session_state, f"{self.page}_files"
        before: list[str] = state.get(files, [])
        new = [one for one in ids if one not in before]
        state[files] = [*(one for one in before if one in ids), *new]
        if ids:
            state.pop(f"{self.page}_since", None)
        if new and not clicked:
            self._look_at(None)
            return
        shown: str | None = state.get(f"{self.page}_shown", self.start)
        chosen = choices.one(self.key, [*self.samples, None], self.start)
        if chosen is None and shown in self.samples:  # a second click on the chosen one
            state[self.key] = shown
        elif chosen is None and not ids and not (before and outlives(self.page)):
            self._look_at(self.start)

    def _clicked(self) -> None:
        """A click on the chosen sample takes the choice away, and changes nothing."""
        if (name := st.session_state[self.key]) is not None:
            # Said anew: the browser may hear only now that a run before this click chose none.
            st.session_state[self.key] = name
            choices.fresh(self.fresh(name))

    def _look_at(self, name: str | None) -> None:
        state = st.session_state
        state[self.key] = state[f"{self.page}_shown"] = name
        choices.fresh(self.fresh(name))


def forget(page: str) -> None:
    """Begin anew with the first sample: what the visitor gave was deleted."""
    for what in ("files", "shown", "since"):
        st.session_state.pop(f"{page}_{what}", None)


def outlives(page: str) -> bool:
    """Where no file lies any more: whether what was made of the one before is still kept.

    A browser that is given another file first takes this one away, and the page runs once between.
    The page runs again by itself when none has come.
    """
    state, since = st.session_state, f"{page}_since"
    if since in state:
        del state[since]
        return False
    state[since] = time.monotonic()
    st.fragment(_late, run_every=MOMENT)(since)
    return True


def _late(since: str) -> None:
    """At its second run, when no other file has come."""
    began = st.session_state.get(since)
    if began is not None and time.monotonic() - began > MOMENT / 2:
        st.rerun()  # the whole page: this ends the runs of the fragment too
