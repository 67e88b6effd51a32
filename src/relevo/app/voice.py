"""Live calls wired: engines, lines, headsets, recordings, and the doors that lead to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

import httpx
from fastapi import APIRouter
from starlette.requests import HTTPConnection

from relevo.adapters import catalog
from relevo.adapters.channels import webchat
from relevo.adapters.lines import agent_stream, browser, ice, webrtc, webrtc_line
from relevo.adapters.lines.socket import Door
from relevo.adapters.storage.converter import Converter
from relevo.adapters.storage.local import LocalRecordings
from relevo.bookings.service import Bookings
from relevo.bot.service import Bot
from relevo.calls.archive import Archive
from relevo.calls.callbacks import Callbacks
from relevo.calls.commands import CallCommands
from relevo.calls.headsets import Headsets
from relevo.calls.media.clock import MediaClock
from relevo.calls.media.speaker import Speaker
from relevo.calls.parts import Parts
from relevo.calls.ports import Reach
from relevo.calls.recordings import Recordings
from relevo.calls.rules import clauses
from relevo.calls.rules.floor import Lost
from relevo.calls.service import Calls
from relevo.calls.sidecar import Describer
from relevo.conversations.service import Conversations
from relevo.kit.clock import Clock
from relevo.kit.crypto import LinkSigner
from relevo.kit.db import Database
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.texts.spoken import spoken
from relevo.web import auth, call_commands
from relevo.web import calls as calls_http
from relevo.web import recordings as recordings_http
from relevo.web import voice as voice_http

LINK_SECONDS = 300
MAX_CALL_SECONDS = 3_600
FIXED_TEXTS = (
    "notice", "still_there", "goodbye_silence", "goodbye_time", "to_person", "waiting", "trouble", "trouble_person",
    "not_understood", "returned", "agent_lost", "agent_lost_wait", "recording_off",
)  # fmt: skip
SAYS_IT_AGAIN = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip
"""The European Union: after a person, the bot says again that it is one (AI Act, article 50)."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the calls stand on."""

    settings: Settings
    node: str
    """The id of this process."""
    db: Database
    live: Live
    work: Work
    people: People
    conversations: Conversations
    bookings: Bookings
    bot: Bot
    texts: Texts
    clock: Clock
    ids: Ids
    reach: Reach
    """Whom calls may go to."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Everything of live calls, in one process."""

    speech: catalog.Speech
    speaker: Speaker
    calls: Calls
    headsets: Headsets
    commands: CallCommands
    callbacks: Callbacks
    peers: webrtc.Peers
    recordings: Recordings
    archive: Archive
    converter: Converter
    doors: dict[str, Door] = field(default_factory=dict)
    """Media sockets by path, for a server that takes them past ASGI."""

    visitors: list[webrtc_line.Visitors] = field(default_factory=list)

    async def close(self) -> None:
        """Every call ends now and is stored; then what stored them."""
        await self.commands.close()
        await self.peers.close()
        for visitors in self.visitors:
            await visitors.close()
        await self.calls.close()
        self.recordings.close()
        await self.converter.close()


def wire(rooms: Rooms, speech: catalog.Speech) -> Voice:
    settings, db, clock, ids = rooms.settings, rooms.db, rooms.clock, rooms.ids
    media = MediaClock()
    headsets = Headsets(media)
    shelf, converter = LocalRecordings(settings.data_dir / "recordings"), Converter()
    zone = rooms.bookings.business.timezone
    describer = Describer(rooms.people, rooms.conversations, rooms.texts, timezone=zone)
    recordings = Recordings(db, rooms.work, shelf, converter, describer, clock, ids)
    archive = Archive(db, rooms.people, recordings, shelf, converter, describer, clock, ids)
    speaker = Speaker(speech.voice, lambda words: spoken(words, settings.locale), locale=settings.locale)
    callbacks = Callbacks(db, rooms.live, rooms.conversations, rooms.people, clock, ids, zone=zone)
    calls = Calls(
        _parts(rooms, speech, speaker, headsets, callbacks), rooms.people, speech.detector, recordings, clock, ids,
        node=rooms.node, media=media, most=settings.max_calls, show_listeners=settings.show_listeners,
    )  # fmt: skip
    commands = CallCommands(
        calls, rooms.conversations, rooms.people, headsets, db, rooms.live, clock,
        show_listeners=settings.show_listeners, reach=rooms.reach,
    )  # fmt: skip
    peers = webrtc.Peers(headsets.connect, _ice(settings), ids)
    return Voice(speech, speaker, calls, headsets, commands, callbacks, peers, recordings, archive, converter)


def _parts(rooms: Rooms, speech: catalog.Speech, speaker: Speaker, headsets: Headsets, callbacks: Callbacks) -> Parts:
    locale, bookings = rooms.settings.locale, rooms.bookings

    async def expected_names(conversation_id: str, person_id: str) -> Sequence[str]:
        """Words worth expecting in a call: who it may be, and what the house calls its rooms."""
        async with rooms.db.read() as session:
            person = await rooms.people.get(session, person_id)
        booking = await bookings.live_hold(conversation_id)
        named = [person.name if person else None, booking.guest_name if booking else None]
        return [*(name for name in named if name), *(kind.name for kind in bookings.business.room_types)]

    return Parts(
        db=rooms.db,
        live=rooms.live,
        conversations=rooms.conversations,
        bot=rooms.bot,
        recognizer=speech.recognizer,
        speaker=speaker,
        texts=rooms.texts,
        locale=locale,
        max_seconds=MAX_CALL_SECONDS,
        names=expected_names,
        headsets=headsets,
        callbacks=callbacks,
        reach=rooms.reach,
        turn_end=speech.turn_end,
        business=bookings.business.name,
        leaves_messages=rooms.settings.voicemail == "message",
        lost=Lost(rooms.settings.agent_lost),
        announces_return=rooms.settings.country in SAYS_IT_AGAIN,
    )


def _ice(settings: Settings) -> ice.Settings:
    return ice.Settings(ice_servers=settings.ice_servers, turn_secret=settings.turn_secret)


def routers(
    voice: Voice,
    rooms: Rooms,
    gate: auth.Gate,
    sessions: webchat.Sessions,
    secret: str,
    http: httpx.AsyncClient,
) -> list[APIRouter]:
    """Every door to live calls. Fills ``voice.doors`` as well."""
    calls, settings, db = voice.calls, rooms.settings, rooms.db

    async def visitor(session_id: str, token: str) -> str | None:
        conversation = await sessions.verify(session_id, token)
        return conversation.person_id if conversation else None

    signer = LinkSigner(secret, salt="recording", seconds=LINK_SECONDS)
    zone = rooms.bookings.business.timezone
    stream = agent_stream.AgentStream(voice.headsets.connect, _speaker(rooms.people, settings.url))
    visit = browser.stream_door(calls, visitor)
    voice.doors[agent_stream.PATH] = lambda opening: stream.admit(opening.headers)
    voice.doors[browser.STREAM] = lambda _opening: visit
    visitors = webrtc_line.Visitors(calls, calls.media, visitor, _ice(settings), rooms.ids)
    voice.visitors.append(visitors)
    made = [
        calls_http.router(db, calls, gate),
        call_commands.router(db, calls, voice.commands, voice.callbacks, gate),
        recordings_http.router(db, voice.archive, gate, signer, rooms.clock, settings.url, zone),
        voice_http.router(voice.commands, gate, _ice(settings).servers, webrtc.installed),
        webrtc.router(voice.peers, gate.require(Action.ANSWER)),
        agent_stream.router(stream),
        browser.router(calls, visitor),
        webrtc_line.router(visitors),
    ]
    if find_spec("twilio") is not None:
        made.append(_twilio(voice, rooms, gate, http))
    return made


def _speaker(people: People, public_url: str) -> Callable[[HTTPConnection, str], Awaitable[Staff | None]]:
    """Who may speak over a socket: by the cookie from our own pages, or by the token of a program."""

    async def verify(request: HTTPConnection, given: str) -> Staff | None:
        cookie = request.cookies.get(auth.COOKIE)
        if cookie is not None and not auth.same_origin(request, public_url):
            return None
        token = cookie or given
        staff = await people.by_token(token) if token else None
        return staff if staff is not None and may(staff, Action.ANSWER) else None

    return verify


def _twilio(voice: Voice, rooms: Rooms, gate: auth.Gate, http: httpx.AsyncClient) -> APIRouter:
    from relevo.adapters.lines import twilio

    settings = rooms.settings
    given = twilio.Settings(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        phone_number=settings.twilio_phone_number,
        byoc_trunk_sid=settings.twilio_byoc_trunk_sid,
        default_to_number=settings.default_to_phone_number,
        rest_url=settings.twilio_rest_url,
        public_url=settings.url,
        country=settings.country,
        locale=settings.locale,
    )
    stream = twilio.stream_door(voice.calls, given)
    voice.doors[twilio.STREAM] = lambda _opening: stream
    return twilio.router(voice.calls, given, http, rooms.ids, may_place_calls=gate.require(Action.PLACE_CALL))


async def warm(voice: Voice, bot: Bot, settings: Settings) -> None:
    """What every call says, made before the first one."""
    locale = settings.locale
    texts = Texts(locale)
    greeting = await bot.greeting("", channel="call")
    fixed = [greeting.spoken_text or greeting.text, *(texts.say(f"calls.{name}") for name in FIXED_TEXTS)]
    sentences = [spoken(part, locale) for written in fixed for part in clauses(written)]
    webrtc.warm()
    await voice.speech.warm(sentences, locale=locale)
    await voice.speaker.measure(" ".join(sentences[:4]))
