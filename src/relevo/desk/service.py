"""Use cases of the desk: alerts to staff, and the watch over the parts of the house that decides whether it sells.

One process at a time takes its turn to look at the parts; what it saw is written for all of them. Probes run outside
of any transaction. Nothing is repaired here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.events import ControlChanged
from relevo.conversations.rules import Control, Priority
from relevo.desk import rules, store
from relevo.desk.events import ModeChanged
from relevo.desk.letters import Letters
from relevo.desk.rules import Alert, House, Mode, News, Severity
from relevo.desk.telling import Telling, Theirs, everybodys
from relevo.kit import audit, log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, take_turns
from relevo.kit.errors import Conflict, NotFound, RelevoError
from relevo.kit.health import Part, Policy, Probe, fresh, observe
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Job, Work
from relevo.people.rules import Staff
from relevo.people.service import People
from relevo.texts import Texts

_log = log.get("desk")

MAIL = "desk.mail_alerts"
"""Job: one letter about everything that came up since the last one."""
MAIL_PAUSE = 60
"""Seconds for which news are collected: an outage is one letter, not a hundred."""
MAIL_MOST = 50
MOST_LOOKED_AT = 500
KEEP_SETTLED = timedelta(days=90)
ALERTS, MODE = "alerts", "mode"
"""Topics of the live feed."""
PROBE_SECONDS = 10
LOOK = timedelta(seconds=15)
URGENCY = {Priority.NORMAL: Severity.INFO, Priority.HIGH: Severity.WARNING, Priority.URGENT: Severity.CRITICAL}
WAITING = "waiting"
"""A customer was promised a person because the house does not sell."""


class Alerts:
    def __init__(
        self,
        db: Database,
        live: Live,
        work: Work,
        people: People,
        clock: Clock,
        ids: Ids,
        texts: Texts,
        letters: Letters,
        url: str,
    ) -> None:
        self._db = db
        self._live = live
        self._work = work
        self._people = people
        self._clock = clock
        self._ids = ids
        self._texts = texts
        self._url = url
        self._letters = letters
        self.theirs: Theirs = everybodys
        """Whether an alert is of the part of the house that somebody sees."""
        self.telling: Telling | None = None
        """Who sends them to each one as they chose."""
        self.on_new: Callable[[Tx, Alert], Awaitable[None]] | None = None
        """Who tells browsers of a new one, in its transaction."""

    async def report(self, tx: Tx, news: News) -> Alert:
        """Open an alert, or count it once more if there is one about the same."""
        now = self._clock.now()
        alert = await store.raise_alert(tx.session, self._ids.new("alr"), news, now)
        await self._announce(tx, alert)
        if alert.count == 1 and await self._is_sent(tx, news):
            turn = int(now.timestamp()) // MAIL_PAUSE
            due = timedelta(seconds=(turn + 1) * MAIL_PAUSE - now.timestamp())
            await self._work.promise(tx, MAIL, key=f"{MAIL}:{turn}", run_at=now + due)
        if alert.count == 1 and self.on_new is not None:
            await self.on_new(tx, alert)
        return alert

    async def _is_sent(self, tx: Tx, news: News) -> bool:
        if self._letters.on and news.severity is not Severity.INFO:
            return True
        return self.telling is not None and await self.telling.anybody(tx, news)

    async def settle(self, tx: Tx, kind: str, subject: str) -> None:
        """What it was about is over."""
        await self._end(tx, await store.open_about(tx.session, (kind,), subject))

    async def settle_all(self, tx: Tx, kind: str, prefix: str) -> None:
        """The same for every subject that begins so."""
        await self._end(tx, await store.open_below(tx.session, kind, prefix))

    async def done(self, alert_id: str, *, staff: Staff) -> dict[str, Any]:
        """A person has seen to it. Again answers the same."""
        async with self._db.write() as tx:
            alert = await store.settle(tx.session, alert_id, by=staff.id, now=self._clock.now())
            if alert is not None:
                return await self._announce(tx, alert)
            alert = await store.alert(tx.session, alert_id)
            if alert is None:
                raise NotFound("no_alert")
            return self._json(alert, await self._people.staff_names(tx.session))

    async def reopen(self, alert_id: str, *, staff: Staff) -> dict[str, Any]:
        """It was not seen to after all. Nobody is written to once more. Raises ``Conflict`` for one that ended by
        itself. An open one about the same is the answer where there is one."""
        async with self._db.write() as tx:
            alert = await store.alert(tx.session, alert_id)
            if alert is None:
                raise NotFound("no_alert")
            if not alert.is_open and alert.done_by is None:
                raise Conflict("alert_over")
            if not alert.is_open:
                alert = await self._open_again(tx, alert)
                await audit.noted(tx, "alert_reopened", alert.id, by=staff.id, at=self._clock.now())
            return self._json(alert, await self._people.staff_names(tx.session))

    async def revive(self, tx: Tx, kind: str, subject: str) -> None:
        """What it was about is not over after all."""
        alert = await store.last_settled(tx.session, kind, subject)
        if alert is not None:
            await self._open_again(tx, alert)

    async def _open_again(self, tx: Tx, alert: Alert) -> Alert:
        await take_turns(tx.session, f"alert:{alert.news.kind}:{alert.news.subject}")
        since = await store.open_about(tx.session, (alert.news.kind,), alert.news.subject)
        opened = await store.alert(tx.session, since[0]) if since else await store.open_again(tx.session, alert.id)
        if opened is None:
            return alert
        await self._announce(tx, opened)
        return opened

    async def list_json(
        self, session: AsyncSession, *, state: str | None = "open", limit: int = 100, viewer: Staff | None = None
    ) -> dict[str, Any]:
        names = await self._people.staff_names(session)
        if viewer is None or viewer.scope.whole:
            found = await store.alerts(session, state=state, limit=limit)
            return {"items": [self._json(alert, names) for alert in found], "open": await store.count_open(session)}
        # Those of others are counted among neither; what is open in a house are some dozens.
        everything = await store.alerts(session, state=state, limit=MOST_LOOKED_AT)
        waiting = everything if state == "open" else await store.alerts(session, state="open", limit=MOST_LOOKED_AT)
        theirs = [each for each in everything if await self.theirs(session, viewer, each)]
        count = sum([await self.theirs(session, viewer, each) for each in waiting])
        return {"items": [self._json(alert, names) for alert in theirs[:limit]], "open": count}

    async def mail_job(self, job: Job) -> None:
        """What came up since the last time: to each member of staff as they chose, to the house in one letter."""
        if self.telling is not None:
            await self.telling.plan(job.key)
        if not self._letters.on:
            return

        async def news() -> dict[str, Any]:
            async with self._db.read() as session:
                found = [alert.id for alert in await store.unmailed(session, MAIL_MOST)]
            chose = sorted(await self.telling.addresses()) if self.telling is not None else []
            return {"alerts": found, "without": chose}

        # What is in the letter is decided once: everybody gets the same, however often a server has to be tried.
        what = await job.once("what", news)
        chosen = what["alerts"]
        async with self._db.read() as session:
            found = await store.these(session, chosen)
        if not found:
            return
        blocks = ["\n".join(self.said(alert)) for alert in found]
        subject = self._texts.count("desk.mail.subject", len(found), first=self._title(found[0]))
        await self._letters.post(
            job, subject=subject, text="\n\n".join(blocks), without=frozenset(what.get("without", ()))
        )
        async with self._db.write() as tx:
            await store.mailed(tx.session, chosen, self._clock.now())

    async def tell_job(self, job: Job) -> None:
        """One member of staff hears what they do not know yet."""
        if self.telling is not None:
            await self.telling.job(job, self.said)

    def said(self, alert: Alert) -> tuple[str, str, str]:
        """Title, text, and where it is settled."""
        return self._title(alert), self._text(alert), f"{self._url}{alert.news.link or ''}"

    async def forget_old(self) -> int:
        """Housekeeping: what was settled long ago."""
        async with self._db.write() as tx:
            return await store.forget(tx.session, self._clock.now() - KEEP_SETTLED)

    async def on_control(self, tx: Tx, event: ControlChanged) -> None:
        """Who was promised a person shows among the alerts until somebody has them: a warning while nothing is sold,
        else as urgent as the reason is."""
        subject, link = event.conversation_id, f"/c/{event.conversation_id}"
        if event.control is not Control.QUEUED:
            await self._end(tx, await store.open_about(tx.session, (WAITING, rules.ESCALATED), subject))
        elif not await store.is_selling(tx.session):
            await self.report(tx, News(WAITING, subject, Severity.WARNING, link=link))
        elif self._texts.has(f"conversations.reason.{event.reason}"):
            # A booking that asks for somebody in words of its own is an alert already.
            severity = URGENCY[event.priority]
            await self.report(tx, News(rules.ESCALATED, subject, severity, {"why": event.reason}, link))

    async def _end(self, tx: Tx, alert_ids: Iterable[str]) -> None:
        for alert_id in alert_ids:
            settled = await store.settle(tx.session, alert_id, by=None, now=self._clock.now())
            if settled is not None:
                await self._announce(tx, settled)

    async def _announce(self, tx: Tx, alert: Alert) -> dict[str, Any]:
        data = self._json(alert, await self._people.staff_names(tx.session))
        await self._live.announce(tx, ALERTS, "alert", data)
        return data

    def _json(self, alert: Alert, names: Mapping[str, str]) -> dict[str, Any]:
        news = alert.news
        return {
            "id": alert.id,
            "kind": news.kind,
            "subject": news.subject,
            "severity": news.severity.value,
            "title": self._title(alert),
            "text": self._text(alert),
            "text_key": f"desk.alert.{news.kind}",
            "params": dict(news.params),
            "link": news.link,
            "state": store.OPEN if alert.is_open else store.DONE,
            "count": alert.count,
            "created_at": alert.created_at.isoformat(),
            "last_at": alert.last_at.isoformat(),
            "done_at": alert.done_at.isoformat() if alert.done_at else None,
            "done_by": {"id": alert.done_by, "name": names.get(alert.done_by)} if alert.done_by else None,
        }

    def _title(self, alert: Alert) -> str:
        return self._texts.here.say(f"desk.alert.{self._known(alert)}.title", **self._filled(alert.news))

    def _text(self, alert: Alert) -> str:
        return self._texts.here.say(f"desk.alert.{self._known(alert)}.text", **self._filled(alert.news))

    def _known(self, alert: Alert) -> str:
        kind = alert.news.kind
        return kind if self._texts.has(f"desk.alert.{kind}.title") else "other"

    def _filled(self, news: News) -> dict[str, Any]:
        """What fills a text; the names of parts and reasons are texts themselves."""
        given = {"subject": news.subject, "kind": news.kind, **news.params}
        if news.kind == rules.ESCALATED and self._texts.has(reason := f"conversations.reason.{given.get('why')}"):
            return given | {"why": self._texts.here.say(reason)}
        for name in ("part", "why"):
            # A reason that only a provider has is told as the refusal that it is.
            for key in (f"desk.{name}.{given.get(name)}", f"error.{given.get(name)}"):
                if self._texts.has(key) and "{" not in self._texts.here.raw(key):
                    given[name] = self._texts.here.say(key).rstrip(".")
                    break
        return given


class Watch:
    """Looks at the parts in turn and keeps the house's mode."""

    def __init__(
        self,
        db: Database,
        live: Live,
        work: Work,
        people: People,
        alerts: Alerts,
        clock: Clock,
        texts: Texts,
        *,
        policy: Policy | None = None,
    ) -> None:
        self._db = db
        self._live = live
        self._work = work
        self._people = people
        self._alerts = alerts
        self._clock = clock
        self._texts = texts
        self._policy = policy or Policy()
        self.probes: dict[str, Probe] = {}
        """By the part's name."""
        self.before: list[Callable[[], Awaitable[None]]] = []
        """What each process looks at for itself (whether its way to a primary address is back)."""

    async def selling(self) -> bool:
        async with self._db.read() as session:
            return await store.is_selling(session)

    async def house(self, session: AsyncSession) -> House:
        return await store.house(session, self._clock.now())

    async def house_json(self, session: AsyncSession) -> dict[str, Any]:
        return self._json(await self.house(session), await self._people.staff_names(session))

    async def history(self, session: AsyncSession, limit: int) -> list[dict[str, Any]]:
        names = await self._people.staff_names(session)
        return [
            {
                "at": row.at.isoformat(),
                "mode": row.mode,
                "selling": row.selling,
                "down": row.down,
                "reason": row.reason,
                "by": {"id": row.by, "name": names.get(row.by)} if row.by else None,
            }
            for row in await store.audits(session, limit)
        ]

    async def look(self) -> bool:
        """One turn: probe every part, write what was seen, draw the consequences. False: it was not our turn."""
        for step in self.before:
            try:
                await step()
            except Exception:
                _log.exception("a look along the way failed")
        now = self._clock.now()
        async with self._db.write() as tx:
            before_us = await store.take_turn(tx.session, now, LOOK)
        if before_us is None:
            return False
        names = list(self.probes)
        given_up = await self._work.parked_after(before_us)
        seen = dict(zip(names, await asyncio.gather(*(self._read(name) for name in names)), strict=True))
        async with self._db.write() as tx:
            now = self._clock.now()
            manual = await store.lock(tx.session, now)
            before = await self.house(tx.session)
            parts = [observe(before.part(name) or fresh(name, now), seen[name], now, self._policy) for name in names]
            known = {part.name: part for part in before.parts}
            await store.set_parts(tx.session, [part for part in parts if known.get(part.name) != part])
            await self._tell_of_parts(tx, before, parts)
            await self._settle(tx, before, parts, manual=manual)
            for kind, _key in given_up:
                await self._alerts.report(tx, News("parked_job", kind, Severity.WARNING, {"why": "parked_jobs"}))
        return True

    async def switch(self, *, manual: bool, reason: str, staff: Staff) -> dict[str, Any]:
        """*Modo manual* on or off, by a person. Again changes only the reason."""
        reason = rules.clean_reason(reason) if manual else " ".join(reason.split())[: rules.MAX_REASON]
        async with self._db.write() as tx:
            await store.lock(tx.session, self._clock.now())
            before = await self.house(tx.session)
            await store.set_switch(
                tx.session, manual=manual, reason=reason if manual else None, by=staff.id if manual else None
            )
            await self._settle(tx, before, before.parts, manual=manual, reason=reason, by=staff.id)
            return await self.house_json(tx.session)

    async def _read(self, name: str) -> str:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                return await self.probes[name]()
        except TimeoutError:
            return "slow"
        except RelevoError as error:
            return error.code
        except Exception:
            _log.exception("a part could not be looked at", part=name)
            return "failed"

    async def _settle(
        self,
        tx: Tx,
        before: House,
        parts: Sequence[Part],
        *,
        manual: bool,
        reason: str | None = None,
        by: str | None = None,
    ) -> None:
        """Write what follows, with its audit, and tell everybody; nothing if nothing follows."""
        verdict, now = rules.judge(parts, manual=manual), self._clock.now()
        states = {part.name: part.state for part in before.parts}
        same = (verdict.mode, verdict.selling) == (before.mode, before.selling)
        if not same:
            moved = verdict.mode is not before.mode
            await store.set_house(tx.session, verdict, since=now if moved else None)
            _log.warning("the house works differently", mode=verdict.mode.value, selling=verdict.selling)
        if not same or by is not None:
            await store.audit(tx.session, now, verdict, parts, reason=reason, by=by)
        if not same or by is not None or any(states.get(part.name) is not part.state for part in parts):
            await self._live.announce(tx, MODE, "mode", await self.house_json(tx.session))
        if not same:
            await tx.publish(ModeChanged(verdict.mode, verdict.selling))

    async def _tell_of_parts(self, tx: Tx, before: House, parts: Sequence[Part]) -> None:
        for part in parts:
            known = before.part(part.name)
            was_down = known is not None and known.is_down
            if part.is_down and not was_down:
                await self._alerts.report(tx, rules.part_news(part))
            elif was_down and not part.is_down:
                await self._alerts.settle(tx, rules.part_news(part).kind, part.name)

    def _json(self, house: House, names: Mapping[str, str]) -> dict[str, Any]:
        return {
            "mode": house.mode.value,
            "manual": house.mode is Mode.MANUAL,
            "selling": house.selling,
            "since": house.since.isoformat(),
            "reason": house.reason,
            "by": {"id": house.by, "name": names.get(house.by)} if house.by else None,
            "parts": [
                {
                    "name": part.name,
                    "state": part.state.value,
                    "reason": part.reason,
                    "text": self._why(part.reason) if part.reason else None,
                    "since": part.since.isoformat(),
                }
                for part in house.parts
            ],
        }

    def _why(self, reason: str) -> str:
        key = f"desk.why.{reason}"
        return self._texts.here.say(key) if self._texts.has(key) else reason
