"""What whoever runs the house sees: periods that may be changed within bounds, backups, who may do what, how all is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from relevo.app.backup import back_up
from relevo.desk.keeping import Period
from relevo.kit.audit import deletions
from relevo.kit.clock import FixedClock
from relevo.people.rules import GRANTS, Action, Role
from tests.web.conftest import Site

CONSOLE = Path(__file__).parents[2] / "console" / "src" / "texts"


def by_name(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in answer["items"]}


async def test_a_period_that_is_chosen_is_what_the_night_goes_by(site: Site, clock: FixedClock) -> None:
    visitor = await site.visitor()
    await visitor.say("¿tienen pileta?")
    await site.product.work.idle()
    clock.advance(timedelta(hours=11))
    shown = (await site.staff("GET", "/api/retention", "admin")).json()
    assert by_name(shown)["keep_messages"] == {
        "name": "keep_messages", "days": 90, "given": 90, "chosen": False, "least": 7, "most": 1_825,
    }  # fmt: skip
    assert shown["next_at"].startswith("2026-11-22T06:30:00")
    path = "/api/retention/keep_messages"
    asked = (await site.staff("GET", f"{path}/preview?days=7", "admin")).json()
    assert asked == {"days": 7, "deletes": {"conversations": 0}}
    changed = (await site.staff("PUT", path, "admin", json={"days": 7})).json()
    assert (by_name(changed)["keep_messages"]["days"], by_name(changed)["keep_messages"]["chosen"]) == (7, True)
    assert [(each["name"], each["days"], each["by"]["name"]) for each in changed["history"]] == [
        ("keep_messages", 7, "Admin")
    ]
    clock.advance(timedelta(days=8))
    assert await site.product.nightly.would_forget(Period.MESSAGES, 7) == {"conversations": 1}
    assert await site.product.nightly.would_forget(Period.MESSAGES, 9) == {"conversations": 0}
    assert (await site.product.nightly.forget())["messages"] > 0
    assert {each["rule"] for each in await deletions(site.product.db)} == {"keep_messages=7"}


async def test_a_period_keeps_its_bounds_and_can_be_given_up(site: Site) -> None:
    path = "/api/retention/keep_audio"
    for days in (0, 1_826, 99_999):
        assert (await site.staff("PUT", path, "admin", json={"days": days})).status_code == 422
    assert (await site.staff("PUT", "/api/retention/keep_all", "admin", json={"days": 9})).status_code == 422
    await site.staff("PUT", path, "admin", json={"days": 60})
    await site.staff("PUT", path, "admin", json={"days": 60})
    back = (await site.staff("PUT", path, "admin", json={"days": None})).json()
    assert by_name(back)["keep_audio"]["days"] == 30
    assert [each["days"] for each in back["history"]] == [None, 60]
    noted = (await site.staff("GET", "/api/audit?what=retention_changed", "admin")).json()["items"]
    assert [each["details"] for each in noted] == [{"from": 60, "to": None}, {"from": None, "to": 60}]


async def test_a_legal_hold_is_listed_with_names(site: Site) -> None:
    visitor = await site.visitor()
    await visitor.say("hola")
    async with site.product.db.read() as session:
        person = (await site.product.conversations.get(session, visitor.id)).person_id
    await site.staff("POST", f"/api/people/{person}/legal-hold", "admin", json={"reason": "juicio"})
    listed = (await site.staff("GET", "/api/legal-holds", "admin")).json()["items"]
    assert [(each["person"]["id"], each["reason"], each["by_name"]) for each in listed] == [(person, "juicio", "Admin")]


async def test_backups_are_listed_with_how_the_last_night_went(site: Site, clock: FixedClock) -> None:
    none = (await site.staff("GET", "/api/backups", "admin")).json()
    assert (none["state"], none["items"], none["keep"]) == ("none", [], 14)
    settings = site.product.settings
    await back_up(settings, now=clock.now(), into=settings.backup_folder)
    made = (await site.staff("GET", "/api/backups", "auditor")).json()
    assert made["state"] == "ok"
    assert [each["name"].startswith("relevo-2") for each in made["items"]] == [True]
    assert made["items"][0]["size"] > 0


async def test_the_table_of_roles_is_the_one_that_decides(site: Site) -> None:
    shown = (await site.staff("GET", "/api/roles", "supervisor")).json()
    assert shown["roles"] == [role.value for role in Role]
    assert {each["action"]: set(each["roles"]) for each in shown["items"]} == {
        action.value: {role.value for role in Role if action in GRANTS[role]} for action in Action
    }


def test_every_permission_has_words_in_the_console() -> None:
    for language in ("es", "en"):
        words = (CONSOLE / f"{language}.roles.ts").read_text()
        assert [action.value for action in Action if f"  {action.value}: [" not in words] == []


async def test_how_everything_is(site: Site) -> None:
    shown = (await site.staff("GET", "/api/state", "auditor")).json()
    assert shown["house"]["mode"] == "normal"
    assert [node["own"] for node in shown["nodes"]] == [True]
    assert shown["machine"]["disk"]["total"] > shown["machine"]["disk"]["free"] > 0
    assert shown["work"]["parked"] == []
    assert all(queue["running"] >= 0 for queue in shown["work"]["queues"])
    assert shown["backup"]["state"] in ("none", "ok")
    await site.staff("POST", "/api/mode", "supervisor", json={"mode": "manual", "reason": "obra"})
    after = (await site.staff("GET", "/api/state", "admin")).json()
    assert (after["house"]["mode"], after["history"][0]["reason"]) == ("manual", "obra")


async def test_how_channels_are_set_up_without_what_is_secret(site: Site) -> None:
    found = {each["name"]: each for each in (await site.staff("GET", "/api/channels/setup")).json()["items"]}
    assert (found["webchat"]["on"], found["whatsapp"]["on"]) == (True, False)
    token = found["whatsapp"]["settings"][0]
    assert token == {"name": "RELEVO_WHATSAPP_META_TOKEN", "given": False, "needed": True}
    assert found["whatsapp"]["webhooks"][0]["url"].endswith("/api/whatsapp/meta/webhook")
    assert site.product.settings.signing_secret() not in str(found)
