"""Over real sockets: a guest's telephone, Meta's side of it, our door, the bot, and back."""

from __future__ import annotations

from relevo.conversations.rules import Author, Control, Delivery
from relevo.outreach.rules import Purpose, Way
from relevo.people.rules import IdentityKind
from tests.whatsapp_meta.conftest import Hotel


async def test_a_guest_writes_and_is_answered(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "Hola, ¿a qué hora es el check-in?")
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    said, answer = await hotel.thread()
    assert (said.author, said.text) == (Author.CUSTOMER, "Hola, ¿a qué hora es el check-in?")
    assert answer.author is Author.BOT
    assert answer.delivery is Delivery.DELIVERED
    assert conversation.channel == "whatsapp"
    assert conversation.address == ana.number
    assert ana.thread[-1].mine is False
    hotel.meta.phones.read(ana)
    await hotel.settle()
    assert (await hotel.thread())[-1].delivery is Delivery.READ
    assert ana.seen == {ana.thread[0].id}
    async with hotel.product.db.read() as session:
        person = await hotel.product.people.get(session, conversation.person_id)
    assert person is not None
    assert {each.kind for each in person.identities} == {IdentityKind.WHATSAPP, IdentityKind.PHONE}
    assert person.first(IdentityKind.PHONE) == "+5493415550001"
    assert conversation.control is Control.BOT


async def test_a_wish_that_comes_late_or_twice_changes_nothing(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "Hola")
    await hotel.settle()
    now = int(hotel.clock.now().timestamp())
    wish = {"wa_id": ana.number, "category": "marketing_messages"}
    for value, at in (("stop", now), ("resume", now - 60), ("resume", now - 60), ("resume", now), ("stop", now)):
        told = {**wish, "value": value, "timestamp": str(at)}
        hotel.meta.hooks.tell({"user_preferences": [told]}, field="user_preferences")
        await hotel.settle()
    (conversation,) = await hotel.conversations()
    async with hotel.product.db.read() as session:
        contact = await hotel.product.outreach.consents.contact(session, conversation.person_id, None)
    assert contact.objects(Purpose.COMMERCIAL, Way.WHATSAPP)
    assert len(contact.consents) == 3


async def test_who_tells_meta_to_stop_marketing_has_withdrawn_it_here(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "Hola")
    await hotel.settle()
    wish = {"wa_id": ana.number, "category": "marketing_messages", "timestamp": hotel.meta.graph.stamp()}
    for value in ("resume", "stop"):
        hotel.meta.hooks.tell({"user_preferences": [{**wish, "value": value}]}, field="user_preferences")
        await hotel.settle()
    (conversation,) = await hotel.conversations()
    async with hotel.product.db.read() as session:
        known = await hotel.product.outreach.consents.json(session, conversation.person_id)
    assert {(each["purpose"], each["channel"], each["state"]) for each in known} >= {
        ("commercial", "whatsapp", "withdrawn")
    }
