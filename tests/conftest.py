"""What every test may ask for."""

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from models import catalog, runtime
from models.catalog import Model
from pages.parts.job import guard
from pages.parts.state import ours
from tests.visit import PAGE, PAGES, visit

pytest_plugins = ("tests.browser.fixtures",)


def pytest_configure() -> None:
    """Of several processes at once (pytest-xdist), each keeps to a core of its own.

    What it starts does too, and takes one thread: two that want the same core wait for each other.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if worker and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[int(worker) % len(cores)]})


@pytest.fixture(scope="session")
def model() -> Model:
    """The released image_recognition, opened once for all tests."""
    return catalog.load("image_recognition")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch):
    """A machine on which nothing is set, and whose device and places are chosen anew."""
    for name in list(os.environ):
        if name.startswith("GLASSBOX_"):
            monkeypatch.delenv(name)
    runtime.device.cache_clear()
    runtime._slots.cache_clear()
    runtime._desks.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    runtime.device.cache_clear()
    runtime._slots.cache_clear()
    runtime._desks.cache_clear()


@pytest.fixture(autouse=True)
def _nothing_set(host: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests must not decide them, nor what was kept before."""
    del host
    ours.clear()


@pytest.fixture(scope="session")
def cat() -> bytes:
    """A photo that no sample is byte for byte, as a visitor's would be."""
    photo = Image.open(PAGES / "samples" / "cat.jpg").resize((400, 270))
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=90)
    return file.getvalue()


@pytest.fixture(scope="session")
def dogs() -> bytes:
    return (PAGES / "samples" / "dogs.jpg").read_bytes()


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the model's folder, beside the others, that the app takes for the real one."""
    for name in catalog.NAMES:
        (tmp_path / name).symlink_to(catalog.FOLDER / name, target_is_directory=True)
    (tmp_path / PAGE).unlink()
    ignored = shutil.ignore_patterns("*.py", "__*")
    shutil.copytree(catalog.FOLDER / PAGE, tmp_path / PAGE, ignore=ignored)
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)
    # Loaded models are kept for the process, by name and card: neither may go in or out of here.
    guard._opened.clear()
    yield tmp_path / PAGE
    guard._opened.clear()


class Busy:
    """The machine's places, as many as the test lets free: by default none."""

    def __init__(self) -> None:
        self.left: float = 0

    def again(self, after: int = 0) -> None:
        """Taken from now on, when `after` more were given."""
        self.left = after

    def over(self) -> None:
        """All free."""
        self.left = float("inf")

    def acquire(self, timeout: float) -> bool:
        """As that of a semaphore, but it never waits."""
        assert timeout >= 0
        self.left -= 1
        return self.left >= 0

    def release(self) -> None:
        """As that of a semaphore."""


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Busy:
    """A machine whose places are all taken, those of inferences and of work in Python."""
    visit("home")  # with which every visit of a test begins: what it shows is made already
    places = Busy()
    monkeypatch.setattr(runtime, "_slots", lambda: places)
    monkeypatch.setattr(runtime, "_desks", lambda: places)
    return places
