"""The seam between whoever asks and whatever computes: `infer`. In-process today.

run = infer(model, {"image": pictures}, outputs=["logits"])
run["logits"], run.provider, run.seconds
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import runtime
from models.card import Precision
from models.catalog import Model

MAX_BATCH = 8  # larger ones were no faster on two cores; between chunks others run


@dataclass(frozen=True)
class Run:
    """What came out of a run and what it took."""

    arrays: Mapping[str, np.ndarray[Any, Any]]
    provider: str  # of the session that ran, read after it was made
    precision: Precision
    seconds: float  # computing
    waited: float  # seconds in the queue before and between chunks

    def __getitem__(self, output: str) -> np.ndarray[Any, Any]:
        return self.arrays[output]

    @property
    def device(self) -> str:
        """`CPU` or `CUDA`, as a visitor reads it."""
        return self.provider.removesuffix("ExecutionProvider")


def infer(
    model: Model,
    inputs: Mapping[str, np.ndarray[Any, Any]],
    *,
    graph: str | None = None,
    outputs: Sequence[str] | None = None,
    precision: Precision | None = None,
    deadline: float | None = None,
    chunk: int = MAX_BATCH,
) -> Run:
    """Run one graph of a model on a batch.

    inputs: arrays whose first axis is the batch, of the dtypes and shapes on the card.
    graph: by default the first on the card that gives all `outputs`: ONNX Runtime computes a
        whole graph whatever is asked of it, so what pages show besides answers has its own.
    outputs: names on the card; by default all of the graph `predict`.
    precision: another than the card serves on this device, to compare.
    deadline: seconds that each chunk may wait and work together; by default it waits for
        `runtime.patience` and works for `runtime.default_deadline`.
    chunk: how many go through the graph at once; more only where one takes far below 1 ms.

    Raises BusyError past the deadline, UnsupportedError for a graph, precision or output that the
    model has not, ReleaseError where its file is missing or altered.
    """
    graph = graph or model.graph_with(outputs or ())
    precision = precision or model.precision(graph)
    session = model.session(graph, precision)
    names = tuple(outputs or session.outputs)
    seconds = waited = 0.0
    done: list[list[np.ndarray[Any, Any]]] = []
    for start in range(0, max(1, len(next(iter(inputs.values())))), chunk):
        feeds = {name: array[start : start + chunk] for name, array in inputs.items()}
        asked = time.monotonic()
        with runtime.slot(None if deadline is None else asked + deadline):
            began = time.monotonic()
            until = began + runtime.default_deadline() if deadline is None else asked + deadline
            done.append(session.run(names, feeds, until))
            seconds += time.monotonic() - began
        waited += began - asked
    arrays = {
        name: parts[0] if len(done) == 1 else np.concatenate(parts)
        for name, parts in zip(names, zip(*done, strict=True), strict=True)
    }
    return Run(arrays, session.provider, precision, seconds, waited)
