"""ONNX Runtime: which device, one session a graph, a bounded number of runs at once.

The only file of `models` that imports onnxruntime. `GLASSBOX_DEVICE` is auto, cpu or cuda; `auto`
takes CUDA only when a probe session really got it, because ONNX Runtime falls back to the CPU in
silence and lists CUDA on machines that have none. What ran is read from the session afterwards.

`GLASSBOX_THREADS` (default: the cores, at most 4) is how many cores one run may use,
`GLASSBOX_SLOTS` (default: cores / threads) how many runs go at once, `GLASSBOX_DEADLINE`
(default 10) how many seconds a run may work, `GLASSBOX_LINE` (default 60) how many an answer may
wait in line; lines.py says who goes first there.
"""

import ctypes
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import onnxruntime as ort

from models import lines
from models.cores import cores
from models.errors import BusyError, DeviceError, ReleaseError, SettingError, UnsupportedError
from models.lines import Lines

Device = Literal["cpu", "cuda"]
CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"
GPU_HELP = (
    "A GPU driver is here, but not the libraries that ONNX Runtime needs: "
    'pip install "onnxruntime-gpu[cuda,cudnn]==1.31.1" nvidia-cublas'
)
# Microseconds that a thread waits awake for the next step of a run. Measured on two cores, one
# photo: 3.4 ms with 20, 50 or as many as there are, 4.4 asleep; and with two other processes at
# work 6 ms with 20 or 50, 9 with as many as there are. A step of text needs 50, not 20.
SPINS = "50"
# One Relu on one float, as ONNX: small enough to ask every machine for the device it really has.
_PROBE = bytes.fromhex(
    "080812003a370a0c0a0178120179220452656c75120570726f62655a0f0a0178120a0a08080112040a020801620f0a"
    "0179120a0a08080112040a02080142040a001011"
)


def setting(name: str, default: int) -> int:
    """A whole number of at least 1 that the host set. Raises SettingError for anything else."""
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise SettingError(f"{name} is {text!r}; it must be a whole number of at least 1.")
    return int(text)


def threads() -> int:
    """Cores that one run may use."""
    return setting("GLASSBOX_THREADS", min(cores(), 4))


@lru_cache
def _slots() -> Lines:
    return Lines(setting("GLASSBOX_SLOTS", max(1, cores() // threads())))


@lru_cache
def _desks() -> Lines:
    return Lines(cores())


def default_deadline() -> float:
    """Seconds that a run may work."""
    return float(setting("GLASSBOX_DEADLINE", 10))


def patience() -> float:
    """Seconds that whoever asks may wait in line; what explains may wait far longer."""
    waits = float(setting("GLASSBOX_LINE", 60))
    return 10 * waits if lines.current() else waits


def driver_present() -> bool:
    """Whether a CUDA driver can be loaded; says nothing of the libraries above it."""
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return os.path.exists("/dev/nvidia0")
    return True


def _cuda_answers() -> bool:
    """Whether a session that asks for CUDA gets it. Called only where a driver is present."""
    ort.preload_dlls()
    options = ort.SessionOptions()
    options.log_severity_level = 4
    try:
        probe = ort.InferenceSession(_PROBE, options, providers=[CUDA, CPU])
        probe.run(None, {"x": np.ones(1, np.float32)})
    except Exception:  # ONNX Runtime raises its own, undocumented classes here
        return False
    return bool(probe.get_providers()[0] == CUDA)


@lru_cache
def device() -> Device:
    """The device that sessions get. DeviceError for `cuda` where CUDA does not answer."""
    asked = os.environ.get("GLASSBOX_DEVICE", "auto")
    if asked not in ("auto", "cpu", "cuda"):
        raise SettingError(f"GLASSBOX_DEVICE is {asked!r}; it must be auto, cpu or cuda.")
    if asked == "cpu":
        return "cpu"
    if driver_present() and _cuda_answers():
        return "cuda"
    if asked == "cuda":
        raise DeviceError(GPU_HELP if driver_present() else "No GPU driver was found.")
    return "cpu"


def device_note() -> str:
    """What the owner of this machine should know about its GPU; empty when all is well."""
    if os.environ.get("GLASSBOX_DEVICE", "auto") == "auto" and device() == "cpu":
        return GPU_HELP if driver_present() else ""
    return ""


@contextmanager
def slot(until: float | None = None) -> Iterator[None]:
    """Hold one of the machine's places for inference; BusyError when none is free before `until`.

    until: a moment of time.monotonic(); by default the usual patience from now.
    """
    with _place(_slots(), until):
        yield


@contextmanager
def desk(until: float | None = None) -> Iterator[None]:
    """The same for reading and decoding what visitors give: one for each core.

    What reads can hold 200 MB, so it waits in line too, but no inference waits for it.
    """
    with _place(_desks(), until):
        yield


@contextmanager
def _place(places: Lines, until: float | None) -> Iterator[None]:
    waits = patience() if until is None else max(0.0, until - time.monotonic())
    if not places.acquire(timeout=waits):
        raise BusyError("The machine is busy with other visitors. Try again in a moment.")
    try:
        yield
    finally:
        places.release()


@dataclass(frozen=True)
class Session:
    """One loaded graph. `run` is safe from many threads."""

    graph: ort.InferenceSession
    provider: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    # ONNX Runtime has one CUDA stream a session: runs beside each other would only queue there.
    turn: AbstractContextManager[object] = field(repr=False)

    def run(
        self, outputs: Sequence[str], feeds: Mapping[str, np.ndarray[Any, Any]], until: float
    ) -> list[np.ndarray[Any, Any]]:
        """Run the graph and take `outputs` from it.

        The whole graph is computed: ONNX Runtime leaves out what is not asked for only in builds
        for training (microsoft/onnxruntime#16013). What is not taken is at least not copied.

        Raises UnsupportedError for an unknown output, BusyError when the run passes `until`.
        """
        if missing := set(outputs) - set(self.outputs):
            raise UnsupportedError(f"This graph has no output {', '.join(sorted(missing))}.")
        options = ort.RunOptions()
        alarm = threading.Timer(max(0.0, until - time.monotonic()), _terminate, [options])
        alarm.daemon = True
        alarm.start()
        try:
            with self.turn:
                result: list[np.ndarray[Any, Any]] = self.graph.run(
                    list(outputs), dict(feeds), options
                )
        except Exception as error:
            if options.terminate:
                raise BusyError("That took too long and was stopped. Try again.") from error
            raise
        finally:
            alarm.cancel()
        return result


def _terminate(options: ort.RunOptions) -> None:
    options.terminate = True


def _hold_little(options: ort.SessionOptions) -> None:
    """Give back what a run took when it is over: a session then holds its weights and no more.

    ONNX Runtime's arena keeps, for each session, the most that any run ever took, and its memory
    pattern takes a run's memory as one block, which no allocator keeps between runs. Without both
    the C library hands the same blocks to the runs of all sessions, as `models.memory` lets it.
    By priority, the backward half of a recurrence does not hold all its steps at once.
    """
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.execution_order = ort.ExecutionOrder.PRIORITY_BASED


def open_session(graph: bytes, on: Device) -> Session:
    """A session from checked bytes. Raises ReleaseError where ONNX Runtime refuses them."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # Threads that sleep between the steps of a run cost half its time again; those that spin as
    # long as there is nothing to do, or after the run, take the cores from whoever has work.
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.add_session_config_entry("session.intra_op.spin_duration_us", SPINS)
    options.add_session_config_entry("session.force_spinning_stop", "1")
    if on == "cpu":
        _hold_little(options)
    try:
        session = ort.InferenceSession(
            graph, options, providers=[CUDA, CPU] if on == "cuda" else [CPU]
        )
    except Exception as error:
        raise ReleaseError("A released model file could not be loaded.") from error
    provider = session.get_providers()[0]
    if provider == CPU:
        # The Python object keeps the file's bytes to open itself anew on another provider should
        # a run fail. From the CPU there is none to fall back to, so they would only take memory.
        session.disable_fallback()
        session._model_bytes = None
    return Session(
        session,
        provider,
        tuple(i.name for i in session.get_inputs()),
        tuple(o.name for o in session.get_outputs()),
        threading.Lock() if provider == CUDA else nullcontext(),
    )
