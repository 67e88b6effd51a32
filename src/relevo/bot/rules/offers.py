"""From a draft to an offer: asks for what is missing in one question, else finds rooms and words price and choices.

Several specialists end here. Nothing is promised: the offer is held only after a yes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from relevo.bookings.rules import Offer
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Dialogue, Draft, Offered, Option, Pending, Stay
from relevo.bot.rules.escalation import Reason
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Steps, find_alternatives, find_rooms
from relevo.bot.rules.wording import booking_stay, other_words, people, quote_line, stay_words, type_name
from relevo.kit.errors import Invalid

MAX_OTHERS = 2


def propose(scene: Scene, dialogue: Dialogue, draft: Draft, lines: tuple[Line, ...] = ()) -> Steps[Move]:
    """Go one step further towards a booking with ``draft``."""
    dialogue = replace(dialogue, draft=draft, pending=Pending.NOTHING, offer=None, others=())
    if draft.check_in and draft.check_in < scene.today:
        return _start_dates_again(scene, dialogue, (*lines, Line("bot.cannot.dates_past")))
    if draft.check_in and draft.check_out and draft.check_out <= draft.check_in:
        return _start_dates_again(scene, dialogue, (*lines, Line("bot.cannot.dates_order")))
    largest = max(kind.capacity for kind in scene.business.room_types)
    if draft.guests and draft.guests > largest:
        line = Line("bot.cannot.party_too_big", {"people": people(scene.texts, largest)})
        return too_much(scene, replace(dialogue, draft=replace(draft, guests=None, children=None)), (*lines, line))
    if missing := missing_question(scene, draft):
        return Move(dialogue, lines, missing)
    try:
        offers = yield from find_rooms(draft)
    except Invalid as refusal:
        return _refused(scene, dialogue, lines, refusal)
    return (yield from _offer(scene, dialogue, draft, offers, lines))


def missing_question(scene: Scene, draft: Draft) -> Ask | None:
    """The one question that asks for everything still missing."""
    texts = scene.texts
    nobody = "" if draft.guests else "_guests"
    if draft.check_in is None:
        if draft.nights:
            nights = texts.count("bot.nights", draft.nights)
            return Ask(f"bot.ask.arrival{nobody}", Expecting.DATES, {"nights": nights})
        return Ask(f"bot.ask.dates{nobody}", Expecting.DATES)
    if draft.check_out is None:
        return Ask(f"bot.ask.nights{nobody}", Expecting.NIGHTS, {"day": texts.day(draft.check_in)})
    if draft.guests is None:
        stay = texts.stay(draft.check_in, draft.check_out, weekdays=True)
        return Ask("bot.ask.guests", Expecting.GUESTS, {"stay": stay})
    return None


def _start_dates_again(scene: Scene, dialogue: Dialogue, lines: tuple[Line, ...]) -> Move:
    draft = replace(dialogue.draft, check_in=None, check_out=None, nights=None)
    return Move(replace(dialogue, draft=draft), lines, missing_question(scene, draft))


def _refused(scene: Scene, dialogue: Dialogue, lines: tuple[Line, ...], refusal: Invalid) -> Move:
    key = f"bot.cannot.{refusal.code}"
    line = Line(key if scene.texts.has(key) else "bot.cannot.that", refusal.params)
    if refusal.code == "party_empty":
        draft = replace(dialogue.draft, guests=None, children=None)
        return Move(replace(dialogue, draft=draft), (*lines, line), missing_question(scene, draft))
    return _start_dates_again(scene, dialogue, (*lines, line))


def too_much(scene: Scene, dialogue: Dialogue, lines: tuple[Line, ...]) -> Move:
    """More than this can do alone: offers a person, and goes on if the customer wants less."""
    yes = Option(scene.texts.say("bot.button.person"), "hablar_con_humano")
    return Move(
        replace(dialogue, pending=Pending.PERSON), lines, Ask("bot.ask.person", Expecting.CONFIRMATION, options=(yes,))
    )


def contained(dialogue: Dialogue) -> Move:
    """Nothing is sold at the moment: says so without a cause, and promises a person."""
    dialogue = replace(dialogue, pending=Pending.NOTHING, offer=None, others=(), told=None, errand=None)
    return Move(dialogue, (Line("bot.not_selling"),), handoff=Reason.NOT_SELLING)


def _offer(
    scene: Scene, dialogue: Dialogue, draft: Draft, offers: tuple[Offer, ...], lines: tuple[Line, ...]
) -> Steps[Move]:
    wanted = next((offer for offer in offers if offer.room_type == draft.room_type), None)
    if draft.room_type and wanted is None:
        kind = next((kind for kind in scene.business.room_types if kind.code == draft.room_type), None)
        if kind is None:
            lines = (*lines, Line("bot.no_such_type", {"types": _names(scene)}))
        elif kind.capacity < (draft.guests or 0):
            lines = (*lines, Line("bot.too_small", {"type": kind.name, "people": people(scene.texts, kind.capacity)}))
        else:
            return (yield from no_room(scene, dialogue, draft, lines))
        dialogue = replace(dialogue, draft=replace(draft, room_type=None))
    if not offers:
        return (yield from no_room(scene, dialogue, draft, lines))
    main = wanted or offers[0]
    others = [offer for offer in offers if offer.room_type != main.room_type][:MAX_OTHERS]
    return _told(scene, dialogue, main, others, lines)


def _told(scene: Scene, dialogue: Dialogue, main: Offer, others: Iterable[Offer], lines: tuple[Line, ...]) -> Move:
    texts, stay = scene.texts, offered(main).stay
    hold = scene.hold
    if hold and booking_stay(hold) == stay:
        line = Line("bot.already_held", stay_words(scene, stay) | {"code": hold.code})
        return Move(dialogue, (*lines, line), closes=True)
    told = tuple(offered(other) for other in others)
    lines = (*lines, quote_line(scene, main, stay))
    if told:
        lines = (*lines, Line("bot.others", {"others": texts.say("bot.or").join(other_words(scene, o) for o in told)}))
    options = (
        Option(texts.say("bot.button.change" if hold else "bot.button.book"), "afirmar"),
        *(
            Option(type_name(scene.business, o.stay.room_type), "modify_reservation", Draft.of(o.stay))
            for o in told[:1]
        ),
        Option(texts.say("bot.button.other_dates"), "modify_reservation", clears_dates=True),
    )
    key = "bot.ask.change_hold" if hold else "bot.ask.book"
    ask = Ask(key, Expecting.CONFIRMATION, options=options, patient=False)
    return Move(replace(dialogue, pending=Pending.HOLD, offer=offered(main), others=told), lines, ask)


def offered(offer: Offer) -> Offered:
    quote = offer.quote
    return Offered(Stay(quote.room_type, quote.check_in, quote.check_out, quote.guests, quote.children), quote.total)


def no_room(scene: Scene, dialogue: Dialogue, draft: Draft, lines: tuple[Line, ...] = ()) -> Steps[Move]:
    """Say that it is full and offer what comes nearest, as buttons and numbers."""
    texts = scene.texts
    assert draft.check_in
    assert draft.check_out
    stay = texts.stay(draft.check_in, draft.check_out, weekdays=True)
    full = (
        Line("bot.full_type", {"type": type_name(scene.business, draft.room_type), "stay": stay})
        if (draft.room_type)
        else Line("bot.full", {"stay": stay})
    )
    dialogue = replace(dialogue, draft=draft, pending=Pending.NOTHING, offer=None, others=())
    found = yield from find_alternatives(draft)
    if not found:
        cleared = replace(draft, check_in=None, check_out=None, nights=None)
        return Move(replace(dialogue, draft=cleared), (*lines, full), Ask("bot.ask.other_dates", Expecting.DATES))
    options = tuple(
        Option(
            texts.say(
                "bot.alternative",
                type=offer.name,
                stay=texts.stay(offer.quote.check_in, offer.quote.check_out, weekdays=True),
                total=offer.quote.total,
            ),
            "modify_reservation",
            replace(Draft.of(offered(offer).stay), children=draft.children),
        )
        for offer in found
    )
    ask = Ask("bot.ask.alternative", Expecting.MENU, options=options, numbered=True)
    return Move(replace(dialogue, others=tuple(offered(offer) for offer in found)), (*lines, full), ask)


def _names(scene: Scene) -> str:
    return ", ".join(kind.name for kind in scene.business.room_types)
