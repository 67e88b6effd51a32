"""WhatsApp by Twilio, wired. Imported only where it is on: the carrier's library is an extra."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import httpx
from pydantic import ValidationError

from relevo.kit.errors import Misconfigured
from relevo.settings import Settings

if TYPE_CHECKING:
    from relevo.adapters.channels.whatsapp_twilio.checks import Checks
    from relevo.adapters.channels.whatsapp_twilio.settings import Settings as Given
    from relevo.adapters.twilio.rest import Rest
    from relevo.app.messaging import Messaging, Parts


def given(settings: Settings) -> Given | None:
    """None where it is off. Raises ``Misconfigured``."""
    if not settings.twilio_whatsapp_number:
        return None
    if find_spec("twilio") is None:
        raise Misconfigured("twilio_not_installed")
    if not settings.twilio_account_sid or not settings.twilio_auth_token.get_secret_value():
        raise Misconfigured("twilio_off")
    from relevo.adapters.channels.whatsapp_twilio.settings import Settings as Given

    try:
        return Given(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token,
            other_token=settings.twilio_other_token,
            webhook_key=settings.twilio_webhook_key,
            number=settings.twilio_whatsapp_number.removeprefix("whatsapp:").replace(" ", ""),
            rest_url=settings.twilio_rest_url,
            public_url=settings.url,
            keep_media=settings.twilio_keep_media,
        )
    except ValidationError:
        raise Misconfigured("twilio_whatsapp_settings") from None


def rest(found: Given, http: httpx.AsyncClient) -> Rest:
    from relevo.adapters.twilio.rest import Rest

    token = found.auth_token.get_secret_value()
    return Rest(http, sid=found.account_sid, token=token, base=found.rest_url, missing="carrier_refused")


def checks(settings: Settings, http: httpx.AsyncClient) -> Checks | None:
    """For the doctor, who has nothing but the settings. Raises ``Misconfigured``."""
    found = given(settings)
    if found is None:
        return None
    from relevo.adapters.channels.whatsapp_twilio.checks import Checks

    return Checks(found, rest(found, http))


def wire(parts: Parts, made: Messaging) -> None:
    found = given(parts.settings)
    if found is None:
        return
    from relevo.adapters.channels.whatsapp_twilio import door, links
    from relevo.adapters.channels.whatsapp_twilio.catching_up import CATCH_UP, CatchingUp
    from relevo.adapters.channels.whatsapp_twilio.checks import Checks
    from relevo.adapters.channels.whatsapp_twilio.sending import WhatsAppTwilio
    from relevo.adapters.channels.whatsapp_twilio.templates import Templates
    from relevo.web.attachments import answer

    carrier = rest(found, parts.http)
    files = links.FileLinks(parts.secret, found.public_url)
    channel = WhatsAppTwilio(found, carrier, parts.http, files, parts.texts)
    own = door.Door(
        found, parts.db, made.inbox, parts.conversations, channel, carrier, parts.work, parts.clock, parts.texts,
        parts.tasks,
        lambda: made.health.refused(channel.name, found.number),
    )  # fmt: skip
    missed = CatchingUp(own, carrier, made.health)
    templates = Templates(found, channel, channel.contents, parts.clock)
    channel.with_template = templates.form
    made.shelves[channel.name] = templates
    made.templates = made.templates or templates
    made.channels[channel.name] = channel
    made.routers += [own.router(), links.router(parts.db, parts.attachments, files, answer)]
    made.jobs |= {door.FORGET: own.forget_job, CATCH_UP: missed.job}
    made.starts.append(missed.start)
    made.health.watch(channel.name, found.number, checks=Checks(found, carrier), tester=channel)
