"""Wiring: settings in, a running product out.

Every subscription between rooms is listed in ``_subscribe`` and every kind of durable job in ``_jobs``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import httpx
from fastapi import FastAPI

from relevo.adapters import catalog
from relevo.adapters.documents.voucher import VoucherPrinter
from relevo.adapters.lines.socket import Door
from relevo.adapters.llm.router import Router
from relevo.adapters.storage.files import LocalFiles
from relevo.app import assistant as shaped
from relevo.app import notes, office, standing, whatsapp_meta
from relevo.app.channels import listen
from relevo.app.health import checks
from relevo.app.house import BookingAlerts, House, RequestAlerts, probes, voice_probe, watch_addresses
from relevo.app.life import running
from relevo.app.messaging import Messaging, Parts
from relevo.app.messaging import wire as wire_messaging
from relevo.app.nightly import NIGHTLY, Nightly
from relevo.app.outreach import Outreach
from relevo.app.outreach import wire as wire_outreach
from relevo.app.presence import Shifts
from relevo.app.presence import wire as wire_presence
from relevo.app.pushes import Pushes
from relevo.app.pushes import wire as wire_pushes
from relevo.app.queues import Waitings
from relevo.app.queues import wire as wire_queues
from relevo.app.reach import subjects_of, theirs
from relevo.app.reach import wire as wire_reach
from relevo.app.reports import Figures
from relevo.app.reports import wire as wire_reports
from relevo.app.staff_alerts import wire as wire_staff_alerts
from relevo.app.summary import SUMMARY, Mornings
from relevo.app.tours import Trade
from relevo.app.tours import wire as wire_tours
from relevo.app.voice import Rooms, Voice, wire
from relevo.app.voice import routers as voice_routers
from relevo.appointments.forgetting import forget_customers
from relevo.appointments.ports import Calendar
from relevo.bookings.changes import Changes
from relevo.bookings.confirming import Confirming
from relevo.bookings.counter import Counter
from relevo.bookings.deposits import Deposits
from relevo.bookings.events import BookingCancelled, BookingChangedStay, BookingConfirmed, NeedsStaff
from relevo.bookings.grid import Grid
from relevo.bookings.mirror import MIRROR, Mirror
from relevo.bookings.notices import Notices
from relevo.bookings.ports import Pms
from relevo.bookings.service import EXPIRE, Bookings
from relevo.bookings.vouchers import VOUCHER, VOUCHER_MAIL, Vouchers
from relevo.bot.aloud import SPEAK
from relevo.bot.arguments import read_arguments, read_campaigns
from relevo.bot.beyond import Beyond
from relevo.bot.copilot import Copilot
from relevo.bot.made import MadeBookings
from relevo.bot.ports import Understander
from relevo.bot.replying import REPLY, RESUME, Replying
from relevo.bot.rewording import Rewording
from relevo.bot.service import Bot
from relevo.calls.recordings import COMPRESS
from relevo.calls.service import Calls
from relevo.conversations.attachments import Attachments
from relevo.conversations.events import (
    AgentSpoke,
    AttachmentReceived,
    ControlChanged,
    MessageReceived,
    MessagesForgotten,
)
from relevo.conversations.ports import Channel
from relevo.conversations.rules import Control
from relevo.conversations.service import Conversations
from relevo.desk.events import AnswerUndone, GuestAnswered, GuestAsked
from relevo.desk.hours import public_days
from relevo.desk.keeping import Keeping
from relevo.desk.letters import Letters
from relevo.desk.requests import Requests
from relevo.desk.service import MAIL, Alerts, Watch
from relevo.kit.bus import Bus, make_bus
from relevo.kit.clock import Clock, SystemClock
from relevo.kit.crypto import Seal
from relevo.kit.db import Database, Tx
from relevo.kit.events import Events
from relevo.kit.ids import Ids, RandomIds
from relevo.kit.live import Live
from relevo.kit.nodes import Nodes
from relevo.kit.reads import Reads
from relevo.kit.tasks import Tasks
from relevo.kit.work import Work, make_work
from relevo.people.accounts import Accounts
from relevo.people.legal import LegalHolds
from relevo.people.second_factor import SecondFactors
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.web import accounts as accounts_http
from relevo.web import appointments as appointments_http
from relevo.web import assistant, auth
from relevo.web import attachments as attachments_http
from relevo.web import bookings as bookings_http
from relevo.web import conversations as conversations_http
from relevo.web import copilot as copilot_http
from relevo.web import deposits as deposits_http
from relevo.web import desk as desk_http
from relevo.web import live as live_http
from relevo.web import people as people_http
from relevo.web import pms as pms_http
from relevo.web import presence as presence_http
from relevo.web import requests as requests_http
from relevo.web import vouchers as vouchers_http
from relevo.web.beside import Beside
from relevo.web.guests import Guests
from relevo.web.pulse import Pulse
from relevo.web.server import create_app
from relevo.web.topics import topics


@dataclass(slots=True)
class Product:
    """Everything that runs in one process."""

    settings: Settings
    web: FastAPI
    db: Database
    nodes: Nodes
    events: Events
    live: Live
    bus: Bus
    beside: Beside
    pulse: Pulse
    work: Work
    people: People
    conversations: Conversations
    attachments: Attachments
    bookings: Bookings
    vouchers: Vouchers
    bot: Bot
    replying: Replying
    voice: Voice | None
    """Live calls; None where they are off."""
    http: httpx.AsyncClient
    tasks: Tasks
    nightly: Nightly
    house: House
    shifts: Shifts
    waitings: Waitings
    outreach: Outreach
    deposits: Deposits
    changes: Changes
    confirming: Confirming
    pms: Pms
    mirror: Mirror
    messaging: Messaging
    requests: Requests
    assistant: shaped.Assistant
    llm: Router | None
    calendar: Calendar | None
    """Appointments, where the house takes any."""
    trade: Trade
    figures: Figures
    pushes: Pushes
    reads: Reads
    ready: list[Callable[[], None]] = field(default_factory=list)

    @property
    def calls(self) -> Calls | None:
        return self.voice.calls if self.voice is not None else None

    @property
    def doors(self) -> dict[str, Door]:
        """Media sockets by path, for a server that takes them past ASGI."""
        return self.voice.doors if self.voice is not None else {}

    def when_ready(self, run: Callable[[], None]) -> None:
        """Call ``run`` once everything is up."""
        self.ready.append(run)


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
    nodes = Nodes(db, clock, ids, settings.node, settings.data_dir)
    bus = make_bus(db, nodes.id)
    live, work = Live(db, clock, bus), make_work(db, clock, ids, owner=nodes.id)
    beside, pulse = Beside(live, bus), Pulse(live, clock)
    texts = Texts(settings.locale)
    factors = SecondFactors(db, clock, Seal(secret, purpose="second factor"), issuer="Relevo")
    people = People(db, clock, ids, factors)
    accounts = Accounts(db, clock, ids, factors)
    files = LocalFiles(settings.data_dir / "files")
    attachments = Attachments(files, clock, ids)
    channels: dict[str, Channel] = {}
    conversations = Conversations(db, live, work, people, clock, ids, texts, channels, attachments)
    pms, business = catalog.make_pms(settings, db, clock)
    mailer = catalog.make_mailer(settings, business, clock)
    letters = Letters(mailer, settings.staff_addresses)
    alerts = Alerts(db, live, work, people, clock, ids, texts, letters, settings.url)
    alerts.theirs = theirs
    watch = Watch(db, live, work, people, alerts, clock, texts)
    requests = Requests(db, live, people, conversations, clock, ids, texts)
    house = House(alerts, watch, Mornings(db, work, alerts, letters, clock, texts, business.timezone))
    bookings = Bookings(db, live, work, pms, business, clock, ids, random.random, watch.selling)
    notices = Notices(conversations, bookings.rooms, texts)
    deposits = Deposits(db, bookings.rooms, notices, attachments, pms, clock, ids)
    confirming = Confirming(db, bookings, deposits, notices, pms, clock, texts)
    mirror = Mirror(db, work, bookings.rooms, notices, pms, clock)
    counter = Counter(bookings, people, conversations, country=settings.country)
    grid = Grid(db, pms, business, clock, public_days(settings.country).__contains__, watch.selling)
    changes = Changes(db, bookings, deposits, notices, people, pms, clock, ids, country=settings.country)
    vouchers = Vouchers(db, work, conversations, attachments, VoucherPrinter(), mailer, business, clock)
    llm, calendar = catalog.make_llm(settings, clock), catalog.make_calendar(settings, db, live, business, clock)
    understander = understander or catalog.make_understander(settings, clock, llm)
    trade = wire_tours(settings, db, live, work, people, business, texts, clock, ids)
    made = MadeBookings(deposits, changes, vouchers)
    speech = catalog.make_speech(settings)
    aloud = notes.spoken_answers(settings, speech, db, work, conversations, attachments, texts)
    rewording = Rewording(llm, clock) if llm is not None and settings.llm_reword else None
    beyond = Beyond(
        trade.tours, trade.partners,
        arguments=read_arguments(settings.arguments_file, demo=settings.hotel_file is None),
        campaigns=read_campaigns(settings.arguments_file, demo=settings.hotel_file is None),
    )  # fmt: skip
    bot = Bot(
        db, conversations, people, bookings, made, understander, clock, locale=settings.locale, vip_words=settings.vips,
        calendar=calendar, requests=requests,
        beyond=beyond, ids=ids,
    )  # fmt: skip
    replying = Replying(db, conversations, bookings, made, bot, rewording=rewording, aloud=aloud)
    copilot = Copilot(db, conversations, people, bookings, bot, texts, llm=llm, arguments=beyond.arguments)
    assistant_shaped = shaped.wire(
        settings, db, work, people, conversations, bot, business, understander, texts, clock, ids
    )  # fmt: skip
    http = httpx.AsyncClient(timeout=10)
    shifts = wire_presence(settings, db, live, work, people, alerts, clock, texts, business.timezone)
    waitings = wire_queues(
        settings, db, live, work, people, conversations, shifts.presence, clock, ids, texts, business.timezone
    )
    figures = wire_reports(
        settings, db, work, people, mailer, business, clock, ids, texts, shifts.timesheets, waitings.board
    )
    rooms = Rooms(
        settings, nodes.id, db, live, work, people, conversations, bookings, bot, texts, clock, ids, shifts.presence
    )  # fmt: skip
    voice = wire(rooms, speech) if speech is not None else None
    reads = Reads(db, clock)
    gate = auth.Gate(people, wire_reach(db, people), reads)
    messaging = wire_messaging(
        Parts(settings, secret, db, live, work, people, conversations, attachments, bot, texts, clock, ids, http, tasks,
              gate, mailer, business, calls=voice is not None,
              transcriber=notes.transcriber(speech, business)),
        channels,
    )  # fmt: skip
    if aloud is not None:
        messaging.jobs[SPEAK] = aloud.speak_job
    sessions = messaging.sessions
    holds = LegalHolds(db, clock, ids)
    recordings = voice.recordings if voice is not None else None
    keeping = Keeping(db, people, clock, office.given_periods(settings))
    nightly = Nightly(settings, keeping, db, work, holds, recordings, files, clock, business.timezone)
    nightly.also["shifts"] = ("keep_shifts", shifts.timesheets.forget)
    nightly.also["customers"] = ("keep_cancelled", partial(forget_customers, db))
    nightly.also["travellers"] = ("keep_cancelled", trade.forgetting)
    if messaging.mail is not None:
        nightly.also["mails"] = ("keep_messages", messaging.mail.forget_old)
    telling = wire_staff_alerts(
        settings, db, work, people, mailer, clock, texts, alerts, business.timezone, lambda: messaging.templates
    )
    pushes = wire_pushes(
        settings, secret, nodes, db, work, people, accounts, conversations, alerts, telling, clock, ids, texts,
        business.timezone,
    )  # fmt: skip
    outreach = wire_outreach(
        settings, secret, db, live, work, people, conversations, business, alerts, mailer, texts, clock, ids,
        messaging.templates,
    )  # fmt: skip
    beyond.aftercare = outreach.wishes
    whatsapp_meta.listen(messaging, outreach.consents, people)
    product = Product(
        settings, FastAPI(), db, nodes, events, live, bus, beside, pulse, work, people, conversations, attachments,
        bookings, vouchers, bot, replying,
        voice, http, tasks, nightly, house, shifts, waitings, outreach, deposits, changes, confirming, pms,
        mirror, messaging, requests, assistant_shaped, llm, calendar, trade, figures, pushes, reads,
    )  # fmt: skip
    watch.probes.update(probes(settings, db, work, pms, business, understander, clock))
    watch_addresses(pms, watch, alerts, db, tasks)
    watch.probes.update(messaging.probes)
    watch.probes["speech"] = voice_probe(voice.speech.check if voice is not None else None)
    calls, commands = (voice.calls, voice.commands) if voice is not None else (None, None)
    feed = live_http.Feed(
        db,
        live,
        people,
        topics(conversations, bookings, calls, commands, house.alerts, house.watch, requests)
        | presence_http.topics(shifts.presence)
        | waitings.topics()
        | pulse.topics(),
        settings.url,
        beside,
        gate.reach,
    )
    standing.listen(events, bus, feed, commands, conversations)
    feed.saw = gate.saw
    feed.opened, feed.closed = pushes.consoles.opened, pushes.consoles.closed
    routers = [
        auth.router(people, gate, secure_cookie=settings.url.startswith("https"), country=settings.country),
        accounts_http.own_router(accounts, factors, gate),
        accounts_http.staff_router(accounts, gate),
        accounts_http.audit_router(db, people, gate, subjects_of),
        conversations_http.router(db, conversations, bookings, gate),
        copilot_http.router(copilot, texts, gate),
        bookings_http.router(bookings, grid, counter, gate),
        deposits_http.router(db, bookings, deposits, changes, people, gate),
        vouchers_http.router(vouchers, gate),
        assistant.router(bot, gate, business.timezone, checks(product), texts),
        *assistant_shaped.routers(gate),
        live_http.router(feed),
        *office.routers(product, keeping, holds, gate),
        *outreach.routers(gate),
        *shifts.routers(gate),
        *waitings.routers(gate),
        *trade.routers(gate),
        *figures.routers(gate),
        pms_http.router(mirror, gate),
        desk_http.router(db, alerts, watch, house.mornings.json, gate),
        desk_http.own_router(telling, gate, settings.country),
        pushes.router(gate),
        requests_http.router(db, requests, gate),
        people_http.router(db, people, conversations, bookings, gate),
        *messaging.routers,
        attachments_http.router(db, conversations, attachments, sessions, gate, clock),
    ]
    if calendar is not None:
        routers.append(appointments_http.router(calendar, Guests(db, people, settings.country), gate))
    if voice is not None:
        routers += voice_routers(voice, rooms, gate, sessions, secret, http)
        waitings.serve(voice.calls, voice.callbacks, lambda staff_id: voice.headsets.of(staff_id) is not None)
    product.web = create_app(routers, texts, lifespan=lambda: running(product))
    _subscribe(product)
    _jobs(product)
    return product


def _subscribe(product: Product) -> None:
    """Who listens to whom. *within*: in the transaction; *at once*: in the tick of the commit."""
    events, work, calls = product.events, product.work, product.calls

    async def reply_to_text(tx: Tx, event: MessageReceived) -> None:
        answered = await product.outreach.hear(tx, event) or not event.answer
        if not answered and product.conversations.carries(event.channel) and event.control is Control.BOT:
            await look_at(tx, event)

    async def keep_file(tx: Tx, event: AttachmentReceived) -> None:
        """Who has the conversation does not matter to a receipt."""
        if event.control is not Control.BOT:
            await look_at(tx, event)

    async def look_at(tx: Tx, event: MessageReceived | AttachmentReceived) -> None:
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

    async def forget_dialogue(tx: Tx, event: MessagesForgotten) -> None:
        await product.bot.interactions.forget(tx, event.conversation_id, None if event.all else event.before)
        await product.requests.forget(tx, event.conversation_id, None if event.all else event.before)
        if event.all:
            await product.bot.forget(tx, event.conversation_id)

    events.on_within(MessageReceived, reply_to_text)
    events.on_within(AttachmentReceived, keep_file)
    events.on_within(MessagesForgotten, forget_dialogue)
    events.on_within(ControlChanged, resume_text)
    events.on_within(ControlChanged, product.house.alerts.on_control)
    staff = BookingAlerts(product.house.alerts)
    events.on_within(NeedsStaff, staff.need)
    events.on_within(BookingConfirmed, staff.confirmed)
    events.on_within(BookingCancelled, staff.cancelled)
    asked = RequestAlerts(product.house.alerts)
    events.on_within(GuestAsked, asked.asked)
    events.on_within(GuestAnswered, asked.answered)
    events.on_within(AnswerUndone, asked.undone)
    events.on_within(BookingConfirmed, product.vouchers.promise)
    events.on_within(BookingChangedStay, product.vouchers.promise)
    product.outreach.subscribe(events)
    product.shifts.subscribe(events, work)
    product.waitings.subscribe(events, product.outreach.consents)
    product.trade.subscribe(events)
    product.pushes.subscribe(events)
    listen(product.messaging.health, events, product.conversations)
    if calls is not None:
        calls.may_call = product.outreach.may_call
        events.on_within(ControlChanged, calls.announce_control)
        events.on_at_once(ControlChanged, calls.here.on_control_changed)
        events.on_at_once(AgentSpoke, calls.here.on_agent_spoke)


def _jobs(product: Product) -> None:
    product.work.handle(REPLY, product.replying.reply)
    product.work.handle(RESUME, product.replying.resume)
    product.assistant.handle(product.work)
    product.messaging.handle(product.work)
    product.work.handle(EXPIRE, product.bookings.expire_job)
    for kind, run in product.confirming.jobs.items():
        product.work.handle(kind, run)
    product.work.handle(MIRROR, product.mirror.job)
    product.work.handle(VOUCHER, product.vouchers.make_job)
    product.work.handle(VOUCHER_MAIL, product.vouchers.mail_job)
    product.work.handle(NIGHTLY, product.nightly.job)
    product.outreach.handle(product.work)
    product.trade.handle(product.work)
    product.figures.handle(product.work)
    product.pushes.handle(product.work)
    product.waitings.handle(product.work)
    product.work.handle(MAIL, product.house.alerts.mail_job)
    product.work.handle(SUMMARY, product.house.mornings.job)
    if product.voice is not None:
        product.work.handle(COMPRESS, product.voice.recordings.compress_job)
