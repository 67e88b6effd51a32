"""Files of conversations in a folder of this machine, by a key made of their content.

Each is written aside, made safe and moved, so that it is whole or not there. The folder is never served.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}")


class LocalFiles:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        if path.is_file() and path.stat().st_size == len(content):
            # Wanted again: whoever is about to delete it sees that.
            with suppress(FileNotFoundError):
                os.utime(path)
                return
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        # ``mkstemp`` makes a file that is its owner's only.
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, path)
        finally:
            Path(aside).unlink(missing_ok=True)
        for folder in (path.parent, self._root):
            _settle(folder)

    def read(self, key: str) -> bytes:
        return self._path(key).read_bytes()

    def keys(self) -> Iterator[str]:
        for path in self._root.glob("??/*"):
            key = f"{path.parent.name}/{path.name}"
            if _KEY.fullmatch(key):
                yield key

    def remove(self, key: str, *, untouched_since: datetime) -> bool:
        path = self._path(key)
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < untouched_since.timestamp():
                path.unlink()
                return True
        return False

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a file's key")
        return self._root / key


def _settle(folder: Path) -> None:
    """A name in a folder survives a power cut from here on."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
