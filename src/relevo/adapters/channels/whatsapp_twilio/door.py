"""Twilio's doors for WhatsApp: messages and statuses, each a signed form, each stored before it is answered.

Nothing is believed without the signature, nor from another account; what is refused leaves no row and is counted once.
A message that comes again adds nothing. Replies never go back in the answer: they would have no place in the outbox.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from relevo.adapters.channels.whatsapp_twilio import outgoing, parsing
from relevo.adapters.channels.whatsapp_twilio.errors import Act, meaning
from relevo.adapters.channels.whatsapp_twilio.parsing import SORT
from relevo.adapters.channels.whatsapp_twilio.sending import WhatsAppTwilio
from relevo.adapters.channels.whatsapp_twilio.settings import CHANNEL, LATE, STATUS, WEBHOOK, Settings
from relevo.adapters.twilio.rest import Rest
from relevo.adapters.twilio.signed import SIGNED, Form, SignedForms
from relevo.conversations.inbox import Inbox, Taken
from relevo.conversations.incoming import Incoming
from relevo.conversations.rules import Author, Control, Delivery, window_open
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, retried
from relevo.kit.errors import Forbidden, NotFound, RelevoError
from relevo.kit.tasks import Tasks
from relevo.kit.work import Job, Work
from relevo.texts import Texts

_log = log.get("channels.whatsapp_twilio")

FORGET = "whatsapp_twilio.forget_media"
"""Job: delete at Twilio what we have copied."""
KEPT_THERE = timedelta(days=1)
NOTHING = "<Response/>"
LONGEST_NUMBER = 5
LOOK_BACK = 8
"""Messages among which the one is looked for that a number answers."""
MARKS = 32
MAX_BODY = 131_072
MAX_FIELDS = 300
Refused = Callable[[], None]
"""Told of everything that was refused for its signature."""


@dataclass(frozen=True, slots=True)
class Door:
    settings: Settings
    db: Database
    inbox: Inbox
    conversations: Conversations
    channel: WhatsAppTwilio
    rest: Rest
    work: Work
    clock: Clock
    texts: Texts
    tasks: Tasks
    refused: Refused
    marks: set[str] = field(default_factory=set)
    """Under way now."""

    def router(self) -> APIRouter:
        routes = APIRouter(tags=["whatsapp"])
        given = self.settings
        forms = SignedForms(
            given.public_url,
            [given.auth_token.get_secret_value(), given.other_token.get_secret_value()],
            shared_key=given.webhook_key.get_secret_value(),
            max_body=MAX_BODY,
            max_fields=MAX_FIELDS,
        )

        async def read(request: Request) -> Form:
            try:
                form = await forms.read(request)
                if form.get("AccountSid") != given.account_sid:
                    raise Forbidden("bad_signature")
            except Forbidden:
                self.refused()
                raise
            return form

        @routes.post(WEBHOOK, openapi_extra=SIGNED)
        async def message(request: Request) -> Response:
            await self.hear(await read(request))
            return Response(NOTHING, media_type="text/xml")

        @routes.post(STATUS, openapi_extra=SIGNED)
        async def status_of_sid(request: Request) -> Response:
            await self.move(await read(request), None, {})
            return Response(status_code=204)

        @routes.post(f"{STATUS}/{{message_id}}", openapi_extra=SIGNED)
        async def status_of_ours(message_id: str, request: Request) -> Response:
            await self.move(await read(request), message_id, request.query_params)
            return Response(status_code=204)

        return routes

    async def hear(self, form: Form) -> None:
        found = parsing.incoming(form, at=self.clock.now())
        if parsing.is_reaction(form):
            await self._react(found)
        else:
            await self.take(found)

    async def take(self, found: Incoming) -> bool:
        """Store a message, and say whether it was new."""
        taken = await self._take(found)
        if found.answer and not taken.duplicate and taken.conversation.control is Control.BOT:
            self._mark(found.external_id)
        return not taken.duplicate

    @retried
    async def _take(self, found: Incoming) -> Taken:
        async with self.db.write() as tx:
            taken = await self.inbox.take(tx, replace(found, text=self._words(found)))
            if taken.duplicate:
                return taken
            await self._spell_out(tx, taken)
            if not found.answer and taken.conversation.control is Control.BOT:
                await self._acknowledge(tx, taken, found)
            if found.media and not self.settings.keep_media:
                payload = {"message_id": taken.message.id, "refs": [each.ref for each in found.media]}
                due = self.clock.now() + KEPT_THERE
                await self.work.promise(tx, FORGET, key=f"{FORGET}:{taken.message.id}", payload=payload, run_at=due)
        return taken

    def _mark(self, sid: str) -> None:
        """What cannot be marked is answered all the same; and marks never stand in line."""
        if len(self.marks) >= MARKS:
            return

        async def mark() -> None:
            try:
                await self.channel.mark(sid)
            except RelevoError as error:
                _log.info("a message could not be marked as read", why=error.code)
            finally:
                self.marks.discard(sid)

        self.marks.add(sid)
        self.tasks.start(mark(), name="mark as read")

    def _words(self, found: Incoming) -> str:
        """How staff read what is neither words nor a file."""
        match found.meta.get(SORT):
            case parsing.LOCATION:
                about = found.meta["about"]
                named = ", ".join(str(about[key]) for key in ("name", "address") if about.get(key))
                link = f"https://maps.google.com/?q={about['latitude']},{about['longitude']}"
                return self.texts.say("conversations.incoming.location", place=f"{named} {link}".strip())
            case parsing.UNKNOWN:
                return self.texts.say("conversations.incoming.unknown")
        return found.text

    async def _spell_out(self, tx: Tx, taken: Taken) -> None:
        """A bare number after numbered lines means the words beside it."""
        message = taken.message
        if len(message.text) > LONGEST_NUMBER or not any(char.isdigit() for char in message.text):
            return
        before = await self.conversations.messages(
            tx.session, message.conversation_id, after_seq=message.seq - LOOK_BACK
        )
        ours = [each for each in before if each.for_customer and each.author is not Author.CUSTOMER]
        option = outgoing.number_said(message.text, ours[-1].buttons) if ours else None
        if option is not None:
            await self.conversations.amend(tx, message.id, text=option, meta={"typed": message.text})

    async def _acknowledge(self, tx: Tx, taken: Taken, found: Incoming) -> None:
        """What the bot does not look at gets a sentence; what was found too late gets one for each customer and day."""
        conversation, now = taken.conversation, self.clock.now()
        texts = self.texts.other(conversation.meta.get("locale"))
        if now - found.at >= LATE:
            if window_open(conversation, now):
                text, key = texts.say("conversations.incoming.late"), f"late:{conversation.id}:{now:%Y%m%d}"
                await self.conversations.system_says(tx, conversation.id, text=text, key=key)
            return
        text = texts.say(f"conversations.incoming.{found.meta[SORT]}_noted")
        await self.conversations.system_says(
            tx, conversation.id, text=text, key=f"noted:{taken.message.id}", meta={"reply_to": taken.message.id}
        )

    @retried
    async def _react(self, found: Incoming) -> None:
        async with self.db.write() as tx:
            emoji = found.text.strip()[:16]
            await self.inbox.event(tx, found, "reaction" if emoji else "reaction_removed", {"emoji": emoji})

    @retried
    async def move(self, form: Form, message_id: str | None, query: Any) -> None:
        """A status. Of a message in several pieces the last one speaks for all, except of failures."""
        status = parsing.status(form)
        if status is None:
            return
        failed, piece = status.delivery is Delivery.FAILED, query.get("piece")
        if piece is not None and not failed:
            return
        found = meaning(status.error) if failed else None
        async with self.db.write() as tx:
            if piece is not None and not await self._is_current(tx, message_id, piece):
                return
            moved = await self.inbox.status(
                tx,
                channel=CHANNEL,
                delivery=status.delivery,
                at=self.clock.now(),
                # An early piece has no name of its own in the thread.
                carrier_id=status.sid if piece is None else None,
                message_id=message_id,
                error=found.code if found else None,
            )
            if moved and message_id and found is not None and found.act is Act.OTHER_NUMBER:
                await self.conversations.elsewhere(tx, message_id, self.channel.other)

    async def _is_current(self, tx: Tx, message_id: str | None, piece: str) -> bool:
        """Whether a piece is of the latest try to deliver its message."""
        message = await self.conversations.message(tx.session, message_id or "")
        return message is not None and str(message.handed) == piece

    async def forget_job(self, job: Job) -> None:
        """Twilio keeps files until it is told not to. What we do not have stays there."""
        async with self.db.read() as session:
            message = await self.conversations.message(session, job.payload["message_id"])
        if message is None or len(message.attachments) < len(job.payload["refs"]):
            return
        for ref in job.payload["refs"]:
            with suppress(NotFound):
                await self.rest.ask("DELETE", ref)
