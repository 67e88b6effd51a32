"""Puts a stay together from whatever is said, in any order, and offers a room for it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from relevo.bot.ports import Ambiguity, Expecting
from relevo.bot.rules.bargains import bargains, orders_apart
from relevo.bot.rules.dialogue import Dialogue, Draft, Option, Pending, merged, names_stay
from relevo.bot.rules.objections import objection_in
from relevo.bot.rules.offers import propose, too_much
from relevo.bot.rules.reading import (
    agrees_at_all,
    another_room,
    asks_first,
    fold,
    hesitates,
    orders,
    plain_yes,
    puts_right,
    relative_children,
    relative_guests,
    relative_nights,
    seeks_room,
    thanks,
    wants_it,
)
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Steps
from relevo.bot.rules.wording import booking_stay, type_name
from relevo.kit.money import Money

INTENTS = frozenset({"check_availability", "get_prices", "make_reservation", "modify_reservation"})
_ASKING = ("ask_services", "ask_policies")
_TAKEN = ("hablar_con_humano", "queja", "cancel_reservation", "agendar_cita", "fuera_de_alcance")
_ELSEWHERE = ("cancel_reservation", "ask_services", "ask_policies", "enviar_comprobante", "consulta_estado")
_DECIDED = (
    "negar", "modify_reservation", "check_availability", "get_prices", "hablar_con_humano", "queja", *_ELSEWHERE,
)  # fmt: skip
PUT_OFF = "trade.ask.keep"
"""The question that is put to who wants to think about it."""
_STILL = re.compile(r"\b(si|dale|quiero|queremos)\b")


def concerns(scene: Scene) -> bool:
    """Whether the message is about a stay in the making, and is no yes to the offer."""
    heard, said, dialogue = scene.heard, scene.heard.entities, scene.dialogue
    if scene.picked:
        return scene.picked.intent in INTENTS
    if accepts(scene):
        return False
    if haggles(scene):
        return True
    if wavers(scene):
        return False
    if relative(heard.text) or revives(scene):
        return True
    if heard.intent in ("afirmar", "make_reservation") and orders(heard.text) and _nothing_yet(scene):
        return True
    if seeks_room(heard.text) and heard.intent not in _TAKEN:
        return True
    if names_stay(said):
        # "¿hasta qué hora el check-out del domingo?" names a day but asks something else.
        return heard.intent not in _ELSEWHERE or changed(scene)
    if dialogue.pending is Pending.HOLD and scene.says("negar", "modify_reservation"):
        return True
    if scene.says(*_ASKING) and scene.says("check_availability", "make_reservation"):
        # "¿Hay lugar? ¿Y el wifi anda bien?" are two things.
        return True
    return scene.says(*INTENTS) and not scene.knowledge.find(said.topics, heard.text)


def accepts(scene: Scene) -> bool:
    """Whether this is a yes to the offer as it stands, so that nothing has to be offered anew."""
    dialogue, said = scene.dialogue, scene.heard.entities
    if dialogue.pending is not Pending.HOLD or dialogue.offer is None or scene.says("negar"):
        return False
    if scene.picked:
        return scene.picked.intent == "afirmar"
    text = scene.heard.text
    if haggles(scene) or objection_in(text) is not None:
        return False
    apart = orders_apart(text)
    if not apart and (said.topics or asks_first(text) or hesitates(text)):
        return False
    sure = orders(text) or wants_it(text)
    put_off = dialogue.question is None or dialogue.question.key == PUT_OFF
    if put_off and not apart and not sure and (thanks(text) or not _STILL.search(fold(text))):
        # They put it off; "joya, gracias" is a goodbye then.
        return False
    # Who says the days again wishes for them again.
    chosen = names_stay(said) and not said.check_in and agrees_at_all(text) and not puts_right(text)
    named = said.guest_name or chosen
    agreed = scene.says("afirmar", "make_reservation") and (plain_yes(text) or named)
    if not (agreed or apart or sure):
        return False
    if relative(text) or said.ambiguities or said.past_dates:
        return False
    draft = merged(Draft.of(dialogue.offer.stay), said)
    return any(Draft.of(told.stay) == draft for told in (dialogue.offer, *dialogue.others))


def haggles(scene: Scene) -> bool:
    """Whether the yes to the offer comes with a price or a condition of its own: the offer is told again as it is."""
    dialogue = scene.dialogue
    if dialogue.pending is not Pending.HOLD or dialogue.offer is None or scene.picked:
        return False
    text, offers = scene.heard.text, (dialogue.offer, *dialogue.others)
    nightly = [Money(each.total.amount // each.stay.nights, each.total.currency) for each in offers]
    return orders_anything(scene) and bargains(text, (*(each.total for each in offers), *nightly))


def orders_anything(scene: Scene) -> bool:
    return scene.says("afirmar", "make_reservation") or orders(scene.heard.text) or agrees_at_all(scene.heard.text)


def wavers(scene: Scene) -> bool:
    """Whether the offer is neither taken nor turned down: "lo pienso", "es caro, dejá"."""
    said, dialogue = scene.heard.entities, scene.dialogue
    if dialogue.pending is not Pending.HOLD or names_stay(said) or said.topics or scene.picked:
        return False
    return hesitates(scene.heard.text) and not scene.says(*_DECIDED) and not haggles(scene)


def revives(scene: Scene) -> bool:
    """Whether a stay that was turned down is wanted after all; it is then offered anew, never held on this word."""
    draft, dialogue = scene.dialogue.draft, scene.dialogue
    known = draft.has_dates and draft.guests and not scene.hold and dialogue.pending is Pending.NOTHING
    return bool(known) and dialogue.expecting is Expecting.NOTHING and wants_it(scene.heard.text)


def _nothing_yet(scene: Scene) -> bool:
    """``sí, reservá``, said before there is anything to reserve."""
    dialogue = scene.dialogue
    return dialogue.pending is Pending.NOTHING and dialogue.expecting is Expecting.NOTHING and scene.hold is None


def relative(text: str) -> bool:
    return bool(relative_nights(text) or relative_guests(text) or relative_children(text))


def changed(scene: Scene) -> bool:
    return _draft(scene) != _before(scene)


def go(scene: Scene) -> Steps[Move]:
    dialogue, said = scene.dialogue, scene.heard.entities
    if scene.picked is None:
        if haggles(scene):
            return (yield from propose(scene, dialogue, _draft(scene)))
        if dialogue.pending is Pending.HOLD and scene.says("negar") and not names_stay(said):
            return declined(scene)
        if (said.rooms and said.rooms > 1) or (scene.hold and another_room(scene.heard.text)):
            return too_much(scene, dialogue, (Line("bot.cannot.several_rooms"),))
        if said.past_dates and not said.check_in:
            draft = replace(_draft(scene), check_in=None, check_out=None, nights=None)
            return (yield from propose(scene, dialogue, draft, (Line("bot.cannot.dates_past"),)))
        after = replace(dialogue, draft=_draft(scene), pending=Pending.NOTHING, offer=None, others=())
        for unclear in said.ambiguities:
            if len(unclear.readings) > 1:
                return which(after, unclear, scene)
            if unclear.kind == "dates" and unclear.readings:
                return which_days(after, unclear)
    return (yield from propose(scene, dialogue, _draft(scene)))


def _before(scene: Scene) -> Draft:
    """What the change is counted from: the stay in the making, else the one that is held."""
    draft = scene.dialogue.draft
    return Draft.of(booking_stay(scene.hold)) if draft == Draft() and scene.hold else draft


def _draft(scene: Scene) -> Draft:
    before, picked = _before(scene), scene.picked
    if picked:
        if picked.clears_dates:
            before = replace(before, check_in=None, check_out=None, nights=None)
        return over(before, picked.draft) if picked.draft else before
    heard = scene.heard
    after = merged(
        before,
        heard.entities,
        expecting=scene.dialogue.expecting,
        more_nights=relative_nights(heard.text),
        more_guests=relative_guests(heard.text),
        more_children=relative_children(heard.text),
    )
    only = next((kind for kind in scene.business.room_types if kind.code == after.room_type), None)
    if only and only.capacity == 1 and after.guests is None:
        return replace(after, guests=1, children=0)
    return after


def over(before: Draft, picked: Draft) -> Draft:
    return Draft(
        picked.check_in or before.check_in,
        picked.check_out or before.check_out,
        picked.nights or before.nights,
        picked.guests or before.guests,
        picked.children if picked.children is not None else before.children,
        picked.room_type or before.room_type,
    )


def declined(scene: Scene) -> Move:
    texts = scene.texts
    options = (
        Option(texts.say("bot.button.other_dates"), "modify_reservation", clears_dates=True),
        Option(texts.say("bot.button.person"), "hablar_con_humano"),
    )
    dialogue = replace(scene.dialogue, pending=Pending.NOTHING, offer=None, others=())
    line = Line("bot.kept", {"code": scene.hold.code}) if scene.hold else Line("bot.declined")
    return Move(dialogue, (line,), Ask("bot.ask.anything_else", Expecting.NOTHING, options=options, patient=False))


def which_days(dialogue: Dialogue, unclear: Ambiguity) -> Move:
    """A stretch such as a whole month was named: the days in it still have to be said."""
    counted = any(char.isdigit() for char in unclear.text) or "noche" in unclear.text
    draft = replace(dialogue.draft, check_in=None, check_out=None, nights=dialogue.draft.length if counted else None)
    key = "bot.ask.which_days" if draft.guests else "bot.ask.which_days_guests"
    return Move(replace(dialogue, draft=draft), (), Ask(key, Expecting.DATES))


def which(dialogue: Dialogue, unclear: Ambiguity, scene: Scene) -> Move:
    """Ask back with the two fair readings as buttons."""
    options = tuple(_reading(scene, reading) for reading in unclear.readings[:2])
    kind = unclear.kind if scene.texts.has(f"bot.ask.which_{unclear.kind}") else "dates"
    ask = Ask(f"bot.ask.which_{kind}", Expecting.MENU, options=options, numbered=True)
    return Move(dialogue, (), ask)


def _reading(scene: Scene, reading: str) -> Option:
    """A reading is a day or two (``2026-12-05/2026-12-08``), a number of people, or a room type."""
    texts = scene.texts
    if reading.isdigit():
        return Option(texts.count("bot.people", int(reading)), "modify_reservation", Draft(guests=int(reading)))
    try:
        days = [date.fromisoformat(day) for day in reading.split("/")]
    except ValueError:
        return Option(type_name(scene.business, reading), "modify_reservation", Draft(room_type=reading))
    if len(days) == 1:
        return Option(texts.day(days[0]), "modify_reservation", Draft(check_in=days[0]))
    label = texts.stay(days[0], days[1], weekdays=True)
    return Option(label, "modify_reservation", Draft(check_in=days[0], check_out=days[1]))
