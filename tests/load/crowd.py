"""Many visitors at once, each of whom gives something fresh as soon as the page stands."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from websockets.exceptions import WebSocketException

from tests.load.gifts import MANY, PAGES, Gift, address
from tests.load.servers import Servers
from tests.load.turn import Turn
from tests.load.visitor import LostError, Visitor

BROKEN = (LostError, LookupError, OSError, WebSocketException)
SETTLE = 1.0  # seconds after the last visit
OFTEN = 0.1  # seconds between two looks at the server's memory


@dataclass
class Crowd:
    """What so many visitors saw. Times in seconds, memory in MB of 10^6 bytes.

    opening: until the page stood. answers: those whose words came while the clock ran.
    """

    visitors: int
    seconds: float
    opening: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)
    stands: list[float] = field(default_factory=list)
    first_map: list[float] = field(default_factory=list)
    answers: int = 0
    said: str = ""  # the last answer
    busy: int = 0
    errors: list[str] = field(default_factory=list)
    peak: float = 0.0
    after: float = 0.0
    cpu: float = 0.0  # seconds of the server's, while the clock ran

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    def add(self, turn: Turn, until: float) -> None:
        """One answer."""
        self.errors += turn.errors
        self.busy += turn.busy
        if turn.words is None:
            self.errors.append("The page stands without words of an answer.")
        else:
            self.words.append(turn.words)
            self.said = turn.said
            self.answers += turn.began + turn.words <= until
        if turn.first_map is not None:
            self.first_map.append(turn.first_map)
        if turn.stands is not None:
            self.stands.append(turn.stands)


class Guest(Protocol):
    """Whoever visits: of Glassbox a `Visitor`."""

    async def open(self, page: str, query: Mapping[str, str]) -> Turn:
        """Come, and wait until the page stands."""

    async def mapped(self) -> Turn:
        """Wait for the first map of what was given last."""

    async def close(self) -> None:
        """Leave."""


@dataclass(frozen=True)
class Load:
    """A page, what its visitors choose in the address, and for how many seconds they give.

    look: whether they wait for the first map before they give the next thing.
    guest: makes a visitor of a server's address. gift: by default what the page takes.
    """

    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 20.0
    look: bool = False
    guest: Callable[[str], Guest] = Visitor
    gift: Gift | None = None

    async def run(self, url: str, servers: Servers, visitors: int) -> Crowd:
        """All open the page at once; when it stands for everybody, the clock starts."""
        crowd = Crowd(visitors, self.seconds)
        if gift := self.gift or PAGES[self.page]:
            for n in range(MANY):
                gift.make(n)
        present = [self.guest(url) for _ in range(visitors)]
        with watched(servers, crowd):
            opened = await asyncio.gather(*(self._open(one, crowd, gift) for one in present))
            here = [one for one, came in zip(present, opened, strict=True) if came]
            worked, until = _cpu(servers), time.perf_counter() + self.seconds
            if gift:
                step = MANY // visitors or 1  # so that no two give the same at once
                giving = (
                    self._give(one, crowd, gift, until, i * step) for i, one in enumerate(here)
                )
                await asyncio.gather(*giving)
            crowd.cpu = _cpu(servers) - worked
            await asyncio.gather(*(one.close() for one in present), return_exceptions=True)
            await asyncio.sleep(SETTLE)
        return crowd

    async def _open(self, visitor: Guest, crowd: Crowd, gift: Gift | None) -> bool:
        try:
            turn = await visitor.open(address(self.page), self.query)
            if gift and gift.ready:
                await gift.ready(visitor)
        except BROKEN as error:
            crowd.errors.append(str(error))
            return False
        crowd.opening.append(turn.stands or 0.0)
        crowd.errors += turn.errors
        crowd.busy += turn.busy
        return True

    async def _give(self, visitor: Guest, crowd: Crowd, gift: Gift, until: float, n: int) -> None:
        try:
            while time.perf_counter() < until:
                n = (n + 1) % MANY
                turn = await gift.give(visitor, n)
                if self.look:
                    await visitor.mapped()
                crowd.add(turn, until)
        except BROKEN as error:
            crowd.errors.append(str(error))


class Held(Protocol):
    """Whatever keeps what a server held: MB of 10^6 bytes."""

    peak: float
    after: float


@contextmanager
def watched(servers: Servers, held: Held) -> Iterator[None]:
    """Note the most that it holds meanwhile, and what it holds in the end."""

    async def watch() -> None:
        while True:
            held.peak = max(held.peak, megabytes(servers))
            await asyncio.sleep(OFTEN)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        held.after = megabytes(servers)


def megabytes(servers: Servers) -> float:
    """Resident memory of all."""
    return sum(float(one.memory_info().rss) for one in servers) / 1e6


def _cpu(servers: Servers) -> float:
    times = [one.cpu_times() for one in servers]
    return sum(float(one.user + one.system) for one in times)
