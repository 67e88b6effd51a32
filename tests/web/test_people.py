"""Customers over HTTP: looked up, shown whole, merged and parted; and the queue by urgency."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from relevo.conversations.rules import Priority
from relevo.people.rules import Identity, IdentityKind
from tests.web.conftest import Site

PHONE = Identity(IdentityKind.PHONE, "+5493415550142")


async def met(site: Site, *identities: Identity, name: str | None = None) -> str:
    async with site.product.db.write() as tx:
        return (await site.product.people.find_or_create(tx, identities, name=name)).id


async def person_of(site: Site, conversation_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await site.staff("GET", f"/api/conversations/{conversation_id}")).json()
    person: dict[str, Any] = found["conversation"]["person"]
    return person


async def test_two_chats_of_one_customer_are_shown_under_one_and_apart_again(site: Site) -> None:
    ana, other = await site.visitor(), await site.visitor()
    for text in ("una doble del 11 al 13 de diciembre para 2", "sí", "a nombre de Ana Pérez, 341 555 0142"):
        await ana.replies(text)
    await other.replies("hola")
    one, two = (await person_of(site, ana.id))["id"], (await person_of(site, other.id))["id"]
    merged = await site.staff("POST", f"/api/people/{one}/merge", json={"other": two})
    assert merged.status_code == 200, merged.text
    whole = merged.json()
    assert {each["id"] for each in whole["conversations"]} == {ana.id, other.id}
    assert [each["guest_name"] for each in whole["bookings"]] == ["Ana Pérez"]
    assert whole["person"]["others"] == [two]
    assert (await person_of(site, other.id))["id"] == one
    assert (await site.staff("GET", f"/api/people/{two}")).json()["person"]["id"] == one
    again = await site.staff("POST", f"/api/people/{two}/merge", json={"other": one})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "same_person")
    code = whole["bookings"][0]["code"]
    assert code in await other.replies(f"¿cómo está mi reserva {code}?")
    parted = (await site.staff("POST", f"/api/people/{one}/unmerge", json={"other": two})).json()
    assert [each["id"] for each in parted["conversations"]] == [ana.id]
    assert parted["merges"][0]["undone_by"]["name"] == "Marta"
    assert (await person_of(site, other.id))["id"] == two


async def test_whoever_booked_with_somebody_elses_number_is_suggested(site: Site) -> None:
    caller = await met(site, PHONE, name="Ana")
    ana = await site.visitor()
    for text in ("una doble del 11 al 13 de diciembre para 2", "sí", "a nombre de Ana Pérez, 341 555 0142"):
        await ana.replies(text)
    visitor = (await person_of(site, ana.id))["id"]
    for one, other in ((visitor, caller), (caller, visitor)):
        (found,) = (await site.staff("GET", f"/api/people/{one}")).json()["suggestions"]
        assert (found["person"]["id"], found["why"]) == (other, "contact")
    assert (await site.staff("POST", f"/api/people/{caller}/distinct", json={"other": visitor})).status_code == 204
    assert (await site.staff("GET", f"/api/people/{visitor}")).json()["suggestions"] == []


async def test_searching_and_who_may(site: Site) -> None:
    ana = await met(site, PHONE, name="Ána Pérez")
    await met(site, Identity(IdentityKind.EMAIL, "eva@x.com"), name="Eva")
    for text in ("ana p", "5550142", "+54 9 341"):
        items = (await site.staff("GET", "/api/people", params={"q": text})).json()["items"]
        assert [item["id"] for item in items] == [ana], text
    assert (await site.staff("GET", "/api/people/per_none")).status_code == 404
    assert (await site.staff("GET", "/api/people", who="executive")).status_code == 403
    assert (await site.staff("POST", f"/api/people/{ana}/merge", "auditor", json={"other": ana})).status_code == 403


async def test_the_queue_shows_what_hurries_first_page_by_page(site: Site) -> None:
    wanted = [Priority.NORMAL, Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.URGENT]
    ids: dict[str, Priority] = {}
    for priority in wanted:
        visitor = await site.visitor()
        site.product.people._clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
        async with site.product.db.write() as tx:
            await site.product.conversations.receive(tx, visitor.id, text="hola")
            version = (await site.product.conversations.get(tx.session, visitor.id)).control_version
            await site.product.conversations.ask_for_person(
                tx, visitor.id, version=version, reason="money", priority=priority
            )
        ids[visitor.id] = priority
    latest = list(reversed(ids))
    order = sorted(latest, key=lambda each: -ids[each].rank)
    seen: list[str] = []
    before: str | None = None
    for _ in range(4):
        params = {"folder": "queued", "limit": 2, **({"before": before} if before else {})}
        page = (await site.staff("GET", "/api/conversations", params=params)).json()
        seen += [item["id"] for item in page["items"]]
        before = page["next"]
        if before is None:
            break
    assert seen == order
    first = (await site.staff("GET", f"/api/conversations/{order[0]}")).json()["conversation"]
    assert (first["priority"], first["reason_text"]) == ("urgent", "Tiene un problema con un pago.")


@pytest.mark.parametrize("before", ["yesterday", "2026-11-21T12:00:00", "2026-11-21T12:00:00+00:00~first"])
async def test_a_mark_that_nobody_gave_out(site: Site, before: str) -> None:
    answer = await site.staff("GET", "/api/conversations", params={"before": before})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "malformed")


async def test_a_person_decides_what_hurries(site: Site) -> None:
    visitor = await site.visitor()
    path = f"/api/conversations/{visitor.id}"
    changed = await site.staff("POST", f"{path}/priority", json={"priority": "high"})
    assert (changed.status_code, changed.json()["priority"]) == (200, "high")
    await site.staff("POST", f"{path}/priority", json={"priority": "high"})
    lines = [each["text"] for each in (await site.staff("GET", path)).json()["messages"] if each["kind"] == "event"]
    assert lines == ["Marta cambió la prioridad a alta"]
    assert (await site.staff("POST", f"{path}/priority", json={"priority": "now"})).status_code == 422
    await site.staff("POST", f"{path}/take_over")
    back = (await site.staff("POST", f"{path}/hand_back", json={"note": ""})).json()
    assert back["priority"] == "normal"
