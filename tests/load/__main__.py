"""How Glassbox bears a crowd.

    python -m tests.load --visitors 1 8 32 --page image_recognition --query part=Take
    python -m tests.load --memory

It starts a server of its own on this machine, and the visitors share its cores with it: read
times as ratios. All visitors open the page at once; then each gives something fresh as soon as the
page stands, for so many seconds. With `--memory`, one visitor walks through all pages instead.
"""

import asyncio

from tests.load import report
from tests.load.command import arguments, load_of, measure
from tests.load.crowd import megabytes
from tests.load.gifts import PAGES
from tests.load.servers import Servers, started
from tests.load.walk import walk


async def memory(url: str, servers: Servers) -> None:
    """Two rounds over all pages, then one with something given on each; prints MB after each."""
    print(f"At start: {megabytes(servers):.0f} MB", flush=True)
    for name in ("first round", "second round", "a gift on each"):
        done = await walk(url, servers, gifts=name == "a gift on each")
        print(f"{name}: {done.after:.0f} MB, at most {done.peak:.0f} MB", *done.errors, flush=True)


def main() -> None:
    """Read the command line, and run."""
    parser = arguments(__doc__)
    parser.add_argument("--page", choices=list(PAGES), default="image_recognition")
    parser.add_argument("--memory", action="store_true", help="of a walk through all pages")
    asked = parser.parse_args()
    with started() as (url, servers):
        if asked.memory:
            asyncio.run(memory(url, servers))
        else:
            print(report.table(report.COLUMNS), flush=True)
            asyncio.run(measure(url, servers, load_of(asked, asked.page), asked.visitors))


if __name__ == "__main__":
    main()
