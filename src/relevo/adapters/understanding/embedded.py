"""The engine that needs nothing: a small classifier for what is wanted, a grammar for what is said.

Short answers are read by rule, because a model has too little to go by; everything else is the model's guess, with the
probability it deserves. What to do with a doubtful guess is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from relevo.adapters.understanding.intents import OUT_OF_SCOPE, IntentModel
from relevo.adapters.understanding.short_answers import after_yes, corrects, greets, says_no, says_yes, wants_person
from relevo.adapters.understanding.spanish.reading import read_entities
from relevo.adapters.understanding.spanish.words import fold
from relevo.bot.ports import Entities, Expecting, ReadingContext, Understander, Understanding

MAX_READ = 2_000
MAX_WORD = 80
"""Nobody writes a longer word, and looking for addresses and numbers in one takes its square."""
CERTAIN = 0.97
ALTERNATIVES = 3
SECOND_INTENT = 0.55
"""A part of a message counts as a wish of its own from this probability on."""
GIVES_DATA = "dar_datos"
"""Data and nothing else: an answer to what was asked."""
MAX_PARTS = 6
UNSURE = 0.6
"""Below this the message is read once more without its polite opening."""
BESIDE_THE_POINT = 0.6
"""From this probability on an intent decides which words are data."""

_ASKING = (
    r"(?:cuanto|tienen|hay|aceptan|a que|donde|como|quiero|puedo|se puede|el precio|queria|que|cual|quisiera|necesito"
    r"|tenes|incluye|saber|me|nos|si)"
)
_ASKING_ALONE = r"(?:cuanto|tienen|hay|aceptan|a que hora|donde|puedo|se puede|tenes|incluye|cual)"
_PARTS = re.compile(
    r"[.;!?\n]+\s*|,?\s+(?:y (?:ademas|tambien|de paso|otra cosa)|ademas|tambien|de paso|otra (?:cosa|consulta)"
    rf"|(?:y|e|pero) (?={_ASKING}\b))\s*|,\s+(?={_ASKING_ALONE}\b)"
)
_OPENING = re.compile(
    r"^\W*(?:(?:hola+|buenas?|buen(?:os)?|dias?|tardes|noches|que tal|disculp[ae]|perdon|una (?:consulta|pregunta|duda)"
    r"|che|oye|oiga|por favor|porfa|y|tambien|ademas"
    r"|(?:queria|quisiera|quiero|me gustaria|necesito|te|le|les) (?:saber|consultar|consulto|preguntar|averiguar)"
    r"|consultaba|consulto|preguntaba|saber|si)\b\W*)+"
)
_BLANKS = re.compile(r"\s{3,}")
_ENDLESS = re.compile(rf"(\S{{{MAX_WORD}}})\S+")
_ASKED_DATA = (Expecting.GUEST_NAME, Expecting.CONTACT, Expecting.BOOKING_CODE)

Ranked = list[tuple[str, float]]


_NO_STAY = frozenset(
    {"saludo", "despedida", "ayuda", "fuera_de_alcance", "hablar_con_humano", "queja", "enviar_comprobante", "negar",
     "consultar_horarios", "consultar_historial", "actualizar_perfil", "pagar_servicio"}
)  # fmt: skip
_NO_TOPIC = frozenset({"fuera_de_alcance", "queja", "hablar_con_humano", "saludo", "despedida", "enviar_comprobante"})
_STAYS = frozenset({"check_availability", "get_prices", "make_reservation", "modify_reservation", GIVES_DATA})


_STAY_EVIDENCE = ("dates", "guests", "room_type")
_WORD = re.compile(r"[a-z0-9]+")
_FILLERS = frozenset(
    {"a", "al", "con", "cuarto", "de", "del", "desde", "e", "el", "en", "es", "esta", "este", "ha", "hab", "habitacion",
     "hasta", "hola", "buenas", "la", "las", "los", "mas", "mejor", "mi", "nada", "no", "nomas", "nosotros", "o", "pa",
     "para", "por", "que", "ser", "seria", "seriamos", "serian", "sin", "solo", "somos", "total", "un", "una", "uno",
     "y", "yo", "perdon", "viajo", "viajamos", "trabajo", "digo"}
)  # fmt: skip


class Settings(BaseModel):
    """Where holidays and telephone numbers belong."""

    model_config = ConfigDict(extra="forbid")
    country: str = "AR"


@dataclass(frozen=True, slots=True)
class _Heard:
    text: str
    folded: str
    entities: Entities

    @property
    def names_stay(self) -> bool:
        said = self.entities
        return bool(
            said.ambiguities
            or said.check_in
            or said.check_out
            or said.nights
            or said.guests
            or said.children
            or said.room_type
            or said.past_dates
        )

    @property
    def only_stay(self) -> bool:
        """Whether the message is days, people and rooms, and nothing else."""
        said = self.entities
        if not (said.check_in or said.guests or said.children or said.room_type or said.nights or said.ambiguities):
            return False
        if said.topics or self.names_person or said.booking_code:
            return False
        rest = self.folded
        for kind, words in said.evidence:
            if kind in _STAY_EVIDENCE:
                rest = rest.replace(fold(words), " ", 1)
        return set(_WORD.findall(rest)) <= _FILLERS

    @property
    def names_person(self) -> bool:
        said = self.entities
        return bool(said.guest_name or said.phone or said.email)


class Embedded(Understander):
    name = "embedded"

    def __init__(self, *, country: str = "AR", cache_dir: Path | None = None, model: IntentModel | None = None) -> None:
        self._country = country
        self._model = model or IntentModel.cached(cache_dir)

    @property
    def intents(self) -> tuple[str, ...]:
        """Every intent that there is."""
        return self._model.labels

    @property
    def model(self) -> IntentModel:
        return self._model

    def think_with(self, model: IntentModel) -> None:
        """From now on; the two must know the same intents."""
        self._model = model

    def read(self, text: str, context: ReadingContext) -> Understanding:
        heard = self._heard(text, context)
        ruled = ruled_intent(heard, context.expecting)
        ranked = self._ranked(heard, ruled, context.expecting)
        return self._understood(heard, ranked, context, ruled=ruled is not None)

    def read_as(self, text: str, ranked: Ranked, context: ReadingContext) -> Understanding:
        """The data and the further wishes of a message of which somebody else has said what it wants."""
        return self._understood(self._heard(text, context), ranked, context, ruled=False)

    def _heard(self, text: str, context: ReadingContext) -> _Heard:
        text = readable(text)
        return _Heard(text, fold(text), read_entities(text, context, self._country))

    def _understood(self, heard: _Heard, ranked: Ranked, context: ReadingContext, *, ruled: bool) -> Understanding:
        (intent, confidence), others = ranked[0], ranked[1 : 1 + ALTERNATIVES]
        intents = self._all_said(heard, intent)
        entities = heard.entities
        if intent == "hablar_con_humano" and not heard.only_stay:
            entities = replace(entities, guests=None, adults=None, children=None)
        if context.expecting is Expecting.NOTHING and confidence >= BESIDE_THE_POINT and not heard.only_stay:
            entities = relevant(entities, intents)
        return Understanding(heard.text, intent, confidence, tuple(others), intents, entities, ruled)

    def _ranked(self, heard: _Heard, ruled: str | None, expecting: Expecting) -> Ranked:
        guessed = self._guessed(heard.text, heard.folded, expecting)
        if ruled is not None:
            rest = [(intent, chance * (1 - CERTAIN)) for intent, chance in guessed if intent not in (ruled, GIVES_DATA)]
            return [(ruled, CERTAIN), *rest]
        return _about_data(heard, guessed)

    def _guessed(self, text: str, folded: str, expecting: Expecting) -> Ranked:
        guessed = self._model.predict(text, expecting.value)
        if expecting is Expecting.CONFIRMATION and guessed[0][0] in ("afirmar", "negar"):
            # Not every sentence with a no in it answers: what is plainly something else by itself stays that.
            plain = self._model.predict(text)
            guessed = plain if plain[0][0] not in ("afirmar", "negar") and plain[0][1] >= UNSURE else guessed
        if guessed[0][1] >= UNSURE:
            return guessed
        opened = _OPENING.sub("", folded)
        if len(opened) == len(folded) or len(opened) < 4:
            return guessed
        again = self._model.predict(opened, expecting.value)
        return again if again[0][1] > guessed[0][1] else guessed

    def _all_said(self, heard: _Heard, first: str) -> tuple[str, ...]:
        """Every wish in the message, the main one first."""
        found = [first]
        parts = [part for part in _PARTS.split(heard.folded) if part and len(part.split()) >= 2]
        if first == "afirmar" and (rest := after_yes(heard.folded)):
            parts = [rest, *parts[1:]]
        elif len(parts) < 2:
            return (first,)
        for part in parts[:MAX_PARTS]:
            intent, chance = self._guessed(part, part, Expecting.NOTHING)[0]
            if wants_person(part):
                intent, chance = "hablar_con_humano", CERTAIN
            said = (*found, GIVES_DATA, OUT_OF_SCOPE, "saludo", "negar", "afirmar", "ayuda", "despedida")
            if chance >= SECOND_INTENT and intent not in said:
                found.append(intent)
        return tuple(found)


def readable(text: str) -> str:
    """What is read of a message: no endless words, no endless blanks, no endless text."""
    blank = _BLANKS.sub(lambda match: "\n" if "\n" in match[0] else " ", text[:MAX_READ])
    return _ENDLESS.sub(r"\1", blank)


def relevant(said: Entities, intents: tuple[str, ...]) -> Entities:
    """Without what the intents cannot be about: ``¿a qué hora cierran hoy?`` asks for no room tonight."""
    said = said if set(intents) & _STAYS else replace(said, past_dates=False)
    if set(intents) <= _NO_TOPIC:
        said = replace(said, topics=())
    kinds = (said.check_in or said.check_out, said.guests or said.children, said.room_type, said.nights)
    whole = (said.check_in and said.check_out) or sum(map(bool, kinds)) > 1
    if not set(intents) <= _NO_STAY or (whole and "despedida" not in intents):
        return said
    return replace(
        said, check_in=None, check_out=None, nights=None, guests=None, adults=None, children=None, rooms=None,
        room_type=None, ambiguities=(),
    )  # fmt: skip


def ruled_intent(heard: _Heard, expecting: Expecting) -> str | None:
    """What a rule is sure of, or None."""
    folded, confirming = heard.folded, expecting is Expecting.CONFIRMATION
    if wants_person(folded):
        return "hablar_con_humano"
    if greets(folded) and not heard.names_stay:
        return "saludo"
    if says_no(folded, asked=confirming):
        return "modify_reservation" if confirming and heard.names_stay else "negar"
    if confirming and heard.names_stay and corrects(folded):
        return "modify_reservation"
    if says_yes(heard.text, folded, asked=confirming):
        return "afirmar"
    if heard.only_stay:
        return "check_availability"
    if expecting in _ASKED_DATA and "?" not in heard.text and _answers(heard.entities, expecting):
        return GIVES_DATA
    return None


def _answers(said: Entities, expecting: Expecting) -> bool:
    """Whether the message gives what was asked and little else."""
    given = {
        Expecting.GUEST_NAME: said.guest_name,
        Expecting.CONTACT: said.phone or said.email,
        Expecting.BOOKING_CODE: said.booking_code,
    }[expecting]
    return bool(given) and not said.topics


def _about_data(heard: _Heard, guessed: Sequence[tuple[str, float]]) -> Ranked:
    """Bare data continues what is under way; by itself it asks what there is."""
    top, chance = guessed[0]
    rest = [(intent, other) for intent, other in guessed if intent != GIVES_DATA]
    if top != GIVES_DATA:
        return rest
    if heard.names_stay:
        return _led_by("check_availability", max(chance, rest[0][1]), rest)
    if heard.entities.booking_code:
        return _led_by("consulta_estado", chance, rest)
    return list(guessed)


def _led_by(intent: str, chance: float, rest: Ranked) -> Ranked:
    return [(intent, chance), *((other, value) for other, value in rest if other != intent)]
