"""The socket, by scope: what is others' is in no snapshot and no event; what ceases to be one's own is taken back; a
change of what somebody may see, or the end of their session, is felt in the same moment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from relevo.adapters.understanding.embedded import Embedded
from relevo.conversations.models import ConversationRow
from relevo.desk.rules import News, Severity
from relevo.kit.clock import FixedClock
from relevo.people.rules import Role
from relevo.web.live import BEGIN_AGAIN, NOT_SIGNED_IN, Feed
from tests.calls.world import ScriptedLeg
from tests.conftest import NOW
from tests.web.matrix_house import PASSWORD, SIDES, Town, built
from tests.web.test_doors import everything
from tests.web.test_live_feed import Console, console, served

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOPICS = {
    "inbox": ("A", "S", "D", "U", "our"), "conversation": ("A", "S", "D", "U", "our"),
    "calls": ("A", "S", "E", "D", "U", "our"), "bookings": ("A", "S", "E", "D", "U", "our"),
    "desk": ("A", "S", "D", "our"), "alerts": ("A", "S", "E", "D", "our"), "mode": ("A", "S", "E", "D", "our"),
    "requests": ("A", "S", "D", "U", "our"), "presence": ("A", "S", "D", "U", "our"), "shift": ("A", "S", "D", "our"),
    "queues": ("A", "S", "D", "U", "our"), "reports": ("S", "E", "D", "U"),
}  # fmt: skip
"""Who is shown which topic; ``our``: those who are there for their teams."""
WHO = {
    "A": "agent", "S": "supervisor", "E": "executive", "D": "admin", "U": "auditor", "our": "our agent",
}  # fmt: skip
HOLDING = ("inbox", "calls", "bookings", "alerts", "requests", "queues")
"""Topics of things: the others' are on them, for whom the house is."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, engine: Embedded) -> AsyncIterator[Town]:
    async with built(tmp_path_factory.mktemp("sockets"), FixedClock(NOW), engine) as made:
        yield made


def leaks(town: Town, data: Any) -> list[str]:
    text = json.dumps(data, ensure_ascii=False)
    return [mark for mark in town.sides["theirs"].marks if mark in text]


def shows(town: Town, side: str, data: Any) -> bool:
    text = json.dumps(data, ensure_ascii=False)
    return any(mark in text for mark in town.sides[side].marks)


def feed_of(town: Town) -> Feed:
    route = next(each for each in everything(town) if getattr(each, "path", "") == "/api/live")  # type: ignore[arg-type]
    cells = [cell.cell_contents for cell in route.endpoint.__closure__]  # type: ignore[attr-defined]
    return next(each for each in cells if isinstance(each, Feed))


async def first(desk: Console, topic: str) -> dict[str, Any]:
    await desk.send(type="subscribe", topic=topic)
    while True:
        frame = await desk.next()
        if frame.get("topic") == topic and frame["type"] in ("snapshot", "denied"):
            return frame


async def quiet(desk: Console) -> list[dict[str, Any]]:
    """All that came up to now: whatever was committed before is sent before the answer to a ping."""
    await desk.send(type="ping")
    frames = []
    while (frame := await desk.next())["type"] != "pong":
        frames.append(frame)
    return frames


async def test_every_topic_by_role_and_by_whose_things_they_are(town: Town) -> None:
    assert set(feed_of(town)._topics) == set(TOPICS)
    async with served(town) as port:  # type: ignore[arg-type]
        for letter, who in WHO.items():
            async with console(port, town.tokens[who]) as desk:
                for topic, allowed in TOPICS.items():
                    name = f"shift:{town.staff[who]}" if topic == "shift" else topic
                    for side in SIDES if topic == "conversation" else ("",):
                        name = f"conversation:{town.sides[side].ids['conversation_id']}" if side else name
                        frame = await first(desk, name)
                        open_ = letter in allowed and not (letter == "our" and side == "theirs")
                        assert frame["type"] == ("snapshot" if open_ else "denied"), (who, name)
                        if letter == "our":
                            assert leaks(town, frame.get("data")) == [], name
                            if topic in HOLDING:
                                assert shows(town, "ours", frame["data"]), name
                                assert shows(town, "free", frame["data"]), name
                        elif topic in HOLDING and open_:
                            assert all(shows(town, each, frame["data"]) for each in SIDES), (who, name)


async def test_news_of_others_are_not_carried_and_leave_no_hole(town: Town) -> None:
    product = town.product
    async with (
        served(town) as port,  # type: ignore[arg-type]
        console(port, town.tokens["our agent"]) as ours,
        console(port, town.tokens["agent"]) as whole,
    ):
        last: dict[str, int] = {}
        for topic in HOLDING:
            last[topic] = (await first(ours, topic))["seq"]
            await first(whole, topic)
        for side in ("theirs", "ours"):
            ids = town.sides[side].ids
            async with product.db.write() as tx:
                await product.conversations.receive(tx, ids["conversation_id"], text="otra cosa", answer=False)
            async with product.db.write() as tx:
                await product.house.alerts.report(
                    tx, News("escalated", ids["conversation_id"], Severity.INFO, {"why": "money"})
                )
            assert product.calls is not None
            async with product.db.write() as tx:
                await product.calls._announce(tx, ids["call_id"])
            await product.bookings.extend(ids["code"], by=town.staff["agent"])
        mine, all_ = await quiet(ours), await quiet(whole)
        assert leaks(town, mine) == []
        assert leaks(town, all_) != []
        told = [each for each in mine if each["type"] == "event"]
        assert {each["topic"] for each in told} >= {"inbox", "bookings", "alerts"}
        for each in told:
            assert each["after"] == last[each["topic"]]
            last[each["topic"]] = each["seq"]


async def test_what_goes_to_another_team_is_taken_back(town: Town) -> None:
    product, theirs = town.product, town.sides["theirs"].ids
    async with product.db.write() as tx:
        person = await product.people.find_or_create(tx, [], name="Wanda")
        moved = await product.conversations.open(tx, channel="webchat", person_id=person.id)
    async with served(town) as port, console(port, town.tokens["our agent"]) as desk:  # type: ignore[arg-type]
        await first(desk, "inbox")
        await first(desk, f"conversation:{moved.id}")
        async with product.db.write() as tx:
            await product.conversations.came_to(tx, moved.id, theirs["queue_id"])
        frames = await quiet(desk)
    assert [each["data"] for each in frames if each.get("kind") == "gone"] == [{"id": moved.id}]
    assert [each["topic"] for each in frames if each["type"] == "denied"] == [f"conversation:{moved.id}"]
    assert (await town.ask("our agent", "GET", f"/api/conversations/{moved.id}")).status_code == 404
    async with product.db.write() as tx:
        await tx.session.execute(update(ConversationRow).where(ConversationRow.id == moved.id).values(control="closed"))


async def test_who_had_it_keeps_it_and_who_is_called_in_gets_it(town: Town) -> None:
    product, theirs = town.product, town.sides["theirs"].ids
    member = await product.people.staff(town.staff["our agent"])
    assert member is not None
    async with product.db.write() as tx:
        person = await product.people.find_or_create(tx, [], name="Xenia")
        held = await product.conversations.open(tx, channel="webchat", person_id=person.id)
        lent = await product.conversations.open(tx, channel="webchat", person_id=person.id)
        for each in (held, lent):
            await product.conversations.came_to(tx, each.id, theirs["queue_id"])
    paths = [f"/api/conversations/{each.id}" for each in (held, lent)]
    assert [(await town.ask("our agent", "GET", each)).status_code for each in paths] == [404, 404]
    async with product.db.write() as tx:
        await product.conversations.take_over(tx, held.id, staff=member)
        await product.conversations.hand_back(tx, held.id, staff=member, note="")
        await product.conversations.called_in(tx, lent.id, member.id)
    assert [(await town.ask("our agent", "GET", each)).status_code for each in paths] == [200, 200]
    assert [(await town.ask("our supervisor", "GET", each)).status_code for each in paths] == [404, 404]


async def ended(desk: Console) -> int:
    """With which code it closes, soon: long before the look that is due every fifteen seconds."""
    async with asyncio.timeout(4):
        await desk.wire.wait_closed()
    assert desk.wire.close_code is not None
    return desk.wire.close_code


ENDS = {
    "password": lambda staff_id: ("POST", f"/api/staff/{staff_id}/password", {"password": "another long one"}),
    "off": lambda staff_id: ("PATCH", f"/api/staff/{staff_id}", {"active": False}),
    "role": lambda staff_id: ("PATCH", f"/api/staff/{staff_id}", {"role": "executive"}),
    "sessions": lambda staff_id: ("DELETE", f"/api/staff/{staff_id}/sessions", None),
}


async def somebody(town: Town, name: str, role: Role = Role.SUPERVISOR) -> tuple[str, str]:
    email = f"{name}@x.com"
    member = await town.product.people.enrol(email=email, name=name, role=role, password=PASSWORD)
    token, _ = await town.product.people.sign_in(email, PASSWORD, address="test")
    return member.id, token


@pytest.mark.parametrize("how", sorted(ENDS))
async def test_the_end_of_a_session_ends_everything_at_once(town: Town, how: str) -> None:
    staff_id, token = await somebody(town, f"ends {how}".replace(" ", "."))
    assert town.product.voice is not None
    member = await town.product.people.staff(staff_id)
    assert member is not None
    leg, gone = ScriptedLeg(440.0), asyncio.Event()
    leg.listener = town.product.voice.headsets.connect(member, leg)
    leg.hang_up = gone.set  # type: ignore[method-assign]
    async with served(town) as port, console(port, token) as desk:  # type: ignore[arg-type]
        await first(desk, "inbox")
        method, path, body = ENDS[how](staff_id)
        assert (await town.ask("admin", method, path, json=body)).status_code < 300
        headers = {"authorization": f"Bearer {token}"}
        assert (await town.http.get("/api/auth/me", headers=headers)).status_code == 401
        assert await ended(desk) == NOT_SIGNED_IN
    async with asyncio.timeout(4):
        await gone.wait()
    leg.listener.closed("left")


async def test_ones_own_new_password_and_signing_out_end_ones_sockets(town: Town) -> None:
    async with served(town) as port:  # type: ignore[arg-type]
        for way in ("logout", "password", "others"):
            _, token = await somebody(town, f"own.{way}")
            second, _ = await town.product.people.sign_in(f"own.{way}@x.com", PASSWORD, address="test")
            async with console(port, token) as desk:
                await first(desk, "inbox")
                given = {"authorization": f"Bearer {second if way == 'others' else token}"}
                if way == "others":
                    assert (await town.http.delete("/api/me/sessions", headers=given)).json() == {"ended": 1}
                elif way == "logout":
                    assert (await town.http.post("/api/auth/logout", headers=given)).status_code == 204
                else:
                    body = {"old": PASSWORD, "new": "another long one"}
                    assert (await town.http.post("/api/me/password", headers=given, json=body)).status_code == 204
                assert await ended(desk) == NOT_SIGNED_IN


async def test_seeing_less_or_more_begins_again_at_once(town: Town) -> None:
    staff_id, token = await somebody(town, "narrowed")
    setup = (await town.ask("admin", "GET", "/api/queues")).json()
    zafiro = next(each for each in setup["teams"] if each["name"] == "Equipo zafiro")
    members = [{"id": each["id"]} for each in zafiro["members"]]
    path, team = f"/api/staff/{staff_id}", f"/api/teams/{zafiro['id']}"
    steps: list[tuple[str, str, dict[str, Any], bool]] = [
        ("PATCH", path, {"scope": "teams"}, False),
        ("PUT", team, {"name": zafiro["name"], "members": [*members, {"id": staff_id}]}, True),
        ("PUT", team, {"name": zafiro["name"], "members": members}, False),
        ("PATCH", path, {"scope": "house"}, True),
    ]
    async with served(town) as port:  # type: ignore[arg-type]
        for method, at, body, sees in steps:
            async with console(port, token) as desk:
                await first(desk, "inbox")
                assert (await town.ask("admin", method, at, json=body)).status_code == 200
                assert await ended(desk) == BEGIN_AGAIN
            async with console(port, token) as desk:
                assert bool(leaks(town, (await first(desk, "inbox"))["data"])) is sees
    noted = (await town.ask("auditor", "GET", f"/api/audit?what=account_changed&subject={staff_id}")).json()["items"]
    assert [each["details"] for each in noted] == [{"breadth": ["teams", "house"]}, {"breadth": ["house", "teams"]}]


async def test_another_process_is_told_over_the_bus(town: Town) -> None:
    """What it says arrives here as if it had been done here."""
    staff_id, token = await somebody(town, "elsewhere")
    async with served(town) as port, console(port, token) as desk:  # type: ignore[arg-type]
        await first(desk, "inbox")
        await town.product.people.sign_out(token)
        town.product.bus.arrived(json.dumps(["another node", "standing", staff_id]))
        assert await ended(desk) == NOT_SIGNED_IN
