"""What the process holds in memory, and what it gives back."""

import gc
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from models import runtime
from tests.helpers import floats, graph

STATM = Path("/proc/self/statm")


def resident() -> float:
    """MB of 10^6 bytes that this process holds."""
    if not STATM.exists():
        pytest.skip("this system does not say what a process holds")
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def wide(steps: int = 4) -> bytes:
    """A graph that makes 4 MB of each number on its way, several times, and one number again."""
    nodes = [helper.make_node("Expand", ["x", "to"], ["v0"])]
    nodes += [helper.make_node("Sin", [f"v{i}"], [f"v{i + 1}"]) for i in range(steps)]
    nodes += [helper.make_node("ReduceMax", [f"v{steps}"], ["y"], axes=[1])]
    return graph(nodes, [floats("x", "n", 1)], [floats("y", "n", 1)], to=np.int64([1, 2**20]))


def test_a_session_keeps_nothing_of_what_a_run_took() -> None:
    session = runtime.open_session(wide(), "cpu")
    until = time.monotonic() + 60
    session.run(["y"], {"x": np.zeros((1, 1), np.float32)}, until)
    before = resident()
    for _ in range(2):
        session.run(["y"], {"x": np.zeros((32, 1), np.float32)}, until)
    assert resident() - before < 100, "one of its tensors takes 134 MB"


def test_a_session_does_not_hold_the_bytes_that_it_was_made_from() -> None:
    data = bytes(bytearray(wide()))
    before = sys.getrefcount(data)
    session = runtime.open_session(data, "cpu")
    gc.collect()
    assert sys.getrefcount(data) == before
    (y,) = session.run(["y"], {"x": np.ones((1, 1), np.float32)}, time.monotonic() + 60)
    assert y.shape == (1, 1)
