"""fp32 ONNX -> int8 ONNX: in all its arithmetic, or in its weights alone.

`quantise`: static, activations uint8, weights int8 per channel, QDQ form, in the whole graph or in
its larger convolutions. `round_weights`: a file
a quarter as large that computes in float32. `recurrences`: the LSTMs of such a file in int8, their
inputs rounded as they come: six times as fast for one text on two cores with AVX-512 VNNI.
"""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

LEAST = 4096  # numbers in a matrix: a smaller one stays as it is


class _Batches(CalibrationDataReader):  # type: ignore[misc]
    """One calibration input at a time, as ONNX Runtime's calibrator wants them."""

    def __init__(self, inputs: dict[str, np.ndarray[Any, Any]]) -> None:
        n = len(next(iter(inputs.values())))
        self._rest: Iterator[dict[str, np.ndarray[Any, Any]]] = iter(
            [{name: array[i : i + 1] for name, array in inputs.items()} for i in range(n)]
        )

    def get_next(self) -> dict[str, np.ndarray[Any, Any]] | None:
        return next(self._rest, None)


def quantise(
    source: Path,
    target: Path,
    calibration: dict[str, np.ndarray[Any, Any]],
    *,
    within: tuple[str, ...] | None = None,
) -> None:
    """Write the int8 form of `source` to `target`.

    calibration: real inputs, first axis the batch; their smallest and largest activations set the
    scales (Jacob et al. 2018, arXiv:1712.05877).
    within: where given, only convolutions with kernels whose names begin with one of these compute
    in int8, with weights of 7 bits: those of 8 overflow in the sums of processors without VNNI.
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
            reduce_range=within is not None,
            nodes_to_quantize=within and _convolutions(onnx.load(prepared).graph, within),
        )


def _convolutions(graph: onnx.GraphProto, within: tuple[str, ...]) -> list[str]:
    """The names of those with such kernels, if they look at more than one place."""
    kernels = {held.name: held.dims for held in graph.initializer if held.name.startswith(within)}
    return [
        node.name
        for node in graph.node
        if node.op_type == "Conv" and max(kernels.get(node.input[1], (0, 0, 1))[2:]) > 1
    ]


def rounded(values: np.ndarray[Any, Any], axis: int = -1) -> tuple[Any, Any]:
    """int8 codes and float32 scales, one along `axis`, whose product is near `values`."""
    scale = (np.maximum(np.abs(values).max(axis, keepdims=True), 1e-30) / 127).astype(np.float32)
    return np.rint(values / scale).astype(np.int8), scale


@torch.no_grad()
def round_tensors(tensors: Iterable[torch.Tensor], least: int = 0) -> None:
    """Make each matrix of at least `least` numbers int8 codes times scales, as in a release."""
    for weights in tensors:
        if weights.ndim > 1 and weights.numel() >= least:
            codes, scale = rounded(weights.numpy())
            weights.copy_(torch.from_numpy(codes * scale))


def round_weights(source: Path, target: Path, least: int = LEAST) -> None:
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
    """Write `source`, as `round_weights` made it, to `target` with its recurrences in int8.

    Each LSTM becomes ONNX Runtime's operator DynamicQuantizeLSTM, and each product with a turned
    matrix, as of hidden states with an embedding, DynamicQuantizeMatMul. They hold the same codes,
    one scale for each row, and round what comes in to 8 bits when they run, by its range: what
    else is in a batch moves an answer a little.
    """
    model = onnx.load(source)
    graph = model.graph
    held = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    turned = {n.output[0]: n.input[0] for n in graph.node if n.op_type == "Transpose"}
    new: dict[str, np.ndarray[Any, Any]] = {}

    def by_rows(name: str) -> list[str]:
        """The names of codes, their last two axes turned, of their scales and zeros."""
        codes, scale = held[f"{name}_int8"], held[f"{name}_scale"]
        if scale.shape[-1] != 1:
            raise ValueError(f"{name} is not rounded by its rows")
        new[f"{name}_codes"] = np.ascontiguousarray(codes.swapaxes(-1, -2))
        new[f"{name}_row_scale"] = scale[..., 0]
        new[f"{name}_zero"] = np.zeros(scale.shape[:-1], np.int8)
        return [f"{name}_codes", f"{name}_row_scale", f"{name}_zero"]

    for place, node in enumerate(graph.node):
        given = list(node.input)
        if node.op_type == "LSTM" and f"{given[1]}_int8" in held and f"{given[2]}_int8" in held:
            into, across = by_rows(given[1]), by_rows(given[2])
            inputs = [given[0], into[0], across[0], *given[3:], *[""] * (8 - len(given))]
            inputs += [*into[1:], *across[1:]]
            size = next(a.i for a in node.attribute if a.name == "hidden_size")
            kind, settings = "DynamicQuantizeLSTM", {"hidden_size": size}
        elif node.op_type == "MatMul" and f"{turned.get(given[1])}_int8" in held:
            inputs = [given[0], *by_rows(turned[given[1]])]
            kind, settings = "DynamicQuantizeMatMul", {}
        else:
            continue  # a matrix so small that it was not rounded stays as it is
        quick = onnx.helper.make_node(kind, inputs, node.output, domain="com.microsoft", **settings)
        graph.node[place].CopyFrom(quick)
    graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in new.items())
    model.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    without_unused(graph)
    onnx.save(model, target)


def without_unused(graph: onnx.GraphProto) -> None:
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
