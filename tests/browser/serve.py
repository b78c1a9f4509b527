"""Glassbox as a visitor meets it: a server of its own and a real Chromium. Needs no pytest."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
# Without the last five, Chromium asks hosts of its maker for updates and lists.
FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 60  # seconds for anything to appear: far more than it takes, for a machine at work


@dataclass(frozen=True)
class Server:
    """A running Glassbox. `started` is the moment of time.monotonic() of its start."""

    url: str
    process: subprocess.Popen[bytes]
    started: float

    def megabytes(self) -> float:
        """Resident memory of the server and all its children."""
        server = psutil.Process(self.process.pid)
        family = [server, *server.children(recursive=True)]
        return sum(process.memory_info().rss for process in family) / 1e6


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: list[str], port: int, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A command that listens on that port, started from another folder, stopped in the end.

    RuntimeError with all that it said where it does not come to listen.
    """
    with tempfile.TemporaryDirectory() as elsewhere, Path(elsewhere, "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=elsewhere, env=environment, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        try:
            while True:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(Path(elsewhere, "log").read_text())
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.02)
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


@contextmanager
def serving(script: Path = ROOT / "app.py", **settings: str) -> Iterator[Server]:
    """A server on a free port. script: what it serves.

    settings: GLASSBOX_ variables; those of whoever runs the tests are left out.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.headless", "true"]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GLASSBOX_")}
    started = time.monotonic()
    with running(command, port, plain | settings) as process:
        yield Server(f"http://localhost:{port}", process, started)


def chromium() -> str | None:
    """The first Chromium there is: GLASSBOX_CHROMIUM, or one of NAMES on the PATH."""
    return os.environ.get("GLASSBOX_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def browsing(path: str) -> Iterator[Browser]:
    """That Chromium, headless. As root it starts only without its sandbox."""
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """What pages ask other hosts for, and the errors that they write to the console."""

    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, url: str) -> None:
        """A request or a websocket; `data:` and `blob:` addresses have no host and leave none."""
        if urlsplit(url).hostname not in (None, "localhost"):
            self.foreign.append(url)

    def complain(self, message: ConsoleMessage) -> None:
        """Under a deep link Streamlit first looks for its server there, and gets a 404."""
        where = message.location["url"]
        probe = "404" in message.text and where.endswith(
            ("/_stcore/health", "/_stcore/host-config")
        )
        if message.type == "error" and not probe:
            self.complaints.append(f"{message.text} ({where})")


@contextmanager
def opened(
    browser: Browser, watch: Watch, width: int = 1440, height: int = 900, **more: Any
) -> Iterator[BrowserContext]:
    """A visitor of their own, who remembers nothing and is watched."""
    context = browser.new_context(viewport={"width": width, "height": height}, **more)
    context.set_default_timeout(PATIENCE * 1000)

    def follow(page: Page) -> None:
        page.on("websocket", lambda socket: watch.ask(socket.url))
        page.on("pageerror", lambda error: watch.complaints.append(str(error)))

    context.on("page", follow)
    context.on("request", lambda request: watch.ask(request.url))
    context.on("console", watch.complain)
    try:
        yield context
    finally:
        context.close()


# The script has run to its end, nothing is still a grey bar, and every picture is there.
SETTLED = """() =>
    document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]")
    && !document.querySelector("[data-testid=stSkeleton]")
    && [...document.images].every(image => image.complete && image.naturalWidth)"""


def settle(page: Page) -> None:
    """Wait until a page stands as it will stay."""
    page.get_by_text("never stored, logged or passed on").wait_for()  # the last thing it draws
    page.wait_for_function(SETTLED)
