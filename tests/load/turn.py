"""What comes of one thing that a visitor does, and when."""

import asyncio
import re
import time
from dataclasses import dataclass, field

from tests.load.wire import Sight

HEADLINE = re.compile(r"^#### ")  # of a page's answer
METHODS = ("Grad-CAM", "Occlusion", "RISE", "Gradient", "SmoothGrad", "Integrated gradients")
MAP = re.compile(rf"^(?:{'|'.join(METHODS)})\b", re.MULTILINE)  # begins a picture's alternative
BUSY = "is busy"


@dataclass
class Turn:
    """What came of it. Times in seconds since the visitor began to do it; None: not yet.

    like: what the words of the answer look like. said: those words. errors: what the page called
    an error. busy: how many sentences said that the machine is busy.
    """

    like: re.Pattern[str] = field(default=HEADLINE, repr=False)
    fragment: str = ""  # the fragment that runs, or "" where the whole page does
    began: float = field(default_factory=time.perf_counter)
    started: bool = False
    said: str = ""
    words: float | None = None
    first_map: float | None = None
    stands: float | None = None
    errors: list[str] = field(default_factory=list)
    busy: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def saw(self, seen: Sight) -> None:
        """Something was drawn; it counts from when the run began that answers this turn."""
        if not self.started:
            return
        if BUSY in seen.text:
            self.busy += 1
        if seen.kind == "error":
            self.errors.append(seen.text)
        elif seen.kind == "words" and self.words is None and self.like.search(seen.text):
            self.words, self.said = self._now(), seen.text
            self.changed.set()
        elif seen.kind == "pictures" and self.first_map is None and MAP.search(seen.text):
            self.first_map = self._now()
            self.changed.set()

    def run_began(self, fragments: list[str]) -> None:
        """A run of those fragments, or of the whole page."""
        if not fragments:
            self.fragment = ""  # the whole page, of its own accord, draws the fragment too
        elif self.started and not self.fragment:
            # Before a fragment of this visit runs, the whole page has; its end goes untold where
            # the fragment was asked for at that very moment.
            self._stand()
        self.started |= not fragments or self.fragment in fragments

    def run_ended(self, fragments: list[str], again: bool) -> None:
        """The same ended. again: a run of the whole page follows at once."""
        if not self.started or (fragments and self.fragment not in fragments):
            return
        if again:
            self.fragment = ""
        elif bool(fragments) == bool(self.fragment):
            self._stand()

    def _stand(self) -> None:
        if self.stands is None:
            self.stands = self._now()
            self.changed.set()

    def _now(self) -> float:
        return time.perf_counter() - self.began
