"""How Glassbox bears a crowd: `python -m tests.load --visitors 1 8 32 --page image_recognition`.

It starts a server of its own on this machine, and the visitors share its cores with it: read
times as ratios. With `--memory`, one visitor walks through all pages instead.
"""

import argparse
import asyncio
import time
from collections import Counter

from tests.load import report
from tests.load.crowd import Load, megabytes
from tests.load.gifts import PAGES
from tests.load.servers import Servers, started
from tests.load.walk import walk


async def crowds(url: str, servers: Servers, load: Load, sizes: list[int]) -> None:
    """Warm up, then crowds of these sizes; prints a line for each as it ends, and the errors."""
    await Load(load.page, load.query, seconds=1).run(url, servers, 1)
    print(report.table(report.COLUMNS, []), flush=True)
    wrong: Counter[str] = Counter()
    began, worked = time.perf_counter(), time.process_time()
    for size in sizes:
        crowd = await load.run(url, servers, size)
        print(report.line(report.row(crowd)), flush=True)
        wrong.update(crowd.errors)
    took = time.perf_counter() - began
    print(f"\nThe visitors themselves took {(time.process_time() - worked) / took:.0%} of a core.")
    for said, times in wrong.most_common(9):
        print(f"{times} x {said}")


async def memory(url: str, servers: Servers) -> None:
    """Two rounds over all pages, then one with something given on each; prints MB after each."""
    print(f"At start: {megabytes(servers):.0f} MB", flush=True)
    for name in ("first round", "second round", "a gift on each"):
        done = await walk(url, servers, name, gifts=name == "a gift on each")
        print(f"{name}: {done.after:.0f} MB, at most {done.peak:.0f} MB", *done.errors, flush=True)


def main() -> None:
    """Read the command line, and run."""
    parser = argparse.ArgumentParser(prog="tests.load", description=__doc__)
    parser.add_argument("--visitors", nargs="+", type=int, default=[1, 8, 32])
    parser.add_argument("--page", choices=list(PAGES), default="image_recognition")
    parser.add_argument("--query", nargs="*", default=[], metavar="NAME=VALUE")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--look", action="store_true", help="wait for each answer's first map")
    parser.add_argument("--memory", action="store_true")
    asked = parser.parse_args()
    query = dict(pair.split("=", 1) for pair in asked.query)
    with started() as (url, servers):
        if asked.memory:
            asyncio.run(memory(url, servers))
        else:
            load = Load(asked.page, query, asked.seconds, asked.look)
            asyncio.run(crowds(url, servers, load, asked.visitors))


if __name__ == "__main__":
    main()
