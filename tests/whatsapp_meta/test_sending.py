"""What leaves: refusals, lost answers, second forms of a number, closed windows, templates; files both ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from relevo.adapters.channels.loopback_meta.faults import Fault
from relevo.conversations.rules import Author, Conversation, Delivery, Message
from relevo.kit.errors import ProviderError
from tests.whatsapp_meta.conftest import Hotel

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
MEXICAN, MEXICAN_SHORT = "5215512345678", "525512345678"


async def answered(hotel: Hotel) -> Message:
    return [each for each in await hotel.thread() if each.author is not Author.CUSTOMER][-1]


async def later(hotel: Hotel, seconds: int) -> None:
    hotel.clock.advance(timedelta(seconds=seconds))
    await hotel.settle()


async def taken_over(hotel: Hotel) -> Conversation:
    (conversation,) = await hotel.conversations()
    answer = await hotel.staff("POST", f"/api/conversations/{conversation.id}/take_over", json={})
    assert answer.status_code == 200
    return conversation


async def write(hotel: Hotel, conversation: Conversation, text: str) -> Any:
    return await hotel.staff("POST", f"/api/conversations/{conversation.id}/messages", json={"text": text})


@pytest.mark.parametrize("fault", ["500", "429", 131056, 130429, 131016, 2])
async def test_what_passes_is_tried_again(hotel: Hotel, fault: Fault) -> None:
    hotel.meta.faults.sends.append(fault)
    hotel.meta.phones.say(hotel.guest(), "Hola")
    await hotel.settle()
    assert (await answered(hotel)).delivery is Delivery.PENDING
    assert hotel.meta.world.sent == []
    await later(hotel, 10)
    message = await answered(hotel)
    # A pair rests for six seconds by a clock that nobody here turns.
    assert message.delivery is (Delivery.PENDING if fault == 131056 else Delivery.DELIVERED)


@pytest.mark.parametrize("fault", ["hang_up_done", "garbage_done", "hang_up"])
async def test_a_lost_answer_waits_a_minute_for_a_status(hotel: Hotel, fault: Fault) -> None:
    hotel.meta.faults.sends.append(fault)
    hotel.meta.phones.say(hotel.guest(), "Hola")
    await hotel.settle()
    await later(hotel, 30)
    was_done = str(fault).endswith("_done")
    assert (await answered(hotel)).delivery is (Delivery.DELIVERED if was_done else Delivery.PENDING)
    await later(hotel, 40)
    assert (await answered(hotel)).delivery is Delivery.DELIVERED
    assert len(hotel.meta.world.sent) == 1


async def test_a_token_that_is_no_longer_good_keeps_what_waits(hotel: Hotel) -> None:
    hotel.meta.faults.sends.extend([190, 190])
    hotel.meta.phones.say(hotel.guest(), "Hola")
    await hotel.settle()
    await later(hotel, 301)
    assert (await answered(hotel)).delivery is Delivery.PENDING
    channel = hotel.product.messaging.channels["whatsapp"]
    assert getattr(channel, "trouble") == "whatsapp_token"  # noqa: B009 - the port knows nothing of it
    await later(hotel, 301)
    assert (await answered(hotel)).delivery is Delivery.DELIVERED
    assert getattr(channel, "trouble") is None  # noqa: B009


async def test_the_other_form_of_a_number_is_tried_once_and_remembered(hotel: Hotel) -> None:
    hotel.meta.faults.deaf.add(MEXICAN)
    luis = hotel.guest(MEXICAN, "Luis")
    hotel.meta.phones.say(luis, "Hola")
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    assert (conversation.address, conversation.reach) == (MEXICAN, MEXICAN_SHORT)
    asked = len([each for each in hotel.meta.graph.requests if each[1].endswith("/messages")])
    hotel.meta.phones.say(luis, "¿Tienen pileta?")
    await hotel.settle()
    # One send and one read mark: the form that works comes first now.
    assert len([each for each in hotel.meta.graph.requests if each[1].endswith("/messages")]) == asked + 2
    assert [each["to"] for each in hotel.meta.world.sent] == [MEXICAN_SHORT] * 2


async def test_a_number_that_turns_out_unreachable_later_is_tried_in_its_other_form(hotel: Hotel) -> None:
    hotel.meta.faults.fails.append(131026)
    hotel.meta.faults.closed = False
    hotel.meta.phones.say(hotel.guest(MEXICAN, "Luis"), "Hola")
    await hotel.settle()
    assert [each["to"] for each in hotel.meta.world.sent] == [MEXICAN, MEXICAN_SHORT]
    assert (await answered(hotel)).delivery is Delivery.DELIVERED
    hotel.meta.faults.fails.extend([131026, 131026])
    hotel.meta.phones.say(hotel.guest(MEXICAN), "¿Hola?")
    await hotel.settle()
    assert len(hotel.meta.world.sent) == 4
    assert (await answered(hotel)).delivery is Delivery.FAILED


async def test_a_refusal_is_final_and_can_be_retried_by_a_person(hotel: Hotel) -> None:
    hotel.meta.faults.sends.append(131049)
    hotel.meta.phones.say(hotel.guest(), "Hola")
    await hotel.settle()
    message = await answered(hotel)
    assert message.delivery is Delivery.FAILED
    assert (await hotel.staff("POST", f"/api/messages/{message.id}/retry")).status_code == 200
    await hotel.settle()
    assert (await answered(hotel)).delivery is Delivery.DELIVERED


async def test_after_a_day_only_a_template_goes_through(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "Hola")
    await hotel.settle()
    conversation = await taken_over(hotel)
    hotel.clock.advance(timedelta(hours=24, minutes=1))
    await hotel.sign_in()
    refused = await write(hotel, conversation, "¿Sigue ahí?")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "window_closed")
    listed = (await hotel.staff("GET", "/api/whatsapp/templates")).json()["items"]
    offered = next(each for each in listed if (each["name"], each["language"]) == ("relevo_continue", "es_AR"))
    assert (offered["usable"], offered["params"]) == (True, ["1"])
    assert not next(each for each in listed if each["name"] == "relevo_offer")["usable"]
    path, chosen = f"/api/conversations/{conversation.id}/template", {"name": "relevo_continue", "language": "es_AR"}
    for params, status in (([], 422), ([" "], 422), (["Ana", "x"], 422)):
        assert (await hotel.staff("POST", path, json={**chosen, "params": params})).status_code == status
    gone = await hotel.staff("POST", path, json={**chosen, "language": "pt_BR", "params": ["Ana"]})
    assert (gone.status_code, gone.json()["error"]["code"]) == (502, "whatsapp_template")
    sent = await hotel.staff("POST", path, json={**chosen, "params": ["Ana"]})
    assert sent.status_code == 201
    assert sent.json()["text"].startswith("Hola Ana, seguimos")
    await hotel.settle()
    assert (await answered(hotel)).delivery is Delivery.DELIVERED
    assert hotel.meta.world.sent[-1]["template"]["name"] == "relevo_continue"
    hotel.meta.phones.say(ana, "Sí, sigo")
    await hotel.settle()
    assert (await write(hotel, conversation, "¡Qué bueno!")).status_code == 201


async def test_a_window_that_meta_says_is_closed_is_closed(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "Hola")
    await hotel.settle()
    conversation = await taken_over(hotel)
    hotel.meta.phones.wait_a_day(ana)
    assert (await write(hotel, conversation, "¿Sigue ahí?")).status_code == 201
    await hotel.settle()
    failed = await answered(hotel)
    assert (failed.delivery, failed.meta["delivery_error"]) == (Delivery.FAILED, "window_closed")
    assert (await write(hotel, conversation, "¿Hola?")).status_code == 409


async def test_a_template_that_meta_pauses_is_offered_no_more(hotel: Hotel) -> None:
    assert hotel.product.messaging.templates is not None
    sent = await hotel.product.messaging.templates.send(
        to="+5493415550001",
        template="relevo_feedback",
        locale="es_MX",
        params=["Ana", "Hotel", "hoy", "RL-1"],
        key="k1",
    )
    assert await hotel.product.messaging.templates.find("k1") == sent
    assert hotel.meta.world.sent[-1]["template"]["language"] == {"code": "es"}
    for each in hotel.meta.world.templates:
        if each["name"] == "relevo_feedback":
            each["status"] = "PAUSED"
            news = {"event": "PAUSED", "message_template_name": each["name"]}
            hotel.meta.hooks.tell(
                {**news, "message_template_language": each["language"]}, field="message_template_status_update"
            )
    await hotel.settle()
    with pytest.raises(ProviderError) as refused:
        await hotel.product.messaging.templates.send(
            to="+5493415550001", template="relevo_feedback", locale="es", params=["Ana", "Hotel", "hoy", "RL"], key="k2"
        )
    assert refused.value.code == "whatsapp_template"


async def test_buttons_and_lists_come_back_as_their_words(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "¿Tienen lugar para dos del 5 al 8 de diciembre?")
    await hotel.settle()
    bubble = ana.thread[-1]
    options = bubble.body["interactive"]["action"]["buttons"]
    hotel.meta.phones.choose(ana, bubble.id, options[0]["reply"]["id"])
    await hotel.settle()
    said = [each.text for each in await hotel.thread() if each.author is Author.CUSTOMER]
    assert said[-1] == options[0]["reply"]["title"]


async def test_files_in_both_directions(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.faults.expired = 1
    hotel.meta.phones.send_file(ana, PNG, "image/png", text="la seña")
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    said = (await hotel.thread())[0]
    assert (said.text, [each["media_type"] for each in said.attachments]) == ("la seña", ["image/png"])
    await taken_over(hotel)
    answer = await hotel.staff(
        "POST", f"/api/conversations/{conversation.id}/attachments",
        files={"file": ("plano.pdf", b"%PDF-1.4 x")}, data={"text": "El plano"},
    )  # fmt: skip
    assert answer.status_code == 201
    await hotel.settle()
    assert (await answered(hotel)).delivery is Delivery.DELIVERED
    document = hotel.meta.world.sent[-1]["document"]
    assert (document["filename"], document["caption"]) == ("plano.pdf", "El plano")
    assert hotel.meta.world.files[document["id"]].content == b"%PDF-1.4 x"


async def test_a_voucher_goes_with_its_calendar_entry(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "hola")
    await hotel.settle()
    (conversation,) = await hotel.conversations()
    files = [("voucher.pdf", b"%PDF-1.4 x"), ("voucher.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")]
    kept = [(name, await hotel.product.attachments.store(content)) for name, content in files]
    async with hotel.product.db.write() as tx:
        laid = [await hotel.product.attachments.add(tx, conversation.id, name=n, stored=stored) for n, stored in kept]
        await hotel.product.conversations.system_says(tx, conversation.id, text="Su voucher", attachments=laid)
    await hotel.settle()
    assert (await answered(hotel)).delivery is Delivery.DELIVERED
    assert [each["document"]["filename"] for each in hotel.meta.world.sent[-2:]] == ["voucher.pdf", "voucher.ics"]


async def test_a_file_that_meta_takes_from_nobody_fails_at_once(hotel: Hotel) -> None:
    ana = hotel.guest()
    hotel.meta.phones.say(ana, "hola")
    await hotel.settle()
    await taken_over(hotel)
    (conversation,) = await hotel.conversations()
    gif = {"file": ("baile.gif", b"GIF89a" + bytes(20))}
    await hotel.staff("POST", f"/api/conversations/{conversation.id}/attachments", files=gif, data={"text": "mire"})
    await hotel.settle()
    last = await answered(hotel)
    assert (last.delivery, last.meta["delivery_error"]) == (Delivery.FAILED, "whatsapp_type")


@pytest.mark.parametrize("how", ["svg", "zip", "huge", "elsewhere", "damaged"])
async def test_files_that_are_not_taken_are_told_of_and_stop_nothing(hotel: Hotel, how: str) -> None:
    ana = hotel.guest()
    content = {"svg": b"<svg onload='x'/>", "zip": b"PK\x03\x04" + b"\0" * 5_000, "huge": PNG + b"\0" * 17_000_000}
    if how == "elsewhere":
        hotel.meta.faults.elsewhere = "169.254.169.254"
    if how == "damaged":
        hotel.meta.faults.damaged = 99
    hotel.meta.phones.send_file(ana, content.get(how, PNG), "image/png")
    await hotel.settle()
    for _ in range(3):
        await later(hotel, 120)
    hotel.meta.phones.say(ana, "¿Les llegó?")
    await hotel.settle()
    said = [each for each in await hotel.thread() if each.author is Author.CUSTOMER]
    assert [each.attachments for each in said] == [(), ()]
    assert [each for each in await hotel.thread() if each.meta.get("reply_to") == said[1].id]


async def test_what_the_bot_is_about_to_answer_is_marked_as_read(hotel: Hotel) -> None:
    ana = hotel.guest()
    first = hotel.meta.phones.say(ana, "Hola")
    await hotel.settle()
    await taken_over(hotel)
    second = hotel.meta.phones.say(ana, "¿Hay alguien?")
    await hotel.settle()
    assert first in ana.seen
    assert second not in ana.seen
