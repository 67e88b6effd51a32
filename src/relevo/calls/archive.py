"""Finding recordings, hearing them and taking them away. Who may is asked at the door; here it is written down who was
given what, and why: a link leads to such a permission and to nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.calls import store
from relevo.calls.ports import LINE_RATE
from relevo.calls.recordings import POINTS, Converter, Recordings, Shelf
from relevo.calls.rules.recordings import HEARD, Access, Kept, Peaks, Search
from relevo.calls.sidecar import Describer
from relevo.conversations.reach_store import seen
from relevo.conversations.rules import iso
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, NotFound, NotReady
from relevo.kit.ids import Ids
from relevo.people.rules import Action, Person, Staff, may
from relevo.people.service import People

_log = log.get("calls.archive")

MOST_ACCESSES = 200


@dataclass(frozen=True, slots=True)
class Sounding:
    """A file to send. ``temporary``: whoever sends it deletes it."""

    path: Path
    media_type: str
    name: str
    attachment: bool
    temporary: bool


class Archive:
    def __init__(
        self,
        db: Database,
        people: People,
        recordings: Recordings,
        shelf: Shelf,
        converter: Converter,
        describer: Describer,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._db = db
        self._people = people
        self._recordings = recordings
        self._shelf = shelf
        self._converter = converter
        self._describer = describer
        self._clock = clock
        self._ids = ids

    async def get(self, session: AsyncSession, recording_id: str) -> Kept:
        """A recording with something to hear."""
        kept = await store.kept(session, recording_id)
        if kept is None or kept.state not in HEARD:
            raise NotFound("no_recording")
        return self._recordings.current(kept)

    async def find(
        self, session: AsyncSession, search: Search, *, limit: int, before: str | None, viewer: Staff | None = None
    ) -> tuple[list[Kept], str | None]:
        """A page of them, the latest first, and what to ask for the next one with."""
        same = await self._people.same_as(session, search.person) if search.person else ()
        found = await store.find_kept(session, search, people=same, limit=limit + 1, before=before, viewer=viewer)
        following = found[limit - 1].id if len(found) > limit else None
        return [self._recordings.current(kept) for kept in found[:limit]], following

    async def list_json(self, session: AsyncSession, found: Sequence[Kept]) -> list[dict[str, Any]]:
        people = await self._people.get_many(session, [kept.call.person_id for kept in found])
        names = await self._people.staff_names(session)
        return [self._json(kept, people.get(kept.call.person_id), names) for kept in found]

    async def as_json(self, session: AsyncSession, kept: Kept) -> dict[str, Any]:
        """With markers and transcript."""
        data = (await self.list_json(session, [kept]))[0]
        about = await self._describer.about(session, kept, seconds=kept.seconds or 0.0)
        data["markers"] = [asdict(marker) for marker in kept.markers]
        data["transcript"] = [asdict(part) for part in about.sentences]
        return data

    async def peaks(self, recording_id: str, points: int) -> dict[str, Any]:
        async with self._db.read() as session:
            kept = await self.get(session, recording_id)
        facts = await asyncio.to_thread(self._shelf.facts, recording_id)
        known = facts.get("peaks")
        if known is not None:
            peaks = Peaks(tuple(known["customer"]), tuple(known["ours"]))
        else:
            peaks = await self._converter.peaks(await self._file(recording_id), POINTS)
        return {**asdict(peaks.at_most(points)), "seconds": kept.seconds or 0.0}

    async def grant(
        self,
        recording_id: str,
        staff: Staff,
        *,
        format: str,
        rate: int | None,
        download: bool,
        reason: str,
    ) -> Access:
        """Permission to hear or keep it, on record. To keep it one needs a reason."""
        reason = " ".join(reason.split())
        if download and not reason:
            raise Invalid("reason_missing")
        await self._file(recording_id)
        access = Access(
            self._ids.new("acc"), recording_id, staff.id, "download" if download else "listen", format, rate, reason,
            self._clock.now(),
        )  # fmt: skip
        async with self._db.write() as tx:
            await self.get(tx.session, recording_id)
            await store.add_access(tx.session, access)
        return access

    async def accesses_json(self, session: AsyncSession, recording_id: str) -> list[dict[str, Any]]:
        """Who was given it, the latest first."""
        await self.get(session, recording_id)
        names = await self._people.staff_names(session)
        return [
            {
                "by": {"id": access.staff_id, "name": names.get(access.staff_id)},
                "kind": access.kind,
                "format": access.format,
                "rate": access.rate,
                "reason": access.reason,
                "at": iso(access.at),
            }
            for access in await store.accesses(session, recording_id, limit=MOST_ACCESSES)
        ]

    async def sounding(self, access_id: str) -> Sounding:
        """The file that a permission leads to: as it rests, or made for this download."""
        async with self._db.read() as session:
            access = await store.access(session, access_id)
            if access is None:
                raise NotFound("no_recording")
            kept = await self.get(session, access.recording_id)
            await self._still(session, access, kept)
            person = await self._people.get(session, kept.call.person_id)
        source = await self._file(kept.id)
        download, temporary = access.kind == "download", False
        rate = access.rate or LINE_RATE
        if access.format == "wav" and (source.suffix != ".wav" or rate != LINE_RATE):
            source, temporary = await self._export(kept.id, source, rate), True
        media_type = "audio/ogg" if source.suffix == ".opus" else "audio/wav"
        name = self._describer.name(kept, person.name if person else None, source.suffix[1:])
        return Sounding(source, media_type, name, download, temporary)

    async def _still(self, session: AsyncSession, access: Access, kept: Kept) -> None:
        """Who was given it may hear it now: they are here, and it is of their part of the house."""
        member = await self._people.staff(access.staff_id)
        if member is None or not may(member, Action.HEAR_RECORDINGS):
            raise NotFound("no_recording")
        if not await seen(session, member, [kept.call.conversation_id]):
            raise NotFound("no_recording")

    async def _export(self, recording_id: str, source: Path, rate: int) -> Path:
        target = await asyncio.to_thread(self._shelf.aside, "wav")
        try:
            await self._converter.export(source, target, rate)
        except BaseException as error:
            await asyncio.to_thread(target.unlink, missing_ok=True)
            if not isinstance(error, OSError):
                raise
            _log.exception("a recording could not be exported", recording=recording_id)
            raise NotReady("export_failed") from error
        return target

    async def _file(self, recording_id: str) -> Path:
        path = await asyncio.to_thread(self._shelf.find, recording_id)
        if path is None:
            raise NotFound("no_recording")
        return path

    def _json(self, kept: Kept, person: Person | None, names: Mapping[str, str]) -> dict[str, Any]:
        call = kept.call
        return {
            "id": kept.id,
            "number": kept.number,
            "call_id": call.id,
            "conversation_id": call.conversation_id,
            "state": kept.state.value,
            "person": {
                "id": person.id if person else call.person_id,
                "name": person.shown_name if person else None,
                "identities": [{"kind": known.kind.value, "value": known.value} for known in person.identities]
                if person
                else [],
            },
            "agent": {"id": kept.agent_id, "name": names.get(kept.agent_id)} if kept.agent_id else None,
            "direction": call.direction.value,
            "line": call.line,
            "from": call.from_,
            "to": call.to,
            "started_at": iso(kept.started_at),
            "ended_at": iso(kept.ended_at),
            "end_reason": call.end_reason.value if call.end_reason else None,
            "seconds": kept.seconds or 0.0,
            "size": kept.size or 0,
        }
