"""fp32 ONNX -> int8 ONNX: in all its arithmetic, or in its weights alone.

`quantise`: static, activations uint8, weights int8 per channel, QDQ form. `round_weights`: a file
a quarter as large that computes in float32. `recurrences`: the LSTMs of such a file in int8, their
inputs rounded as they come: six times as fast for one text on two cores with AVX-512 VNNI.
"""

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process


class _Batches(CalibrationDataReader):  # type: ignore[misc]
    """One calibration input at a time, as ONNX Runtime's calibrator wants them."""

    def __init__(self, inputs: dict[str, np.ndarray[Any, Any]]) -> None:
        n = len(next(iter(inputs.values())))
        self._rest: Iterator[dict[str, np.ndarray[Any, Any]]] = iter(
            [{name: array[i : i + 1] for name, array in inputs.items()} for i in range(n)]
        )

    def get_next(self) -> dict[str, np.ndarray[Any, Any]] | None:
        return next(self._rest, None)


def quantise(source: Path, target: Path, calibration: dict[str, np.ndarray[Any, Any]]) -> None:
    """Write the int8 form of `source` to `target`.

    calibration: real inputs, first axis the batch; their smallest and largest activations set the
    scales (Jacob et al. 2018, arXiv:1712.05877).
    """
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser logs hints through the root logger
    with tempfile.TemporaryDirectory() as scratch:
        prepared = Path(scratch) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(target),
            _Batches(calibration),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            calibrate_method=CalibrationMethod.MinMax,
        )


def rounded(values: np.ndarray[Any, Any], axis: int = -1) -> tuple[Any, Any]:
    """int8 codes and float32 scales, one along `axis`, whose product is near `values`."""
    scale = (np.maximum(np.abs(values).max(axis, keepdims=True), 1e-30) / 127).astype(np.float32)
    return np.rint(values / scale).astype(np.int8), scale


def round_weights(source: Path, target: Path, least: int = 4096) -> None:
    """Write `source` to `target` with every float32 matrix as int8.

    One scale for each row, or for each column where that is nearer: a matrix that was rounded by
    its rows is held by its columns where the graph has it turned, and is the same in both.
    Cast and Mul make floats of them again, which ONNX Runtime does once, when it loads the file:
    unlike DequantizeLinear, which it would run again on every call.
    least: smaller ones stay as they are.
    """
    model = onnx.load(source)
    graph, made = model.graph, []
    for held in list(graph.initializer):
        values = numpy_helper.to_array(held)
        if values.dtype != np.float32 or values.ndim < 2 or values.size < least:
            continue
        codes, scale = min(
            (rounded(values, axis) for axis in (-1, -2)),
            key=lambda pair: float(np.abs(pair[0] * pair[1] - values).max()),
        )
        parts = {f"{held.name}_int8": codes, f"{held.name}_scale": scale}
        graph.initializer.remove(held)
        graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in parts.items())
        whole, (first, second) = f"{held.name}_whole", parts
        made += [
            onnx.helper.make_node("Cast", [first], [whole], to=onnx.TensorProto.FLOAT),
            onnx.helper.make_node("Mul", [whole, second], [held.name]),
        ]
    nodes = [*made, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, target)


def recurrences(source: Path, target: Path) -> None:
    """Write `source`, as `round_weights` made it, to `target` with each LSTM in int8 arithmetic.

    ONNX Runtime's operator DynamicQuantizeLSTM: it holds the same codes, one scale for each gate's
    row, and rounds inputs and states to 8 bits when it runs, by what it is given: what else is in
    a batch moves an answer a little.
    """
    model = onnx.load(source)
    graph = model.graph
    held = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    for place, node in enumerate(graph.node):
        if (
            node.op_type != "LSTM"
            or not {f"{name}_int8" for name in node.input[1:3]} <= held.keys()
        ):
            continue  # one so small that it was not rounded stays as it is
        inputs = [*node.input] + [""] * (8 - len(node.input))
        scales = []
        for name in node.input[1:3]:
            whole, scale = held[f"{name}_int8"], held[f"{name}_scale"]
            if scale.shape[2] != 1:
                raise ValueError(f"{name} is not rounded by its rows")
            made = {
                f"{name}_codes": np.ascontiguousarray(whole.transpose(0, 2, 1)),
                f"{name}_row_scale": scale[:, :, 0],
                f"{name}_zero": np.zeros(scale.shape[:2], np.int8),
            }
            graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in made.items())
            inputs[list(node.input).index(name)] = f"{name}_codes"
            scales += [f"{name}_row_scale", f"{name}_zero"]
        quick = onnx.helper.make_node(
            "DynamicQuantizeLSTM",
            [*inputs, *scales],
            node.output,
            domain="com.microsoft",
            hidden_size=next(a.i for a in node.attribute if a.name == "hidden_size"),
        )
        graph.node[place].CopyFrom(quick)
    model.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    _without_unused(graph)
    onnx.save(model, target)


def _without_unused(graph: onnx.GraphProto) -> None:
    """Take out nodes and weights that nothing asks for any more."""
    wanted = {output.name for output in graph.output}
    kept = []
    for node in reversed(graph.node):
        if wanted & set(node.output):
            kept.append(node)
            wanted |= set(node.input)
    weights = [t for t in graph.initializer if t.name in wanted]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(weights)
