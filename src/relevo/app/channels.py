"""The channel doctor, wired: what is noted of each channel, who asks the carriers, which part of the house they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from relevo.app import email, twilio_messages, whatsapp_meta
from relevo.app.channel_setup import setup
from relevo.app.database import condition, open_database
from relevo.conversations.events import MessageReceived
from relevo.conversations.rules import Conversation
from relevo.conversations.service import DELIVER, Conversations
from relevo.desk import channel_store
from relevo.desk.channel_store import State
from relevo.desk.channels import Channels, checked, described, together
from relevo.desk.ports import Checks, Finding
from relevo.kit import log
from relevo.kit.clock import SystemClock
from relevo.kit.errors import RelevoError
from relevo.kit.events import Events
from relevo.kit.health import OK
from relevo.kit.tasks import Tasks
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.web import channels as channels_http

if TYPE_CHECKING:
    from relevo.app.messaging import Messaging, Parts

_log = log.get("app.channels")

WEBCHAT, LOCALE = "webchat", "es"
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
    made.routers.append(
        channels_http.router(parts.db, made.health, partial(setup, parts.settings), parts.gate, parts.clock)
    )


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


async def diagnose(settings: Settings) -> list[dict[str, Any]]:
    """Every channel that is on as ``GET /api/channels`` has it, its carrier asked now; for ``relevo doctor``, which
    has nothing but the settings and perhaps a database."""
    clock, tasks = SystemClock(), Tasks()
    found: dict[tuple[str, str], Sequence[Finding]] = {(WEBCHAT, ""): ()}
    async with httpx.AsyncClient(timeout=10) as http:
        for name, account, make in _carriers(settings):
            try:
                checks = make(settings, http)
            except RelevoError as error:
                found[name, account] = [Finding(error.code, False, error.params)]
                continue
            if checks is not None:
                found[name, account] = await checked(checks)
    if await condition(settings) != OK:
        return [described(Texts(LOCALE), key, State(), each, clock.now()) for key, each in found.items()]
    db = await open_database(settings, tasks)
    try:
        async with db.read() as session:
            known = await channel_store.states(session)
    finally:
        await db.close()
        await tasks.close()
    shown = []
    for key, each in found.items():
        alike = [state for (name, _), state in known.items() if name == key[0]]
        shown.append(described(Texts(LOCALE), key, known.get(key) or together(alike), each, clock.now()))
    return shown


def _carriers(settings: Settings) -> list[tuple[str, str, Make]]:
    return [
        ("whatsapp", settings.whatsapp_meta_phone_number_id, whatsapp_meta.checks),
        ("whatsapp_twilio", settings.twilio_whatsapp_number, twilio_messages.checks),
        ("email", email.account(settings), email.checks),
    ]
