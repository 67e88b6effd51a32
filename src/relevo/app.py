"""The composition root: settings in, a running product out. The only module that knows concrete classes.

Every subscription between rooms is listed in ``_subscribe`` and every kind of durable job in ``_jobs``.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import httpx
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi import APIRouter, FastAPI
from sqlalchemy import Connection, text

from relevo.adapters import catalog
from relevo.adapters.channels import webchat
from relevo.adapters.lines import browser
from relevo.adapters.lines.socket import Door
from relevo.adapters.storage.local import LocalRecordings
from relevo.bookings.service import EXPIRE, Bookings
from relevo.bot.ports import Understander
from relevo.bot.service import CALL, REPLY, RESUME, Bot
from relevo.calls.commands import CallCommands
from relevo.calls.headsets import Headsets
from relevo.calls.media.clock import MediaClock
from relevo.calls.media.speaker import Speaker
from relevo.calls.parts import Parts
from relevo.calls.rules import clauses
from relevo.calls.rules.floor import Lost
from relevo.calls.service import Calls
from relevo.conversations.events import AgentSpoke, ControlChanged, MessageReceived
from relevo.conversations.rules import Control
from relevo.conversations.service import DELIVER, Conversations
from relevo.kit import log
from relevo.kit.clock import Clock, SystemClock
from relevo.kit.crypto import LinkSigner
from relevo.kit.db import Database, Tx
from relevo.kit.errors import RelevoError
from relevo.kit.events import Events
from relevo.kit.ids import Ids, RandomIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import Work
from relevo.people.rules import Action, Role
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.texts.spoken import spoken
from relevo.web import assistant, auth, call_commands
from relevo.web import bookings as bookings_http
from relevo.web import calls as calls_http
from relevo.web import conversations as conversations_http
from relevo.web import live as live_http
from relevo.web.server import create_app
from relevo.web.topics import topics

_log = log.get("app")

MIGRATIONS = Path(__file__).parent / "migrations"
LINK_SECONDS = 300
MAX_CALL_SECONDS = 3_600
HOUSEKEEPING = 3_600
FIXED_TEXTS = ("notice", "still_there", "goodbye_silence", "goodbye_time", "to_person", "waiting", "trouble",
               "trouble_person", "not_understood", "returned", "agent_lost", "agent_lost_wait")  # fmt: skip
SAYS_IT_AGAIN = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip
"""The European Union: after a person, the bot says again that it is one (AI Act, article 50)."""


@dataclass(slots=True)
class Product:
    """Everything that runs in one process."""

    settings: Settings
    web: FastAPI
    db: Database
    events: Events
    live: Live
    work: Work
    people: People
    conversations: Conversations
    bookings: Bookings
    bot: Bot
    calls: Calls | None
    headsets: Headsets | None
    commands: CallCommands | None
    speech: catalog.Speech | None
    http: httpx.AsyncClient
    tasks: Tasks
    doors: dict[str, Door] = field(default_factory=dict)
    """Media sockets by path, for a server that takes them past ASGI."""
    ready: list[Callable[[], None]] = field(default_factory=list)

    def when_ready(self, run: Callable[[], None]) -> None:
        """Call ``run`` once everything is up."""
        self.ready.append(run)


async def open_database(settings: Settings, tasks: Tasks) -> Database:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.database, Events(tasks))


async def migrate(settings: Settings) -> None:
    """Bring the database to this version's shape. Fine to run again, and from several processes in turn."""
    db = await open_database(settings, Tasks())
    try:
        async with db.connection() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await db.close()


def migrations_folder() -> Path:
    """In the wheel the migrations lie inside the package; in a checkout beside ``src``."""
    return MIGRATIONS if MIGRATIONS.is_dir() else Path(__file__).parents[2] / "migrations"


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    understander: Understander | None = None,
) -> Product:
    """Wire everything. Nothing runs until the web application starts."""
    clock, ids, tasks = clock or SystemClock(), ids or RandomIds(), Tasks()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    secret = settings.signing_secret()
    events = Events(tasks)
    db = Database(settings.database, events)
    live, work = Live(db, clock), Work(db, clock, ids)
    texts = Texts(settings.locale)
    people = People(db, clock, ids)
    channels = {webchat.Webchat.name: webchat.Webchat()}
    conversations = Conversations(db, live, work, people, clock, ids, texts, channels)
    pms, business = catalog.make_pms(settings, db)
    bookings = Bookings(db, live, work, pms, business, clock, ids, random.random)
    understander = understander or catalog.make_understander(settings)
    bot = Bot(db, conversations, people, bookings, understander, clock, locale=settings.locale)
    http = httpx.AsyncClient(timeout=10)
    speech = catalog.make_speech(settings)
    media = MediaClock()
    headsets = Headsets(media) if speech is not None else None
    calls = _calls(
        settings, db, live, conversations, people, bookings, bot, speech, headsets, media, clock, ids, texts
    )  # fmt: skip
    commands = None
    if calls is not None and headsets is not None:
        commands = CallCommands(
            calls, conversations, people, headsets, db, live, clock, show_listeners=settings.show_listeners
        )
    gate = auth.Gate(people)
    sessions = webchat.Sessions(db, conversations, people, bot)
    product = Product(
        settings, FastAPI(), db, events, live, work, people, conversations, bookings, bot, calls, headsets,
        commands, speech, http, tasks,
    )  # fmt: skip
    feed = live_http.Feed(db, live, people, topics(conversations, bookings, calls, commands), settings.url)
    routers = [
        auth.router(people, gate, secure_cookie=settings.url.startswith("https")),
        conversations_http.router(db, conversations, bookings, gate),
        bookings_http.router(bookings, gate),
        assistant.router(bot, gate, business.timezone, _checks(product)),
        live_http.router(feed),
        webchat.router(db, conversations, sessions, live, clock, webchat.Settings()),
        *_call_routers(product, gate, sessions, secret, clock, ids),
    ]
    product.web = create_app(routers, texts, lifespan=lambda: _running(product))
    _subscribe(product)
    _jobs(product)
    return product


def _subscribe(product: Product) -> None:
    """Who listens to whom. *within*: in the transaction; *at once*: in the tick of the commit."""
    events, work, calls = product.events, product.work, product.calls

    async def reply_to_text(tx: Tx, event: MessageReceived) -> None:
        if product.conversations.carries(event.channel) and event.control is Control.BOT:
            await work.promise(
                tx,
                REPLY,
                key=f"reply:{event.message_id}",
                payload={"conversation_id": event.conversation_id, "message_id": event.message_id},
                lane=f"reply:{event.conversation_id}",
            )

    async def resume_text(tx: Tx, event: ControlChanged) -> None:
        """Handed back: the bot goes on, where it writes (in a call its session does)."""
        if event.handed_back and product.conversations.carries(event.channel):
            await work.promise(
                tx,
                RESUME,
                key=f"resume:{event.conversation_id}:{event.control_version}",
                payload={"conversation_id": event.conversation_id, "version": event.control_version},
                lane=f"reply:{event.conversation_id}",
            )

    events.on_within(MessageReceived, reply_to_text)
    events.on_within(ControlChanged, resume_text)
    if calls is not None:
        events.on_within(ControlChanged, calls.announce_control)
        events.on_at_once(ControlChanged, calls.on_control_changed)
        events.on_at_once(AgentSpoke, calls.on_agent_spoke)


def _jobs(product: Product) -> None:
    product.work.handle(REPLY, product.bot.reply_job)
    product.work.handle(RESUME, product.bot.resume_job)
    product.work.handle(DELIVER, product.conversations.deliver_job)
    product.work.handle(EXPIRE, product.bookings.expire_job)


def _calls(
    settings: Settings,
    db: Database,
    live: Live,
    conversations: Conversations,
    people: People,
    bookings: Bookings,
    bot: Bot,
    speech: catalog.Speech | None,
    headsets: Headsets | None,
    media: MediaClock,
    clock: Clock,
    ids: Ids,
    texts: Texts,
) -> Calls | None:
    if speech is None or headsets is None:
        return None

    async def expected_names(conversation_id: str, person_id: str) -> Sequence[str]:
        """Words worth expecting in a call: who it may be, and what the house calls its rooms."""
        async with db.read() as session:
            person = await people.get(session, person_id)
        booking = await bookings.live_hold(conversation_id)
        named = [person.name if person else None, booking.guest_name if booking else None]
        return [*(name for name in named if name), *(kind.name for kind in bookings.business.room_types)]

    speaker = Speaker(speech.voice, lambda words: spoken(words, settings.locale), locale=settings.locale)
    parts = Parts(
        db=db,
        live=live,
        conversations=conversations,
        bot=bot,
        recognizer=speech.recognizer,
        speaker=speaker,
        texts=texts,
        locale=settings.locale,
        max_seconds=MAX_CALL_SECONDS,
        names=expected_names,
        headsets=headsets,
        lost=Lost(settings.agent_lost),
        announces_return=settings.country in SAYS_IT_AGAIN,
    )
    recordings = LocalRecordings(settings.data_dir / "recordings")
    return Calls(
        parts, people, speech.detector, recordings, clock, ids, node=settings.node, media=media,
        most=settings.max_calls, show_listeners=settings.show_listeners,
    )  # fmt: skip


def _call_routers(
    product: Product, gate: auth.Gate, sessions: webchat.Sessions, secret: str, clock: Clock, ids: Ids
) -> list[APIRouter]:
    calls, commands, settings = product.calls, product.commands, product.settings
    if calls is None or commands is None:
        return []

    async def visitor(session_id: str, token: str) -> str | None:
        conversation = await sessions.verify(session_id, token)
        return conversation.person_id if conversation else None

    signer = LinkSigner(secret, salt="recording", seconds=LINK_SECONDS)
    routers = [
        calls_http.router(product.db, calls, gate, signer, clock, settings.url),
        call_commands.router(product.db, calls, commands, gate),
        browser.router(calls, visitor),
    ]
    visit = browser.stream_door(calls, visitor)
    product.doors[browser.STREAM] = lambda _opening: visit
    if find_spec("twilio") is None:
        return routers
    from relevo.adapters.lines import twilio

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
    stream = twilio.stream_door(calls, given)
    product.doors[twilio.STREAM] = lambda _opening: stream
    place = gate.require(Action.PLACE_CALL)
    return [*routers, twilio.router(calls, given, product.http, ids, may_place_calls=place)]


def _checks(product: Product) -> dict[str, assistant.Check]:
    async def database() -> str:
        try:
            async with product.db.read() as session:
                await session.execute(text("select 1"))
        except Exception:
            _log.exception("the database does not answer")
            return "unreachable"
        return "ok"

    async def work() -> str:
        return "parked_jobs" if (await product.work.counts()).get("parked") else "ok"

    async def speech() -> str:
        if product.speech is None:
            return "off"
        return await product.speech.check()

    return {"database": database, "work": work, "speech": speech}


@asynccontextmanager
async def _running(product: Product) -> AsyncIterator[None]:
    """Start: engines, then what a dead process left behind, then the runner. Stop in the opposite order."""
    if product.speech is not None:
        await product.speech.start()
    await product.work.recover()
    await product.bookings.sweep()
    if product.calls is not None:
        await product.calls.close_orphans()
    product.work.start()
    product.tasks.start(_keep_house(product), name="housekeeping")
    product.tasks.start(_warm_voice(product), name="warm voice")
    for run in product.ready:
        run()
    try:
        yield
    finally:
        if product.commands is not None:
            await product.commands.close()
        if product.calls is not None:
            await product.calls.close()
        await product.work.close()
        await product.tasks.close()
        if product.speech is not None:
            await product.speech.close()
        await product.http.aclose()
        await product.db.close()


async def _warm_voice(product: Product) -> None:
    """What every call says, made before the first one."""
    if product.speech is None:
        return
    locale = product.settings.locale
    texts = Texts(locale)
    greeting = await product.bot.greeting("", channel=CALL)
    fixed = [greeting.spoken_text or greeting.text, *(texts.say(f"calls.{name}") for name in FIXED_TEXTS)]
    sentences = [spoken(part, locale) for written in fixed for part in clauses(written)]
    await product.speech.warm(sentences, locale=locale)


async def _keep_house(product: Product) -> None:
    while True:
        await asyncio.sleep(HOUSEKEEPING)
        await product.live.forget_old()


async def enrol(settings: Settings, staff: Iterable[tuple[str, str, Role]], password: str, *, again: bool) -> None:
    """Create members of staff (email, name, role). ``again``: those who exist get the password too."""
    await migrate(settings)
    db = await open_database(settings, Tasks())
    try:
        people = People(db, SystemClock(), RandomIds())
        for email, name, role in staff:
            if again or not await people.has_staff(email):
                await people.enrol(email=email, name=name, role=role, password=password)
    finally:
        await db.close()


async def diagnose(settings: Settings) -> list[tuple[str, str]]:
    """Each part with ``ok`` or what is wrong with it, for ``relevo doctor``."""
    found: list[tuple[str, str]] = []
    db = await open_database(settings, Tasks())
    try:
        async with db.connection() as connection:
            current = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
        config = Config()
        config.set_main_option("script_location", str(migrations_folder()))
        head = ScriptDirectory.from_config(config).get_current_head()
        found.append(("database", "ok" if current == head else "relevo migrate"))
    finally:
        await db.close()
    console = resources.files("relevo.web").joinpath("console_dist/index.html")
    found.append(("console", "ok" if console.is_file() else "make console"))
    found.append(("twilio", "ok" if settings.twilio_auth_token.get_secret_value() else "TWILIO_AUTH_TOKEN"))
    probes: dict[str, Callable[[], object]] = {
        "secret": settings.signing_secret,
        "speech": lambda: catalog.make_speech(settings),
    }
    for name, probe in probes.items():
        try:
            probe()
            found.append((name, "ok"))
        except RelevoError as error:
            found.append((name, error.code))
    return found
