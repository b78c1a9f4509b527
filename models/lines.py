"""Who goes first at the machine's places: answers that a person waits for, then what explains them.

    places = Lines(2)
    if places.acquire(timeout=10):              # an answer: before all explanations, in its turn
        ...
    with explaining(Turn()):                    # whatever this thread acquires within may wait
        ...

An explanation is made of many small runs. Each waits until no answer waits and none is in the
making (`answering`); of several visitors the one who has had the fewest goes first, so that
each gets a step in turn. On a machine that is never idle an explanation still gets a step now and
then: the first of each visitor, which is the cheap one, sooner than all later ones.
"""

import itertools
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

LOOK = 0.1  # seconds between two looks of whoever waits at whether anybody still wants it
FIRST_STEP = 0.1  # seconds from any explanation's step to the next visitor's first, at the latest
LATER_STEP = 1.0  # the same for every later step: a machine in full use does little of it

_numbers = itertools.count()


@dataclass
class Turn:
    """One visitor's explanation, over all of its steps.

    nobodys: it is made in store, and waits for all that anybody wants. urgent: an answer waits for
    what it makes, so it goes as one.
    """

    nobodys: bool = False
    urgent: bool = False
    steps: int = 0
    number: int = field(default_factory=lambda: next(_numbers))


@dataclass(eq=False)
class _Waiting:
    """One who waits for a place; `turn` is None for an answer."""

    turn: Turn | None
    granted: threading.Event = field(default_factory=threading.Event)

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        """Of those who explain, the smallest goes first."""
        turn = self.turn or Turn()
        return not turn.urgent, turn.nobodys, turn.steps, turn.number


_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)
_watch: list[Callable[[int], None]] = []
_making: set[object] = set()  # answers in the making, also while they need no place
_turns: set[int] = set()  # the numbers of the explanations under way


def watch(by: Callable[[int], None]) -> None:
    """Have that called now and then in every thread that waits.

    It is given how many are before this one, and leaves the line by raising whatever it likes.
    """
    _watch[:] = [by]


def look(before: int) -> None:
    """What whoever waits for anything does now and then."""
    for one in _watch:
        one(before)


@contextmanager
def explaining(turn: Turn) -> Iterator[None]:
    """Within, what this thread acquires are steps of that explanation."""
    token = _turn.set(turn)
    if not turn.nobodys:
        _turns.add(turn.number)
    try:
        yield
    finally:
        _turns.discard(turn.number)
        _turn.reset(token)


@contextmanager
def answering() -> Iterator[None]:
    """Within, an answer is made: explanations wait, whatever it does besides inference."""
    one = object()
    _making.add(one)
    try:
        yield
    finally:
        _making.discard(one)


def others() -> bool:
    """Whether anybody but this thread is answered, or has something explained, just now."""
    turn = _turn.get()
    mine = 1 if turn is None or turn.number in _turns else 0
    return len(_making) + len(_turns) > mine


def current() -> Turn | None:
    """The explanation that this thread makes, or None."""
    return _turn.get()


class Lines:
    """The places of a machine and both lines before them."""

    def __init__(self, places: int) -> None:
        self._lock = threading.Lock()
        self._free = places
        self._answers: deque[_Waiting] = deque()
        self._explaining: list[_Waiting] = []
        self._stepped = -math.inf  # when an explanation was last given a place

    def acquire(self, timeout: float = math.inf, blocking: bool = True) -> bool:
        """Take a place; False where none was given within `timeout` seconds, at once where not
        blocking."""
        timeout = timeout if blocking else 0.0
        mine, until = _Waiting(_turn.get()), time.monotonic() + timeout
        with self._lock:
            (self._answers if mine.turn is None else self._explaining).append(mine)
            self._give()
        try:
            self._wait(mine, until)
        finally:
            with self._lock:
                given = mine.granted.is_set()
                if not given:
                    (self._answers if mine.turn is None else self._explaining).remove(mine)
        return given

    def release(self) -> None:
        """Give a place back."""
        with self._lock:
            self._free += 1
            self._give()

    def _wait(self, mine: _Waiting, until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            if mine.granted.wait(min(LOOK, left)):
                return
            with self._lock:
                self._give()  # time alone may have made room for an explanation
                before = self._before(mine)
            if mine.granted.is_set():
                return
            try:
                look(before)
            except BaseException:
                with self._lock:
                    if mine.granted.is_set():  # while it looked
                        self._free += 1
                        self._give()
                raise

    def _before(self, mine: _Waiting) -> int:
        """How many are before this one, whoever holds a place not counted."""
        if mine.turn is None:
            return self._answers.index(mine) if mine in self._answers else 0
        return sum(one.rank < mine.rank for one in self._explaining)

    def _give(self) -> None:
        """Give free places to who is first. Called with the lock held."""
        while self._free and (chosen := self._first()):
            self._free -= 1
            chosen.granted.set()

    def _first(self) -> _Waiting | None:
        """Take the next one out of its line, if any may go."""
        if self._answers:
            return self._answers.popleft()
        chosen = min(self._explaining, key=lambda one: one.rank, default=None)
        if chosen is None or chosen.turn is None:
            return None
        pause = LATER_STEP if chosen.turn.steps or chosen.turn.nobodys else FIRST_STEP
        now = time.monotonic()
        if _making and not chosen.turn.urgent and now - self._stepped < pause:
            return None
        self._explaining.remove(chosen)
        self._stepped = now
        chosen.turn.steps += 1
        return chosen
