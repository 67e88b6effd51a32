"""Recordings in a folder of this machine: a sound file and a sidecar each, named by an opaque id.

The folder is never served: whoever may listen gets a short-lived link that leads here by id. A recording is written as
WAV and rests as Opus; while it becomes the other both may be there, and then the compressed one counts.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

LEFT_SECONDS = 3_600
_ID = re.compile(r"rec_[0-9a-z]{1,40}")
_KINDS = ("wav", "opus", "opus.new", "marks", "json", "json.new")


class LocalRecordings:
    def __init__(self, root: Path) -> None:
        self._root = root

    def place(self, recording_id: str) -> Path:
        return self._path(recording_id, "wav")

    def packed(self, recording_id: str) -> Path:
        """Where its compressed form belongs, whether it is there or not."""
        return self._path(recording_id, "opus")

    def find(self, recording_id: str) -> Path | None:
        if not _ID.fullmatch(recording_id):
            return None
        for kind in ("opus", "wav"):
            path = self._path(recording_id, kind)
            if path.is_file():
                return path
        return None

    def describe(self, recording_id: str, facts: Mapping[str, Any]) -> None:
        """Written aside and moved, so that a sidecar is whole or not there."""
        path = self._path(recording_id, "json")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self._path(recording_id, "json.new")
        aside.write_text(json.dumps(dict(facts), ensure_ascii=False, indent=2), encoding="utf-8")
        os.replace(aside, path)

    def facts(self, recording_id: str) -> dict[str, Any]:
        """What its sidecar says; nothing, if it has none."""
        try:
            found = json.loads(self._path(recording_id, "json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return dict(found)

    def shed(self, recording_id: str) -> None:
        """Delete the WAV of a recording whose compressed form is there, and what was noted while it was written."""
        if self._path(recording_id, "opus").is_file():
            for kind in ("wav", "marks"):
                self._path(recording_id, kind).unlink(missing_ok=True)

    def remove(self, recording_id: str) -> None:
        """Delete all there is of it. Fine to do again."""
        for kind in _KINDS:
            self._path(recording_id, kind).unlink(missing_ok=True)

    def aside(self, kind: str) -> Path:
        """A new file that nobody else has, for something that lives as long as a download. Sweeps what was left."""
        self._sweep()
        folder = self._root / "exports"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / f"{secrets.token_hex(12)}.{kind}"

    def _sweep(self) -> None:
        """Downloads that a dead process has left. One that is still being sent is open, and goes on."""
        for left in (self._root / "exports").glob("*"):
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < time.time() - LEFT_SECONDS:
                    left.unlink()

    def _path(self, recording_id: str, kind: str) -> Path:
        if not _ID.fullmatch(recording_id):
            raise ValueError("not a recording's id")
        return self._root / recording_id[-2:] / f"{recording_id}.{kind}"
