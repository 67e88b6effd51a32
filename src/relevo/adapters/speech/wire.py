"""The frames between the server and its speech workers: a small JSON head and a body of raw sound.

Both sides trust each other (one starts the other), so nothing is negotiated and nothing is pickled.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

SIZES = struct.Struct("!II")


@dataclass(frozen=True, slots=True)
class Frame:
    head: Mapping[str, Any]
    body: bytes = b""


def pack(frame: Frame) -> bytes:
    head = json.dumps(frame.head).encode()
    return SIZES.pack(len(head), len(frame.body)) + head + frame.body


def read(stream: BinaryIO) -> Frame:
    """The next frame. Raises ``EOFError`` when the other side is gone."""
    head, body = SIZES.unpack(_exactly(stream, SIZES.size))
    return Frame(json.loads(_exactly(stream, head)), _exactly(stream, body))


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count) if count else b""
    if len(data) < count:
        raise EOFError
    return data
