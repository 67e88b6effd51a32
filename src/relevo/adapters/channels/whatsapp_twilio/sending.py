"""The channel: one of our messages goes to Twilio in as many requests as it needs, in order, each with a callback.

Twilio knows no idempotency key. Before anything is repeated it is asked what it has already; and the address of the
callback names our message, so that an answer that was lost comes back as a status.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from relevo.adapters.channels.whatsapp_twilio import contents, outgoing
from relevo.adapters.channels.whatsapp_twilio.errors import Act, as_error, meaning
from relevo.adapters.channels.whatsapp_twilio.fetching import Fetching
from relevo.adapters.channels.whatsapp_twilio.links import FileLinks
from relevo.adapters.channels.whatsapp_twilio.outgoing import Piece
from relevo.adapters.channels.whatsapp_twilio.settings import CHANNEL, PREFIX, STATUS, Settings
from relevo.adapters.twilio.rest import Refused, Rest
from relevo.conversations.incoming import Media
from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import TEMPLATE, Conversation, Delivery, Message
from relevo.kit import log, phone
from relevo.kit.errors import BadCredentials, Invalid, NotReady, ProviderError
from relevo.texts import Texts

_log = log.get("channels.whatsapp_twilio")

SKEW = timedelta(seconds=5)
"""By which Twilio's clock may be behind ours."""
LOOKED_AT = 50


class WhatsAppTwilio:
    name = CHANNEL

    def __init__(
        self, settings: Settings, rest: Rest, client: httpx.AsyncClient, links: FileLinks, texts: Texts
    ) -> None:
        self._settings = settings
        self._rest = rest
        self._links = links
        self._texts = texts
        self.contents = contents.Contents(rest)
        self.fetching = Fetching(rest, client)
        self.with_template: Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]] = _no_templates
        """The form of a template as a message keeps it."""

    async def deliver(self, outgoing: Outgoing) -> Sent:
        return await self.send(outgoing.message, outgoing.conversation, again=outgoing.attempt > 1)

    async def fetch(self, media: Media, account: str) -> bytes:  # noqa: ARG002 - all its numbers share the account
        return await self.fetching.fetch(media)

    async def send(
        self, message: Message, conversation: Conversation, *, again: bool = False, to: str | None = None
    ) -> Sent:
        """``to``: the other form of the number, after the first one was found to lead nowhere."""
        address = to or conversation.reach
        if not address:
            raise ProviderError("whatsapp_unreachable")
        try:
            return await self._send(message, conversation, address, again=again)
        except Refused as error:
            found = meaning(error.carrier_code)
            other = self.other(address)
            if found.act is Act.OTHER_NUMBER and other and to is None:
                return await self.send(message, conversation, again=again, to=other)
            raise as_error(found, error.carrier_code) from error
        except BadCredentials as error:
            raise as_error(meaning(20003), None) from error

    def other(self, address: str) -> str | None:
        """The second form of a number that has two."""
        found = phone.other_form(address.removeprefix("+")) if address.startswith("+") else None
        return f"+{found}" if found else None

    async def _send(self, message: Message, conversation: Conversation, to: str, *, again: bool) -> Sent:
        sender = conversation.account or self._settings.number
        there = await self._already(sender, to, message.at) if again else []
        pieces = [Piece(message.text)] if TEMPLATE in message.meta else outgoing.pieces(message)
        if not pieces:
            raise ProviderError("empty_text")
        sid: str | None = None
        for number, piece in enumerate(pieces, 1):
            callback = self._settings.url(f"{STATUS}/{message.id}")
            if number < len(pieces):
                callback += f"?piece={message.handed}"
            sid = _taken(there, piece)
            if sid is None and TEMPLATE in message.meta:
                sid = await self._post(await self.with_template(message.meta[TEMPLATE]), sender, to, callback)
            elif sid is None:
                sid = await self._hand_over(piece, sender, to, callback)
        return Sent(Delivery.SENT, sid, to if to != conversation.reach else None)

    async def _hand_over(self, piece: Piece, sender: str, to: str, callback: str) -> str:
        if piece.options:
            filled = contents.fill(piece.text, piece.options, choose=self._texts.say("conversations.whatsapp.options"))
            try:
                if filled is not None:
                    return await self._post(await self._with_content(filled), sender, to, callback)
            except Refused as error:
                if meaning(error.carrier_code).act is not Act.PLAIN:
                    raise
                _log.warning("options were not taken and go as words", carrier_code=error.carrier_code)
                self.contents.forget()
            sid = ""
            for words in outgoing.plain(piece):
                sid = await self._hand_over(words, sender, to, callback)
            return sid
        form: dict[str, Any] = {}
        if piece.text:
            form["Body"] = piece.text
        if piece.file is not None:
            form["MediaUrl"] = self._links.to(str(piece.file["id"]))
        return await self._post(form, sender, to, callback)

    async def _with_content(self, filled: contents.Filled) -> dict[str, Any]:
        sid = await self.contents.sid(filled)
        return {"ContentSid": sid, "ContentVariables": json.dumps(filled.variables, ensure_ascii=False)}

    async def send_test(self, to: str, text: str) -> str:
        """Words to a number, without a conversation. Raises ``ProviderError``."""
        number = phone.of_account("".join(char for char in to if char.isdigit()))
        if number is None:
            raise Invalid("bad_number")
        callback = self._settings.url(STATUS)
        try:
            return await self._post({"Body": text}, self._settings.number, number, callback)
        except Refused as error:
            raise as_error(meaning(error.carrier_code), error.carrier_code) from error
        except BadCredentials as error:
            raise as_error(meaning(20003), None) from error

    async def mark(self, sid: str) -> None:
        """Read, and being answered: for the customer's eye only. Raises ``ProviderError``."""
        url = f"{self._rest.beside('messaging')}/v2/Indicators/Typing.json"
        await self._rest.ask("POST", url, data={"messageId": sid, "channel": "whatsapp"})

    async def send_content(self, sid: str, variables: Mapping[str, str], *, to: str, callback: str) -> str:
        """A content without a conversation, also outside the window. Raises ``ProviderError``."""
        form = {"ContentSid": sid, "ContentVariables": json.dumps(variables, ensure_ascii=False)}
        try:
            return await self._post(form, self._settings.number, to, callback)
        except Refused as error:
            raise as_error(meaning(error.carrier_code), error.carrier_code) from error
        except BadCredentials as error:
            raise as_error(meaning(20003), None) from error

    async def left(self, to: str, words: str, since: datetime) -> str | None:
        """The very same words to this number since then: their sid."""
        return _taken(await self._already(self._settings.number, to, since), Piece(words))

    async def _post(self, form: dict[str, Any], sender: str, to: str, callback: str) -> str:
        addressed = {"From": f"{PREFIX}{sender}", "To": f"{PREFIX}{to}", "StatusCallback": callback}
        answer = await self._rest.post("Messages.json", addressed | form)
        sid = answer.get("sid")
        if not isinstance(sid, str):
            raise NotReady("carrier_unavailable")
        return sid

    async def _already(self, sender: str, to: str, since: datetime) -> list[dict[str, Any]]:
        """What Twilio has of ours to this customer since then, oldest first."""
        day = (since - SKEW).date().isoformat()
        asked = {"From": f"{PREFIX}{sender}", "To": f"{PREFIX}{to}", "DateSent>": day, "PageSize": str(LOOKED_AT)}
        answer = await self._rest.get("Messages.json", asked)
        listed = answer.get("messages")
        found = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        return [each for each in reversed(found) if _created(each, since) and each.get("error_code") is None]


async def _no_templates(_kept: Mapping[str, Any]) -> dict[str, Any]:
    raise ProviderError("whatsapp_template")


def by_date(written: object) -> datetime | None:
    """A date as Twilio's REST writes it."""
    try:
        return parsedate_to_datetime(str(written))
    except (TypeError, ValueError):
        return None


def _created(listed: dict[str, Any], since: datetime) -> bool:
    at = by_date(listed.get("date_created"))
    return at is not None and at >= since - SKEW


def _taken(there: list[dict[str, Any]], piece: Piece) -> str | None:
    """The piece among what Twilio has already; each of those answers for one piece only."""
    words = {piece.text.strip(), outgoing.numbered(piece.text, piece.options)}
    for listed in there:
        files = listed.get("num_media") not in (None, "0", 0)
        if str(listed.get("body") or "").strip() in words and files == (piece.file is not None):
            there.remove(listed)
            return str(listed.get("sid"))
    return None
