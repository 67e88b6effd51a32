"""What leaves through Twilio, over real sockets: pieces, options, files behind links, statuses in any order, and what a
carrier's bad days make of it. Appears once, whatever happens."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from relevo.adapters.channels.loopback_twilio_messages import Kept
from relevo.adapters.channels.whatsapp_twilio.sending import WhatsAppTwilio
from relevo.adapters.understanding.embedded import Embedded
from relevo.conversations.rules import Author, Control, Conversation, Delivery, Message, Reply
from relevo.kit.clock import FixedClock
from relevo.kit.errors import ProviderError
from relevo.texts import Texts
from tests.channels.twilio_world import PUBLIC, THEIRS, World, world

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
PDF = b"%PDF-1.4 " + b"0" * 64


@pytest.fixture
async def w(tmp_path: Path, clock: FixedClock, engine: Embedded, database_url: str) -> AsyncIterator[World]:
    async with world(tmp_path, clock, engine, database_url) as made:
        await made.customer.writes("Hola")
        await made.settled()
        made.twilio.shelf.messages.clear()
        yield made


def channel(w: World) -> WhatsAppTwilio:
    found = w.product.messaging.channels["whatsapp_twilio"]
    assert isinstance(found, WhatsAppTwilio)
    return found


async def says(
    w: World, text: str, *, buttons: tuple[str, ...] = (), files: tuple[tuple[str, bytes], ...] = (), wait: bool = True
) -> str:
    """The house writes; the message's id."""
    [conversation] = await w.conversations()
    kept = [(name, await w.product.attachments.store(content)) for name, content in files]
    async with w.product.db.write() as tx:
        attachments = [
            await w.product.attachments.add(tx, conversation.id, name=name, stored=stored) for name, stored in kept
        ]
        if buttons:
            reply = Reply(text, buttons)
            spoken = await w.product.conversations.bot_says(
                tx, conversation.id, version=conversation.control_version, replies=[reply]
            )
            message = spoken.messages[0]
        else:
            message = await w.product.conversations.system_says(tx, conversation.id, text=text, attachments=attachments)
    if wait:
        await w.settled()
    return message.id


async def message(w: World, message_id: str) -> Message:
    async with w.product.db.read() as session:
        found = await w.product.conversations.message(session, message_id)
    assert found is not None
    return found


async def conversation(w: World) -> Conversation:
    [found] = await w.conversations()
    return found


async def status(w: World, kept: Kept, *statuses: str) -> None:
    assert set(await w.customer.receives(kept, statuses)) == {204}
    await w.settled()


async def test_a_long_text_goes_in_order_and_the_last_piece_speaks_for_all(w: World) -> None:
    text = "\n\n".join(f"Párrafo {number}. " + "Una frase larga de verdad. " * 20 for number in range(7))
    id_ = await says(w, text.strip())
    bodies = [kept.body for kept in w.sent]
    assert 3 <= len(bodies) <= 4
    assert all(len(body) <= 1_600 for body in bodies)
    assert " ".join(" ".join(bodies).split()) == " ".join(text.split())
    await status(w, w.sent[0], "delivered", "read")
    assert (await message(w, id_)).delivery is Delivery.SENT
    await status(w, w.sent[-1], "delivered")
    assert (await message(w, id_)).delivery is Delivery.DELIVERED


async def test_that_an_early_piece_failed_is_told(w: World) -> None:
    id_ = await says(w, "uno. " * 500)
    w.sent[0].error = 63_005
    await status(w, w.sent[0], "failed")
    assert (await message(w, id_)).delivery is Delivery.FAILED


async def test_a_picture_carries_its_words_and_a_document_comes_after_them(w: World) -> None:
    await says(w, "La habitación", files=(("foto.png", PNG),))
    await says(w, "Su voucher", files=(("voucher.pdf", PDF),))
    assert [(kept.body, bool(kept.media_url)) for kept in w.sent] == [
        ("La habitación", True), ("Su voucher", False), ("", True),
    ]  # fmt: skip
    for kept, content, media_type in ((w.sent[0], PNG, "image/png"), (w.sent[2], PDF, "application/pdf")):
        assert kept.media_url.startswith(f"{PUBLIC}/f/")
        fetched = await w.http.get(w.customer.real(kept.media_url))
        assert (fetched.status_code, fetched.content) == (200, content)
        assert fetched.headers["content-type"].startswith(media_type)
        assert "filename=" in fetched.headers["content-disposition"]
        assert (await w.http.head(w.customer.real(kept.media_url))).headers["content-length"] == str(len(content))


async def test_a_link_is_for_one_file_and_ends(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await says(w, "Su voucher", files=(("voucher.pdf", PDF),))
    url = w.customer.real(w.sent[-1].media_url)
    for wrong in (url[:-2] + "xx", url.rpartition("/")[0] + "/att_1", url.replace("att_", "att_x", 1)):
        assert (await w.http.get(wrong)).status_code == 404
    import time

    later = time.time() + 16_000
    monkeypatch.setattr(time, "time", lambda: later)
    assert (await w.http.get(url)).status_code == 404


async def test_few_short_options_are_buttons_of_one_content_for_all(w: World) -> None:
    w.twilio.shelf.contents.clear()
    channel(w).contents.forget()
    await says(w, "¿Confirma la reserva?\n\nDoble, 3 noches.", buttons=("Sí, confirmo", "No, gracias"))
    await says(w, "¿Le sirve esta otra?\n\nTriple, 2 noches.", buttons=("La tomo", "Otra"))
    first, second = w.sent
    assert first.body == "¿Confirma la reserva?\n\nDoble, 3 noches."
    assert [title for title, _ in first.options] == ["Sí, confirmo", "No, gracias"]
    assert first.content == second.content
    assert len(w.twilio.shelf.contents) == 1
    await w.customer.chooses(second, 0)
    await w.settled()
    assert [each.text for each in await w.thread() if each.author is Author.CUSTOMER][-1] == "La tomo"


async def test_contents_are_found_again_after_a_restart(w: World) -> None:
    await says(w, "¿Confirma?", buttons=("Sí", "No"))
    made = len(w.twilio.shelf.contents)
    channel(w).contents.forget()
    await says(w, "¿Seguro?", buttons=("Sí", "No"))
    assert len(w.twilio.shelf.contents) == made
    # Somebody tidies the account up: words this time, a new content the next.
    w.twilio.shelf.contents.clear()
    await says(w, "¿De verdad?", buttons=("Sí", "No"))
    await says(w, "¿Y ahora?", buttons=("Sí", "No"))
    assert [kept.body for kept in w.sent][-2:] == ["¿De verdad?\n\n1) Sí\n2) No", "¿Y ahora?"]
    assert w.sent[-1].options


async def test_more_or_longer_options_are_a_list_and_too_many_are_numbered(w: World) -> None:
    rooms = tuple(f"Habitación doble superior número {number}" for number in range(1, 6))
    await says(w, "Tenemos:", buttons=rooms)
    assert [id_ for _, id_ in w.sent[-1].options] == [f"o:{room}" for room in rooms]
    assert all(len(title) <= 24 for title, _ in w.sent[-1].options)
    await w.customer.chooses(w.sent[-1], 2)
    await w.settled()
    assert [each.text for each in await w.thread() if each.author is Author.CUSTOMER][-1] == rooms[2]
    days = tuple(f"{number} de diciembre" for number in range(1, 13))
    await says(w, "¿Qué día?", buttons=days)
    numbered = next(kept for kept in w.sent if kept.body.startswith("¿Qué día?"))
    assert numbered.body.endswith("11) 11 de diciembre\n12) 12 de diciembre")
    assert numbered.options == ()
    await w.customer.writes("12")
    await w.settled()
    assert [each.text for each in await w.thread() if each.author is Author.CUSTOMER][-1] == "12 de diciembre"


async def test_options_that_twilio_does_not_take_go_as_words(w: World) -> None:
    w.twilio.faults.no_options = 63_021
    id_ = await says(w, "¿Confirma?", buttons=("Sí", "No"))
    assert [kept.body for kept in w.sent] == ["¿Confirma?\n\n1) Sí\n2) No"]
    assert (await message(w, id_)).delivery is Delivery.SENT


async def test_statuses_in_any_order_only_move_forward(w: World) -> None:
    for seed in range(6):
        id_ = await says(w, f"Mensaje {seed}")
        told = ["queued", "sent", "delivered", "read", "delivered", "sent", "failed"]
        random.Random(seed).shuffle(told)
        w.sent[-1].error = 63_016
        # Failed loses against what arrived, in whichever order the two are told.
        await status(w, w.sent[-1], *told)
        assert (await message(w, id_)).delivery is Delivery.READ


async def test_a_window_that_twilio_says_is_closed_is_a_visible_failure(w: World) -> None:
    id_ = await says(w, "¿Sigue ahí?")
    w.sent[-1].error = 63_016
    await status(w, w.sent[-1], "failed")
    failed = await message(w, id_)
    assert (failed.delivery, failed.meta["delivery_error"]) == (Delivery.FAILED, "window_closed")
    window = (await conversation(w)).window_until
    assert window is not None
    assert window <= w.clock.now()


async def test_outside_the_window_nothing_is_sent(w: World) -> None:
    w.clock.advance(timedelta(hours=24, minutes=1))
    id_ = await says(w, "¿Sigue ahí?")
    assert w.sent == []
    assert (await message(w, id_)).meta["delivery_error"] == "window_closed"


async def test_an_answer_that_is_lost_is_looked_for_and_not_sent_twice(w: World) -> None:
    w.twilio.faults.lose_answers = 1
    id_ = await says(w, "Solo una vez")
    assert (await message(w, id_)).delivery is Delivery.PENDING
    w.clock.advance(timedelta(minutes=1))
    await w.settled()
    assert [kept.body for kept in w.sent] == ["Solo una vez"]
    found = await message(w, id_)
    assert (found.delivery, found.carrier_id) == (Delivery.SENT, w.sent[0].sid)


async def test_an_answer_that_is_lost_comes_back_as_a_status(w: World) -> None:
    w.twilio.faults.lose_answers = 1
    id_ = await says(w, "Solo una vez")
    await status(w, w.sent[0], "delivered")
    w.clock.advance(timedelta(minutes=1))
    await w.settled()
    found = await message(w, id_)
    assert (found.delivery, found.carrier_id, len(w.sent)) == (Delivery.DELIVERED, w.sent[0].sid, 1)


async def test_of_a_text_in_pieces_only_what_is_missing_is_sent_again(w: World) -> None:
    text = " ".join(f"La frase {number}." for number in range(280))
    real, calls = channel(w)._post, 0

    async def breaks(*args: Any) -> str:
        nonlocal calls
        calls += 1
        if calls == 2:
            w.twilio.faults.down = True
        return await real(*args)

    channel(w)._post = breaks  # type: ignore[assignment, method-assign]
    await says(w, text)
    assert len(w.sent) == 1
    w.twilio.faults.down = False
    w.clock.advance(timedelta(minutes=1))
    await w.settled()
    bodies = [kept.body for kept in w.sent]
    assert len(bodies) == len(set(range(len(bodies)))) == 3
    assert " ".join(" ".join(bodies).split()) == " ".join(text.split())


async def test_a_busy_carrier_is_asked_when_it_says(w: World) -> None:
    w.twilio.faults.busy, w.twilio.faults.retry_after = 1, 90
    id_ = await says(w, "Paciencia")
    w.clock.advance(timedelta(seconds=80))
    await w.settled()
    assert w.sent == []
    w.clock.advance(timedelta(seconds=11))
    await w.settled()
    assert (await message(w, id_)).delivery is Delivery.SENT


@pytest.mark.parametrize(
    ("code", "ours"), [(63_015, "twilio_sandbox"), (63_032, "whatsapp_held_back"), (63_999, "whatsapp_refused")]
)
async def test_a_refusal_is_final_and_says_why(w: World, code: int, ours: str) -> None:
    w.twilio.faults.wrong_numbers[THEIRS] = code
    id_ = await says(w, "Hola")
    failed = await message(w, id_)
    assert (failed.delivery, failed.meta["delivery_error"]) == (Delivery.FAILED, ours)
    shown = (await w.staff("GET", f"/api/conversations/{failed.conversation_id}")).json()["messages"]
    assert next(each for each in shown if each["id"] == id_)["error"].endswith(".")


async def test_a_number_that_is_known_by_its_other_form_is_remembered(w: World) -> None:
    w.twilio.faults.wrong_numbers[THEIRS] = 21_211
    await says(w, "Hola")
    await says(w, "Otra vez")
    assert [kept.to for kept in w.sent] == ["whatsapp:+543415550101"] * 2
    assert (await conversation(w)).reach == "+543415550101"
    posts = [path for method, path in w.twilio.requests if method == "POST" and path.endswith("/Messages.json")]
    assert len(posts) >= 3


async def test_a_number_that_turns_out_unreachable_is_tried_once_in_its_other_form(w: World) -> None:
    w.twilio.faults.unreachable = {THEIRS: 63_024, "+543415550101": 63_024}
    id_ = await says(w, "Hola")
    first = w.sent[-1]
    await status(w, first, "undelivered", "undelivered")
    assert [kept.to for kept in w.sent] == [f"whatsapp:{THEIRS}", "whatsapp:+543415550101"]
    assert (await message(w, id_)).delivery is Delivery.SENT
    # The first try's failure comes again, late; the second one's is final.
    await status(w, first, "failed")
    assert (await message(w, id_)).delivery is Delivery.SENT
    await status(w, w.sent[-1], "undelivered")
    assert (await message(w, id_)).delivery is Delivery.FAILED
    assert len(w.sent) == 2


async def test_wrong_credentials_keep_the_message_until_they_are_right(w: World) -> None:
    w.twilio.token = "another one"
    id_ = await says(w, "Hola")
    assert (await message(w, id_)).delivery is Delivery.PENDING
    w.twilio.token = "the account's token"
    w.clock.advance(timedelta(minutes=6))
    await w.settled()
    assert (await message(w, id_)).delivery is Delivery.SENT


async def test_what_the_bot_had_ready_when_a_person_took_over_is_not_sent(w: World) -> None:
    w.twilio.faults.down = True
    await says(w, "¿Confirma?", buttons=("Sí", "No"))
    await w.staff("POST", f"/api/conversations/{(await conversation(w)).id}/take_over", json={})
    w.twilio.faults.down = False
    w.clock.advance(timedelta(minutes=10))
    await w.settled()
    assert w.sent == []
    assert (await conversation(w)).control is Control.AGENT


async def test_what_came_while_nobody_listened_is_found_and_answered_once(w: World) -> None:
    w.clock.advance(timedelta(minutes=5))
    await w.settled()
    told = w.customer.keeps("Esto sí llegó")
    await w.customer.posts(w.customer.form(told))
    lost = w.customer.keeps("¿A qué hora es el desayuno?")
    photo = w.somebody("+525512345678").keeps("Foto", [("image/png", PNG)])
    await w.settled()
    w.clock.advance(timedelta(minutes=10))
    await w.settled()
    texts = [each.text for each in await w.thread() if each.author is Author.CUSTOMER]
    assert sorted(texts) == sorted(["Hola", told.body, lost.body, photo.body])
    [with_photo] = [each for each in await w.thread() if each.text == "Foto"]
    assert [each["media_type"] for each in with_photo.attachments] == ["image/png"]
    # The webhook comes after all; and the next look finds nothing new.
    assert await w.customer.posts(w.customer.form(lost)) == 200
    w.clock.advance(timedelta(minutes=10))
    await w.settled()
    assert len([each for each in await w.thread() if each.author is Author.CUSTOMER]) == 4


async def test_what_is_found_much_too_late_is_not_answered_as_if_it_were_new(w: World) -> None:
    w.clock.advance(timedelta(minutes=5))
    await w.settled()
    old = [w.customer.keeps(f"¿Hay lugar? {number}") for number in range(3)]
    before = len(w.sent)
    w.twilio.faults.down = True
    for _ in range(3):
        w.clock.advance(timedelta(minutes=5))
        await w.settled()
    w.clock.advance(timedelta(hours=13))
    w.twilio.faults.down = False
    await w.settled()
    w.clock.advance(timedelta(minutes=10))
    await w.settled()
    stored = [each.text for each in await w.thread() if each.author is Author.CUSTOMER]
    assert {kept.body for kept in old} <= set(stored)
    late = Texts("es_AR").say("conversations.incoming.late")
    assert [kept.body for kept in w.sent[before:]] == [late]


async def test_statuses_that_were_missed_are_asked_for(w: World) -> None:
    w.clock.advance(timedelta(minutes=5))
    await w.settled()
    id_ = await says(w, "¿Llegó?")
    w.sent[-1].status = "read"
    w.clock.advance(timedelta(minutes=5))
    await w.settled()
    assert (await message(w, id_)).delivery is Delivery.READ


async def test_a_client_that_never_answers_is_no_reason_to_send_twice(w: World) -> None:
    async def silent(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("no answer")

    rest = channel(w)._rest
    good, rest.client = rest.client, httpx.AsyncClient(transport=httpx.MockTransport(silent))
    id_ = await says(w, "Hola")
    await rest.client.aclose()
    rest.client = good
    w.clock.advance(timedelta(minutes=1))
    await w.settled()
    assert [kept.body for kept in w.sent] == ["Hola"]
    assert (await message(w, id_)).delivery is Delivery.SENT


def approve(w: World, name: str, body: str, language: str = "es", variables: dict[str, str] | None = None) -> None:
    types = {"twilio/text": {"body": body}}
    given = {"friendly_name": name, "language": language, "types": types, "variables": variables or {}}
    w.twilio.shelf.add_content(given, approved=True)


async def test_outside_the_window_an_approved_template_is_the_only_way(w: World) -> None:
    approve(w, "te_esperamos", "Hola {{1}}, te esperamos el {{2}}.")
    pending = {"friendly_name": "sin_permiso", "language": "es", "types": {"twilio/text": {"body": "x"}}}
    w.twilio.shelf.add_content(pending)
    w.clock.advance(timedelta(hours=25))
    id_ = (await conversation(w)).id
    await w.staff("POST", f"/api/conversations/{id_}/take_over", json={})
    refused = await w.staff("POST", f"/api/conversations/{id_}/messages", json={"text": "Hola"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "window_closed")
    listed = (await w.staff("GET", "/api/whatsapp/templates")).json()["items"]
    shown = {each["name"]: (each["usable"], each["params"], each["channel"]) for each in listed}
    assert shown == {
        "te_esperamos": (True, ["1", "2"], "whatsapp_twilio"), "sin_permiso": (False, [], "whatsapp_twilio"),
    }  # fmt: skip
    path = f"/api/conversations/{id_}/template"
    chosen = {"name": "te_esperamos", "language": "es", "params": ["Ana", "12 de\ndiciembre"]}
    sent = await w.staff("POST", path, json=chosen)
    assert sent.status_code == 201, sent.text
    await w.settled()
    assert [kept.body for kept in w.sent] == ["Hola Ana, te esperamos el 12 de diciembre."]
    assert (await message(w, sent.json()["id"])).delivery is Delivery.SENT
    for wrong in ({**chosen, "name": "sin_permiso", "params": []}, {**chosen, "language": "en"}):
        assert (await w.staff("POST", path, json=wrong)).status_code == 502
    assert (await w.staff("POST", path, json={**chosen, "params": ["Ana"]})).status_code == 422


async def test_reminders_leave_as_templates_once(w: World) -> None:
    approve(w, "relevo_arrival", "Hola {{1}}.", "es_AR")
    approve(w, "relevo_arrival", "Hi {{1}}.", "en")
    templates = w.product.messaging.templates
    assert templates is not None
    sid = await templates.send(to=THEIRS, template="relevo_arrival", locale="es_MX", params=["Ana"], key="reminder:1")
    assert [(kept.sid, kept.body) for kept in w.sent] == [(sid, "Hola Ana.")]
    # The process died before it wrote that down, and sends it again.
    again = await templates.send(to=THEIRS, template="relevo_arrival", locale="es_MX", params=["Ana"], key="reminder:1")
    assert (again, len(w.sent)) == (sid, 1)
    await status(w, w.sent[0], "delivered")
    with pytest.raises(ProviderError):
        await templates.send(to=THEIRS, template="relevo_other", locale="es", params=[], key="reminder:2")
    w.twilio.faults.wrong_numbers[THEIRS] = 63_016
    w.clock.advance(timedelta(hours=2))
    with pytest.raises(ProviderError) as raised:
        await templates.send(to=THEIRS, template="relevo_arrival", locale="es", params=["Ana"], key="reminder:3")
    assert raised.value.code == "window_closed"
