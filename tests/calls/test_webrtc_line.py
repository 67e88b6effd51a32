"""Customers who call from the page over WebRTC: the carrier's manners in ticks, and one real call on the loopback."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from relevo.adapters.lines.ice import Settings
from relevo.adapters.lines.webrtc_line import QUIET, Visitors, WebRtcLine
from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm
from relevo.calls.rules import EndReason
from relevo.kit.errors import Forbidden
from relevo.kit.ids import CountingIds
from relevo.people.rules import Identity, IdentityKind

from .peers import Browser, soon
from .voices import frames
from .world import BOT_HZ, loudest_hz, tone, world

pytest.importorskip("aiortc")


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


class Listener:
    def __init__(self) -> None:
        self.heard: list[tuple[int, bytes]] = []
        self.marks: list[str] = []
        self.digits: list[str] = []
        self.reasons: list[str] = []

    def sound(self, mulaw: bytes, position: int) -> None:
        self.heard.append((position, mulaw))

    def marked(self, name: str) -> None:
        self.marks.append(name)

    def digit(self, digit: str) -> None:
        self.digits.append(digit)

    def closed(self, reason: str) -> None:
        self.reasons.append(reason)


async def test_it_plays_a_frame_per_tick_tells_marks_as_they_are_reached_and_forgets_what_is_cleared() -> None:
    line, listener, sent = WebRtcLine(lambda: None), Listener(), list[bytes]()
    line.sound.send = sent.append  # type: ignore[method-assign]
    line.connected(listener)
    one, two, three = (bytes([value]) * FRAME_SAMPLES for value in (1, 2, 3))
    line.tick()
    line.write(one)
    line.mark("a")
    line.write(two)
    line.write(three)
    line.mark("b")
    line.tick()
    assert listener.marks == ["a"]
    line.tick()
    line.clear()
    line.tick()
    assert listener.marks == ["a", "b"]
    assert sent == [QUIET, one, two, QUIET]
    line.press("4")
    line.over(EndReason.CUSTOMER_HUNG_UP)
    line.over(EndReason.LINE_LOST)
    assert (listener.digits, listener.reasons) == (["4"], ["customer_hung_up"])


async def test_what_the_customer_says_keeps_its_place_in_time() -> None:
    line, listener = WebRtcLine(lambda: None), Listener()
    line.connected(listener)
    for number, frame in enumerate(frames(tone(500, 1_000))):
        if not 20 <= number < 40:
            line.sound.hear(1, LINE_RATE, number, number * FRAME_SAMPLES, frame)
        line.tick()
    positions = [position for position, _ in listener.heard]
    assert positions == sorted(set(positions))
    assert all(position % FRAME_SAMPLES == 0 for position in positions)
    assert loudest_hz(mulaw.decode(b"".join(sound for _, sound in listener.heard[:15])), LINE_RATE) == pytest.approx(
        500, abs=5
    )


def loud(browser: Browser) -> list[Pcm]:
    return [frame for frame in browser.heard if np.abs(frame).max() > 1_000]


async def test_a_visitor_calls_hears_the_bot_and_hangs_up(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        async with w.db.write() as tx:
            person = await w.calls._people.find_or_create(
                tx, [Identity(IdentityKind.PHONE, "+34600000000")], name="Ana"
            )
        w.visitors["cnv_1", "token"] = person.id

        async def verify(session: str, token: str) -> str | None:
            return w.visitors.get((session, token))

        visitors = Visitors(w.calls, w.calls.media, verify, Settings(), CountingIds())
        browser = Browser(440)
        browser.loudness = 0
        offer = await browser.offer()
        with pytest.raises(Forbidden):
            await visitors.offer("cnv_1", "wrong", offer)
        assert len(visitors) == 0
        link_id, answer = await visitors.offer("cnv_1", "token", offer)
        await visitors.candidate("cnv_1", "token", link_id, None)
        await browser.accept(answer)
        await soon(lambda: len(loud(browser)) > 25, 6)
        assert loudest_hz(np.concatenate(loud(browser)), LINE_RATE) == pytest.approx(BOT_HZ, abs=5)
        [row] = await w.rows()
        assert (row["line"], row["status"]) == ("browser", "active")
        await browser.close()
        await soon(lambda: len(visitors) == 0)
        await w.calls.settle()
        [row] = await w.rows()
        assert (row["status"], row["end_reason"]) == ("ended", "customer_hung_up")
        await visitors.close()
