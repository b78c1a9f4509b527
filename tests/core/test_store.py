"""What released files become is held by bytes; what goes out is freed."""

import gc
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import numpy as np
import pytest

from models import catalog, store
from models.errors import SettingError
from models.kinds.language import rivals
from models.store import STORE
from tests.helpers import ROOT

Host = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _empty(host: Host) -> None:
    """Nothing is set, and nothing held."""
    del host
    STORE.drop()


def served(model: catalog.Model) -> None:
    for graph, files in model.card.graphs.items():
        for precision in files:
            model.session(graph, precision)


def test_the_store_stays_within_what_the_host_gave_and_the_newest_stays(host: Host) -> None:
    host.setenv("GLASSBOX_MEMORY", str(store.REST + store.LEAST))
    for name in ("image_recognition", "text_prediction", "face_recognition"):
        model = catalog.load(name)
        served(model)
        assert 0 < STORE.bytes <= store.LEAST * 1e6
        graph, precision = [(g, p) for g, files in model.card.graphs.items() for p in files][-1]
        assert model.session(graph, precision) is model.session(graph, precision)


@pytest.mark.parametrize("value", ["0", "-1", "much"])
def test_a_setting_that_is_no_size_is_refused_by_name(host: Host, value: str) -> None:
    host.setenv("GLASSBOX_MEMORY", value)
    with pytest.raises(SettingError, match="GLASSBOX_MEMORY"):
        store.room()


def test_a_session_that_goes_out_is_freed_and_opened_anew_when_asked_for(host: Host) -> None:
    model = catalog.load("fashion")
    first = weakref.ref(model.session("predict", "int8"))
    assert model.session("predict", "int8") is first()
    host.setattr(store, "LEAST", 60)
    host.setenv("GLASSBOX_MEMORY", "1")
    served(catalog.load("face_recognition"))
    assert first() is None
    assert model.session("predict", "int8").outputs


def test_a_session_in_use_outlives_its_place_in_the_store() -> None:
    model = catalog.load("fashion")
    session = model.session("predict", "int8")
    STORE.drop()
    (name,) = session.inputs
    feeds = {name: np.zeros((1, 28, 28), np.uint8)}
    assert session.run(["logits"], feeds, time.monotonic() + 60)[0].shape == (1, 10)


# In a process of its own: what other tests left is taken and given back at any time.
TEN_TIMES = """
import gc
from models import catalog
from models.store import STORE
from tests.core.test_memory import resident
from tests.core.test_store import served
for _ in range(10):
    served(catalog.load("face_recognition"))
    STORE.drop()
    gc.collect()
    print(resident())
"""


def test_opening_and_letting_go_ten_times_takes_no_more_than_once() -> None:
    command = [sys.executable, "-c", TEN_TIMES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    sizes = [float(line) for line in done.stdout.split()]
    assert len(sizes) == 10
    # What the C library keeps comes and goes by 50 MB; what were held nine times would be 250.
    assert min(sizes[-3:]) < max(sizes[:2]) + 60, sizes


def test_rivals_are_freed_too() -> None:
    model = catalog.load("text_prediction")
    found = rivals.rivals(model)
    assert rivals.rivals(model) is found
    watched = weakref.ref(found["5-gram"].counts)
    del found
    STORE.drop()
    gc.collect()
    assert watched() is None


def test_what_was_a_models_goes_with_the_model(tmp_path: Path) -> None:
    model = catalog.load("fashion")
    model.arrays("evidence.npz")
    held = STORE.bytes
    other = catalog.load("fashion")
    other.arrays("evidence.npz")
    assert STORE.bytes == 2 * held
    del other
    gc.collect()
    assert STORE.bytes == held
    assert model.arrays("evidence.npz") is model.arrays("evidence.npz")
    del tmp_path


def test_many_who_ask_at_once_get_one_session_opened_once(host: Host) -> None:
    model, opened, found = catalog.load("fashion"), [], []
    open_session = catalog.runtime.open_session
    host.setattr(
        catalog.runtime, "open_session", lambda *a, **k: opened.append(1) or open_session(*a, **k)
    )
    threads = [
        threading.Thread(target=lambda: found.append(model.session("predict", "int8")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert opened == [1]
    assert len({id(one) for one in found}) == 1
