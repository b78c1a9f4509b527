"""Work in plain Python: how long it may take, and how much of it goes at once.

    with deadline.work():
        for row in deadline.watched(rows):
            ...
        deadline.check()

Reading a table or drawing an animation holds no place for inferences. But Python runs one thread
at a time, and a table can hold 200 MB: few such works go at once, the others wait, and what has
waited and worked for the usual deadline together ends with a sentence, between two of its steps.
Where no `work` is around it, as in training, nothing ends.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TypeVar

from models import runtime
from models.errors import BusyError

T = TypeVar("T")
PLACES = 2  # works at once: a short one seldom waits for a long one then
STEP = 1_024  # items between two looks at the clock: far below a tenth of a second of any work
_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)


@lru_cache
def _places() -> threading.Semaphore:
    return threading.Semaphore(PLACES)


@contextmanager
def _place(until: float) -> Iterator[None]:
    """Hold one of the few places. Raises BusyError when none is free before `until`."""
    places = _places()
    if not places.acquire(timeout=max(0.0, until - time.monotonic())):
        raise BusyError("The machine is busy with other visitors. Try again in a moment.")
    try:
        yield
    finally:
        places.release()


@contextmanager
def work(seconds: float | None = None) -> Iterator[None]:
    """Bound what is done inside; within another work it is a part of that, and bound by it.

    seconds: that it may wait and work, by default as long as an inference may.
    Raises BusyError where there is no room for it before then.
    """
    if _UNTIL.get() is not None:
        yield
        return
    until = time.monotonic() + (runtime.default_deadline() if seconds is None else seconds)
    with _place(until):
        token = _UNTIL.set(until)
        try:
            yield
        finally:
            _UNTIL.reset(token)


def check() -> None:
    """Between two steps of a work: raises BusyError where it has passed its deadline."""
    until = _UNTIL.get()
    if until is not None and time.monotonic() > until:
        raise BusyError(
            "That took too long and was stopped: give less at once, or try again in a moment."
        )


def watched(items: Iterable[T], every: int = STEP) -> Iterator[T]:
    """The items, with a `check` before the first and after each `every` of them."""
    for number, item in enumerate(items):
        if number % every == 0:
            check()
        yield item
