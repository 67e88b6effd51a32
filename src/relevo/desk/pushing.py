"""News to browsers that may be closed: promised with what happened, written when it is their turn.

Who is told, and what of, is read when it is sent, so that nobody is told of what is over, of what is not theirs any
more, or after they signed out. What fails is tried again while it is worth anything and then given up in silence: a
push is a hint, the console is the truth. A repetition carries the name of the first one and takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk import push_rules as rules
from relevo.desk import push_store, store
from relevo.desk.devices import Devices
from relevo.desk.ports import PushSender
from relevo.desk.push_rules import Device, Notice, Push
from relevo.desk.rules import Choice, quiet_until
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import NotReady, RelevoError
from relevo.kit.work import MAX_ATTEMPTS, Job, Work
from relevo.people.rules import Staff
from relevo.people.service import People

_log = log.get("desk.pushing")

PUSH = "desk.push"
"""Job: tell browsers. Payload: ``kind``, ``subject``, ``staff_id`` (null: whoever it is for), ``at``, ``until``."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be said, and to whom."""

    title: str
    body: str
    link: str
    tag: str
    to: tuple[str, ...]
    critical: bool = False
    later: Mapping[str, datetime] | None = None
    """Who is to be told when their quiet hours end."""


Tell = Callable[[AsyncSession, Mapping[str, Any]], Awaitable[Told | None]]
"""What a kind of news says now of a job's payload; None: nothing any more."""


class Pushing:
    def __init__(
        self,
        db: Database,
        work: Work,
        people: People,
        devices: Devices,
        sender: PushSender,
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        self._db = db
        self._work = work
        self._people = people
        self._devices = devices
        self._sender = sender
        self._clock = clock
        self._zone = zone
        self.tell: dict[Push, Tell] = {}
        """Who says what, by the kind."""

    @property
    def used(self) -> bool:
        """Whether anybody has a browser to be told, so that nothing is promised for nobody."""
        return self._sender.on and bool(self._devices.known)

    async def promise(
        self,
        tx: Tx,
        kind: Push,
        subject: str,
        *,
        key: str,
        staff_id: str | None = None,
        ends: datetime | None = None,
        at: datetime | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Of one event, whoever announces it again, once. ``ends``: when it is over; ``at``: not before."""
        begins = at or self._clock.now()
        until = rules.worth_until(kind, begins, ends)
        payload = {
            "kind": kind.value, "subject": subject, "staff_id": staff_id, "at": begins.isoformat(),
            "until": until.isoformat(), **(more or {}),
        }  # fmt: skip
        await self._work.promise(tx, PUSH, key=f"{PUSH}:{kind}:{key}", payload=payload, run_at=begins)

    async def test(self, staff: Staff, device: Device) -> None:
        now = self._clock.now()
        async with self._db.write() as tx:
            key = f"{device.id}:{now.isoformat()}"
            await self.promise(tx, Push.TEST, device.id, key=key, staff_id=staff.id)

    async def job(self, job: Job) -> None:
        kind, until = Push(job.payload["kind"]), datetime.fromisoformat(job.payload["until"])
        if until <= self._clock.now():
            return
        async with self._db.read() as session:
            told = await self.tell[kind](session, job.payload)
        if told is None:
            return
        # Whom, not what: words may name a customer, and jobs are kept for a while.
        who = await job.once("who", lambda: self._decide(kind, told, job.payload))
        notice = Notice(
            kind, told.title, told.body, told.link, told.tag, datetime.fromisoformat(job.payload["at"]), until,
            rules.is_urgent(kind, critical=told.critical),
        )  # fmt: skip
        failed: list[RelevoError] = []
        for staff_id in who["to"]:
            for device in await self._reachable(staff_id, kind, job.payload):
                error = await self._tell(job, device, notice)
                failed += [error] if error is not None else []
        if failed and job.attempts < MAX_ATTEMPTS:
            raise failed[0]

    async def _decide(self, kind: Push, told: Told, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Once, however often a service has to be asked."""
        for staff_id, at in (told.later or {}).items():
            async with self._db.write() as tx:
                key = f"{payload['subject']}:{staff_id}"
                await self.promise(tx, kind, str(payload["subject"]), key=key, staff_id=staff_id, at=at)
        if told.critical or kind in (Push.TEST, Push.ALERT):
            return {"to": list(told.to)}
        async with self._db.read() as session:
            quiet = await self._quiet(session)
        return {"to": [each for each in told.to if each not in quiet]}

    async def _quiet(self, session: AsyncSession) -> frozenset[str]:
        """Who is in their quiet hours."""
        return frozenset(each.staff_id for each in await store.choices(session) if self.rests(each) is not None)

    def rests(self, choice: Choice) -> datetime | None:
        """Until when they are left in peace; None: they are not."""
        return quiet_until(choice.quiet, self._clock.now().astimezone(self._zone))

    async def _reachable(self, staff_id: str, kind: Push, payload: Mapping[str, Any]) -> list[Device]:
        member = await self._people.staff(staff_id)
        if member is None or not member.active:
            return []
        async with self._db.read() as session:
            found = await self._devices.good(session, member)
        only = payload["subject"] if kind is Push.TEST else None
        return [each for each in found if each.takes(kind) and only in (None, each.id)]

    async def _tell(self, job: Job, device: Device, notice: Notice) -> RelevoError | None:
        """One browser. What is worth another try is answered."""
        keys, seconds = self._devices.keys(device), notice.seconds(self._clock.now())
        if keys is None or seconds <= 0:
            return None
        content = json.dumps(notice.payload(), ensure_ascii=False).encode()

        async def send() -> dict[str, Any]:
            there = await self._sender.send(
                keys, content, seconds=seconds, urgent=notice.urgent, topic=notice.topic
            )  # fmt: skip
            async with self._db.write() as tx:
                if there:
                    await push_store.reached(tx.session, device.id, self._clock.now())
                else:
                    await push_store.drop(tx.session, device.id)
            return {"there": there}

        try:
            await job.once(f"to {device.id}", send)
        except NotReady as error:
            return error
        except RelevoError as error:
            async with self._db.write() as tx:
                gone = await push_store.failed(tx.session, device.id, error.code, rules.MOST_FAILURES)
            _log.warning("a browser was not told", device=device.id, code=error.code, forgotten=gone)
        return None
