"""One trouble is one alert, one outage one letter, and what is over closes by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from relevo.conversations.events import ControlChanged
from relevo.conversations.rules import Control
from relevo.desk.rules import News, Severity
from relevo.desk.service import KEEP_SETTLED
from relevo.kit.errors import NotFound, NotReady
from tests.desk.conftest import Desk

NO_ROOM = News("needs_staff", "bkg_1:no_room", Severity.CRITICAL, {"code": "RL-4K7Q2", "why": "no_room"}, "/reservas/x")


async def test_the_same_again_is_counted(desk: Desk) -> None:
    for _ in range(3):
        await desk.report(NO_ROOM)
    (item,) = await desk.open()
    assert (item["count"], item["state"], item["link"]) == (3, "open", "/reservas/x")
    assert item["text"] == "Reserva RL-4K7Q2: la habitación se ocupó mientras tanto."
    assert [entry["count"] for entry in await desk.announced("alerts")] == [1, 2, 3]


async def test_two_at_once_are_one(desk: Desk) -> None:
    await asyncio.gather(*(desk.report(NO_ROOM) for _ in range(8)))
    assert [item["count"] for item in await desk.open()] == [8]


async def test_done_by_a_person_then_again(desk: Desk) -> None:
    await desk.report(NO_ROOM)
    (item,) = await desk.open()
    done = await desk.alerts.done(item["id"], staff=desk.marta)
    assert (done["state"], done["done_by"]["name"]) == ("done", "Marta")
    assert await desk.alerts.done(item["id"], staff=desk.marta) == done
    await desk.report(NO_ROOM)
    (anew,) = await desk.open()
    assert (anew["count"], anew["id"] != item["id"]) == (1, True)
    with pytest.raises(NotFound, match="no_alert"):
        await desk.alerts.done("alr_none", staff=desk.marta)


async def test_an_unknown_kind_has_words_too(desk: Desk) -> None:
    await desk.report(News("flood", "cellar", Severity.WARNING))
    (item,) = await desk.open()
    assert (item["title"], item["text"]) == ("Algo necesita al equipo", "flood: cellar")


async def test_a_hundred_troubles_are_one_letter_each(desk: Desk) -> None:
    for number in range(20):
        await desk.report(News("waiting", f"cnv_{number}", Severity.WARNING, link=f"/c/cnv_{number}"))
    await desk.minute()
    assert [(to, subject) for to, subject, _ in desk.box.letters] == [
        (to, "Relevo: Un cliente espera a una persona y otros avisos (20 en total)")
        for to in ("marta@x.com", "luz@x.com")
    ]
    assert all(f"https://hotel.example/c/cnv_{number}" in desk.box.letters[0][2] for number in range(20))
    await desk.minute()
    assert len(desk.box.letters) == 2


async def test_what_comes_later_is_another_letter(desk: Desk) -> None:
    await desk.report(NO_ROOM)
    await desk.minute()
    await desk.report(NO_ROOM)
    await desk.report(News("disk", "disk", Severity.CRITICAL))
    await desk.minute()
    subjects = [subject for to, subject, _ in desk.box.letters if to == "luz@x.com"]
    assert subjects == ["Relevo: Una reserva necesita al equipo", "Relevo: Queda poco espacio en el disco"]


async def test_a_server_that_is_away_gets_each_letter_once(desk: Desk) -> None:
    desk.box.broken = 1
    await desk.report(NO_ROOM)
    for _ in range(3):
        await desk.minute()
    assert [to for to, _, _ in desk.box.letters] == ["marta@x.com", "luz@x.com"]
    assert len(set(desk.box.keys)) == 2


async def test_news_that_only_inform_are_no_letter(desk: Desk) -> None:
    await desk.report(News("summary", "2026-11-21", Severity.INFO, {"line": "Todo bien."}))
    await desk.minute()
    assert desk.box.letters == []


async def test_everybody_gets_the_same_letter_however_often_it_is_tried(desk: Desk) -> None:
    await desk.report(NO_ROOM)
    send, refused = desk.box.send, []

    async def second_refused(**letter: Any) -> None:
        if letter["to"] == "luz@x.com" and not refused:
            refused.append(letter)
            raise NotReady("mail_unavailable")
        await send(**letter)

    desk.box.send = second_refused  # type: ignore[method-assign]
    await desk.minute()
    await desk.report(News("disk", "disk", Severity.CRITICAL))
    for _ in range(3):
        await desk.minute()
    subjects = [(to, subject) for to, subject, _ in desk.box.letters]
    assert sorted(subjects) == sorted(
        (to, f"Relevo: {title}")
        for to in ("marta@x.com", "luz@x.com")
        for title in ("Una reserva necesita al equipo", "Queda poco espacio en el disco")
    )


async def test_what_was_settled_long_ago_is_forgotten_and_nothing_else(desk: Desk) -> None:
    await desk.report(NO_ROOM)
    (item,) = await desk.open()
    await desk.alerts.done(item["id"], staff=desk.marta)
    await desk.report(News("disk", "disk", Severity.CRITICAL))
    assert await desk.alerts.forget_old() == 0
    desk.clock.advance(KEEP_SETTLED + timedelta(seconds=1))
    assert await desk.alerts.forget_old() == 1
    assert [row.kind for row in await desk.rows()] == ["disk"]


async def test_what_was_settled_before_the_letter_is_not_in_it(desk: Desk) -> None:
    await desk.report(NO_ROOM)
    async with desk.db.write() as tx:
        await desk.alerts.settle_all(tx, "needs_staff", "bkg_1:")
    await desk.minute()
    assert desk.box.letters == []


async def test_settling_by_prefix_leaves_other_bookings(desk: Desk) -> None:
    await desk.report(NO_ROOM)
    await desk.report(News("needs_staff", "bkg_11:no_room", Severity.CRITICAL, {"code": "RL-B", "why": "no_room"}))
    async with desk.db.write() as tx:
        await desk.alerts.settle_all(tx, "needs_staff", "bkg_1:")
    assert [item["subject"] for item in await desk.open()] == ["bkg_11:no_room"]


async def control(desk: Desk, to: Control) -> None:
    async with desk.db.write() as tx:
        await desk.alerts.on_control(tx, ControlChanged("cnv_1", "webchat", to, 2, None))


async def test_who_waits_while_nothing_is_sold_is_an_alert_until_somebody_has_them(desk: Desk) -> None:
    await control(desk, Control.QUEUED)
    assert await desk.open() == []
    await desk.watch.switch(manual=True, reason="obra", staff=desk.marta)
    await control(desk, Control.QUEUED)
    assert [(item["kind"], item["link"]) for item in await desk.open()] == [("waiting", "/c/cnv_1")]
    await control(desk, Control.AGENT)
    assert await desk.open() == []
