"""All queries of the calls room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import Select, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.calls.models import CallbackRow, CallRow, RecordingAccessRow, RecordingRow
from relevo.calls.rules import Call, CallStatus, Direction, EndReason, Recording
from relevo.calls.rules.callbacks import Callback
from relevo.calls.rules.recordings import HEARD, Access, Kept, Marker, RecordingState, Search, folded
from relevo.conversations.reach_store import within
from relevo.people.rules import Staff


async def add_call(session: AsyncSession, call: Call) -> None:
    session.add(
        CallRow(
            id=call.id, conversation_id=call.conversation_id, person_id=call.person_id, direction=call.direction.value,
            line=call.line, external_id=call.external_id, session_id=call.session_id, from_number=call.from_,
            to_number=call.to, status=call.status.value, node=call.node, started_at=call.started_at,
        )
    )  # fmt: skip
    await session.flush()


async def call(session: AsyncSession, call_id: str) -> Call | None:
    return await _one(session, _calls().where(CallRow.id == call_id))


async def call_by_external(session: AsyncSession, external_id: str) -> Call | None:
    return await _one(session, _calls().where(CallRow.external_id == external_id))


async def call_by_session(session: AsyncSession, session_id: str) -> Call | None:
    return await _one(session, _calls().where(CallRow.session_id == session_id))


async def call_of_conversation(session: AsyncSession, conversation_id: str) -> Call | None:
    latest = _calls().where(CallRow.conversation_id == conversation_id).order_by(CallRow.started_at.desc()).limit(1)
    return await _one(session, latest)


async def sounds_of(session: AsyncSession, conversation_ids: Collection[str]) -> set[str]:
    """The ids of the calls of these conversations, and of their recordings."""
    query = select(CallRow.id, RecordingRow.id).outerjoin(RecordingRow, RecordingRow.call_id == CallRow.id)
    found = await session.execute(query.where(CallRow.conversation_id.in_(conversation_ids)))
    return {each for row in found for each in row if each is not None}


async def listing(session: AsyncSession, *, status: str, limit: int, viewer: Staff | None = None) -> list[Call]:
    query = within(_calls().order_by(CallRow.started_at.desc()).limit(limit), viewer, CallRow.conversation_id)
    if status == "active":
        query = query.where(CallRow.status != CallStatus.ENDED.value)
    elif status != "all":
        query = query.where(CallRow.status == status)
    return [_call(row, recording) for row, recording in (await session.execute(query)).all()]


async def unfinished(session: AsyncSession, alive: Collection[str]) -> list[Call]:
    """Calls that are on none of these nodes and have not ended."""
    query = _calls().where(CallRow.node.not_in(list(alive)), CallRow.status != CallStatus.ENDED.value)
    return [_call(row, recording) for row, recording in (await session.execute(query)).all()]


async def ringing_since(session: AsyncSession, before: datetime) -> list[Call]:
    """Calls that began to ring before then and still do."""
    query = _calls().where(CallRow.status == CallStatus.RINGING.value, CallRow.started_at < before)
    return [_call(row, recording) for row, recording in (await session.execute(query)).all()]


async def name_outside(session: AsyncSession, call_id: str, external_id: str) -> None:
    await session.execute(update(CallRow).where(CallRow.id == call_id).values(external_id=external_id))


async def activate(session: AsyncSession, call_id: str, *, node: str, at: datetime) -> bool:
    """Ringing becomes active, once. False if it was not ringing any more."""
    changed = await session.execute(
        update(CallRow)
        .where(CallRow.id == call_id, CallRow.status == CallStatus.RINGING.value)
        .values(status=CallStatus.ACTIVE.value, answered_at=at, node=node)
        .returning(CallRow.id)
    )
    return changed.scalar_one_or_none() is not None


async def end(session: AsyncSession, call_id: str, *, reason: EndReason, by: str | None, at: datetime) -> bool:
    """Once: whoever ends it first says why."""
    changed = await session.execute(
        update(CallRow)
        .where(CallRow.id == call_id, CallRow.status != CallStatus.ENDED.value)
        .values(status=CallStatus.ENDED.value, end_reason=reason.value, ended_by=by, ended_at=at)
        .returning(CallRow.id)
    )
    return changed.scalar_one_or_none() is not None


async def ring_again(session: AsyncSession, call_id: str, *, at: datetime) -> None:
    """An outbound call that could not be placed is tried once more under the same name."""
    await session.execute(
        update(CallRow)
        .where(CallRow.id == call_id)
        .values(status=CallStatus.RINGING.value, end_reason=None, ended_by=None, ended_at=None, started_at=at)
    )


async def add_recording(session: AsyncSession, recording_id: str, call_id: str, at: datetime) -> None:
    session.add(RecordingRow(id=recording_id, call_id=call_id, started_at=at))
    await session.flush()


async def kept(session: AsyncSession, recording_id: str) -> Kept | None:
    found = (await session.execute(_kept().where(RecordingRow.id == recording_id))).first()
    return _kept_of(found[0], found[1]) if found else None


async def find_kept(
    session: AsyncSession, search: Search, *, people: Collection[str], limit: int, before: str | None = None,
    viewer: Staff | None = None,
) -> list[Kept]:  # fmt: skip
    """The latest recordings with something to hear that fit; ``people``: all the ids of who took part, where that is
    searched by id; ``before`` is the last id of the page before."""
    heard = _kept().where(RecordingRow.state.in_([state.value for state in HEARD]))
    query = within(heard, viewer, CallRow.conversation_id)
    if search.text:
        query = query.where(RecordingRow.words.contains(folded(search.text), autoescape=True))
    if search.person:
        named = RecordingRow.names.contains(folded(search.person), autoescape=True)
        query = query.where(or_(named, CallRow.person_id.in_(people)))
    if search.number:
        digits = "".join(char for char in search.number if char in "0123456789") or "-"
        query = query.where(or_(CallRow.from_number.contains(digits), CallRow.to_number.contains(digits)))
    if search.result is not None:
        query = query.where(CallRow.end_reason == search.result.value)
    if search.since is not None:
        query = query.where(RecordingRow.started_at >= search.since)
    if search.until is not None:
        query = query.where(RecordingRow.started_at < search.until)
    place = tuple_(RecordingRow.started_at, RecordingRow.id)
    if before is not None:
        last = select(RecordingRow.started_at, RecordingRow.id).where(RecordingRow.id == before)
        query = query.where(place < last.scalar_subquery())
    query = query.order_by(RecordingRow.started_at.desc(), RecordingRow.id.desc()).limit(limit)
    return [_kept_of(row, call) for row, call in (await session.execute(query)).all()]


async def discard(session: AsyncSession, recording_id: str) -> None:
    gone = RecordingState.DISCARDED.value
    await session.execute(
        update(RecordingRow).where(RecordingRow.id == recording_id).values(state=gone, words=None, names=None)
    )


async def rest(
    session: AsyncSession,
    recording_id: str,
    *,
    state: RecordingState,
    milliseconds: int,
    size: int | None,
    markers: Sequence[Marker],
    at: datetime,
) -> None:
    """It has ended. What is kept gets the next number."""
    values: dict[str, object] = {
        "milliseconds": milliseconds, "size": size, "markers": [asdict(marker) for marker in markers], "ended_at": at,
        "state": state.value,
    }  # fmt: skip
    if state in HEARD:
        following = select(func.coalesce(func.max(RecordingRow.number), 0) + 1).scalar_subquery()
        values["number"] = func.coalesce(RecordingRow.number, following)
    query = update(RecordingRow).where(
        RecordingRow.id == recording_id, RecordingRow.state != RecordingState.DISCARDED.value
    )
    await session.execute(query.values(values))


async def describe(
    session: AsyncSession,
    recording_id: str,
    *,
    state: RecordingState,
    size: int | None,
    sha256: str | None,
    agent_id: str | None,
    words: str,
    names: str,
) -> None:
    """What is known of it at rest, unless it was discarded meanwhile."""
    await session.execute(
        update(RecordingRow)
        .where(RecordingRow.id == recording_id, RecordingRow.state != RecordingState.DISCARDED.value)
        .values(state=state.value, size=size, sha256=sha256, agent_id=agent_id, words=words, names=names)
    )


async def add_access(session: AsyncSession, access: Access) -> None:
    session.add(
        RecordingAccessRow(
            id=access.id, recording_id=access.recording_id, staff_id=access.staff_id, kind=access.kind,
            format=access.format, rate=access.rate, reason=access.reason, at=access.at,
        )
    )  # fmt: skip
    await session.flush()


async def access(session: AsyncSession, access_id: str) -> Access | None:
    row = await session.get(RecordingAccessRow, access_id)
    return _access(row) if row else None


async def accesses(session: AsyncSession, recording_id: str, *, limit: int) -> list[Access]:
    query = (
        select(RecordingAccessRow)
        .where(RecordingAccessRow.recording_id == recording_id)
        .order_by(RecordingAccessRow.at.desc(), RecordingAccessRow.id.desc())
        .limit(limit)
    )
    return [_access(row) for row in (await session.execute(query)).scalars()]


def _access(row: RecordingAccessRow) -> Access:
    return Access(row.id, row.recording_id, row.staff_id, row.kind, row.format, row.rate, row.reason, row.at)


def _kept() -> Select[RecordingRow, CallRow]:
    return (
        select(RecordingRow, CallRow)
        .join(CallRow, CallRow.id == RecordingRow.call_id)
        .execution_options(populate_existing=True)
    )


def _kept_of(row: RecordingRow, call: CallRow) -> Kept:
    plain = _recording(row)
    return Kept(
        id=row.id, call=_call(call, row), state=RecordingState(row.state), number=row.number, seconds=plain.seconds,
        size=row.size, started_at=row.started_at, ended_at=row.ended_at, agent_id=row.agent_id,
        markers=tuple(Marker(**marker) for marker in row.markers), sha256=row.sha256,
    )  # fmt: skip


def _calls() -> Select[CallRow, RecordingRow]:
    return (
        select(CallRow, RecordingRow)
        .outerjoin(RecordingRow, RecordingRow.call_id == CallRow.id)
        .execution_options(populate_existing=True)
    )


async def _one(session: AsyncSession, query: Select[CallRow, RecordingRow]) -> Call | None:
    found = (await session.execute(query)).first()
    return _call(found[0], found[1]) if found else None


def _call(row: CallRow, recording: RecordingRow | None) -> Call:
    return Call(
        id=row.id, conversation_id=row.conversation_id, person_id=row.person_id, direction=Direction(row.direction),
        line=row.line, external_id=row.external_id, session_id=row.session_id, from_=row.from_number, to=row.to_number,
        status=CallStatus(row.status), node=row.node, started_at=row.started_at, answered_at=row.answered_at,
        ended_at=row.ended_at, end_reason=EndReason(row.end_reason) if row.end_reason else None, ended_by=row.ended_by,
        recording=_recording(recording) if recording and recording.state in HEARD else None,
    )  # fmt: skip


def _recording(row: RecordingRow) -> Recording:
    seconds = row.milliseconds / 1_000 if row.milliseconds is not None else None
    return Recording(row.id, row.call_id, seconds, row.size, row.started_at, row.ended_at)


async def callback(session: AsyncSession, callback_id: str) -> Callback | None:
    row = await session.get(CallbackRow, callback_id, populate_existing=True)
    return _callback(row) if row else None


async def callback_of_call(session: AsyncSession, call_id: str) -> Callback | None:
    row = (await session.execute(select(CallbackRow).where(CallbackRow.call_id == call_id))).scalar_one_or_none()
    return _callback(row) if row else None


async def open_callbacks(session: AsyncSession) -> list[Callback]:
    query = select(CallbackRow).where(CallbackRow.done_at.is_(None)).order_by(CallbackRow.begin_at, CallbackRow.id)
    return [_callback(row) for row in (await session.execute(query)).scalars()]


async def put_callback(session: AsyncSession, callback: Callback) -> None:
    await session.merge(
        CallbackRow(
            id=callback.id, call_id=callback.call_id, conversation_id=callback.conversation_id,
            person_id=callback.person_id, number=callback.number, begin_at=callback.begin.astimezone(UTC),
            end_at=callback.end.astimezone(UTC), asked_at=callback.asked_at, done_at=callback.done_at,
            done_by=callback.done_by,
        )
    )  # fmt: skip
    await session.flush()


async def callback_done(session: AsyncSession, callback_id: str, *, by: str | None, at: datetime) -> bool:
    """Once: whoever called first."""
    changed = await session.execute(
        update(CallbackRow)
        .where(CallbackRow.id == callback_id, CallbackRow.done_at.is_(None))
        .values(done_at=at, done_by=by)
        .returning(CallbackRow.id)
    )
    return changed.scalar_one_or_none() is not None


def _callback(row: CallbackRow) -> Callback:
    return Callback(
        row.id, row.call_id, row.conversation_id, row.person_id, row.number, row.begin_at, row.end_at, row.asked_at,
        row.done_at, row.done_by,
    )  # fmt: skip


async def old_recordings(
    session: AsyncSession, before: datetime, *, after: str = "", limit: int = 200
) -> list[tuple[str, str]]:
    """(recording, person) of what was recorded before and can still be heard, by id and after ``after``."""
    query = (
        select(RecordingRow.id, CallRow.person_id)
        .join(CallRow, CallRow.id == RecordingRow.call_id)
        .where(
            RecordingRow.id > after,
            RecordingRow.started_at < before,
            RecordingRow.state.in_([state.value for state in HEARD]),
        )
        .order_by(RecordingRow.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]
