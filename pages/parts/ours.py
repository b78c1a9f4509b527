"""What is the same for everyone is computed once: answers, maps and pictures of our own samples.

    answer = ours.kept(given.public("answer", model.release), lambda: predict(model, pixels))

What is kept is in no visitor's hand: the key of what a visitor gave is None, and then nothing is
kept. All visits share it; what was used longest ago goes when `MOST` bytes are full.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from models.store import Store

T = TypeVar("T")
Key = tuple[Hashable, ...] | None  # None for what a visitor gave
MOST = 48 * 2**20  # bytes
STORE = Store(lambda: MOST)


def kept(key: Key, make: Callable[[], T]) -> T:
    """What is everybody's under this key, made now if it was not yet."""
    return make() if key is None else STORE.kept(key, make)


def clear() -> None:
    """Let go of everything."""
    STORE.drop()


@dataclass
class Findings:
    """What was found out and drawn about one thing, by name: everybody's where `public` is a key,
    else its visitor's, who keeps this as long as the page is about that thing."""

    public: Key
    _own: dict[Hashable, Any] = field(default_factory=dict)

    def known(self, *what: Hashable) -> Any:
        """What was found out under this name, or None."""
        return self._own.get(what) if self.public is None else STORE.get((*self.public, *what))

    def kept(self, what: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """The same, found out now if it was not yet."""
        if self.public is not None:
            return kept((*self.public, *what), make)
        if what not in self._own:
            self._own[what] = make()
        found: T = self._own[what]
        return found
