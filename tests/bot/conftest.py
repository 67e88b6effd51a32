from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from talking import Talk, hotel

from relevo.bookings.rules import Business
from relevo.bot.rules.knowledge import Knowledge, knowledge_of


@pytest.fixture
def business() -> Business:
    return hotel()


@pytest.fixture
def knowledge(business: Business) -> Knowledge:
    return knowledge_of(business)


@pytest.fixture
def talk(business: Business, knowledge: Knowledge) -> Talk:
    return Talk(business, knowledge)


@pytest.fixture
def pleased(talk: Talk) -> Callable[[], Talk]:
    """A guest who has held the double from 11 to 13 December and has not said their name."""

    def make() -> Talk:
        days = {"check_in": date(2026, 12, 11), "check_out": date(2026, 12, 13)}
        talk.says("doble del 11 al 13 para 2", "check_availability", guests=2, room_type="doble", **days)
        talk.says("sí", "afirmar")
        return talk

    return make
