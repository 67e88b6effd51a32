"""Something better, once: when a hold is complete, one line with what the house has and what it costs.

A plain yes to it does nothing. A better room goes the road of every change, with its price and a question of its own; a
service that is sold beside the room is asked of the staff.
"""

from __future__ import annotations

import re
from dataclasses import replace

from relevo.bookings.rules import Booking, BookingStatus, DepositStatus, Offer
from relevo.bot.rules import forms
from relevo.bot.rules.asking import AskHouse, ask_house
from relevo.bot.rules.dialogue import Draft, Pending, names_stay
from relevo.bot.rules.offers import offered, propose
from relevo.bot.rules.reading import fold, hesitates
from relevo.bot.rules.steps import (
    FindAlternatives,
    FindOwn,
    FindRooms,
    Line,
    Move,
    PriceChange,
    Scene,
    Specialist,
    Steps,
    Track,
    find_rooms,
    price_change,
)
from relevo.bot.rules.wording import booking_stay, fact_line
from relevo.bot.specialists import guest_data
from relevo.bot.specialists.reservations import missing_guest
from relevo.desk.rules import RequestKind
from relevo.kit.errors import Conflict, Invalid, NotFound

_ADDS = re.compile(
    r"\b(sum\w+|agreg\w+|anad\w+|reserv(ame|anos|ar|a|en|ala|alo|enme)|quier\w+|queremos|quisier\w+|pon\w+|anot\w+|"
    r"pedi\w*|pid\w+|inclu(i|ir|ime|yan|yeme|ya)|necesit\w+|precis\w+|guard(ame|anos|en))\b"
)
_ASKS = re.compile(
    r"\b(cuanto|precio|costo|cuesta|sale|saldria|vale|tienen|tenes|hay|saber|incluye|incluido|si|donde)\b"
)


_TAKES = re.compile(
    r"\b(me interesa|l[ao] quiero|acepto|cambi(a|ala|ame|amela|emosla|emos|o)|"
    r"quiero (esa|esta|la otra|cambiar)|prefiero (esa|la))\b"
)
_BARE = frozenset({"si", "sii", "dale", "bueno", "ok", "quiero", "de", "una", "claro", "va", "por", "favor", "porfa"})


_QUIET = (Pending.NOTHING, Pending.UPGRADE)


def wants(scene: Scene) -> bool:
    return extra(scene) is not None or moment(scene) or answers(scene)


def answers(scene: Scene) -> bool:
    """Whether this is the word on what was just offered."""
    if scene.dialogue.pending is not Pending.UPGRADE or scene.picked or scene.files:
        return False
    said = scene.heard.entities
    if names_stay(said) or said.topics or "?" in scene.heard.text or scene.dialogue.question is not None:
        return False
    return scene.says("afirmar", "negar") or _takes(scene)


def _takes(scene: Scene) -> bool:
    """A plain word of thanks takes nothing."""
    said = fold(scene.heard.text)
    if hesitates(scene.heard.text):
        return False
    return _TAKES.search(said) is not None or (bool(said) and set(said.split()) <= _BARE)


def extra(scene: Scene) -> str | None:
    """A service sold beside the room that is wanted for a room of theirs."""
    said = scene.heard.entities
    if scene.picked or not (scene.hold or scene.dialogue.booking_code) or "?" in scene.heard.text:
        return None
    folded = fold(scene.heard.text)
    if not _ADDS.search(folded) or _ASKS.search(folded) or scene.dialogue.pending not in _QUIET:
        return None
    return next((key for key in scene.business.extras if key in said.topics), None)


def moment(scene: Scene) -> bool:
    """Whether the guest's data are complete with this message, and nothing of theirs is left to answer."""
    hold, said = scene.hold, scene.heard.entities
    if hold is None or scene.dialogue.upsold or scene.spoken or scene.picked or "?" in scene.heard.text:
        return False
    if names_stay(said) or said.topics or said.booking_code or not guest_data.wants(scene):
        return False
    if hold.status is not BookingStatus.HOLD or hold.deposit_status is not DepositStatus.REQUESTED or scene.files:
        return False
    new = guest_data.news(scene)
    known = replace(
        hold, guest_name=new.name or hold.guest_name, guest_phone=new.phone or hold.guest_phone,
        guest_email=new.email or hold.guest_email,
    )  # fmt: skip
    return known != hold and missing_guest(scene, known) is None


def act(scene: Scene) -> Steps[Move]:
    if key := extra(scene):
        return (yield from _ask(scene, key))
    if answers(scene):
        return (yield from _decided(scene))
    hold = scene.hold
    assert hold is not None
    better = yield from _better(scene, hold)
    line = (yield from _room(hold, better)) if better else None
    if better and line:
        dialogue = replace(scene.dialogue, upsold=better.room_type, pending=Pending.UPGRADE)
        return Move(dialogue, (line,), closes=True)
    key = next((key for key in scene.business.extras if key in scene.knowledge.topics), None)
    lines = (replace(fact_line(scene.knowledge.topics[key]), key="bot.upsell.extra"),) if key else ()
    return Move(replace(scene.dialogue, upsold=key or ""), lines, closes=True)


def _decided(scene: Scene) -> Steps[Move]:
    """A yes is told what it would cost, and asked; anything else leaves the booking as it is."""
    hold, kind = scene.hold, scene.dialogue.upsold
    dialogue = replace(scene.dialogue, pending=Pending.NOTHING)
    if hold is None or not kind or not _takes(scene):
        return Move(dialogue, (Line("bot.fine"),), closes=True)
    return (yield from propose(scene, dialogue, replace(Draft.of(booking_stay(hold)), room_type=kind)))


def _better(scene: Scene, hold: Booking) -> Steps[Offer | None]:
    """For as many people, dearer, and free for all the nights: the next one."""
    held = next((kind for kind in scene.business.room_types if kind.code == hold.room_type), None)
    stay = booking_stay(hold)
    try:
        offers = yield from find_rooms(replace(Draft.of(stay), room_type=None))
    except Invalid:
        return None
    places = {kind.code: kind.capacity for kind in scene.business.room_types}
    dearer = [
        each for each in offers
        if held and places.get(each.room_type) == held.capacity and each.quote.total.amount > hold.total.amount
    ]  # fmt: skip
    return min(dearer, key=lambda each: each.quote.total.amount, default=None)


def _room(hold: Booking, better: Offer) -> Steps[Line | None]:
    try:
        terms = yield from price_change(hold.code, offered(better).stay)
    except (Conflict, Invalid, NotFound):
        return None
    return Line("bot.upsell.room", {"type": better.name, "difference": terms.difference, "total": terms.after})


def _ask(scene: Scene, key: str) -> Steps[Move]:
    own = yield from forms.own_booking(scene)
    topic = scene.knowledge.topics.get(key)
    name = key.replace("_", " ")
    yield from ask_house(RequestKind.OTHER, {"extra": name}, code=own.code if own else None, key=f"extra:{key}")
    lines = [fact_line(topic)] if topic else []
    lines.append(Line("bot.upsell.asked", {"extra": name}))
    return Move(scene.dialogue, tuple(lines))


SPECIALIST = Specialist(
    "upselling", Track.BUSINESS, "offer something better once", frozenset(), priority=68, wants=wants, act=act,
    slots=("room_type",), tools=(AskHouse, FindAlternatives, FindOwn, FindRooms, PriceChange),
    knows=lambda scene: extra(scene) is not None,
)  # fmt: skip
