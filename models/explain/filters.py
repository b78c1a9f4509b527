"""The filters of a network's first layer, read from its released file, and what one answers.

bank = first(model)
bank.weights                         # [filters, side, side, colours]
answered(image, bank.weights[0], 2)  # where in the picture that filter answers, and how much
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.catalog import Model
from models.errors import ReleaseError
from models.explain import Floats, Pixels

# Numbers of fields in ONNX's own format (onnx.proto): serving has no library that reads it.
GRAPH, INITIALIZER, DIMS, DATA_TYPE, NAME, RAW_DATA = 7, 5, 1, 2, 8, 9
FLOAT = 1  # of the types of a tensor
VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5  # how a field is written


@dataclass(frozen=True)
class Bank:
    """weights: float32 [filters, side, side, colours], one colour where pictures are grey."""

    weights: Floats

    def telling(self, image: Pixels, stride: int) -> int:
        """The filter that tells most places of this picture apart, of those that see edges (the
        weights of each colour about add up to nothing), if there are such."""
        spread = np.array([answered(image, one, stride).std() for one in self.weights])
        plain = np.square(self.weights.mean((1, 2))).sum(1)  # what it answers to one colour
        edges = plain < 0.1 * np.square(self.weights).mean((1, 2)).sum(1)
        return int(np.where(edges, spread, -1 if edges.any() else spread).argmax())


def first(model: Model) -> Bank:
    """The first layer's filters. Raises ReleaseError where the file does not hold them."""

    def read() -> Bank:
        name = next(str(row[0]) for row in model.card.tables["layers"].rows if row[1] == "Conv")
        weights = initializer(model.graph_bytes(model.card.graph("predict", "fp32")), name)
        return Bank(np.ascontiguousarray(weights.transpose(0, 2, 3, 1)))

    return model.once("first filters", read, lambda bank: bank.weights.nbytes)


def answered(image: Pixels, one: Floats, stride: int) -> Floats:
    """What a filter [side, side, colours] answers at each place of a picture, uint8 [height, width]
    or [height, width, 3], but for a constant and a scale, which the network's first steps add."""
    side = len(one)
    coloured = image[..., None] if image.ndim == 2 else image
    windows = np.lib.stride_tricks.sliding_window_view(coloured, (side, side), (0, 1))
    found: Floats = np.einsum("yxcij,ijc->yx", windows[::stride, ::stride], one, optimize=True)
    return found


def initializer(graph: bytes, name: str) -> Floats:
    """A float32 array of an ONNX file. Raises ReleaseError where it holds none of that name."""
    for number, part in _fields(memoryview(graph)):
        if number == GRAPH and isinstance(part, memoryview):
            for kind, tensor in _fields(part):
                if kind == INITIALIZER and isinstance(tensor, memoryview):
                    found = _array(tensor, name)
                    if found is not None:
                        return found
    raise ReleaseError(f"A released file holds no weights {name}.")


def _array(tensor: memoryview, name: str) -> Floats | None:
    shape: list[int] = []
    said: dict[int, int | memoryview] = {}
    for number, value in _fields(tensor):
        if number == DIMS:
            shape += [value] if isinstance(value, int) else _packed(value)
        else:
            said[number] = value
    if bytes(said.get(NAME, b"")) != name.encode() or said.get(DATA_TYPE) != FLOAT:
        return None
    return np.frombuffer(bytes(said.get(RAW_DATA, b"")), "<f4").reshape(shape)


def _packed(view: memoryview) -> list[int]:
    found, at = [], 0
    while at < len(view):
        value, at = _varint(view, at)
        found.append(value)
    return found


def _fields(view: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and content of each field of a message of protocol buffers."""
    at = 0
    while at < len(view):
        tag, at = _varint(view, at)
        number, form = tag >> 3, tag & 7
        if form == VARINT:
            value, at = _varint(view, at)
            yield number, value
            continue
        if form == BYTES:
            size, at = _varint(view, at)
        elif form in (EIGHT, FOUR):
            size = 8 if form == EIGHT else 4
        else:
            raise ReleaseError("A released file is not in the form that it should have.")
        yield number, view[at : at + size]
        at += size


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = view[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
