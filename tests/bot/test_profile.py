"""The specialist of customers' own data, with appointments at home and elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relevo.appointments.rules import Agenda, Profile
from relevo.bookings.rules import Business
from relevo.bot.ports import Entities, Understanding
from relevo.bot.rules.dialogue import Dialogue
from relevo.bot.rules.knowledge import Knowledge
from relevo.bot.rules.steps import Move, Scene
from relevo.bot.rules.visiting import FindProfile, SaveProfile
from relevo.bot.specialists.profile import SPECIALIST
from relevo.texts import Texts

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")


def agenda(*, profiles: bool) -> Agenda:
    return Agenda(ZONE, (), (), MappingProxyType({}), profiles=profiles)


@pytest.fixture
def scene(business: Business, knowledge: Knowledge) -> Scene:
    heard = Understanding("quiero cambiar mi mail", "actualizar_perfil", 0.9, intents=("actualizar_perfil",))
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    return Scene(heard, Dialogue(), business, knowledge, Texts("es"), now, agenda=agenda(profiles=True))


def play(scene: Scene, *answers: Any) -> tuple[Move, list[Any]]:
    given, asked = iter(answers), []
    deciding = SPECIALIST.act(scene)
    try:
        request = next(deciding)
        while True:
            asked.append(request)
            request = deciding.send(next(given))
    except StopIteration as done:
        return done.value, asked


def saying(scene: Scene, **said: Any) -> Scene:
    return replace(scene, heard=replace(scene.heard, entities=Entities(**said)))


def test_what_is_noted_there_is_said_before_it_is_changed(scene: Scene) -> None:
    move, asked = play(scene, Profile("Ana Paz", email="ana@x.com"))
    assert asked == [FindProfile()]
    assert [line.key for line in move.lines] == ["bot.profile_known"]
    assert move.lines[0].params == {"data": "Ana Paz y ana@x.com"}
    assert move.ask is not None
    for nothing in (None, Profile()):
        assert play(scene, nothing)[0].lines == ()


def test_new_data_is_kept_there(scene: Scene) -> None:
    move, asked = play(saying(scene, email="ana@y.com"), Profile("Ana Paz", email="ana@y.com"))
    assert asked == [SaveProfile(Profile(email="ana@y.com"))]
    assert (move.lines[0].params, move.closes) == ({"data": "ana@y.com"}, True)


@pytest.mark.parametrize("own", [None, agenda(profiles=False)])
def test_at_home_nobody_else_is_asked(scene: Scene, own: Agenda | None) -> None:
    at_home = replace(scene, agenda=own)
    assert play(at_home)[1] == []
    move, asked = play(saying(at_home, phone="+5491155550000"))
    assert (asked, move.lines[0].key) == ([], "bot.profile_noted")
