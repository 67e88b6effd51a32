"""What was done by mistake and can honestly be undone; what cannot says so, and nobody does it without permission."""

from __future__ import annotations

from typing import Any

import pytest

from relevo.desk.rules import News, RequestKind, Severity
from relevo.kit import audit
from tests.web.conftest import Site, Visitor


async def post(site: Site, path: str, who: str = "agent", **body: Any) -> Any:
    answer = await site.staff("POST", path, who, json=body)
    return answer.json() if answer.status_code < 400 else answer.json()["error"]["code"]


async def events_of(site: Site, conversation_id: str) -> list[str]:
    shown = (await site.staff("GET", f"/api/conversations/{conversation_id}")).json()
    return [each["text"] for each in shown["messages"] if each["kind"] == "event"]


async def of_marta(site: Site) -> tuple[Visitor, str]:
    guest = await site.visitor()
    path = f"/api/conversations/{guest.id}"
    await post(site, f"{path}/take_over")
    return guest, path


async def test_a_resolved_conversation_goes_back_to_whoever_had_it(site: Site) -> None:
    guest, path = await of_marta(site)
    closed = await post(site, f"{path}/resolve")
    assert closed["control"] == "closed"
    assert await post(site, f"{path}/reopen", who="agent2") == "control_taken"
    assert (await site.staff("POST", f"{path}/reopen", "auditor", json={})).status_code == 403
    opened = await post(site, f"{path}/reopen", control_version=closed["control_version"])
    assert (opened["control"], opened["agent"]["name"], opened["closed_at"]) == ("agent", "Marta", None)
    assert (await events_of(site, guest.id))[-2:] == ["Marta resolvió la conversación", "Marta reabrió la conversación"]
    # Asked for again, after the answer was lost: it changes nothing.
    again = await post(site, f"{path}/reopen", control_version=closed["control_version"])
    assert again["control_version"] == opened["control_version"]
    assert len(await events_of(site, guest.id)) == 3


async def test_one_that_the_bot_had_is_the_bots_again_and_says_nothing_by_itself(site: Site) -> None:
    guest = await site.visitor()
    path = f"/api/conversations/{guest.id}"
    await post(site, f"{path}/resolve", who="supervisor")
    before = len(await guest.thread())
    assert (await post(site, f"{path}/reopen", who="supervisor"))["control"] == "bot"
    await site.product.work.drain()
    assert len(await guest.thread()) == before


async def test_what_went_on_meanwhile_is_not_undone(site: Site) -> None:
    guest, path = await of_marta(site)
    closed = await post(site, f"{path}/resolve")
    await guest.say("una cosa más")
    await post(site, f"{path}/take_over", who="agent2")
    refused = await post(site, f"{path}/reopen", control_version=closed["control_version"])
    assert refused == "control_changed"


async def test_nothing_is_sent_over_an_answer_that_was_not_seen(site: Site) -> None:
    guest, path = await of_marta(site)
    shown = (await site.staff("GET", path)).json()
    seen, version = shown["messages"][-1]["seq"], shown["conversation"]["control_version"]
    await post(site, f"{path}/take_over", who="supervisor", control_version=version)
    await post(site, f"{path}/messages", who="supervisor", text="Sí, hay cochera.")
    await post(site, f"{path}/messages", who="supervisor", text="Ojo, es cliente de la casa", kind="note")
    version = (await site.staff("GET", path)).json()["conversation"]["control_version"]
    await post(site, f"{path}/hand_back", who="supervisor")
    await post(site, f"{path}/take_over")
    refused = await site.staff("POST", f"{path}/messages", json={"text": "No hay cochera.", "seen": seen})
    assert refused.status_code == 409
    error = refused.json()["error"]
    assert (error["code"], error["message"].split()[0]) == ("answered_meanwhile", "Julián")
    # A note goes always, and so does what is sent knowingly.
    assert (await post(site, f"{path}/messages", text="Ya respondió él", kind="note", seen=seen))["kind"] == "note"
    assert (await post(site, f"{path}/messages", text="Como dijo Julián, sí."))["author"] == "agent"
    latest = (await site.staff("GET", path)).json()["messages"][-1]["seq"]
    assert (await post(site, f"{path}/messages", text="¿Algo más?", seen=latest))["author"] == "agent"
    assert [each["text"] for each in await guest.thread() if "cochera" in each["text"]] == ["Sí, hay cochera."]


async def alert(site: Site, subject: str = "pms") -> str:
    async with site.product.db.write() as tx:
        raised = await site.product.house.alerts.report(tx, News("other", subject, Severity.WARNING))
    return raised.id


async def test_an_alert_that_was_ticked_off_is_open_again(site: Site) -> None:
    alert_id = await alert(site)
    path = f"/api/alerts/{alert_id}"
    assert (await post(site, f"{path}/done"))["state"] == "done"
    assert (await site.staff("POST", f"{path}/reopen", "executive", json={})).status_code == 403
    opened = await post(site, f"{path}/reopen")
    assert (opened["state"], opened["done_by"], opened["count"]) == ("open", None, 1)
    assert (await post(site, f"{path}/reopen"))["state"] == "open"
    assert await post(site, "/api/alerts/alr_x/reopen") == "no_alert"
    noted = await audit.deeds(site.product.db, what="alert_reopened")
    assert [each["subject"] for each in noted] == [alert_id]


async def test_an_alert_that_came_again_or_ended_by_itself_is_left_so(site: Site) -> None:
    first = await alert(site)
    await post(site, f"/api/alerts/{first}/done")
    second = await alert(site)
    assert (await post(site, f"/api/alerts/{first}/reopen"))["id"] == second
    async with site.product.db.write() as tx:
        await site.product.house.alerts.settle(tx, "other", "pms")
    assert await post(site, f"/api/alerts/{second}/reopen") == "alert_over"


@pytest.fixture
async def asked(site: Site) -> str:
    guest = await site.visitor()
    async with site.product.db.read() as session:
        conversation = await site.product.conversations.get(session, guest.id)
    made = await site.product.requests.ask(
        RequestKind.TRANSPORT,
        conversation_id=guest.id,
        person_id=conversation.person_id,
        details={"people": "2"},
        key="transport",
    )
    return made.id


async def open_alerts(site: Site) -> list[str]:
    items = (await site.staff("GET", "/api/alerts")).json()["items"]
    return [each["kind"] for each in items]


async def test_a_request_that_was_settled_without_a_word_waits_again(site: Site, asked: str) -> None:
    path = f"/api/requests/{asked}"
    before = (await site.staff("GET", "/api/alerts")).json()["items"]
    assert (await post(site, f"{path}/done"))["state"] == "done"
    assert await open_alerts(site) == []
    assert (await site.staff("POST", f"{path}/reopen", "auditor", json={})).status_code == 403
    assert (await post(site, f"{path}/reopen"))["state"] == "open"
    # The same alert, not one more: nobody is told twice.
    assert [each["id"] for each in (await site.staff("GET", "/api/alerts")).json()["items"]] == [
        each["id"] for each in before
    ]
    assert (await post(site, f"{path}/reopen"))["state"] == "open"
    assert await post(site, "/api/requests/req_x/reopen") == "no_request"


async def test_what_the_guest_was_told_is_not_undone(site: Site, asked: str) -> None:
    path = f"/api/requests/{asked}"
    assert (await post(site, f"{path}/done", line="Lo esperamos a las 10."))["told"] is True
    assert await post(site, f"{path}/reopen") == "request_told"
