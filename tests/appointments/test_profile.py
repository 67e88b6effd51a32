"""What customers change about themselves, kept where appointments live: over the wire, and through the bot."""

from __future__ import annotations

import json
from typing import Any

import pytest

from relevo.adapters.appointments.loopback import Faults
from relevo.adapters.appointments.rest import RestCalendar
from relevo.appointments.ports import Profiles
from relevo.appointments.rules import Profile
from relevo.appointments.service import HouseCalendar
from relevo.bot.rules.visiting import FindProfile, SaveProfile
from relevo.bot.tools import Tools
from relevo.kit.errors import Forbidden, NotReady, ProviderError


async def test_what_is_changed_is_changed_there_and_the_rest_stays(elsewhere: RestCalendar) -> None:
    assert (await elsewhere.agenda()).profiles
    assert await elsewhere.profile("per_1") is None
    assert await elsewhere.save_profile("per_1", Profile("Ana Paz", "+5491155550000")) == Profile(
        "Ana Paz", "+5491155550000"
    )
    await elsewhere.save_profile("per_1", Profile(email="ana@x.com"))
    assert await elsewhere.profile("per_1") == Profile("Ana Paz", "+5491155550000", "ana@x.com")
    assert await elsewhere.profile("per_2") is None


async def test_what_goes_wrong_there_has_a_name(elsewhere: RestCalendar, faults: Faults) -> None:
    faults.down = True
    with pytest.raises(NotReady, match="appointments_unreachable"):
        await elsewhere.profile("per_1")
    faults.down, faults.garbage = False, True
    with pytest.raises(ProviderError, match="appointments_refused"):
        await elsewhere.save_profile("per_1", Profile("Ana"))


async def test_the_bot_reaches_the_customers_own_and_nobody_elses(
    elsewhere: RestCalendar, house: HouseCalendar
) -> None:
    nobody: Any = None
    own = Tools(nobody, nobody, "cnv_1", "per_1", calendar=elsewhere)
    assert await own.perform(SaveProfile(Profile("Ana"))) == Profile("Ana")
    assert await own.perform(FindProfile()) == Profile("Ana")
    other = Tools(nobody, nobody, "cnv_2", "per_2", calendar=elsewhere)
    assert await other.perform(FindProfile()) is None
    for tools in (Tools(nobody, nobody, None, None, calendar=elsewhere), Tools(nobody, nobody, "cnv_1", "per_1")):
        for request in (FindProfile(), SaveProfile(Profile("Ana"))):
            with pytest.raises(Forbidden):
                await tools.perform(request)
    assert not isinstance(house, Profiles)
    assert not (await house.agenda()).profiles
    assert "Ana" not in json.dumps([each.json for each in own.used])
