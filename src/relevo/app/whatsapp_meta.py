"""WhatsApp by Meta, wired; and in the demo hotel, where nobody has an account, the loopback WhatsApp with its page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from relevo.adapters.channels.whatsapp_meta import door
from relevo.adapters.channels.whatsapp_meta.channel import Whatsapp
from relevo.adapters.channels.whatsapp_meta.checks import Checks
from relevo.adapters.channels.whatsapp_meta.graph import Graph
from relevo.adapters.channels.whatsapp_meta.settings import PATH
from relevo.adapters.channels.whatsapp_meta.settings import Settings as Given
from relevo.adapters.channels.whatsapp_meta.templates import Shelf
from relevo.kit.clock import Clock, SystemClock
from relevo.kit.db import Tx
from relevo.kit.errors import Misconfigured
from relevo.outreach.consents import CUSTOMER, Consents
from relevo.outreach.rules import Consent, Purpose, Way
from relevo.outreach.rules import Given as Word
from relevo.people.rules import Identity
from relevo.people.service import People
from relevo.settings import Settings

if TYPE_CHECKING:
    from relevo.app.messaging import Messaging, Parts

PREFERENCE = "user_preferences (WhatsApp)"
"""Where a wish of theirs is written down."""
LOOPBACK = "/loopback/meta"
"""Where the demo's WhatsApp is mounted, inside this very service."""


def given(settings: Settings) -> Given | None:
    """None where it is off. Raises ``Misconfigured``."""
    if not settings.whatsapp_meta_token.get_secret_value().strip():
        return None
    if not settings.whatsapp_meta_app_secret.get_secret_value().strip():
        raise Misconfigured("whatsapp_settings")
    try:
        return Given(
            token=settings.whatsapp_meta_token,
            app_secret=settings.whatsapp_meta_app_secret,
            verify_token=settings.whatsapp_meta_verify_token,
            phone_number_id=settings.whatsapp_meta_phone_number_id.strip(),
            waba_id=settings.whatsapp_meta_waba_id.strip(),
            url=settings.whatsapp_meta_url.strip(),
            version=settings.whatsapp_meta_version.strip(),
        )
    except ValidationError:
        raise Misconfigured("whatsapp_settings") from None


def checks(settings: Settings, http: httpx.AsyncClient, clock: Clock | None = None) -> Checks | None:
    """For the doctor, who has nothing but the settings. Raises ``Misconfigured``."""
    found = given(settings)
    if found is None:
        return None
    return Checks(found, Graph(found, http), clock or SystemClock(), public_url=settings.url)


def wire(parts: Parts, made: Messaging) -> None:
    found = given(parts.settings)
    if found is None:
        return
    graph = Graph(found, parts.http)

    def more(locale: str | None) -> str:
        return parts.texts.other(locale).say("conversations.whatsapp.options")

    channel = Whatsapp(found, graph, more=more, seconds=time.monotonic)
    shelf = Shelf(found, graph, channel, parts.clock)
    health = made.health

    def refused(_why: str) -> None:
        health.refused(channel.name, found.phone_number_id)

    own = door.Door(
        found, channel, made.inbox, parts.conversations, parts.db, parts.texts, parts.clock, parts.tasks,
        door.Hooks(template=shelf.changed, opaque=shelf.left, refused=refused),
    )  # fmt: skip
    made.channels[channel.name] = channel
    made.templates = shelf
    made.shelves[channel.name] = shelf
    made.whatsapp = own
    made.routers.append(door.router(own))
    health.watch(
        channel.name,
        found.phone_number_id,
        checks=Checks(found, graph, parts.clock, public_url=parts.settings.url),
        tester=channel,
    )
    if is_loopback(parts.settings):
        _loopback(parts, made, found)


def listen(made: Messaging, consents: Consents, people: People) -> None:
    """What customers tell Meta about being written to for marketing is a consent, or the end of one."""
    if made.whatsapp is None:
        return

    async def preference(tx: Tx, identities: Sequence[Identity], wants: bool, at: datetime) -> None:
        person_id = await people.known(tx.session, identities)
        if person_id is None:
            return
        word = Word.GIVEN if wants else Word.WITHDRAWN
        said = Consent(Purpose.COMMERCIAL, Way.WHATSAPP, word, at, PREFERENCE)
        await consents.told(tx, person_id, said, by=CUSTOMER)

    made.whatsapp.hooks.preference = preference


def is_loopback(settings: Settings) -> bool:
    """Whether the demo talks to the WhatsApp that it brings along."""
    return settings.demo and urlsplit(settings.whatsapp_meta_url).path.rstrip("/") == LOOPBACK


def loopback_account(settings: Settings, *, token: str, secret: str) -> dict[str, object]:
    """Settings that make the demo hotel its own WhatsApp."""
    from pydantic import SecretStr

    from relevo.adapters.channels.loopback_meta import server

    return {
        "whatsapp_meta_token": SecretStr(token),
        "whatsapp_meta_app_secret": SecretStr(secret),
        "whatsapp_meta_verify_token": SecretStr(server.VERIFY_TOKEN),
        "whatsapp_meta_phone_number_id": server.NUMBER_ID,
        "whatsapp_meta_waba_id": server.WABA_ID,
        "whatsapp_meta_url": f"{_here(settings)}{LOOPBACK}",
    }


def _loopback(parts: Parts, made: Messaging, found: Given) -> None:
    from relevo.adapters.channels.loopback_meta import Loopback
    from relevo.adapters.channels.loopback_meta import demo as page

    loopback = Loopback(
        parts.clock.now, token=found.token.get_secret_value(), secret=found.app_secret.get_secret_value()
    )
    loopback.world.open_to_strangers = True
    loopback.hooks.url = f"{_here(parts.settings)}{PATH}"
    made.routers += [page.router(loopback, parts.clock, LOOPBACK, parts.business.name)]
    made.closes.append(loopback.hooks.close)


def _here(settings: Settings) -> str:
    """How this process reaches itself."""
    everywhere = ("", "0.0.0.0", "::", "localhost")  # noqa: S104 - compared with, not listened on
    host = "127.0.0.1" if settings.host in everywhere else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
