"""Presence: what each member of staff says they do, and what calls make of it; who may be rung.

Every change is one short transaction: the row of now by compare-and-set, the change on the line, the event and the
news to the consoles. Nothing is concluded from an open tab. How the line is read and corrected is ``timesheets``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.desk import presence_store as store
from relevo.desk import shifts
from relevo.desk.events import PresenceChanged
from relevo.desk.ports import WrapUps
from relevo.desk.shifts import HANDLING, Decide, Mark, State, StateNow, Step
from relevo.kit import audit
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, retried
from relevo.kit.errors import Conflict, Forbidden, NotFound
from relevo.kit.live import Live
from relevo.kit.work import Job, Work
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People
from relevo.texts import Texts

WRAP_UP = "desk.wrap_up"
"""Job: the time after a call is over. Payload: ``staff_id``."""
TOPIC, OWN = "presence", "shift"
"""Topics: who does what, for the team; all about oneself, as ``shift:<staff id>``."""
HOLDER, SEAT = "holder", "seat"
RECENTLY = timedelta(days=14)
"""A house uses states if anybody declared one since."""
Use = Literal["auto", "always", "off"]


class Presence:
    def __init__(
        self,
        db: Database,
        live: Live,
        work: Work,
        people: People,
        clock: Clock,
        texts: Texts,
        *,
        wrap_ups: WrapUps | None = None,
        reasons: Sequence[str] = (),
        use: Use = "auto",
    ) -> None:
        self._db = db
        self._live = live
        self._work = work
        self._people = people
        self._clock = clock
        self._texts = texts
        self._use = use
        self.wrap_ups = wrap_ups
        """Who knows how long the time after a call is; without anybody ``shifts`` does."""
        self.reasons = tuple(reasons)
        """What somebody may pause for."""
        self._seen: dict[str, StateNow] = {}
        self._in_use = False

    # Who does what.

    async def states(self, session: AsyncSession) -> dict[str, StateNow]:
        """By the id of the member of staff; who has no row is offline. A time after a call that is over has ended."""
        at, found = self._clock.now(), await store.states(session)
        return {staff_id: shifts.due(now, at).now for staff_id, now in found.items()}

    async def state(self, session: AsyncSession, staff_id: str) -> StateNow:
        return shifts.due(await store.now_of(session, staff_id), self._clock.now()).now

    async def in_use(self, session: AsyncSession) -> bool:
        """Whether this house declares states at all; where it does not, everybody who is signed in may be rung."""
        if self._use != "auto":
            return self._use == "always"
        last = await store.last_declared(session)
        return last is not None and last > self._clock.now() - RECENTLY

    def may_ring(self, staff_id: str) -> bool:
        """Whether they may be rung now. From memory, for whoever cannot wait: a few seconds old where another process
        changed it."""
        return shifts.may_be_rung(self._seen.get(staff_id, StateNow()), in_use=self._in_use)

    def takes_calls(self, staff_id: str) -> bool:
        """Whether waiting for them makes sense: free, in a call or after one."""
        return not self._in_use or self._seen.get(staff_id, StateNow()).state in shifts.WORKING

    async def look(self) -> None:
        """Learn what other processes changed."""
        async with self._db.read() as session:
            self._seen, self._in_use = await self.states(session), await self.in_use(session)

    # What people say.

    @retried
    async def declare(
        self, staff: Staff, state: State, reason: str | None, *, version: int | None = None
    ) -> dict[str, Any]:
        """One's own state: at once, or next where a call or the time after it is not over. ``version``: what the page
        that asks had seen; another one's word meanwhile is not overwritten. Raises ``Conflict("presence_moved")``."""
        wish = shifts.checked(state, reason, self.reasons)
        async with self._db.write() as tx:
            await self._step(tx, staff.id, lambda now, at: shifts.declare(now, wish, at), version=version, acted=True)
            return await self.json(tx.session, staff)

    @retried
    async def next(self, staff: Staff, state: State | None, reason: str | None) -> dict[str, Any]:
        """What follows the call or the time after it; without a state, what they were doing before."""
        wish = shifts.checked(state, reason, self.reasons) if state is not None else None
        async with self._db.write() as tx:
            await self._step(tx, staff.id, lambda now, _at: shifts.queue(now, wish), acted=True)
            return await self.json(tx.session, staff)

    @retried
    async def extend(self, staff: Staff, seconds: int) -> dict[str, Any]:
        async with self._db.write() as tx:
            await self._step(tx, staff.id, lambda now, at: shifts.extend(now, seconds, at), acted=True)
            return await self.json(tx.session, staff)

    @retried
    async def end_wrap_up(self, staff: Staff) -> dict[str, Any]:
        async with self._db.write() as tx:
            await self._step(tx, staff.id, shifts.end_wrap_up, acted=True)
            return await self.json(tx.session, staff)

    @retried
    async def here(self, staff: Staff) -> dict[str, Any]:
        """The answer to whether they are still there."""
        async with self._db.write() as tx:
            await self._step(tx, staff.id, lambda now, _at: Step(replace(now, asked_at=None)), acted=True)
            return await self.json(tx.session, staff)

    @retried
    async def change(
        self, staff_id: str, state: State, reason: str | None, *, note: str, by: Staff
    ) -> dict[str, Any]:  # fmt: skip
        """Somebody else's state, by a supervisor, who says why."""
        wish = replace(shifts.checked(state, reason, self.reasons), by=by.id, note=shifts.clean_note(note))
        member = await self._people.staff(staff_id)
        if member is None or not may(member, Action.KEEP_SHIFT):
            raise NotFound("no_colleague")
        async with self._db.write() as tx:
            await self._step(tx, staff_id, lambda now, at: shifts.declare(now, wish, at))
            details = {"state": wish.state.value, "reason": wish.reason, "note": wish.note}
            await audit.noted(tx, "state_changed", staff_id, by=by.id, at=self._clock.now(), details=details)
            return await self.person_json(tx.session, member)

    # What calls do.

    async def holds_call(self, tx: Tx, conversation_id: str, staff_id: str | None) -> None:
        """A call is with this member of staff from now on, or with nobody of ours."""
        there = await store.in_call(tx.session, conversation_id)
        before = {who for who, role in there if role == HOLDER}
        for who in sorted(before | ({staff_id} if staff_id is not None else set())):
            if who != staff_id:
                await self._leave(tx, who, conversation_id, HOLDER)
            elif who not in before:
                await self._enter(tx, who, conversation_id, HOLDER)

    async def sits_in(self, tx: Tx, staff_id: str, conversation_id: str | None) -> None:
        """They speak in a colleague's call now (None: in none), asked for advice or in a conference."""
        seats = [call for call, role in await store.calls_of(tx.session, staff_id) if role == SEAT]
        for call in seats:
            if call != conversation_id:
                await self._leave(tx, staff_id, call, SEAT)
        if conversation_id is not None and conversation_id not in seats:
            await self._enter(tx, staff_id, conversation_id, SEAT)

    async def call_over(self, tx: Tx, conversation_id: str) -> None:
        """However it ended: everybody is out of it, now that it is known."""
        for who in sorted({who for who, _ in await store.in_call(tx.session, conversation_id)}):
            await self._leave(tx, who, conversation_id, None)

    async def wrap_up_job(self, job: Job) -> None:
        """The time after a call is over, unless it was made longer."""
        async with self._db.write() as tx:
            await self._step(tx, str(job.payload["staff_id"]), lambda now, _at: Step(now))

    async def step(self, tx: Tx, staff_id: str, decide: Decide) -> None:
        """For those who watch over states: what ``decide`` makes of the one that stands."""
        await self._step(tx, staff_id, decide)

    async def corrected(self, tx: Tx, member: Staff) -> None:
        """What was recorded of them reads otherwise now: their own pages, and the team's, ask again."""
        now = await self.state(tx.session, member.id)
        await self._live.announce(tx, f"{OWN}:{member.id}", "shift", self._json(member.id, member.name, now))
        await self._live.announce(tx, TOPIC, "state", board(member.id, now))

    # JSON.

    async def json(self, session: AsyncSession, staff: Staff) -> dict[str, Any]:
        """All about oneself: the ``Shift`` of docs/api.md."""
        now = await self.state(session, staff.id)
        in_use = await self.in_use(session)
        return {
            **self._json(staff.id, staff.name, now),
            "in_use": in_use,
            "may_be_rung": shifts.may_be_rung(now, in_use=in_use),
            "reasons": [{"code": reason, "name": self.reason_name(reason)} for reason in self.reasons],
            "now": iso(self._clock.now()),
        }

    async def person_json(self, session: AsyncSession, member: Staff) -> dict[str, Any]:
        return self._json(member.id, member.name, await self.state(session, member.id))

    async def team_json(self, session: AsyncSession) -> dict[str, Any]:
        """What everybody does, with all that a supervisor may know."""
        states, zones = await self.states(session), await store.zones(session)
        items = [
            {**self._json(member.id, member.name, states.get(member.id, StateNow())), "role": member.role.value,
             "zone": zones.get(member.id)}
            for member in await self._people.all_staff(session)
            if may(member, Action.KEEP_SHIFT)
        ]  # fmt: skip
        return {
            "items": items,
            "in_use": await self.in_use(session),
            "reasons": [{"code": reason, "name": self.reason_name(reason)} for reason in self.reasons],
            "now": iso(self._clock.now()),
        }

    async def board_json(self, session: AsyncSession) -> dict[str, Any]:
        """What colleagues see of each other: the state, not the reason for it."""
        states = await self.states(session)
        items = [
            board(member.id, states.get(member.id, StateNow()))
            for member in await self._people.all_staff(session)
            if may(member, Action.KEEP_SHIFT)
        ]
        return {"items": items, "in_use": await self.in_use(session)}

    async def own_json(self, session: AsyncSession, staff: Staff, whose: str) -> dict[str, Any]:
        """The snapshot of ``shift:<staff id>``."""
        if whose != staff.id:
            raise Forbidden("not_allowed")
        return await self.json(session, staff)

    def reason_name(self, reason: str | None) -> str | None:
        """A reason of ours in the house's language; one of the house's own as it was written."""
        key = f"presence.reason.{reason}"
        return self._texts.here.say(key) if reason is not None and self._texts.has(key) else reason

    def state_name(self, state: State) -> str:
        return self._texts.say(f"presence.state.{state.value}")

    def _json(self, staff_id: str, name: str, now: StateNow) -> dict[str, Any]:
        then = now.after
        follows = {"state": then.state.value, "reason": then.reason, "reason_name": self.reason_name(then.reason)}
        return {
            **board(staff_id, now),
            "name": name,
            "reason": now.reason,
            "reason_name": self.reason_name(now.reason),
            "next": {**follows, "chosen": now.next_state is not None} if now.state in HANDLING else None,
            "until": iso(now.until),
            "conversation_id": now.about,
            "asked_at": iso(now.asked_at),
            "acted_at": iso(now.acted_at),
            "version": now.version,
        }

    # Inside.

    async def _enter(self, tx: Tx, staff_id: str, conversation_id: str, role: str) -> None:
        others = await store.calls_of(tx.session, staff_id)
        await self._step(tx, staff_id, shifts.enter_call)
        # From a seat to the whole call: one call, one line in the books.
        for call, before in others:
            if call == conversation_id:
                await store.leave(tx.session, staff_id, call, shifts.whole(self._clock.now()), before)
        await store.enter(tx.session, staff_id, conversation_id, role, shifts.whole(self._clock.now()))

    async def _leave(self, tx: Tx, staff_id: str, conversation_id: str, role: str | None) -> None:
        at = shifts.whole(self._clock.now())
        await store.locked(tx.session, staff_id)
        if not await store.leave(tx.session, staff_id, conversation_id, at, role):
            return
        if await store.calls_of(tx.session, staff_id):
            return
        seconds = shifts.WRAP_UP_SECONDS
        if self.wrap_ups is not None:
            seconds = await self.wrap_ups.wrap_up_seconds(tx.session, conversation_id)
        await self._step(
            tx, staff_id, lambda now, at: shifts.leave_call(now, at, wrap_up=seconds, about=conversation_id)
        )

    async def _step(
        self,
        tx: Tx,
        staff_id: str,
        decide: Decide,
        *,
        version: int | None = None,
        acted: bool = False,
    ) -> None:
        at = self._clock.now()
        before = await store.locked(tx.session, staff_id)
        if version is not None and before.version != version:
            raise Conflict("presence_moved")
        over = shifts.due(before, at)
        step = decide(over.now, at)
        now = replace(step.now, acted_at=at, asked_at=None) if acted else step.now
        marks = (*over.marks, *step.marks)
        if now == before:
            return
        if not await store.put(tx.session, staff_id, before.version, now, marks):
            raise Conflict("presence_moved")
        now = replace(now, version=before.version + 1)
        if now.until is not None and now.until != before.until:
            key = f"{WRAP_UP}:{staff_id}:{now.version}"
            await self._work.promise(tx, WRAP_UP, key=key, payload={"staff_id": staff_id}, run_at=now.until)
        await self._tell(tx, staff_id, now, marks)

    async def _tell(self, tx: Tx, staff_id: str, now: StateNow, marks: Sequence[Mark]) -> None:
        name = (await self._people.staff_names(tx.session)).get(staff_id, "")
        await self._live.announce(tx, f"{OWN}:{staff_id}", "shift", self._json(staff_id, name, now))
        if marks:
            await self._live.announce(tx, TOPIC, "state", board(staff_id, now))
        tx.after_commit(lambda: self._learn(staff_id, now))
        for mark in marks:
            await tx.publish(PresenceChanged(staff_id, mark.state, mark.before, mark.at))

    def _learn(self, staff_id: str, now: StateNow) -> None:
        self._seen[staff_id] = now
        if now.base.state is not State.OFFLINE:
            self._in_use = self._use != "off"


def board(staff_id: str, now: StateNow) -> dict[str, Any]:
    return {"id": staff_id, "staff_id": staff_id, "state": now.state.value, "since": iso(now.since)}
