"""Sentences that are said again and again (greetings, notices, questions) come back at once, without the engine.

Wraps any voice. What is said is kept in memory for a while; only what was warmed (fixed texts, which name nobody) is
kept on disk between starts. Both are bounded. A half-made sentence is never kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.speech.speaking import sentences
from relevo.calls.ports import Pcm, Voice
from relevo.kit.errors import ProviderError


class Settings(BaseModel):
    """Where and how much."""

    model_config = ConfigDict(extra="forbid")
    folder: Path | None = None
    """Empty: memory only."""
    memory_mb: int = Field(24, ge=0)
    disk_mb: int = Field(128, ge=0)
    longest: int = Field(200, ge=0)
    """Characters: longer sentences are hardly ever said twice."""


class CachedVoice:
    def __init__(self, voice: Voice, settings: Settings | None = None) -> None:
        self._voice = voice
        self._settings = settings or Settings()
        self._kept: OrderedDict[str, Pcm] = OrderedDict()
        self._bytes = 0
        self._written = 0
        self._fixed: set[str] = set()
        """Keys of warmed sentences, which may be on disk."""
        self.name = voice.name
        self.sample_rate = voice.sample_rate
        self.variant = str(getattr(voice, "variant", ""))

    async def start(self) -> None:
        """Start the voice, and make room on disk."""
        if (start := getattr(self._voice, "start", None)) is not None:
            await start()
        await asyncio.to_thread(self._prune)

    async def close(self) -> None:
        if (close := getattr(self._voice, "close", None)) is not None:
            await close()

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
        for sentence in sentences(text):
            key = self.key(sentence, locale)
            if (known := await self._find(key)) is not None:
                yield known
                continue
            made: list[Pcm] = []
            pieces = self._voice.say(sentence, locale=locale)
            try:
                async for piece in pieces:
                    made.append(piece)
                    yield piece
            finally:
                if (close := getattr(pieces, "aclose", None)) is not None:
                    await close()
            if made and len(sentence) <= self._settings.longest:
                await self._keep(key, np.concatenate(made))

    async def warm(self, texts: Iterable[str], *, locale: str = "es") -> int:
        """Make fixed sentences before they are needed, to last; how many were new. What fails is made when said."""
        fresh = 0
        for text in texts:
            for sentence in sentences(text):
                key = self.key(sentence, locale)
                self._fixed.add(key)
                if await self._find(key) is None:
                    with suppress(ProviderError):
                        async for _piece in self.say(sentence, locale=locale):
                            pass
                        fresh += 1
        return fresh

    def key(self, sentence: str, locale: str) -> str:
        parts = (self.name, self.variant, str(self.sample_rate), locale, sentence)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    async def _find(self, key: str) -> Pcm | None:
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return known
        if self._settings.folder is None or key not in self._fixed:
            return None
        data = await asyncio.to_thread(self._read, self._path(self._settings.folder, key))
        if data is None:
            return None
        pcm = np.frombuffer(data, np.int16)
        self._remember(key, pcm)
        return pcm

    async def _keep(self, key: str, pcm: Pcm) -> None:
        self._remember(key, pcm)
        if self._settings.folder is not None and key in self._fixed:
            await asyncio.to_thread(self._write, self._path(self._settings.folder, key), pcm.tobytes())

    def _remember(self, key: str, pcm: Pcm) -> None:
        if key not in self._kept:
            self._bytes += pcm.nbytes
        self._kept[key] = pcm
        while self._bytes > self._settings.memory_mb << 20:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.nbytes

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:2] / f"{key}.pcm"

    @staticmethod
    def _read(path: Path) -> bytes | None:
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return data if len(data) % 2 == 0 else None

    def _write(self, path: Path, data: bytes) -> None:
        """Whole or not at all; a full disk costs only the cache."""
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(data)
            os.replace(file.name, path)
            self._written += len(data)
        if self._written > self._settings.disk_mb << 17:
            self._written = 0
            self._prune()

    def _prune(self) -> None:
        """Drop what has not been said for longest until the folder fits."""
        if self._settings.folder is None:
            return
        found = []
        for path in self._settings.folder.glob("*/*"):
            with suppress(OSError):
                found.append((path.stat().st_mtime, path.stat().st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._settings.disk_mb << 20:
                return
            path.unlink(missing_ok=True)
            total -= size
