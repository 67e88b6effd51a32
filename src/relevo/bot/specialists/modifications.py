"""Changes a booking that is made: whose it is, what the new stay costs and by how much that differs, then only a yes.

The hold of this conversation, as long as nobody has paid for it, is changed by being held anew (``stays``).
"""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import Booking, DepositStatus
from relevo.bot.ports import ChangeTerms, Expecting
from relevo.bot.rules.agreeing import agrees, kept, refuses, turns_away
from relevo.bot.rules.dialogue import Dialogue, Draft, Option, Pending, Stay, Task, Told, merged, names_stay
from relevo.bot.rules.identity import ENDED, Found, errand, whose
from relevo.bot.rules.offers import contained, offered, too_much
from relevo.bot.rules.reading import (
    CHANGING,
    opens_matter,
    rather,
    rather_changes,
    relative_children,
    relative_guests,
    relative_nights,
)
from relevo.bot.rules.stays import over, relative, which
from relevo.bot.rules.steps import (
    Ask,
    ChangeStay,
    FindAlternatives,
    FindBooking,
    FindOwn,
    Identify,
    Line,
    Move,
    PriceChange,
    Scene,
    Specialist,
    Steps,
    Track,
    change_stay,
    find_alternatives,
    find_booking,
    price_change,
)
from relevo.bot.rules.wording import booking_stay, booking_words, stay_words, type_name
from relevo.kit.errors import Conflict, Invalid, NotFound
from relevo.kit.money import Money

INTENTS = frozenset({"modify_reservation"})
_STAYS = ("modify_reservation", "check_availability", "get_prices", "make_reservation")


def wants(scene: Scene) -> bool:
    dialogue, heard, hold = scene.dialogue, scene.heard, scene.hold
    if scene.picked and scene.picked.draft is not None:
        return _under_way(scene)
    if dialogue.pending is Pending.CHANGE:
        return agrees(scene, CHANGING, INTENTS) or refuses(scene) or turns_away(scene) or _news(scene)
    if _under_way(scene) and (_news(scene) or refuses(scene) or turns_away(scene)):
        return True
    if dialogue.pending is Pending.CANCEL and refuses(scene):
        return rather_changes(heard.text)
    code = heard.entities.booking_code
    if scene.says(*INTENTS) and code and (hold is None or code != hold.code):
        return True
    if hold is not None:
        return paid(hold) and (scene.says(*INTENTS) or _news(scene))
    if dialogue.draft != Draft() or dialogue.pending is Pending.HOLD:
        return False
    if scene.says(*INTENTS):
        if dialogue.booking_code or opens_matter(heard.text):
            return True
        # Dates for people who have booked nothing are a new stay, whatever it resembles.
        return not (heard.entities.check_in and (heard.entities.guests or heard.entities.check_out))
    return bool(dialogue.booking_code) and (relative(heard.text) or (_news(scene) and rather(heard.text)))


def paid(hold: Booking) -> bool:
    """A hold with money behind it is not simply given up for another."""
    return hold.deposit_status in (DepositStatus.RECEIVED, DepositStatus.CONFIRMED)


def act(scene: Scene) -> Steps[Move]:
    dialogue = scene.dialogue
    if dialogue.pending is Pending.CHANGE and dialogue.told is not None:
        if agrees(scene, CHANGING, INTENTS):
            return (yield from _do(scene))
        if refuses(scene) or (turns_away(scene) and not _news(scene)):
            return kept(scene)
    elif _under_way(scene) and not _news(scene) and not scene.picked and (refuses(scene) or turns_away(scene)):
        return kept(scene)
    return (yield from go(scene))


def go(scene: Scene) -> Steps[Move]:
    said, dialogue = scene.heard.entities, scene.dialogue
    if said.rooms and said.rooms > 1:
        return too_much(scene, dialogue, (Line("bot.cannot.several_rooms"),))
    if _news(scene):
        # What is wanted is kept until it is known of which booking.
        wanted = replace(errand(scene, Task.CHANGE), said=said, text=scene.heard.text)
        scene = replace(scene, dialogue=replace(dialogue, errand=wanted))
    found = yield from whose(scene, Task.CHANGE)
    if isinstance(found, Move):
        return found
    booking = found.booking
    if booking.status in ENDED or booking.check_out <= scene.today:
        key = booking.status if booking.status in ENDED else "past"
        line = Line(f"bot.status.{key}", booking_words(scene, booking))
        return Move(replace(found.dialogue, errand=None), (line,), closes=True)
    return (yield from _change(scene, found))


def _change(scene: Scene, found: Found) -> Steps[Move]:
    dialogue, booking, texts = found.dialogue, found.booking, scene.texts
    draft, before = _wanted(scene, found), Draft.of(booking_stay(booking))
    dialogue = replace(dialogue, pending=Pending.NOTHING, told=None, offer=None, others=())
    said = dialogue.errand.said if dialogue.errand else None
    for unclear in said.ambiguities if said else ():
        if len(unclear.readings) > 1:
            return which(_asked_back(dialogue), unclear, scene)
        if unclear.kind == "dates" and unclear.readings:
            return Move(_asked_back(dialogue), (), Ask("bot.ask.which_days", Expecting.DATES))
    if (said and said.past_dates and not said.check_in) or (draft.check_in and draft.check_in < scene.today):
        return Move(_read(dialogue, before), (Line("bot.cannot.dates_past"),), _what(scene, booking))
    if draft == before:
        return Move(_read(dialogue, before), (), _what(scene, booking))
    kind = next((kind for kind in scene.business.room_types if kind.code == draft.room_type), None)
    if kind is None or not draft.has_dates or not draft.guests:
        types = ", ".join(each.name for each in scene.business.room_types)
        return Move(_read(dialogue, before), (Line("bot.no_such_type", {"types": types}),), _what(scene, booking))
    stay = draft.stay(kind.code)
    if kind.capacity < stay.guests:
        words = {"type": kind.name, "people": texts.count("bot.people", kind.capacity)}
        return (yield from _elsewhere(scene, dialogue, booking, draft, Line("bot.too_small", words)))
    return (yield from _offer(scene, dialogue, booking, stay))


def _offer(scene: Scene, dialogue: Dialogue, booking: Booking, stay: Stay, *lines: Line) -> Steps[Move]:
    try:
        terms = yield from price_change(booking.code, stay)
    except Invalid as refusal:
        key = f"bot.cannot.{refusal.code}"
        line = Line(key if scene.texts.has(key) else "bot.cannot.that", refusal.params)
        return Move(_read(dialogue, Draft.of(booking_stay(booking))), (*lines, line), _what(scene, booking))
    except (Conflict, NotFound) as refusal:
        if refusal.code == "not_selling":
            return contained(dialogue)
        if refusal.code != "no_room":
            return _not_ours(scene, dialogue, booking)
        full = Line("bot.change.full", stay_words(scene, stay) | {"code": booking.code})
        return (yield from _elsewhere(scene, dialogue, booking, Draft.of(stay), *lines, full))
    dialogue = replace(
        dialogue, pending=Pending.CHANGE, told=Told(booking.code, stay, terms.after), offer=None, others=()
    )
    texts = scene.texts
    options = (Option(texts.say("bot.button.change"), "afirmar"), Option(texts.say("bot.button.keep"), "negar"))
    ask = Ask("bot.ask.change", Expecting.CONFIRMATION, {"code": booking.code}, options, patient=False)
    return Move(dialogue, (*lines, *_difference(scene, booking, stay, terms)), ask)


def _difference(scene: Scene, booking: Booking, stay: Stay, terms: ChangeTerms) -> tuple[Line, ...]:
    """The new stay and its price beside the old one: told before anything is done."""
    more = terms.difference.amount
    words = stay_words(scene, stay) | {
        "code": booking.code,
        "before": terms.before,
        "after": terms.after,
        "difference": Money(abs(more), terms.after.currency),
    }
    key = "dearer" if more > 0 else "cheaper" if more < 0 else "same"
    policy = (Line("bot.fact", {"text": terms.policy}),) if terms.policy else ()
    return (Line("bot.change.to", words), Line(f"bot.change.{key}", words), *policy)


def _do(scene: Scene) -> Steps[Move]:
    told = scene.dialogue.told
    assert told is not None
    assert told.stay is not None
    dialogue = replace(scene.dialogue, pending=Pending.NOTHING, told=None)
    booking = yield from find_booking(told.code, proven=True)
    if booking is None or booking.status in ENDED:
        return Move(replace(dialogue, errand=None), (Line("bot.nothing_held"),), closes=True)
    try:
        terms = yield from price_change(told.code, told.stay)
        if terms.after != told.money:
            return (yield from _offer(scene, dialogue, booking, told.stay, Line("bot.price_changed")))
        changed = yield from change_stay(terms)
    except (Conflict, Invalid, NotFound) as refusal:
        if refusal.code == "not_selling":
            return contained(dialogue)
        if refusal.code == "change_pending":
            waits = Line("bot.change.pending", {"code": booking.code})
            return Move(replace(dialogue, errand=None), (waits,), closes=True)
        if refusal.code == "offer_changed":
            return (yield from _offer(scene, dialogue, booking, told.stay, Line("bot.price_changed")))
        if refusal.code != "no_room":
            return _not_ours(scene, dialogue, booking)
        return (yield from _elsewhere(scene, dialogue, booking, Draft.of(told.stay), Line("bot.just_taken")))
    # What is sold changes when the PMS has it; the house says so then.
    key = "done" if booking_stay(changed) == told.stay else "under_way"
    line = Line(f"bot.change.{key}", booking_words(scene, changed))
    dialogue = replace(dialogue, errand=None, booking_code=changed.code, draft=Draft())
    return Move(dialogue, (line,), closes=True)


def _elsewhere(scene: Scene, dialogue: Dialogue, booking: Booking, draft: Draft, *lines: Line) -> Steps[Move]:
    """It stays as it is; what comes nearest is offered as buttons and numbers."""
    texts = scene.texts
    dialogue = replace(_read(dialogue, draft), pending=Pending.NOTHING, told=None)
    try:
        found = yield from find_alternatives(draft)
    except Invalid:
        found = ()
    if not found:
        return Move(dialogue, lines, _what(scene, booking))
    options = tuple(
        Option(
            texts.say(
                "bot.alternative", type=type_name(scene.business, each.stay.room_type), total=each.total,
                stay=texts.stay(each.stay.check_in, each.stay.check_out, weekdays=True),
            ),
            "modify_reservation",
            replace(Draft.of(each.stay), children=draft.children),
        )
        for each in map(offered, found)
    )  # fmt: skip
    return Move(dialogue, lines, Ask("bot.ask.alternative", Expecting.MENU, options=options, numbered=True))


def _wanted(scene: Scene, found: Found) -> Draft:
    """The booked stay, or the change that was being talked about, with what was said last over it."""
    told, picked, wanted = scene.dialogue.told, scene.picked, found.dialogue.errand
    before = Draft.of(booking_stay(found.booking))
    if told and told.stay and told.code == found.booking.code:
        before = Draft.of(told.stay)
    elif wanted and wanted.draft:
        before = wanted.draft
    if wanted is not None and wanted.said is not None:
        more = relative_guests(wanted.text)
        # "Sumar una persona" counts one more, not one in all.
        said = replace(wanted.said, guests=None, adults=None) if more == wanted.said.guests else wanted.said
        before = merged(
            before,
            said,
            more_nights=relative_nights(wanted.text),
            more_guests=more,
            more_children=relative_children(wanted.text),
        )
    return over(before, picked.draft) if picked and picked.draft else before


def _read(dialogue: Dialogue, draft: Draft) -> Dialogue:
    """What was said for the change has been answered; ``draft`` is what the next words are counted from."""
    under_way = dialogue.errand
    return replace(dialogue, errand=replace(under_way, said=None, text="", draft=draft)) if under_way else dialogue


def _asked_back(dialogue: Dialogue) -> Dialogue:
    """What was clear in what was said still counts when the rest is picked."""
    under_way = dialogue.errand
    if under_way is None or under_way.said is None:
        return dialogue
    clear = replace(under_way.said, check_in=None, check_out=None, nights=None, ambiguities=())
    return replace(dialogue, errand=replace(under_way, said=clear, text=""))


def _news(scene: Scene) -> bool:
    if scene.picked:
        return False
    return names_stay(scene.heard.entities) or relative(scene.heard.text)


def _under_way(scene: Scene) -> bool:
    """Whether the open question is about a change of a known booking."""
    under_way, question = scene.dialogue.errand, scene.dialogue.question
    return bool(
        under_way and under_way.task is Task.CHANGE and question
        and question.expecting in (Expecting.DATES, Expecting.MENU, Expecting.CONFIRMATION)
    )  # fmt: skip


def _what(scene: Scene, booking: Booking) -> Ask:
    words = {"code": booking.code, "stay": scene.texts.stay(booking.check_in, booking.check_out, weekdays=True)}
    return Ask("bot.ask.what_change", Expecting.DATES, words, patient=False)


def _not_ours(scene: Scene, dialogue: Dialogue, booking: Booking) -> Move:
    dialogue = replace(dialogue, errand=None, told=None, pending=Pending.NOTHING)
    return too_much(scene, dialogue, (Line("bot.cannot.change", {"code": booking.code}),))


SPECIALIST = Specialist(
    "modifications", Track.GUESTS, "change a booking after a yes", INTENTS, priority=75, wants=wants, act=act,
    alone=True,
    slots=("booking_code", "contact", "check_in", "check_out", "guests", "room_type"),
    tools=(
        ChangeStay, FindAlternatives, FindBooking, FindOwn, Identify, PriceChange,
    ),
)  # fmt: skip
