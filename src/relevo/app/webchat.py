"""The web chat, wired: sites, visitors' sessions, and every road of their pages to us."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import APIRouter

from relevo.adapters.channels import webchat
from relevo.adapters.channels.webchat import admin, pages, rest, socket
from relevo.adapters.channels.webchat.sites import House, Sites, origin_of
from relevo.adapters.channels.webchat.transcripts import TRANSCRIPT, Transcripts
from relevo.adapters.channels.webchat.visits import Visits
from relevo.kit.work import Handler
from relevo.people.rules import Action
from relevo.web.console import CONSOLE

if TYPE_CHECKING:
    from relevo.app.messaging import Parts


@dataclass(frozen=True, slots=True)
class WebchatParts:
    sessions: webchat.Sessions
    routers: list[APIRouter]
    jobs: dict[str, Handler] = field(default_factory=dict)


def wire(parts: Parts) -> WebchatParts:
    settings, given = parts.settings, webchat.Settings()
    origins = tuple(origin_of(each) for each in settings.webchat_origins.split(",") if each.strip())
    house = House(parts.business.name, settings.url, origins)
    sites = Sites(parts.db, parts.clock, parts.ids, parts.secret, house)
    sessions = webchat.Sessions(
        parts.db, parts.conversations, parts.people, parts.bot, sites, parts.clock, settings.country
    )
    limits = webchat.Limits(parts.clock, given)
    letters = Transcripts(
        parts.db, parts.work, parts.conversations, parts.mailer, parts.texts,
        business=parts.business.name, timezone=parts.business.timezone,
    )  # fmt: skip
    visits = Visits(parts.db, parts.conversations, parts.live, limits, parts.texts, parts.clock, letters)
    shown = pages.Pages(sites, parts.texts, CONSOLE, calls=parts.calls, letters=letters.on)
    manage, answer = parts.gate.require(Action.MANAGE_SITES), parts.gate.require(Action.ANSWER)
    routers = [
        webchat.router(
            parts.db, parts.conversations, sessions, parts.live, parts.clock, given, limits, settings.url
        ),
        rest.frames_router(sessions, visits, parts.live, given),
        socket.router(socket.ChatSocket(sessions, visits, parts.live, settings.url)),
        pages.router(shown, settings.url),
        admin.router(sites, parts.live, may_manage=manage, may_answer=answer),
    ]  # fmt: skip
    return WebchatParts(sessions, routers, {TRANSCRIPT: letters.job})
