"""The socket: whatever the other side sends, that call ends cleanly with its reason and the next one works."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from relevo.adapters.lines import twilio
from relevo.adapters.lines.loopback import PlayOut
from relevo.calls.media import mulaw

from .virtual_time import virtual
from .world import PUBLIC, AsgiWire, Guest, World, tone, until, world

SOUND = base64.b64encode(mulaw.encode(np.zeros(160, np.int16))).decode()


async def ringing(w: World, number: str = "+5493415550101") -> tuple[str, dict[str, str]]:
    sid, stream = await w.twilio.ring(PUBLIC + twilio.INCOMING, from_=number, to="+543414000000")
    return sid, stream.parameters


def start(sid: str, parameters: dict[str, str], **changes: Any) -> str:
    body = {"streamSid": "MZ1", "accountSid": "AC1", "callSid": sid, "customParameters": parameters} | changes
    return json.dumps({"event": "start", "sequenceNumber": "1", "streamSid": "MZ1", "start": body})


def media(payload: Any = SOUND, **changes: Any) -> str:
    return json.dumps(
        {"event": "media", "streamSid": "MZ1", "media": {"track": "inbound", "payload": payload}} | changes
    )


async def connected(w: World) -> tuple[AsgiWire, str]:
    sid, parameters = await ringing(w)
    wire = await w.wire(twilio.STREAM)
    await wire.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
    await wire.send(start(sid, parameters))
    await until(lambda: w.calls.carried > 0)
    return wire, sid


async def ended(w: World, wire: AsgiWire) -> dict[str, Any]:
    await asyncio.wait({wire.task})
    await w.calls.settle()
    assert w.calls.carried == 0
    assert wire.task.exception() is None
    return (await w.rows())[0]


GARBAGE = {
    "not JSON": "{nope",
    "a list": "[1, 2]",
    "a number": "7",
    "deep": "[" * 30_000,
    "wrong base64": media("@@@@"),
    "sound that is a number": media(7),
    "sound that is missing": json.dumps({"event": "media", "streamSid": "MZ1", "media": {}}),
    "media without a body": json.dumps({"event": "media", "streamSid": "MZ1"}),
    "ten megabytes": media("A" * 10_000_000),
    "seconds of sound": media(base64.b64encode(bytes(20_000)).decode()),
    "another stream": media(streamSid="MZ2"),
    "a second start": start("CA9", {}),
    "a key that is no key": json.dumps({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": "77"}}),
    "a mark without a body": json.dumps({"event": "mark", "mark": 3}),
}


@pytest.mark.parametrize("frame", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_ends_this_call_and_touches_nothing_else(tmp_path: Path, frame: str) -> None:
    @virtual
    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.recognizer.sentences = {440: "Sigo acá."}
            other = Guest([(4_000, tone(440, 800))], hangs_up_at=9_000)
            await w.call(other, from_="+5493415550999")
            wire, sid = await connected(w)
            await until(lambda: wire.spoken_to)
            await wire.send(media())
            await wire.send(frame)
            await asyncio.wait({wire.task})
            await until(lambda: w.calls.carried == 1)
            await w.settle()
            rows = {row["from"]: row["end_reason"] for row in await w.rows()}
            assert rows == {"+5493415550101": "protocol_error", "+5493415550999": "customer_hung_up"}
            assert "Sigo acá." in [message.text for message in await w.messages()]

    scenario()


@virtual
async def test_a_binary_frame_is_a_violation(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        wire, _ = await connected(w)
        await wire.send_bytes(b"\xff" * 160)
        assert (await ended(w, wire))["end_reason"] == "protocol_error"


@virtual
async def test_media_before_start_opens_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        sid, parameters = await ringing(w)
        wire = await w.wire(twilio.STREAM)
        await wire.send(media())
        await asyncio.wait({wire.task})
        assert w.calls.carried == 0
        assert (await w.rows())[0]["status"] == "ringing"
        good = await w.wire(twilio.STREAM)
        await good.send(start(sid, parameters))
        await until(lambda: w.calls.carried == 1)


@virtual
async def test_a_sudden_close_is_a_lost_line(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        wire, _ = await connected(w)
        await wire.close()
        row = await ended(w, wire)
        assert (row["end_reason"], row["status"], row["control"]) == ("line_lost", "ended", "closed")


@virtual
async def test_stop_is_the_customer_hanging_up(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        wire, _ = await connected(w)
        await wire.send(json.dumps({"event": "stop", "streamSid": "MZ1", "stop": {}}))
        assert (await ended(w, wire))["end_reason"] == "customer_hung_up"


@virtual
async def test_unknown_events_and_other_tracks_are_let_pass(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        wire, _ = await connected(w)
        await wire.send(json.dumps({"event": "surprise", "streamSid": "MZ1"}))
        await wire.send(media(media={"track": "outbound", "payload": "@@@"}))
        await wire.send(json.dumps({"event": "stop", "streamSid": "MZ1", "stop": {}}))
        assert (await ended(w, wire))["end_reason"] == "customer_hung_up"


@pytest.mark.parametrize("wrong", ["token", "call", "sid", "none", "format", "rate", "parameters"])
def test_nobody_gets_in_without_the_token_of_the_call(tmp_path: Path, wrong: str) -> None:
    @virtual
    async def scenario() -> None:
        async with world(tmp_path) as w:
            sid, parameters = await ringing(w)
            other_sid, other = await ringing(w, "+5493415550102")
            frames = {
                "token": start(sid, parameters | {"token": other["token"]}),
                "call": start(sid, parameters | {"call": other["call"]}),
                "sid": start(other_sid, parameters),
                "none": start(sid, {}),
                "format": start(sid, parameters, mediaFormat={"encoding": "audio/opus"}),
                "rate": start(sid, parameters, mediaFormat={"encoding": "audio/x-mulaw", "sampleRate": 16_000}),
                "parameters": start(sid, {str(number): "x" for number in range(50)}),
            }
            wire = await w.wire(twilio.STREAM)
            await wire.send(frames[wrong])
            await asyncio.wait({wire.task})
            assert w.calls.carried == 0
            assert {row["status"] for row in await w.rows()} == {"ringing"}

    scenario()


@virtual
async def test_a_token_is_good_once(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        sid, parameters = await ringing(w)
        first, second = await w.wire(twilio.STREAM), await w.wire(twilio.STREAM)
        await first.send(start(sid, parameters))
        await until(lambda: w.calls.carried == 1)
        await second.send(start(sid, parameters))
        await asyncio.wait({second.task})
        assert w.calls.carried == 1
        assert not first.task.done()
        await first.send(json.dumps({"event": "stop", "streamSid": "MZ1", "stop": {}}))
        await ended(w, first)
        third = await w.wire(twilio.STREAM)
        await third.send(start(sid, parameters))
        await asyncio.wait({third.task})
        assert w.calls.carried == 0


@virtual
async def test_a_socket_that_says_nothing_is_closed(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        wire = await w.wire(twilio.STREAM)
        began = asyncio.get_running_loop().time()
        await asyncio.wait({wire.task})
        assert asyncio.get_running_loop().time() - began <= 10.1


@virtual
async def test_never_more_than_400_ms_wait_at_the_carrier(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.voice.ms_per_character = 200
        call = await w.call(Guest(hangs_up_at=8_000))
        await w.settle()
        assert 0 < call.buffer.peak <= 3_200


@virtual
async def test_browser_calls_need_a_session_and_get_captions(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        async with w.db.write() as tx:
            person = await w.calls._people.find_or_create(tx, [])
        w.visitors[("cnv_web", "good")] = person.id
        refused = await w.wire("/browser-call")
        await refused.send(start("", {"session": "cnv_web", "token": "bad"}))
        await asyncio.wait({refused.task})
        assert await w.rows() == []
        wire = await w.wire("/browser-call")
        await wire.send(start("", {"session": "cnv_web", "token": "good"}))
        while json.loads(frame := await wire.receive() or "{}").get("event") != "caption":
            pass
        assert json.loads(frame) == {
            "event": "caption",
            "author": "bot",
            "text": "Hola, soy un asistente virtual. La llamada se graba.",
        }
        row = (await w.rows())[0]
        assert (row["line"], row["person"]["id"]) == ("browser", person.id)
        await wire.close()
        await w.calls.settle()


def test_the_loopback_plays_at_real_times_pace() -> None:
    buffer = PlayOut()
    assert buffer.mark("early") == ["early"]
    buffer.media(bytes(240))
    assert buffer.mark("m1") == []
    buffer.media(bytes(80))
    assert buffer.play() == (bytes(160), [])
    sound, marks = buffer.play()
    assert (len(sound), marks) == (160, ["m1"])
    buffer.media(bytes(1_600))
    buffer.mark("m2")
    assert buffer.clear() == ["m2"]
    assert buffer.play() == (b"\xff" * 160, [])


@virtual
async def test_a_server_that_stops_is_not_a_lost_line(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        wire, _ = await connected(w)
        await wire.close(1012)
        assert (await ended(w, wire))["end_reason"] == "node_stopped"
