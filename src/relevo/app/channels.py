"""The channel doctor, wired: what is noted of each channel, who asks the carriers, which part of the house they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx

from relevo.app import twilio_messages, whatsapp_meta
from relevo.conversations.events import MessageReceived
from relevo.conversations.rules import Conversation
from relevo.conversations.service import DELIVER, Conversations
from relevo.desk.channels import Channels, checked
from relevo.desk.ports import Checks, Finding
from relevo.kit import log
from relevo.kit.errors import RelevoError
from relevo.kit.events import Events
from relevo.kit.health import OK
from relevo.settings import Settings
from relevo.web import channels as channels_http

if TYPE_CHECKING:
    from relevo.app.messaging import Messaging, Parts

_log = log.get("app.channels")

Make = Callable[[Settings, httpx.AsyncClient], Checks | None]
"""Who asks a carrier, from the settings alone. None where the channel is off; may raise ``Misconfigured``."""
EVERY = 30
"""Seconds between two times that what was noted is written."""
UNDELIVERED = 3
"""So many messages that are tried again and again are the channel's fault, not one customer's."""


def watch_channels(parts: Parts, made: Messaging) -> None:
    async def channels() -> str:
        found = await made.health.worst()
        if found != OK:
            return found
        return "undelivered" if await parts.work.struggling(DELIVER) >= UNDELIVERED else OK

    async def start() -> None:
        parts.tasks.start(_look(made.health), name="channel doctor")

    made.probes["channels"] = channels
    made.starts.append(start)
    made.closes.append(made.health.flush)
    made.routers.append(channels_http.router(parts.db, made.health, parts.gate, parts.clock))


def listen(health: Channels, events: Events, conversations: Conversations) -> None:
    """What comes and goes is noted as it happens."""

    def received(event: MessageReceived) -> None:
        health.heard(event.channel, event.account)

    def carried(conversation: Conversation, error: str | None) -> None:
        if error is None:
            health.sent(conversation.channel, conversation.account)
        else:
            health.failed(conversation.channel, conversation.account, error)

    events.on_at_once(MessageReceived, received)
    conversations.carried = carried


async def _look(health: Channels) -> None:
    while True:
        try:
            await health.look()
        except Exception:
            _log.exception("the channels could not be looked at; it is tried again")
        await asyncio.sleep(EVERY)


async def diagnose(settings: Settings) -> list[tuple[str, str, Finding]]:
    """(channel, account, what its carrier says) of every channel that the settings name, asked now."""
    found: list[tuple[str, str, Finding]] = []
    async with httpx.AsyncClient(timeout=10) as http:
        for name, account, make in _carriers(settings):
            try:
                checks = make(settings, http)
            except RelevoError as error:
                found.append((name, account, Finding(error.code, False, error.params)))
                continue
            if checks is not None:
                found += [(name, account, each) for each in await checked(checks)]
    return found


def _carriers(settings: Settings) -> list[tuple[str, str, Make]]:
    return [
        ("whatsapp", settings.whatsapp_meta_phone_number_id, whatsapp_meta.checks),
        ("whatsapp_twilio", settings.twilio_whatsapp_number, twilio_messages.checks),
    ]
