"""Which device a session gets: the one that answers. Only the last test needs a GPU."""

import re
import time

import numpy as np
import onnx
import pytest

from models import catalog, engine, runtime
from models.errors import DeviceError, SettingError
from tests.helpers import ROOT, golden, is_sentence, near

Host = pytest.MonkeyPatch


def on_machine(host: Host, asked: str | None, driver: bool, libraries: bool) -> None:
    if asked is not None:
        host.setenv("GLASSBOX_DEVICE", asked)
    host.setattr(runtime, "driver_present", lambda: driver)
    host.setattr(runtime, "_cuda_answers", lambda: libraries)


@pytest.mark.parametrize(
    ("asked", "driver", "libraries", "got"),
    [
        (None, False, False, "cpu"),
        (None, True, True, "cuda"),
        ("auto", True, False, "cpu"),
        ("auto", True, True, "cuda"),
        ("cpu", True, True, "cpu"),
        ("cuda", True, True, "cuda"),
    ],
)
def test_the_device_is_the_one_that_answers(
    host: Host, asked: str | None, driver: bool, libraries: bool, got: str
) -> None:
    on_machine(host, asked, driver, libraries)
    assert runtime.device() == got


@pytest.mark.parametrize(("driver", "told"), [(False, "No GPU driver"), (True, "pip install")])
def test_cuda_that_is_asked_for_and_not_there_is_an_error(
    host: Host, driver: bool, told: str
) -> None:
    on_machine(host, "cuda", driver, False)
    for _ in range(2):  # not only the first time
        with pytest.raises(DeviceError, match=told):
            runtime.device()


def test_a_machine_without_a_driver_is_never_asked_for_cuda(host: Host) -> None:
    on_machine(host, "auto", False, True)
    host.setattr(runtime, "_cuda_answers", lambda: pytest.fail("a probe session was made"))
    assert runtime.device() == "cpu"


@pytest.mark.parametrize("asked", ["gpu", "CUDA", "", "cuda:0"])
def test_an_unknown_device_is_refused_by_name(host: Host, asked: str) -> None:
    on_machine(host, asked, True, True)
    with pytest.raises(SettingError, match=f"GLASSBOX_DEVICE is {asked!r}") as caught:
        runtime.device()
    assert is_sentence(caught.value)


def test_a_driver_without_libraries_is_told_the_line_that_the_readme_gives(host: Host) -> None:
    on_machine(host, "auto", True, False)
    (line,) = re.findall(r"pip install .*", runtime.device_note())
    assert line in (ROOT / "README.md").read_text("utf-8")
    (version,) = re.findall(r"onnxruntime-gpu==(\S+);", (ROOT / "requirements.txt").read_text())
    assert f"=={version}" in line


@pytest.mark.parametrize(
    ("asked", "driver", "libraries"),
    [("auto", False, False), ("auto", True, True), ("cpu", True, False)],
)
def test_no_note_where_all_is_well_or_was_asked_for(
    host: Host, asked: str, driver: bool, libraries: bool
) -> None:
    on_machine(host, asked, driver, libraries)
    assert runtime.device_note() == ""


def test_the_probe_is_a_valid_model_of_one_node() -> None:
    probe = onnx.load_from_string(runtime._PROBE)
    onnx.checker.check_model(probe, full_check=True)
    assert [node.op_type for node in probe.graph.node] == ["Relu"]
    session = runtime.open_session(runtime._PROBE, "cpu")
    (y,) = session.run(["y"], {"x": np.float32([-2])}, time.monotonic() + 5)
    assert y.tolist() == [0]


@pytest.mark.skipif(runtime.driver_present(), reason="this machine has a GPU driver")
def test_the_probe_gets_no_cuda_where_there_is_no_driver() -> None:
    assert not runtime._cuda_answers()


@pytest.mark.gpu
@pytest.mark.parametrize("name", catalog.NAMES)
def test_every_released_fp32_graph_agrees_with_pytorch_on_cuda(host: Host, name: str) -> None:
    if not (runtime.driver_present() and runtime._cuda_answers()):
        pytest.skip("no CUDA session could be made on this machine")
    host.setenv("GLASSBOX_DEVICE", "cuda")
    model = catalog.load(name)
    for graph, (inputs, outputs) in golden(model).items():
        if "fp32" in model.card.graphs[graph]:
            run = engine.infer(model, inputs, graph=graph, precision="fp32", deadline=120)
            assert run.provider == runtime.CUDA
            # Convolutions in TF32, ONNX Runtime's default on CUDA, keep ten bits.
            assert all(near(key, run[key], outputs[key], 1e-2) for key in outputs)
