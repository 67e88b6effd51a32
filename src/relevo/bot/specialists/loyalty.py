"""Guests who come again: how often they stayed, whose identity is proven, and what the house gives for that.

It counts stays and knows no points. A discount is never given here: who has earned it is told so, and staff are asked.
"""

from __future__ import annotations

import re
from dataclasses import replace

from relevo.bookings.rules import Booking, BookingStatus
from relevo.bot.rules.asking import AskHouse, FindStays, ask_house, find_stays
from relevo.bot.rules.dialogue import Dialogue, Task
from relevo.bot.rules.identity import whose
from relevo.bot.rules.reading import fold
from relevo.bot.rules.steps import FindBooking, FindOwn, Identify, Line, Move, Scene, Specialist, Steps, Track
from relevo.desk.rules import RequestKind

_ASKS = re.compile(
    r"\b((cliente|huesped|pasajer\w) (frecuente|habitual|fiel|de siempre|recurrente|antigu\w)|clientes frecuentes|"
    r"(programa|plan|sistema|tarjeta) de (fidelidad|fidelizacion|puntos|beneficios|lealtad)|"
    r"mis puntos|(suman|sumo|tienen|dan|acumul\w+|junto) puntos|"
    r"(cuantas veces|cuantas estadias) (fui|vine|estuve|me hosped\w+|tengo|hice|llevo)|"
    r"ya (me hospede|nos hospedamos|fui huesped|fuimos huespedes|estuve|estuvimos|vine|vinimos) "
    r"(varias|muchas|otras|dos|tres|cuatro|cinco|\d+|antes|con ustedes)|"
    r"siempre (voy|vamos|paro|paramos|me hospedo|nos hospedamos)|"
    r"descuento .{0,30}(por volver|cliente\w*|frecuente\w*|fidelidad|que vuelv\w+|haber (ido|estado))|"
    r"beneficios? .{0,30}(volver|cliente\w*|frecuente\w*|huespedes))\b"
)


def wants(scene: Scene) -> bool:
    return not scene.picked and _ASKS.search(fold(scene.heard.text)) is not None


def act(scene: Scene) -> Steps[Move]:
    rule = scene.business.loyalty
    if rule is None:
        yield from ()
        return Move(scene.dialogue, (Line("bot.loyalty.none"),))
    stays = yield from find_stays()
    proof = scene.dialogue.proof
    if not _done(scene, stays) and proof is None and not scene.vouched:
        # Nobody is known by a chat alone: a code with its contact says who it is.
        move = yield from go(scene)
        return replace(move, lines=(Line("bot.fact", {"text": rule.text}), *move.lines)) if move.ask else move
    return (yield from _tell(scene, scene.dialogue, proof.code if proof else None))


def go(scene: Scene) -> Steps[Move]:
    """Once it is known who asks."""
    found = yield from whose(scene, Task.LOYALTY)
    if isinstance(found, Move):
        return found
    return (yield from _tell(scene, replace(found.dialogue, errand=None), found.booking.code))


def _tell(scene: Scene, dialogue: Dialogue, code: str | None) -> Steps[Move]:
    rule, texts = scene.business.loyalty, scene.texts
    if rule is None:
        return Move(dialogue, (Line("bot.loyalty.none"),))
    stays = yield from find_stays(code)
    done, coming = _done(scene, stays), _coming(scene, stays)
    words = {"done": texts.count("bot.stays", len(done)), "coming": texts.count("bot.stays", len(coming))}
    key = "bot.loyalty.count" if coming else "bot.loyalty.count_done" if done else "bot.loyalty.nothing"
    lines = [Line(key, words), Line("bot.fact", {"text": rule.text})]
    # What is booked counts from the day it is over; the next one may be the one that has earned it.
    if len(done) + max(1, len(coming)) >= rule.stays:
        details = {"stays": str(len(done)), "percent": f"{rule.percent} %"}
        own = coming[0].code if coming else None
        yield from ask_house(RequestKind.LOYALTY, details, code=own, key="loyalty")
        lines.append(Line("bot.loyalty.asked", {"percent": str(rule.percent)}))
    return Move(dialogue, tuple(lines), closes=dialogue.question is None or scene.dialogue.errand is not None)


def _done(scene: Scene, stays: tuple[Booking, ...]) -> list[Booking]:
    return [each for each in stays if each.status is BookingStatus.CONFIRMED and each.check_out <= scene.today]


def _coming(scene: Scene, stays: tuple[Booking, ...]) -> list[Booking]:
    return [each for each in stays if each.status is BookingStatus.CONFIRMED and each.check_out > scene.today]


SPECIALIST = Specialist(
    "loyalty", Track.GUESTS, "count a guest's stays and say what they earn", frozenset(), priority=83, wants=wants,
    act=act, alone=True, slots=("booking_code", "contact"),
    tools=(AskHouse, FindStays, FindBooking, FindOwn, Identify), knows=wants,
)  # fmt: skip
