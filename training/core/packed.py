"""fp32 ONNX -> the same with its matrices as codes of 4 or 8 bits, 32 to a scale.

Each product with a matrix becomes ONNX Runtime's operator MatMulNBits, which rounds what comes in
to 8 bits when it runs; a matrix that rows are looked up in as well is held once for both. What else
is large is held in 16 bits, and made 32 when the file is loaded.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.core import quantise

BLOCK = 32  # codes to a scale
LEAST = 4096  # numbers in a tensor: a smaller one stays as it is
Array = np.ndarray[Any, Any]


def packed(matrix: Array, bits: int) -> tuple[Array, Array]:
    """Codes uint8 [rows, blocks, 32 * bits / 8] and scales float32 [rows, blocks].

    matrix: float32 [rows, columns], columns a multiple of 32. The middle code stands for nothing.
    """
    rows, columns = matrix.shape
    middle = 1 << (bits - 1)
    blocks = matrix.reshape(rows, columns // BLOCK, BLOCK)
    # The value that is furthest from nothing gets the code that is: it lies on one side alone.
    peak = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    scale = -peak / middle
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    codes = np.clip(np.rint(blocks / scale) + middle, 0, 2 * middle - 1).astype(np.uint8)
    if bits == 4:
        codes = codes[..., ::2] | (codes[..., 1::2] << 4)
    return codes, scale[..., 0]


def pack(source: Path, target: Path, bits: int, looked_up: int) -> None:
    """Write `source` to `target` with its matrices in so many bits, 4 or 8.

    looked_up: bits of those that rows are looked up in as well.
    """
    model = onnx.load(source)
    graph = model.graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    turned = {n.output[0]: n.input[0] for n in graph.node if n.op_type == "Transpose"}
    new: dict[str, Array] = {}
    nodes: list[onnx.NodeProto] = []

    tables = {n.input[0] for n in graph.node if n.op_type == "Gather"} & set(turned.values())

    def codes_of(name: str, matrix: Array) -> tuple[str, str, int]:
        wide = looked_up if name in tables else bits
        if f"{name}_codes" not in new:
            new[f"{name}_codes"], new[f"{name}_scale"] = packed(matrix, wide)
        return f"{name}_codes", f"{name}_scale", wide

    for node in graph.node:
        second = node.input[1] if len(node.input) > 1 else ""
        name = turned.get(second, second)
        values = held.get(name)
        product = node.op_type == "MatMul" and values is not None and values.ndim == 2
        if product and values is not None:
            rows = values if second in turned else np.ascontiguousarray(values.T)
            codes, scale, wide = codes_of(name, rows)
            size = {"K": rows.shape[1], "N": rows.shape[0], "bits": wide, "block_size": BLOCK}
            nodes.append(
                helper.make_node(
                    "MatMulNBits",
                    [node.input[0], codes, scale],
                    node.output,
                    domain="com.microsoft",
                    accuracy_level=4,
                    **size,
                )
            )
        elif node.op_type == "Gather" and node.input[0] in tables:
            matrix = held[node.input[0]]
            codes, scale, wide = codes_of(node.input[0], matrix)
            nodes += _look_up(node, codes, scale, wide, matrix.shape[1])
        else:
            nodes.append(node)
    new["packed_low"], new["packed_high"] = np.array([15], np.uint8), np.array([4], np.uint8)
    graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in new.items())
    del graph.node[:]
    graph.node.extend(nodes)
    quantise.without_unused(graph)
    _in_half(graph)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, target)


def _look_up(
    node: onnx.NodeProto, codes: str, scale: str, bits: int, width: int
) -> list[onnx.NodeProto]:
    """Rows of a packed matrix as float32, in the place of rows of the matrix."""
    index, out = node.input[1], node.output[0]
    made, parts = [], f"{out}_parts"
    made.append(helper.make_node("Gather", [codes, index], [f"{out}_rows"], axis=0))
    made.append(helper.make_node("Gather", [scale, index], [f"{out}_scales"], axis=0))
    if bits == 4:
        # The lower half of a byte is the code that comes first.
        made.append(helper.make_node("BitwiseAnd", [f"{out}_rows", "packed_low"], [f"{out}_even"]))
        made.append(
            helper.make_node(
                "BitShift", [f"{out}_rows", "packed_high"], [f"{out}_odd"], direction="RIGHT"
            )
        )
        axis = f"{out}_axis"
        made.append(_constant(axis, np.array([-1], np.int64)))
        for half in ("even", "odd"):
            made.append(
                helper.make_node("Unsqueeze", [f"{out}_{half}", axis], [f"{out}_{half}_one"])
            )
        both = [f"{out}_even_one", f"{out}_odd_one"]
        made.append(helper.make_node("Concat", both, [f"{out}_pairs"], axis=-1))
        made.append(_constant(f"{out}_shape", np.array([0, 0, 0, BLOCK], np.int64)))
        made.append(helper.make_node("Reshape", [f"{out}_pairs", f"{out}_shape"], [parts]))
    else:
        parts = f"{out}_rows"
    made.append(helper.make_node("Cast", [parts], [f"{out}_whole"], to=TensorProto.FLOAT))
    made.append(_constant(f"{out}_middle", np.array(1 << (bits - 1), np.float32)))
    made.append(helper.make_node("Sub", [f"{out}_whole", f"{out}_middle"], [f"{out}_signed"]))
    made.append(_constant(f"{out}_last", np.array([-1], np.int64)))
    made.append(helper.make_node("Unsqueeze", [f"{out}_scales", f"{out}_last"], [f"{out}_by"]))
    made.append(helper.make_node("Mul", [f"{out}_signed", f"{out}_by"], [f"{out}_scaled"]))
    made.append(_constant(f"{out}_flat", np.array([0, 0, width], np.int64)))
    made.append(helper.make_node("Reshape", [f"{out}_scaled", f"{out}_flat"], [out]))
    return made


def _constant(name: str, value: Array) -> onnx.NodeProto:
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(value, name))


def _in_half(graph: onnx.GraphProto) -> None:
    """Hold what is left of large float32 tensors in 16 bits; scales too, which are made exact."""
    made = []
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < LEAST:
            continue
        graph.initializer.remove(tensor)
        name = f"{tensor.name}_half"
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), name))
        made.append(helper.make_node("Cast", [name], [tensor.name], to=TensorProto.FLOAT))
    nodes = [*made, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
