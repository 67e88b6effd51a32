"""Queues over HTTP: set up by those who may, an offer from the bell to the result, canned replies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Site

QUEUE = {"name": "Recepción", "first_reply_seconds": 300, "result_required": True}


async def made(site: Site, **values: Any) -> str:
    answer = await site.staff("POST", "/api/queues", "admin", json={**QUEUE, **values})
    assert answer.status_code == 201, answer.text
    queue_id: str = answer.json()["queues"][-1]["id"]
    items = [
        {"code": "sold", "name": "Venta", "good": True},
        {"code": "never", "name": "No llamar", "do_not_call": True},
    ]
    done = await site.staff("PUT", f"/api/queues/{queue_id}/results", "admin", json={"items": items})
    assert done.status_code == 200, done.text
    return queue_id


async def me(site: Site, who: str = "agent") -> str:
    found: str = (await site.staff("GET", "/api/auth/me", who)).json()["id"]
    return found


async def settled(site: Site) -> None:
    await site.product.work.idle()


async def test_from_the_offer_to_the_result(site: Site) -> None:
    await made(site)
    guest = await site.visitor()
    await guest.say("quiero hablar con una persona")
    await settled(site)
    board = (await site.staff("GET", "/api/queues/board", "supervisor")).json()
    assert (board["all"]["waiting"], board["in_use"], board["queues"][0]["name"]) == (1, False, "Recepción")
    assert (await site.staff("POST", "/api/presence/me", json={"state": "available"})).status_code == 200
    await settled(site)
    (offer,) = (await site.staff("GET", "/api/me/offers")).json()["items"]
    assert (offer["conversation_id"], offer["queue"]["name"], offer["reason_text"]) == (
        guest.id, "Recepción", "Pidió hablar con una persona.",
    )  # fmt: skip
    assert offer["clocks"][0]["kind"] == "first"
    stolen = await site.staff("POST", f"/api/me/offers/{offer['id']}/accept", "agent2")
    assert (stolen.status_code, stolen.json()["error"]["code"]) == (409, "offer_gone")
    taken = await site.staff("POST", f"/api/me/offers/{offer['id']}/accept")
    assert taken.json() == {"conversation_id": guest.id}
    await site.staff("POST", f"/api/conversations/{guest.id}/resolve")
    (pending,) = (await site.staff("GET", "/api/me/results")).json()["items"]
    assert pending["conversation_id"] == guest.id
    asked = (await site.staff("GET", f"/api/conversations/{guest.id}/results")).json()
    assert (asked["required"], [each["code"] for each in asked["items"]], asked["chosen"]) == (
        True, ["sold", "never"], None,
    )  # fmt: skip
    said = await site.staff("POST", f"/api/conversations/{guest.id}/result", json={"code": "never"})
    assert said.json()["chosen"]["name"] == "No llamar"
    person = (await site.staff("GET", f"/api/conversations/{guest.id}")).json()["conversation"]["person"]["id"]
    consents = (await site.staff("GET", f"/api/people/{person}/consents")).json()["items"]
    assert {(each["channel"], each["state"]) for each in consents} == {("call", "withdrawn")}
    assert (await site.staff("GET", "/api/me/results")).json()["items"] == []
    board = (await site.staff("GET", "/api/queues/board", "supervisor")).json()
    assert (board["all"]["waiting"], board["all"]["handled"], board["in_use"]) == (0, 1, True)


async def test_the_setup_is_read_by_some_and_changed_by_few(site: Site) -> None:
    await made(site)
    marta = await me(site)
    team = {"name": "Ventas", "members": [{"id": marta, "lead": True}]}
    assert (await site.staff("POST", "/api/teams", "supervisor", json=team)).status_code == 403
    setup = (await site.staff("POST", "/api/teams", "admin", json=team)).json()
    (kept,) = setup["teams"]
    assert kept["members"] == [{"id": marta, "lead": True}]
    again = await site.staff("POST", "/api/teams", "admin", json=team)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "name_taken")
    queue = setup["queues"][0]["id"]
    await site.staff("PUT", f"/api/queues/{queue}", "admin", json={**QUEUE, "teams": [kept["id"]]})
    used = await site.staff("DELETE", f"/api/teams/{kept['id']}", "admin")
    assert (used.status_code, used.json()["error"]["code"]) == (409, "team_in_use")
    hours = {"name": "Oficina", "windows": [{"weekday": 0, "opens": 540, "closes": 1080}], "country": "AR"}
    setup = (await site.staff("POST", "/api/hours", "admin", json=hours)).json()
    assert setup["hours"][0]["opens_at"] is not None
    profile = {"languages": ["es", "en"], "skills": {"Grupos": 3}, "capacity": {"webchat": 2}}
    setup = (await site.staff("PUT", f"/api/agents/{marta}", "admin", json=profile)).json()
    (agent,) = [each for each in setup["agents"] if each["id"] == marta]
    assert (agent["languages"], agent["skills"], agent["capacity"]["webchat"]) == (["es", "en"], {"grupos": 3}, 2)
    assert (await site.staff("GET", "/api/queues", "supervisor")).json()["teams"] == setup["teams"]
    assert (await site.staff("GET", "/api/queues")).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "queues", {"name": "  "}, "empty_name"),
        ("POST", "queues", {"name": "A", "channels": ["fax"]}, "bad_code"),
        ("POST", "queues", {"name": "A", "languages": ["español"]}, "bad_language"),
        ("POST", "queues", {"name": "A", "skills": {"spa": 6}}, "bad_skill_level"),
        ("POST", "queues", {"name": "A", "capacity": {"call": 51}}, "bad_capacity"),
        ("POST", "queues", {"name": "A", "priority": 11}, "bad_queue_priority"),
        ("POST", "queues", {"name": "A", "offer_seconds": 1}, "bad_seconds"),
        ("POST", "queues", {"name": "A", "teams": ["tem_none"]}, "no_team"),
        ("POST", "queues", {"name": "A", "hours_id": "hrs_none"}, "no_hours"),
        ("PUT", "queues/que_none", {"name": "A"}, "no_queue"),
        ("PUT", "queues/que_none/results", {"items": []}, "no_queue"),
        ("POST", "hours", {"name": "A", "windows": [{"weekday": 7, "opens": 0, "closes": 1}]}, "bad_hours"),
        ("POST", "hours", {"name": "A", "windows": [], "country": "ZZ"}, "unknown_country"),
        ("POST", "teams", {"name": "A", "members": [{"id": "stf_none"}]}, "no_colleague"),
        ("POST", "canned", {"shortcut": "con espacio", "title": "A", "text": "b"}, "bad_shortcut"),
        ("POST", "canned", {"shortcut": "a", "title": "A", "text": " "}, "empty_text"),
        ("DELETE", "canned/can_none", None, "no_canned"),
    ],
)
async def test_what_is_wrong_is_refused_and_said(
    site: Site, method: str, path: str, body: dict[str, Any] | None, code: str
) -> None:
    answer = await site.staff(method, f"/api/{path}", "admin", json=body)
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]
    assert (await site.staff("GET", "/api/queues", "admin")).json()["queues"] == []


async def test_canned_replies_are_read_by_those_who_answer(site: Site) -> None:
    reply = {"shortcut": "/Hola", "title": "Saludo", "text": "¡Hola, {nombre}!"}
    (kept,) = (await site.staff("POST", "/api/canned", "admin", json=reply)).json()["items"]
    assert (kept["shortcut"], kept["text"]) == ("hola", "¡Hola, {nombre}!")
    assert (await site.staff("GET", "/api/canned")).json()["items"] == [kept]
    assert (await site.staff("POST", "/api/canned", json=reply)).status_code == 403
    assert (await site.staff("DELETE", f"/api/canned/{kept['id']}", "admin")).json() == {"items": []}


async def test_advice_is_measured_on_the_house_s_own_outcomes(site: Site) -> None:
    answer = (await site.staff("GET", "/api/queues/advice", "supervisor")).json()
    assert (answer["outcomes"], answer["measured"]) == (0, None)
    assert "language" not in answer["features"]
