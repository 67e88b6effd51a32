"""Excursions: what there is, when it leaves, what it costs and how many places are left. It books nothing."""

from __future__ import annotations

from dataclasses import replace

from relevo.bot.rules import trips
from relevo.bot.rules.dialogue import Trip
from relevo.bot.rules.steps import Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.touring import FindDepartures
from relevo.bot.specialists import excursion_bookings
from relevo.tours.rules import Excursion


def wants(scene: Scene) -> bool:
    if scene.picked is not None:
        return False
    asks = trips.under_way(scene) is not None and trips.inquires(scene.heard.text)
    return bool(asks or trips.mentioned(scene)) and not excursion_bookings.wants(scene)


def act(scene: Scene) -> Steps[Move]:
    catalogue, one = scene.tours, trips.mentioned(scene)
    assert catalogue is not None
    asks = trips.inquires(scene.heard.text)
    if asks and not isinstance(one, Excursion):
        one = trips.under_way(scene) or one
    told = (one,) if isinstance(one, Excursion) else catalogue.excursions
    lines = tuple(trips.describe(scene, each) for each in told)
    if trips.speaks_of_room(scene):
        # The room has the last word.
        return Move(scene.dialogue, lines)
    if isinstance(one, Excursion):
        before = scene.dialogue.trip or Trip()
        # "¿cuánto sale para un chico?" says nothing of who goes, or when.
        trip = (before if before.excursion == one.code else Trip()) if asks else trips.heard(scene)
        return (yield from trips.go(scene, replace(trip, excursion=one.code, code=None), *lines))
    fresh = replace(scene.dialogue, trip=scene.dialogue.trip or Trip())
    return Move(fresh, (Line("trade.trip.these"), *lines), trips.which(scene))


SPECIALIST = Specialist(
    "excursions", Track.GUESTS, "tell what excursions there are and what is left", frozenset({"ask_services"}),
    priority=42, wants=wants, act=act, knows=wants, slots=("excursion",), tools=(FindDepartures,),
)  # fmt: skip
