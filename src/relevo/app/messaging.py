"""Messaging, wired: the text channels with their doors, jobs and probes. Every channel adds its lines in ``wire``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
from fastapi import APIRouter

from relevo.adapters.channels import webchat
from relevo.adapters.channels.whatsapp_meta import templates_http
from relevo.adapters.channels.whatsapp_meta.door import Door as MetaDoor
from relevo.adapters.channels.whatsapp_meta.templates_http import Shelf
from relevo.app.channels import watch_channels
from relevo.app.email import Mail
from relevo.app.email import wire as wire_email
from relevo.app.twilio_messages import wire as wire_twilio
from relevo.app.webchat import WebchatParts
from relevo.app.webchat import wire as wire_webchat
from relevo.app.whatsapp_meta import wire as wire_meta
from relevo.bookings.rules import Business
from relevo.bot.service import Bot
from relevo.conversations.attachments import Attachments
from relevo.conversations.fetching import Fetching
from relevo.conversations.inbox import Inbox
from relevo.conversations.ports import Channel, Transcriber
from relevo.conversations.service import DELIVER, FETCH, Conversations
from relevo.desk.channels import Channels
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.health import Probe
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.mail import Mailer
from relevo.kit.tasks import Tasks
from relevo.kit.work import Handler, Work
from relevo.outreach.ports import Templates
from relevo.people.rules import Action
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.web.auth import Gate


@dataclass(frozen=True, slots=True)
class Parts:
    """What channels are made of."""

    settings: Settings
    secret: str
    db: Database
    live: Live
    work: Work
    people: People
    conversations: Conversations
    attachments: Attachments
    bot: Bot
    texts: Texts
    clock: Clock
    ids: Ids
    http: httpx.AsyncClient
    tasks: Tasks
    gate: Gate
    mailer: Mailer
    business: Business
    calls: bool
    """Whether the browser line is there."""
    transcriber: Transcriber | None = None
    """Who writes voice notes down."""


@dataclass(slots=True)
class Messaging:
    inbox: Inbox
    sessions: webchat.Sessions
    health: Channels
    """How each of them is doing."""
    channels: dict[str, Channel]
    """Text channels by name; the very mapping that ``Conversations`` looks at."""
    routers: list[APIRouter] = field(default_factory=list)
    jobs: dict[str, Handler] = field(default_factory=dict)
    probes: dict[str, Probe] = field(default_factory=dict)
    starts: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    closes: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    templates: Templates | None = None
    """Who sends approved templates where a window is closed."""
    shelves: dict[str, Shelf] = field(default_factory=dict)
    """The templates that staff may choose, by channel."""
    whatsapp: MetaDoor | None = None
    mail: Mail | None = None

    def handle(self, work: Work) -> None:
        for kind, run in self.jobs.items():
            work.handle(kind, run)

    async def start(self) -> None:
        """Once the runner runs."""
        for start in self.starts:
            await start()

    async def close(self) -> None:
        """Before the runner is closed, in the opposite order."""
        for close in reversed(self.closes):
            await close()


def wire(parts: Parts, channels: dict[str, Channel]) -> Messaging:
    """``channels``: empty, and already in the hands of ``parts.conversations``."""
    inbox = Inbox(parts.conversations, parts.people, parts.attachments, parts.clock)
    chat = wire_webchat(parts)
    made = Messaging(inbox, chat.sessions, Channels(parts.db, parts.clock, parts.texts), channels)
    made.jobs[DELIVER] = parts.conversations.deliver_job
    made.jobs[FETCH] = Fetching(parts.db, parts.conversations, parts.attachments, channels, parts.transcriber).job
    _webchat(chat, made)
    wire_meta(parts, made)
    wire_twilio(parts, made)
    wire_email(parts, made)
    watch_channels(parts, made)
    if made.shelves:
        made.routers.append(
            templates_http.router(
                parts.db, parts.conversations, made.shelves,
                may_see=parts.gate.require(Action.SEE_CONVERSATIONS), may_answer=parts.gate.require(Action.ANSWER),
            )
        )  # fmt: skip
    return made


def _webchat(chat: WebchatParts, made: Messaging) -> None:
    made.channels[webchat.Webchat.name] = webchat.Webchat()
    made.health.watch(webchat.Webchat.name)
    made.routers += chat.routers
    made.jobs.update(chat.jobs)
