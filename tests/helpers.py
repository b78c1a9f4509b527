"""What several test files need: the sample photos, and a tiny model made on the spot."""

import asyncio
import hashlib
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnx
from onnx import TensorProto, helper

from models import card as cards
from models import catalog, decode
from models.card import Card, GraphFile, Setting, Training
from models.catalog import Model
from pages import menu
from training.core import export

Array = np.ndarray[Any, Any]
T = TypeVar("T")
ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "pages" / "samples"

TINY = Card(
    name="tiny",
    title="Tiny",
    summary="Small enough to be worked out by hand.",
    task="One picture in, one number a class out.",
    limits=["It knows nothing."],
    labels=["one", "two", "three"],
    data=[],
    weights=None,
    graphs={},
    serves={"cpu": "fp32", "cuda": "fp32"},
    metrics=[],
    tables={},
    settings={"familiarity_threshold": Setting(0.0, "by hand", "nothing")},
    history=[],
    training=Training("none", {}, 0.0, "none", "none", 0),
    files={},
)


def awaited(work: Coroutine[Any, Any, T]) -> T:
    """What it returns, run in a thread of its own: browser tests keep a loop in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def photo(name: str) -> Array:
    """The pixels of a sample in pages/samples."""
    return decode.picture((SAMPLES / name).read_bytes()).pixels


def graph(nodes: list[Any], inputs: list[Any], outputs: list[Any], **constants: Any) -> bytes:
    """An ONNX file of those nodes, checked, in a version that every ONNX Runtime here reads."""
    held = [onnx.numpy_helper.from_array(np.asarray(value), k) for k, value in constants.items()]
    made = helper.make_model(
        helper.make_graph(nodes, "tiny", inputs, outputs, held),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(made, full_check=True)
    return made.SerializeToString()


def floats(name: str, *shape: int | str) -> Any:
    """A float input or output of a graph."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def place(folder: Path, graph: bytes, evidence: dict[str, Any]) -> Model:
    """A model in `folder` that the catalogue loads like a released one."""
    buffer = io.BytesIO()
    np.savez(buffer, **evidence)
    (folder / "evidence.npz").write_bytes(buffer.getvalue())
    (folder / "model.onnx").write_bytes(graph)
    signature = export.signature(folder / "model.onnx")
    file = GraphFile("model.onnx", sha256(graph), len(graph), *signature, {})
    told = {"graphs": {"predict": {"fp32": file}}}
    card = cards.Card(**vars(TINY) | told | {"files": {"evidence.npz": sha256(buffer.getvalue())}})
    cards.write(card, folder)
    return catalog.load("tiny", folder)


def golden(model: Model) -> dict[str, tuple[dict[str, Array], dict[str, Array]]]:
    """Graph -> inputs and PyTorch's outputs, as the release stored them."""
    arrays = model.arrays("golden.npz")

    def held(graph: str, side: str) -> dict[str, Array]:
        start = f"{graph}.{side}."
        return {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}

    kept = {graph: (held(graph, "in"), held(graph, "out")) for graph in model.card.graphs}
    inputs, outputs = kept["predict"]
    for graph, files in model.card.graphs.items():
        if not kept[graph][0]:  # it says the same and more, and is held to the answers alone
            gives = {tensor.name for file in files.values() for tensor in file.outputs}
            kept[graph] = inputs, {k: v for k, v in outputs.items() if k in gives}
    return kept


def varied(inputs: dict[str, Array], n: int) -> dict[str, Array]:
    """n inputs, all different: the golden ones, each moved along its first two axes.

    What has one axis alone comes round soon: of floats, each round lies a little higher.
    """

    def moved(array: Array, by: int) -> Array:
        if not array.ndim:  # one number for each input, as a length
            return array
        once = np.roll(array, by, axis=0)
        if array.ndim == 1 and array.dtype.kind == "f":
            return (once + 0.01 * (by // len(array))).astype(array.dtype)
        return once if array.ndim == 1 else np.roll(once, by // len(array), axis=1)

    return {
        key: np.stack([moved(array[i % len(array)], i) for i in range(n)])
        for key, array in inputs.items()
    }


KINKED = ("input_gradient",)  # outputs that jump where rounding moves a unit over its kink


def near(output: str, found: Array, expected: Array, tolerance: float) -> bool:
    """Whether the largest difference is within the tolerance; for kinked outputs, the whole's.

    One unit on the other side of its kink changes a gradient by some thousandths of its norm.
    """
    if output not in KINKED:
        return difference(found, expected) <= tolerance
    apart = np.linalg.norm((found - expected).ravel()) / np.linalg.norm(expected.ravel())
    return float(apart) <= max(tolerance, 0.05)


def difference(found: Array, expected: Array) -> float:
    """The largest difference relative to the largest value; NaN anywhere gives NaN.

    Bytes are rounded when they are made: where one falls on the other side is no difference.
    """
    assert found.shape == expected.shape
    apart = np.abs(found.astype(np.float64) - expected)  # bytes themselves would wrap around
    if found.dtype == np.uint8:
        apart = np.maximum(apart - 1, 0)
    return float(apart.max() / np.abs(expected).max())


def sha256(data: bytes) -> str:
    """As a card holds it."""
    return hashlib.sha256(data).hexdigest()


ALLOWED = ("numpy", "onnxruntime", "PIL")
ONLY = f"""
import sys
class Only:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in sys.stdlib_module_names | set({ALLOWED}):
            raise ModuleNotFoundError(f"{{name}} is not here", name=name)
sys.meta_path.insert(0, Only())
"""


def alone(code: str, folder: Path) -> tuple[str, str]:
    """What code prints and complains of in that folder, with nothing installed but `ALLOWED`."""
    (folder / "lines.py").write_text(ONLY + code)
    command = [sys.executable, "-I", "lines.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


def page_code(name: str) -> str:
    """The lines of Python that a page shows under Take."""
    about = menu.BY_NAME[name].about
    assert about is not None
    return about.code


def printed_lines(model: Model, folder: Path) -> tuple[str, str]:
    """Run the six lines that a model's page shows, beside the files that they need."""
    code = page_code(model.card.name)
    assert len(code.splitlines()) == 6
    for name in ("model.int8.onnx", "labels.txt"):
        shutil.copy(model.folder / name, folder)
    return alone(code, folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, to see that nothing of it changed."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# What is repeated to fill a field, and what stands at its end.
_FILLED = {
    "one letter": ("a", ""),
    "letters and a sign": ("a", "!"),
    "letters and apostrophes and a sign": ("a'", "!"),
    "apostrophes": ("'", ""),
    "spaces": (" ", "!"),
    "line breaks": ("\n", "a"),
    "combining signs": ("\u0301", ""),
    "a letter with combining signs": ("a\u0301\u0301\u0301", ""),
    "brackets": ("[", ""),
    "letters and signs by turns": ("a!", ""),
    "letters and spaces by turns": ("a ", ""),
    "digits": ("9", ""),
    "emoji": ("\U0001f600", ""),
    "joined emoji": ("\U0001f469\u200d", ""),
    "a script without spaces": ("世", ""),
    "addresses": ("www.a@b ", ""),
    "accents of two heights": ("\u0301\u0316", ""),
    "letters with far too many accents": ("b" + "\u0301\u0316" * 50, ""),
    "signs that nobody sees": ("\u200b", "a"),
    "letters and signs that nobody sees": ("a\u200d", "!"),
    "apostrophes of another kind": ("a\u00b4", "!"),
    "styled letters": ("\U0001d41a", "!"),
    "letters of two scripts": ("a\u0430", "!"),
    "words of two scripts": ("a\u0430 \u0436 ", "!"),
    "signs that stand for three": ("\u2026", ""),
    "Korean in parts": ("\u1112\u1161\u11ab", ""),
    "one long word after others": ("x1", " good"),
}


def filled(length: int) -> dict[str, str]:
    """Texts of that length over which careless code takes far longer than over plain words."""
    return {
        name: (part * length)[: length - len(end)] + end for name, (part, end) in _FILLED.items()
    }


def is_sentence(error: Exception) -> bool:
    """Whether an error's text can stand on a page: one sentence, no path, no traceback."""
    text = str(error)
    return bool(re.fullmatch(r"[A-Z][^\n]*[.]", text)) and not re.search(r"[\\<>]|/\w+/|0x", text)
