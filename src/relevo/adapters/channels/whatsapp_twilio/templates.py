"""Approved templates of a Twilio account: which there are, and sending one where free text goes no longer.

They are contents that the account's owner made and WhatsApp approved, known by their name and language. Twilio knows no
key of ours: before one is sent, it is asked whether the very same words have just left for the same number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from relevo.adapters.channels.whatsapp_meta.templates import APPROVED, Template
from relevo.adapters.channels.whatsapp_twilio.contents import NAMED, Contents
from relevo.adapters.channels.whatsapp_twilio.sending import WhatsAppTwilio
from relevo.adapters.channels.whatsapp_twilio.settings import STATUS, Settings
from relevo.kit import phone
from relevo.kit.clock import Clock
from relevo.kit.errors import Invalid, ProviderError

KEPT = timedelta(minutes=5)
JUST = timedelta(hours=1)
_TYPES = ("twilio/text", "twilio/quick-reply", "twilio/call-to-action", "whatsapp/card", "twilio/card")


@dataclass(frozen=True, slots=True)
class Approved:
    sid: str
    template: Template


class Templates:
    """Also ``outreach``'s way to send them."""

    def __init__(self, settings: Settings, channel: WhatsAppTwilio, contents: Contents, clock: Clock) -> None:
        self._settings = settings
        self._channel = channel
        self._contents = contents
        self._clock = clock
        self._found: tuple[Approved, ...] = ()
        self._until: datetime | None = None

    async def all(self) -> tuple[Template, ...]:
        """Raises ``ProviderError``."""
        return tuple(each.template for each in await self._all())

    async def one(self, name: str, language: str) -> Template:
        """Exactly this one. Raises ``ProviderError``."""
        return (await self._one(name, language)).template

    async def find(self, key: str) -> str | None:  # noqa: ARG002 - by its words, when it is sent
        return None

    async def send(self, *, to: str, template: str, locale: str, params: Sequence[str], key: str) -> str:
        chosen = await self._best(template, locale)
        try:
            kept = chosen.template.as_kept(params)
        except Invalid as error:
            raise ProviderError("whatsapp_template") from error
        number = phone.of_account(to.removeprefix("+")) or to
        words = chosen.template.filled(params)
        left = await self._channel.left(number, words, self._clock.now() - JUST)
        callback = f"{self._settings.url(STATUS)}?key={quote(key, safe='')}"
        return left or await self._channel.send_content(chosen.sid, variables(kept), to=number, callback=callback)

    async def form(self, kept: Mapping[str, Any]) -> dict[str, str]:
        """The one that a message keeps, as it is handed over. Raises ``ProviderError``."""
        chosen = await self._one(str(kept["name"]), str(kept["language"]))
        return {"ContentSid": chosen.sid, "ContentVariables": json.dumps(variables(kept), ensure_ascii=False)}

    async def _one(self, name: str, language: str) -> Approved:
        for each in await self._all():
            if (each.template.name, each.template.language) == (name, language) and each.template.usable:
                return each
        raise ProviderError("whatsapp_template")

    async def _best(self, name: str, locale: str) -> Approved:
        """In this language, or in the same one of another country."""
        usable = {
            each.template.language: each
            for each in await self._all()
            if each.template.name == name and each.template.usable
        }
        language = locale.split("_")[0]
        alike = [code for code in sorted(usable) if code.split("_")[0] == language]
        for code in (locale, language, *alike):
            if code in usable:
                return usable[code]
        raise ProviderError("whatsapp_template")

    async def _all(self) -> tuple[Approved, ...]:
        now = self._clock.now()
        if self._until is None or now >= self._until:
            listed = await self._contents.with_approvals()
            self._found = tuple(found for each in listed if (found := _template(each)))
            self._until = now + KEPT
        return self._found


def variables(kept: Mapping[str, Any]) -> dict[str, str]:
    """What fills a template's holes, by their numbers or names."""
    params = [" ".join(str(each).split()) for each in kept["params"]]
    names = kept.get("named") or [str(number) for number in range(1, len(params) + 1)]
    return dict(zip(names, params, strict=True))


def _template(content: Mapping[str, Any]) -> Approved | None:
    """None for our own buttons and for what says nothing."""
    name, language, sid = (content.get(key) for key in ("friendly_name", "language", "sid"))
    if not (isinstance(name, str) and isinstance(language, str) and isinstance(sid, str)) or name.startswith(NAMED):
        return None
    types, approval = content.get("types"), content.get("approval_requests")
    given = types if isinstance(types, Mapping) else {}
    kind = next((each for each in _TYPES if isinstance(given.get(each), Mapping)), None)
    body = str(given[kind].get("body") or given[kind].get("title") or "") if kind else ""
    actions = given[kind].get("actions") if kind else None
    about = approval if isinstance(approval, Mapping) else {}
    state = str(about.get("status") or "").upper()
    buttons = [str(each.get("title") or "") for each in actions or () if isinstance(each, Mapping)]
    return Approved(
        sid,
        Template(
            name,
            language,
            APPROVED if state == APPROVED else state,
            str(about.get("category") or "").lower(),
            body,
            buttons=tuple(buttons),
            plain=bool(body),
        ),
    )
