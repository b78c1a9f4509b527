"""A Glassbox of the load test's own, which only this machine reaches."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.browser.serve import ROOT, serving

ADDRESS = "127.0.0.1"
Servers = tuple[psutil.Process, ...]


@contextmanager
def started(
    script: Path = ROOT / "app.py", settings: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Servers]]:
    """Its address and its one process. settings: variables of its environment."""
    # By its name a server would ask the internet for its own address.
    own = {"STREAMLIT_SERVER_ADDRESS": ADDRESS, "STREAMLIT_BROWSER_SERVER_ADDRESS": ADDRESS}
    with serving(script, **own, **(settings or {})) as server:
        yield server.url.replace("localhost", ADDRESS), (psutil.Process(server.process.pid),)
