"""The question after the stay: answered in the chat or by the link, once, and low scores are news for the staff."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relevo.bookings.rules import Booking
from relevo.conversations.rules import Control, Reply
from relevo.kit.errors import Forbidden, Invalid, NotFound
from relevo.outreach import store
from relevo.outreach.rules import Deny, Given, Purpose, Way
from relevo.people.rules import Role, Staff
from tests.outreach.conftest import World

HOUSE = ZoneInfo("America/Argentina/Buenos_Aires")
LEFT = datetime(2026, 12, 14, 11, tzinfo=HOUSE)
MARTA = Staff("stf_1", "marta@x.com", "Marta", Role.AGENT)


async def asked(world: World) -> Booking:
    """A stay is over, and the question lies in the chat."""
    booking = await world.booked(date(2026, 12, 10), date(2026, 12, 13), email=None)
    await world.until(LEFT)
    assert (await world.states(booking))["feedback"] == "sent"
    return booking


async def given(world: World, booking: Booking) -> tuple[int, str | None, str] | None:
    async with world.db.read() as session:
        found = await store.feedback(session, booking.id)
    return (found.score, found.text, found.via) if found else None


async def test_a_good_score_is_kept_and_thanked_for(world: World) -> None:
    booking = await asked(world)
    said = await world.says(booking.conversation_id, "5, todo genial")
    assert await given(world, booking) == (5, "todo genial", "chat")
    assert not world.low
    author, _kind, text = (await world.thread(booking.conversation_id))[-1]
    assert (author, text) == ("system", "¡Gracias! Nos alegra mucho.")
    async with world.db.read() as session:
        reply = (await world.conversations.messages(session, booking.conversation_id))[-1]
    assert reply.meta["reply_to"] == said.id


async def test_a_low_score_is_news_for_the_staff(world: World) -> None:
    booking = await asked(world)
    await world.says(booking.conversation_id, "2 pero porque hubo ruido")
    assert await given(world, booking) == (2, "pero porque hubo ruido", "chat")
    assert [(each.booking_id, each.score) for each in world.low] == [(booking.id, 2)]
    assert "perdón" in (await world.thread(booking.conversation_id))[-1][2]


async def test_the_first_score_counts(world: World) -> None:
    booking = await asked(world)
    await world.says(booking.conversation_id, "4")
    await world.says(booking.conversation_id, "1")
    assert await given(world, booking) == (4, None, "chat")
    assert not world.low


async def test_a_number_is_no_score_before_the_question_or_after_another_one(world: World) -> None:
    booking = await world.booked(date(2026, 12, 10), date(2026, 12, 13), email=None)
    await world.says(booking.conversation_id, "3")
    assert await given(world, booking) is None
    await world.until(LEFT)
    async with world.db.write() as tx:
        await world.conversations.bot_says(tx, booking.conversation_id, version=1, replies=[Reply("¿Cuántos son?")])
    await world.says(booking.conversation_id, "3")
    assert await given(world, booking) is None


async def test_words_before_the_score_do_not_lose_it(world: World) -> None:
    booking = await asked(world)
    await world.says(booking.conversation_id, "hola!")
    await world.says(booking.conversation_id, "5")
    assert await given(world, booking) == (5, None, "chat")


async def test_a_conversation_that_was_closed_takes_the_score(world: World) -> None:
    booking = await world.booked(date(2026, 12, 10), date(2026, 12, 13), email=None)
    async with world.db.write() as tx:
        await world.conversations.close(tx, booking.conversation_id, event="call_ended", why="x")
    await world.until(LEFT)
    await world.says(booking.conversation_id, "5")
    assert await given(world, booking) == (5, None, "chat")


async def test_a_score_is_kept_while_a_person_has_the_conversation_who_answers_then(world: World) -> None:
    booking = await asked(world)
    async with world.db.write() as tx:
        await world.conversations.ask_for_person(tx, booking.conversation_id, version=1, reason="asked")
    await world.says(booking.conversation_id, "1")
    assert await given(world, booking) == (1, None, "chat")
    assert len(world.low) == 1
    async with world.db.read() as session:
        assert (await world.conversations.get(session, booking.conversation_id)).control is Control.QUEUED
    assert (await world.thread(booking.conversation_id))[-1][1] == "event"


async def test_the_link_is_as_good_as_the_chat(world: World) -> None:
    booking = await asked(world)
    token = world.links.feedback(booking.id).rsplit("/", 1)[1]
    assert world.links.booking_of(token) == booking.id
    assert world.links.person_of(token) is None
    assert await world.feedbacks.by_link(booking.id, 1, " Frío \n en la pieza ")
    assert await given(world, booking) == (1, "Frío en la pieza", "link")
    assert len(world.low) == 1
    assert not await world.feedbacks.by_link(booking.id, 5, None)
    assert not await world.feedbacks.by_link("bkg_none", 5, None)
    for score in (0, 6):
        with pytest.raises(Invalid):
            await world.feedbacks.by_link(booking.id, score, None)
    async with world.db.read() as session:
        items = await world.feedbacks.listing(session, 10)
    assert [(item["code"], item["score"]) for item in items] == [(booking.code, 1)]


async def test_leave_to_call_is_asked_for_and_kept(world: World) -> None:
    booking = await world.booked(date(2026, 12, 10), date(2026, 12, 13))
    await world.consents.may_call("+54 9 11 4567-8901", Purpose.SERVICE, automated=False)
    with pytest.raises(Forbidden) as refused:
        await world.consents.may_call("11 4567-8901", Purpose.COMMERCIAL, automated=True)
    assert refused.value.params["rule"] == "ar.no_llame"
    async with world.db.read() as session:
        kept = await store.decisions(session, booking.person_id)
    assert kept == [("service", None), ("commercial", "ar.no_llame")]


async def test_who_said_no_to_calls_is_called_about_their_booking_only(world: World) -> None:
    booking = await world.booked(date(2026, 12, 10), date(2026, 12, 13))
    await world.says(booking.conversation_id, "no me llamen más")
    world.clock.advance(timedelta(hours=1))
    ask = world.consents.check
    refused = await ask("+5491145678901", Purpose.REMINDER, Way.CALL, automated=False)
    assert isinstance(refused, Deny)
    assert refused.rule_id == "any.objection"
    assert not isinstance(await ask("+5491145678901", Purpose.SERVICE, Way.CALL, automated=False), Deny)
    assert not isinstance(await ask("+5491145678901", Purpose.REMINDER, Way.EMAIL, automated=True), Deny)


async def test_staff_note_a_consent_only_with_its_proof(world: World) -> None:
    booking = await world.booked(date(2026, 12, 10), date(2026, 12, 13))
    said = (Purpose.COMMERCIAL, Way.EMAIL, Given.GIVEN)
    with pytest.raises(Invalid):
        await world.consents.said(MARTA, booking.person_id, *said, proof=" ", automated=False)
    with pytest.raises(NotFound):
        await world.consents.said(MARTA, "per_none", *said, proof="formulario", automated=False)
    rows = await world.consents.said(MARTA, booking.person_id, *said, proof="formulario 12", automated=False)
    assert [(row["purpose"], row["state"], row["proof"]) for row in rows] == [("commercial", "given", "formulario 12")]
    assert not isinstance(await world.consents.check("+5491145678901", *said[:2], automated=True), Deny)
