"""Work in plain Python: how long it may take, and how much of it goes at once.

    with deadline.work():
        for row in deadline.watched(rows):
            ...
        deadline.check()

Reading a table or drawing an animation holds no place for inferences. But Python runs one thread
at a time, and a table can hold 200 MB: few such works go at once, at `runtime.desk`, and what takes
longer than the usual deadline ends with a sentence, between two of its steps.
Where no `work` is around it, as in training, nothing ends.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from models import runtime
from models.errors import BusyError

T = TypeVar("T")
STEP = 1_024  # items between two looks at the clock: far below a tenth of a second of any work
_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def work(seconds: float | None = None) -> Iterator[None]:
    """Bound what is done inside; within another work it is a part of that, and bound by it.

    seconds: that it may wait and work together; by default it may do either as long as an
    inference may.
    Raises BusyError where there is no room for it before then.
    """
    if _UNTIL.get() is not None:
        yield
        return
    until = None if seconds is None else time.monotonic() + seconds
    with runtime.desk(until):
        token = _UNTIL.set(until or time.monotonic() + runtime.default_deadline())
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
