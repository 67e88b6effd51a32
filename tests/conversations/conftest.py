"""A conversations room on a real database, with a channel that takes everything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from relevo.adapters.storage.files import LocalFiles
from relevo.conversations.attachments import Attachments
from relevo.conversations.events import AgentSpoke, ControlChanged, MessageReceived
from relevo.conversations.inbox import Inbox, Taken
from relevo.conversations.incoming import Incoming
from relevo.conversations.ports import Channel, Outgoing, Sent
from relevo.conversations.rules import Conversation, Delivery, Message
from relevo.conversations.service import DELIVER, Conversations
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.events import Event, Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.rules import Identity, IdentityKind, Role, Staff
from relevo.people.service import People
from relevo.texts import Texts
from tests.conversations.carrier import Carrier


class TakesAll:
    name = "webchat"

    def __init__(self) -> None:
        self.delivered: list[str] = []

    async def deliver(self, outgoing: Outgoing) -> Sent:
        self.delivered.append(outgoing.message.text)
        return Sent(Delivery.SENT)


@dataclass
class Desk:
    """The room with what surrounds it."""

    db: Database
    conversations: Conversations
    people: People
    work: Work
    clock: FixedClock
    channel: TakesAll
    carrier: Carrier
    inbox: Inbox
    attachments: Attachments
    marta: Staff
    julian: Staff
    heard: list[Event]

    async def opened(self) -> Conversation:
        async with self.db.write() as tx:
            person = await self.people.find_or_create(tx, [Identity(IdentityKind.WEBCHAT, "visitor")], name="Ana")
            return await self.conversations.open(tx, channel="webchat", person_id=person.id)

    async def take(self, incoming: Incoming) -> Taken:
        async with self.db.write() as tx:
            return await self.inbox.take(tx, incoming)

    async def now(self, conversation_id: str) -> Conversation:
        async with self.db.read() as session:
            return await self.conversations.get(session, conversation_id)

    async def thread(self, conversation_id: str) -> list[Message]:
        async with self.db.read() as session:
            return await self.conversations.messages(session, conversation_id)


@pytest.fixture
async def desk(
    db: Database, events: Events, live: Live, work: Work, clock: FixedClock, ids: CountingIds, tmp_path: Path
) -> Desk:
    people = People(db, clock, ids)
    channel = TakesAll()
    carrier, attachments = Carrier(), Attachments(LocalFiles(tmp_path / "files"), clock, ids)
    channels: dict[str, Channel] = {"webchat": channel, "whatsapp": carrier}
    conversations = Conversations(db, live, work, people, clock, ids, Texts("es"), channels, attachments)
    inbox = Inbox(conversations, people, attachments, clock)
    work.handle(DELIVER, conversations.deliver_job)
    heard: list[Event] = []
    for kind in (ControlChanged, AgentSpoke):
        events.on_at_once(kind, heard.append)

    async def received(_tx: object, event: MessageReceived) -> None:
        heard.append(event)

    events.on_within(MessageReceived, received)
    marta = await people.enrol(email="marta@x.com", name="Marta", role=Role.AGENT, password="long enough 1")
    julian = await people.enrol(email="julian@x.com", name="Julián", role=Role.SUPERVISOR, password="long enough 2")
    return Desk(db, conversations, people, work, clock, channel, carrier, inbox, attachments, marta, julian, heard)
