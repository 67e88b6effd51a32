"""How whoever asks wants to hear of alerts, over HTTP; and that a customer who needs somebody reaches them."""

from __future__ import annotations

import pytest

from tests.web.conftest import Site


async def test_one_chooses_for_oneself(site: Site) -> None:
    first = (await site.staff("GET", "/api/me/alerts")).json()
    assert (first["ways"], first["kinds"], first["quiet"], first["email"]) == (["console"], None, None, "marta@x.com")
    wanted = {
        "ways": ["whatsapp", "email"],
        "kinds": ["escalated", "disk"],
        "number": "0341 15 555-0142",
        "quiet": {"from": "22:00", "until": "07:30"},
        "wake_for_urgent": False,
    }
    chosen = await site.staff("PUT", "/api/me/alerts", json=wanted)
    assert chosen.status_code == 200, chosen.text
    data = (await site.staff("GET", "/api/me/alerts")).json()
    assert data == chosen.json()
    assert (data["number"], data["quiet"], data["kinds"]) == ("+5493415550142", wanted["quiet"], ["disk", "escalated"])
    assert data["available"]["email"] is False
    assert (await site.staff("GET", "/api/me/alerts", who="agent2")).json()["ways"] == ["console"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"ways": ["whatsapp"]}, "alert_number"),
        ({"ways": ["whatsapp"], "number": "hola"}, "alert_number"),
        ({"ways": ["email"], "kinds": ["weather"]}, "alert_kind"),
        ({"ways": ["pigeon"]}, "malformed"),
        ({"ways": ["email"], "quiet": {"from": "25:00", "until": "08:00"}}, "malformed"),
        ({"ways": ["email"], "staff_id": "stf_1"}, "malformed"),
    ],
)
async def test_what_cannot_be_chosen(site: Site, wanted: dict[str, object], code: str) -> None:
    answer = await site.staff("PUT", "/api/me/alerts", json=wanted)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


async def test_who_sees_no_alerts_chooses_none(site: Site) -> None:
    assert (await site.staff("GET", "/api/me/alerts", who="auditor")).status_code == 403
    assert (await site.http.get("/api/me/alerts")).status_code == 401


async def test_an_angry_customer_is_urgent_everywhere(site: Site) -> None:
    visitor = await site.visitor()
    reply = await visitor.replies("esto es inaceptable, me tienen harta")
    assert reply.startswith("Siento mucho que te hayamos hecho pasar por esto.")
    shown = (await site.staff("GET", f"/api/conversations/{visitor.id}")).json()
    conversation = shown["conversation"]
    assert (conversation["control"], conversation["reason"], conversation["reason_text"], conversation["priority"]) == (
        "queued", "angry", "Está molesto.", "urgent",
    )  # fmt: skip
    assert shown["messages"][-1]["text"] == "El asistente pidió una persona. Está molesto."
    (alert,) = (await site.staff("GET", "/api/alerts")).json()["items"]
    assert (alert["kind"], alert["severity"]) == ("escalated", "critical")
    await site.staff("POST", f"/api/conversations/{visitor.id}/take_over")
    assert (await site.staff("GET", "/api/alerts")).json()["items"] == []
    kept = (await site.staff("GET", f"/api/conversations/{visitor.id}")).json()["conversation"]
    assert kept["priority"] == "urgent"


async def test_missing_data_is_asked_in_one_message_and_answered_in_one(site: Site) -> None:
    visitor = await site.visitor()
    asked = await visitor.say("quiero reservar")
    assert [reply["text"] for reply in asked.json()["replies"]] == ["¿Para qué fechas y para cuántas personas?"]
    offered = await visitor.say("una doble del 11 al 13 de diciembre para 2")
    assert len(offered.json()["replies"]) == 1
    held = (await visitor.say("sí")).json()["replies"]
    assert len(held) == 1
    assert held[0]["text"].endswith("¿A nombre de quién la dejo, y qué teléfono o mail te anoto?")
    done = (await visitor.say("Ana Pérez, 341 555 0142, ana@x.com")).json()["replies"]
    assert len(done) == 1
    assert "Ana Pérez" in done[0]["text"]
