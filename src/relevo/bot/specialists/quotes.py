"""Prices: what a stay costs, for whatever is known of it; asks for the rest. Every price was looked up."""

from __future__ import annotations

from relevo.bot.rules import stays, trips
from relevo.bot.rules.dialogue import names_stay
from relevo.bot.rules.steps import FindAlternatives, FindRooms, Scene, Specialist, Track
from relevo.bot.specialists import excursion_bookings, excursions, objections

INTENTS = frozenset({"get_prices"})


def wants(scene: Scene) -> bool:
    if scene.heard.intent not in INTENTS or excursion_bookings.wants(scene):
        return False
    if excursions.wants(scene) and not trips.speaks_of_room(scene):
        return False
    if objections.wants(scene) and not (names_stay(scene.heard.entities) and stays.changed(scene)):
        return False
    return stays.concerns(scene)


SPECIALIST = Specialist(
    "quotes", Track.GUESTS, "say what a stay costs", INTENTS, priority=60, wants=wants, act=stays.go,
    slots=("check_in", "check_out", "guests"), tools=(FindRooms, FindAlternatives),
)  # fmt: skip
