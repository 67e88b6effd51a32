"""Pushes from what happens to what a browser shows: over the real product, a push service and its keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from relevo.calls.events import ColleagueRung, HelpAsked
from relevo.desk import push_store
from relevo.desk.push_models import PushSubscriptionRow
from relevo.desk.pushing import PUSH
from relevo.desk.rules import News, Severity
from relevo.kit.clock import FixedClock
from relevo.kit.errors import NotReady
from relevo.kit.jobs import JobRow
from relevo.settings import Settings
from tests.push_service import Browser, PushService, push_service, vouched
from tests.web.conftest import PASSWORD, Site
from tests.web.test_queues import made, me, settled


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, service: PushService) -> Settings:
    return settings.model_copy(update={"push_allow": service.origin})


async def subscribed(site: Site, browser: Browser, who: str = "agent", **more: Any) -> str:
    answer = await site.staff("POST", "/api/me/push", who, json={**browser.json, **more})
    assert answer.status_code == 201, answer.text
    id_: str = answer.json()["id"]
    return id_


async def devices(site: Site, who: str = "agent") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await site.staff("GET", "/api/me/push", who)).json()["devices"]
    return found


async def promised(site: Site) -> list[str]:
    async with site.product.db.read() as session:
        return list((await session.execute(select(JobRow.key).where(JobRow.kind == PUSH))).scalars())


async def test_a_browser_is_added_tried_and_taken_away(site: Site, service: PushService, clock: FixedClock) -> None:
    first = (await site.staff("GET", "/api/me/push")).json()
    assert (first["available"], first["devices"]) == (True, [])
    browser = service.browser()
    id_ = await subscribed(site, browser)
    assert await subscribed(site, browser, wants=["call", "offer"]) == id_
    assert await subscribed(site, browser) == id_
    (device,) = await devices(site)
    assert (device["wants"], device["signed_in"], device["failures"]) == (["call", "offer"], True, 0)
    assert browser.endpoint not in str(device)
    assert (await site.staff("POST", f"/api/me/push/{id_}/test", "agent2")).status_code == 404
    assert (await site.staff("POST", f"/api/me/push/{id_}/test")).status_code == 202
    await settled(site)
    (shown,) = service.opened(browser)
    assert (shown["kind"], shown["title"], shown["link"]) == ("test", "Los avisos llegan", "/yo")
    assert vouched(service.got[0], first["public_key"])["aud"] == service.origin
    assert (await devices(site))[0]["last_ok_at"] is not None
    assert (await site.staff("DELETE", f"/api/me/push/{id_}", "agent2")).status_code == 404
    assert (await site.staff("DELETE", f"/api/me/push/{id_}")).status_code == 204
    assert await devices(site) == []


async def test_keys_are_sealed_at_rest(site: Site, service: PushService) -> None:
    browser = service.browser("secret-name")
    await subscribed(site, browser)
    async with site.product.db.read() as session:
        (row,) = (await session.execute(select(PushSubscriptionRow))).scalars()
    stored = str({name: getattr(row, name) for name in row.__table__.columns.keys()})  # noqa: SIM118
    assert "secret-name" not in stored
    assert browser.json["keys"]["auth"] not in stored


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"endpoint": "https://127.0.0.1/x"}, 422, "address_refused"),
        ({"endpoint": "http://push.example/x"}, 422, "address_refused"),
        ({"endpoint": "https://redis:6379/x"}, 422, "address_refused"),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, 422, "push_keys"),
        ({"wants": ["weather"]}, 422, "push_kind"),
        ({"wants": ["test"]}, 422, "push_kind"),
        ({"staff_id": "stf_1"}, 422, "malformed"),
    ],
)
async def test_what_is_no_browser(
    site: Site, service: PushService, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await site.staff("POST", "/api/me/push", json={**service.browser().json, **change})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_what_is_not_installed_is_said(site: Site, service: PushService) -> None:
    site.product.pushes.devices._sender.on = False  # type: ignore[misc]
    assert (await site.staff("GET", "/api/me/push")).json()["available"] is False
    answer = await site.staff("POST", "/api/me/push", json=service.browser().json)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "push_off")


async def test_a_browser_is_of_whoever_signs_in_at_it(site: Site, service: PushService) -> None:
    browser = service.browser()
    await subscribed(site, browser)
    await subscribed(site, browser, "agent2")
    assert (len(await devices(site)), len(await devices(site, "agent2"))) == (0, 1)


async def test_an_offer_is_pushed_once_to_whom_it_is_made(site: Site, service: PushService) -> None:
    marta, luz = service.browser("marta"), service.browser("luz")
    await subscribed(site, marta)
    await subscribed(site, luz, "agent2")
    await made(site)
    guest = await site.visitor()
    await guest.say("quiero hablar con una persona, soy Ana Pérez")
    await site.staff("POST", "/api/presence/me", json={"state": "available"})
    await settled(site)
    (shown,) = service.opened(marta)
    assert (shown["kind"], shown["title"], shown["link"]) == (
        "offer", "Conversación para atender", f"/c/{guest.id}",
    )  # fmt: skip
    assert "Ana" not in str(shown)
    assert service.opened(luz) == []
    (got,) = service.got
    assert (got.headers["urgency"], len(got.headers["topic"])) == ("high", 32)
    assert 0 < int(got.headers["ttl"]) <= 120


async def test_whom_it_is_about_is_said_where_the_house_chose_that(site: Site, service: PushService) -> None:
    site.product.pushes.news._names = True
    browser, guest = service.browser(), await site.visitor()
    await subscribed(site, browser)
    await guest.say("quiero reservar")
    await site.staff("POST", f"/api/conversations/{guest.id}/take_over")
    async with site.product.db.write() as tx:
        conversation = await site.product.conversations.now(tx, guest.id)
        await site.product.people.learn(tx, conversation.person_id, name="Ana Pérez")
    await guest.say("¿hay cochera?", wait=False)
    await settled(site)
    shown = service.opened(browser)
    assert [each["kind"] for each in shown] == ["message"]
    assert [each["body"] for each in shown] == ["Ana Pérez"]
    assert "cochera" not in str(shown)


async def test_a_message_is_pushed_only_while_no_console_is_open(site: Site, service: PushService) -> None:
    browser, guest = service.browser(), await site.visitor()
    await subscribed(site, browser)
    await guest.say("quiero reservar")
    await site.staff("POST", f"/api/conversations/{guest.id}/take_over")
    consoles, marta = site.product.pushes.consoles, await me(site)
    await consoles.opened(marta)
    await consoles.opened(marta)
    await consoles.closed(marta)
    await guest.say("¿hay cochera?", wait=False)
    await settled(site)
    assert service.opened(browser) == []
    await consoles.closed(marta)
    await guest.say("¿hola?", wait=False)
    await settled(site)
    (shown,) = service.opened(browser)
    assert (shown["kind"], shown["link"], shown["tag"]) == ("message", f"/c/{guest.id}", f"conversation:{guest.id}")
    assert "hola" not in str(shown)


async def test_an_alert_is_pushed_to_whoever_chose_that(site: Site, service: PushService, clock: FixedClock) -> None:
    marta, luz, boss = service.browser("marta"), service.browser("luz"), service.browser("boss")
    await subscribed(site, marta)
    await subscribed(site, luz, "agent2")
    await subscribed(site, boss, "supervisor")
    await site.staff("PUT", "/api/me/alerts", json={"ways": ["console", "push"]})
    quiet = {"from": "08:00", "until": "10:00"}
    await site.staff("PUT", "/api/me/alerts", "supervisor", json={"ways": ["push"], "quiet": quiet})
    async with site.product.db.write() as tx:
        news = News("reminder_unsent", "bkg_1", Severity.WARNING, {}, "/c/cnv_1")
        await site.product.house.alerts.report(tx, news)
        await site.product.house.alerts.report(tx, news)
    await settled(site)
    (shown,) = service.opened(marta)
    assert (shown["kind"], shown["title"], shown["link"]) == ("alert", "Un recordatorio no salió", "/c/cnv_1")
    assert (service.opened(luz), service.opened(boss)) == ([], [])
    clock.advance(timedelta(minutes=61))
    await settled(site)
    assert [each["kind"] for each in service.opened(boss)] == ["alert"]
    assert len(service.opened(marta)) == 1


async def test_whoever_signed_out_or_is_switched_off_is_told_nothing(site: Site, service: PushService) -> None:
    marta, luz = service.browser("marta"), service.browser("luz")
    await subscribed(site, marta)
    await subscribed(site, luz, "agent2")
    ids = await me(site), await me(site, "agent2")
    found = [(await devices(site))[0]["id"], (await devices(site, "agent2"))[0]["id"]]
    await site.staff("POST", "/api/auth/logout")
    await site.staff("PATCH", f"/api/staff/{ids[1]}", "admin", json={"active": False})
    people, pushes = site.product.people, site.product.pushes
    for staff_id, device_id in zip(ids, found, strict=True):
        member = await people.staff(staff_id)
        assert member is not None
        device = await pushes.devices.own(member, device_id)
        await pushes.pushing.test(member, device)
    await settled(site)
    assert service.got == []
    assert len(await promised(site)) == 2
    site.tokens["agent"], _ = await people.sign_in("marta@x.com", PASSWORD, address="test")
    assert [each["signed_in"] for each in await devices(site)] == [False]
    await subscribed(site, marta)
    assert [each["signed_in"] for each in await devices(site)] == [True]


async def test_a_browser_that_is_gone_is_forgotten(site: Site, service: PushService) -> None:
    id_ = await subscribed(site, service.browser())
    service.answers = [410]
    await site.staff("POST", f"/api/me/push/{id_}/test")
    await settled(site)
    assert await devices(site) == []
    assert len(service.got) == 1


async def test_what_fails_is_tried_again_and_never_said_twice(
    site: Site, service: PushService, clock: FixedClock
) -> None:
    """Of two browsers one was told before the other's service failed: the next attempt is for that other one."""
    first, second = service.browser("a"), service.browser("b")
    await subscribed(site, first)
    await subscribed(site, second)
    await site.staff("PUT", "/api/me/alerts", json={"ways": ["push"]})
    service.answers = [201, 503]
    async with site.product.db.write() as tx:
        news = News("reminder_unsent", "bkg_1", Severity.WARNING, {}, "/c/cnv_1")
        await site.product.house.alerts.report(tx, news)
    await settled(site)
    assert len(service.got) == 2
    clock.advance(timedelta(seconds=2))
    await settled(site)
    assert [each.path for each in service.got][1:] == [service.got[1].path] * 2
    assert service.got[1].headers["topic"] == service.got[2].headers["topic"]
    clock.advance(timedelta(minutes=10))
    await settled(site)
    assert len(service.got) == 3


async def test_what_is_refused_again_and_again_is_forgotten(site: Site, service: PushService) -> None:
    id_ = await subscribed(site, service.browser())
    service.answers = [403] * 5
    for count in range(1, 6):
        assert (await site.staff("POST", f"/api/me/push/{id_}/test")).status_code == 202
        site.product.pushes.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
        await settled(site)
        left = await devices(site)
        assert [(each["failures"], each["last_error"]) for each in left] == (
            [(count, "push_refused")] if count < 5 else []
        )


async def test_nothing_is_promised_for_nobody(site: Site) -> None:
    guest = await site.visitor()
    await guest.say("quiero reservar")
    await site.staff("POST", f"/api/conversations/{guest.id}/take_over")
    await guest.say("¿hola?", wait=False)
    await settled(site)
    assert await promised(site) == []


async def test_a_test_is_not_for_every_second(site: Site, service: PushService) -> None:
    id_ = await subscribed(site, service.browser())
    codes = [(await site.staff("POST", f"/api/me/push/{id_}/test")).status_code for _ in range(7)]
    assert codes == [202] * 6 + [429]


async def test_a_cry_for_help_reaches_supervisors_and_a_ring_its_colleague(
    site: Site, service: PushService, clock: FixedClock
) -> None:
    luz, boss = service.browser("luz"), service.browser("boss")
    await subscribed(site, luz, "agent2")
    await subscribed(site, boss, "supervisor")
    guest, marta = await site.visitor(), await me(site)
    await guest.say("quiero reservar")
    for _ in range(2):
        async with site.product.db.write() as tx:
            await tx.publish(HelpAsked("cal_1", guest.id, marta, clock.now()))
            await tx.publish(ColleagueRung("cal_1", guest.id, await me(site, "agent2"), clock.now()))
    await settled(site)
    (help_,), (ring,) = service.opened(boss), service.opened(luz)
    assert (help_["kind"], help_["link"], ring["kind"], ring["link"]) == ("help", "/sala", "call", "/llamadas")
    assert "Marta" not in str(help_)
    assert {each.headers["urgency"] for each in service.got} == {"high"}


async def test_a_process_that_died_after_sending_is_repeated_under_the_same_name(
    site: Site, service: PushService, clock: FixedClock
) -> None:
    """The service had it, our note of that was lost: the same topic, so that the browser is told once."""
    browser = service.browser()
    id_ = await subscribed(site, browser)
    ledger = push_store.reached

    async def dies(*_given: object) -> None:
        raise NotReady("killed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(push_store, "reached", dies)
        await site.staff("POST", f"/api/me/push/{id_}/test")
        await settled(site)
        assert len(service.got) == 1
    assert push_store.reached is ledger
    clock.advance(timedelta(seconds=2))
    await settled(site)
    first, second = service.got
    assert first.headers["topic"] == second.headers["topic"]
    one, again = service.opened(browser)
    assert one["tag"] == again["tag"]
    clock.advance(timedelta(minutes=5))
    await settled(site)
    assert len(service.got) == 2


async def test_what_is_not_theirs_to_see_is_not_pushed(site: Site, service: PushService, clock: FixedClock) -> None:
    julian, marta = await me(site, "supervisor"), await me(site)
    team = {"name": "Ventas", "members": [{"id": marta}]}
    setup = (await site.staff("POST", "/api/teams", "admin", json=team)).json()
    await made(site, teams=[setup["teams"][0]["id"]])
    narrowed = await site.staff("PATCH", f"/api/staff/{julian}", "admin", json={"scope": "teams"})
    assert narrowed.status_code == 200, narrowed.text
    site.tokens["supervisor"], _ = await site.product.people.sign_in("julian@x.com", PASSWORD, address="test")
    boss, root = service.browser("boss"), service.browser("root")
    for browser, who in ((boss, "supervisor"), (root, "admin")):
        await subscribed(site, browser, who)
        await site.staff("PUT", "/api/me/alerts", who, json={"ways": ["push"], "kinds": ["escalated"]})
    guest = await site.visitor()
    await guest.say("quiero hablar con una persona")
    async with site.product.db.write() as tx:
        await tx.publish(HelpAsked("cal_1", guest.id, marta, clock.now()))
    await settled(site)
    assert sorted(each["kind"] for each in service.opened(root)) == ["alert", "help"]
    assert service.opened(boss) == []
