"""Somebody who writes to our number: signed webhooks to us, choices made, statuses of what they received."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

import httpx
from twilio.request_validator import RequestValidator

from relevo.adapters.channels.loopback_twilio_messages.api import LoopbackMessages
from relevo.adapters.channels.loopback_twilio_messages.shelf import Kept


class Customer:
    """``webhook``: our address as it is set up there; ``reach``: (public, real) beginnings of it, where they differ."""

    def __init__(
        self,
        twilio: LoopbackMessages,
        http: httpx.AsyncClient,
        *,
        webhook: str,
        number: str,
        to: str,
        name: str = "",
        api: str = "",
        reach: tuple[str, str] = ("", ""),
    ) -> None:
        self.twilio = twilio
        self.number = number
        self._http = http
        self._webhook = webhook
        self._to = to
        self._name = name
        self._api = api
        self._reach = reach

    async def writes(self, text: str = "", **fields: str) -> tuple[str, int]:
        """Send words (and what else a form may have). Answers the sid and our status."""
        kept = self.keeps(text)
        return kept.sid, await self.posts(self.form(kept, **fields))

    async def sends(self, files: Sequence[tuple[str, bytes]], text: str = "", **fields: str) -> tuple[str, int]:
        """Files of (type, content)."""
        kept = self.keeps(text, files)
        return kept.sid, await self.posts(self.form(kept, **fields))

    async def chooses(self, message: Kept, number: int) -> tuple[str, int]:
        """Press one of the options of a message of ours."""
        title, id_ = message.options[number]
        return await self.writes(title, MessageType="button", ButtonText=title, ButtonPayload=id_)

    def keeps(self, text: str, files: Sequence[tuple[str, bytes]] = ()) -> Kept:
        """The message is at Twilio, and nobody was told."""
        kept = self.twilio.shelf.add(
            from_=f"whatsapp:{self.number}", to=f"whatsapp:{self._to}", body=text, inbound=True, status="received"
        )
        kept.files.update({f"ME{secrets.token_hex(16)}": file for file in files})
        return kept

    def form(self, kept: Kept, **fields: str) -> dict[str, str]:
        form = {
            "MessageSid": kept.sid, "SmsSid": kept.sid, "SmsMessageSid": kept.sid, "SmsStatus": "received",
            "AccountSid": self.twilio.account_sid, "From": kept.from_, "To": kept.to, "Body": kept.body,
            "NumMedia": str(len(kept.files)), "NumSegments": "1", "ApiVersion": "2010-04-01", "MessageType": "text",
            "ProfileName": self._name, "WaId": self.number.removeprefix("+"),
        }  # fmt: skip
        for number, (sid, (media_type, _)) in enumerate(kept.files.items()):
            account = f"{self._api}/2010-04-01/Accounts/{self.twilio.account_sid}"
            form[f"MediaUrl{number}"] = f"{account}/Messages/{kept.sid}/Media/{sid}"
            form[f"MediaContentType{number}"] = media_type
            form["MessageType"] = media_type.partition("/")[0]
        return form | fields

    async def posts(self, form: Mapping[str, str], *, url: str = "", signature: str | None = None) -> int:
        """A signed form; ``signature`` replaces the right one."""
        url = url or self._webhook
        right = RequestValidator(self.twilio.token).compute_signature(url, dict(form))
        headers = {"X-Twilio-Signature": right if signature is None else signature}
        return (await self._http.post(self.real(url), data=dict(form), headers=headers)).status_code

    def real(self, url: str) -> str:
        public, real = self._reach
        return real + url.removeprefix(public) if public and url.startswith(public) else url

    async def receives(self, message: Kept, statuses: Sequence[str] = ()) -> list[int]:
        """Tell us what became of a message of ours, in this order. Answers our statuses."""
        answers = []
        for status in statuses or self.twilio.faults.statuses:
            form = {
                "MessageSid": message.sid, "SmsSid": message.sid, "MessageStatus": status, "SmsStatus": status,
                "AccountSid": self.twilio.account_sid, "From": message.from_, "To": message.to,
                "ChannelPrefix": "whatsapp", "ChannelToAddress": "+549XXXX", "ApiVersion": "2010-04-01",
            }  # fmt: skip
            if status in ("failed", "undelivered"):
                form["ErrorCode"] = str(message.error or 63_024)
            message.status = status
            answers.append(await self.posts(form, url=message.callback))
        return answers
