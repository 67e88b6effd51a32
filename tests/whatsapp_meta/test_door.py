"""The door: who is let in, what a delivery leaves behind, however often and in whatever order it comes."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pytest

from relevo.adapters.channels.loopback_meta import server
from relevo.adapters.channels.whatsapp_meta.settings import PATH
from relevo.adapters.channels.whatsapp_meta.signature import HEADER, sign
from relevo.conversations.rules import Author, Control, Delivery, Kind, Message
from relevo.kit.errors import Conflict
from tests.whatsapp_meta.conftest import Hotel
from tests.whatsapp_meta.payloads import AT, GUEST, contact, envelope, message, status, text, value


def packed(*values: Any, **more: Any) -> bytes:
    return json.dumps(envelope(*values, **more)).encode()


async def refused(hotel: Hotel) -> int:
    assert hotel.product.messaging.whatsapp is not None
    return hotel.product.messaging.whatsapp.counts["refused"]


async def test_the_handshake(hotel: Hotel) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": server.VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = await hotel.http.get(PATH, params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    for wrong in ({"hub.verify_token": "x"}, {"hub.mode": "unsubscribe"}, {"hub.verify_token": ""}):
        assert (await hotel.http.get(PATH, params=asked | wrong)).status_code == 403
    assert (await hotel.http.get(PATH)).status_code == 403


@pytest.mark.parametrize("how", ["missing", "wrong", "empty", "sha1", "of another body", "strange"])
async def test_what_is_not_signed_leaves_a_count_and_nothing_else(hotel: Hotel, how: str) -> None:
    body = packed(value(text()))
    headers: Any = {
        "missing": {},
        "wrong": {HEADER: sign("another secret", body)},
        "empty": {HEADER: ""},
        "sha1": {HEADER: sign(hotel.meta.secret, body).replace("sha256=", "sha1=")},
        "of another body": {HEADER: sign(hotel.meta.secret, body + b" ")},
        "strange": {HEADER: "sha256=ñandú".encode("latin-1").decode("latin-1").encode()},
    }[how]
    answer = await hotel.http.post(PATH, content=body, headers=headers)
    assert answer.status_code == 403
    assert await refused(hotel) == 1
    assert await hotel.conversations() == []


async def test_a_tampered_delivery_is_refused_and_a_replay_adds_nothing(hotel: Hotel) -> None:
    body = packed(value(text("Quiero una doble")))
    good = sign(hotel.meta.secret, body)
    assert (await hotel.deliver(body.replace(b"doble", b"suite"), good)).status_code == 403
    for _ in range(5):
        assert (await hotel.deliver(body, good)).status_code == 200
    await hotel.settle()
    said = [each for each in await hotel.thread() if each.author is Author.CUSTOMER]
    assert [each.text for each in said] == ["Quiero una doble"]
    assert len([each for each in await hotel.thread() if each.author is Author.BOT]) == 1
    assert await refused(hotel) == 1


async def test_the_same_message_in_another_delivery_is_the_same_message(hotel: Hotel) -> None:
    await hotel.deliver(packed(value(text("uno", "wamid.1"))))
    await hotel.deliver(packed(value(text("uno", "wamid.1"), text("dos", "wamid.2"))))
    await hotel.deliver(packed(value(text("dos", "wamid.2")), value(text("uno", "wamid.1"))))
    assert [each.text for each in await hotel.thread() if each.author is Author.CUSTOMER] == ["uno", "dos"]


async def test_everything_in_a_batch_is_taken_and_what_is_broken_is_not(hotel: Hotel) -> None:
    guests = [f"549341555{number:04}" for number in range(6)]
    entry = [
        envelope(
            value(
                text(f"hola {at}a", f"wamid.{at}a", sender=number),
                {"id": "wamid.broken"}, None, 7,
                text(f"hola {at}b", f"wamid.{at}b", sender=number),
                statuses=[status("sent", f"wamid.unknown{at}"), "x"],
                contacts=[contact(number, f"Guest {at}"), contact("5491100000000")],
            )
        )["entry"][0]
        for at, number in enumerate(guests)
    ]  # fmt: skip
    answer = await hotel.deliver(json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode())
    assert answer.status_code == 200
    conversations = {each.address: each.id for each in await hotel.conversations()}
    assert set(conversations) == set(guests)
    for at, number in enumerate(guests):
        said = [each.text for each in await hotel.thread(conversations[number]) if each.author is Author.CUSTOMER]
        assert said == [f"hola {at}a", f"hola {at}b"]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"a":' * 10_000 + b"1" + b"}" * 10_000])
async def test_a_body_without_sense_is_refused_once_it_is_signed(hotel: Hotel, body: bytes) -> None:
    assert (await hotel.deliver(body)).status_code == 422
    assert (await hotel.deliver(body, "sha256=00")).status_code == 403


async def test_a_huge_body_is_not_read_and_a_large_one_is(hotel: Hotel) -> None:
    huge = b'{"entry": [' + b" " * 30_000_000 + b"]}"
    assert (await hotel.deliver(huge)).status_code == 413
    large = packed(value(text(), padding="x" * 2_800_000))
    assert (await hotel.deliver(large)).status_code == 200
    assert len(await hotel.conversations()) == 1


async def test_ten_thousand_fields_around_a_message(hotel: Hotel) -> None:
    wide = text() | {f"x{number}": {"y": [{"z": number}]} for number in range(10_000)}
    assert (await hotel.deliver(packed(value(wide)))).status_code == 200
    assert (await hotel.thread())[0].text == "Hola"


async def test_a_name_with_markup_is_a_name(hotel: Hotel) -> None:
    name = "<script>alert(1)</script>\u202e\x00 Ana"
    await hotel.deliver(packed(value(text(), contacts=[contact(name=name)])))
    (conversation,) = await hotel.conversations()
    async with hotel.product.db.read() as session:
        person = await hotel.product.people.get(session, conversation.person_id)
    assert person is not None
    assert person.name is None
    assert person.profile_name == "<script>alert(1)</script> Ana"


async def test_somebody_without_a_number_is_answered_by_their_id(hotel: Hotel) -> None:
    luz = hotel.guest("5493415557777", "Luz", username="luz.d", hides_number=True)
    hotel.meta.phones.say(luz, "Hola")
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    assert conversation.address == luz.user_id
    (sent,) = [each for each in hotel.meta.world.sent if each["customer"] == luz.number]
    assert sent["recipient"] == luz.user_id
    assert "to" not in sent
    assert (await hotel.thread())[-1].delivery is Delivery.DELIVERED
    # Later their number shows: it is the same conversation.
    luz.hides_number = False
    hotel.meta.phones.say(luz, "¿Tienen pileta?")
    await hotel.settle()
    (again,) = await hotel.conversations()
    assert (again.id, again.address) == (conversation.id, luz.number)


async def test_statuses_only_go_forward_in_any_order(hotel: Hotel) -> None:
    hotel.meta.faults.silent = True
    hotel.meta.phones.say(hotel.guest(), "Hola")
    await hotel.settle()
    answer = (await hotel.thread())[-1]
    (sent,) = hotel.meta.world.sent
    assert answer.delivery is Delivery.SENT
    ours = {"biz_opaque_callback_data": answer.id}
    for reached, expected in (("read", "read"), ("sent", "read"), ("delivered", "read"), ("failed", "read")):
        await hotel.deliver(packed(value(statuses=[status(reached, sent["id"], **ours)] * 2)))
        assert (await hotel.thread())[-1].delivery == Delivery(expected)


async def test_a_status_that_overtakes_the_answer_to_our_request_finds_its_message(hotel: Hotel) -> None:
    """Only our own id of it is known then."""
    hotel.meta.faults.silent = True
    hotel.meta.faults.sends.append("hang_up_done")
    hotel.meta.phones.say(hotel.guest(), "Hola")
    await hotel.settle()
    answer = (await hotel.thread())[-1]
    assert answer.delivery is Delivery.PENDING
    (sent,) = hotel.meta.world.sent
    await hotel.deliver(packed(value(statuses=[status("delivered", sent["id"], biz_opaque_callback_data=answer.id)])))
    assert (await hotel.thread())[-1].delivery is Delivery.DELIVERED
    hotel.clock.advance(timedelta(minutes=5))
    await hotel.settle()
    assert len(hotel.meta.world.sent) == 1


async def test_what_failed_says_why_in_words(hotel: Hotel) -> None:
    hotel.meta.faults.fails.append(131049)
    hotel.meta.phones.say(hotel.guest(), "Hola")
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    shown = (await hotel.staff("GET", f"/api/conversations/{conversation.id}")).json()["messages"][-1]
    assert shown["delivery"] == "failed"
    assert "Espere al menos un día" in shown["error"]


async def test_an_answer_from_the_paired_telephone_is_a_takeover(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "Hola")
    await hotel.settle()
    hotel.meta.faults.twice = True
    hotel.meta.phones.answer_from_phone(ana, "Hola Ana, soy Marta")
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    assert conversation.control is Control.AGENT
    before = len(hotel.meta.world.sent)
    hotel.meta.phones.say(ana, "¿Tienen lugar mañana?")
    await hotel.settle()
    assert len(hotel.meta.world.sent) == before
    assert [each.text for each in await hotel.thread() if each.author is Author.AGENT] == ["Hola Ana, soy Marta"]


async def test_reactions_and_new_numbers_are_lines_in_the_thread(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "Hola")
    await hotel.settle()
    hotel.meta.phones.react(ana, ana.thread[-1].id, "👍")
    hotel.meta.phones.move(ana, "5493415559999")
    await hotel.settle()
    hotel.meta.phones.say(ana, "Sigo yo")
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    lines = [each.text for each in await hotel.thread() if each.kind is Kind.EVENT]
    assert lines == ["El cliente reaccionó con 👍", "El cliente cambió de número: ahora es +5493415559999"]
    assert conversation.address == "5493415559999"
    async with hotel.product.db.read() as session:
        person = await hotel.product.people.get(session, conversation.person_id)
    assert person is not None
    assert {"+5493415550001", "+5493415559999"} <= {each.value for each in person.identities}


async def test_what_cannot_be_stored_now_is_asked_for_again_and_stops_nothing_else(
    hotel: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = hotel.product.messaging.inbox.take

    async def unlucky(tx: Any, incoming: Any) -> Any:
        if incoming.text == "dos":
            raise Conflict("control_changed")
        return await take(tx, incoming)

    body = packed(value(text("uno", "wamid.1"), text("dos", "wamid.2"), text("tres", "wamid.3")))
    with monkeypatch.context() as patch:
        patch.setattr(hotel.product.messaging.inbox, "take", unlucky)
        assert (await hotel.deliver(body)).status_code == 503
    assert [each.text for each in await hotel.thread() if each.author is Author.CUSTOMER] == ["uno", "tres"]
    assert (await hotel.deliver(body)).status_code == 200
    assert [each.text for each in await hotel.thread() if each.author is Author.CUSTOMER] == ["uno", "tres", "dos"]


@pytest.mark.parametrize("kind", ["unsupported", "location", "contacts"])
async def test_what_the_bot_cannot_read_is_shown_and_answered_politely_once(hotel: Hotel, kind: str) -> None:
    every: dict[str, Any] = {
        "unsupported": {"errors": [{"code": 131051}]},
        "location": {"location": {"latitude": -32.9, "longitude": -60.6, "name": "Casa"}},
        "contacts": {"contacts": [{"name": {"formatted_name": "Luz"}, "phones": [{"phone": "+5411"}]}]},
    }
    parts: dict[str, Any] = every[kind]
    hotel.meta.faults.closed = False
    body = packed(value(message(kind=kind, **parts)))
    await hotel.deliver(body)
    await hotel.deliver(body)
    await hotel.settle()
    said, answer = await hotel.thread()
    assert said.text.startswith(
        {
            "unsupported": "Mensaje de un tipo",
            "location": "Ubicación: Casa https://maps",
            "contacts": "Contacto: Luz, +5411",
        }[kind]
    )
    assert answer.author is Author.SYSTEM
    assert answer.delivery in (Delivery.SENT, Delivery.DELIVERED)


async def test_a_flood_after_an_outage_is_shown_and_answered_once_for_each_customer(hotel: Hotel) -> None:
    old = [text(f"hola {at}", f"wamid.{at}", at=str(AT - 13 * 3600 + at)) for at in range(5)]
    ancient = [text("¿hay alguien?", "wamid.x", at=str(AT - 40 * 3600), sender="5491155550000")]
    await hotel.deliver(packed(value(*old), value(*ancient, contacts=[])))
    await hotel.settle()
    found = {each.address: each for each in await hotel.conversations()}
    thread = await hotel.thread(found[GUEST].id)
    assert len([each for each in thread if each.author is Author.CUSTOMER]) == 5
    (answer,) = [each for each in thread if each.author is not Author.CUSTOMER]
    assert "recién recibimos tu mensaje" in answer.text
    # Nobody may write freely to the other one any more: a person is to see it.
    assert found["5491155550000"].control is Control.QUEUED


async def test_many_guests_over_a_bad_line(hotel: Hotel) -> None:
    """Twice, in any order, several in one delivery: each message once, each with one answer."""
    hotel.meta.faults.twice = hotel.meta.faults.shuffled = True
    hotel.meta.faults.batch = 7
    rng = random.Random(3)
    guests = [hotel.guest(f"549341{number:07}", f"Guest {number}") for number in range(12)]
    for number in range(60):
        hotel.meta.phones.say(rng.choice(guests), f"¿Tienen desayuno? {number}")
    await hotel.settle()
    said: list[Message] = []
    answers: list[Message] = []
    for conversation in await hotel.conversations():
        for each in await hotel.thread(conversation.id):
            (said if each.author is Author.CUSTOMER else answers).append(each)
    assert sorted(each.text for each in said) == sorted(f"¿Tienen desayuno? {number}" for number in range(60))
    assert sorted(each.meta["reply_to"] for each in answers) == sorted(each.id for each in said)
    assert {each.delivery for each in answers} == {Delivery.DELIVERED}
    assert sorted(each["biz_opaque_callback_data"] for each in hotel.meta.world.sent) == sorted(
        each.id for each in answers
    )
