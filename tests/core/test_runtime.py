"""Runs: bounded places, an end at the deadline, and what ran told as it was."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from models import catalog, engine, runtime
from models.errors import BusyError, ReleaseError, SettingError, UnsupportedError
from tests.helpers import floats, graph, is_sentence, place

Host = pytest.MonkeyPatch


@pytest.mark.parametrize("name", ["GLASSBOX_SLOTS", "GLASSBOX_THREADS", "GLASSBOX_DEADLINE"])
@pytest.mark.parametrize("value", ["0", "-1", "two", "", "1.5", "²"])
def test_a_setting_that_is_no_count_is_refused_by_name(host: Host, name: str, value: str) -> None:
    host.setenv(name, value)
    ask: dict[str, Callable[[], object]] = {
        "GLASSBOX_SLOTS": runtime._slots,
        "GLASSBOX_THREADS": runtime.threads,
        "GLASSBOX_DEADLINE": runtime.default_deadline,
    }
    with pytest.raises(SettingError, match=f"{name} is {value!r}"):
        ask[name]()


def free_places() -> int:
    """How many places can be taken right now; all are given back."""
    places = runtime._slots()
    taken = 0
    while places.acquire(blocking=False):
        taken += 1
    for _ in range(taken):
        places.release()
    return taken


def test_a_visitor_past_the_last_place_waits_no_longer_than_the_deadline(host: Host) -> None:
    host.setenv("GLASSBOX_SLOTS", "2")
    began = time.monotonic()
    with runtime.slot(), runtime.slot():
        with pytest.raises(BusyError) as caught, runtime.slot(began + 0.2):
            pytest.fail("there was a third place")
        assert 0.2 <= time.monotonic() - began < 2
    assert is_sentence(caught.value)
    assert free_places() == 2


def test_a_visitor_who_waits_gets_the_place_that_is_freed(host: Host) -> None:
    host.setenv("GLASSBOX_SLOTS", "1")
    held, got = threading.Event(), []

    def first() -> None:
        with runtime.slot():
            held.set()
            time.sleep(0.1)
            got.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert held.wait(5)
    with runtime.slot(time.monotonic() + 5):
        got.append("second")
    thread.join()
    assert got == ["first", "second"]


def test_a_place_is_free_again_after_an_error(host: Host) -> None:
    host.setenv("GLASSBOX_SLOTS", "1")
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), runtime.slot():
            raise ZeroDivisionError
    assert free_places() == 1


def steps() -> bytes:
    """A graph that takes `times` small steps."""
    step = helper.make_graph(
        [helper.make_node("Sin", ["v"], ["w"]), helper.make_node("Identity", ["go"], ["on"])],
        "step",
        [
            helper.make_tensor_value_info("i", onnx.TensorProto.INT64, []),
            helper.make_tensor_value_info("go", onnx.TensorProto.BOOL, []),
            floats("v", "n", 4),
        ],
        [helper.make_tensor_value_info("on", onnx.TensorProto.BOOL, []), floats("w", "n", 4)],
    )
    times = helper.make_tensor_value_info("times", onnx.TensorProto.INT64, [1])
    loop = helper.make_node("Loop", ["times", "", "x"], ["y"], body=step)
    return graph([loop], [floats("x", "n", 4), times], [floats("y", "n", 4)])


QUICK = {"x": np.zeros((1, 4), np.float32), "times": np.int64([1])}
HOURS = QUICK | {"times": np.int64([10**12])}


@pytest.fixture
def slow(host: Host, tmp_path: Path) -> Iterator[catalog.Model]:
    host.setenv("GLASSBOX_SLOTS", "1")
    host.setenv("GLASSBOX_DEVICE", "cpu")
    yield place(tmp_path, steps(), {})
    assert free_places() == 1


def test_a_run_past_its_deadline_is_stopped_and_its_place_is_free_again(
    slow: catalog.Model,
) -> None:
    for _ in range(2):
        began = time.monotonic()
        with pytest.raises(BusyError, match="too long") as caught:
            engine.infer(slow, HOURS, deadline=0.3)
        assert 0.3 <= time.monotonic() - began < 5
        assert is_sentence(caught.value)
        assert engine.infer(slow, QUICK, deadline=5)["y"].tolist() == [[0, 0, 0, 0]]


def test_a_run_that_another_visitor_holds_up_is_busy_within_its_deadline(
    slow: catalog.Model,
) -> None:
    ended: list[Any] = []

    def first() -> None:
        with pytest.raises(BusyError):
            engine.infer(slow, HOURS, deadline=1.5)
        ended.append(time.monotonic())

    thread = threading.Thread(target=first)
    thread.start()
    while free_places():
        time.sleep(0.01)
    with pytest.raises(BusyError, match="other visitors"):
        engine.infer(slow, QUICK, deadline=0.2)
    assert not ended
    thread.join()
    assert ended


def test_an_unknown_output_graph_or_precision_is_refused(slow: catalog.Model) -> None:
    with pytest.raises(UnsupportedError, match="no graph that gives y, sight, depth") as caught:
        engine.infer(slow, QUICK, outputs=("y", "sight", "depth"))
    assert is_sentence(caught.value)
    with pytest.raises(UnsupportedError, match="no output depth, sight"):
        engine.infer(slow, QUICK, graph="predict", outputs=("y", "sight", "depth"))
    with pytest.raises(UnsupportedError, match="no layers graph in fp32"):
        engine.infer(slow, QUICK, graph="layers")
    with pytest.raises(UnsupportedError, match="no predict graph in int8"):
        engine.infer(slow, QUICK, precision="int8")


def test_what_onnx_runtime_cannot_load_is_no_release() -> None:
    for data in (b"", b"no graph", steps()[:-9]):
        with pytest.raises(ReleaseError, match="could not be loaded"):
            runtime.open_session(data, "cpu")


def test_what_ran_is_read_from_the_session_and_not_from_what_was_asked(
    host: Host, tmp_path: Path
) -> None:
    made = []

    class Fallen(runtime.ort.InferenceSession):
        """Asked for CUDA, it falls back in silence, as ONNX Runtime does."""

        def __init__(self, data: bytes, options: Any, providers: list[str]) -> None:
            made.append(providers)
            super().__init__(data, options, providers=[runtime.CPU])

    host.setattr(runtime, "device", lambda: "cuda")
    host.setattr(runtime.ort, "InferenceSession", Fallen)
    run = engine.infer(place(tmp_path, steps(), {}), QUICK)
    assert made == [[runtime.CUDA, runtime.CPU]]
    assert run.provider == runtime.CPU
    assert run.device == "CPU"
