"""Every released file: it computes what PyTorch did, in any chunks and threads, or is refused."""

import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from models import catalog, engine, runtime
from models.card import Precision
from models.catalog import Model
from models.errors import ReleaseError, UnknownModelError, UnsupportedError
from tests.helpers import difference, golden, is_sentence, near, varied

FILES = [
    (name, graph, precision)
    for name in catalog.NAMES
    for graph, precisions in catalog.load(name).card.graphs.items()
    for precision in precisions
]
INT8 = [(name, graph) for name, graph, precision in FILES if precision == "int8"]
FULL = engine.MAX_BATCH
LENGTHS = (1, FULL, FULL + 1)  # of one run, and of two
# How far a batch may be from one by one: in int8 a last bit of a sum can turn a whole step.
APART: dict[Precision, float] = {"fp32": 1e-5, "int8": 1e-2, "fp16": 1e-2}
# Recurrences in int8 round by the range of the whole batch, so company moves each a little.
RECURRENT = 0.1


@pytest.mark.parametrize(("name", "graph"), [file[:2] for file in FILES if file[2] == "fp32"])
@pytest.mark.parametrize("n", [1, 3, None])
def test_fp32_computes_what_pytorch_did_at_any_batch_size(
    name: str, graph: str, n: int | None
) -> None:
    model = catalog.load(name)
    inputs, expected = golden(model)[graph]
    assert expected
    run = engine.infer(model, {k: v[:n] for k, v in inputs.items()}, graph=graph, precision="fp32")
    for output, values in expected.items():
        # The tolerance of every release; NaN fails.
        assert near(output, run[output], values[:n], 1e-4), output


@pytest.mark.parametrize(("name", "graph"), INT8)
def test_int8_gives_the_first_answer_of_fp32_where_that_is_clear(name: str, graph: str) -> None:
    model = catalog.load(name)
    inputs, expected = golden(model)[graph]
    if "logits" not in expected:
        pytest.skip("this graph gives no logits to rank")
    logits = expected["logits"]
    found = engine.infer(model, inputs, graph=graph, outputs=("logits",), precision="int8")
    parity = model.card.graph(graph, "int8").parity["logits"]
    second, first = np.sort(logits, axis=1)[:, -2:].T
    clear = first - second > 2 * parity * np.abs(logits).max()
    assert clear.any()
    assert (found["logits"].argmax(1) == logits.argmax(1))[clear].all()
    assert difference(found["logits"], logits) <= 2 * parity + 1e-3  # other processors round else


@pytest.fixture(scope="module", params=FILES, ids="-".join)
def one_by_one(request: pytest.FixtureRequest) -> tuple[Model, str, Precision, dict, dict]:
    """Different inputs, and what each gives alone."""
    name, graph, precision = request.param
    model = catalog.load(name)
    inputs = varied(golden(model)[graph][0], max(LENGTHS))
    outputs = tuple(golden(model)[graph][1])
    runs = [
        engine.infer(
            model,
            {key: array[i : i + 1] for key, array in inputs.items()},
            graph=graph,
            outputs=outputs,
            precision=precision,
        )
        for i in range(max(LENGTHS))
    ]
    alone = {output: np.concatenate([run[output] for run in runs]) for output in outputs}
    return model, graph, precision, inputs, alone


@pytest.mark.parametrize("n", LENGTHS)
def test_any_number_at_once_gives_what_one_by_one_gives(n: int, one_by_one: tuple) -> None:
    model, graph, precision, inputs, alone = one_by_one
    run = engine.infer(
        model,
        {key: array[:n] for key, array in inputs.items()},
        graph=graph,
        outputs=tuple(alone),
        precision=precision,
        deadline=60,
    )
    assert run.precision == precision
    file = model.card.graph(graph, precision)
    recurrent = b"DynamicQuantizeLSTM" in model.graph_bytes(file)
    for output, values in alone.items():
        apart = RECURRENT if recurrent else APART[precision]
        assert near(output, run[output], values[:n], apart)
    rows = np.concatenate([values.reshape(len(values), -1) for values in alone.values()], axis=1)
    assert len(np.unique(rows, axis=0)) == len(rows)  # so that a swap would show


@pytest.mark.parametrize(("name", "graph", "precision"), FILES)
def test_eight_threads_on_one_session_agree_bit_for_bit(
    name: str, graph: str, precision: Precision
) -> None:
    model = catalog.load(name)
    inputs, outputs = golden(model)[graph]
    session = model.session(graph, precision)
    inputs = varied(inputs, 4)
    feeds = [{key: array[i : i + 1] for key, array in inputs.items()} for i in range(4)]

    def run(i: int) -> bytes:
        found = session.run(tuple(outputs), feeds[i % 4], time.monotonic() + 120)
        return b"".join(array.tobytes() for array in found)

    alone = [run(i) for i in range(4)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(run, range(64)))
    assert len(set(alone)) == 4
    assert together == alone * 16


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("name", catalog.NAMES)
def test_every_graph_has_a_precision_for_every_device(
    host: pytest.MonkeyPatch, name: str, device: str
) -> None:
    host.setattr(runtime, "device", lambda: device)
    model = catalog.load(name)
    assert model.precision() == model.card.serves[device]
    for graph, files in model.card.graphs.items():
        assert model.precision(graph) in files


def test_a_session_is_opened_once_whoever_asks(model: Model) -> None:
    with ThreadPoolExecutor(8) as pool:
        sessions = list(pool.map(lambda _: model.session("predict", "int8"), range(16)))
    assert len(set(map(id, sessions))) == 1


def altered(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [Path.unlink, altered], ids=["missing", "altered"])
@pytest.mark.parametrize("name", catalog.NAMES)
def test_a_missing_or_altered_file_is_refused_in_a_sentence(
    name: str, harm: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = tmp_path / name
    shutil.copytree(catalog.FOLDER / name, folder, ignore=shutil.ignore_patterns("*.py*", "__*"))
    model = catalog.load(name, folder)
    graphs = [files[precision] for files in model.card.graphs.values() for precision in files]
    files = {file.file: file.stored for file in graphs} | {name: name for name in model.card.files}
    for file in graphs:
        assert model.graph_bytes(file)
    for stored in files.values():
        harm(folder / stored)
    uses = {file: partial(model.text, file) for file in model.card.files}
    named = {file: file for file in uses}  # of a delta what it differs from, which is harmed too
    for graph, precisions in model.card.graphs.items():
        for precision, released in precisions.items():
            uses[released.file] = partial(model.session, graph, precision)
            named[released.file] = f"({released.file}|{released.delta_of or released.file})"
    assert uses.keys() == files.keys()
    for file, use in uses.items():
        with pytest.raises(ReleaseError, match=f"The file {named[file]} of {name} is ") as caught:
            use()
        assert is_sentence(caught.value)


@pytest.mark.parametrize("name", catalog.NAMES)
def test_a_card_that_is_missing_broken_or_another_models_is_refused(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseError, match=f"{tmp_path.name} has no readable card"):
        catalog.load(name, tmp_path)
    card = (catalog.FOLDER / name / "card.json").read_bytes()
    (tmp_path / "card.json").write_bytes(card[:-1])
    with pytest.raises(ReleaseError, match="Invalid JSON"):
        catalog.load(name, tmp_path)
    (tmp_path / "card.json").write_bytes(card)
    with pytest.raises(ReleaseError, match=f"is that of {name}"):
        catalog.load("another", tmp_path)


def test_an_unknown_name_answers_with_the_known_ones() -> None:
    with pytest.raises(UnknownModelError) as caught:
        catalog.load("../image_recognition")
    assert all(name in str(caught.value) for name in catalog.NAMES)
    assert str(caught.value).endswith(".")


def test_a_file_that_no_card_names_is_not_read(model: Model) -> None:
    for file in ("card.json", "families.py", "../card.py"):
        with pytest.raises(UnsupportedError, match="has no"):
            model.text(file)
