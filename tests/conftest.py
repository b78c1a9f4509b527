"""What every test may ask for."""

import os

import pytest

from models import catalog, runtime
from models.catalog import Model


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
