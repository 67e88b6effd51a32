"""Presence over HTTP and the live feed: one's own state, the team, who sees whose time."""

from __future__ import annotations

from typing import Any

from relevo.kit.clock import FixedClock
from tests.web.conftest import Site


async def mine(site: Site, who: str = "agent", **body: Any) -> tuple[int, Any]:
    answer = await site.staff("POST", "/api/presence/me", who, json=body)
    return answer.status_code, answer.json()


async def test_declaring_a_state_and_its_refusals(site: Site) -> None:
    first = (await site.staff("GET", "/api/presence/me")).json()
    assert (first["state"], first["in_use"], first["may_be_rung"]) == ("offline", False, True)
    assert {"code": "meal", "name": "Comida"} in first["reasons"]
    status, shift = await mine(site, state="pause", reason="meal")
    assert (status, shift["state"], shift["reason_name"], shift["version"]) == (200, "pause", "Comida", 1)
    assert shift["may_be_rung"] is False
    refusals = [
        ({"state": "pause"}, "pause_reason"), ({"state": "on_call"}, "presence_state"),
        ({"state": "available", "version": 0}, "presence_moved"), ({"state": "asleep"}, "malformed"),
    ]  # fmt: skip
    for body, code in refusals:
        assert (await mine(site, **body))[1]["error"]["code"] == code
    for path, code in (
        ("next", "no_next_state"),
        ("wrap-up/end", "not_in_wrap_up"),
        ("wrap-up/extend", "not_in_wrap_up"),
    ):
        method = "PUT" if path == "next" else "POST"
        answer = await site.staff(
            method, f"/api/presence/me/{path}", json={"state": "available"} if path == "next" else {}
        )
        assert answer.json()["error"]["code"] == code
    assert (await site.staff("POST", "/api/presence/me/here")).json()["asked_at"] is None


async def test_a_supervisor_sees_and_changes_the_team(site: Site, clock: FixedClock) -> None:
    _, shift = await mine(site, state="available")
    team = (await site.staff("GET", "/api/presence/team", "supervisor")).json()
    (marta,) = [each for each in team["items"] if each["name"] == "Marta"]
    assert (marta["state"], marta["role"], team["in_use"]) == ("available", "agent", True)
    path = f"/api/presence/{shift['staff_id']}"
    nothing = await site.staff("POST", path, "supervisor", json={"state": "offline", "note": " "})
    assert nothing.json()["error"]["code"] == "presence_note"
    changed = await site.staff("POST", path, "supervisor", json={"state": "pause", "reason": "meal", "note": "avisó"})
    assert changed.json()["state"] == "pause"
    day = (await site.staff("GET", f"{path}/day", "auditor")).json()
    assert [(each["why"], each["note"]) for each in day["changes"]] == [("declared", None), ("supervisor", "avisó")]
    at = clock.now().isoformat()
    future = {"start": at, "end": "2030-01-01T00:00:00Z", "state": "offline", "note": "x"}
    wrong = await site.staff("POST", f"{path}/corrections", "supervisor", json=future)
    assert wrong.json()["error"]["code"] == "presence_stretch"
    zone = await site.staff("PUT", f"{path}/zone", "supervisor", json={"zone": "Europe/Madrid"})
    assert zone.json()["zone"] == "Europe/Madrid"
    assert (await site.staff("GET", "/api/presence/me/day")).json()["zone"] == "Europe/Madrid"


async def test_totals_have_names_only_for_those_who_see_the_team(site: Site) -> None:
    await mine(site, state="available")
    path = "/api/presence/totals?from=2026-11-21&to=2026-11-22"
    named = (await site.staff("GET", path, "supervisor")).json()
    nameless = (await site.staff("GET", path, "executive")).json()
    assert {each["name"] for each in named["items"]} >= {"Marta", "Luz"}
    assert nameless["items"] == []
    assert nameless["totals"] == named["totals"]
    assert nameless["people"] == named["people"]
    own = (await site.staff("GET", path.replace("/totals", "/me/totals"))).json()
    assert [each["name"] for each in own["items"]] == ["Marta"]


async def test_an_agent_cannot_reach_a_colleague(site: Site) -> None:
    _, luz = await mine(site, "agent2", state="pause", reason="errand")
    path = f"/api/presence/{luz['staff_id']}"
    for method, where in (
        ("GET", f"{path}/day"),
        ("GET", "/api/presence/team"),
        ("POST", path),
        ("PUT", f"{path}/zone"),
    ):
        answer = await site.staff(method, where, "agent", json={} if method != "GET" else None)
        assert answer.json()["error"]["code"] == "not_allowed", (method, where)
    board = (await site.staff("GET", "/api/presence/board")).json()
    (shown,) = [each for each in board["items"] if each["staff_id"] == luz["staff_id"]]
    assert shown.keys() == {"id", "staff_id", "state", "since"}
