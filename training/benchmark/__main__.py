"""One table of speed, from one run: `python -m training.benchmark [--readme]`.

For every model: PyTorch eager against each released precision in the app's own runtime, batch 1
and 32, on the same inputs and the same number of threads; its gradients in the same way; one map
by every method; what models of faces and of text do; and the way from the bytes of a 12-megapixel
photo to the answer. Run it with nothing beside it.
"""

import argparse
import io
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import onnxruntime
import torch
from PIL import Image, ImageFilter
from torch import nn

from models import catalog, decode, engine, memory, runtime
from models.card import Precision
from models.catalog import Model
from models.explain.methods import METHODS
from models.image_recognition import predict
from models.kinds import generator
from training.benchmark import anomalies, generators, readme, sentiment, speech, tables, texts
from training.benchmark import faces as face_benchmark
from training.core import release
from training.fashion import train
from training.image_recognition import network

Array = np.ndarray[Any, Any]
EAGER: dict[str, Callable[[], Callable[[Array], Any]]] = {
    "image_recognition": network.eager,
    "fashion": train.eager,
}
REFERENCE: dict[str, Callable[[], nn.Module]] = {
    "image_recognition": network.reference,
    "fashion": train.reference,
}
TEXTS = ("text_prediction", "shakespeare")
INSPECTED = ("machine_health", "visual_inspection")


def seconds(call: Callable[[], object], budget: float = 6.0, least: int = 20) -> Array:
    """Wall time of each call, warmed up by three; as many as fit the budget, at least `least`.

    A call that takes a good part of the budget, of which few are asked, is warmed up by one.
    """
    for _ in range(min(3, least - 1)):
        call()
    times: list[float] = []
    end = time.perf_counter() + budget
    while len(times) < least or (time.perf_counter() < end and len(times) < 500):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return np.array(times)


def model_rows(model: Model) -> list[str]:
    """Markdown rows: PyTorch eager and each released precision, batch 1 and 32."""
    golden = model.arrays("golden.npz")
    file = next(iter(model.card.graphs["predict"].values()))
    name = file.inputs[0].name
    inputs = golden[f"predict.in.{name}"]
    eager = EAGER[model.card.name]()
    rows = []
    for n in (1, 32):
        batch = np.resize(inputs, (n, *inputs.shape[1:]))

        def served(precision: Precision, batch: Array = batch) -> engine.Run:
            feeds = {name: batch}
            return engine.infer(model, feeds, outputs=("logits",), precision=precision, deadline=60)

        contenders: dict[str, Callable[[], object]] = {"PyTorch eager": partial(eager, batch)}
        contenders |= {p: partial(served, p) for p in model.card.graphs["predict"]}
        base = None
        for who, call in contenders.items():
            times = seconds(call)
            median, p95 = float(np.median(times)), float(np.quantile(times, 0.95))
            base = base or median
            rows.append(
                f"| `{model.card.name}` | {n} | {who} | {median * 1e3:.1f} | {p95 * 1e3:.1f} "
                f"| {n / median:.0f} | {base / median:.1f} |"
            )
    return rows


def gradient_rows(model: Model) -> list[str]:
    """PyTorch's forward and backward pass against the released graph `gradients`, batch 1 and 8."""
    reference = REFERENCE[model.card.name]()
    golden = model.arrays("golden.npz")
    inputs = {name: golden[f"gradients.in.{name}"] for name in ("image", "target")}
    rows = []
    for n in (1, 8):
        feeds = {name: np.resize(array, (n, *array.shape[1:])) for name, array in inputs.items()}
        tensors = [torch.from_numpy(array) for array in feeds.values()]
        theirs = seconds(partial(reference, *tensors))
        ours = seconds(
            partial(engine.infer, model, feeds, outputs=("input_gradient",), deadline=60)
        )
        base, median = float(np.median(theirs)), float(np.median(ours))
        rows.append(
            f"| `{model.card.name}` | {n} | {base * 1e3:.1f} | {median * 1e3:.1f} "
            f"| {base / median:.1f} |"
        )
    return rows


def method_rows(models: list[Model]) -> list[str]:
    """One map of a golden picture by each method, in milliseconds."""
    rows = []
    for name, method in METHODS.items():
        cells = []
        for model in models:
            image = model.arrays("golden.npz")["predict.in.image"][0]
            times = seconds(partial(method.run, model, image, 0), budget=3, least=3)
            cells.append(f"{np.median(times) * 1e3:.0f}")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def photo(width: int = 4000, height: int = 3000) -> bytes:
    """A made JPEG of 12 megapixels with the busyness of a photo, about 4 MB."""
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (height // 40, width // 40, 3), np.uint8))
    image = coarse.resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.fromarray(rng.integers(0, 256, (height, width), np.uint8)).filter(
        ImageFilter.GaussianBlur(1)
    )
    buffer = io.BytesIO()
    Image.blend(image, grain.convert("RGB"), 0.15).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def photo_rows(model: Model) -> list[str]:
    """From JPEG bytes to the answer, beside the bare run of the model."""
    data = photo()
    pixels = decode.picture(data).pixels
    bare = seconds(lambda: predict(model, [pixels])[1])
    whole = seconds(lambda: predict(model, [decode.picture(data).pixels]))
    return [
        f"| {what} | {np.median(times) * 1e3:.1f} | {np.quantile(times, 0.95) * 1e3:.1f} |"
        for what, times in (
            ("pixels to top 5", bare),
            (f"{len(data) / 1e6:.1f} MB of 12-megapixel JPEG to top 5", whole),
        )
    ]


def report() -> str:
    """The whole block, in Markdown."""
    torch.set_num_threads(runtime.threads())
    models = [catalog.load(name) for name in EAGER]
    head = (
        f"{date.today().isoformat()}, {release.hardware()}, {runtime.threads()} threads, "
        f"{runtime.device().upper()}; torch {torch.__version__}, ONNX Runtime "
        f"{onnxruntime.__version__}. Times in milliseconds."
    )
    rows = [
        "| model | batch | what | median | p95 | inputs a second | times as fast |",
        "|---|---|---|---|---|---|---|",
        *(row for model in models for row in model_rows(model)),
    ]
    names = " | ".join(f"`{name}`" for name in EAGER)
    slopes = [
        "| gradient of | batch | PyTorch, both passes | graph `gradients` | times as fast |",
        "|---|---|---|---|---|",
        *(row for model in models for row in gradient_rows(model)),
        "",
        f"| one map by | {names} |",
        "|---|" + "---|" * len(models),
        *method_rows(models),
    ]
    faces = [
        "| faces | PyTorch eager | ours, median | p95 | times as fast |",
        "|---|---|---|---|---|",
        *face_benchmark.rows(seconds),
    ]
    words = [
        "| text | what | PyTorch eager | released | times as fast |",
        "|---|---|---|---|---|",
        *(row for name in TEXTS for row in texts.rows(catalog.load(name), seconds)),
        *sentiment.rows(catalog.load("sentiment"), seconds),
    ]
    sounds = [
        "| sound | what | PyTorch eager | released | times as fast |",
        "|---|---|---|---|---|",
        *speech.rows(catalog.load("speech"), seconds),
        *speech.digit_rows(catalog.load("digits"), seconds),
    ]
    inspected = [
        "| sensors and parts | what | PyTorch eager | released | times as fast |",
        "|---|---|---|---|---|",
        *(row for name in INSPECTED for row in anomalies.rows(catalog.load(name), seconds)),
    ]
    makers = [catalog.load(name) for name in generator.released()]
    made = [
        "| making pictures | what | PyTorch eager | released | times as fast |",
        "|---|---|---|---|---|",
        *(row for model in makers for row in generators.rows(model, seconds)),
    ]
    rows_of_tables = [
        "| tables | what | isolation forest | PyTorch eager | ours | times as fast |",
        "|---|---|---|---|---|---|",
        *tables.network_rows(catalog.load("network_intrusion"), seconds),
        *tables.fraud_rows(catalog.load("card_fraud"), seconds),
    ]
    around = ["| way of a photo | median | p95 |", "|---|---|---|", *photo_rows(models[0])]
    blocks = [[head], rows, slopes, faces, words, sounds, made, rows_of_tables, inspected, around]
    return "\n\n".join("\n".join(block) for block in blocks)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time every model.")
    parser.add_argument("--readme", action="store_true", help="write the block into README.md")
    given = parser.parse_args()
    memory.settle()  # as the server does
    block = report()
    print(block)
    if given.readme:
        readme.replace("benchmark", block)
