"""A continuation as it is written: what there is of it, and the runs of the page that write it.

It is written in short spells, each a run of its own: a click or a letter typed inside a fragment
waits until the run that is under way has ended (Streamlit breaks off none for a fragment), so one
long run would hear no Stop.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.errors import GlassboxError
from pages.parts.draw import text_marks
from pages.parts.draw.words import plain
from pages.parts.job.job import Job

PACE = 0.02  # seconds between two parts: as fast as can be read along
SPELL = 0.25  # seconds of writing in one run: what a visitor does meanwhile waits no longer
BETWEEN = 0.1  # seconds after which the browser asks for the next: below SPELL, so it never waits
TAIL = 160  # characters of the text that are shown before what is written


@dataclass(eq=False)
class Side:
    """One setting's continuation of a text: what is still to come, until it has ended."""

    title: str
    text: str
    parts: Iterator[str]
    ended: bool = False


Written = Job[Side, str]  # what each setting has written by now


def going(job: Written) -> bool:
    """Whether there is more to write."""
    return not job.halted and not all(side.ended for side in job.done)


def draw(job: Written) -> None:
    """Inside a fragment: all that is written; the browser asks for more until the end."""
    st.fragment(_spell, run_every=BETWEEN if going(job) else None)(job)


def _spell(job: Written) -> None:
    """Draw all that is written, and write on for a moment; after the end the page runs once."""
    places = [place.empty() for place in st.columns(len(job.done), border=True)]
    until, open_ = time.monotonic() + SPELL, not all(side.ended for side in job.done)
    for side, place in zip(job.done, places, strict=True):
        place.markdown(_shown(side, job.done[side]))
    try:
        while going(job):
            _one_part(job, places)
            time.sleep(PACE)
            if time.monotonic() > until:
                break
    except GlassboxError as error:
        job.halt(job.done, str(error), trouble=True)
    if job.why:
        st.error(job.why, icon=":material/error:")
    if open_ and not going(job):
        for side in job.done:
            side.ended = True
        st.rerun()  # a run of the whole page takes Stop away, and the clock of the browser


def _one_part(job: Written, places: list[DeltaGenerator]) -> None:
    """The next part of each side that goes on."""
    for side, place in zip(job.done, places, strict=True):
        part = None if side.ended else next(side.parts, None)
        if part is None:
            side.ended = True
            continue
        job.done[side] += part
        place.markdown(_shown(side, job.done[side]))


def _shown(side: Side, written: str) -> str:
    """A setting's title, the end of the text in grey, and what was written after it."""
    tail = side.text if len(side.text) <= TAIL else f"… {side.text[-TAIL:]}"
    given = f":gray[{plain(tail)}]" if tail.strip() else ""
    gap = " " if written[:1].isspace() or tail[-1:].isspace() else ""
    return f":small[{side.title}]\n\n{given}{gap}{text_marks.lines(written)}"
