"""Lets simulated guests talk to the real stack, and grades what is in the database when they have gone.

A guest is *done* when every task is, the bookings and appointments are exactly those it took to stand, and it left of
its own accord. A booking is *wrong* when it stands and nobody said yes to it as it is, or when it is gone and nobody
asked for that.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy
from typing import Any

from relevo.bookings.rules import Booking, BookingStatus
from relevo.bot.ports import Understander
from relevo.conversations.rules import Control, Message
from relevo.kit.clock import FixedClock
from relevo.kit.db import Base, Database
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import make_work
from tests.flows.scenarios.hearing import Heard, hear
from tests.flows.scenarios.simulated import Mind, Persona, Trip
from tests.flows.scenarios.world import World, build

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
STANDS = (BookingStatus.HOLD, BookingStatus.CONFIRMING, BookingStatus.CONFIRMED, BookingStatus.NEEDS_STAFF)
TAIL = 7
SAME_RUNNING = 3
"""So many times in a row no sentence is said."""


@dataclass
class Grade:
    persona: str
    seed: int
    turns: int
    failed: list[str] = field(default_factory=list)
    """Why the guest is not done; empty when it is."""
    wrong: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    smells: list[str] = field(default_factory=list)
    transcript: str = ""

    @property
    def done(self) -> bool:
        return not (self.failed or self.wrong or self.invented)


def empty_house(path: Path) -> None:
    """The tables, made once; every guest gets a copy."""

    async def create() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}", Events(Tasks()))
        async with database.connection() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await database.close()

    asyncio.run(create())


@asynccontextmanager
async def fresh_world(mind: Understander, empty: Path) -> AsyncIterator[World]:
    path = empty.with_name("guest.db")
    copy(empty, path)
    tasks, clock, ids = Tasks(), FixedClock(NOW), CountingIds()
    events = Events(tasks)
    db = Database(f"sqlite+aiosqlite:///{path}", events)
    live, work = Live(db, clock), make_work(db, clock, ids)
    try:
        yield await build(db, clock, ids, live, work, events, mind, empty.with_name("files"), appointments=True)
    finally:
        await work.close()
        await db.close()
        await tasks.close()
        for left in empty.parent.glob("guest.db*"):
            left.unlink()


async def visit(world: World, persona: Persona, seed: int) -> Grade:
    """One guest, from its first word to its last."""
    mind = Mind(persona, random.Random(f"{persona.name}/{seed}"), TODAY)  # noqa: S311
    if persona.full:
        await world.fill(f"{persona.full} {mind.trip.check_in} {mind.trip.check_out}")
    threads = [await world.arrive()]
    heard: Heard | None = None
    while says := mind.next(heard):
        texts: list[str] = []
        buttons: tuple[str, ...] = ()
        for step in says:
            before = len(world.said)
            answers = await _step(world, threads, step)
            texts += [text for author, text in world.said[before:] if author == "system"] if not answers else []
            texts += [each.text for each in answers]
            buttons = answers[-1].buttons if answers else buttons
        heard = hear(texts, buttons, TODAY)
        if mind.done:
            break
    grade = Grade(persona.name, seed, mind.turns, smells=mind.smells)
    await _judge(world, threads, mind, grade)
    grade.transcript = world.transcript()
    return grade


async def _step(world: World, threads: list[Any], step: str) -> list[Message]:
    if not step.startswith(":"):
        return await world.say(threads[-1], step)
    name, _, rest = step[1:].partition(" ")
    if name == "elsewhere":
        threads.append(await world.arrive())
        return []
    if name == "file":
        file, _, text = rest.partition("|")
        return await world.say(threads[-1], text.strip(), file.strip())
    await world.of_staff(name, rest, threads)
    return []


async def _judge(world: World, threads: list[Any], mind: Mind, grade: Grade) -> None:
    persona = mind.persona
    if not mind.done:
        grade.failed.append(mind.over or "left")
    control = await world.control(threads[-1])
    asked_person = "person" in persona.manner or persona.tasks[-1] == "person"
    if mind.done and control is not (Control.QUEUED if asked_person else Control.BOT):
        grade.failed.append(f"the conversation is {control}")
    booked = await world.booked(*threads)
    _bookings(booked, mind, grade)
    calendar = world.calendar
    assert calendar is not None
    found = [each for thread in threads for each in await calendar.of(thread.person_id)]
    zone = world.business.timezone
    made = sorted(f"{each.service} {each.start.astimezone(zone):%Y-%m-%d %H} {each.status}" for each in found)
    wanted = sorted(f"{each.service} {each.day} {each.hour} {status}" for each, status in mind.visits.items())
    if made != wanted:
        (grade.wrong if set(made) - set(wanted) and mind.done else grade.failed).append(f"{made} for {wanted}")
    try:
        world.check_facts(*mind.days)
    except AssertionError as error:
        grade.invented.append(str(error))
    if again := _repeated(world.said):
        grade.failed.append(f"said {SAME_RUNNING} times running: {again!r}")


def _bookings(booked: list[Booking], mind: Mind, grade: Grade) -> None:
    standing = [each for each in booked if each.status in STANDS]
    told = [_as_trip(each) for each in standing]
    for trip, booking in zip(told, standing, strict=True):
        if trip not in mind.agreed:
            grade.wrong.append(f"{trip} was not agreed to")
        elif booking.total.amount != trip.total * 100:
            grade.wrong.append(f"{trip} costs {booking.total.amount}")
    wanted = [each for each in mind.wanted if each.status in ("hold", "confirmed")]
    if mind.done and len(standing) > len(wanted):
        grade.wrong.append(f"{len(standing)} bookings stand, wanted {len(wanted)}")
    cancelled = [each for each in mind.wanted if each.status == "cancelled"]
    gone = [each for each in booked if each.status is BookingStatus.CANCELLED]
    if len(gone) > len(cancelled) and mind.done:
        grade.wrong.append("a booking is gone that nobody cancelled")
    if not mind.done:
        return
    for each in wanted:
        same = [one for one, trip in zip(standing, told, strict=True) if trip == each.trip]
        if not same:
            grade.failed.append(f"{each.trip} does not stand: {[*map(_as_trip, standing)]}")
            continue
        booking = same[0]
        if each.status != booking.status:
            grade.failed.append(f"{booking.status} for {each.status}")
        if each.name and (booking.guest_name or "").casefold() != each.name.casefold():
            grade.wrong.append(f"in the name of {booking.guest_name!r} for {each.name!r}")
        if each.contact and not _same_contact(each.contact, booking):
            grade.wrong.append(f"contact {booking.guest_phone or booking.guest_email!r} for {each.contact!r}")


def _same_contact(said: str, booking: Booking) -> bool:
    if "@" in said:
        return booking.guest_email == said
    # However its country is written.
    return _digits(booking.guest_phone)[-TAIL:] == _digits(said)[-TAIL:]


def _digits(written: str | None) -> str:
    return "".join(filter(str.isdigit, written or ""))


def _as_trip(booking: Booking) -> Trip:
    return Trip(booking.check_in, booking.check_out, booking.guests, booking.children, booking.room_type)


def _repeated(said: list[tuple[str, str]]) -> str | None:
    answers = [text for author, text in said if author == "bot"]
    for start in range(len(answers) - SAME_RUNNING + 1):
        if len(set(answers[start : start + SAME_RUNNING])) == 1:
            return answers[start]
    return None
