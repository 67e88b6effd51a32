"""What one caller, one visitor or one fault may cost the others: nothing."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path

import numpy as np
import pytest

from relevo.adapters.lines import browser, twilio
from relevo.calls.media.clock import MediaClock
from relevo.calls.rules import Direction, EndReason
from relevo.calls.service import Ringing
from relevo.kit.errors import Conflict
from relevo.people.rules import Identity, IdentityKind, Role
from tests.calls.virtual_time import virtual
from tests.calls.world import BOT_HZ, PUBLIC, AsgiWire, Guest, ScriptedLeg, World, energy, tone, until, world


async def visit(w: World, session: str) -> AsgiWire:
    """A visitor of the web calls."""
    async with w.db.write() as tx:
        person = await w.calls._people.find_or_create(tx, [Identity(IdentityKind.WEBCHAT, session)])
    w.visitors[(session, "tok")] = person.id
    wire = await w.wire(browser.STREAM)
    body = {"streamSid": "MZ1", "callSid": "CA1", "customParameters": {"session": session, "token": "tok"}}
    await wire.send(json.dumps({"event": "start", "start": body}))
    return wire


@virtual
async def test_sound_faster_than_real_time_ends_only_that_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=8_000)
        await w.call(guest)
        wire = await visit(w, "wcs_fast")
        await until(lambda: w.calls.carried == 2)
        sound = base64.b64encode(b"\xff" * 16_000).decode()
        for _ in range(10):
            await wire.send(json.dumps({"event": "media", "streamSid": "MZ1", "media": {"payload": sound}}))
        await asyncio.wait({wire.task})
        await until(lambda: w.calls.carried == 1)
        ends = {row["line"]: row["end_reason"] for row in await w.rows()}
        assert ends["browser"] == "protocol_error"
        await w.settle()
        assert guest.loud()


@virtual
async def test_visitors_never_take_more_than_half_of_the_lines(tmp_path: Path) -> None:
    async with world(tmp_path, most=4) as w:
        wires = await asyncio.gather(*[visit(w, f"wcs_{number}") for number in range(4)])
        await until(lambda: w.calls.carried == 2)
        await asyncio.sleep(1)
        assert w.calls.carried == 2
        guest = Guest(hangs_up_at=4_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 3_000)
        assert energy(guest.all_heard(), BOT_HZ) > 0.1, "a telephone caller is still answered"
        assert [row["status"] for row in await w.rows()].count("ringing") == 0
        for wire in wires:
            if not wire.task.done():
                await wire.close()
        await w.settle()


@virtual
async def test_one_visitor_has_one_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        first = await visit(w, "wcs_one")
        await until(lambda: w.calls.carried == 1)
        second = await visit(w, "wcs_one")
        await asyncio.wait({second.task})
        assert len(await w.rows()) == 1
        await first.close()
        await w.settle()


@virtual
async def test_when_all_lines_are_taken_the_carrier_says_so(tmp_path: Path) -> None:
    async with world(tmp_path, most=1) as w:
        guest = Guest(hangs_up_at=6_000)
        await w.call(guest)
        await until(lambda: w.calls.carried == 1)
        status, body = await w.twilio.webhook(
            PUBLIC + twilio.INCOMING, {"CallSid": "CA" + "9" * 32, "From": "+5493415550199", "To": "+543414000000"}
        )
        assert status == 200
        assert "ocupadas" in body
        assert "<Hangup" in body
        assert len(await w.rows()) == 1
        await w.settle()


@virtual
async def test_a_flood_of_keys_ends_with_the_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.bot.seconds = 1.0
        guest = Guest(hangs_up_at=60_000)
        call = await w.call(guest)
        await until(lambda: guest.ms >= 3_000)
        for _ in range(3_000):
            await call._send("dtmf", {"track": "inbound_track", "digit": "5"})
        ended = guest.ms + 1_000
        guest.hangs_up_at = ended
        await w.settle()
        assert len(w.bot.turns) <= 12
        assert (await w.rows())[0]["seconds"] <= ended / 1_000 + 3


@virtual
async def test_a_listener_that_fails_deafens_nobody_else(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Tienen cochera?"}
        one, two = Guest(hangs_up_at=9_000), Guest([(4_000, tone(440, 800))], hangs_up_at=9_000)
        await w.call(one)
        await until(lambda: w.calls.carried == 1)
        session = next(iter(w.calls.here._sessions.values()))

        def fail(probability: float, window: bytes) -> None:
            raise RuntimeError("broken")

        session._bridge.customer._ear.hear = fail
        await w.call(two, from_="+5493415550102")
        await w.settle()
        assert [turn.text for turn in w.bot.turns] == ["¿Tienen cochera?"]


@virtual
async def test_a_headset_that_fails_silences_only_itself(tmp_path: Path) -> None:
    class Broken(ScriptedLeg):
        def read(self) -> np.ndarray | None:  # type: ignore[type-arg]
            raise RuntimeError("broken")

    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        w.wear(ScriptedLeg(1000))
        w.wear(Broken(), ana)
        guest = Guest(hangs_up_at=8_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 4_000)
        await w.take_over()
        await until(lambda: guest.ms >= 6_000)
        assert w.headsets.connected() == [w.agent.id]
        assert energy(np.concatenate(guest.heard[-50:]), 1000) > 0.2
        await w.settle()


@virtual
async def test_the_clock_goes_on_when_whoever_was_told_of_a_fault_fails_too(tmp_path: Path) -> None:
    clock, beats = MediaClock(), []

    def broken() -> None:
        raise RuntimeError("tick")

    def told(error: Exception) -> None:
        raise RuntimeError("fault")

    clock.join(broken, told)
    clock.join(lambda: beats.append(1), told)
    await asyncio.sleep(0.2)
    assert len(beats) >= 9


@virtual
async def test_a_colleagues_call_is_not_ended_by_an_agent(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana, boss = await w.staff("Ana"), await w.staff("Julian", Role.SUPERVISOR)
        guest = Guest(hangs_up_at=20_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 3_000)
        await w.take_over()
        call_id = (await w.rows())[0]["id"]
        with pytest.raises(Conflict, match="not_in_control"):
            await w.calls.hang_up(call_id, staff=ana)
        await until(lambda: guest.ms >= 4_000)
        assert (await w.rows())[0]["status"] == "active"
        await w.calls.hang_up(call_id, staff=boss)
        await w.settle()
        assert (await w.rows())[0]["end_reason"] == EndReason.STAFF_HUNG_UP


@virtual
async def test_a_recording_paused_for_a_card_goes_on_when_the_bot_is_back(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Tienen cochera?"}
        guest = Guest([(8_000, tone(440, 800))], hangs_up_at=14_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 4_000)
        await w.take_over()
        await w.commands.pause_recording((await w.rows())[0]["id"], w.agent, on=True)
        await w.hand_back()
        await w.settle()
        assert [turn.text for turn in w.bot.turns] == ["¿Tienen cochera?"]
        assert (await w.recording())[8_200 * 8 : 8_600 * 8, 0].any()


@virtual
async def test_a_call_that_only_rings_ends_by_itself(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.twilio.ring(PUBLIC + twilio.INCOMING, from_="+5493415550101", to="+543414000000")
        assert await w.calls.sweep() == 0
        await asyncio.sleep(301)
        assert await w.calls.sweep() == 1
        row = (await w.rows())[0]
        assert (row["status"], row["end_reason"], row["control"]) == ("ended", "no_answer", "closed")


@virtual
async def test_a_call_that_is_tried_again_is_the_bots_again(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ringing = Ringing("twilio", "+543414000000", "+5493415550101", direction=Direction.OUTBOUND, session_id="ses_1")
        call = await w.calls.ring(ringing)
        await w.calls.ended(call.id, EndReason.FAILED)
        await w.calls.ring_again(call.id)
        row = (await w.rows())[0]
        assert (row["status"], row["control"]) == ("ringing", "bot")


@virtual
async def test_who_waits_for_a_person_is_told_when_time_is_up(tmp_path: Path) -> None:
    async with world(tmp_path, max_seconds=20) as w:
        guest = Guest(hangs_up_at=120_000)
        call = await w.call(guest)
        await until(lambda: guest.ms >= 3_000)
        await call._send("dtmf", {"track": "inbound_track", "digit": "0"})
        await w.settle()
        row = (await w.rows())[0]
        assert row["end_reason"] == "max_duration"
        assert guest.ms < 30_000
