"""Calls and their recordings, without the calls' own machinery: what tests of recordings at rest stand on."""

from __future__ import annotations

import json
import wave
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from relevo.adapters.storage.converter import Converter
from relevo.adapters.storage.local import LocalRecordings
from relevo.calls import store
from relevo.calls.archive import Archive
from relevo.calls.media import mulaw
from relevo.calls.media.recorder import Recorder
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE
from relevo.calls.recordings import COMPRESS, Recordings
from relevo.calls.rules import Call, CallStatus, Direction, EndReason
from relevo.calls.rules.recordings import Kept, Search
from relevo.calls.sidecar import Describer
from relevo.conversations.service import Conversations
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.account_store import put_staff
from relevo.people.rules import Identity, IdentityKind, Role, Staff
from relevo.people.service import People
from relevo.texts import Texts

ZONE = ZoneInfo("America/Argentina/Cordoba")
MARTA = Staff("stf_marta", "marta@x.com", "Marta", Role.AGENT)
JULIAN = Staff("stf_julian", "julian@x.com", "Julián", Role.SUPERVISOR)


def tone(hz: float, ms: int) -> list[bytes]:
    at = np.arange(LINE_RATE * ms // 1_000) / LINE_RATE
    coded = mulaw.encode((np.sin(2 * np.pi * hz * at) * 9_000).astype(np.int16))
    return [coded[start : start + FRAME_SAMPLES] for start in range(0, len(coded), FRAME_SAMPLES)]


def level(channel: np.ndarray, hz: float, rate: int) -> float:
    """How strong a tone is, in dB."""
    window = np.hanning(len(channel))
    at = np.exp(-2j * np.pi * hz * np.arange(len(channel)) / rate)
    return float(20 * np.log10(abs((channel * window * at).mean()) + 1e-9))


def read(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2), file.getframerate()


@dataclass
class Bench:
    """Calls and their recordings, without the calls' own machinery."""

    db: Database
    work: Work
    clock: FixedClock
    ids: CountingIds
    people: People
    conversations: Conversations
    shelf: LocalRecordings
    folder: Path
    recordings: Recordings
    archive: Archive

    async def call(
        self, name: str | None = "Juan García", number: str = "+5493415550101", direction: Direction = Direction.INBOUND
    ) -> Call:
        async with self.db.write() as tx:
            person = await self.people.find_or_create(tx, [Identity(IdentityKind.PHONE, number)], name=name)
            conversation = await self.conversations.open(tx, channel="call", person_id=person.id, meta={})
            ours, theirs = "+543414000000", number
            call = Call(
                id=self.ids.new("cal"), conversation_id=conversation.id, person_id=person.id, direction=direction,
                line="twilio", external_id=None, session_id=None,
                from_=theirs if direction is Direction.INBOUND else ours,
                to=ours if direction is Direction.INBOUND else theirs, status=CallStatus.RINGING, node="node-1",
                started_at=self.clock.now(), answered_at=None, ended_at=None, end_reason=None, ended_by=None,
            )  # fmt: skip
            await store.add_call(tx.session, call)
            await store.activate(tx.session, call.id, node="node-1", at=self.clock.now())
        return call

    async def begin(self, call: Call) -> tuple[str, Recorder]:
        async with self.db.write() as tx:
            return await self.recordings.begin(tx, call.id)

    async def says(self, call: Call, text: str, at_ms: int, end_ms: int, number: int) -> None:
        async with self.db.write() as tx:
            meta = {"call_id": call.id, "at_ms": at_ms, "end_ms": end_ms}
            await self.conversations.receive(
                tx, call.conversation_id, text=text, external_id=f"{call.id}:{number}", meta=meta
            )

    async def ends(self, call: Call, reason: EndReason = EndReason.CUSTOMER_HUNG_UP) -> None:
        async with self.db.write() as tx:
            await store.end(tx.session, call.id, reason=reason, by="customer", at=self.clock.now())
            found = await store.call(tx.session, call.id)
            assert found is not None
            await self.recordings.call_ended(tx, found)

    async def recorded(self, seconds: float = 4.0, **about: Any) -> tuple[Call, str]:
        """A whole call: the customer at 440 Hz, we at 700 Hz."""
        call = await self.call(**about)
        recording_id, recorder = await self.begin(call)
        theirs, ours = tone(440, round(seconds * 1_000)), tone(700, round(seconds * 1_000))
        for at in range(len(ours)):
            recorder.customer(theirs[at], at * FRAME_SAMPLES)
            recorder.tick(ours[at])
        self.clock.advance(timedelta(seconds=seconds))
        await self.ends(call)
        await self.recordings.finish(recording_id)
        return call, recording_id

    async def kept(self, recording_id: str) -> Kept:
        async with self.db.read() as session:
            kept = await store.kept(session, recording_id)
        assert kept is not None
        return kept

    async def found(self, **search: Any) -> list[str]:
        async with self.db.read() as session:
            found, _ = await self.archive.find(session, Search(**search), limit=50, before=None)
        return [kept.id for kept in found]

    def files(self) -> set[str]:
        return {path.name for path in self.folder.rglob("*") if path.is_file()}

    def sidecar(self, recording_id: str) -> dict[str, Any]:
        return dict(json.loads(self.shelf.place(recording_id).with_suffix(".json").read_text()))


Make = Callable[..., Bench]


@asynccontextmanager
async def benches(
    db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds, folder: Path
) -> AsyncIterator[Make]:
    """Benches over one database and folder, as after a restart: what a process knew is gone."""
    texts = Texts("es_AR")
    people = People(db, clock, ids)
    conversations = Conversations(db, live, work, people, clock, ids, texts, {})
    converters: list[Converter] = []
    handlers: dict[str, Any] = {}
    async with db.write() as tx:
        for staff in (MARTA, JULIAN):
            await put_staff(tx.session, staff, clock.now())

    def make(packs: bool | None = None) -> Bench:
        shelf, converter = LocalRecordings(folder), Converter(lambda: ThreadPoolExecutor(1), packs=packs)
        converters.append(converter)
        describer = Describer(people, conversations, texts, timezone=ZONE)
        recordings = Recordings(db, work, shelf, converter, describer, clock, ids)
        archive = Archive(db, people, recordings, shelf, converter, describer, clock, ids)
        if not handlers:
            work.handle(COMPRESS, lambda job: handlers["now"](job))
        handlers["now"] = recordings.compress_job
        return Bench(db, work, clock, ids, people, conversations, shelf, folder, recordings, archive)

    yield make
    for converter in converters:
        await converter.close()
