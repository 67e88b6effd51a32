"""Each member of staff hears of what they want to, by the road they chose, at hours that suit them, and once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from relevo.app.staff_alerts import TemplateMessages
from relevo.conversations.events import ControlChanged
from relevo.conversations.rules import Control, Priority
from relevo.desk.rules import KINDS, Alert, Choice, News, Quiet, Road, Severity, quiet_until
from relevo.desk.telling import TELL, Telling
from relevo.kit.errors import Invalid, NotReady, ProviderError
from relevo.people.rules import Role, Staff
from relevo.people.service import People
from relevo.texts import Texts
from tests.conftest import NOW
from tests.desk.conftest import Desk

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
NIGHT, SIESTA = Quiet(time(22), time(8)), Quiet(time(13), time(15, 30))
DISK = News("disk", "disk", Severity.CRITICAL)
FLOOD = News("flood", "cellar", Severity.WARNING)
LATE = News("reminder_unsent", "bkg_1", Severity.WARNING, link="/c/cnv_1")
NUMBER = "+5493415550142"


class Telephones:
    """Keeps what is sent; refuses with ``error`` first."""

    def __init__(self) -> None:
        self.on = True
        self.sent: list[tuple[str, str, str, str]] = []
        self.errors: list[ProviderError] = []

    async def send(self, *, to: str, title: str, text: str, link: str, key: str) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append((to, title, text, link))


@pytest.fixture
def telling(desk: Desk) -> Telling:
    people: People = desk.alerts._people
    telling = Telling(desk.db, desk.work, people, desk.box, desk.clock, Texts("es"), ZONE)
    telling.messages = Telephones()
    desk.alerts.telling = telling
    desk.work.handle(TELL, desk.alerts.tell_job)
    return telling


def phones(telling: Telling) -> Telephones:
    assert isinstance(telling.messages, Telephones)
    return telling.messages


def choice(desk: Desk, *roads: Road, **how: object) -> Choice:
    return replace(Choice(desk.marta.id, frozenset(roads)), **how)  # type: ignore[arg-type]


def at(hour: int, minute: int = 0, day: int = 21) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def until(desk: Desk, then: datetime) -> None:
    desk.clock.advance(then - desk.clock.now())


@pytest.mark.parametrize(
    ("quiet", "now", "ends"),
    [
        (NIGHT, at(23), at(8, day=22)),
        (NIGHT, at(0, 30), at(8)),
        (NIGHT, at(7, 59), at(8)),
        (NIGHT, at(8), None),
        (NIGHT, at(21, 59), None),
        (NIGHT, at(22), at(8, day=22)),
        (SIESTA, at(14), at(15, 30)),
        (SIESTA, at(15, 30), None),
        (SIESTA, at(23), None),
        (Quiet(time(9), time(9)), at(9), None),
        (None, at(3), None),
    ],
)
def test_quiet_hours(quiet: Quiet | None, now: datetime, ends: datetime | None) -> None:
    assert quiet_until(quiet, now) == ends


@pytest.mark.parametrize(
    ("kinds", "news", "wanted"),
    [
        (None, LATE, True),
        (None, replace(LATE, severity=Severity.INFO), False),
        (frozenset({"disk"}), LATE, False),
        (frozenset({"disk"}), DISK, True),
        (frozenset({"other"}), FLOOD, True),
        (frozenset({"escalated"}), News("escalated", "c", Severity.INFO), True),
        (frozenset[str](), DISK, False),
    ],
)
def test_what_somebody_wants_to_hear_of(kinds: frozenset[str] | None, news: News, wanted: bool) -> None:
    assert Choice("stf_1", kinds=kinds).wants(news) is wanted


async def test_who_chose_hears_by_their_roads_and_the_house_by_letter(desk: Desk, telling: Telling) -> None:
    await telling.choose(choice(desk, Road.EMAIL, Road.WHATSAPP, number=NUMBER))
    await desk.report(DISK)
    await desk.report(LATE)
    await desk.minute()
    subject = "Relevo: Queda poco espacio en el disco y otros avisos (2 en total)"
    assert sorted((to, what) for to, what, _ in desk.box.letters) == [("luz@x.com", subject), ("marta@x.com", subject)]
    ((to, title, text, link),) = phones(telling).sent
    assert (to, title, link) == (NUMBER, subject, "https://hotel.example")
    assert text.startswith("Libere espacio.")
    await desk.minute()
    assert (len(desk.box.letters), len(phones(telling).sent)) == (2, 1)


async def test_only_the_console_means_no_letter_either(desk: Desk, telling: Telling) -> None:
    await telling.choose(choice(desk, Road.CONSOLE))
    await desk.report(DISK)
    await desk.minute()
    assert [to for to, _, _ in desk.box.letters] == ["luz@x.com"]


async def test_the_night_is_quiet_and_the_morning_brings_everything_that_is_still_open(
    desk: Desk, telling: Telling
) -> None:
    until(desk, at(23))
    await telling.choose(choice(desk, Road.WHATSAPP, number=NUMBER, quiet=NIGHT, wake_for_urgent=False))
    await desk.report(DISK)
    await desk.minute()
    await desk.report(LATE)
    await desk.minute()
    assert phones(telling).sent == []
    async with desk.db.write() as tx:
        await desk.alerts.settle(tx, "disk", "disk")
    until(desk, at(8, day=22))
    await desk.work.drain()
    assert [title for _, title, _, _ in phones(telling).sent] == ["Relevo: Un recordatorio no salió"]


async def test_what_is_urgent_may_wake_somebody_and_only_that(desk: Desk, telling: Telling) -> None:
    until(desk, at(23))
    await telling.choose(choice(desk, Road.WHATSAPP, number=NUMBER, quiet=NIGHT))
    await desk.report(LATE)
    await desk.minute()
    await desk.report(DISK)
    await desk.minute()
    assert [title for _, title, _, _ in phones(telling).sent] == ["Relevo: Queda poco espacio en el disco"]
    until(desk, at(8, day=22))
    await desk.work.drain()
    assert [title for _, title, _, _ in phones(telling).sent][1:] == ["Relevo: Un recordatorio no salió"]


async def test_a_carrier_that_is_away_gets_it_once_and_one_that_refuses_makes_it_a_letter(
    desk: Desk, telling: Telling
) -> None:
    await telling.choose(choice(desk, Road.WHATSAPP, number=NUMBER))
    phones(telling).errors = [NotReady("unreachable")]
    await desk.report(DISK)
    for _ in range(3):
        await desk.minute()
    assert len(phones(telling).sent) == 1
    phones(telling).errors = [ProviderError("refused")]
    await desk.report(LATE)
    await desk.minute()
    assert [to for to, what, _ in desk.box.letters if "recordatorio" in what] == ["luz@x.com", "marta@x.com"]


async def test_who_may_no_longer_see_alerts_hears_of_none(desk: Desk, telling: Telling) -> None:
    from relevo.people import account_store as store

    await telling.choose(choice(desk, Road.EMAIL))
    await desk.report(DISK)
    async with desk.db.write() as tx:
        gone = Staff(desk.marta.id, desk.marta.email, "Marta", Role.AUDITOR)
        await store.put_staff(tx.session, gone, NOW)
    await desk.minute()
    assert [to for to, _, _ in desk.box.letters] == ["luz@x.com"]


@pytest.mark.parametrize(
    ("priority", "severity", "messages"),
    [(Priority.NORMAL, "info", 1), (Priority.HIGH, "warning", 1), (Priority.URGENT, "critical", 1)],
)
async def test_a_customer_who_needs_a_person_is_an_alert_until_somebody_has_them(
    desk: Desk, telling: Telling, priority: Priority, severity: str, messages: int
) -> None:
    await telling.choose(choice(desk, Road.WHATSAPP, number=NUMBER, kinds=frozenset({"escalated"})))
    async with desk.db.write() as tx:
        await desk.alerts.on_control(
            tx, ControlChanged("cnv_1", "whatsapp", Control.QUEUED, 2, None, None, "money", priority)
        )
    (item,) = await desk.open()
    assert (item["kind"], item["severity"], item["link"]) == ("escalated", severity, "/c/cnv_1")
    assert item["text"].startswith("Tiene un problema con un pago.")
    await desk.minute()
    assert len(phones(telling).sent) == messages
    assert [to for to, _, _ in desk.box.letters] == ([] if priority is Priority.NORMAL else ["luz@x.com"])
    async with desk.db.write() as tx:
        await desk.alerts.on_control(tx, ControlChanged("cnv_1", "whatsapp", Control.AGENT, 3, desk.marta.id))
    assert await desk.open() == []


async def test_more_than_a_message_holds(desk: Desk, telling: Telling) -> None:
    await telling.choose(choice(desk, Road.WHATSAPP, number=NUMBER))
    for number in range(8):
        await desk.report(replace(LATE, subject=f"bkg_{number}"))
    await desk.minute()
    assert phones(telling).sent[0][2].endswith(" · y 3 avisos más")


class Shelf:
    """Templates that remember what left."""

    def __init__(self) -> None:
        self.left: dict[str, tuple[str, str, str, list[str]]] = {}

    async def find(self, key: str) -> str | None:
        return "wamid.1" if key in self.left else None

    async def send(self, *, to: str, template: str, locale: str, params: Sequence[str], key: str) -> str:
        assert key not in self.left
        self.left[key] = (to, template, locale, list(params))
        return "wamid.1"


async def test_to_a_telephone_it_is_an_approved_template_that_leaves_once() -> None:
    shelf = Shelf()
    messages = TemplateMessages(lambda: shelf, "aviso_equipo", "es_AR")
    for _ in range(2):
        await messages.send(to=NUMBER, title="Relevo:\n disco", text="x " * 600, link="https://hotel.example", key="k")
    assert messages.on
    ((to, template, locale, params),) = shelf.left.values()
    assert (to, template, locale) == (NUMBER, "aviso_equipo", "es_AR")
    assert (params[0], len(params[1]), params[2]) == ("Relevo: disco", 500, "https://hotel.example")
    assert not TemplateMessages(lambda: None, "aviso_equipo", "es_AR").on
    assert not TemplateMessages(lambda: shelf, "", "es_AR").on


async def test_what_cannot_be_chosen(desk: Desk, telling: Telling) -> None:
    with pytest.raises(Invalid, match="alert_number"):
        await telling.choose(choice(desk, Road.WHATSAPP))
    with pytest.raises(Invalid, match="alert_kind"):
        await telling.choose(choice(desk, Road.EMAIL, kinds=frozenset({"weather"})))
    chosen = choice(desk, Road.EMAIL, Road.WHATSAPP, number=NUMBER, quiet=SIESTA, kinds=frozenset(KINDS))
    await telling.choose(chosen)
    assert await telling.choice(desk.marta) == chosen
    data = telling.json(chosen, desk.marta)
    assert data["quiet"] == {"from": "13:00", "until": "15:30"}
    assert data["available"] == {"console": True, "email": True, "whatsapp": True, "push": False}
    desk.clock.advance(timedelta(days=1))
    await telling.choose(Choice(desk.marta.id))
    assert await telling.choice(desk.marta) == Choice(desk.marta.id)


async def test_what_is_of_others_is_not_sent_to_who_is_there_for_their_teams(desk: Desk, telling: Telling) -> None:
    async def not_the_reminder(_session: object, _viewer: Staff, alert: Alert) -> bool:
        return alert.news.kind != LATE.kind

    telling.theirs = not_the_reminder
    await telling.choose(choice(desk, Road.WHATSAPP, number=NUMBER))
    await desk.report(LATE)
    await desk.minute()
    assert phones(telling).sent == []
    await desk.report(DISK)
    await desk.minute()
    assert [title for _, title, _, _ in phones(telling).sent] == ["Relevo: Queda poco espacio en el disco"]
