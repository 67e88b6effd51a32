"""Availability: puts the stay together, finds what is free and offers it; changes to what is on the table included."""

from __future__ import annotations

from relevo.bot.rules import stays, trips
from relevo.bot.rules.dialogue import names_stay
from relevo.bot.rules.steps import FindAlternatives, FindRooms, Scene, Specialist, Track
from relevo.bot.specialists import excursion_bookings, excursions, objections, quotes

INTENTS = frozenset({"check_availability", "make_reservation", "modify_reservation"})


def wants(scene: Scene) -> bool:
    if quotes.wants(scene) or excursion_bookings.wants(scene):
        return False
    if excursions.wants(scene) and not _also(scene):
        return False
    if objections.wants(scene) and not (names_stay(scene.heard.entities) and stays.changed(scene)):
        return False
    return stays.concerns(scene)


def _also(scene: Scene) -> bool:
    """An excursion is spoken of, and a room besides."""
    return trips.speaks_of_room(scene) and stays.concerns(scene)


SPECIALIST = Specialist(
    "availability", Track.GUESTS, "find a free room for a stay, and another one", INTENTS, priority=60, wants=wants,
    act=stays.go, slots=("check_in", "check_out", "guests"), tools=(FindRooms, FindAlternatives),
)  # fmt: skip
