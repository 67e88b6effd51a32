"""Reads the weights out of an ONNX file without any ONNX library: just enough of protobuf to find the constants.

It knows nothing of the graph and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_MODEL_GRAPH = 7
_GRAPH_NODE = 1
_NODE_OUTPUT, _NODE_ATTRIBUTE = 2, 5
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH = 5, 6
_TENSOR_SHAPE, _TENSOR_TYPE, _TENSOR_DATA = 1, 2, 9
_FLOAT = 1

Floats = NDArray[np.float32]


def constants(model: Path) -> dict[str, Floats]:
    """Every float constant of the graph and of the branches inside it, by the name of its output."""
    found: dict[str, Floats] = {}
    for number, graph in _fields(model.read_bytes()):
        if number == _MODEL_GRAPH:
            found.update(_of_graph(_bytes(graph)))
    return found


def _of_graph(graph: bytes) -> Iterator[tuple[str, Floats]]:
    for number, node in _fields(graph):
        if number != _GRAPH_NODE:
            continue
        output, attributes = "", []
        for part, value in _fields(_bytes(node)):
            if part == _NODE_OUTPUT and not output:
                output = _bytes(value).decode()
            elif part == _NODE_ATTRIBUTE:
                attributes.append(_bytes(value))
        for attribute in attributes:
            for part, value in _fields(attribute):
                if part == _ATTRIBUTE_GRAPH:
                    yield from _of_graph(_bytes(value))
                elif part == _ATTRIBUTE_TENSOR and (tensor := _tensor(_bytes(value))) is not None:
                    yield output, tensor


def _tensor(data: bytes) -> Floats | None:
    shape: list[int] = []
    kind, raw = 0, b""
    for part, value in _fields(data):
        if isinstance(value, int):
            if part == _TENSOR_SHAPE:
                shape.append(value)
            elif part == _TENSOR_TYPE:
                kind = value
        elif part == _TENSOR_DATA:
            raw = value
    return np.frombuffer(raw, "<f4").reshape(shape) if kind == _FLOAT and raw else None


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise ValueError("not an ONNX file")
    return value


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a protobuf message: numbers, and what is counted in bytes."""
    at = 0
    while at < len(data):
        key, at = _number(data, at)
        kind = key & 7
        if kind == 0:
            value, at = _number(data, at)
            yield key >> 3, value
            continue
        size = {1: 8, 5: 4}.get(kind, 0)
        if kind == 2:
            size, at = _number(data, at)
        yield key >> 3, data[at : at + size]
        at += size


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
