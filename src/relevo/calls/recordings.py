"""What a recording becomes: begun with its call, at rest when the call is over, compressed by a durable job.

Every step may be cut short by a crash and is done again: the sound is never deleted before its compressed form was
decoded and is safe on the disk. A recording that the customer objected to is deleted, and stays deleted. It knows
nothing of who may listen (``archive.py``).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.calls import store
from relevo.calls.media import recorder as recording
from relevo.calls.media.recorder import Recorder, WriterThread
from relevo.calls.ports import RecordingStore
from relevo.calls.rules import Call
from relevo.calls.rules.recordings import HEARD, Kept, Marker, Peaks, RecordingState, folded
from relevo.calls.sidecar import Describer
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.forgetting import Found, Held, count, forget, sparing
from relevo.kit.ids import Ids
from relevo.kit.work import Job, Work

_log = log.get("calls.recordings")

COMPRESS = "calls.compress"
PATIENCE = timedelta(seconds=60)
"""How long after a call's end its recording may still be open before it is taken for left behind."""
POINTS = 4_000
"""Points of a kept waveform; screens ask for fewer."""


class Shelf(RecordingStore, Protocol):
    """Where recordings are kept, with what rests there. All methods may block: call them off the loop."""

    def packed(self, recording_id: str) -> Path:
        """Where its compressed form belongs, whether it is there or not."""
        ...

    def facts(self, recording_id: str) -> dict[str, Any]:
        """What its sidecar says; nothing, if it has none."""
        ...

    def shed(self, recording_id: str) -> None:
        """Delete the WAV of a recording whose compressed form is there."""
        ...

    def remove(self, recording_id: str) -> None:
        """Delete all there is of it. Fine to do again."""
        ...

    def aside(self, kind: str) -> Path:
        """A new file for something that lives as long as a download."""
        ...


class Converter(Protocol):
    """Blocking work on sound files, done elsewhere than on the loop."""

    packs: bool
    """Whether it can compress."""

    async def pack(self, wav: Path, target: Path) -> bool:
        """Compress. True: ``target`` is there, safe on the disk, and decodes to the same length. False: it is not."""
        ...

    async def peaks(self, source: Path, points: int) -> Peaks: ...

    async def export(self, source: Path, target: Path, rate: int) -> None:
        """A WAV of 16 bits and two channels at ``rate``."""
        ...


class Recordings:
    def __init__(
        self, db: Database, work: Work, shelf: Shelf, converter: Converter, describer: Describer, clock: Clock, ids: Ids
    ) -> None:
        self._db = db
        self._work = work
        self._shelf = shelf
        self._converter = converter
        self._describer = describer
        self._clock = clock
        self._ids = ids
        self._writer = WriterThread()
        self._running: dict[str, Recorder] = {}
        self._compressing: set[str] = set()

    # With the call.

    async def begin(self, tx: Tx, call_id: str, on_fault: Callable[[], None] | None = None) -> tuple[str, Recorder]:
        """Its row and its recorder. ``finish`` must follow."""
        recording_id = self._ids.new("rec")
        await store.add_recording(tx.session, recording_id, call_id, self._clock.now())
        recorder = Recorder(self._writer, self._shelf.place(recording_id), on_fault)
        tx.after_commit(lambda: self._running.update({recording_id: recorder}))
        return recording_id, recorder

    async def objected(self, tx: Tx, recording_id: str) -> None:
        """After ``Recorder.stop(discard=True)``: the deletion is certain even if the process dies now."""
        await store.discard(tx.session, recording_id)
        await self._promise(tx, recording_id, "objected")

    async def forget(self, before: datetime, *, held: Held, rule: str) -> int:
        """Delete recordings that began before, but those of people who are ``held``. Returns how many; their files
        follow in jobs."""

        async def page(session: AsyncSession, after: str) -> Found:
            return await store.old_recordings(session, before, after=after)

        async def drop(tx: Tx, recording_id: str) -> int:
            await store.discard(tx.session, recording_id)
            await self._promise(tx, recording_id, "forgotten")
            return 1

        return await forget(self._db, "recording", page, sparing(held), drop, rule=rule, at=self._clock.now())

    async def count_old(self, before: datetime, *, held: Held) -> int:
        """How many ``forget`` would delete."""

        async def page(session: AsyncSession, after: str) -> Found:
            return await store.old_recordings(session, before, after=after)

        return await count(self._db, page, sparing(held))

    async def call_ended(self, tx: Tx, call: Call) -> None:
        """In the transaction that ends the call: whatever happens to this process, its recording will be dealt with."""
        if call.recording is not None:
            await self._promise(tx, call.recording.id, "late", after=PATIENCE)

    async def finish(self, recording_id: str, said: Sequence[Mapping[str, Any]] = ()) -> None:
        """The call is over: close the file, or repair what a dead process left; then it rests, and is compressed."""
        recorder = self._running.get(recording_id)
        path = self._shelf.place(recording_id)
        try:
            if recorder is not None:
                seconds, markers = await recorder.close(), recorder.markers
                size = await asyncio.to_thread(_size, path)
            else:
                seconds, markers, size = await asyncio.to_thread(_salvage, path)
            state = RecordingState.KEPT_WAV if size is not None and seconds > 0 else RecordingState.LOST
            async with self._db.write() as tx:
                await store.rest(
                    tx.session, recording_id, state=state, milliseconds=round(seconds * 1_000), size=size,
                    markers=markers, at=self._clock.now(),
                )  # fmt: skip
            await self._describe(recording_id, said=list(said))
            # Only now: the job describes it too, and the last word is the job's.
            async with self._db.write() as tx:
                await self._promise(tx, recording_id, "rest")
        finally:
            self._running.pop(recording_id, None)

    async def died_at(self, call: Call) -> datetime | None:
        """When the sound of a call ended whose process is no more. Its file is whole after this; ``finish`` follows."""
        if call.recording is None:
            return None
        path = await asyncio.to_thread(self._shelf.find, call.recording.id)
        if path is None or path.suffix != ".wav":
            return None
        seconds = await asyncio.to_thread(recording.repair, path)
        return call.recording.started_at + timedelta(seconds=seconds)

    def current(self, kept: Kept) -> Kept:
        """With what is known only here of one that is being made."""
        recorder = self._running.get(kept.id)
        if recorder is None:
            return kept
        return replace(kept, seconds=recorder.position_ms / 1_000, markers=tuple(recorder.markers))

    def close(self) -> None:
        """After every ``finish``."""
        self._writer.close()

    # At rest.

    async def compress_job(self, job: Job) -> None:
        recording_id = str(job.payload["recording_id"])
        async with self._db.read() as session:
            kept = await store.kept(session, recording_id)
        if kept is None or kept.state is RecordingState.LOST:
            return
        if kept.state is RecordingState.DISCARDED:
            if recording_id not in self._running:
                await asyncio.to_thread(self._shelf.remove, recording_id)
        elif kept.state is RecordingState.RECORDING:
            if recording_id in self._running:
                async with self._db.write() as tx:
                    await self._promise(tx, recording_id, f"late:{job.id}", after=PATIENCE)
            else:
                _log.warning("a recording was left behind", recording=recording_id)
                await self.finish(recording_id)
        elif recording_id not in self._compressing:
            self._compressing.add(recording_id)
            try:
                if kept.state is RecordingState.KEPT_WAV:
                    await self._compress(recording_id)
                await asyncio.to_thread(self._shelf.shed, recording_id)
            finally:
                self._compressing.discard(recording_id)

    async def _compress(self, recording_id: str) -> None:
        source = await asyncio.to_thread(self._shelf.find, recording_id)
        if (
            source is not None
            and source.suffix == ".wav"
            and self._converter.packs
            and not await self._converter.pack(source, self._shelf.packed(recording_id))
        ):
            _log.error("a recording came out different and stays as it is", recording=recording_id)
        found = await asyncio.to_thread(self._shelf.find, recording_id)
        if found is None:
            _log.error("a recording's file is gone", recording=recording_id)
            return
        peaks = await self._converter.peaks(source or found, POINTS)
        await self._describe(recording_id, found=found, peaks=asdict(peaks))

    async def _describe(self, recording_id: str, *, found: Path | None = None, **more: Any) -> None:
        """The sidecar first, then the row: who reads the row finds the sidecar."""
        async with self._db.read() as session:
            kept = await store.kept(session, recording_id)
            if kept is None or kept.state not in HEARD:
                return
            about = await self._describer.about(session, kept, seconds=kept.seconds or 0.0)
        state, size, digest = kept.state, kept.size, kept.sha256
        if found is not None:
            state = RecordingState.READY if found.suffix == ".opus" else RecordingState.KEPT_WAV
            size, digest = await asyncio.to_thread(_measure, found)
        facts = {**self._describer.facts(kept, about, state, size, digest), **more}
        before = await asyncio.to_thread(self._shelf.facts, recording_id)
        await asyncio.to_thread(self._shelf.describe, recording_id, {**before, **facts})
        async with self._db.write() as tx:
            await store.describe(
                tx.session, recording_id, state=state, size=size, sha256=digest,
                agent_id=about.agents[-1][0] if about.agents else None,
                words=folded(" ".join(part.text for part in about.sentences)),
                names=folded(" ".join(filter(None, [about.contact, *(name for _, name in about.agents)]))),
            )  # fmt: skip

    # Inside.

    async def _promise(self, tx: Tx, recording_id: str, why: str, *, after: timedelta | None = None) -> None:
        await self._work.promise(
            tx,
            COMPRESS,
            key=f"recording:{recording_id}:{why}",
            payload={"recording_id": recording_id},
            run_at=self._clock.now() + after if after else None,
        )


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _salvage(path: Path) -> tuple[float, list[Marker], int | None]:
    if not path.is_file():
        return 0.0, [], None
    return recording.repair(path), recording.markers_beside(path), _size(path)


def _measure(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
