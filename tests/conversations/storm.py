"""Carriers repeat themselves, shuffle, and send in handfuls; people take over meanwhile. Nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from relevo.conversations.events import ControlChanged, MessageReceived
from relevo.conversations.incoming import Incoming
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.conversations.rules import Author, Control, Delivery, Kind, Reply
from relevo.conversations.service import DELIVER
from relevo.kit.db import Tx, retried
from relevo.kit.errors import RelevoError
from relevo.kit.ids import Ids
from relevo.kit.work import Job, Work, make_work
from tests.conversations.carrier import AT, incoming
from tests.conversations.conftest import Desk

REPLY = "test.reply"
DOORS, WORKERS = 3, 3
STEPS = 10
STATUSES = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)


@dataclass
class Answering:
    """A bot that answers each message in its own words, as a job like the real one's."""

    desk: Desk

    async def promise(self, tx: Tx, event: MessageReceived) -> None:
        if event.control is Control.BOT:
            await self.desk.work.promise(
                tx, REPLY, key=f"reply:{event.message_id}", lane=f"reply:{event.conversation_id}",
                payload={"message_id": event.message_id},
            )  # fmt: skip

    async def job(self, job: Job) -> None:
        async with self.desk.db.read() as session:
            message = await self.desk.conversations.message(session, job.payload["message_id"])
            assert message is not None
            conversation = await self.desk.conversations.get(session, message.conversation_id)
        if conversation.control is not Control.BOT:
            return
        await asyncio.sleep(0)
        async with self.desk.db.write() as tx:
            await self.desk.conversations.bot_says(
                tx, conversation.id, version=conversation.control_version, replies=[Reply(f"re {message.text}")],
                meta={"reply_to": message.id},
            )  # fmt: skip


def answering(desk: Desk) -> Answering:
    bot = Answering(desk)
    desk.db.events.on_within(MessageReceived, bot.promise)
    desk.work.handle(REPLY, bot.job)
    return bot


@asynccontextmanager
async def workers(desk: Desk, bot: Answering, ids: Ids) -> AsyncIterator[list[Work]]:
    """Several processes' worth of runners over one queue."""
    others = [make_work(desk.db, desk.clock, ids) for _ in range(WORKERS - 1)]
    for each in others:
        each.handle(REPLY, bot.job)
        each.handle(DELIVER, desk.conversations.deliver_job)
    for each in (desk.work, *others):
        each.start()
    yield [desk.work, *others]
    for each in others:
        await each.close()


def handfuls(chance: random.Random, everything: list[Incoming], deliveries: int) -> list[list[Incoming]]:
    """Every message at least once, the rest again at random, out of order, in payloads of one to six."""
    sent = [*everything, *chance.choices(everything, k=deliveries - len(everything))]
    chance.shuffle(sent)
    payloads = []
    while sent:
        size = chance.randint(1, 6)
        payloads.append(sent[:size])
        sent = sent[size:]
    return payloads


async def deliveries(desk: Desk, ids: Ids, *, messages: int, customers: int) -> None:
    """Ten deliveries of each message, shuffled, in handfuls and through several doors, leave each of them once."""
    bot = answering(desk)
    async with workers(desk, bot, ids) as running:
        await _deliveries(desk, running, messages, 10 * messages, customers)


async def _deliveries(desk: Desk, running: list[Work], messages: int, sent: int, customers: int) -> None:
    chance = random.Random(5)
    everything = [
        incoming(f"wamid.{number}", f"texto {number}", phone=f"+54934155{number % customers:05}")
        for number in range(messages)
    ]
    payloads = handfuls(chance, everything, sent)
    assert sum(map(len, payloads)) == sent

    @retried
    async def webhook(payload: list[Incoming]) -> None:
        async with desk.db.write() as tx:
            await desk.inbox.queue(tx, payload)
            for each in payload:
                await desk.inbox.take(tx, each)

    async def door() -> None:
        while payloads:
            await webhook(payloads.pop())

    await asyncio.gather(*(door() for _ in range(DOORS)))
    for each in running:
        await each.idle()

    said = [
        (one.message.id, status)
        for one in desk.carrier.taken
        for status in (
            *STATUSES,
            *chance.choices(STATUSES, k=2),
            *chance.choices((Delivery.FAILED, Delivery.SENT), k=1),
        )
    ]
    chance.shuffle(said)

    @retried
    async def statuses(some: list[tuple[str, Delivery]]) -> None:
        async with desk.db.write() as tx:
            for message_id, status in sorted(some):
                await desk.inbox.status(tx, channel="whatsapp", delivery=status, at=AT, message_id=message_id)

    for start in range(0, len(said), 200):
        await statuses(said[start : start + 200])

    async with desk.db.read() as session:
        rows = (await session.execute(select(MessageRow))).scalars().all()
        conversations = (await session.execute(select(func.count()).select_from(ConversationRow))).scalar_one()
    received = [row for row in rows if row.author == Author.CUSTOMER.value]
    replies = [row for row in rows if row.author == Author.BOT.value]
    assert conversations == customers
    assert len(received) == messages == len({row.external_id for row in received})
    assert Counter(row.meta["reply_to"] for row in replies) == Counter({row.id: 1 for row in received})
    assert desk.carrier.counts() == Counter({row.id: 1 for row in replies})
    assert {row.delivery for row in replies} == {Delivery.READ.value}
    by_thread: dict[str, list[int]] = {}
    for one in desk.carrier.taken:
        by_thread.setdefault(one.conversation.id, []).append(one.message.seq)
    assert all(seqs == sorted(seqs) for seqs in by_thread.values())


async def interleavings(desk: Desk, *, times: int) -> None:
    """Customer, bot, a person who takes over and hands back, in any order and at once."""
    answering(desk)
    holders: dict[str, Control] = {}
    wrong: list[str] = []
    sent: Counter[Author] = Counter()

    def moved(event: ControlChanged) -> None:
        holders[event.conversation_id] = event.control

    def handed_over(conversation_id: str, author: Author, text: str) -> None:
        sent[author] += 1
        if author is Author.BOT and holders.get(conversation_id) is Control.AGENT:
            wrong.append(text)

    desk.db.events.on_at_once(ControlChanged, moved)
    desk.carrier.watch = handed_over
    desk.work.start()
    chance = random.Random(7)

    async def act(conversation_id: str, number: int, deed: str) -> None:
        try:
            if deed == "message":
                await desk.take(incoming(f"wamid.{number}", f"texto {number}", phone=phones[conversation_id]))
                return
            async with desk.db.write() as tx:
                if deed == "take":
                    await desk.conversations.take_over(tx, conversation_id, staff=desk.marta)
                elif deed == "back":
                    await desk.conversations.hand_back(tx, conversation_id, staff=desk.marta, note="")
                elif deed == "reply":
                    await desk.conversations.agent_says(tx, conversation_id, staff=desk.marta, text=f"Marta {number}")
        except RelevoError:
            return

    phones: dict[str, str] = {}
    for number in range(times // STEPS):
        phone = f"+54934155{number:05}"
        taken = await desk.take(incoming(f"first.{number}", phone=phone))
        phones[taken.conversation.id] = phone
    for step in range(STEPS):
        deeds = [(each, chance.sample(("message", "take", "back", "reply", "message"), k=3)) for each in phones]
        chance.shuffle(deeds)
        await asyncio.gather(
            *(act(each, step * 10_000 + chance.randrange(10_000), deed) for each, some in deeds for deed in some)
        )
    await desk.work.idle()
    async with desk.db.read() as session:
        rows = (await session.execute(select(MessageRow).where(MessageRow.author == Author.BOT.value))).scalars().all()
    assert wrong == []
    assert sent[Author.BOT] > times // 10
    assert sent[Author.AGENT] > times // 10
    assert Counter(row.delivery for row in rows if row.kind == Kind.TEXT.value) == Counter(
        {Delivery.SENT.value: sent[Author.BOT]}
    )
    assert any(row.kind == Kind.SUGGESTION.value for row in rows)
