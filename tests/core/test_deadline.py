"""Work in plain Python ends in time, few of it go at once, and inferences do not wait for it."""

import threading
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from models import deadline, runtime
from models.card_fraud import lookback
from models.card_fraud import reading as fraud
from models.cores import cores
from models.decode import columns, tables
from models.errors import BusyError
from models.machine_health import reading
from models.visual_inspection.memory import Memory
from pages.image_generation import files
from pages.parts.job import batch
from pages.sentiment import table
from tests.helpers import is_sentence


@pytest.fixture(autouse=True)
def _places(host: pytest.MonkeyPatch) -> None:
    """A machine on which nothing is set."""


def test_work_that_passes_its_deadline_ends_between_two_steps() -> None:
    began, done = time.monotonic(), []

    def endless() -> None:
        with deadline.work(0.2):
            for number in deadline.watched(range(10**9), every=10):
                time.sleep(0.001)
                done.append(number)

    with pytest.raises(BusyError) as caught:
        endless()
    assert 0.2 <= time.monotonic() - began < 2
    assert len(done) % 10 == 0
    assert is_sentence(caught.value)
    assert "give less" in str(caught.value)


def test_without_work_around_it_nothing_ends() -> None:
    deadline.check()
    assert [*deadline.watched("abc", every=1)] == ["a", "b", "c"]
    with deadline.work(0.0):
        pass
    deadline.check()


def test_a_part_is_bound_by_the_whole_and_takes_no_place_of_its_own() -> None:
    with deadline.work(0.05):
        for _ in range(cores() + 1):
            with deadline.work(60):
                pass
        time.sleep(0.1)
        with pytest.raises(BusyError), deadline.work(60):
            deadline.check()
        with pytest.raises(BusyError):
            deadline.check()


def test_the_default_is_the_machines_own(host: pytest.MonkeyPatch) -> None:
    host.setenv("GLASSBOX_DEADLINE", "1")
    with deadline.work():
        deadline.check()
        time.sleep(1.05)
        with pytest.raises(BusyError):
            deadline.check()


def test_few_go_at_once_and_who_waits_too_long_is_told() -> None:
    inside, leave = threading.Barrier(cores() + 1), threading.Event()

    def holds() -> None:
        with deadline.work(60):
            inside.wait()
            leave.wait()

    holders = [threading.Thread(target=holds) for _ in range(cores())]
    for one in holders:
        one.start()
    try:
        inside.wait(10)
        began = time.monotonic()
        with pytest.raises(BusyError) as caught, deadline.work(0.2):
            pass
        assert 0.2 <= time.monotonic() - began < 2
        assert is_sentence(caught.value)
        with runtime.slot(time.monotonic()):
            pass  # an inference has its place all the same
    finally:
        leave.set()
        for one in holders:
            one.join()
    with deadline.work(0.2):
        pass  # there is room again


def test_an_error_inside_gives_the_place_back() -> None:
    for _ in range(cores() + 1):
        with pytest.raises(ZeroDivisionError), deadline.work(1):
            raise ZeroDivisionError
    with deadline.work(1):
        deadline.check()
    deadline.check()


def test_every_thread_has_its_own_deadline() -> None:
    free = []

    def other() -> None:
        deadline.check()
        free.append(True)

    with deadline.work(0.0):
        one = threading.Thread(target=other)
        one.start()
        one.join()
    assert free


TABLE = tables.read(b"time,customer,terminal,amount\n2026-01-01 10:00,a,b,5\n")
DATED = tables.read(b"time,customer,terminal,amount\n2026-01-01T10:00:00+01:00,a,b,5\n")
LONG = tables.read(b"a,b\n" + b"1,NA\n1,2\n2,3\n1,2\n2,3\n1,2\n" * 200)
REVIEWS = tables.read(b"text\na good film\n")
PARTS = np.random.default_rng(0).normal(size=(5, 8, 8, 5)).astype(np.float32)
MEMORY = Memory.of([PARTS], [1e-3])
FRAMES = [np.full((8, 8, 1), shade, np.uint8) for shade in range(5)]
WORKS: dict[str, Callable[[], object]] = {
    "a table": lambda: tables.read(b"a,b\n1,2\n"),
    "a table of empty rows": lambda: tables.read(b"a\n" + b"\n" * 5_000 + b"1\n"),
    "connections": lambda: columns.numbers(["1"], "a", [2]),
    "payments": lambda: fraud.read(TABLE),
    "payments by dates": lambda: fraud.read(DATED),
    "what looks back": lambda: lookback.features(fraud.read(TABLE).transactions),
    "sensors": lambda: reading.sensors(LONG),
    "texts": lambda: table._read(REVIEWS),
    "a memory of good parts": lambda: Memory.of([PARTS], [1e-3]),
    "a part held against it": lambda: MEMORY.heat([PARTS[0]]),
    "an animation": lambda: files.gif(FRAMES, {"Model": "none"}, 90),
    "a table to take home": lambda: batch.csv_of(pd.DataFrame({"a": [1]})),
}


@pytest.mark.parametrize("name", WORKS)
def test_whatever_is_done_in_python_looks_at_the_clock(name: str) -> None:
    began = time.monotonic()
    WORKS[name]()
    with deadline.work(0.0):
        time.sleep(0.001)
        with pytest.raises(BusyError):
            WORKS[name]()
    assert time.monotonic() - began < 5


OWN = [name for name in WORKS if name.startswith(("a table", "an animation"))]


@pytest.mark.parametrize("name", OWN)
def test_reading_and_drawing_need_no_place_of_an_inference_and_wait_for_their_own(
    name: str, host: pytest.MonkeyPatch
) -> None:
    host.setenv("GLASSBOX_SLOTS", "1")
    host.setenv("GLASSBOX_LINE", "1")
    with runtime.slot():
        WORKS[name]()
    desks = runtime._desks()
    taken = 0
    while desks.acquire(blocking=False):
        taken += 1
    try:
        began = time.monotonic()
        with pytest.raises(BusyError):
            WORKS[name]()
        assert 1 <= time.monotonic() - began < 5
    finally:
        for _ in range(taken):
            desks.release()
