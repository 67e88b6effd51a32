"""Every answered turn leaves a row: what it says, who sees its figures, and what is left when the words go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from relevo.adapters.understanding.embedded import Embedded
from relevo.app.nightly import NIGHTLY
from relevo.kit.clock import FixedClock
from relevo.texts import Texts
from relevo.web.assistant import examples
from tests.conftest import ENGINES
from tests.web.conftest import PASSWORD, STAFF, Site

pytestmark = pytest.mark.parametrize("database_url", ENGINES, indirect=True)
STATS = "/api/orchestrator?action=stats"


async def rows(site: Site) -> list[dict[str, Any]]:
    async with site.product.db.read() as session:
        found = await session.execute(text("select * from interaction order by at, id"))
        return [dict(row) for row in found.mappings()]


async def test_a_turn_is_noted_with_its_answer_and_counted(site: Site) -> None:
    guest = await site.visitor()
    said = await guest.replies("¿Tienen una doble del 11 al 13 de diciembre para dos?")
    await site.staff("POST", "/api/orchestrator/test", json={"message": "hola"})
    (row,) = await rows(site)
    assert (row["conversation_id"], row["channel"], row["llm_answer"], row["error"]) == (
        guest.id,
        "webchat",
        None,
        None,
    )
    assert row["message"] == "¿Tienen una doble del 11 al 13 de diciembre para dos?"
    assert (row["intent"], row["engine_answer"], bool(row["success"])) == ("check_availability", said, True)
    assert row["processing_ms"] > 0
    assert "find_rooms" in str(row["api_calls"])
    assert "2026-12-11" in str(row["entities"])
    shown = (await site.staff("GET", STATS, "auditor")).json()
    (day,) = shown["conversation_stats"]
    assert (day["day"], day["turns"], day["conversations"], day["failed"], day["reworded"]) == (
        "2026-11-21",
        1,
        1,
        0,
        0,
    )
    assert [(each["intent"], each["turns"]) for each in shown["intent_stats"]] == [("check_availability", 1)]
    assert shown["error_stats"] == []
    answered = shown["specialist_stats"][0]
    assert (answered["specialist"], answered["track"], answered["turns"]) == ("availability", "guests", 1)
    assert (answered["succeeded"], answered["handoffs"]) == (1, 0)
    assert answered["average_ms"] > 0
    idle = [each for each in shown["specialist_stats"] if not each["turns"]]
    assert len(idle) > 25, "those that nobody needed are shown as such"
    assert {each["average_ms"] for each in idle} == {None}
    theirs = (await site.staff("GET", f"{STATS}&person_id={row['person_id']}", "admin")).json()
    assert (theirs["turns"], theirs["conversations"], theirs["failed"]) == (1, 1, 0)
    assert theirs["intents"] == [{"intent": "check_availability", "turns": 1}]
    assert (await site.staff("GET", f"{STATS}&person_id=per_nobody", "admin")).status_code == 404


async def test_what_fails_is_counted_by_its_error(site: Site) -> None:
    await (await site.visitor()).say("hola")
    async with site.product.db.write() as tx:
        await tx.session.execute(text("update interaction set success = false, error = 'pms_down'"))
    shown = (await site.staff("GET", STATS, "admin")).json()
    assert [(each["error"], each["turns"]) for each in shown["error_stats"]] == [("pms_down", 1)]
    assert shown["conversation_stats"][0]["failed"] == 1


async def test_the_words_go_and_the_figures_stay(site: Site, clock: FixedClock) -> None:
    async with site.product.db.write() as tx:
        await tx.session.execute(text("delete from job where kind = :kind"), {"kind": NIGHTLY})
    await (await site.visitor()).say("¿tienen pileta?")
    clock.advance(timedelta(days=91))
    await (await site.visitor()).say("¿tienen cochera?")
    await site.product.nightly.forget()
    old, new = await rows(site)
    assert (old["message"], old["entities"], old["engine_answer"], old["llm_answer"]) == (None, None, None, None)
    assert (old["intent"], new["message"]) == ("ask_services", "¿tienen cochera?")
    token, _ = await site.product.people.sign_in(STAFF["admin"][0], PASSWORD, address="test")
    site.tokens["admin"] = token
    shown = (await site.staff("GET", f"{STATS}&days=92", "admin")).json()
    assert [each["turns"] for each in shown["conversation_stats"]] == [1, 1]


async def test_who_may_see_what(site: Site) -> None:
    for path, may in (
        (STATS, {"admin", "auditor"}),
        ("/api/orchestrator?action=health", {"admin", "auditor"}),
        ("/api/orchestrator/test?type=health", {"admin", "agent", "supervisor"}),
        ("/api/orchestrator/test?type=examples", {"admin", "agent", "supervisor"}),
    ):
        assert (await site.http.get(path)).status_code == 401
        for who in ("admin", "auditor", "agent", "supervisor", "executive"):
            assert (await site.staff("GET", path, who)).status_code == (200 if who in may else 403), (path, who)
    assert (await site.staff("GET", "/api/orchestrator?action=drop", "admin")).status_code == 422
    health = (await site.staff("GET", "/api/orchestrator?action=health", "admin")).json()
    assert (health["status"], health["checks"]["database"]) == ("ok", "ok")


async def test_every_example_is_understood(site: Site, engine: Embedded) -> None:  # noqa: ARG001
    for each in examples(Texts("es")):
        assert (await site.product.bot.try_out(each["message"]))["intent"] == each["intent"], each
