"""Recordings in a folder of this machine, one sound file and one sidecar each, named by an opaque id.

The folder is never served: whoever may listen gets a short-lived link that leads here by id.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ID = re.compile(r"rec_[0-9a-z]{1,40}")


class LocalRecordings:
    def __init__(self, root: Path) -> None:
        self._root = root

    def place(self, recording_id: str) -> Path:
        return self._path(recording_id, "wav")

    def describe(self, recording_id: str, facts: Mapping[str, Any]) -> None:
        """Written aside and moved, so that a sidecar is whole or not there."""
        path = self._path(recording_id, "json")
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".json.new")
        aside.write_text(json.dumps(dict(facts), ensure_ascii=False, indent=2), encoding="utf-8")
        os.replace(aside, path)

    def find(self, recording_id: str) -> Path | None:
        if not _ID.fullmatch(recording_id):
            return None
        path = self._path(recording_id, "wav")
        return path if path.is_file() else None

    def _path(self, recording_id: str, kind: str) -> Path:
        if not _ID.fullmatch(recording_id):
            raise ValueError("not a recording's id")
        return self._root / recording_id[-2:] / f"{recording_id}.{kind}"
