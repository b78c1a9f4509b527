"""What is the same for everyone is computed once: answers, maps and pictures of our own samples.

    answer = ours.kept(given.public("answer", model.release), lambda: predict(model, pixels))

What is kept is in no visitor's hand: the key of what a visitor gave is None, and then nothing is
kept. All visits share it; what was used longest ago goes when there is no room.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from models import lines
from models.store import Store

T = TypeVar("T")
Key = tuple[Hashable, ...] | None  # None for what a visitor gave
MOST = 48 * 2**20  # bytes of each
STORE = Store(lambda: MOST)
FIRST = Store(lambda: MOST)  # what pages show as they open: no visitor's choices push it out


def kept(key: Key, make: Callable[[], T]) -> T:
    """What is everybody's under this key, made now if it was not yet."""
    if key is None:
        return make()
    found: T | None = get(key)
    if found is None:
        found = STORE.kept(key, make)
        if (turn := lines.current()) and turn.nobodys:
            FIRST.put(key, found)
    return found


def get(key: Key) -> Any:
    """What is kept under this key, or None."""
    found = FIRST.get(key)
    return STORE.get(key) if found is None else found


def clear() -> None:
    """Let go of everything."""
    STORE.drop()
    FIRST.drop()


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
