"""Reminders over a real database, in virtual time: planned, moved, cancelled, sent once, by what is left."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relevo.bookings.events import BookingConfirmed
from relevo.conversations.rules import Control
from relevo.kit.errors import Conflict, NotFound, NotReady, ProviderError
from relevo.kit.work import make_work
from relevo.outreach.rules import Purpose, Way
from relevo.outreach.service import REMIND
from tests.outreach.conftest import Carrier, Killed, Mailbox, World

HOUSE = ZoneInfo("America/Argentina/Buenos_Aires")
MADRID = ZoneInfo("Europe/Madrid")
IN, OUT = date(2026, 12, 10), date(2026, 12, 13)
ALL = {"week_before", "day_before", "arrival_day", "feedback"}


def at(local: str, zone: ZoneInfo = HOUSE) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone)


async def test_a_stay_from_its_confirmation_to_the_question_afterwards(world: World) -> None:
    booking = await world.booked(IN, OUT)
    assert await world.states(booking) == dict.fromkeys(ALL, "planned")
    await world.until(at("2026-12-03T09:59"))
    assert not world.mail.letters
    await world.until(at("2026-12-03T10:00"))
    assert await world.all_sent() == [("week_before", "email")]
    await world.until(at("2026-12-20T12:00"))
    assert await world.all_sent() == [
        ("week_before", "email"), ("day_before", "email"), ("arrival_day", "email"), ("feedback", "email")
    ]  # fmt: skip
    assert world.mail.posted == 4
    week, question = world.mail.letters["reminder:rem_1"], world.mail.letters["reminder:rem_4"]
    assert week["to"] == "ana@example.com"
    assert booking.code in week["text"]
    assert "Hola, Ana." in week["text"]
    assert "https://hotel.example/api/stop/" in week["text"]
    assert "https://hotel.example/api/feedback/" in question["text"]
    told = [text for author, kind, text in await world.thread(booking.conversation_id) if kind == "event"]
    assert len(told) == 4


async def test_the_answer_of_the_rules_is_kept_with_the_reminder(world: World) -> None:
    booking = await world.booked(IN, OUT)
    await world.until(at("2026-12-03T10:00"))
    decision = (await world.of(booking))["week_before"].decision
    assert decision["purpose"] == "reminder"
    assert decision["country"] == "AR"
    assert decision["zones"] == ["America/Buenos_Aires"]
    assert [(each["channel"], each["allowed"]) for each in decision["asked"]] == [("email", True)]
    assert "house.quiet_hours" in decision["asked"][0]["rules"]


async def test_whoever_is_in_the_chat_is_told_there(world: World) -> None:
    booking = await world.booked(IN, OUT)
    await world.until(at("2026-12-09T09:30"))
    await world.says(booking.conversation_id, "¿hay estacionamiento?")
    await world.until(at("2026-12-09T10:00"))
    assert (await world.of(booking))["day_before"].channel == "webchat"
    author, kind, text = (await world.thread(booking.conversation_id))[-1]
    assert (author, kind) == ("system", "text")
    assert booking.code in text
    assert "BAJA" in text


async def test_a_reminder_goes_out_whoever_holds_the_conversation(world: World) -> None:
    booking = await world.booked(IN, OUT, email=None)
    async with world.db.write() as tx:
        await world.conversations.ask_for_person(tx, booking.conversation_id, version=1, reason="asked")
    await world.until(at("2026-12-03T10:00"))
    assert await world.all_sent() == [("week_before", "webchat")]
    async with world.db.read() as session:
        assert (await world.conversations.get(session, booking.conversation_id)).control is Control.QUEUED


async def test_hours_and_words_are_the_guests(world: World) -> None:
    booking = await world.booked(IN, OUT, phone="+34911234567", locale="en")
    await world.until(at("2026-12-03T10:00", MADRID))
    assert (await world.of(booking))["week_before"].sent_at == at("2026-12-03T10:00", MADRID)
    letter = world.mail.letters["reminder:rem_1"]
    assert letter["text"].startswith("Hello, Ana.")


async def test_what_comes_due_while_nobody_runs_waits_for_the_morning_or_is_let_go(world: World) -> None:
    booking = await world.booked(IN, OUT)
    world.clock.advance(at("2026-12-03T23:00") - world.clock.now())
    await world.work.drain()
    week = (await world.of(booking))["week_before"]
    assert (week.state.value, week.due_at) == ("planned", at("2026-12-04T08:00"))
    await world.until(at("2026-12-04T08:00"))
    assert await world.all_sent() == [("week_before", "email")]
    world.clock.advance(at("2026-12-10T08:30") - world.clock.now())
    await world.work.drain()
    assert (await world.of(booking))["day_before"].reason == "too_late"
    assert [each.reason for each in world.unsent] == ["too_late"]


async def test_a_moved_stay_has_its_own_reminders(world: World) -> None:
    booking = await world.booked(IN, OUT)
    await world.until(at("2026-12-04T12:00"))
    await world.moved(booking, date(2026, 12, 20), date(2026, 12, 22))
    reminders = await world.of(booking)
    assert {each.version for each in reminders.values()} == {2}
    assert reminders["week_before"].due_at == at("2026-12-13T10:00")
    await world.until(at("2026-12-30T12:00"))
    assert [kind for kind, _ in await world.all_sent()] == [
        "week_before", "week_before", "day_before", "arrival_day", "feedback"
    ]  # fmt: skip


async def test_a_longer_stay_is_not_reminded_twice_of_the_same_day(world: World) -> None:
    booking = await world.booked(IN, OUT)
    await world.until(at("2026-12-04T12:00"))
    await world.moved(booking, IN, date(2026, 12, 15))
    assert (await world.of(booking))["week_before"].reason == "already_sent"
    await world.until(at("2026-12-30T12:00"))
    assert [kind for kind, _ in await world.all_sent()] == ["week_before", "day_before", "arrival_day", "feedback"]


async def test_a_cancelled_stay_is_not_reminded_of(world: World) -> None:
    booking = await world.booked(IN, OUT)
    await world.until(at("2026-12-04T12:00"))
    await world.cancelled(booking)
    await world.until(at("2026-12-30T12:00"))
    assert [kind for kind, _ in await world.all_sent()] == ["week_before"]
    assert set((await world.states(booking)).values()) == {"sent", "cancelled"}


async def test_a_confirmation_that_is_told_twice_plans_once(world: World) -> None:
    booking = await world.booked(IN, OUT)
    async with world.db.write() as tx:
        await tx.publish(BookingConfirmed(booking.id, booking.code, booking.conversation_id, booking.version))
    async with world.db.read() as session:
        assert len(await world.reminders.of_booking(session, booking.code)) == 4
    await world.until(at("2026-12-30T12:00"))
    assert world.mail.posted == 4


async def test_a_stay_booked_for_today_gets_only_the_question(world: World) -> None:
    booking = await world.booked(date(2026, 11, 21), date(2026, 11, 22))
    assert await world.states(booking) == {
        "week_before": "skipped", "day_before": "skipped", "arrival_day": "skipped", "feedback": "planned"
    }  # fmt: skip


async def test_a_process_that_dies_after_posting_sends_the_same_letter_again_and_no_other(world: World) -> None:
    booking = await world.booked(IN, OUT)
    world.clock.advance(at("2026-12-03T10:00") - world.clock.now())

    def die() -> None:
        raise Killed

    world.mail.after = die
    with pytest.raises(Killed):
        await world.work.drain()
    assert (await world.states(booking))["week_before"] == "planned"
    world.mail.after = lambda: None
    after = make_work(world.db, world.clock, world.ids, owner="run_next")
    after.handle(REMIND, world.reminders.remind_job)
    await after.recover()
    await after.drain()
    assert (await world.states(booking))["week_before"] == "sent"
    assert (world.mail.posted, list(world.mail.letters)) == (2, ["reminder:rem_1"])
    await after.drain()
    assert world.mail.posted == 2
    await after.close()


async def test_a_mail_server_that_is_down_for_hours_loses_nothing(world: World) -> None:
    booking = await world.booked(IN, OUT)
    world.mail.failing = NotReady("mail_unavailable")
    await world.until(at("2026-12-03T20:00"))
    assert (await world.states(booking))["week_before"] == "planned"
    world.mail.failing = None
    await world.until(at("2026-12-04T09:30"))
    assert await world.all_sent() == [("week_before", "email")]
    assert not await world.work.any_parked()


async def test_an_address_that_refuses_leaves_the_chat(world: World) -> None:
    await world.booked(IN, OUT)
    world.mail.failing = ProviderError("mail_refused")
    await world.until(at("2026-12-03T10:00"))
    assert await world.all_sent() == [("week_before", "webchat")]
    assert not world.unsent


@pytest.mark.parametrize("failing", [None, ProviderError("mail_refused")])
async def test_where_there_is_no_way_the_staff_are_told(world: World, failing: ProviderError | None) -> None:
    world.mail.failing = failing
    booking = await world.booked(IN, OUT, channel="call", email="ana@example.com" if failing else None)
    await world.until(at("2026-12-03T10:00"))
    reason = "refused" if failing else "unreachable"
    assert (await world.of(booking))["week_before"].reason == reason
    assert [(each.booking_id, each.reason) for each in world.unsent] == [(booking.id, reason)]


async def test_who_wants_no_more_gets_no_more_and_nobody_is_alarmed(world: World) -> None:
    booking = await world.booked(IN, OUT)
    await world.says(booking.conversation_id, "baja")
    assert (await world.thread(booking.conversation_id))[-1][0] == "system"
    await world.until(at("2026-12-30T12:00"))
    assert not world.mail.letters
    assert {each.reason for each in (await world.of(booking)).values()} == {"not_allowed"}
    assert (await world.of(booking))["feedback"].decision["asked"][0]["rule"] == "any.objection"
    assert not world.unsent


async def test_a_withdrawal_is_kept_with_the_words_and_a_later_consent_counts(world: World) -> None:
    booking = await world.booked(IN, OUT)
    said = await world.says(booking.conversation_id, "No me manden más recordatorios")
    async with world.db.read() as session:
        rows = await world.consents.json(session, booking.person_id)
    assert {(row["purpose"], row["channel"], row["state"]) for row in rows} == {
        ("reminder", "any", "withdrawn"), ("survey", "any", "withdrawn"), ("commercial", "any", "withdrawn")
    }  # fmt: skip
    assert rows[0]["proof"] == f"{said.id}: No me manden más recordatorios"
    world.clock.advance(timedelta(hours=1))
    async with world.db.write() as tx:
        await world.consents.give(tx, booking.person_id, Purpose.REMINDER, Way.EMAIL, proof="said so", by="stf_1")
    await world.until(at("2026-12-30T12:00"))
    assert [kind for kind, _ in await world.all_sent()] == ["week_before", "day_before", "arrival_day"]


async def test_staff_cancel_one(world: World) -> None:
    booking = await world.booked(IN, OUT)
    reminder = (await world.of(booking))["day_before"]
    shown = await world.reminders.cancel(reminder.id, by="stf_1")
    assert (shown["state"], shown["reason"], shown["actions"]) == ("cancelled", "by_staff", ["again"])
    with pytest.raises(Conflict):
        await world.reminders.cancel(reminder.id, by="stf_1")
    with pytest.raises(NotFound):
        await world.reminders.cancel("rem_none", by="stf_1")
    await world.until(at("2026-12-30T12:00"))
    assert [kind for kind, _ in await world.all_sent()] == ["week_before", "arrival_day", "feedback"]


async def test_the_list_of_a_day_is_the_houses_day(world: World) -> None:
    booking = await world.booked(IN, OUT, phone="+34911234567")
    async with world.db.read() as session:
        items = await world.reminders.of_day(session, date(2026, 12, 9))
        assert [(item["kind"], item["code"]) for item in items] == [("day_before", booking.code)]
        assert await world.reminders.of_day(session, date(2026, 12, 8)) == []


class TestTemplates:
    @pytest.fixture
    def carrier(self) -> Carrier:
        return Carrier()

    async def test_a_template_needs_an_opt_in(self, world: World, carrier: Carrier) -> None:
        await world.booked(IN, OUT)
        await world.until(at("2026-12-03T10:00"))
        assert await world.all_sent() == [("week_before", "email")]

    async def test_it_is_looked_up_before_it_is_repeated(self, world: World, carrier: Carrier) -> None:
        booking = await world.booked(IN, OUT)
        async with world.db.write() as tx:
            await world.consents.give(tx, booking.person_id, Purpose.REMINDER, Way.WHATSAPP, proof="form", by="stf_1")
        world.clock.advance(at("2026-12-03T10:00") - world.clock.now())

        def die() -> None:
            raise Killed

        carrier.after = die
        with pytest.raises(Killed):
            await world.work.drain()
        carrier.after = lambda: None
        after = make_work(world.db, world.clock, world.ids, owner="run_next")
        after.handle(REMIND, world.reminders.remind_job)
        await after.recover()
        await after.drain()
        await after.close()
        assert await world.all_sent() == [("week_before", "whatsapp")]
        assert carrier.posted == 1
        sent = carrier.sent["reminder:rem_1"]
        assert (sent["to"], sent["template"]) == ("+5491145678901", "relevo_week_before")
        assert sent["params"][0] == "Ana"


async def test_without_a_mail_server_the_chat_is_used(world: World, mail: Mailbox) -> None:
    mail.on = False
    await world.booked(IN, OUT)
    await world.until(at("2026-12-03T10:00"))
    assert await world.all_sent() == [("week_before", "webchat")]


async def test_a_booking_that_changed_unannounced_is_not_reminded_of_old_dates(world: World) -> None:
    booking = await world.booked(IN, OUT)
    async with world.db.write() as tx:
        await world.set(tx, booking.id, version=2)
    await world.until(at("2026-12-03T10:00"))
    assert (await world.of(booking))["week_before"].reason == "moved"
