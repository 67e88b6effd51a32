"""From what a turn came to, to the sentences: fills templates, adds the question, buttons and the short spoken form.

Only templates and data meet here; no sentence is written in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from relevo.bookings.rules import Booking, Business, Offer
from relevo.bot.rules.dialogue import Offered, Stay
from relevo.bot.rules.knowledge import Topic
from relevo.bot.rules.reading import fold
from relevo.bot.rules.steps import Ask, Line, Outcome, Scene
from relevo.conversations.rules import Reply
from relevo.texts import Texts

SHORT = 40
"""Characters up to which a sentence does not get a line of its own."""
ALWAYS = (
    ("bot.button.person", "hablar_con_humano"),
    ("bot.button.availability", "check_availability"),
    ("bot.button.services", "ask_services"),
)
"""Buttons that mean the same at any turn: text key and intent."""
TOPICS = "topics"
"""Where the ``meta`` of an answer says from which topics of the house its facts come."""
_CITES = "cites"
"""Where a line says which topic it repeats."""


def fact_line(topic: Topic) -> Line:
    """What the house says of a topic, with where it comes from."""
    return Line("bot.fact", {"text": topic.text, _CITES: {"key": topic.key, "source": topic.source}})


def people(texts: Texts, guests: int, children: int = 0) -> str:
    party = texts.count("bot.people", guests)
    return party + (f" ({texts.count('bot.minors', children)})" if children else "")


def type_name(business: Business, code: str) -> str:
    return next((kind.name for kind in business.room_types if kind.code == code), code)


def deposit_percent(business: Business, code: str) -> int:
    own = next((kind.deposit_percent for kind in business.room_types if kind.code == code), None)
    return business.deposit_percent if own is None else own


def stay_words(scene: Scene, stay: Stay) -> dict[str, object]:
    """What describes a stay in a template: ``stay``, ``short_stay``, ``nights``, ``type``, ``people``."""
    texts = scene.texts
    return {
        "stay": texts.stay(stay.check_in, stay.check_out, weekdays=True),
        "short_stay": texts.stay(stay.check_in, stay.check_out),
        "nights": texts.count("bot.nights", stay.nights),
        "type": type_name(scene.business, stay.room_type),
        "people": people(texts, stay.guests, stay.children),
    }


def quote_line(scene: Scene, offer: Offer, stay: Stay, *, key: str = "quote") -> Line:
    quote = offer.quote
    per_night = "" if quote.uniform else "_mixed"
    price = {"price": quote.price_per_night, "total": quote.total}
    return Line(f"bot.{key}{per_night}", stay_words(scene, stay) | price)


def other_words(scene: Scene, offered: Offered) -> str:
    return scene.texts.say("bot.other", type=type_name(scene.business, offered.stay.room_type), total=offered.total)


def booking_stay(booking: Booking) -> Stay:
    return Stay(booking.room_type, booking.check_in, booking.check_out, booking.guests, booking.children)


def booking_words(scene: Scene, booking: Booking) -> dict[str, object]:
    """Everything that may be said about a booking."""
    business, bank = scene.business, scene.business.bank
    contact = booking.guest_phone or booking.guest_email
    return stay_words(scene, booking_stay(booking)) | {
        "code": booking.code,
        "until": local_time(scene, booking.hold_expires_at),
        "minutes": str(business.hold_minutes),
        "percent": str(deposit_percent(business, booking.room_type)),
        "deposit": booking.deposit,
        "total": booking.total,
        "name": booking.guest_name,
        "contact": contact,
        "holder": (bank.get("holder") or "").rstrip("."),
        "bank": bank.get("bank"),
        "cbu": bank.get("cbu"),
        "alias": bank.get("alias"),
    }


def local_time(scene: Scene, at: datetime | None) -> str:
    return scene.texts.time(at.astimezone(scene.business.timezone).time()) if at else ""


def render(outcome: Outcome, texts: Texts, *, spoken: bool) -> Reply:
    """One reply; ``spoken_text`` is set only where it is said differently."""
    lines = [*outcome.lines, *([_question(outcome.ask, texts)] if outcome.ask else [])]
    written = _paragraphs([_say(texts, line, spoken=False) for line in lines])
    buttons = tuple(option.label for option in outcome.ask.options) if outcome.ask else ()
    cited = [line.params[_CITES] for line in lines if _CITES in line.params]
    meta = {TOPICS: cited} if cited else {}
    if outcome.ask and outcome.ask.numbered:
        written += "".join(f"\n{number}) {label}" for number, label in enumerate(buttons, 1))
    if not spoken:
        return Reply(written, buttons, meta=meta)
    aloud = " ".join(text for line in lines if (text := _say(texts, line, spoken=True)))
    if outcome.ask and outcome.ask.numbered:
        aloud += " " + _options_aloud(outcome.ask, texts)
    return Reply(written, buttons, aloud if aloud != written else None, meta)


def _question(ask: Ask, texts: Texts) -> Line:
    again = f"{ask.key}_again"
    return Line(again if ask.again and texts.has(again) else ask.key, ask.params)


def _paragraphs(sentences: list[str]) -> str:
    """Short sentences share a line with what follows."""
    text = ""
    for sentence in filter(None, sentences):
        last = text.rsplit("\n", 1)[-1]
        text += ("" if not text else " " if len(last) <= SHORT else "\n") + sentence
    return text


def _options_aloud(ask: Ask, texts: Texts) -> str:
    return " ".join(
        texts.say("bot.option_spoken", number=number, label=option.label)
        for number, option in enumerate(ask.options, 1)
    )


def _say(texts: Texts, line: Line, *, spoken: bool) -> str:
    key = f"{line.key}_spoken"
    return texts.say(key if spoken and texts.has(key) else line.key, **line.params)


def same_words(one: str, other: str) -> bool:
    return fold(one) == fold(other)


def standing_buttons(texts: Texts) -> Mapping[str, str]:
    """Label to intent, for the buttons of the greeting and of every way out."""
    return {texts.say(key): intent for key, intent in ALWAYS}


def greeting_buttons(texts: Texts) -> tuple[str, ...]:
    labels = {intent: label for label, intent in standing_buttons(texts).items()}
    return labels["check_availability"], labels["ask_services"], labels["hablar_con_humano"]
