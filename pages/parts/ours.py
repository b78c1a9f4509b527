"""What is the same for everyone is computed once: answers, maps and pictures of our own samples.

    answer = ours.kept(given.public("answer", model.release), lambda: predict(model, pixels))

What is kept is in no visitor's hand: the key of what a visitor gave is None, and then nothing is
kept. All visits share it; what was used longest ago goes when `MOST` bytes are full.
"""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeVar

import numpy as np
from streamlit.runtime.scriptrunner_utils.script_run_context import get_run_yield_check

from models import lines
from models.lines import Turn

T = TypeVar("T")
Key = tuple[Hashable, ...] | None  # None for what a visitor gave
MOST = 48 * 2**20  # bytes
LOOK = 0.1  # seconds between two looks of whoever waits for another visit that computes the same


def weight(value: object) -> int:
    """About how many bytes a value holds: of arrays, texts, and whatever holds those."""
    if isinstance(value, np.ndarray):
        return value.nbytes + 100
    size = sys.getsizeof(value, 100)
    if isinstance(value, Mapping):
        return size + sum(weight(key) + weight(held) for key, held in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return size + sum(map(weight, value))
    if is_dataclass(value):
        return size + sum(weight(getattr(value, one.name)) for one in fields(value))
    return size


@dataclass
class Store:
    """Values by key, the least recently used out."""

    most: int = MOST
    bytes: int = 0
    _held: OrderedDict[Hashable, tuple[Any, int]] = field(default_factory=OrderedDict)
    _makers: dict[Hashable, tuple[threading.Lock, Turn | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Key) -> Any:
        """What is kept, or None."""
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def put(self, key: Key, value: object) -> None:
        """Keep a value, if it is not larger than all that may be kept."""
        size = weight(value)
        with self._lock:
            if key is None or size > self.most:
                return
            if key in self._held:
                self.bytes -= self._held.pop(key)[1]
            self._held[key] = value, size
            self.bytes += size
            while self.bytes > self.most:
                self.bytes -= self._held.popitem(last=False)[1][1]

    def kept(self, key: Key, make: Callable[[], T]) -> T:
        """What is kept, made by the first visit that asks while others wait for it."""
        if key is None:
            return make()
        if (found := self.get(key)) is not None:
            return found  # type: ignore[no-any-return]
        with self._lock:
            making, turn = self._makers.setdefault(key, (threading.Lock(), lines.current()))
        if turn is not None and lines.current() is None:
            turn.urgent = True  # an answer waits for what was made to explain, or in store
        while not making.acquire(timeout=LOOK):
            if check := get_run_yield_check():
                check()  # a visitor who left, or chose something else, waits no longer
        try:
            if (found := self.get(key)) is None:
                found = make()
                self.put(key, found)
            return found  # type: ignore[no-any-return]
        finally:
            making.release()
            with self._lock:
                self._makers.pop(key, None)
            if mine := lines.current():
                mine.urgent = False

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._held.clear()
            self.bytes = 0


@dataclass
class Findings:
    """What was found out and drawn about one thing, by name: everybody's where `public` is a key,
    else its visitor's, who keeps this as long as the page is about that thing."""

    public: Key
    _own: dict[Hashable, Any] = field(default_factory=dict)

    def known(self, *what: Hashable) -> Any:
        """What was found out under this name, or None."""
        return self._own.get(what) if self.public is None else get((*self.public, *what))

    def kept(self, what: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """The same, found out now if it was not yet."""
        if self.public is not None:
            return kept((*self.public, *what), make)
        if what not in self._own:
            self._own[what] = make()
        found: T = self._own[what]
        return found


STORE = Store()
kept, get, put, clear = STORE.kept, STORE.get, STORE.put, STORE.clear
