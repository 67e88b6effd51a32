"""What a house has beside rooms, over a scripted world: excursions, agencies, reminders, opinions; and what is left of
them in the database. ``:sold islas 2026-12-12 9`` is other travellers, the other steps are world.py's.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from world import Guest, Witness, World

from relevo.adapters.tours.facts import read_tours
from relevo.app.tours import BookedStays, Trade
from relevo.bookings.events import BookingCancelled, BookingChangedStay, BookingConfirmed
from relevo.bot.arguments import read_arguments, read_campaigns
from relevo.bot.beyond import Beyond
from relevo.bot.models import InteractionRow
from relevo.conversations.rules import Conversation
from relevo.kit.events import Events
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.outreach.consents import Consents
from relevo.outreach.events import LowFeedback
from relevo.outreach.feedback import Feedbacks
from relevo.outreach.models import ConsentRow, FeedbackRow, ReminderRow
from relevo.outreach.service import REMIND, Reminders
from relevo.outreach.wishes import Wishes
from relevo.outreach.wording import Links, Wording
from relevo.people.rules import Identity, IdentityKind
from relevo.texts import Texts
from relevo.tours.models import CommissionEntryRow, CommissionRow, PartnerRow, TourPlaceRow, TourSeatRow
from relevo.tours.partners import Partners
from relevo.tours.service import Tours


@dataclass(frozen=True, slots=True)
class Case:
    guest: Guest
    left: tuple[str, ...]
    """What is in the database beside bookings when they have gone."""
    who: tuple[str, ...]
    """Specialists that answered, by the interaction log."""
    not_who: tuple[str, ...]
    """Specialists that had to keep out of it."""
    appointments: bool = False
    """Whether the house takes appointments."""


def cases(file: str) -> list[Case]:
    data = tomllib.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))
    return [
        Case(
            Guest(
                entry["name"], tuple(entry["says"]), tuple(entry.get("bookings", ())), entry.get("control", "bot"),
                hears=tuple(entry.get("hears", ())), never=tuple(entry.get("never", ())),
            ),
            tuple(entry.get("left", ())),
            tuple(entry.get("who", ())),
            tuple(entry.get("not_who", ())),
            entry.get("appointments", False),
        )
        for entry in data["guest"]
    ]  # fmt: skip


@dataclass
class Trading:
    world: World
    tours: Tours
    low: list[LowFeedback]

    async def go(self, guest: Guest) -> list[Conversation]:
        world = self.world
        threads = [await world.arrive()]
        for step in guest.says:
            name, _, rest = step[1:].partition(" ")
            if not step.startswith(":"):
                await world.say(threads[-1], step)
            elif name == "file":
                await world.say(threads[-1], "", rest)
            elif name == "elsewhere":
                threads.append(await world.arrive())
            elif name == "call":
                threads.append(await world.arrive("call", [Identity(IdentityKind.PHONE, rest)]))
            elif name == "sold":
                await self._sold(*rest.split())
            else:
                await world.of_staff(name, rest, threads)
            await world.work.drain()
        return threads

    async def _sold(self, excursion: str, day: str, places: str) -> None:
        stranger = await self.world.arrive()
        await self.tours.book(
            excursion, date.fromisoformat(day), adults=int(places), children=0, person_id=stranger.person_id,
            conversation_id=None, name=None, phone=None, key=f"sold:{excursion}:{day}",
        )  # fmt: skip

    async def left(self) -> list[str]:
        """``place booked islas 2026-12-12 2+1 70000 Ana Gil``, ``commission RL-22223 held``, ``entry RL-22223 16320``,
        ``score RL-22223 4 muy lindo``, ``reminder day_before planned``, ``consent reminder given``, ``low 2``."""
        lines = []
        async with self.world.db.read() as session:
            places = (
                await session.execute(select(TourPlaceRow).where(TourPlaceRow.conversation_id.is_not(None)))
            ).scalars()
            for place in places:
                seats = select(TourSeatRow.seat).where(TourSeatRow.place_id == place.id)
                taken = len((await session.execute(seats)).all())
                assert taken == (place.adults + place.children if place.status == "booked" else 0)
                party = f"{place.adults}+{place.children}"
                trip = f"{place.excursion} {place.day} {party} {place.price // 100}"
                lines.append(f"place {place.status} {trip} {place.guest_name}")
            of = {row.id: row for row in (await session.execute(select(CommissionRow))).scalars()}
            names = {row.id: row.code for row in (await session.execute(select(PartnerRow))).scalars()}
            lines += [f"commission {names[row.partner_id]} {row.code} {row.title}" for row in of.values()]
            for entry in (await session.execute(select(CommissionEntryRow))).scalars():
                lines.append(f"entry {of[entry.commission_id].code} {entry.amount}")
            for given in (await session.execute(select(FeedbackRow))).scalars():
                lines.append(f"score {given.score} {given.text or ''}".strip())
            for kind, state in await session.execute(select(ReminderRow.kind, ReminderRow.state)):
                if kind == "day_before":
                    lines.append(f"reminder {state}")
            for row in (await session.execute(select(ConsentRow).order_by(ConsentRow.id))).scalars():
                lines.append(f"consent {row.purpose} {row.state}")
        return sorted([*lines, *(f"low {each.score}" for each in self.low)])

    async def answered(self) -> list[str]:
        """Who answered, turn by turn."""
        async with self.world.db.read() as session:
            rows = await session.execute(select(InteractionRow.action).order_by(InteractionRow.at, InteractionRow.id))
            return [name for action in rows.scalars() for name in (action or "").split("+")]


async def attach(world: World, events: Events, live: Live, ids: Ids) -> Trading:
    """Give the world's assistant everything that there is beside rooms."""
    texts, business = Texts("es_AR"), world.business
    given = read_tours(None, business)
    tours = Tours(world.db, live, given.catalogue, world.clock, ids)
    partners = Partners(
        world.db, world.work, BookedStays(), world.clock, ids, zone=business.timezone, country="AR"
    )  # fmt: skip
    trade = Trade(world.db, tours, partners, given.partners, lambda _gate: [])
    await trade.open()
    trade.subscribe(events)
    trade.handle(world.work)
    consents = Consents(
        world.db, world.people, world.conversations, world.clock, texts, zone=business.timezone, country="AR"
    )  # fmt: skip
    reminders = Reminders(
        world.db, live, world.work, world.people, world.conversations, consents, business,
        Wording(texts, business, Links("secret", "https://x.example")), texts, world.letters, world.clock, ids,
    )  # fmt: skip
    feedbacks = Feedbacks(world.db, world.conversations, world.clock, texts)
    events.on_within(BookingConfirmed, reminders.on_confirmed)
    events.on_within(BookingChangedStay, reminders.on_changed)
    events.on_within(BookingCancelled, reminders.on_cancelled)
    world.work.handle(REMIND, reminders.remind_job)
    low: list[LowFeedback] = []

    async def heard(_tx: object, event: LowFeedback) -> None:
        low.append(event)

    events.on_within(LowFeedback, heard)
    arguments, campaigns = read_arguments(None, demo=True), read_campaigns(None, demo=True)
    seen = world.witness.seen
    wishes = Wishes(world.db, world.people, reminders, consents, feedbacks, business)
    world.bot.beyond = Beyond(
        Witness(tours, seen), Witness(partners, seen), Witness(wishes, seen), arguments, campaigns
    )  # fmt: skip
    # What the catalogue says in minutes and hundredths is told in hours and per cent.
    seen += [given.catalogue, arguments, campaigns, "2 3 24 30 12"]
    return Trading(world, tours, low)
