"""PyTorch module -> ONNX file, and what such a file says of itself."""

import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import nn

from models.card import Table, Tensor

_DTYPES = {
    1: "float32",
    2: "uint8",
    6: "int32",
    7: "int64",
    9: "bool",
    10: "float16",
    11: "float64",
}

_WITH_WEIGHTS = ("Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "GRU", "Gather")


def export(
    module: nn.Module,
    inputs: dict[str, np.ndarray[Any, Any]],
    outputs: tuple[str, ...],
    path: Path,
    *,
    free: tuple[int, ...] = (),
    lengths: tuple[str, ...] = (),
) -> None:
    """Write `module` to `path` as one ONNX file whose first axes are all the free axis `n`.

    free: further axes of every input that may have any length, each its own.
    lengths: inputs whose second axis may have any length, the same for all of them.
    """
    batch = torch.export.Dim("n", min=1)
    axes = {0: batch} | dict.fromkeys(free, torch.export.Dim.DYNAMIC)
    long = {0: batch, 1: torch.export.Dim("t", min=1)}
    examples = tuple(torch.from_numpy(array[:2]) for array in inputs.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter's own deprecations, not of our module
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it asks for torchvision
        program = torch.onnx.export(
            module.eval(),
            examples,
            dynamo=True,
            external_data=False,
            dynamic_shapes=tuple(long if name in lengths else axes for name in inputs),
            input_names=list(inputs),
            output_names=list(outputs),
            verbose=False,
        )
    assert program is not None
    program.save(path)
    model = onnx.load(path)
    forget_origin(model)
    onnx.save(model, path)


def forget_origin(model: onnx.ModelProto) -> None:
    """Take out where in which file of this machine each node came from.

    Nobody who runs it needs that, and the same network then gives the same bytes.
    """
    graph = model.graph
    parts = (graph.node, graph.value_info, graph.input, graph.output, graph.initializer)
    for part in (model, graph, *(one for some in parts for one in some)):
        del part.metadata_props[:]


def session(data: bytes) -> ort.InferenceSession:
    """A plain CPU session, for checks that must not depend on the app's own runtime."""
    return ort.InferenceSession(data, providers=["CPUExecutionProvider"])


def signature(path: Path) -> tuple[list[Tensor], list[Tensor]]:
    """Inputs and outputs of a graph, as the card lists them."""

    def tensors(values: Any) -> list[Tensor]:
        return [
            Tensor(
                value.name,
                _DTYPES[value.type.tensor_type.elem_type],
                [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim],
            )
            for value in values
        ]

    graph = onnx.load(path).graph
    return tensors(graph.input), tensors(graph.output)


def layers(path: Path) -> Table:
    """The layers that hold weights, in order: name, kind, what comes out, how many weights."""
    model = onnx.shape_inference.infer_shapes(onnx.load(path))
    weights = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    shapes = {
        value.name: [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in [*model.graph.value_info, *model.graph.output]
    }
    rows: list[list[str | float | None]] = []
    seen: set[str] = set()  # a matrix that serves two outputs is one layer
    for node in model.graph.node:
        held = {name: weights[name] for name in node.input if name in weights}
        if node.op_type not in _WITH_WEIGHTS or not held or seen & held.keys():
            continue
        seen |= held.keys()
        count = sum(int(np.prod(dims)) for dims in held.values())
        if count == 1:  # an index, as in "the last of them"
            continue
        groups = next((a.i for a in node.attribute if a.name == "group"), 1)
        kind = "depthwise Conv" if groups > 1 else node.op_type
        shape = " x ".join(map(str, shapes.get(node.output[0], [])[1:]))
        rows.append([next(iter(held)), kind, shape, float(count)])
    return Table(["weights", "kind", "output", "count"], rows, split="graph", n=len(rows))
