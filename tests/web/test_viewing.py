"""Who has the same thing on the screen: over real sockets, in one process and in two; nothing for who may not see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from relevo.kit.bus import Bus
from relevo.web.beside import PATIENCE, RENEWED, WRITING, Beside, Doing
from tests.web.conftest import Site
from tests.web.test_live_feed import Console, console, served


async def subscribed(desk: Console, *topics: str) -> None:
    for topic in topics:
        await desk.send(type="subscribe", topic=topic)
        while (await desk.next()).get("type") != "snapshot":
            pass


async def viewing(desk: Console, topic: str) -> list[dict[str, Any]]:
    """The next news of who shows what."""
    items: list[dict[str, Any]] = (await desk.until(topic, "viewing"))["data"]["items"]
    return items


async def test_a_colleague_is_seen_looking_writing_and_leaving(site: Site) -> None:
    site.product.beside._pace = 0.01
    guest = await site.visitor()
    thing = f"conversation:{guest.id}"
    async with served(site) as port, console(port, site.tokens["agent2"]) as luz:
        await subscribed(luz, thing, "inbox")
        async with console(port, site.tokens["agent"]) as marta:
            await subscribed(marta, thing)
            await marta.send(type="view", thing=thing)
            [item] = await viewing(luz, thing)
            assert item["thing"] == thing
            assert [(each["name"], each["doing"]) for each in item["who"]] == [("Marta", "looking")]
            [row] = await viewing(luz, "inbox")
            assert row == item
            await marta.send(type="view", thing=thing, doing="note")
            assert (await viewing(luz, thing))[0]["who"][0]["doing"] == "note"
            await marta.send(type="view", thing=None)
            assert (await viewing(luz, thing))[0]["who"] == []
            await marta.send(type="view", thing=thing, doing="reply")
            assert (await viewing(luz, thing))[0]["who"][0]["doing"] == "reply"
        # Her socket is gone, and with it she is.
        assert (await viewing(luz, thing))[0]["who"] == []


async def test_whoever_comes_later_is_told_who_is_there(site: Site) -> None:
    guest = await site.visitor()
    thing = f"conversation:{guest.id}"
    async with served(site) as port, console(port, site.tokens["agent"]) as marta:
        await subscribed(marta, thing)
        await marta.send(type="view", thing=thing, doing="reply")
        await marta.send(type="ping")
        while (await marta.next()).get("type") != "pong":
            pass
        async with console(port, site.tokens["agent2"]) as luz:
            await luz.send(type="subscribe", topic=thing)
            assert (await luz.next())["type"] == "snapshot"
            assert (await viewing(luz, thing))[0]["who"][0]["name"] == "Marta"


@pytest.mark.parametrize("frame", [{"thing": 7}, {"thing": "conversation:x", "doing": []}, {"thing": "nonsense:1"}])
async def test_what_is_none_is_denied(site: Site, frame: dict[str, Any]) -> None:
    async with served(site) as port, console(port, site.tokens["agent"]) as desk:
        await desk.send(type="view", **frame)
        assert (await desk.next())["type"] == "denied"


async def test_who_may_not_see_it_neither_shows_it_nor_hears_of_it(site: Site) -> None:
    site.product.beside._pace = 0.01
    guest = await site.visitor()
    thing = f"conversation:{guest.id}"
    async with (
        served(site) as port,
        console(port, site.tokens["executive"]) as elena,
        console(port, site.tokens["agent"]) as marta,
    ):
        await elena.send(type="subscribe", topic=thing)
        assert (await elena.next())["type"] == "denied"
        await elena.send(type="view", thing=thing)
        assert (await elena.next())["type"] == "denied"
        await subscribed(elena, "bookings")
        # Not even a colleague who may see it shows it without having it open.
        await marta.send(type="view", thing=thing)
        assert (await marta.next())["type"] == "denied"
        await subscribed(marta, thing, "bookings")
        await marta.send(type="view", thing=thing)
        assert (await viewing(marta, thing))[0]["who"][0]["name"] == "Marta"
        await marta.send(type="view", thing="booking:ABC123")
        # What she hears first is the booking, which she may see: of the conversation nothing came.
        assert await viewing(elena, "bookings") == [
            {"thing": "booking:ABC123", "who": [{"id": marta_id(site), "name": "Marta", "doing": "looking"}]}
        ]


def marta_id(site: Site) -> str:
    [seen] = {known.seen.staff_id for known in site.product.beside._here.values()}
    return seen


async def test_leaving_the_topic_ends_it(site: Site) -> None:
    guest = await site.visitor()
    thing = f"conversation:{guest.id}"
    async with served(site) as port, console(port, site.tokens["agent"]) as marta:
        await subscribed(marta, thing)
        await marta.send(type="view", thing=thing)
        await marta.send(type="unsubscribe", topic=thing)
        await marta.send(type="ping")
        while (await marta.next()).get("type") != "pong":
            pass
        assert site.product.beside.who(thing) == []


class Wire:
    """The bus of several processes in one, as NOTIFY is: everything goes to everybody, in order, as text."""

    def __init__(self) -> None:
        self.ends: list[Bus] = []
        self.said: list[str] = []

    def end(self, node: str) -> Bus:
        wire = self

        class End(Bus):
            alone = False

            def say(self, subject: str, data: Any) -> bool:
                wire.said.append(json.dumps([self.node, subject, data]))
                return True

        bus = End(node)
        self.ends.append(bus)
        return bus

    def carry(self) -> None:
        while self.said:
            text = self.said.pop(0)
            for end in self.ends:
                end.arrived(text)


class Feeds:
    """Stands in for the live feed: who is subscribed to what, and what was told."""

    def __init__(self, *topics: str) -> None:
        self.topics = set(topics)
        self.told: list[tuple[str, Any]] = []

    def wanted(self, topic: str) -> bool:
        return topic in self.topics

    def whisper(self, topic: str, _kind: str, data: Any, *, far: bool) -> None:
        assert not far
        self.told.append((topic, data["items"]))


THING = "conversation:cnv_1"


def process(wire: Wire, node: str, ticks: Callable[[], float], *topics: str) -> tuple[Beside, Feeds]:
    feeds = Feeds(*topics)
    return Beside(feeds, wire.end(node), ticks=ticks), feeds  # type: ignore[arg-type]


def test_two_processes_tell_each_other_and_a_dead_one_is_forgotten() -> None:
    now = SimpleNamespace(at=0.0)
    wire = Wire()
    one, _ = process(wire, "n1", lambda: now.at)
    two, feeds = process(wire, "n2", lambda: now.at, THING)
    one.show("c1", "stf_1", "Marta", THING, Doing.NOTE)
    one.flush()
    wire.carry()
    two.flush()
    assert feeds.told == [(THING, [{"thing": THING, "who": [{"id": "stf_1", "name": "Marta", "doing": "note"}]}])]
    # One falls silent.
    now.at += PATIENCE / 2
    two.beat()
    assert two.who(THING)
    now.at += PATIENCE / 2
    two.beat()
    two.flush()
    assert feeds.told[-1] == (THING, [{"thing": THING, "who": []}])


def test_what_was_lost_between_processes_is_asked_for_again() -> None:
    wire = Wire()
    one, _ = process(wire, "n1", lambda: 0.0)
    two, _ = process(wire, "n2", lambda: 0.0, THING)
    one.show("c1", "stf_1", "Marta", THING, Doing.LOOKING)
    one.flush()
    wire.said.clear()
    one.beat()
    wire.carry()
    one.flush()
    wire.carry()
    assert [each["name"] for each in two.who(THING)] == ["Marta"]


def test_a_process_that_comes_is_told_who_is_there() -> None:
    wire = Wire()
    one, _ = process(wire, "n1", lambda: 0.0)
    one.show("c1", "stf_1", "Marta", THING, Doing.REPLY)
    one.flush()
    wire.carry()
    two, _ = process(wire, "n2", lambda: 0.0, THING)
    wire.ends[1].mended()
    wire.carry()
    one.flush()
    wire.carry()
    assert [each["doing"] for each in two.who(THING)] == ["reply"]


def test_nobody_types_for_ever_nor_stays_without_saying_so() -> None:
    now = SimpleNamespace(at=0.0)
    beside, _ = process(Wire(), "n1", lambda: now.at, THING)
    beside.show("c1", "stf_1", "Marta", THING, Doing.REPLY)
    now.at = WRITING
    beside.beat()
    assert [each["doing"] for each in beside.who(THING)] == ["looking"]
    now.at = RENEWED
    beside.beat()
    assert beside.who(THING) == []


def test_many_changes_are_one_frame_and_none_where_nobody_looks() -> None:
    beside, feeds = process(Wire(), "n1", lambda: 0.0, THING)
    for doing in (Doing.LOOKING, Doing.REPLY, Doing.NOTE, Doing.REPLY) * 10:
        beside.show("c1", "stf_1", "Marta", THING, doing)
        beside.show("c2", "stf_1", "Marta", "conversation:cnv_2", doing)
    beside.flush()
    assert feeds.told == [(THING, [{"thing": THING, "who": [{"id": "stf_1", "name": "Marta", "doing": "reply"}]}])]


async def test_figures_move_at_most_so_often_and_only_for_those_who_look(site: Site) -> None:
    site.product.pulse._pace = 0.01
    async with (
        served(site) as port,
        console(port, site.tokens["supervisor"]) as julian,
        console(port, site.tokens["agent"]) as marta,
    ):
        guest = await site.visitor()
        assert not site.product.pulse._moved.is_set()
        await julian.send(type="subscribe", topic="reports")
        assert "as_of" in (await julian.next())["data"]
        await marta.send(type="subscribe", topic="reports")
        refused = await marta.next()
        await guest.say("hola", wait=False)
        assert "as_of" in (await julian.until("reports", "reports.changed"))["data"]
        assert refused == {"type": "denied", "topic": "reports"}


async def test_a_frame_that_is_told_is_paced() -> None:
    """Flushing is followed by a pause, however much happens."""
    beside, feeds = process(Wire(), "n1", lambda: 0.0, THING)
    running = asyncio.ensure_future(beside.run())
    beside.show("c1", "stf_1", "Marta", THING, Doing.LOOKING)
    for _ in range(5):
        await asyncio.sleep(0)
    beside.show("c1", "stf_1", "Marta", THING, Doing.REPLY)
    for _ in range(5):
        await asyncio.sleep(0)
    running.cancel()
    assert len(feeds.told) == 1
