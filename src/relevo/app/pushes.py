"""News to browsers, wired: whose they are, what is told, and the key by which they know us."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter

from relevo.adapters.push.web_push import WebPush, given_key, key_of
from relevo.calls.events import ColleagueRung, HelpAsked
from relevo.conversations.events import MessageReceived
from relevo.conversations.service import Conversations
from relevo.desk.consoles import Consoles
from relevo.desk.devices import Devices
from relevo.desk.events import QueueMoved
from relevo.desk.push_news import PushNews
from relevo.desk.pushing import PUSH, Pushing
from relevo.desk.service import Alerts
from relevo.desk.telling import Telling
from relevo.kit.clock import Clock
from relevo.kit.crypto import Seal
from relevo.kit.db import Database, Tx
from relevo.kit.egress import Egress
from relevo.kit.events import Events
from relevo.kit.ids import Ids
from relevo.kit.nodes import Nodes
from relevo.kit.work import Work
from relevo.people.accounts import Accounts
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.web import pushes as pushes_http
from relevo.web.auth import Gate


@dataclass(frozen=True, slots=True)
class Pushes:
    accounts: Accounts
    devices: Devices
    pushing: Pushing
    news: PushNews
    consoles: Consoles
    clock: Clock

    def router(self, gate: Gate) -> APIRouter:
        return pushes_http.router(self.devices, self.pushing, self.accounts, self.clock, gate)

    def subscribe(self, events: Events) -> None:
        events.on_within(QueueMoved, self.news.moved)
        events.on_within(MessageReceived, self.news.received)

        async def helped(tx: Tx, event: HelpAsked) -> None:
            await self.news.helped(tx, event.call_id, event.conversation_id, by=event.by, at=event.at)

        async def rung(tx: Tx, event: ColleagueRung) -> None:
            await self.news.rung(tx, event.call_id, event.conversation_id, to=event.to, at=event.at)

        events.on_within(HelpAsked, helped)
        events.on_within(ColleagueRung, rung)

    def handle(self, work: Work) -> None:
        work.handle(PUSH, self.pushing.job)

    async def sweep(self) -> None:
        await self.devices.look()
        await self.consoles.sweep()


def contact(settings: Settings) -> str:
    """Whom a service can write to about what we send; some refuse whoever cannot be found."""
    if settings.push_contact:
        return settings.push_contact
    if settings.staff_addresses:
        return f"mailto:{settings.staff_addresses[0]}"
    return settings.url if settings.url.startswith("https://") else "mailto:relevo@localhost"


def wire(
    settings: Settings,
    secret: str,
    nodes: Nodes,
    db: Database,
    work: Work,
    people: People,
    accounts: Accounts,
    conversations: Conversations,
    alerts: Alerts,
    telling: Telling,
    clock: Clock,
    ids: Ids,
    texts: Texts,
    zone: ZoneInfo,
) -> Pushes:
    given = settings.push_key.get_secret_value().strip()
    egress = Egress(allowed=[each.strip() for each in settings.push_allow.split(",") if each.strip()])
    sender = WebPush(egress, given_key(given) if given else key_of(secret), clock, contact(settings))
    devices = Devices(db, accounts, sender, Seal(secret, purpose="web push"), clock, ids)
    consoles = Consoles(db, clock, nodes.id, nodes.alive)
    pushing = Pushing(db, work, people, devices, sender, clock, zone)
    news = PushNews(pushing, people, conversations, consoles, texts, alerts, names=settings.push_names)
    alerts.on_new, telling.pushes = news.alert, sender.on
    return Pushes(accounts, devices, pushing, news, consoles, clock)
