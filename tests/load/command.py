"""What the load test's commands share: their arguments, and crowds of several sizes in a row."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from tests.load import report
from tests.load.crowd import Crowd, Load
from tests.load.servers import Servers


def arguments(said: str | None, visitors: Sequence[int] = (1, 8, 32)) -> argparse.ArgumentParser:
    """A parser with those that every command has. said: what the command is for."""
    parser = argparse.ArgumentParser(
        description=said, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visitors", nargs="+", type=int, default=[*visitors])
    parser.add_argument("--query", nargs="*", default=[], metavar="NAME=VALUE")
    parser.add_argument("--seconds", type=float, default=20.0, help="that a crowd gives")
    parser.add_argument("--look", action="store_true", help="wait for the first map each time")
    return parser


def load_of(asked: argparse.Namespace, page: str) -> Load:
    """What they ask for, on this page."""
    return Load(page, dict(pair.split("=", 1) for pair in asked.query), asked.seconds, asked.look)


async def measure(
    url: str, servers: Servers, load: Load, sizes: Sequence[int], front: Sequence[str] = ()
) -> list[Crowd]:
    """Warm up, then a crowd of each size; prints its row when it is done. front: cells before it.

    After the last, prints what went wrong, and how much of a core the visitors themselves took.
    """
    await replace(load, seconds=1.0).run(url, servers, len(servers))
    found, began, worked = [], time.perf_counter(), time.process_time()
    for size in sizes:
        found.append(await load.run(url, servers, size))
        print(report.line([*front, *report.row(found[-1])]), flush=True)
    share = (time.process_time() - worked) / (time.perf_counter() - began)
    aside = partial(print, file=sys.stderr, flush=True)
    aside(f"The visitors themselves took {share:.0%} of a core. The last answer: {found[-1].said}")
    for said, times in Counter(error for crowd in found for error in crowd.errors).most_common(5):
        aside(f"{times} x {said}")
    return found
