"""The one road into a conversation for everything that comes from a carrier, whatever the channel.

A door checks the signature, reads *all* of what came, and hands it over here in one transaction: the person, the
conversation, the message, its media, the promise to answer. The same external id again adds nothing. Doors whose
carrier sends several things at once call ``queue`` first and are ``kit.db.retried``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from relevo.conversations import rules, store
from relevo.conversations.attachments import Attachments
from relevo.conversations.incoming import Incoming, folded
from relevo.conversations.rules import Conversation, Delivery, Message
from relevo.conversations.service import Conversations
from relevo.kit.clock import Clock
from relevo.kit.db import Tx, take_turns
from relevo.people.rules import Identity
from relevo.people.service import People


@dataclass(frozen=True, slots=True)
class Taken:
    conversation: Conversation
    message: Message
    duplicate: bool
    """It was here before; nothing was added."""


class Inbox:
    def __init__(self, conversations: Conversations, people: People, attachments: Attachments, clock: Clock) -> None:
        self._conversations = conversations
        self._people = people
        self._attachments = attachments
        self._clock = clock

    async def queue(self, tx: Tx, incoming: Iterable[Incoming]) -> None:
        """Wait for everybody else who writes about these customers, in one order for all."""
        await take_turns(tx.session, *{name for each in incoming for name in _turns(each)})

    async def take(self, tx: Tx, incoming: Incoming) -> Taken:
        """Store one message and promise what follows from it."""
        await self.queue(tx, [incoming])
        external_id = folded(incoming.external_id)
        if (known := await self._known(tx, incoming.channel, external_id)) is not None:
            return known
        conversation = await self._conversation(tx, incoming)
        attachments = [
            await self._attachments.add(tx, conversation.id, name=name, stored=stored)
            for name, stored in incoming.files
        ]
        received = await self._conversations.receive(
            tx, conversation.id, text=rules.fit_text(incoming.text), external_id=external_id, attachments=attachments,
            media=incoming.media, meta=incoming.meta, answer=incoming.answer, nothing=True,
            looked_for=True,
        )  # fmt: skip
        return Taken(await self._conversations.now(tx, conversation.id), received.message, received.duplicate)

    async def status(
        self,
        tx: Tx,
        *,
        channel: str,
        delivery: Delivery,
        at: datetime,
        carrier_id: str | None = None,
        message_id: str | None = None,
        error: str | None = None,
        address_used: str | None = None,
    ) -> bool:
        """What the carrier says of a message of ours, by our id or by its own. Whether it moved forward."""
        return await self._conversations.status(
            tx, channel=channel, delivery=delivery, at=at, carrier_id=carrier_id, message_id=message_id, error=error,
            address_used=address_used,
        )  # fmt: skip

    async def outside(
        self,
        tx: Tx,
        *,
        channel: str,
        account: str,
        address: str,
        external_id: str,
        text: str,
        at: datetime,
        conversation_id: str | None = None,
        identities: Sequence[Identity] = (),
        name: str | None = None,
    ) -> Taken:
        """A person answered from the paired telephone or a mail client: their message, and a takeover."""
        said = Incoming(
            channel, account, address, external_id, tuple(identities), at, text, name,
            conversation_id=conversation_id, answer=False,
        )  # fmt: skip
        await self.queue(tx, [said])
        external_id = folded(external_id)
        if (known := await self._known(tx, channel, external_id, ours=True)) is not None:
            return known
        conversation = await self._conversation(tx, said)
        message = await self._conversations.said_outside(
            tx, conversation.id, text=rules.fit_text(text), external_id=external_id
        )
        return Taken(await self._conversations.now(tx, conversation.id), message, duplicate=False)

    async def event(self, tx: Tx, incoming: Incoming, event: str, params: Mapping[str, str] | None = None) -> Taken:
        """A line in the thread (text ``conversations.event.<event>``) for what is no message: a reaction, a number
        that changed."""
        await self.queue(tx, [incoming])
        external_id = folded(incoming.external_id)
        if (known := await self._known(tx, incoming.channel, external_id)) is not None:
            return known
        conversation = await self._conversation(tx, incoming)
        line = await self._conversations.record(
            tx, conversation.id, event=event, meta=incoming.meta, attachments=(), external_id=external_id,
            **dict(params or {}),
        )  # fmt: skip
        return Taken(conversation, line, duplicate=False)

    async def _known(self, tx: Tx, channel: str, external_id: str, *, ours: bool = False) -> Taken | None:
        """What came before under this id; ``ours``: or left under it."""
        found = await store.message_by_external(tx.session, channel, external_id)
        if found is None and ours:
            found = await store.message_by_carrier(tx.session, channel, external_id)
        if found is None:
            return None
        return Taken(await self._conversations.get(tx.session, found.conversation_id), found, duplicate=True)

    async def _conversation(self, tx: Tx, incoming: Incoming) -> Conversation:
        """Where it belongs: the one it names, the latest with this address, the latest with this person, or a new
        one. The address is kept as it came last, and the window opened."""
        found: Conversation | None = None
        if incoming.conversation_id is not None:
            found = await store.conversation(tx.session, incoming.conversation_id, lock=True)
            if found is not None and found.channel != incoming.channel:
                found = None
        named = found is not None
        if found is None and not incoming.fresh:
            found = await store.conversation_with(
                tx.session, incoming.channel, incoming.account, address=incoming.address
            )
        person_id = found.person_id if found is not None else None
        if person_id is None or incoming.identities:
            person = await self._people.find_or_create(
                tx, incoming.identities, name=incoming.name, locale=incoming.locale,
                profile_name=incoming.profile_name, username=incoming.username,
            )  # fmt: skip
            if found is not None and not named and incoming.identities and found.person_id not in person.ids:
                # The address has changed hands: its new owner does not read what was said with the old one.
                found = None
            person_id = found.person_id if found is not None else person.id
            if found is None and not incoming.fresh:
                found = await store.conversation_with(
                    tx.session, incoming.channel, incoming.account, person_ids=person.ids
                )
        until = self._window(incoming)
        if found is None:
            meta = {"locale": incoming.locale} if incoming.locale else {}
            return await self._conversations.open(
                tx, channel=incoming.channel, person_id=person_id, meta=meta, account=incoming.account,
                address=incoming.address, window_until=until,
            )  # fmt: skip
        if until is not None and found.window_until is not None:
            until = max(until, found.window_until)
        if (incoming.address, until or found.window_until) != (found.address, found.window_until):
            found = await self._conversations.writes_from(tx, found.id, incoming.address, incoming.account, until)
        return found

    def _window(self, incoming: Incoming) -> datetime | None:
        if incoming.window is None:
            return None
        return min(incoming.at, self._clock.now()) + incoming.window


def _turns(incoming: Incoming) -> list[str]:
    return [
        f"inbox {incoming.channel} {incoming.account} {incoming.address}",
        *(f"identity {known.kind.value} {known.value}" for known in incoming.identities),
    ]
