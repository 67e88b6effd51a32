"""Use cases of live calls: answering, connecting a line, hanging up, and tidying after a process that died.

Every change of a call is one short transaction that also announces itself to the live feed; sound belongs to the
session. A call row names the node that carries it, so that a node's orphans can be closed when it is back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.calls import store
from relevo.calls.carrying import Carrying
from relevo.calls.events import CallEnded, CallHeld
from relevo.calls.media.bridge import Bridge
from relevo.calls.media.clock import MediaClock
from relevo.calls.media.ears import Ears
from relevo.calls.parts import CHANNEL, Parts, Surroundings
from relevo.calls.ports import Carrier, Line, SpeechDetector
from relevo.calls.recordings import Recordings
from relevo.calls.rules import WHO_ENDED, Call, CallStatus, Direction, EndReason, TurnPolicy, moves_forward
from relevo.calls.session import Session
from relevo.conversations.events import ControlChanged
from relevo.conversations.rules import Control, iso
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Tx
from relevo.kit.errors import Conflict, NotFound, ProviderError, TooMany
from relevo.kit.ids import Ids
from relevo.kit.tasks import Tasks
from relevo.people.rules import Action, Identity, Staff, may
from relevo.people.service import People

_log = log.get("calls")

TOPIC = "calls"
RINGS_AT_MOST = timedelta(minutes=5)
STOP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call that is about to be: enough to make its row."""

    line: str
    from_: str
    to: str
    identities: Sequence[Identity] = ()
    direction: Direction = Direction.INBOUND
    external_id: str | None = None
    session_id: str | None = None
    name: str | None = None
    person_id: str | None = None
    """Where the person is known already (a visitor of the web chat)."""
    purpose: str = "service"
    """What we call for; decides whether we may."""


class Calls:
    def __init__(
        self,
        parts: Parts,
        people: People,
        detector: SpeechDetector,
        recordings: Recordings,
        clock: Clock,
        ids: Ids,
        *,
        node: str,
        media: MediaClock,
        policy: TurnPolicy | None = None,
        most: int = 50,
        show_listeners: bool = True,
    ) -> None:
        self._parts = parts
        self._db = parts.db
        self._live = parts.live
        self._conversations = parts.conversations
        self._people = people
        self._recordings = recordings
        self._clock = clock
        self._ids = ids
        self._node = node
        self._policy = policy
        self._carriers: dict[str, Carrier] = {}
        self.media = media
        self._show_listeners = show_listeners
        self._ears = Ears(detector, self.media)
        self.here = Carrying(parts, clock, most=most)
        self.seated_changed: Callable[[str], None] = lambda _: None
        """Told when a member of staff takes or leaves a seat in a call."""
        self.may_call: Callable[[str, str], Awaitable[None]] = _anybody
        """Asked with number and purpose before we call somebody; raises where we may not."""
        self._tasks = Tasks()

    def use_carrier(self, line: str, carrier: Carrier) -> None:
        """Who can be asked to end a call of this line that has no socket (yet)."""
        self._carriers[line] = carrier

    # Beginning.

    async def ring(self, ringing: Ringing) -> Call:
        """The row of a call that rings, with its person and conversation. The same outside id again: the same call."""
        if ringing.direction is Direction.OUTBOUND:
            await self.may_call(ringing.to, ringing.purpose)
        async with self._db.write() as tx:
            known = await self._known(tx.session, ringing)
            if known is not None:
                return known
            person_id = ringing.person_id
            if person_id is None:
                person_id = (await self._people.find_or_create(tx, ringing.identities, name=ringing.name)).id
            call_id = self._ids.new("cal")
            conversation = await self._conversations.open(
                tx, channel=CHANNEL, person_id=person_id, meta={"call_id": call_id}
            )
            call = Call(
                id=call_id, conversation_id=conversation.id, person_id=person_id, direction=ringing.direction,
                line=ringing.line, external_id=ringing.external_id, session_id=ringing.session_id, from_=ringing.from_,
                to=ringing.to, status=CallStatus.RINGING, node=self._node, started_at=self._clock.now(),
                answered_at=None, ended_at=None, end_reason=None, ended_by=None,
            )  # fmt: skip
            await store.add_call(tx.session, call)
            await self._announce(tx, call_id)
        return call

    async def name_outside(self, call_id: str, external_id: str) -> None:
        """The carrier's own id of an outbound call, known once it was asked to place it."""
        async with self._db.write() as tx:
            await store.name_outside(tx.session, call_id, external_id)

    async def adopt(self, call_id: str, external_id: str) -> bool:
        """A stream may arrive before the carrier's answer told us its id. True if the call had no id of its own."""
        async with self._db.write() as tx:
            call = await store.call(tx.session, call_id)
            if call is None or call.external_id is not None or not external_id:
                return False
            await store.name_outside(tx.session, call_id, external_id)
        return True

    async def ring_again(self, call_id: str) -> None:
        async with self._db.write() as tx:
            await store.ring_again(tx.session, call_id, at=self._clock.now())
            await self._conversations.reopen(tx, (await self._get(tx.session, call_id)).conversation_id)
            await self._announce(tx, call_id)

    async def connect(self, call_id: str, line: Line) -> Session:
        """The line is up: the call is active and its session runs. A call is connected once (``Conflict`` after)."""
        if not self.here.has_room(line.name):
            raise TooMany("lines_busy")
        place = self.here.take_place(line.name)
        try:
            return await self._connect(call_id, line, place)
        except BaseException:
            self.here.give_place(place)
            raise

    async def _connect(self, call_id: str, line: Line, place: object) -> Session:
        made: list[Session] = []
        try:
            session, recording_id, from_ = await self._put_through(call_id, line, made)
        except BaseException:
            for session in made:
                self.here.drop(session)
                session.abandon()
            raise
        self.here.called_by(call_id, from_)
        self._tasks.start(self._carry(session, recording_id, line, place), name="call")
        return session

    async def _put_through(self, call_id: str, line: Line, made: list[Session]) -> tuple[Session, str, str]:
        async with self._db.write() as tx:
            if not await store.activate(tx.session, call_id, node=self._node, at=self._clock.now()):
                raise Conflict("call_not_ringing")
            call = await self._get(tx.session, call_id)
            recording_id, recorder = await self._recordings.begin(tx, call_id, lambda: self._recording_failed(call_id))
            conversation = await self._conversations.get(tx.session, call.conversation_id)
            await self._conversations.record(tx, call.conversation_id, event="call_started", meta={"call_id": call_id})
            await self._announce(tx, call_id)
            # Known before the commit, so that a takeover right after it finds the session.
            around = Surroundings(
                call.to if call.direction is Direction.OUTBOUND else call.from_, lambda: self._tell(call_id),
                lambda: self._objected(recording_id), self.seated_changed, lambda: self.here.queue(call_id),
                outbound=call.direction is Direction.OUTBOUND,
            )  # fmt: skip
            session = Session(call_id, conversation, self._parts, line, around)
            self.here.add(session)
            session.attach(Bridge(line, self.media, self._ears, recorder, session, self._policy))
            made.append(session)
        return session, recording_id, call.from_

    # What others ask.

    async def get(self, session: AsyncSession, call_id: str) -> Call:
        return await self._get(session, call_id)

    async def listing(
        self, session: AsyncSession, *, status: str = "active", limit: int = 100, viewer: Staff | None = None
    ) -> list[Call]:
        return await store.listing(session, status=status, limit=limit, viewer=viewer)

    async def by_external(self, external_id: str) -> Call | None:
        async with self._db.read() as session:
            return await store.call_by_external(session, external_id)

    @property
    def carried(self) -> int:
        """How many calls this process carries now."""
        return len(self.here)

    async def hang_up(
        self, call_id: str, *, reason: EndReason = EndReason.STAFF_HUNG_UP, staff: Staff | None = None
    ) -> Call:
        """End it from our side; a call that is over stays as it ended. A colleague's call is not ``staff``'s to end."""
        session = self.here.session_of(call_id)
        holder = session.staffing.holder_id if session is not None else None
        if staff is not None and holder not in (None, staff.id) and not may(staff, Action.TAKE_FROM_COLLEAGUE):
            raise Conflict("not_in_control")
        if session is not None:
            session.hang_up(reason)
        changed = await self.ended(call_id, reason)
        async with self._db.read() as reading:
            call = await self._get(reading, call_id)
        carrier = self._carriers.get(call.line)
        if changed and carrier is not None and call.external_id is not None:
            try:
                await carrier.end(call.external_id)
            except ProviderError:
                # The socket is closed, which ends the call at the carrier too; a ringing one stops by its timeout.
                _log.warning("the carrier could not be told to end a call", call=call_id)
        return call

    async def answered_by(self, external_id: str, who: str) -> None:
        """The carrier's opinion on who took a call of ours: a person, a machine."""
        call = await self.by_external(external_id)
        session = self.here.session_of(call.id) if call is not None else None
        if session is not None:
            session.answered_by(who)

    async def report(self, external_id: str, status: CallStatus, reason: EndReason | None) -> bool:
        """What the carrier says about a call, in any order and any number of times. False: never heard of it."""
        call = await self.by_external(external_id)
        if call is None:
            return False
        if reason is EndReason.COMPLETED and call.status is CallStatus.ACTIVE:
            reason = EndReason.CUSTOMER_HUNG_UP
        if status is CallStatus.ENDED and moves_forward(call.status, status):
            session = self.here.session_of(call.id)
            if session is not None:
                session.hang_up(reason or EndReason.COMPLETED)
            else:
                await self.ended(call.id, reason or EndReason.COMPLETED)
        return True

    async def ended(self, call_id: str, reason: EndReason, *, at: datetime | None = None) -> bool:
        """Close the row and the conversation, once. ``at``: when it really ended, if that is not now."""
        async with self._db.write() as tx:
            at = at or self._clock.now()
            if not await store.end(tx.session, call_id, reason=reason, by=WHO_ENDED.get(reason), at=at):
                return False
            call = await self._get(tx.session, call_id)
            why = self._parts.texts.say(f"calls.why.{reason.value}")
            meta = {"call_id": call_id, "reason": reason.value}
            conversation = await self._conversations.get(tx.session, call.conversation_id)
            if conversation.control is not Control.CLOSED:
                await self._conversations.close(
                    tx, call.conversation_id, event="call_ended", reason=reason.value, why=why
                )
            else:
                await self._conversations.record(tx, call.conversation_id, event="call_ended", meta=meta, why=why)
            await self._recordings.call_ended(tx, call)
            await tx.publish(CallEnded(call_id, call.conversation_id))
            await self._announce(tx, call_id)
        return True

    async def sweep(self) -> int:
        """End calls that ring for ever: their stream never came, or the carrier never told us that nobody answered."""
        async with self._db.read() as session:
            stale = await store.ringing_since(session, self._clock.now() - RINGS_AT_MOST)
        for call in stale:
            await self.ended(call.id, EndReason.NO_ANSWER)
        return len(stale)

    async def close_orphans(self, alive: Collection[str] = ()) -> int:
        """End the calls of processes that are not ``alive``. Their recordings are repaired and kept."""
        async with self._db.read() as session:
            found = await store.unfinished(session, alive)
        orphans = [call for call in found if call.id not in self.here]
        for call in orphans:
            await self._bury(call)
        return len(orphans)

    async def _bury(self, call: Call) -> None:
        died: datetime | None = None
        try:
            died = await self._recordings.died_at(call)
        except OSError:
            _log.exception("a recording that was left behind cannot be repaired", call=call.id)
        await self.ended(call.id, EndReason.NODE_DIED, at=died)
        if died is not None and call.recording is not None:
            await self._recordings.finish(call.recording.id)

    async def settle(self) -> None:
        """Wait until every call is over and stored."""
        await self._tasks.settle()

    async def close(self) -> None:
        """The process stops: every call ends now, with that reason, and is recorded as ended."""
        for session in self.here:
            session.hang_up(EndReason.NODE_STOPPED)
            session.closed(EndReason.NODE_STOPPED.value)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._tasks.settle()
        except TimeoutError:
            _log.warning("calls were still being stored when the process stopped")
            await self._tasks.close()

    # Listed in ``app.py``: called at once, after the commit.

    async def announce_control(self, tx: Tx, event: ControlChanged) -> None:
        """Within the transaction: who holds the call is part of what the list of calls shows."""
        call = await store.call_of_conversation(tx.session, event.conversation_id)
        if call is not None and call.status is not CallStatus.ENDED:
            holder = event.agent_id if event.control is Control.AGENT else None
            await tx.publish(CallHeld(call.id, event.conversation_id, holder))
            await self._announce(tx, call.id)

    # JSON.

    async def as_json(self, session: AsyncSession, call: Call) -> dict[str, Any]:
        """The ``Call`` of docs/api.md."""
        conversation = await self._conversations.get(session, call.conversation_id)
        carried = self.here.session_of(call.id)
        seen = await self._conversations.as_json(session, conversation, None)
        kept = call.recording
        return {
            "id": call.id,
            "conversation_id": call.conversation_id,
            "direction": call.direction.value,
            "line": call.line,
            "from": call.from_,
            "to": call.to,
            "status": call.status.value,
            "control": seen["control"],
            "control_version": seen["control_version"],
            "agent": seen["agent"],
            "person": seen["person"],
            "started_at": iso(call.started_at),
            "answered_at": iso(call.answered_at),
            "ended_at": iso(call.ended_at),
            "queued_at": iso(self.here.queued_at(call.id)),
            "seconds": call.seconds(self._clock.now()),
            "end_reason": call.end_reason.value if call.end_reason else None,
            "voice": carried.voice_json(show_listeners=self._show_listeners) if carried else None,
            "recording": {"id": kept.id, "seconds": kept.seconds, "size": kept.size} if kept else None,
        }

    async def list_json(self, session: AsyncSession, calls: Sequence[Call]) -> list[dict[str, Any]]:
        return [await self.as_json(session, call) for call in calls]

    async def transcript(self, session: AsyncSession, call: Call) -> list[dict[str, Any]]:
        messages = await self._conversations.messages(session, call.conversation_id)
        return await self._conversations.message_json(session, messages)

    # Inside.

    async def _carry(self, session: Session, recording_id: str, line: Line, place: object) -> None:
        try:
            await session.run()
        finally:
            line.hang_up()
            self.here.give_place(place)
            self.here.drop(session)
            await self.ended(session.call_id, session.end_reason or EndReason.INTERNAL_ERROR)
            await self._recordings.finish(recording_id, [asdict(part) for part in session.said])
            await self._tell(session.call_id)

    async def _known(self, session: AsyncSession, ringing: Ringing) -> Call | None:
        if ringing.external_id is not None:
            return await store.call_by_external(session, ringing.external_id)
        if ringing.session_id is not None:
            return await store.call_by_session(session, ringing.session_id)
        return None

    async def _get(self, session: AsyncSession, call_id: str) -> Call:
        call = await store.call(session, call_id)
        if call is None:
            raise NotFound("no_call")
        return call

    async def _objected(self, recording_id: str) -> None:
        async with self._db.write() as tx:
            await self._recordings.objected(tx, recording_id)

    def _recording_failed(self, call_id: str) -> None:
        session = self.here.session_of(call_id)
        if session is not None:
            session.staffing.recording_failed()

    async def _tell(self, call_id: str) -> None:
        async with self._db.write() as tx:
            await self._announce(tx, call_id)

    async def _announce(self, tx: Tx, call_id: str) -> None:
        call = await self._get(tx.session, call_id)
        await self._live.announce(tx, TOPIC, "call", await self.as_json(tx.session, call))


async def _anybody(_number: str, _purpose: str) -> None:
    """Where nobody was asked to decide."""
