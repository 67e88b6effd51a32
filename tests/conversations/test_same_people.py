"""Whose conversation it is: addresses change hands, people are merged and parted, and nobody reads another's thread."""

from __future__ import annotations

import itertools

from relevo.conversations.incoming import Incoming
from relevo.conversations.rules import Control, Priority
from relevo.people.rules import Identity, IdentityKind
from tests.conversations.conftest import Desk

PHONE = Identity(IdentityKind.PHONE, "+5493415550142")
NEW_PHONE = Identity(IdentityKind.PHONE, "+5493415550199")
ACCOUNT, OTHER = Identity(IdentityKind.WHATSAPP, "AR.1"), Identity(IdentityKind.WHATSAPP, "AR.2")
numbers = itertools.count()


def message(desk: Desk, *identities: Identity, address: str = "5493415550142", account: str = "house") -> Incoming:
    return Incoming(
        "whatsapp", account, address, f"wamid.{next(numbers)}", identities, desk.clock.now(), "hola",
        profile_name="Anita 🌸", username="@anita",
    )  # fmt: skip


async def test_one_customer_with_and_without_their_number_has_one_thread(desk: Desk) -> None:
    first = await desk.take(message(desk, ACCOUNT, PHONE))
    hidden = await desk.take(message(desk, ACCOUNT, address="AR.1"))
    moved = await desk.take(message(desk, ACCOUNT, NEW_PHONE, address="5493415550199"))
    assert {each.conversation.id for each in (first, hidden, moved)} == {first.conversation.id}
    async with desk.db.read() as session:
        data = await desk.conversations.as_json(session, moved.conversation, None)
    assert data["person"]["name"] == "Anita 🌸"
    identities = [each["value"] for each in data["person"]["identities"]]
    assert sorted(identities) == sorted(each.value for each in (ACCOUNT, PHONE, NEW_PHONE))
    assert identities[0] == NEW_PHONE.value


async def test_the_next_owner_of_a_number_does_not_read_the_thread_of_the_one_before(desk: Desk) -> None:
    before = await desk.take(message(desk, ACCOUNT, PHONE))
    after = await desk.take(message(desk, OTHER, PHONE))
    assert after.conversation.id != before.conversation.id
    assert after.conversation.person_id != before.conversation.person_id
    again = await desk.take(message(desk, OTHER, PHONE))
    assert again.conversation.id == after.conversation.id


async def test_merged_people_write_on_in_the_thread_that_is_there(desk: Desk) -> None:
    by_account = await desk.take(message(desk, ACCOUNT, address="AR.1"))
    async with desk.db.write() as tx:
        caller = await desk.people.find_or_create(tx, [PHONE], name="Ana")
        await desk.people.merge(tx, caller.id, by_account.conversation.person_id, by=desk.marta)
        await desk.conversations.announce_people(tx, caller.ids)
    by_number = await desk.take(message(desk, PHONE))
    assert by_number.conversation.id == by_account.conversation.id
    async with desk.db.read() as session:
        data = await desk.conversations.as_json(session, by_number.conversation, None)
        shown = await desk.conversations.of_people(session, (await desk.people.same_as(session, caller.id)))
    assert (data["person"]["id"], data["person"]["name"]) == (caller.id, "Ana")
    assert [each.id for each in shown] == [by_account.conversation.id]


async def test_urgency_grows_while_it_waits_stays_with_the_agent_and_ends_with_the_need(desk: Desk) -> None:
    opened = await desk.opened()

    async def ask(priority: Priority) -> None:
        async with desk.db.write() as tx:
            version = (await desk.conversations.get(tx.session, opened.id)).control_version
            await desk.conversations.ask_for_person(tx, opened.id, version=version, reason="money", priority=priority)

    async with desk.db.write() as tx:
        await desk.conversations.prioritise(tx, opened.id, Priority.HIGH, staff=desk.marta)
    await ask(Priority.NORMAL)
    queued = await desk.now(opened.id)
    assert (queued.control, queued.priority, queued.reason) == (Control.QUEUED, Priority.HIGH, "money")
    async with desk.db.write() as tx:
        await desk.conversations.take_over(tx, opened.id, staff=desk.marta)
    assert (await desk.now(opened.id)).priority is Priority.HIGH
    async with desk.db.write() as tx:
        await desk.conversations.hand_back(tx, opened.id, staff=desk.marta, note="")
    assert (await desk.now(opened.id)).priority is Priority.NORMAL
    await ask(Priority.URGENT)
    async with desk.db.write() as tx:
        await desk.conversations.resolve(tx, opened.id, staff=desk.marta)
    assert (await desk.now(opened.id)).priority is Priority.NORMAL
