"""The main road over HTTP: a guest writes, the bot books, a person takes over and hands back."""

from __future__ import annotations

import asyncio

from tests.web.conftest import Site


async def test_a_guest_books_by_chat_and_reception_sees_it(site: Site) -> None:
    guest = await site.visitor()
    assert "asistente virtual" in guest.greeting["text"]
    price = await guest.replies("Hola, quiero una doble del 12 al 15 de diciembre para dos")
    assert "$ 204.000" in price
    held = await guest.replies("Sí, dale")
    await guest.replies("A nombre de Florencia Gutiérrez, flor@example.com")
    goodbye = await guest.replies("No, gracias, eso es todo")
    assert "?" not in goodbye

    bookings = (await site.staff("GET", "/api/bookings", params={"status": "hold"})).json()["items"]
    assert len(bookings) == 1
    booking = bookings[0]
    assert booking["code"] in held
    assert booking["room"]["type"] == "doble"
    assert (booking["check_in"], booking["check_out"]) == ("2026-12-12", "2026-12-15")
    assert booking["guests"] == 2
    assert booking["guest_name"] == "Florencia Gutiérrez"
    assert booking["total"] == {"amount": 20_400_000, "currency": "ARS"}
    assert booking["deposit"] == {"amount": 6_120_000, "currency": "ARS", "status": "requested", "paid": 0, "refund": 0}
    assert booking["conversation_id"] == guest.id
    assert booking["hold_expires_at"] == "2026-11-21T12:20:00Z"

    seen = (await site.staff("GET", f"/api/conversations/{guest.id}")).json()
    assert [item["code"] for item in seen["bookings"]] == [booking["code"]]
    assert seen["conversation"]["control"] == "bot"


async def test_a_person_takes_over_writes_and_hands_back(site: Site) -> None:
    guest = await site.visitor()
    await guest.replies("Hola")
    taken = await site.staff("POST", f"/api/conversations/{guest.id}/take_over", json={"control_version": 1})
    assert taken.json()["agent"]["name"] == "Marta"
    refused = await site.staff("POST", f"/api/conversations/{guest.id}/take_over", "agent2")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "control_taken"
    assert refused.json()["error"]["details"]["agent"]["name"] == "Marta"
    assert "Marta" in refused.json()["error"]["message"]

    assert (await guest.say("¿Hay alguien?")).status_code == 202
    written = await site.staff(
        "POST", f"/api/conversations/{guest.id}/messages", json={"text": "Hola, soy Marta", "client_id": "a1"}
    )
    assert written.status_code == 201
    again = await site.staff(
        "POST", f"/api/conversations/{guest.id}/messages", json={"text": "Hola, soy Marta", "client_id": "a1"}
    )
    assert again.json()["id"] == written.json()["id"]
    other = await site.staff("POST", f"/api/conversations/{guest.id}/messages", "agent2", json={"text": "yo"})
    assert other.json()["error"]["code"] == "not_in_control"

    back = await site.staff(
        "POST", f"/api/conversations/{guest.id}/hand_back", json={"note": "Quiere una doble del 12 al 15 de diciembre"}
    )
    assert back.json()["control"] == "bot"
    await site.product.work.idle()
    assert "$ 204.000" in await guest.replies("somos dos, ¿cuánto sale?")
    said = await guest.thread()
    assert [item["author"] for item in said if item["text"] == "Hola, soy Marta"] == ["agent"]
    assert all(item["text"] != "Quiere una doble del 12 al 15 de diciembre" for item in said)


async def test_two_presses_at_once_have_one_winner(site: Site) -> None:
    guest = await site.visitor()
    answers = await asyncio.gather(
        *(
            site.staff("POST", f"/api/conversations/{guest.id}/take_over", who, json={"control_version": 1})
            for who in ("agent", "agent2", "supervisor", "admin")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    winner = next(answer.json()["agent"]["name"] for answer in answers if answer.status_code == 200)
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["error"]["details"]["agent"]["name"] == winner


async def test_a_person_on_request(site: Site) -> None:
    guest = await site.visitor()
    await guest.replies("quiero hablar con una persona")
    queued = (await site.staff("GET", "/api/conversations", params={"folder": "queued"})).json()["items"]
    assert [item["id"] for item in queued] == [guest.id]
    assert queued[0]["reason"]


async def test_a_message_sent_twice_is_answered_once(site: Site) -> None:
    guest = await site.visitor()
    first = await guest.say("hola", client_id="m1")
    second = await guest.say("hola", client_id="m1")
    assert first.json() == second.json()
    await site.product.work.idle()
    assert [item["author"] for item in await guest.thread()] == ["bot", "customer", "bot"]


async def test_trying_the_assistant_changes_nothing(site: Site) -> None:
    answer = await site.staff(
        "POST",
        "/api/orchestrator/test",
        json={"message": "tenés una doble para mañana por 2 noches para dos?", "now": "2026-06-10T10:00:00"},
    )
    body = answer.json()
    assert body["intent"] == "check_availability"
    assert body["entities"]["check_in"] == "2026-06-11"
    assert body["entities"]["check_out"] == "2026-06-13"
    assert (body["entities"]["guests"], body["entities"]["room_type"]) == (2, "doble")
    assert body["reply"]
    assert body["alternatives"]
    assert (await site.staff("GET", "/api/bookings")).json()["items"] == []
    assert (await site.staff("GET", "/api/conversations")).json()["items"] == []
