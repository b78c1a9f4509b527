"""One visitor who looks at every page, and what the server holds in memory after each round."""

import asyncio
from dataclasses import dataclass, field

from tests.load.crowd import SETTLE, watched
from tests.load.gifts import PAGES, address
from tests.load.servers import Servers
from tests.load.visitor import Visitor


@dataclass
class Round:
    """MB of 10^6 bytes: the most that the server held, and what it holds after; and what broke."""

    peak: float = 0.0
    after: float = 0.0
    errors: list[str] = field(default_factory=list)


async def walk(url: str, servers: Servers, *, gifts: bool = False) -> Round:
    """Open every page, one after another, each in a visit of its own.

    gifts: whether something is given on each page that takes anything, and its maps waited for.
    """
    done = Round()
    with watched(servers, done):
        for page, gift in PAGES.items():
            visitor = Visitor(url)
            turn = await visitor.open(address(page))
            done.errors += turn.errors
            if gift and gifts:
                if gift.ready:
                    await gift.ready(visitor)
                done.errors += (await gift.give(visitor, 1)).errors
                if gift.maps:
                    await visitor.mapped()
            await visitor.close()
        await asyncio.sleep(SETTLE)
    return done
