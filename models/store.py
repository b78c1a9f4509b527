"""Values by key, bounded by bytes; what was used longest ago goes, and is freed.

    STORE.kept(("model", "predict"), lambda: open_session(data), lambda session: 9_000_000)

`STORE` holds what released files become in memory: sessions, arrays, vocabularies, tables of
counts. Whoever uses one keeps it alive meanwhile. `GLASSBOX_MEMORY` (MB, default 600) is what the
whole process should stay near, runs of the moment aside; `REST` of that is for everything else.
"""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

from models import lines, memory, runtime
from models.lines import Turn

T = TypeVar("T")
LOOK = 0.1  # seconds between two looks of whoever waits for another who makes the same
REST = 500  # MB: Python with its libraries, what is everybody's, visits and a few runs
LEAST = 100  # MB that are held whatever was set: the largest model has to fit


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
    """Holds at most `most()` bytes; safe from many threads."""

    most: Callable[[], float]
    bytes: int = 0
    _held: OrderedDict[Hashable, tuple[Any, int]] = field(default_factory=OrderedDict)
    _makers: dict[Hashable, tuple[threading.Lock, Turn | None]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def get(self, key: Hashable) -> Any:
        """What is kept, or None."""
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def put(self, key: Hashable, value: object, size: float | None = None) -> None:
        """Keep a value of so many bytes; what is larger than all that may be kept, is not."""
        size = int(weight(key) + (weight(value) if size is None else size))
        most = self.most()
        with self._lock:
            if size > most:
                return
            self._take(key)
            self._held[key] = value, size
            self.bytes += size
            full = self.bytes > most
            while self.bytes > most:
                self._take(next(iter(self._held)))
        if full:
            memory.trim()

    def kept(self, key: Hashable, make: Callable[[], T], size: Callable[[T], float] = weight) -> T:
        """What is kept, made by the first who asks while others wait for it."""
        if (found := self.get(key)) is not None:
            return found  # type: ignore[no-any-return]
        with self._lock:
            making, turn = self._makers.setdefault(key, (threading.Lock(), lines.current()))
        if turn is not None and lines.current() is None:
            turn.urgent = True  # an answer waits for what was made to explain, or in store
        while not making.acquire(timeout=LOOK):
            lines.look(0)  # a visitor who left, or chose something else, waits no longer
        try:
            if (found := self.get(key)) is None:
                found = make()
                self.put(key, found, size(found))
            return found  # type: ignore[no-any-return]
        finally:
            making.release()
            with self._lock:
                self._makers.pop(key, None)
            if mine := lines.current():
                mine.urgent = False

    def drop(self, fits: Callable[[Hashable], bool] | None = None) -> None:
        """Let go of everything, or of what has such a key."""
        with self._lock:
            for key in [key for key in self._held if fits is None or fits(key)]:
                self._take(key)

    def _take(self, key: Hashable) -> None:
        _, size = self._held.pop(key, (None, 0))
        self.bytes -= size


def room() -> float:
    """Bytes that the store of released files may hold. Raises SettingError."""
    return 1e6 * max(LEAST, runtime.setting("GLASSBOX_MEMORY", 600) - REST)


STORE = Store(room)
