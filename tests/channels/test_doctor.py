"""The channel doctor over HTTP, on the command line and in the eyes of the house's watch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from relevo.adapters.understanding.embedded import Embedded
from relevo.app.channels import diagnose
from relevo.cli import _channel
from relevo.desk.channels import Channels
from relevo.kit.clock import FixedClock
from relevo.people.rules import Role
from tests.channels.twilio_world import ACCOUNT, OURS, PUBLIC, THEIRS, TOKEN, World, world


@pytest.fixture
async def w(tmp_path: Path, clock: FixedClock, engine: Embedded, database_url: str) -> AsyncIterator[World]:
    async with world(tmp_path, clock, engine, database_url) as made:
        yield made


async def shown(w: World, *, now: bool = False) -> dict[str, Any]:
    if now:
        # What was asked at the start is old by then.
        w.clock.advance(timedelta(seconds=30))
    answer = await w.staff("GET", f"/api/channels{'?now=1' if now else ''}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = next(each for each in answer.json()["items"] if each["name"] == "whatsapp_twilio")
    return found


def said(channel: dict[str, Any]) -> dict[str, bool]:
    return {each["code"]: each["ok"] for each in channel["findings"]}


async def test_everything_is_well_and_what_goes_on_is_shown(w: World) -> None:
    before = await shown(w, now=True)
    assert (before["state"], before["account"], before["title"]) == ("ok", OURS, "WhatsApp (Twilio)")
    wanted = ("public_address", "token", "account", "sender", "subscription")
    assert said(before) == dict.fromkeys(wanted, True)
    assert all(each["text"].endswith((".", "webhook", PUBLIC)) for each in before["findings"])
    assert (before["last_in"], before["last_out"], before["last_error"], before["refused"]) == (None, None, None, 0)
    assert before["checked_at"]
    assert before["testable"]
    await w.customer.writes("Hola")
    await w.settled()
    after = await shown(w)
    assert after["last_in"] == after["last_out"] == "2026-11-21T12:00:30.000Z"
    answer = await w.staff("GET", "/api/channels")
    assert {each["name"] for each in answer.json()["items"]} >= {"webchat", "whatsapp_twilio"}


async def test_refusals_are_counted_and_worth_a_look_for_a_day(w: World) -> None:
    form = w.customer.form(w.customer.keeps("Hola"))
    for _ in range(3):
        assert await w.customer.posts(form, signature="AAAA") == 403
    channel = await shown(w)
    assert (channel["refused"], channel["state"]) == (3, "warning")
    assert channel["refused_at"] == "2026-11-21T12:00:00.000Z"
    assert "3" in next(each["text"] for each in channel["findings"] if each["code"] == "signatures")
    w.clock.advance(timedelta(days=1, minutes=1))
    w.tokens.clear()
    assert (await shown(w, now=True))["state"] == "ok"


async def test_the_last_error_stays_with_its_words(w: World) -> None:
    w.twilio.faults.wrong_numbers[THEIRS] = 63_007
    await w.customer.writes("Hola")
    await w.settled()
    error = (await shown(w))["last_error"]
    assert error["code"] == "whatsapp_not_registered"
    assert error["text"].endswith(".")


@pytest.mark.parametrize(
    ("broken", "code"),
    [({"webhook": {"callback_url": "https://old.test/sms"}}, "subscription"), ({"status": "OFFLINE"}, "sender"),
     ({"sender_id": "whatsapp:+1"}, "sender")],
)  # fmt: skip
async def test_what_keeps_messages_away_takes_the_channel_down(w: World, broken: dict[str, Any], code: str) -> None:
    w.twilio.shelf.sender |= broken
    channel = await shown(w, now=True)
    assert (channel["state"], said(channel)[code]) == ("down", False)


async def test_retries_asked_for_in_the_address_are_no_difference(w: World) -> None:
    w.twilio.shelf.sender["webhook"]["callback_url"] += "#rc=2&rp=all"
    assert said(await shown(w, now=True))["subscription"]


async def test_wrong_credentials_and_silence_are_told_apart(w: World) -> None:
    w.twilio.token = "another"
    assert said(await shown(w, now=True)) == {"public_address": True, "token": False}
    w.twilio.token, w.twilio.faults.down = TOKEN, True
    silent = await shown(w, now=True)
    assert said(silent) == {"carrier_unavailable": False}
    assert silent["state"] == "down"


async def test_carriers_are_not_asked_for_every_page(w: World) -> None:
    await shown(w, now=True)
    before = len(w.twilio.requests)
    for _ in range(5):
        assert (await w.staff("GET", "/api/channels?now=1")).status_code == 200
        await shown(w)
    assert len(w.twilio.requests) == before


def channels_of(mode: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in mode["parts"] if each["name"] == "channels")
    return found


async def test_a_channel_that_fails_is_an_alert_until_it_works(w: World) -> None:
    async def turns(count: int) -> list[str]:
        for _ in range(count):
            w.clock.advance(timedelta(seconds=45))
            await w.product.messaging.health.look(older_than=timedelta(seconds=30))
            await w.product.house.watch.look()
        listed = (await w.staff("GET", "/api/alerts")).json()["items"]
        return [f"{each['title']} {each['text']}" for each in listed if each["subject"] == "channels"]

    assert await turns(1) == []
    w.twilio.shelf.sender["status"] = "OFFLINE"
    [alert] = await turns(4)
    assert "los canales de mensajes" in alert
    assert "un número de WhatsApp no está en línea" in alert
    mode = (await w.staff("GET", "/api/mode")).json()
    assert {"name": "channels", "state": "down", "reason": "sender"}.items() <= channels_of(mode).items()
    assert (mode["mode"], mode["selling"]) == ("degraded", True)
    w.twilio.shelf.sender["status"] = "ONLINE"
    assert await turns(8) == []
    assert channels_of((await w.staff("GET", "/api/mode")).json())["state"] == "ok"


async def test_a_test_message_reaches_who_expects_it(w: World) -> None:
    sent = await w.staff("POST", "/api/channels/whatsapp_twilio/test", json={"to": "+54 9 341 555-0101"})
    assert (sent.status_code, sent.json()) == (200, {"carrier_id": w.sent[-1].sid})
    assert (w.sent[-1].to, w.sent[-1].body[:18]) == (f"whatsapp:{THEIRS}", "Mensaje de prueba ")
    assert (await shown(w))["last_out"]
    assert await w.conversations() == []
    for name, to, status in (("nothing", THEIRS, 404), ("webchat", THEIRS, 409), ("whatsapp_twilio", "abc", 422)):
        assert (await w.staff("POST", f"/api/channels/{name}/test", json={"to": to})).status_code == status
    w.twilio.faults.wrong_numbers[THEIRS] = 63_015
    refused = await w.staff("POST", "/api/channels/whatsapp_twilio/test", json={"to": THEIRS})
    assert (refused.status_code, refused.json()["error"]["code"]) == (502, "twilio_sandbox")
    again = await w.staff("POST", "/api/channels/whatsapp_twilio/test", json={"to": THEIRS})
    assert again.status_code == 429


async def test_who_may_see_and_who_may_test(w: World) -> None:
    for role, sees, tests in (
        (Role.AGENT, 200, 403), (Role.SUPERVISOR, 200, 404), (Role.EXECUTIVE, 200, 403), (Role.AUDITOR, 403, 403),
    ):  # fmt: skip
        assert (await w.staff("GET", "/api/channels", role)).status_code == sees
        made = await w.staff("POST", "/api/channels/nothing/test", role, json={"to": THEIRS})
        assert made.status_code == tests
    assert (await w.http.get(f"{w.url}/api/channels")).status_code == 401


async def test_the_command_line_says_the_same(w: World) -> None:
    await w.customer.writes("Hola")
    await w.settled()
    await w.customer.posts(w.customer.form(w.customer.keeps("x")), signature="AAAA")
    await w.product.messaging.health.flush()
    channels = {each["name"]: each for each in await diagnose(w.product.settings)}
    channel = channels["whatsapp_twilio"]
    over_http = await shown(w, now=True)
    assert channel["last_in"] == over_http["last_in"]
    assert channel["refused"] == over_http["refused"] == 1
    assert said(channel) | {"signatures": False} == said(over_http) | {"signatures": False}
    lines = list(_channel(channel))
    assert lines[0].endswith(f"WhatsApp (Twilio) {OURS}")
    assert any("2026-11-21 12:00" in line for line in lines)
    w.twilio.token = "another"
    channels = {each["name"]: each for each in await diagnose(w.product.settings)}
    assert channels["whatsapp_twilio"]["state"] == "down"
    assert next(_channel(channels["whatsapp_twilio"])).startswith("✗")


async def test_without_a_database_the_carrier_is_asked_all_the_same(w: World, tmp_path: Path) -> None:
    empty = w.product.settings.model_copy(update={"data_dir": tmp_path / "nothing", "database_url": ""})
    channels = {each["name"]: each for each in await diagnose(empty)}
    assert said(channels["whatsapp_twilio"])["token"]
    wrong = empty.model_copy(update={"twilio_account_sid": "", "twilio_whatsapp_number": "12"})
    channels = {each["name"]: each for each in await diagnose(wrong)}
    assert said(channels["whatsapp_twilio"]) == {"twilio_off": False}
    assert ACCOUNT not in str(channels)


async def test_what_could_not_be_written_is_counted_the_next_time(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    health: Channels = w.product.messaging.health
    health.refused("whatsapp_twilio", OURS)
    good = health.db

    class Broken:
        def write(self) -> Any:
            raise OSError("disk full")

    monkeypatch.setattr(health, "db", Broken())
    with pytest.raises(OSError, match="disk full"):
        await health.flush()
    monkeypatch.setattr(health, "db", good)
    health.refused("whatsapp_twilio", OURS)
    assert (await shown(w))["refused"] == 2
