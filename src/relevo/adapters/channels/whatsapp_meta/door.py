"""The door for Meta's webhooks: the handshake, the signature, and everything that a delivery holds into the inbox.

What is not signed leaves nothing behind but a count. Answered with 200 is only what is stored; what could not be stored
is asked for again by an answer that says so, and what came through the first time adds nothing the second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from relevo.adapters.channels.whatsapp_meta import errors, hearing, signature, writing
from relevo.adapters.channels.whatsapp_meta.channel import NAME, Whatsapp
from relevo.adapters.channels.whatsapp_meta.parsing import (
    Echo,
    Heard,
    Item,
    Moved,
    News,
    Preference,
    TemplateNews,
    parse,
    read_json,
)
from relevo.adapters.channels.whatsapp_meta.settings import PATH, Settings
from relevo.adapters.channels.whatsapp_meta.writing import PART
from relevo.conversations.inbox import Inbox, Taken
from relevo.conversations.incoming import Incoming
from relevo.conversations.rules import Author, Control, Delivery, window_open
from relevo.conversations.service import Conversations
from relevo.kit import log, phone
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, retried
from relevo.kit.errors import Forbidden, Invalid, NotReady
from relevo.kit.tasks import Tasks
from relevo.people.rules import Identity, IdentityKind
from relevo.texts import Texts

_log = log.get("whatsapp_meta")

AT_ONCE = 50
"""So many things of one delivery are stored in one transaction."""
MARKS = 64
"""Read marks under way; beyond that they are left out, they are only for the eye."""
OUR_ID = "msg_"
LONGEST_NUMBER = 5
LOOK_BACK = 8
"""Messages among which the list is looked for that a number answers."""


@dataclass(slots=True)
class Hooks:
    """Who else wants to know; each is called in the transaction that stores it, unless it says otherwise."""

    preference: Callable[[Tx, Sequence[Identity], bool, datetime], Awaitable[None]] | None = None
    template: Callable[[TemplateNews], None] | None = None
    """Not in the transaction: it only forgets what was cached."""
    opaque: Callable[[str, str], None] | None = None
    """Our key and the carrier's id of something that is no message of a conversation."""
    refused: Callable[[str], None] | None = None
    """A delivery that was not let in, and why."""
    news: Callable[[News], None] | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    item: Item
    incoming: Incoming | None


@dataclass(slots=True)
class Door:
    settings: Settings
    channel: Whatsapp
    inbox: Inbox
    conversations: Conversations
    db: Database
    texts: Texts
    clock: Clock
    tasks: Tasks
    hooks: Hooks = field(default_factory=Hooks)
    counts: Counter[str] = field(default_factory=Counter)
    """Since the start: ``deliveries``, ``refused``, ``broken``, ``skipped``."""
    _marks: int = 0

    def verify(self, mode: str, token: str, challenge: str) -> str:
        """The handshake. Raises ``Forbidden``."""
        if mode != "subscribe" or not signature.same(self.settings.verify_token.get_secret_value(), token):
            self._refuse("bad_verify_token")
        return challenge

    async def receive(self, body: bytes, given: str | None) -> None:
        if not signature.is_signed(self.settings.app_secret.get_secret_value(), body, given):
            self._refuse("bad_signature")
        parsed = parse(read_json(body), self.clock.now())
        self.counts["deliveries"] += 1
        if parsed.broken:
            self.counts["broken"] += parsed.broken
            _log.warning("parts of a delivery cannot be read", parts=parsed.broken)
        failed = False
        for start in range(0, len(parsed.items), AT_ONCE):
            some = [self._prepared(each) for each in parsed.items[start : start + AT_ONCE]]
            try:
                await self._store(some)
            except Exception:
                _log.exception("a delivery is stored piece by piece")
                for each in some:
                    failed = not await self._alone(each) or failed
        if failed:
            raise NotReady("not_stored")

    async def _alone(self, each: _Prepared) -> bool:
        """Whether it need not come again: it is stored, or never will be."""
        try:
            await self._store([each])
        except Invalid as error:
            self.counts["skipped"] += 1
            _log.error("part of a delivery is not taken", code=error.code, item=type(each.item).__name__)
        except Exception:
            _log.exception("part of a delivery cannot be stored now")
            return False
        return True

    @retried
    async def _store(self, some: Sequence[_Prepared]) -> None:
        heard: list[Heard] = []
        async with self.db.write() as tx:
            await self.inbox.queue(tx, [each.incoming for each in some if each.incoming is not None])
            for each in some:
                if await self._apply(tx, each) and isinstance(each.item, Heard):
                    heard.append(each.item)
        for message in heard:
            self._mark(message)
        for each in some:
            self._tell(each.item)

    def _prepared(self, item: Item) -> _Prepared:
        if not isinstance(item, Heard):
            return _Prepared(item, None)
        given = self.settings
        return _Prepared(
            item,
            hearing.incoming(
                item, self.texts, channel=NAME, account=given.phone_number_id, now=self.clock.now(), late=given.late
            ),
        )

    async def _apply(self, tx: Tx, each: _Prepared) -> bool:
        """Whether it is a message that is the bot's to answer."""
        match each.item:
            case Heard():
                assert each.incoming is not None
                return await self._heard(tx, each.item, each.incoming)
            case Moved():
                await self._moved(tx, each.item)
            case Echo():
                await self._echo(tx, each.item)
            case Preference() if self.hooks.preference is not None:
                await self.hooks.preference(tx, _known_by(each.item.address), each.item.wants, each.item.at)
        return False

    async def _heard(self, tx: Tx, heard: Heard, incoming: Incoming) -> bool:
        line = hearing.line_of(heard.content)
        if line is not None:
            await self.inbox.event(tx, incoming, line, hearing.line_params(heard.content))
            return False
        taken = await self.inbox.take(tx, incoming)
        if taken.duplicate:
            return False
        await self._spelled_out(tx, taken)
        bot_has_it = taken.conversation.control is Control.BOT
        if not incoming.answer and bot_has_it and not heard.group:
            await self._acknowledge(tx, taken, heard)
        return bot_has_it

    async def _spelled_out(self, tx: Tx, taken: Taken) -> None:
        """A bare number after a numbered list means the words beside it."""
        said, message = taken.message.text, taken.message
        if len(said) > LONGEST_NUMBER or not any(char.isdigit() for char in said):
            return
        before = await self.conversations.messages(
            tx.session, message.conversation_id, after_seq=message.seq - LOOK_BACK
        )
        ours = [each for each in before if each.for_customer and each.author is not Author.CUSTOMER]
        option = writing.number_said(said, ours[-1].buttons) if ours else None
        if option is not None:
            await self.conversations.amend(tx, message.id, text=option, meta={"typed": said})

    async def _acknowledge(self, tx: Tx, taken: Taken, heard: Heard) -> None:
        """What the bot does not look at gets a sentence; a flood after an outage gets one for each customer."""
        conversation, now = taken.conversation, self.clock.now()
        texts = self.texts.other(conversation.meta.get("locale"))
        if now - heard.at > self.settings.late:
            if window_open(conversation, now):
                key = f"late:{conversation.id}:{now:%Y%m%d}"
                await self.conversations.system_says(
                    tx, conversation.id, text=texts.say("conversations.incoming.late"), key=key
                )
                return
            await self.conversations.ask_for_person(
                tx, conversation.id, version=conversation.control_version, reason="late_message"
            )
            return
        sentence = f"conversations.incoming.{heard.content.sort.value}_noted"
        await self.conversations.system_says(
            tx, conversation.id, text=texts.say(sentence), key=f"noted:{taken.message.id}",
            meta={"reply_to": taken.message.id},
        )  # fmt: skip

    async def _moved(self, tx: Tx, moved: Moved) -> None:
        ours, _, part = (moved.opaque or "").partition(PART)
        message_id = ours if ours.startswith(OUR_ID) else None
        if part and moved.error is None:
            # Of a message of several sends the last one says how far it got.
            return
        meant = errors.meaning(moved.error) if moved.reached == "failed" else None
        await self.inbox.status(
            tx,
            channel=NAME,
            delivery=Delivery(moved.reached.value),
            at=moved.at,
            carrier_id=None if part else moved.id,
            message_id=message_id,
            error=meant.code if meant else None,
        )
        if meant is not None and meant.act is errors.Act.OTHER_NUMBER and message_id:
            await self.conversations.elsewhere(tx, message_id, phone.other_form)

    async def _echo(self, tx: Tx, echo: Echo) -> None:
        text = hearing.words(echo.content, self.texts)
        if not text and echo.content.media:
            text = self.texts.say("conversations.incoming.file")
        if hearing.line_of(echo.content) is not None or not text:
            return
        await self.inbox.outside(
            tx, channel=NAME, account=echo.account or self.settings.phone_number_id, address=echo.address,
            external_id=echo.id, text=text, at=echo.at, identities=_known_by(echo.address),
        )  # fmt: skip

    def _mark(self, heard: Heard) -> None:
        if not self.settings.typing or self._marks >= MARKS:
            return
        self._marks += 1
        self.tasks.start(self._seen(heard, typing=bool(heard.content.media)), name="whatsapp read mark")

    async def _seen(self, heard: Heard, *, typing: bool) -> None:
        try:
            await self.channel.seen(heard.account, heard.id, typing=typing)
        finally:
            self._marks -= 1

    def _tell(self, item: Item) -> None:
        match item:
            case TemplateNews() if self.hooks.template is not None:
                self.hooks.template(item)
            case Moved() if self.hooks.opaque is not None and item.opaque and not item.opaque.startswith(OUR_ID):
                self.hooks.opaque(item.opaque, item.id)
            case News():
                _log.info("the carrier has news", field=item.field)
                if self.hooks.news is not None:
                    self.hooks.news(item)

    def _refuse(self, why: str) -> None:
        self.counts["refused"] += 1
        if self.hooks.refused is not None:
            self.hooks.refused(why)
        raise Forbidden("bad_signature")


def _known_by(address: str) -> tuple[Identity, ...]:
    known = phone.of_account(address) if address.isdigit() else None
    if known:
        return (Identity(IdentityKind.PHONE, known),)
    return (Identity(IdentityKind.WHATSAPP, address),)


def router(door: Door) -> APIRouter:
    routes = APIRouter(tags=["whatsapp"])

    @routes.get(PATH, openapi_extra={"x-open": "Meta's handshake; the verify token is checked"})
    async def verify(request: Request) -> Response:
        asked = request.query_params
        challenge = door.verify(
            asked.get("hub.mode", ""), asked.get("hub.verify_token", ""), asked.get("hub.challenge", "")
        )
        return Response(challenge, media_type="text/plain", headers={"x-content-type-options": "nosniff"})

    @routes.post(PATH, openapi_extra={"x-open": "Meta; the signature is checked"})
    async def receive(request: Request) -> dict[str, Any]:
        await door.receive(await request.body(), request.headers.get(signature.HEADER))
        return {"ok": True}

    return routes
