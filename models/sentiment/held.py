"""The test reviews themselves, where the host holds the data set: no review is kept in Glassbox.

    held = texts({(127, 10), (9, 1)})     # id and rating of each
    held[127, 10]

`GLASSBOX_DATA` names a folder in which `imdb/imdb_test.jsonl.gz` may lie, as training reads it: one
review a line, with `id`, `rating` and `text`. An id is told apart by its rating: praise and pans
are counted anew.
"""

import gzip
import json
import os
import zlib
from collections.abc import Collection
from pathlib import Path

FILE = Path("imdb", "imdb_test.jsonl.gz")
MOST = 2**26  # bytes unpacked: twice what the data set has

Key = tuple[int, int]


def path() -> Path | None:
    """Where the test reviews lie on this host; None where it holds none."""
    folder = os.environ.get("GLASSBOX_DATA")
    if not folder:
        return None
    file = Path(folder) / FILE
    return file if file.is_file() else None


def texts(asked: Collection[Key]) -> dict[Key, str]:
    """The texts of the reviews of these ids and ratings; empty where they are not held.

    A file that is damaged or of another form holds none.
    """
    file = path()
    if file is None:
        return {}
    try:
        with gzip.open(file) as packed:
            data = packed.read(MOST)
        # At line feeds alone: reviews hold other signs at which `splitlines` would split too.
        rows = map(json.loads, filter(None, data.split(b"\n")))
        return {
            key: str(row["text"])
            for row in rows
            if (key := (int(row["id"]), int(row["rating"]))) in asked
        }
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        return {}
