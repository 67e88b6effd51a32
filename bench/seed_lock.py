"""What the holds are measured against: two ways of selling a night twice, kept so that the checker has what to catch.

The seed's lock is one Redis key per room and exact range; two ranges that overlap are two keys. It runs on a real Redis
where ``redis-server`` is on the PATH, else on ``ImitatedSetNx``, which does what SET NX does in this process.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import text

from relevo.kit.db import Database

CREATE = (
    "CREATE TABLE sold_by_bench (way VARCHAR(10), room VARCHAR(12), check_in DATE, check_out DATE, guest VARCHAR(20))"
)
OVERLAPPING = text(
    "SELECT count(*) FROM sold_by_bench"
    " WHERE way = :way AND room = :room AND check_in < :check_out AND check_out > :check_in"
)
INSERT = text("INSERT INTO sold_by_bench VALUES (:way, :room, :check_in, :check_out, :guest)")
DELETE = text("DELETE FROM sold_by_bench WHERE way = :way AND guest = :guest")


class SetNx(Protocol):
    async def set_nx(self, key: str) -> bool: ...
    async def delete(self, key: str) -> None: ...


class ImitatedSetNx:
    """SET NX in this process."""

    name = "imitated"

    def __init__(self) -> None:
        self._keys: set[str] = set()

    async def set_nx(self, key: str) -> bool:
        await asyncio.sleep(0)
        if key in self._keys:
            return False
        self._keys.add(key)
        return True

    async def delete(self, key: str) -> None:
        self._keys.discard(key)


class Redis:
    """The two commands of Redis that the seed uses, over its own protocol."""

    name = "redis"

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._turn = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def set_nx(self, key: str) -> bool:
        return await self._ask("SET", key, "1", "NX", "EX", "1200") == b"+OK"

    async def delete(self, key: str) -> None:
        await self._ask("DEL", key)

    async def _ask(self, *words: str) -> bytes:
        async with self._turn:
            if self._streams is None:
                self._streams = await asyncio.open_unix_connection(str(self._socket))
            reader, writer = self._streams
            writer.write(f"*{len(words)}\r\n".encode() + b"".join(f"${len(w)}\r\n{w}\r\n".encode() for w in words))
            return (await reader.readline()).strip()


@asynccontextmanager
async def locks() -> AsyncIterator[ImitatedSetNx | Redis]:
    program = shutil.which("redis-server")
    if program is None:
        yield ImitatedSetNx()
        return
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "redis.sock"
        server = subprocess.Popen(  # noqa: ASYNC220 - lives as long as the bench
            [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(10):
                while not socket.exists():  # noqa: ASYNC110 - a file says nothing when it appears
                    await asyncio.sleep(0.05)
            yield Redis(socket)
        finally:
            server.terminate()
            server.wait(10)


class ReadThenInsert:
    """Look whether the nights are free, then write them."""

    way = "naive"

    def __init__(self, db: Database, rooms: list[str]) -> None:
        self._db = db
        self._rooms = rooms

    async def hold(self, guest: str, check_in: date, check_out: date) -> str | None:
        for room in self._rooms:
            stay = {"way": self.way, "room": room, "check_in": check_in, "check_out": check_out}
            if await self._may(stay):
                async with self._db.write() as tx:
                    await tx.session.execute(INSERT, {**stay, "guest": guest})
                return room
        return None

    async def release(self, guest: str, room: str, check_in: date, check_out: date) -> None:  # noqa: ARG002
        async with self._db.write() as tx:
            await tx.session.execute(DELETE, {"way": self.way, "guest": guest})

    async def _may(self, stay: dict[str, Any]) -> bool:
        async with self._db.read() as session:
            return not (await session.execute(OVERLAPPING, stay)).scalar_one()


class KeyPerRange(ReadThenInsert):
    """The seed's way: ``lock:room:{id}:{in}:{out}`` is all that stands between two guests."""

    way = "seed"

    def __init__(self, db: Database, rooms: list[str], keys: SetNx) -> None:
        super().__init__(db, rooms)
        self._keys = keys

    async def release(self, guest: str, room: str, check_in: date, check_out: date) -> None:
        await super().release(guest, room, check_in, check_out)
        await self._keys.delete(f"lock:room:{room}:{check_in}:{check_out}")

    async def _may(self, stay: dict[str, Any]) -> bool:
        return await self._keys.set_nx("lock:room:{room}:{check_in}:{check_out}".format(**stay))
