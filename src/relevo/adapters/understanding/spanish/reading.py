"""One message, every value in it: puts the grammar's parts together and says what each was read from.

It does not guess what the guest wants, only what the guest said.
"""

from __future__ import annotations

import re
from datetime import date

from relevo.adapters.understanding.spanish.contact import read_code, read_email, read_phone
from relevo.adapters.understanding.spanish.names import read_name
from relevo.adapters.understanding.spanish.people import read_party
from relevo.adapters.understanding.spanish.rooms import read_rooms
from relevo.adapters.understanding.spanish.stays import Stay, read_stay
from relevo.adapters.understanding.spanish.topics import read_topics
from relevo.adapters.understanding.spanish.words import Token, fold, tokens
from relevo.bot.ports import Ambiguity, Entities, Expecting, ReadingContext

Span = tuple[int, int]
_ORDINALS = {
    "primer": 1, "primera": 1, "primero": 1, "segunda": 2, "segundo": 2, "tercera": 3, "tercero": 3, "tercer": 3,
    "cuarta": 4, "cuarto": 4,
}  # fmt: skip
_CHOICE_FILLERS = {
    "la", "el", "opcion", "numero", "por", "favor", "si", "dale", "quiero", "esa", "ese", "a", "de", ".", ",", ")",
    "(", "!", "prefiero", "mejor", "elijo", "nro", "con", "me", "quedo", "voy", "fecha", "bueno",
}  # fmt: skip
_LOOKING_BACK = re.compile(r"\b(?:ayer|anteayer|antier|hace|pasad[oa]|anterior)\b")
MAX_CHOICE = 9


def read_entities(text: str, context: ReadingContext, country: str = "AR") -> Entities:
    """Everything ``text`` says, in ``context``."""
    today, expecting = context.now.date(), context.expecting
    evidence: list[tuple[str, str]] = []
    rest = text
    email = read_email(rest)
    rest = _blanked(rest, email[1] if email else None)
    words = tokens(rest)
    code = read_code(rest, words, asked=expecting is Expecting.BOOKING_CODE)
    rest = _blanked(rest, code[1] if code else None)
    phone = read_phone(rest, tokens(rest), country, asked=expecting is Expecting.CONTACT)
    rest = _blanked(rest, phone[1] if phone else None)
    name = read_name(rest, asked=expecting is Expecting.GUEST_NAME)
    unnamed = _blanked(rest, name[1] if name else None)
    for kind, found in (("email", email), ("booking_code", code), ("phone", phone), ("guest_name", name)):
        if found:
            evidence.append((kind, text[found[1][0] : found[1][1]].strip()))

    words = tokens(unnamed)
    choice = _choice(words) if expecting is Expecting.MENU else None
    if choice is not None:
        evidence.append(("choice", text.strip()))
        return Entities(choice=choice, evidence=tuple(evidence))
    contact_only = expecting in (Expecting.CONTACT, Expecting.BOOKING_CODE)
    stay = read_stay(
        words,
        today,
        country=country,
        check_in=context.check_in,
        check_out=context.check_out,
        asked_nights=expecting is Expecting.NIGHTS,
        asked_dates=expecting is Expecting.DATES,
    )
    party = read_party(words, taken=stay.spans, asked=expecting is Expecting.GUESTS)
    rooms = read_rooms(words, context.room_types)
    topics = read_topics(fold(unnamed))
    if contact_only and not words:
        stay = Stay()
    stay, past = _not_past(stay, today, unnamed)
    evidence += _said("dates", stay.spans, text) + _said("guests", party.spans, text)
    evidence += _said("room_type", rooms.spans, text) + [("topic", said) for _, said in topics]
    return Entities(
        check_in=stay.check_in,
        check_out=stay.check_out,
        nights=_nights(stay),
        guests=party.guests,
        adults=party.adults,
        children=party.children,
        rooms=rooms.rooms,
        room_type=rooms.kind,
        guest_name=name[0] if name else None,
        phone=phone[0] if phone else None,
        email=email[0] if email else None,
        booking_code=code[0] if code else None,
        topics=tuple(key for key, _ in topics),
        past_dates=past,
        ambiguities=_ambiguities(stay, party.readings, rooms.readings, text, party.spans, rooms.spans),
        evidence=tuple(evidence),
    )


def _blanked(text: str, span: Span | None) -> str:
    """The same text with a stretch taken out, positions unchanged."""
    if span is None:
        return text
    return f"{text[: span[0]]}{';' * (span[1] - span[0])}{text[span[1] :]}"


def _said(kind: str, spans: list[Span], text: str) -> list[tuple[str, str]]:
    return [(kind, text[start:end].strip()) for start, end in sorted(set(spans))]


def _nights(stay: Stay) -> int | None:
    if stay.check_in and stay.check_out:
        return (stay.check_out - stay.check_in).days
    return stay.nights


def _not_past(stay: Stay, today: date, text: str) -> tuple[Stay, bool]:
    """Days gone by are not a stay; told as past (``ayer``), they were not meant as one either."""
    past = (stay.check_in is not None and stay.check_in < today) or (
        stay.check_out is not None and stay.check_out < today
    )
    if past:
        stay.check_in = stay.check_out = None
        stay.readings = ()
        stay.vague = False
        past = not any(_LOOKING_BACK.search(fold(text[start:end])) for start, end in stay.spans)
        stay.spans = stay.spans if past else []
    return stay, past


def _choice(words: list[Token]) -> int | None:
    numbers = [token.number for token in words if token.number is not None]
    ordinals = [_ORDINALS[token.word] for token in words if token.word in _ORDINALS]
    others = {token.word for token in words if token.number is None} - _CHOICE_FILLERS - set(_ORDINALS)
    said = numbers + ordinals
    if len(said) == 1 and not others and 1 <= said[0] <= MAX_CHOICE:
        return said[0]
    return None


def _ambiguities(
    stay: Stay, people: tuple[int, ...], rooms: tuple[str, ...], text: str, people_at: list[Span], rooms_at: list[Span]
) -> tuple[Ambiguity, ...]:
    found: list[Ambiguity] = []
    if (stay.readings or stay.vague) and stay.check_in:
        first = _reading(stay.check_in, stay.check_out)
        others = [_reading(begin, None if begin == end else end) for begin, end in stay.readings]
        found.append(Ambiguity("dates", _first(text, stay.spans), tuple(dict.fromkeys((first, *others)))))
    if people:
        found.append(Ambiguity("guests", _first(text, people_at), tuple(str(each) for each in people)))
    if rooms:
        found.append(Ambiguity("room_type", _first(text, rooms_at), rooms))
    return tuple(found)


def _reading(begin: date, end: date | None) -> str:
    return f"{begin.isoformat()}/{end.isoformat()}" if end else begin.isoformat()


def _first(text: str, spans: list[Span]) -> str:
    return re.sub(r"\s+", " ", text[spans[0][0] : spans[0][1]]).strip() if spans else text.strip()
