"""Requests of guests over HTTP: asked in a chat, an alert, seen by those who may, answered there, forgotten."""

from __future__ import annotations

from tests.web.conftest import Site, Visitor

ASKS = "necesito un traslado desde el aeropuerto el 11 de diciembre a las 15:30 para 2 personas a nombre de Ana Gil"


async def asked(site: Site) -> tuple[Visitor, str]:
    guest = await site.visitor()
    await guest.replies(ASKS)
    assert "Todavía no está confirmado" in await guest.replies("sí")
    (request,) = (await site.staff("GET", "/api/requests")).json()["items"]
    return guest, request["id"]


async def test_what_was_asked_is_listed_an_alert_and_answered_in_the_chat(site: Site) -> None:
    guest, request_id = await asked(site)
    (request,) = (await site.staff("GET", f"/api/requests?conversation={guest.id}", "auditor")).json()["items"]
    assert {each["name"]: each["value"] for each in request["details"]} == {
        "day": "viernes 11 de diciembre",
        "hour": "15:30",
        "from_where": "desde el aeropuerto",
        "people": "2",
        "name": "Ana Gil",
    }
    (alert,) = (await site.staff("GET", "/api/alerts")).json()["items"]
    assert (alert["kind"], alert["text"], alert["link"]) == (
        "guest_request",
        "Un traslado: espera una respuesta del equipo.",
        "/hoy",
    )
    answer = await site.staff("POST", f"/api/requests/{request_id}/done", json={"line": "El remis los espera."})
    assert (answer.status_code, answer.json()["state"], answer.json()["told"]) == (200, "done", True)
    await site.product.work.drain()
    assert [each["text"] for each in await guest.thread()][-1] == "El remis los espera."
    assert (await site.staff("GET", "/api/requests")).json()["items"] == []
    assert (await site.staff("GET", "/api/alerts")).json()["items"] == []
    (settled,) = (await site.staff("GET", "/api/requests?state=all")).json()["items"]
    assert settled["done_by"]["name"] == "Marta"


async def test_a_no_needs_words_and_comes_once(site: Site) -> None:
    _, request_id = await asked(site)
    path = f"/api/requests/{request_id}/decline"
    empty = await site.staff("POST", path, json={"line": " "})
    assert (empty.status_code, empty.json()["error"]["code"]) == (422, "request_line")
    assert (await site.staff("POST", path, json={"line": "No hay chofer ese día."})).status_code == 200
    late = await site.staff("POST", f"/api/requests/{request_id}/done", "agent2", json={"line": "Listo"})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "request_settled")
    assert (await site.staff("POST", "/api/requests/req_none/done")).status_code == 404


async def test_those_who_see_no_conversations_see_no_requests(site: Site) -> None:
    assert (await site.staff("GET", "/api/requests", "executive")).status_code == 403
    assert (await site.staff("POST", "/api/requests/req_x/done", "auditor")).status_code == 403


async def test_the_words_go_with_those_of_the_conversation(site: Site) -> None:
    guest, request_id = await asked(site)
    async with site.product.db.write() as tx:
        await site.product.requests.forget(tx, guest.id, None)
    (request,) = (await site.staff("GET", "/api/requests?state=all")).json()["items"]
    assert (request["id"], request["summary"], request["details"]) == (request_id, "", [])
    assert (await site.staff("GET", "/api/alerts")).json()["items"] == []
