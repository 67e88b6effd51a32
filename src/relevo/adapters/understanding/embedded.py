"""The engine that needs nothing: a small classifier for what is wanted, a grammar for what is said.

Short answers to a question (sí, no, a number, "con una persona") are read by rule, because a model has too little to
go by; everything else is the model's guess, with the probability it deserves.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from relevo.adapters.understanding.intents import IntentModel
from relevo.adapters.understanding.spanish.contact import read_code, read_email, read_name, read_phone
from relevo.adapters.understanding.spanish.people import Party, read_party
from relevo.adapters.understanding.spanish.rooms import read_room_type, read_rooms
from relevo.adapters.understanding.spanish.stays import Stay, read_stay
from relevo.adapters.understanding.spanish.topics import read_topics
from relevo.adapters.understanding.spanish.words import Token, fold, tokens
from relevo.bot.ports import Ambiguity, Entities, Expecting, ReadingContext, Understanding

MAX_READ = 4_000
CERTAIN = 0.97
ALTERNATIVES = 3
SECOND_INTENT = 0.55
"""A part of a message counts as a wish of its own from this probability on."""
GIVES_DATA = "dar_datos"

_YES = re.compile(
    r"^(?:(?:si+|sip|sep|see+|claro|dale+|ok(?:ey|a|i)?|okis|bueno|perfecto|de una|obvio|genial|listo|va|vale|joya"
    r"|barbaro|excelente|confirm(?:o|a|ado|ala|alo|emos|ame)"
    r"|reserv(?:a|ala|alo|emos|o|amela|ame|enla)|correcto|exacto|asi es"
    r"|esta bien|de acuerdo|por supuesto|hagamoslo|hacelo|adelante|me parece bien|me gusta|buenisimo|seguro|me sirve"
    r"|la quiero|lo quiero|esa misma|afirmativo|andale|orale|ya|sale|sipi|yes|por favor|porfa|quiero|eso|tal cual)"
    r"[\s,.!]*)+(?=$|[\s,])"
)
_NO = re.compile(
    r"^(?:no+|nop|nah|na|negativo|para nada|mejor no|todavia no|ahora no|por ahora no|no gracias|no por ahora|tampoco)"
    r"(?=$|[\s,.!])"
)
_PERSON = re.compile(
    r"\b(?:una persona(?: real)?|un humano|ser humano|humano|un agente|agente humano|asesora?|operadora?|telefonista"
    r"|alguien(?: real| del hotel| de recepcion| que)?|representante|recepcionista|ejecutiv[oa]|encargad[oa]|gerente"
    r"|recepcion|una empleada|un empleado|una chica|un muchacho|supervisora?|alguna persona|otra persona)\b"
)
_TALK = re.compile(
    r"\b(?:habl\w*|pas(?:a|as|e|en|ame|arme|eme|enme)|comuni\w*|atend\w*|atien\w*|transf\w*|deriv\w*|conect\w*|contact\w*"
    r"|quiero|quisiera|necesito|prefiero|dame|deme|pon(?:e|me|er|ga)\w*|hay|puede|podria|llam\w*)\b"
)
_ONLY_PERSON = re.compile(
    r"^(?:con |a |un |una |el |la )*(?:persona|humano|agente|operadora?|asesora?|recepcion|representante|ejecutivo"
    r"|alguien|recepcionista)(?: humano| real)?(?: por favor| porfa| ya)*$"
)
_CHANGE = re.compile(r"\b(?:pero|mejor|sino|en realidad|cambio|cambia|otra fecha|en vez)\b")
_CHOICE = re.compile(
    r"^(?:la |el |opcion |numero |la opcion |la numero )?"
    r"(?P<n>\d|un[oa]|dos|tres|cuatro|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa])$"
)
_CHOICES = {"un": 1, "dos": 2, "tre": 3, "cua": 4, "pri": 1, "seg": 2, "ter": 3}
_PARTS = re.compile(
    r"[.;!?\n]+\s*|,?\s+(?:y (?:ademas|tambien|de paso)|ademas|tambien"
    r"|y (?=(?:cuanto|tienen|hay|aceptan|a que|donde|como|quiero|puedo|se puede|el precio|queria)\b))\s*"
)


class Settings(BaseModel):
    """Where holidays and telephone numbers belong."""

    model_config = ConfigDict(extra="forbid")
    country: str = "AR"


class Embedded:
    name = "embedded"

    def __init__(self, *, country: str = "AR", cache_dir: Path | None = None) -> None:
        self._country = country
        self._model = IntentModel.cached(cache_dir)

    def read(self, text: str, context: ReadingContext) -> Understanding:
        text = text[:MAX_READ]
        said = tokens(text)
        entities, stay, party = self._entities(text, said, context)
        ranked = self._intents(text, context, entities, stay, party)
        (intent, confidence), others = ranked[0], ranked[1 : 1 + ALTERNATIVES]
        return Understanding(text, intent, confidence, tuple(others), self._all_said(text, intent), entities)

    def _intents(
        self, text: str, context: ReadingContext, entities: Entities, stay: Stay, party: Party
    ) -> list[tuple[str, float]]:
        ranked = self._model.predict(text, context.expecting.value)
        ruled = ruled_intent(text, context.expecting, entities)
        if ruled is None and ranked[0][0] == GIVES_DATA:
            # Bare data continues what is under way; by itself it asks what there is.
            ruled = "check_availability" if (stay.check_in or party.guests or entities.room_type) else None
        ranked = [(intent, chance) for intent, chance in ranked if intent != GIVES_DATA]
        if ruled is None:
            return ranked
        rest = [(intent, chance * (1 - CERTAIN)) for intent, chance in ranked if intent != ruled]
        return [(ruled, CERTAIN), *rest]

    def _all_said(self, text: str, first: str) -> tuple[str, ...]:
        """Every wish in the message, the main one first."""
        found = [first]
        parts = [part for part in _PARTS.split(fold(text)) if part and len(part.split()) >= 2]
        if len(parts) < 2:
            return (first,)
        for part in parts[:6]:
            intent, chance = self._model.predict(part, Expecting.NOTHING.value)[0]
            if chance >= SECOND_INTENT and intent not in (*found, GIVES_DATA, "fuera_de_alcance"):
                found.append(intent)
        return tuple(found)

    def _entities(self, text: str, said: list[Token], context: ReadingContext) -> tuple[Entities, Stay, Party]:
        expecting, today = context.expecting, context.now.date()
        code = read_code(text, asked=expecting is Expecting.BOOKING_CODE)
        phone = read_phone(text, said, self._country)
        email = read_email(text)
        name = read_name(text, asked=expecting is Expecting.GUEST_NAME)
        hidden = _without(said, text, [found[1] for found in (code, phone) if found])
        stay = read_stay(
            hidden,
            today,
            country=self._country,
            check_in=context.check_in,
            check_out=context.check_out,
            asked_nights=expecting is Expecting.NIGHTS,
            asked_dates=expecting is Expecting.DATES,
        )
        party = read_party(hidden, taken=stay.spans, asked=expecting is Expecting.GUESTS)
        room = read_room_type(text, context.room_types)
        past = bool(stay.check_in and stay.check_in < today)
        evidence = [("stay", " ".join(token.word for token in hidden[start:end])) for start, end in stay.spans]
        singles = {"room_type": room, "guest_name": name, "phone": phone, "email": email, "booking_code": code}
        evidence += [(kind, found[1]) for kind, found in singles.items() if found]
        return (
            Entities(
                check_in=stay.check_in,
                check_out=stay.check_out,
                nights=_nights(stay),
                guests=party.guests,
                adults=party.adults,
                children=party.children,
                rooms=read_rooms(hidden),
                room_type=room[0] if room else None,
                guest_name=name[0] if name else None,
                phone=phone[0] if phone else None,
                email=email[0] if email else None,
                booking_code=code[0] if code else None,
                topics=read_topics(text),
                choice=read_choice(text),
                past_dates=past,
                ambiguities=_ambiguities(stay, text),
                evidence=tuple(evidence),
            ),
            stay,
            party,
        )


def _nights(stay: Stay) -> int | None:
    if stay.check_in and stay.check_out:
        return (stay.check_out - stay.check_in).days
    return stay.nights


def _ambiguities(stay: Stay, text: str) -> tuple[Ambiguity, ...]:
    if stay.check_in is None:
        return ()
    if stay.readings:
        readings = [(stay.check_in, stay.check_out), *stay.readings]
        return (Ambiguity("dates", text, tuple(_span(*each) for each in dict.fromkeys(readings))[:3]),)
    if stay.vague and stay.nights is None:
        return (Ambiguity("dates", text, ()),)
    return ()


def _span(check_in: date, check_out: date | None) -> str:
    return f"{check_in.isoformat()}/{check_out.isoformat()}" if check_out else check_in.isoformat()


def _without(said: list[Token], text: str, words: list[str]) -> list[Token]:
    """Tokens without those of codes and telephones, whose digits are neither days nor people."""
    spans = [(start, start + len(word)) for word in words if (start := text.find(word)) >= 0]
    return [
        Token("dato", token.start, token.end) if any(a <= token.start < b for a, b in spans) else token
        for token in said
    ]


def read_choice(text: str) -> int | None:
    """``2``, ``la segunda``, ``opción 3``: the 1-based choice of a menu."""
    match = _CHOICE.match(fold(text).strip(" .!)("))
    if match is None:
        return None
    word = match["n"]
    return int(word) if word.isdigit() else _CHOICES.get(word[:3], _CHOICES.get(word[:2]))


def ruled_intent(text: str, expecting: Expecting, entities: Entities) -> str | None:
    """What a rule is sure of, or None."""
    plain = re.sub(r"\s+", " ", fold(text).replace("¿", " ").replace("?", " ").replace("¡", " ")).strip(" .!")
    asks = _PERSON.search(plain) and _TALK.search(plain) and len(plain.split()) <= 16
    for_one = re.search(r"\b(?:para|cuanto|precio|por) (?:una persona|alguien)\b", plain)
    if _ONLY_PERSON.match(plain) or (asks and not for_one):
        return "hablar_con_humano"
    confirming = expecting is Expecting.CONFIRMATION
    if (confirming or len(plain.split()) <= 3) and _YES.match(plain) and not _CHANGE.search(plain):
        return "afirmar" if confirming or _YES.fullmatch(plain) else None
    if (confirming or len(plain.split()) <= 3) and _NO.match(plain):
        names_data = entities.check_in or entities.guests or entities.room_type or entities.nights
        return None if names_data else ("negar" if confirming or len(plain.split()) <= 3 else None)
    return None
