"""Approved templates: which there are, how they read, and sending one where free text goes no longer.

What exists is asked of Meta and kept for a few minutes; news of one that was paused or taken away makes us ask again.
Nothing is sent that Meta has not approved in the very language.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from relevo.adapters.channels.whatsapp_meta.channel import Whatsapp
from relevo.adapters.channels.whatsapp_meta.content import mapping, word
from relevo.adapters.channels.whatsapp_meta.errors import meaning
from relevo.adapters.channels.whatsapp_meta.graph import Graph, Refused, Unknown
from relevo.adapters.channels.whatsapp_meta.parsing import TemplateNews
from relevo.adapters.channels.whatsapp_meta.settings import Settings
from relevo.kit.clock import Clock
from relevo.kit.errors import Invalid, NotReady, ProviderError

KEPT = timedelta(minutes=5)
PAGES = 10
APPROVED = "APPROVED"
_HOLE = re.compile(r"\{\{\s*([a-z0-9_]{1,60})\s*\}\}", re.IGNORECASE)
_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    language: str
    state: str
    category: str
    body: str
    header: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()
    plain: bool = True
    """Only its body has holes; what asks for a picture or a link's ending cannot be filled from here."""

    @property
    def holes(self) -> tuple[str, ...]:
        """Names or numbers of what is to be filled in, in order."""
        found = dict.fromkeys(match[1] for match in _HOLE.finditer(self.body))
        return tuple(sorted(found, key=int)) if all(each.isdigit() for each in found) else tuple(found)

    @property
    def named(self) -> tuple[str, ...]:
        return self.holes if any(not each.isdigit() for each in self.holes) else ()

    @property
    def usable(self) -> bool:
        return self.state == APPROVED and self.plain

    def filled(self, params: Sequence[str]) -> str:
        """How the customer reads it."""
        given = dict(zip(self.holes, params, strict=True))
        body = _HOLE.sub(lambda match: given[match[1]], self.body)
        return "\n\n".join(part for part in (self.header, body, self.footer) if part)

    def as_kept(self, params: Sequence[str]) -> dict[str, Any]:
        """What a message keeps of it. Raises ``Invalid`` where something is missing."""
        if len(params) != len(self.holes) or not all(each.strip() for each in params):
            raise Invalid("template_params", wanted=len(self.holes))
        kept: dict[str, Any] = {"name": self.name, "language": self.language, "params": list(params)}
        return kept | ({"named": list(self.named)} if self.named else {})


class Shelf:
    """The templates of one business account; and ``outreach``'s way to send them."""

    def __init__(self, settings: Settings, graph: Graph, channel: Whatsapp, clock: Clock) -> None:
        self._settings = settings
        self._graph = graph
        self._channel = channel
        self._clock = clock
        self._found: tuple[Template, ...] = ()
        self._until: datetime | None = None
        self._left: OrderedDict[str, str] = OrderedDict()

    async def all(self) -> tuple[Template, ...]:
        """Raises ``ProviderError``."""
        now = self._clock.now()
        if self._until is None or now >= self._until:
            self._found = await self._ask()
            self._until = now + KEPT
        return self._found

    async def one(self, name: str, language: str) -> Template:
        """Exactly this one, approved. Raises ``ProviderError``."""
        for each in await self.all():
            if (each.name, each.language) == (name, language) and each.usable:
                return each
        raise ProviderError("whatsapp_template")

    async def best(self, name: str, locale: str) -> Template:
        """In this language, or in the same one of another country. Raises ``ProviderError``."""
        found = {each.language: each for each in await self.all() if each.name == name and each.usable}
        language = locale.split("_")[0]
        alike = [code for code in sorted(found) if code.split("_")[0] == language]
        for code in (locale, language, *alike):
            if code in found:
                return found[code]
        raise ProviderError("whatsapp_template")

    def changed(self, news: TemplateNews) -> None:
        self._until = None
        self._found = tuple(
            replace(each, state=news.state) if (each.name, each.language) == (news.name, news.language) else each
            for each in self._found
        )

    # outreach.ports.Templates

    async def find(self, key: str) -> str | None:
        """By what statuses said of it, and by what this process sent. Meta cannot be asked."""
        return self._left.get(key)

    async def send(self, *, to: str, template: str, locale: str, params: Sequence[str], key: str) -> str:
        chosen = await self.best(template, locale)
        try:
            kept = chosen.as_kept(params)
        except Invalid as error:
            raise ProviderError("whatsapp_template") from error
        id_ = await self._channel.send_template(self._settings.phone_number_id, to, kept, key)
        self.left(key, id_)
        return id_

    def left(self, key: str, carrier_id: str) -> None:
        self._left[key] = carrier_id
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)

    async def _ask(self) -> tuple[Template, ...]:
        if not self._settings.waba_id:
            raise ProviderError("whatsapp_settings")
        found: list[Template] = []
        after: dict[str, str] = {}
        for _ in range(PAGES):
            try:
                page = await self._graph.get(
                    f"{self._settings.waba_id}/message_templates",
                    fields="name,language,status,category,components",
                    limit="200",
                    **after,
                )
            except Unknown as error:
                raise NotReady("whatsapp_unavailable") from error
            except Refused as refused:
                raise ProviderError(meaning(refused.code, refused.status).code) from refused
            listed = page.get("data")
            found += [made for each in (listed if isinstance(listed, list) else ()) if (made := _template(each))]
            cursor = mapping(mapping(page, "paging"), "cursors").get("after")
            if not cursor or "next" not in mapping(page, "paging"):
                break
            after = {"after": str(cursor)}
        return tuple(found)


def _template(of: Any) -> Template | None:
    if not isinstance(of, dict) or not word(of.get("name"), 512) or not word(of.get("language"), 20):
        return None
    parts = {str(each.get("type")).upper(): each for each in of.get("components") or () if isinstance(each, dict)}
    header, buttons = parts.get("HEADER", {}), parts.get("BUTTONS", {}).get("buttons") or ()
    body = parts.get("BODY", {}).get("text")
    is_text = header.get("format", "TEXT") == "TEXT"
    heading = str(header.get("text") or "") if is_text else ""
    dynamic = _HOLE.search(heading) or any(_HOLE.search(str(each.get("url") or "")) for each in buttons)
    return Template(
        of["name"],
        of["language"],
        word(of.get("status"), 40).upper(),
        word(of.get("category"), 40).lower(),
        body if isinstance(body, str) else "",
        heading,
        str(parts.get("FOOTER", {}).get("text") or ""),
        tuple(word(each.get("text"), 60) for each in buttons),
        plain=isinstance(body, str) and is_text and not dynamic,
    )


def template_json(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": template.state.lower(),
        "usable": template.usable,
        "header": template.header,
        "body": template.body,
        "footer": template.footer,
        "buttons": list(template.buttons),
        "params": list(template.holes),
    }
