"""Alerts to each member of staff, by the road, about the kinds and at the hours that they chose.

What is asked for in quiet hours is sent when they end, unless it is urgent and they said that it may wake them. Nobody
is told of the same alert twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk import rules, store
from relevo.desk.ports import StaffMessages
from relevo.desk.rules import Alert, Choice, News, Road
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Invalid, ProviderError
from relevo.kit.mail import Mailer
from relevo.kit.work import Job, Work
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People
from relevo.texts import Texts

_log = log.get("desk")

TELL = "desk.tell"
"""Job: send one member of staff what they do not know yet. Payload: ``staff_id``."""
MOST = 50
IN_A_MESSAGE = 5
"""Alerts that a message to a telephone names; of the rest it says how many they are."""
Said = Callable[[Alert], tuple[str, str, str]]
"""Title, text and link of an alert."""


Theirs = Callable[[AsyncSession, Staff, Alert], Awaitable[bool]]


async def everybodys(_session: AsyncSession, _viewer: Staff, _alert: Alert) -> bool:
    return True


class Telling:
    def __init__(
        self,
        db: Database,
        work: Work,
        people: People,
        mailer: Mailer,
        clock: Clock,
        texts: Texts,
        zone: ZoneInfo,
    ) -> None:
        self._db = db
        self._work = work
        self._people = people
        self._mailer = mailer
        self._clock = clock
        self._texts = texts
        self._zone = zone
        self.theirs: Theirs = everybodys
        """Whether an alert is of the part of the house that somebody sees: others' are not sent to them."""
        self.messages: StaffMessages | None = None
        """Who writes to telephones, where a channel can."""
        self.pushes = False
        """Whether browsers can be told."""

    async def choice(self, staff: Staff) -> Choice:
        async with self._db.read() as session:
            return next(iter(await store.choices(session, staff.id)), Choice(staff.id))

    async def choose(self, choice: Choice) -> Choice:
        """Raises ``Invalid``."""
        if choice.kinds is not None and not choice.kinds <= set(rules.KINDS):
            raise Invalid("alert_kind")
        if Road.WHATSAPP in choice.roads and choice.number is None:
            raise Invalid("alert_number")
        async with self._db.write() as tx:
            await store.put_choice(tx.session, choice, self._clock.now())
        return choice

    def json(self, choice: Choice, staff: Staff) -> dict[str, Any]:
        quiet = choice.quiet
        return {
            "ways": sorted(choice.roads),
            "kinds": sorted(choice.kinds) if choice.kinds is not None else None,
            "number": choice.number,
            "email": staff.email,
            "quiet": {"from": f"{quiet.since:%H:%M}", "until": f"{quiet.until:%H:%M}"} if quiet else None,
            "wake_for_urgent": choice.wake_for_urgent,
            "available": {
                Road.CONSOLE.value: True,
                Road.EMAIL.value: self._mailer.on,
                Road.WHATSAPP.value: self.messages is not None and self.messages.on,
                Road.PUSH.value: self.pushes,
            },
            "all_kinds": [{"kind": kind, "name": self._texts.here.say(f"desk.kind.{kind}")} for kind in rules.KINDS],
        }

    async def anybody(self, tx: Tx, news: News) -> bool:
        """Whether somebody wants to be sent this."""
        return any(choice.sent and choice.wants(news) for choice in await store.choices(tx.session))

    async def addresses(self) -> frozenset[str]:
        """Of those who chose for themselves: what is sent to the house goes past them."""
        async with self._db.read() as session:
            chosen = {choice.staff_id for choice in await store.choices(session)}
            return frozenset(each.email for each in await self._people.all_staff(session) if each.id in chosen)

    async def plan(self, turn: str) -> None:
        """Promise everybody who wants to be sent something the time at which they are."""
        now = self._clock.now()
        async with self._db.read() as session:
            chosen = [each for each in await store.choices(session) if each.sent]
            unknown = {each.staff_id: await store.untold(session, each.staff_id, MOST) for each in chosen}
        async with self._db.write() as tx:
            for choice in chosen:
                wanted = [alert for alert in unknown[choice.staff_id] if choice.wants(alert.news)]
                later = self._later(choice)
                if later is not None and wanted:
                    key, at = f"{TELL}:{choice.staff_id}:{later:%Y%m%d%H%M}", later
                    await self._work.promise(tx, TELL, key=key, payload={"staff_id": choice.staff_id}, run_at=at)
                if any(later is None or choice.wakes(alert.news) for alert in wanted):
                    key = f"{TELL}:{choice.staff_id}:{turn}"
                    await self._work.promise(tx, TELL, key=key, payload={"staff_id": choice.staff_id}, run_at=now)

    def _later(self, choice: Choice) -> datetime | None:
        return rules.quiet_until(choice.quiet, self._clock.now().astimezone(self._zone))

    async def job(self, job: Job, said: Said) -> None:
        """What is told is decided once, however often a road has to be tried."""
        staff_id = str(job.payload["staff_id"])
        member = await self._people.staff(staff_id)

        async def decided() -> dict[str, Any]:
            async with self._db.read() as session:
                choice = next(iter(await store.choices(session, staff_id)), None)
                if choice is None or member is None or not may(member, Action.SEE_ALERTS):
                    return {"alerts": [], "roads": [], "number": None}
                found = await store.untold(session, staff_id, MOST)
                unknown = [each for each in found if await self.theirs(session, member, each)]
            quiet = self._later(choice) is not None
            told = [each.id for each in unknown if (choice.wakes if quiet else choice.wants)(each.news)]
            passed = sorted({each.id for each in found} - {each.id for each in unknown})
            return {"alerts": told, "passed": passed, "roads": sorted(choice.roads), "number": choice.number}

        what = await job.once("what", decided)
        async with self._db.read() as session:
            alerts = await store.these(session, what["alerts"])
        if member is None:
            return
        if alerts:
            await self._send(job, member, [said(alert) for alert in alerts], what)
        settled = [*what["alerts"], *what.get("passed", ())]
        if settled:
            async with self._db.write() as tx:
                await store.told(tx.session, staff_id, settled, self._clock.now())

    async def _send(self, job: Job, member: Staff, said: Sequence[tuple[str, str, str]], what: dict[str, Any]) -> None:
        titles = [title for title, _, _ in said]
        subject = self._texts.count("desk.mail.subject", len(said), first=titles[0])
        letter = "\n\n".join("\n".join(each) for each in said)
        roads = {Road(road) for road in what["roads"]}

        async def write() -> dict[str, Any]:
            await self._mailer.send(to=member.email, subject=subject, text=letter, key=f"{job.key}:mail")
            return {}

        async def message() -> dict[str, Any]:
            if self.messages is None or not self.messages.on:
                return {"sent": False}
            rest = len(said) - IN_A_MESSAGE
            more = (self._texts.count("desk.mail.more", rest),) if rest > 0 else ()
            text = " · ".join((*(text for _, text, _ in said[:IN_A_MESSAGE]), *more))
            try:
                await self.messages.send(
                    to=what["number"], title=subject, text=text, link=said[0][2], key=f"{job.key}:message"
                )
            except ProviderError as error:
                if error.retryable:
                    raise
                _log.error("an alert did not reach a telephone", staff=member.id, code=error.code)
                return {"sent": False}
            return {"sent": True}

        sent = True
        if Road.WHATSAPP in roads:
            sent = bool((await job.once("message", message)).get("sent"))
        # What cannot be sent to a telephone is worth a letter.
        if self._mailer.on and (Road.EMAIL in roads or not sent):
            await job.once("letter", write)
