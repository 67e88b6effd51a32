"""The channel: hands our messages over to Meta at the pace it takes, fetches what customers send, marks what is read.

``deliver`` runs at least once. Whatever is sent carries our own id of it, which comes back in the statuses: a send
whose answer was lost is told of by them, and only after a minute without one is it repeated. A message of several sends
goes on where it stopped, as long as this process lives.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from relevo.adapters.channels.whatsapp_meta import errors, writing
from relevo.adapters.channels.whatsapp_meta.errors import Act
from relevo.adapters.channels.whatsapp_meta.graph import Graph, Refused, Unknown
from relevo.adapters.channels.whatsapp_meta.pace import Pace
from relevo.adapters.channels.whatsapp_meta.settings import Settings
from relevo.adapters.channels.whatsapp_meta.writing import PART, Part
from relevo.conversations.incoming import Media
from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import Delivery
from relevo.kit import log
from relevo.kit.errors import NotReady, ProviderError
from relevo.kit.phone import other_form

_log = log.get("whatsapp_meta")

NAME = "whatsapp"
PATIENCE = 2.0
"""Seconds that a delivery waits for its turn; for longer it is put off."""
UNKNOWN_PAUSE = timedelta(seconds=60)
_REMEMBERED = 2_000

Seconds = Callable[[], float]


class Whatsapp:
    name = NAME

    def __init__(
        self, settings: Settings, graph: Graph, *, more: Callable[[str | None], str], seconds: Seconds
    ) -> None:
        """``more``: what opens a list, in a language. ``seconds``: a clock that only goes forward."""
        self._settings = settings
        self._graph = graph
        self._more = more
        self._seconds = seconds
        self._paces: dict[str, Pace] = {}
        self._done: OrderedDict[str, int] = OrderedDict()
        self._uploads: OrderedDict[tuple[str, str], str] = OrderedDict()
        self.trouble: str | None = None
        """What is wrong with the account, since the last request that said so; None: nothing."""
        self.refused: Callable[[int | None, str], None] = _nobody
        """Told of every refusal: Meta's code and ours."""

    async def deliver(self, outgoing: Outgoing) -> Sent:
        message, conversation = outgoing.message, outgoing.conversation
        account = conversation.account or self._settings.phone_number_id
        addresses = _addresses(conversation.address, conversation.reach)
        if not addresses:
            raise ProviderError("whatsapp_unreachable")
        parts = writing.parts_of(message, more=self._more(conversation.meta.get("locale")))
        begun, carrier_id = self._done.get(message.id, 0), ""
        for number, part in enumerate(parts[begun:], begun + 1):
            opaque = message.id if number == len(parts) else f"{message.id}{PART}{number}"
            body = {**await self._filled(account, part, outgoing), "biz_opaque_callback_data": opaque}
            carrier_id = await self._send(account, addresses, body, outgoing.attempt, part)
            self._remember(self._done, message.id, number)
        self._done.pop(message.id, None)
        other = addresses[0] if addresses[0] != conversation.reach else None
        return Sent(Delivery.SENT, carrier_id or None, other)

    async def fetch(self, media: Media, account: str) -> bytes:
        try:
            return await self._graph.fetch(media.ref, account, media.sha256)
        except Unknown as error:
            raise NotReady("whatsapp_unavailable") from error
        except Refused as refused:
            raise self._meant(refused, 1) from refused

    async def seen(self, account: str, carrier_id: str, *, typing: bool) -> None:
        """Mark as read, and perhaps as being answered. Cosmetic: it fails in silence."""
        body: dict[str, Any] = {"status": "read", "message_id": carrier_id}
        if typing:
            body["typing_indicator"] = {"type": "text"}
        try:
            await self._graph.post(
                f"{account or self._settings.phone_number_id}/messages", {"messaging_product": "whatsapp", **body}
            )
        except (Refused, Unknown, ProviderError) as error:
            _log.info("a message could not be marked as read", why=type(error).__name__)

    async def send_template(self, account: str, to: str, template: Mapping[str, Any], opaque: str) -> str:
        """An approved template to a number in E.164, outside any conversation. Answers the carrier's id."""
        body = {**writing.template_body(template), "biz_opaque_callback_data": opaque}
        digits = to.removeprefix("+")
        return await self._send(account, _addresses(digits, digits), body, 1, Part("template", body))

    async def send_test(self, to: str, text: str) -> str | None:
        """A line to a number, outside any conversation; Meta takes it where its owner wrote in the last 24 hours."""
        digits = "".join(char for char in to if char.isdigit())
        if not is_number(digits):
            raise ProviderError("bad_number")
        body = {"type": "text", "text": {"body": text}}
        return await self._send(self._settings.phone_number_id, _addresses(digits, digits), body, 1, Part("text", body))

    async def _send(self, account: str, addresses: list[str], body: Mapping[str, Any], attempt: int, part: Part) -> str:
        """``addresses``: the one that works comes first afterwards."""
        pace = self._pace(account)
        tried = 0
        while True:
            to = addresses[0]
            await self._turn(pace, to)
            try:
                sent = await self._graph.send(account, {"recipient_type": "individual", **_to(to), **body})
            except Unknown as error:
                raise NotReady("whatsapp_unknown", retry_after=UNKNOWN_PAUSE) from error
            except Refused as refused:
                act = errors.meaning(refused.code, refused.status).act
                tried += 1
                if act is Act.OTHER_NUMBER and tried < len(addresses):
                    addresses.append(addresses.pop(0))
                    continue
                if act is Act.WAIT_PAIR:
                    pace.pair_refused(to, self._seconds())
                elif act is Act.WAIT_ALL:
                    pace.refused(self._seconds())
                elif act is Act.MEDIA:
                    self._forget_upload(part)
                raise self._meant(refused, attempt) from refused
            self.trouble = None
            return sent

    def _meant(self, refused: Refused, attempt: int) -> ProviderError:
        meant = errors.meaning(refused.code, refused.status)
        if meant.act is Act.ACCOUNT:
            self.trouble = meant.code
        _log.warning("refused by the carrier", code=refused.code, status=refused.status, meant=meant.code)
        self.refused(refused.code, meant.code)
        later = refused.retry_after or errors.pause(meant.act, attempt)
        if meant.act in (Act.STOP, Act.OTHER_NUMBER) or (meant.act is Act.MEDIA and attempt > 1):
            return ProviderError(meant.code, carrier_code=refused.code)
        return NotReady(meant.code, retry_after=later, carrier_code=refused.code)

    async def _turn(self, pace: Pace, to: str) -> None:
        wait = pace.wait(to, self._seconds())
        while 0 < wait <= PATIENCE:
            await asyncio.sleep(wait)
            wait = pace.wait(to, self._seconds())
        if wait > 0:
            raise NotReady("whatsapp_too_fast", retry_after=timedelta(seconds=wait))
        pace.take(to, self._seconds())

    def _pace(self, account: str) -> Pace:
        if account not in self._paces:
            given = self._settings
            self._paces[account] = Pace(given.per_second, given.pair_burst, given.pair_seconds, self._seconds())
        return self._paces[account]

    async def _filled(self, account: str, part: Part, outgoing: Outgoing) -> dict[str, Any]:
        """The part with its file uploaded; the same content is uploaded once."""
        if part.file is None:
            return dict(part.body)
        key = (account, str(part.file["id"]))
        id_ = self._uploads.get(key)
        if id_ is None:
            media_type = writing.uploaded_as(str(part.file["media_type"]))
            if media_type is None:
                raise ProviderError("whatsapp_type")
            content = await outgoing.read(part.file)
            try:
                id_ = await self._graph.upload(account, content, media_type, str(part.file["name"]))
            except Unknown as error:
                raise NotReady("whatsapp_unavailable") from error
            except Refused as refused:
                raise self._meant(refused, outgoing.attempt) from refused
            self._remember(self._uploads, key, id_)
        return {**part.body, part.kind: {"id": id_, **part.body[part.kind]}}

    def _forget_upload(self, part: Part) -> None:
        if part.file is not None:
            for key in [key for key in self._uploads if key[1] == str(part.file["id"])]:
                del self._uploads[key]

    @staticmethod
    def _remember(kept: OrderedDict[Any, Any], key: object, value: object) -> None:
        kept[key] = value
        while len(kept) > _REMEMBERED:
            kept.popitem(last=False)


def _addresses(address: str | None, reach: str | None) -> list[str]:
    """What may be tried, the likeliest first. What was learned of an address that has changed since is forgotten."""
    if not address:
        return []
    other = other_form(address) if is_number(address) else None
    if other is None:
        return [address]
    return [other, address] if reach == other else [address, other]


def is_number(address: str) -> bool:
    """A telephone number, and no identifier that Meta made up for somebody who shows none."""
    return address.isascii() and address.isdigit() and 7 <= len(address) <= 15


def _to(address: str) -> dict[str, str]:
    return {"to": address} if is_number(address) else {"recipient": address}


def _nobody(_code: int | None, _meaning: str) -> None:
    pass
