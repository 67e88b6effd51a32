"""Handing outgoing messages to the channel that carries them, and what becomes of them there.

Whether a message may leave is asked again in the short transaction that marks it as handed over, right before its
carrier is called: what the bot had ready when a person took over stays with the staff as a suggestion, and nobody
writes past a closed window. A delivery only moves forward, but where a person starts it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from relevo.conversations import rules, store
from relevo.conversations.incoming import folded
from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import Conversation, Delivery, Message, Verdict
from relevo.conversations.threads import DELIVER, Threads
from relevo.kit import log
from relevo.kit.db import Tx
from relevo.kit.errors import Conflict, NotFound, ProviderError, RelevoError
from relevo.kit.work import MAX_ATTEMPTS, Job
from relevo.people.rules import Action, Staff, may

_log = log.get("conversations")

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 15, 60, 120, 300, 300))
"""Before each further try, where the carrier does not name one. Then the message has failed, for all to see."""
ELSEWHERE = "elsewhere"
"""In a message's ``meta``: the other form of the address has had its turn."""


class Deliveries(Threads):
    carried: Callable[[Conversation, str | None], None] | None = None
    """Told of every try: how it went (None), or the code of what went wrong."""

    async def deliver_job(self, job: Job) -> None:
        """Hand one outgoing message to its channel."""
        message_id = str(job.payload["message_id"])
        async with self._db.write() as tx:
            outgoing = await self._hand_over(tx, message_id)
        if outgoing is None:
            return
        try:
            sent = await self._channels[outgoing.conversation.channel].deliver(outgoing)
        except Exception as error:
            self._tell(outgoing, error)
            if not await self._again(outgoing, job, error):
                return
            raise
        self._tell(outgoing, None)
        async with self._db.write() as tx:
            await self._sent(tx, outgoing.message, sent)

    async def customer_has(self, conversation_id: str, up_to_seq: int) -> None:
        """The customer's side has fetched everything up to ``up_to_seq``."""
        async with self._db.read() as session:
            ids = await store.undelivered(session, conversation_id, up_to_seq)
        if not ids:
            return
        async with self._db.write() as tx:
            for message_id in ids:
                await self._delivered(tx, message_id, Delivery.DELIVERED)

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
        """See ``Inbox.status``."""
        carrier_id = folded(carrier_id) if carrier_id else None
        message = await store.message(tx.session, message_id) if message_id else None
        if message is None and carrier_id is not None:
            message = await store.message_by_carrier(tx.session, channel, carrier_id)
        if message is None or not rules.concerns(message, carrier_id, delivery):
            return False
        if error == Verdict.WINDOW_CLOSED:
            await self._first(tx, message)
        if address_used is not None:
            await self._reached_at(tx, message, address_used)
        if carrier_id is not None and message.carrier_id is None:
            await store.set_carrier_id(tx.session, message.id, carrier_id)
        return await self._delivered(tx, message.id, delivery, error, at=at)

    async def retry(self, tx: Tx, message_id: str, *, staff: Staff) -> Message:
        """A person sends a failed message once more."""
        message = await store.message(tx.session, message_id)
        if message is None:
            raise NotFound("no_message")
        conversation = await self.now(tx, message.conversation_id)
        message = await store.message(tx.session, message_id, lock=True)
        assert message
        rules.decide_retry(conversation, message, staff_id=staff.id, may_take=may(staff, Action.TAKE_FROM_COLLEAGUE))
        if not rules.window_open_for(conversation, message, self._clock.now()):
            raise Conflict("window_closed")
        return await self._begin_again(tx, message, {"retried_by": staff.id})

    async def elsewhere(self, tx: Tx, message_id: str, other: Callable[[str], str | None]) -> bool:
        """What could not be delivered at one form of the customer's address is sent once more, to the ``other``."""
        message = await store.message(tx.session, message_id)
        if message is None or message.delivery is not Delivery.FAILED or ELSEWHERE in message.meta:
            return False
        conversation = await self.now(tx, message.conversation_id)
        message = await store.message(tx.session, message_id, lock=True)
        if message is None or message.delivery is not Delivery.FAILED or ELSEWHERE in message.meta:
            return False
        address = other(conversation.reach or "")
        if address is None or not rules.window_open_for(conversation, message, self._clock.now()):
            return False
        await self._reached_at(tx, message, address)
        await self._begin_again(tx, message, {ELSEWHERE: True})
        return True

    async def _hand_over(self, tx: Tx, message_id: str) -> Outgoing | None:
        """Mark it as handed over, if it may leave now. None: nothing is to be done, or no longer."""
        conversation = await store.conversation_of(tx.session, message_id)
        message = await store.message(tx.session, message_id)
        if conversation is None or message is None or message.delivery is not Delivery.PENDING:
            return None
        verdict = rules.may_leave(conversation, message, self._clock.now())
        if verdict is Verdict.DRAFT:
            await self._announce_message(tx, await store.make_suggestion(tx.session, message.id))
            return None
        if conversation.channel not in self._channels:
            verdict = Verdict.CHANNEL_OFF
        if verdict is not Verdict.LEAVES:
            await self._delivered(tx, message.id, Delivery.FAILED, verdict.value)
            return None
        message = await store.hand_over(tx.session, message.id)
        return Outgoing(message, conversation, message.handed, self._read_file)

    def _tell(self, outgoing: Outgoing, error: Exception | None) -> None:
        if self.carried is not None:
            code = error.code if isinstance(error, RelevoError) else "delivery_failed" if error else None
            self.carried(outgoing.conversation, code)

    async def _again(self, outgoing: Outgoing, job: Job, error: Exception) -> bool:
        """Whether the message is tried again. If not, it has failed."""
        ours = isinstance(error, ProviderError)
        if job.attempts < MAX_ATTEMPTS and (not isinstance(error, ProviderError) or error.retryable):
            if isinstance(error, ProviderError) and error.retry_after is None:
                error.retry_after = PAUSES[min(job.attempts, len(PAUSES)) - 1]
            return True
        code = error.code if isinstance(error, ProviderError) else "delivery_failed"
        _log.warning("message not delivered", message=outgoing.message.id, code=code, attempts=job.attempts)
        async with self._db.write() as tx:
            await self._delivered(tx, outgoing.message.id, Delivery.FAILED, code)
        return not ours

    async def _sent(self, tx: Tx, message: Message, sent: Sent) -> None:
        now = await store.message(tx.session, message.id, lock=True)
        if now is None or now.meta.get("retries") != message.meta.get("retries"):
            # News of this try was faster than its answer, and the message has been begun again since.
            return
        if sent.address is not None:
            await self._reached_at(tx, message, sent.address)
        if sent.carrier_id is not None:
            carrier_id = folded(sent.carrier_id)
            if rules.forward(Delivery.PENDING, sent.delivery):
                changed = await store.set_sent(tx.session, message.id, sent.delivery, carrier_id)
                if changed is not None:
                    await self._announce_message(tx, changed)
                    return
            await store.set_carrier_id(tx.session, message.id, carrier_id)
        await self._delivered(tx, message.id, sent.delivery)

    async def _reached_at(self, tx: Tx, message: Message, address: str) -> None:
        conversation = await self.now(tx, message.conversation_id)
        if address != conversation.reach:
            meta = {**conversation.meta, rules.REACH: address}
            self._write(tx, await store.set_contact(tx.session, conversation.id, meta=meta))

    async def _read_file(self, attachment: Mapping[str, Any]) -> bytes:
        if self._attachments is None:
            raise NotFound("no_attachment")
        async with self._db.read() as session:
            found = await self._attachments.get(session, str(attachment["id"]))
        return await self._attachments.read(found)

    async def _overtake(self, tx: Tx, conversation: Conversation) -> None:
        """A person takes over: what the bot had ready and has not left becomes a suggestion."""
        for message in await store.bot_pending(tx.session, conversation.id):
            if message.handed:
                changed = await store.merge_message_meta(tx.session, message.id, None, {rules.OVERTAKEN: True})
            else:
                changed = await store.make_suggestion(tx.session, message.id)
            await self._announce_message(tx, changed)

    async def _delivered(
        self, tx: Tx, message_id: str, reached: Delivery, error: str | None = None, at: datetime | None = None
    ) -> bool:
        if error == Verdict.WINDOW_CLOSED and (message := await store.message(tx.session, message_id)) is not None:
            await self._first(tx, message)
        message = await store.message(tx.session, message_id, lock=True)
        if message is None or not rules.forward(message.delivery, reached):
            return False
        changed = await store.set_delivery(tx.session, message_id, reached, error, at)
        if changed is not None:
            await self._announce_message(tx, changed)
        if error == Verdict.WINDOW_CLOSED:
            await self._shut(tx, message)
        return True

    async def _first(self, tx: Tx, message: Message) -> None:
        """Whoever writes in both holds the conversation before its messages; two who do not would wait for each
        other."""
        await self._get(tx.session, message.conversation_id, lock=True)

    async def _shut(self, tx: Tx, message: Message) -> None:
        """The carrier counts the window, we only reckon it: what it says holds."""
        conversation, now = await self.now(tx, message.conversation_id), self._clock.now()
        if message.handed and rules.window_open(conversation, now):
            shut = await store.set_contact(tx.session, conversation.id, window_until=now)
            await self._announce(tx, self._write(tx, shut))

    async def _begin_again(self, tx: Tx, message: Message, why: Mapping[str, Any]) -> Message:
        """One more delivery of what has failed; ``why`` is remembered with it."""
        again = int(message.meta.get("retries", 0)) + 1
        tried = [*message.meta.get(rules.TRIED, ()), *([message.carrier_id] if message.carrier_id else ())]
        message = await store.begin_delivery_again(
            tx.session, message.id, {"retries": again, **why, rules.TRIED: tried}
        )
        await self._work.promise(
            tx, DELIVER, key=f"deliver:{message.id}:{again}", payload={"message_id": message.id},
            lane=f"deliver:{message.conversation_id}",
        )  # fmt: skip
        await self._announce_message(tx, message)
        return message
