"""The watch over states: who signed out or was switched off goes offline, who was forgotten in a state is asked.

Every process looks; whoever comes second finds nothing to do. Nobody is sent anywhere for being quiet, unless the
house said so in its settings: they are asked, and a supervisor is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from relevo.desk import presence_store as store
from relevo.desk import shifts
from relevo.desk.events import PresenceChanged
from relevo.desk.presence import Presence
from relevo.desk.rules import News, Severity
from relevo.desk.service import Alerts
from relevo.desk.shifts import State, StateNow, Step, Why
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People

STILL_THERE = "still_there"


@dataclass(slots=True)
class Attendance:
    db: Database
    people: People
    presence: Presence
    alerts: Alerts
    clock: Clock
    quiet: timedelta = timedelta(hours=4)
    """After so long without anything done at the desk somebody is asked; nothing: nobody ever is."""
    offline_after: timedelta = timedelta(0)
    """So long after the question whoever did not answer is offline; nothing: they stay what they said."""
    _acted: dict[str, datetime] = field(default_factory=dict)

    def acted(self, staff_id: str) -> None:
        """They did something at the desk. Noted in memory, at no cost to what they did."""
        self._acted[staff_id] = self.clock.now()

    async def sweep(self) -> None:
        """One look at everybody who is not offline."""
        await self._flush()
        now = self.clock.now()
        async with self.db.read() as session:
            there = {who: each for who, each in (await store.states(session)).items() if _open(each)}
            staff = {member.id: member for member in await self.people.all_staff(session)}
        for staff_id, state in sorted(there.items()):
            why = await self._gone(staff.get(staff_id))
            if why is not None:
                await self._end(staff_id, why)
            elif shifts.due(state, now).marks:
                await self._step(staff_id, lambda _now, _at: Step(_now))
            else:
                await self._ask(staff_id, staff[staff_id].name, state)
        await self.presence.look()

    async def on_presence(self, tx: Tx, event: PresenceChanged) -> None:
        """Who changes state is there, or gone; either way there is nothing to ask."""
        await self.alerts.settle(tx, STILL_THERE, event.staff_id)

    async def answered(self, staff_id: str) -> None:
        async with self.db.write() as tx:
            await self.alerts.settle(tx, STILL_THERE, staff_id)

    async def _gone(self, member: Staff | None) -> Why | None:
        if member is None or not may(member, Action.KEEP_SHIFT):
            return Why.DEACTIVATED
        return None if await self.people.signed_in(member) else Why.SIGNED_OUT

    async def _end(self, staff_id: str, why: Why) -> None:
        def decide(now: StateNow, at: datetime) -> Step:
            return Step(now) if now.gone else shifts.gone(now, at, why)

        await self._step(staff_id, decide)

    async def _ask(self, staff_id: str, name: str, state: StateNow) -> None:
        now = self.clock.now()
        if self.quiet and shifts.still_there(state, now, self.quiet):
            async with self.db.write() as tx:
                await self.presence.step(tx, staff_id, lambda known, at: self._asked(known, at))
                if (await self.presence.state(tx.session, staff_id)).asked_at is not None:
                    params = {"name": name, "state": self.presence.state_name(state.state)}
                    await self.alerts.report(tx, News(STILL_THERE, staff_id, Severity.WARNING, params, "/sala"))
        elif state.asked_at is not None and state.acted_at is not None and state.acted_at > state.asked_at:
            async with self.db.write() as tx:
                await self.presence.step(tx, staff_id, lambda known, _at: Step(replace(known, asked_at=None)))
                await self.alerts.settle(tx, STILL_THERE, staff_id)
        elif state.asked_at is not None and self.offline_after and now - state.asked_at >= self.offline_after:
            await self._end(staff_id, Why.NO_ANSWER)

    def _asked(self, now: StateNow, at: datetime) -> Step:
        return Step(replace(now, asked_at=at) if shifts.still_there(now, at, self.quiet) else now)

    async def _step(self, staff_id: str, decide: shifts.Decide) -> None:
        async with self.db.write() as tx:
            await self.presence.step(tx, staff_id, decide)

    async def _flush(self) -> None:
        acted, self._acted = self._acted, {}
        if acted:
            async with self.db.write() as tx:
                await store.acted(tx.session, acted)


def _open(state: StateNow) -> bool:
    return state.state is not State.OFFLINE
