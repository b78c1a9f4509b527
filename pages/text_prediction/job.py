"""A continuation as it is written: what there is of it, and the runs of the page that write it.

It is written in short spells, each a run of its own: a click or a letter typed inside a fragment
waits until the run that is under way has ended (Streamlit breaks off none for a fragment), so one
long run would hear no Stop.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.errors import GlassboxError
from pages.parts.draw import text_marks
from pages.parts.draw.words import plain

PACE = 0.02  # seconds between two parts: as fast as can be read along
SPELL = 0.25  # seconds of writing in one run: what a visitor does meanwhile waits no longer
BETWEEN = 0.1  # seconds after which the browser asks for the next: below SPELL, so it never waits
TAIL = 160  # characters of the text that are shown before what is written


@dataclass
class Side:
    """One setting's continuation: what is still to come, and what is written."""

    title: str
    parts: Iterator[str]
    written: str = ""
    ended: bool = False


@dataclass
class Job:
    """A continuation of a text, as far as it is.

    trouble: the sentence that ended it early. closed: whether the page has run since its end.
    """

    text: str
    sides: list[Side] = field(default_factory=list)
    stopped: bool = False
    trouble: str = ""
    closed: bool = False

    @property
    def going(self) -> bool:
        """Whether there is more to write."""
        done = self.stopped or self.trouble
        return not done and not all(side.ended for side in self.sides)


def draw(job: Job) -> None:
    """Inside a fragment: all that is written; the browser asks for more until the end."""
    st.fragment(_spell, run_every=BETWEEN if job.going else None)(job)


def _spell(job: Job) -> None:
    """Draw all that is written, and write on for a moment; after the end the page runs once."""
    places = [place.empty() for place in st.columns(len(job.sides), border=True)]
    until = time.monotonic() + SPELL
    for side, place in zip(job.sides, places, strict=True):
        place.markdown(_shown(job, side))
    try:
        while job.going:
            _one_part(job, places)
            time.sleep(PACE)
            if time.monotonic() > until:
                break
    except GlassboxError as error:
        job.trouble = str(error)
    if job.trouble:
        st.error(job.trouble, icon=":material/error:")
    if not job.going and not job.closed:
        job.closed = True
        st.rerun()  # a run of the whole page takes Stop away, and the clock of the browser


def _one_part(job: Job, places: list[DeltaGenerator]) -> None:
    """The next part of each side that goes on."""
    for side, place in zip(job.sides, places, strict=True):
        part = None if side.ended else next(side.parts, None)
        if part is None:
            side.ended = True
            continue
        side.written += part
        place.markdown(_shown(job, side))


def _shown(job: Job, side: Side) -> str:
    """A setting's title, the end of the text in grey, and what was written after it."""
    tail = job.text if len(job.text) <= TAIL else f"… {job.text[-TAIL:]}"
    given = f":gray[{plain(tail)}]" if tail.strip() else ""
    gap = " " if side.written[:1].isspace() or tail[-1:].isspace() else ""
    return f":small[{side.title}]\n\n{given}{gap}{text_marks.lines(side.written)}"
