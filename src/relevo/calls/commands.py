"""What people do in live calls: hold, mute, listen, whisper, step in, consult, transfer, ask for help.

Every command asks one rule whether this person may command this call. Who holds a call changes only in conversations;
seats and music live with the session that carries the sound, so a command reaches a call only in its own process.
"""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.calls.events import ColleagueRung, HelpAsked, SeatChanged
from relevo.calls.headsets import Headsets
from relevo.calls.media.headset import Headset
from relevo.calls.ports import Anybody, Reach
from relevo.calls.rules import CallStatus
from relevo.calls.rules.floor import KEYS, SUPERVISING, Ring, Seat, may_command
from relevo.calls.service import Calls
from relevo.calls.session import Session
from relevo.calls.staffing import Help
from relevo.conversations.reach_store import seen
from relevo.conversations.rules import Change, Control, iso
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, Forbidden, Invalid, NotFound
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People

_log = log.get("calls.commands")

TOPIC = "desk"
QUEUE = "queue"
MOST_KEYS = 40
WATCH_SECONDS = 3


class CallCommands:
    def __init__(
        self,
        calls: Calls,
        conversations: Conversations,
        people: People,
        headsets: Headsets,
        db: Database,
        live: Live,
        clock: Clock,
        *,
        show_listeners: bool,
        reach: Reach | None = None,
    ) -> None:
        self._reach = reach or Anybody()
        self._calls = calls
        self._conversations = conversations
        self._people = people
        self._headsets = headsets
        self._db = db
        self._live = live
        self._clock = clock
        self._show_listeners = show_listeners
        self._tasks = Tasks()
        self._watch: asyncio.Task[None] | None = None
        headsets.report_to(self._voice_changed, self._pressed)
        calls.seated_changed = self._seated

    async def hold(self, call_id: str, staff: Staff, *, on: bool) -> None:
        (await self._commanded(call_id, staff)).staffing.hold(on)

    async def mute(self, call_id: str, staff: Staff, *, on: bool) -> None:
        session = await self._carried(call_id)
        if session.staffing.seat_of(staff.id) is None and session.staffing.holder_id != staff.id:
            raise Conflict("not_in_call")
        session.staffing.mute(staff.id, on)

    async def pause_recording(self, call_id: str, staff: Staff, *, on: bool) -> None:
        session = await self._commanded(call_id, staff)
        (session.staffing.pause_recording if on else session.staffing.resume_recording)(staff.name)

    async def press(self, call_id: str, staff: Staff, digits: str) -> None:
        if not 0 < len(digits) <= MOST_KEYS or not KEYS.issuperset(digits):
            raise Invalid("bad_keys")
        (await self._commanded(call_id, staff)).press_keys(digits)

    async def help(self, call_id: str, staff: Staff, *, on: bool, note: str) -> None:
        session = await self._commanded(call_id, staff)
        now = self._clock.now()
        session.staffing.ask_for_help(Help(staff.id, staff.name, note.strip(), iso(now) or "") if on else None)
        if on:
            async with self._db.write() as tx:
                await tx.publish(HelpAsked(call_id, session.conversation_id, staff.id, now))

    async def listen(self, call_id: str, staff: Staff, mode: str) -> None:
        """Listen, whisper or step in. Kept on the recording and in the log; shown to the agent where so set."""
        session = await self._carried(call_id)
        if not may(staff, Action.LISTEN):
            raise Forbidden("not_allowed")
        if session.staffing.holder_id == staff.id:
            raise Conflict("already_in_call")
        seat, before = Seat(mode), session.staffing.seat_of(staff.id)
        session.staffing.join(self._voice(staff.id), seat)
        _log.info("a call is listened to", call=call_id, staff=staff.id, mode=mode)
        if before is not seat:
            session.staffing.note_listener(f"{staff.name}: {seat.value}")
        if before is None and self._show_listeners:
            async with self._db.write() as tx:
                await self._conversations.record(tx, session.conversation_id, event="listening", name=staff.name)

    async def leave(self, call_id: str, staff: Staff) -> None:
        session = await self._carried(call_id)
        if session.staffing.seat_of(staff.id) in (None, Seat.AGENT):
            raise Conflict("not_in_call")
        session.staffing.leave(staff.id)

    async def transfer(self, call_id: str, staff: Staff, *, to: str, kind: str) -> None:
        """To the queue, or to a colleague: at once and to be answered there, or after speaking with them."""
        session = await self._commanded(call_id, staff)
        if to == QUEUE:
            async with self._db.write() as tx:
                await self._pass_on(tx, session, Change(Control.QUEUED, None, "transfer"), "queued", staff)
            return
        colleague = await self._people.staff(to)
        if colleague is None or not may(colleague, Action.ANSWER):
            raise NotFound("no_colleague")
        if colleague.id == session.staffing.holder_id or (kind == "consult" and session.staffing.consulted):
            raise Conflict("already_in_call")
        if not self._reach.may_ring(colleague.id):
            raise Conflict("colleague_away")
        if kind == "blind":
            async with self._db.write() as tx:
                change = Change(Control.QUEUED, None, "transfer")
                await self._pass_on(tx, session, change, "transferring", staff, to=colleague.name)
        now = self._clock.now()
        session.staffing.ring(Ring(kind, colleague.id, colleague.name, staff.id, staff.name, iso(now) or ""))
        async with self._db.write() as tx:
            await tx.publish(ColleagueRung(call_id, session.conversation_id, colleague.id, now))

    async def answer(self, call_id: str, staff: Staff, *, accept: bool) -> None:
        """By the colleague who is rung. Declining a blind transfer leaves the call in the queue, for anybody."""
        session = await self._carried(call_id)
        ring = session.staffing.rings.get(staff.id)
        if ring is None:
            raise Conflict("not_ringing")
        if not accept:
            session.staffing.unring(staff.id)
        elif ring.kind == "consult":
            if session.staffing.holder_id != ring.from_id:
                session.staffing.unring(staff.id)
                raise Conflict("not_ringing")
            session.staffing.consult(self._voice(staff.id))
        else:
            async with self._db.write() as tx:
                await self._conversations.take_over(tx, session.conversation_id, staff=staff)

    async def complete(self, call_id: str, staff: Staff) -> None:
        """After a consultation, or out of a conference: the colleague has the call."""
        session = await self._commanded(call_id, staff)
        seats = session.staffing.seats(Seat.CONSULT) or session.staffing.seats(Seat.CONFERENCE)
        if not seats:
            raise Conflict("nobody_consulted")
        colleague = seats[0]
        async with self._db.write() as tx:
            change = Change(Control.AGENT, colleague.staff_id)
            await self._pass_on(tx, session, change, "transferred", staff, to=colleague.name)

    async def conference(self, call_id: str, staff: Staff) -> None:
        session = await self._commanded(call_id, staff)
        if not session.staffing.conference():
            raise Conflict("nobody_consulted")

    async def cancel(self, call_id: str, staff: Staff) -> None:
        """Take back a ring, or end a consultation: the customer is back."""
        session = await self._carried(call_id)
        staffing = session.staffing
        own = [ring for ring in staffing.rings.values() if ring.from_id == staff.id or may(staff, Action.LISTEN)]
        for ring in own:
            staffing.unring(ring.to_id)
        if staffing.consulted is not None:
            await self._commanded(call_id, staff)
            staffing.end_consult()
        elif not own:
            raise Conflict("not_ringing")

    async def desk_json(self, session: AsyncSession) -> dict[str, Any]:
        """Who could take a call: the ``desk`` of docs/api.md."""
        answering = [member for member in await self._people.all_staff(session) if may(member, Action.ANSWER)]
        return {
            "people": [self._person(member) for member in answering],
            "settings": {"show_listeners": self._show_listeners},
        }

    def voice_json(self, staff: Staff) -> dict[str, Any]:
        headset = self._headsets.of(staff.id)
        leg = headset.leg if headset else None
        return {
            "connected": leg is not None,
            "name": leg.name if leg else None,
            "call_id": self._calls.here.seated(staff.id),
        }

    async def close(self) -> None:
        self._headsets.close()
        await self._tasks.close()

    # Inside.

    async def _carried(self, call_id: str) -> Session:
        session = self._calls.here.session_of(call_id)
        if session is not None and session.end_reason is None:
            return session
        async with self._db.read() as reading:
            call = await self._calls.get(reading, call_id)
        raise Conflict("call_over" if call.status is CallStatus.ENDED else "call_not_here")

    async def _commanded(self, call_id: str, staff: Staff) -> Session:
        session = await self._carried(call_id)
        if not may_command(
            staff_id=staff.id, holder_id=session.staffing.holder_id, supervises=may(staff, Action.LISTEN)
        ):
            raise Conflict("not_in_control")
        return session

    def _voice(self, staff_id: str) -> Headset:
        headset = self._headsets.of(staff_id)
        if headset is None:
            raise Conflict("no_voice")
        return headset

    async def _pass_on(self, tx: Tx, session: Session, change: Change, event: str, staff: Staff, to: str = "") -> None:
        await self._conversations.pass_on(tx, session.conversation_id, change, event=event, staff=staff, colleague=to)

    def _person(self, member: Staff) -> dict[str, Any]:
        return {
            "id": member.id,
            "name": member.name,
            "role": member.role.value,
            "voice": self._headsets.of(member.id) is not None,
            "call_id": self._calls.here.seated(member.id),
            "active": member.active,
        }

    def _voice_changed(self, headset: Headset, why: str | None) -> None:
        self._calls.here.voice_changed(headset, why)
        if self._watch is None or self._watch.done():
            self._watch = self._tasks.start(self._watch_rights(), name="rights of voices")
        self._tasks.start(self._announce(headset.staff_id), name="announce voice")

    def _seated(self, staff_id: str) -> None:
        self._tasks.start(self._announce(staff_id), name="announce seat")

    async def _announce(self, staff_id: str) -> None:
        member = await self._people.staff(staff_id)
        if member is not None:
            async with self._db.write() as tx:
                await tx.publish(SeatChanged(staff_id, self._speaks_in(staff_id)))
                await self._live.announce(tx, TOPIC, "person", self._person(member))

    def _speaks_in(self, staff_id: str) -> str | None:
        """The conversation of a colleague's call that they speak in."""
        session = self._calls.here.session_of(self._calls.here.seated(staff_id) or "")
        if session is None or session.staffing.seat_of(staff_id) not in (Seat.CONSULT, Seat.CONFERENCE):
            return None
        return session.conversation_id

    def look_again(self, staff_id: str | None) -> None:
        """What somebody may do may be different; None: of anybody."""
        for who in self._headsets.connected():
            if staff_id in (None, who):
                self._tasks.start(self._check_rights(who), name="rights of a voice")

    async def _watch_rights(self) -> None:
        """Whoever signed out, was switched off or lost a right is not heard, and hears nothing, any more."""
        while self._headsets.connected():
            await asyncio.sleep(WATCH_SECONDS)
            try:
                for staff_id in self._headsets.connected():
                    await self._check_rights(staff_id)
            except Exception:
                _log.exception("rights of voices could not be looked at")

    async def _check_rights(self, staff_id: str) -> None:
        member = await self._people.staff(staff_id)
        if member is None or not may(member, Action.ANSWER) or not await self._people.signed_in(member):
            _log.info("a voice is ended: its owner may no longer be here", staff=staff_id)
            self._headsets.forget(staff_id)
            return
        call_id = self._calls.here.seated(staff_id)
        session = self._calls.here.session_of(call_id) if call_id else None
        if session is None or (may(member, Action.LISTEN) and await self._reaches(member, session.conversation_id)):
            return
        if session.staffing.seat_of(staff_id) in SUPERVISING:
            session.staffing.leave(staff_id)

    async def _reaches(self, member: Staff, conversation_id: str) -> bool:
        async with self._db.read() as session:
            return bool(await seen(session, member, [conversation_id]))

    def _pressed(self, staff_id: str, key: str) -> None:
        session = self._calls.here.held_by(staff_id)
        if session is not None and key in KEYS:
            session.press_keys(key)
