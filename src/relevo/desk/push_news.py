"""What is pushed: which events make news, whom each is for, and what it says of it.

It says what kind of thing happened. Whose it is and in which words are said only where the house chose that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import reach_store
from relevo.conversations.events import MessageReceived
from relevo.conversations.rules import Control
from relevo.conversations.service import Conversations
from relevo.desk import entry_store, store
from relevo.desk.consoles import Consoles
from relevo.desk.events import QueueMoved
from relevo.desk.push_rules import Push
from relevo.desk.pushing import Pushing, Told
from relevo.desk.queue_rules import CALL, EntryState
from relevo.desk.rules import KINDS, OTHER, Alert, Choice, Road, Severity
from relevo.desk.service import Alerts
from relevo.kit.db import Tx
from relevo.people.rules import Action, may
from relevo.people.service import People
from relevo.texts import Texts


class PushNews:
    def __init__(
        self,
        pushing: Pushing,
        people: People,
        conversations: Conversations,
        consoles: Consoles,
        texts: Texts,
        alerts: Alerts,
        *,
        names: bool,
    ) -> None:
        """``names``: whether a push says who it is about."""
        self._pushing = pushing
        self._people = people
        self._conversations = conversations
        self._consoles = consoles
        self._texts = texts
        self._alerts = alerts
        self._names = names
        pushing.tell.update(
            {
                Push.ALERT: self._alert, Push.OFFER: self._offer, Push.CALL: self._offer, Push.MESSAGE: self._message,
                Push.HELP: self._help, Push.TEST: self._test,
            }
        )  # fmt: skip

    # Listed in ``app``: within the transaction.

    async def alert(self, tx: Tx, alert: Alert) -> None:
        """A new one. Whoever is in quiet hours hears of it when they end."""
        if self._pushing.used and any(self._hears(each, alert) for each in await store.choices(tx.session)):
            await self._pushing.promise(tx, Push.ALERT, alert.id, key=alert.id)

    async def moved(self, tx: Tx, event: QueueMoved) -> None:
        """Something waits for an answer of one of us."""
        if event.state != EntryState.OFFERED.value or event.offered_to is None or not self._pushing.used:
            return
        entry = await entry_store.by_id(tx.session, event.entry_id)
        if entry is not None and entry.offered_to is not None:
            kind = Push.CALL if entry.channel == CALL else Push.OFFER
            await self._pushing.promise(
                tx, kind, entry.id, key=f"{entry.id}:{entry.offers}", staff_id=entry.offered_to,
                ends=entry.offered_until, more={"number": entry.offers},
            )  # fmt: skip

    async def received(self, tx: Tx, event: MessageReceived) -> None:
        if event.control is Control.AGENT and self._pushing.used and self._conversations.carries(event.channel):
            more = {"conversation_id": event.conversation_id}
            await self._pushing.promise(tx, Push.MESSAGE, event.message_id, key=event.message_id, more=more)

    async def rung(self, tx: Tx, call_id: str, conversation_id: str, *, to: str, at: datetime) -> None:
        """A colleague calls one of us into a call."""
        if self._pushing.used:
            key, more = f"{call_id}:{to}:{at.isoformat()}", {"conversation_id": conversation_id}
            await self._pushing.promise(tx, Push.CALL, call_id, key=key, staff_id=to, more=more)

    async def helped(self, tx: Tx, call_id: str, conversation_id: str, *, by: str, at: datetime) -> None:
        """Somebody in a call asks for help."""
        if self._pushing.used:
            key, more = f"{call_id}:{at.isoformat()}", {"conversation_id": conversation_id, "by": by}
            await self._pushing.promise(tx, Push.HELP, call_id, key=key, more=more)

    # What each says when its turn has come.

    async def _alert(self, session: AsyncSession, payload: Mapping[str, Any]) -> Told | None:
        alert = await store.alert(session, str(payload["subject"]))
        if alert is None or not alert.is_open:
            return None
        now, later = [], {}
        for choice in await store.choices(session):
            if payload["staff_id"] not in (None, choice.staff_id) or not self._hears(choice, alert):
                continue
            member = await self._people.staff(choice.staff_id)
            if member is None or not may(member, Action.SEE_ALERTS):
                continue
            if not await self._alerts.theirs(session, member, alert):
                continue
            rests = self._pushing.rests(choice)
            if rests is None or choice.wakes(alert.news):
                now.append(choice.staff_id)
            else:
                later[choice.staff_id] = rests
        critical = alert.news.severity is Severity.CRITICAL
        kind = alert.news.kind if alert.news.kind in KINDS else OTHER
        title = self._texts.say("push.other" if kind == OTHER else f"desk.kind.{kind}")
        body = self._texts.say("push.alert")
        if self._names:
            title, body, _ = self._alerts.said(alert)
        return Told(title, body, alert.news.link or "/hoy", f"alert:{alert.id}", tuple(now), critical, later)

    async def _offer(self, session: AsyncSession, payload: Mapping[str, Any]) -> Told | None:
        to = (str(payload["staff_id"]),)
        if "number" not in payload:
            title, link = self._texts.say("push.call.title"), "/llamadas"
            body = await self._about(session, str(payload["conversation_id"]), "push.call.colleague")
            return Told(title, body, link, f"call:{payload['subject']}", to)
        entry = await entry_store.by_id(session, str(payload["subject"]))
        if entry is None or entry.state is not EntryState.OFFERED:
            return None
        if (entry.offered_to, entry.offers) != (payload["staff_id"], payload["number"]):
            return None
        word, link = ("call", "/llamadas") if entry.channel == CALL else ("offer", f"/c/{entry.conversation_id}")
        body = await self._about(session, entry.conversation_id, f"push.{word}.text")
        return Told(self._texts.say(f"push.{word}.title"), body, link, f"offer:{entry.id}", to)

    async def _message(self, session: AsyncSession, payload: Mapping[str, Any]) -> Told | None:
        conversation = await self._conversations.get(session, str(payload["conversation_id"]))
        holder = conversation.agent_id
        if conversation.control is not Control.AGENT or holder is None:
            return None
        if await self._consoles.is_open(session, holder, await self._consoles.alive()):
            return None
        body = await self._about(session, conversation.id, "push.message.text")
        link, title = f"/c/{conversation.id}", self._texts.say("push.message.title")
        return Told(title, body, link, f"conversation:{conversation.id}", (holder,))

    async def _help(self, session: AsyncSession, payload: Mapping[str, Any]) -> Told | None:
        to: list[str] = []
        for each in await self._people.all_staff(session):
            if may(each, Action.LISTEN) and each.id != payload["by"]:
                member = await self._people.staff(each.id)
                if member and await reach_store.seen(session, member, [str(payload["conversation_id"])]):
                    to.append(each.id)
        body = self._texts.say("push.help.text")
        if self._names:
            names = await self._people.staff_names(session)
            body = self._texts.say("push.help.named", name=names.get(str(payload["by"]), ""))
        return Told(self._texts.say("push.help.title"), body, "/sala", f"help:{payload['subject']}", tuple(to))

    async def _test(self, _session: AsyncSession, payload: Mapping[str, Any]) -> Told | None:
        title, body = self._texts.say("push.test.title"), self._texts.say("push.test.text")
        return Told(title, body, "/yo", f"test:{payload['subject']}", (str(payload["staff_id"]),))

    async def _about(self, session: AsyncSession, conversation_id: str, text: str) -> str:
        """Who it is about, where that may be said."""
        if self._names:
            conversation = await self._conversations.get(session, conversation_id)
            person = (await self._people.get_many(session, [conversation.person_id])).get(conversation.person_id)
            if person is not None and person.shown_name:
                return person.shown_name
        return self._texts.say(text)

    @staticmethod
    def _hears(choice: Choice, alert: Alert) -> bool:
        return Road.PUSH in choice.roads and choice.wants(alert.news)
