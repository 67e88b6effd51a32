"""What waits for a person: in its queue, offered, let pass, taken, back again, told when nobody is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relevo.app.queues import Waitings, wire
from relevo.conversations.events import MessagesForgotten
from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import Conversation, Delivery, Priority, Reply
from relevo.conversations.service import DELIVER, Conversations
from relevo.desk import entry_store
from relevo.desk.clocks import Targets
from relevo.desk.hours import Window
from relevo.desk.presence import Presence
from relevo.desk.queue_rules import DECLINE_PAUSE, EntryState, Mode, Profile, Queue, Result
from relevo.desk.queue_store import Hours
from relevo.desk.shifts import State
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, Forbidden, Invalid
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.outreach.rules import Way
from relevo.people import account_store as people_store
from relevo.people.rules import Identity, IdentityKind, Role, Staff
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
ALWAYS = Queue("", "Recepción", offer_seconds=30, targets=Targets(300, 600, 7_200), result_required=True)
CODES = (
    Result("sold", "Venta", good=True),
    Result("call", "Volver a llamar", callback=True),
    Result("never", "No llamar", do_not_call=True, needs_note=True, good=False),
)


class TakesAll:
    name = "webchat"

    async def deliver(self, outgoing: Outgoing) -> Sent:
        return Sent(Delivery.SENT)


class Ledger:
    """Keeps who wants to hear no more."""

    def __init__(self) -> None:
        self.stopped: list[tuple[str, Way, str]] = []

    async def stop(self, _tx: object, person_id: str, way: Way, *, proof: str, by: str) -> None:
        self.stopped.append((person_id, way, by))


@dataclass
class House:
    db: Database
    work: Work
    clock: FixedClock
    people: People
    conversations: Conversations
    presence: Presence
    waitings: Waitings
    ledger: Ledger
    staff: dict[str, Staff]
    guests: int = 0

    async def queue(self, queue: Queue = ALWAYS, results: Sequence[Result] = CODES) -> str:
        queue_id = await self.waitings.administration.put_queue(queue)
        await self.waitings.administration.put_results(queue_id, results)
        return queue_id

    async def opened(self, channel: str = "webchat", *, phone: str | None = None) -> Conversation:
        self.guests += 1
        known = [Identity(IdentityKind.WEBCHAT, f"visitor {self.guests}")]
        if phone:
            known.append(Identity(IdentityKind.PHONE, phone))
        async with self.db.write() as tx:
            person = await self.people.find_or_create(tx, known)
            return await self.conversations.open(tx, channel=channel, person_id=person.id)

    async def asks(self, found: Conversation, *, priority: Priority = Priority.NORMAL) -> Conversation:
        async with self.db.write() as tx:
            version = (await self.conversations.now(tx, found.id)).control_version
            await self.conversations.bot_says(tx, found.id, version=version, replies=[Reply("Te paso con alguien.")])
            return await self.conversations.ask_for_person(
                tx, found.id, version=version, reason="requested", priority=priority
            )

    async def waits(self, channel: str = "webchat", **values: Any) -> Conversation:
        found = await self.asks(await self.opened(channel, **values))
        await self.work.drain()
        return found

    async def says(self, conversation_id: str, text: str) -> None:
        async with self.db.write() as tx:
            await self.conversations.receive(tx, conversation_id, text=text)

    async def answers(self, who: str, conversation_id: str, text: str = "Hola") -> None:
        async with self.db.write() as tx:
            await self.conversations.agent_says(tx, conversation_id, staff=self.staff[who], text=text)

    async def takes(self, who: str, conversation_id: str) -> None:
        async with self.db.write() as tx:
            await self.conversations.take_over(tx, conversation_id, staff=self.staff[who])

    async def is_(self, who: str, state: State, reason: str | None = None) -> None:
        await self.presence.declare(self.staff[who], state, reason)
        await self.work.drain()

    async def later(self, **step: float) -> None:
        self.clock.advance(timedelta(**step))
        await self.work.drain()

    async def entry(self, conversation_id: str) -> entry_store.Entry:
        async with self.db.read() as session:
            found = await entry_store.last_of(session, conversation_id)
        assert found is not None
        return found

    async def offered(self, who: str) -> list[str]:
        async with self.db.read() as session:
            found = await self.waitings.board.offers(session, self.staff[who])
        return [each["conversation_id"] for each in found]

    async def accepts(self, who: str, conversation_id: str) -> None:
        await self.waitings.offering.accept((await self.entry(conversation_id)).id, self.staff[who])
        await self.work.drain()

    async def board(self) -> dict[str, Any]:
        async with self.db.read() as session:
            return await self.waitings.board.json(session)

    async def thread(self, conversation_id: str) -> list[str]:
        async with self.db.read() as session:
            return [each.text for each in await self.conversations.messages(session, conversation_id)]


@pytest.fixture
async def house(
    db: Database, events: Events, live: Live, work: Work, clock: FixedClock, ids: CountingIds
) -> House:  # fmt: skip
    texts, people = Texts("es"), People(db, clock, ids)
    conversations = Conversations(db, live, work, people, clock, ids, texts, {"webchat": TakesAll()})
    presence = Presence(db, live, work, people, clock, texts, reasons=("break",))
    waitings = wire(
        Settings(country="AR"), db, live, work, people, conversations, presence, clock, ids, texts, ZONE
    )  # fmt: skip
    ledger = Ledger()
    waitings.subscribe(events, ledger)  # type: ignore[arg-type]
    waitings.handle(work)
    work.handle(DELIVER, conversations.deliver_job)
    staff = {}
    async with db.write() as tx:
        for name, role in (("marta", Role.AGENT), ("luz", Role.AGENT), ("julian", Role.SUPERVISOR)):
            staff[name] = Staff(ids.new("stf"), f"{name}@x.com", name.title(), role)
            await people_store.put_staff(tx.session, staff[name], clock.now())
    return House(db, work, clock, people, conversations, presence, waitings, ledger, staff)


async def test_without_queues_nothing_is_kept_and_nothing_promised(house: House) -> None:
    found = await house.waits()
    async with house.db.read() as session:
        assert await entry_store.last_of(session, found.id) is None
    assert "desk.route" not in str(await house.work.counts())


async def test_it_waits_is_offered_accepted_and_ends(house: House) -> None:
    queue_id = await house.queue()
    found = await house.waits()
    entry = await house.entry(found.id)
    assert (entry.state, entry.queue_id, entry.since) == (EntryState.WAITING, queue_id, house.clock.now())
    await house.is_("marta", State.AVAILABLE)
    assert await house.offered("marta") == [found.id]
    await house.accepts("marta", found.id)
    entry = await house.entry(found.id)
    assert (entry.state, entry.taken_by) == (EntryState.TAKEN, house.staff["marta"].id)
    await house.answers("marta", found.id)
    async with house.db.write() as tx:
        await house.conversations.hand_back(tx, found.id, staff=house.staff["marta"], note="")
    entry = await house.entry(found.id)
    assert (entry.state, entry.ended_why, entry.first_reply_at) == (
        EntryState.ENDED, "handed_back", house.clock.now(),
    )  # fmt: skip


async def test_an_offer_that_is_let_pass_or_runs_out_goes_to_the_next(house: House) -> None:
    await house.queue()
    found = await house.waits()
    await house.is_("marta", State.AVAILABLE)
    await house.is_("luz", State.AVAILABLE)
    await house.waitings.offering.decline((await house.entry(found.id)).id, house.staff["marta"])
    await house.work.drain()
    assert (await house.offered("marta"), await house.offered("luz")) == ([], [found.id])
    await house.later(seconds=31)
    assert (await house.offered("marta"), await house.offered("luz")) == ([], [])
    with pytest.raises(Conflict, match="offer_gone"):
        await house.accepts("luz", found.id)
    await house.later(seconds=DECLINE_PAUSE.total_seconds())
    await house.waitings.offering.sweep()
    assert await house.offered("marta") == [found.id]
    assert (await house.entry(found.id)).since < house.clock.now() - timedelta(minutes=2)


async def test_an_offer_that_ran_out_is_not_accepted_even_before_it_is_taken_back(house: House) -> None:
    await house.queue()
    found = await house.waits()
    await house.is_("marta", State.AVAILABLE)
    house.clock.advance(timedelta(seconds=30))
    with pytest.raises(Conflict, match="offer_gone"):
        await house.accepts("marta", found.id)


async def test_anybody_takes_it_by_hand_and_the_offer_is_gone(house: House) -> None:
    await house.queue()
    found = await house.waits()
    await house.is_("marta", State.AVAILABLE)
    await house.takes("luz", found.id)
    assert await house.offered("marta") == []
    with pytest.raises(Conflict, match="offer_gone"):
        await house.accepts("marta", found.id)


async def test_somebody_full_is_given_nothing_more(house: House) -> None:
    await house.queue(replace(ALWAYS, mode=Mode.ASSIGN))
    await house.waitings.administration.put_profile(Profile(house.staff["marta"].id, ("es",), {}, {"webchat": 2}))
    waiting = [await house.waits() for _ in range(3)]
    await house.is_("marta", State.AVAILABLE)
    held = [(await house.entry(each.id)).taken_by for each in waiting]
    assert held == [house.staff["marta"].id, house.staff["marta"].id, None]
    async with house.db.write() as tx:
        await house.conversations.resolve(tx, waiting[0].id, staff=house.staff["marta"])
    await house.work.drain()
    assert (await house.entry(waiting[2].id)).taken_by == house.staff["marta"].id


async def test_only_who_wants_work_is_asked_and_who_goes_away_is_asked_no_more(house: House) -> None:
    await house.queue()
    found = await house.waits()
    await house.is_("marta", State.PAUSE, "break")
    assert await house.offered("marta") == []
    await house.is_("marta", State.AVAILABLE)
    assert await house.offered("marta") == [found.id]
    await house.is_("marta", State.PAUSE, "break")
    assert await house.offered("marta") == []
    assert (await house.entry(found.id)).state is EntryState.WAITING


async def test_what_somebody_had_waiting_is_back_within_a_minute_of_their_leaving_at_its_place(house: House) -> None:
    await house.queue()
    await house.is_("marta", State.AVAILABLE)
    waits, answered = await house.waits(), await house.opened()
    since = house.clock.now()
    await house.accepts("marta", waits.id)
    await house.takes("marta", answered.id)
    await house.answers("marta", answered.id)
    await house.later(minutes=5)
    later = await house.waits()
    await house.is_("marta", State.OFFLINE)
    await house.later(seconds=29)
    assert (await house.entry(waits.id)).state is EntryState.TAKEN
    await house.later(seconds=31)
    entry = await house.entry(waits.id)
    assert (entry.state, entry.since, entry.requeues, entry.requeued_why) == (
        EntryState.WAITING, since, 1, "agent_offline",
    )  # fmt: skip
    assert (await house.entry(answered.id)).state is EntryState.TAKEN
    await house.is_("luz", State.AVAILABLE)
    assert await house.offered("luz") == [waits.id]
    assert (await house.entry(later.id)).state is EntryState.WAITING


async def test_who_comes_back_in_time_keeps_it(house: House) -> None:
    await house.queue()
    await house.is_("marta", State.AVAILABLE)
    found = await house.waits()
    await house.accepts("marta", found.id)
    await house.is_("marta", State.OFFLINE)
    await house.later(seconds=20)
    await house.is_("marta", State.AVAILABLE)
    await house.later(minutes=2)
    assert (await house.entry(found.id)).taken_by == house.staff["marta"].id


async def test_who_writes_to_somebody_that_left_long_ago_is_found_within_a_minute(house: House) -> None:
    await house.queue()
    await house.is_("marta", State.AVAILABLE)
    found = await house.waits()
    await house.accepts("marta", found.id)
    await house.answers("marta", found.id)
    await house.is_("marta", State.OFFLINE)
    await house.later(hours=1)
    await house.waitings.offering.sweep()
    assert (await house.entry(found.id)).state is EntryState.TAKEN
    await house.says(found.id, "¿siguen ahí?")
    await house.waitings.offering.sweep()
    assert (await house.entry(found.id)).state is EntryState.WAITING


async def test_two_who_accept_at_once_are_one(house: House) -> None:
    await house.queue()
    found = await house.waits()
    await house.is_("marta", State.AVAILABLE)
    entry = await house.entry(found.id)
    await house.waitings.offering.accept(entry.id, house.staff["marta"])
    with pytest.raises(Conflict, match="offer_gone"):
        await house.waitings.offering.accept(entry.id, house.staff["marta"])


async def test_while_nobody_is_there_it_is_said_and_a_call_is_offered(house: House) -> None:
    # Saturday at nine by the house's clock; Monday is a holiday.
    weekdays = tuple(Window(day, 9 * 60, 18 * 60) for day in range(5))
    hours_id = await house.waitings.administration.put_hours(
        Hours("", "Oficina", weekdays, "AR", None, frozenset({date(2026, 12, 8)}))
    )
    await house.queue(replace(ALWAYS, hours_id=hours_id))
    await house.is_("marta", State.AVAILABLE)
    found = await house.waits()
    assert await house.offered("marta") == []
    thread = await house.thread(found.id)
    assert thread[0] == "Te paso con alguien."
    assert thread[-1] == (
        "Ahora no hay nadie del equipo. Te responden a partir del martes 24 de noviembre a las 09:00. "
        "Si prefieres que te llamen, escribe LLAMAR."
    )
    await house.says(found.id, "no hace falta llamar")
    await house.says(found.id, "bueno, llámenme")
    assert (await house.thread(found.id))[-1].startswith("¿A qué número te llamamos?")
    await house.says(found.id, "al 11 5555-0123")
    assert "te llamamos al +5491155550123" in (await house.thread(found.id))[-1]
    async with house.db.read() as session:
        (planned,) = await house.waitings.plans.waiting(session)
    assert (planned["number"], planned["begin"]) == ("+5491155550123", "2026-11-24T12:00:00.000Z")
    await house.says(found.id, "llámenme")
    async with house.db.read() as session:
        assert len(await house.waitings.plans.waiting(session)) == 1
    await house.presence.declare(house.staff["marta"], State.AVAILABLE, None)
    house.clock.advance(datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("UTC")) - house.clock.now())
    await house.work.drain()
    assert await house.offered("marta") == [found.id]


async def test_clocks_run_from_stored_times_and_the_board_counts_them(house: House) -> None:
    await house.queue()
    first, second = await house.waits(), await house.waits()
    await house.later(minutes=4)
    board = await house.board()
    assert {key: board["all"][key] for key in ("waiting", "longest_seconds", "at_risk", "broken")} == {
        "waiting": 2, "longest_seconds": 240, "at_risk": 2, "broken": 0,
    }  # fmt: skip
    await house.takes("luz", first.id)
    await house.answers("luz", first.id)
    await house.later(minutes=2)
    await house.says(first.id, "¿y para el lunes?")
    await house.later(minutes=5)
    async with house.db.read() as session:
        shown = {each["conversation_id"]: each for each in (await house.waitings.board.snapshot(session))["items"]}
    clocks = {each["kind"]: (each["state"], each["left"]) for each in shown[first.id]["clocks"]}
    assert clocks["first"] == ("met", 60)
    assert clocks["next"] == ("running", 300)
    assert {each["kind"]: each["state"] for each in shown[second.id]["clocks"]}["first"] == "broken"
    async with house.db.write() as tx:
        await house.conversations.resolve(tx, first.id, staff=house.staff["luz"])
        await house.conversations.resolve(tx, second.id, staff=house.staff["luz"])
    figures = (await house.board())["queues"][0]
    assert {key: figures[key] for key in ("waiting", "sla", "handled", "abandoned", "abandoned_share")} == {
        "waiting": 0, "sla": 75.0, "handled": 1, "abandoned": 1, "abandoned_share": 50.0,
    }  # fmt: skip


async def test_results_are_said_once_by_whoever_had_it(house: House) -> None:
    await house.queue()
    found = await house.waits(phone="+5491155550123")
    await house.takes("luz", found.id)
    results, luz = house.waitings.results, house.staff["luz"]
    with pytest.raises(Forbidden, match="not_in_control"):
        await results.choose(found.id, house.staff["marta"], "sold")
    for code, error in (("nothing", "unknown_result"), ("call", "result_callback_missing"), ("never", "note_missing")):
        with pytest.raises(Invalid, match=error):
            await results.choose(found.id, luz, code)
    async with house.db.write() as tx:
        await house.conversations.resolve(tx, found.id, staff=luz)
    async with house.db.read() as session:
        assert [each["conversation_id"] for each in await results.pending(session, luz)] == [found.id]
    at = house.clock.now() + timedelta(days=1)
    said = await results.choose(found.id, luz, "call", callback_at=at)
    assert (said["required"], said["chosen"]["code"], said["chosen"]["by"]["name"]) == (True, "call", "Luz")
    said = await results.choose(found.id, luz, "never", note="lo pidió por escrito")
    assert said["chosen"]["do_not_call"] is True
    assert [(way, by) for _, way, by in house.ledger.stopped] == [(Way.CALL, luz.id)]
    async with house.db.read() as session:
        assert await results.pending(session, luz) == []
        (planned,) = await house.waitings.plans.waiting(session)
    assert (planned["number"], planned["why"]) == ("+5491155550123", "result")
    await house.waitings.plans.done(planned["id"], luz)
    with pytest.raises(Conflict, match="callback_done"):
        await house.waitings.plans.done(planned["id"], luz)


async def test_the_time_after_it_is_the_queue_s(house: House) -> None:
    await house.queue(replace(ALWAYS, wrap_up_seconds=15))
    found = await house.waits()
    async with house.db.read() as session:
        assert await house.waitings.queues.wrap_up_seconds(session, found.id) == 15
        assert await house.waitings.queues.wrap_up_seconds(session, "cnv_none") == 60


async def test_its_urgency_is_what_a_person_says_it_is(house: House) -> None:
    await house.queue()
    first, second = await house.waits(), await house.waits()
    async with house.db.write() as tx:
        await house.conversations.prioritise(tx, second.id, Priority.URGENT, staff=house.staff["julian"])
    await house.is_("marta", State.AVAILABLE)
    assert await house.offered("marta") == [second.id]
    assert (await house.entry(first.id)).state is EntryState.WAITING


async def test_callers_hear_how_their_queue_stands(house: House) -> None:
    await house.queue()
    first, second = await house.waits("call"), await house.waits("call")
    assert house.waitings.offering.standing(second.id) is None
    house.waitings.ring_only(lambda staff_id: staff_id == house.staff["luz"].id)
    await house.is_("marta", State.AVAILABLE)
    assert house.waitings.offering.standing(second.id) == (1, 0, 0)
    await house.is_("luz", State.AVAILABLE)
    assert await house.offered("luz") == [first.id]
    assert await house.offered("marta") == []


async def test_conversations_are_each_had_by_one_and_nobody_has_too_many(house: House) -> None:
    await house.queue(replace(ALWAYS, mode=Mode.ASSIGN))
    for who in house.staff:
        await house.presence.declare(house.staff[who], State.AVAILABLE, None)
    waiting = [await house.asks(await house.opened()) for _ in range(15)]
    await house.work.drain()
    held = Counter([(await house.entry(each.id)).taken_by for each in waiting])
    assert held == {None: 6, **{member.id: 3 for member in house.staff.values()}}
    for each in waiting:
        holder = (await house.entry(each.id)).taken_by
        for member in house.staff.values():
            if member.id == holder:
                async with house.db.write() as tx:
                    await house.conversations.resolve(tx, each.id, staff=member)
    await house.work.drain()
    assert None not in [(await house.entry(each.id)).taken_by for each in waiting]
    assert (await house.board())["all"]["handled"] == 9


async def test_what_was_written_of_a_conversation_goes_with_its_words(house: House) -> None:
    await house.queue()
    found = await house.waits(phone="+5491155550123")
    await house.takes("luz", found.id)
    at = house.clock.now() + timedelta(days=1)
    await house.waitings.results.choose(found.id, house.staff["luz"], "call", note="por su hija", callback_at=at)
    async with house.db.write() as tx:
        await house.conversations.resolve(tx, found.id, staff=house.staff["luz"])
    async with house.db.write() as tx:
        await tx.publish(MessagesForgotten(found.id, at, all=False))
    async with house.db.read() as session:
        assert len(await house.waitings.plans.waiting(session)) == 1
    async with house.db.write() as tx:
        await tx.publish(MessagesForgotten(found.id, at, all=True))
    async with house.db.read() as session:
        chosen = (await house.waitings.results.json(session, found.id))["chosen"]
        assert await house.waitings.plans.waiting(session) == []
    assert (chosen["code"], chosen["note"], (await house.entry(found.id)).reason) == ("call", None, None)


async def test_outcomes_are_what_the_house_saw(house: House) -> None:
    await house.queue()
    await house.is_("luz", State.AVAILABLE)
    liked, sold, left = [await house.waits() for _ in range(3)]
    for each in (liked, sold):
        await house.accepts("luz", each.id)
    await house.later(minutes=5)
    await house.waitings.results.choose(liked.id, house.staff["luz"], "never", note="no")
    await house.waitings.results.choose(sold.id, house.staff["luz"], "sold")
    async with house.db.write() as tx:
        await house.conversations.record(tx, liked.id, event="rated", meta={"score": 5}, score="5", comment="")
        for each in (liked, sold, left):
            await house.conversations.resolve(tx, each.id, staff=house.staff["luz"])
    found = {each.score: each for each in await house.waitings.learning.outcomes()}
    assert {score: (each.good, each.label, each.seconds) for score, each in found.items()} == {
        5: (False, True, 300.0), None: (True, True, 300.0),
    }  # fmt: skip
    assert {each.among for each in found.values()} == {(house.staff["luz"].id,)}
    assert await house.waitings.learning.advisor() is None
