"""The engine that needs nothing: a small classifier for what is wanted, a grammar for what is said.

Short answers are read by rule, because a model has too little to go by; everything else is the model's guess, with the
probability it deserves. What to do with a doubtful guess is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from relevo.adapters.understanding.intents import OUT_OF_SCOPE, IntentModel
from relevo.adapters.understanding.short_answers import after_yes, greets, says_no, says_yes, wants_person
from relevo.adapters.understanding.spanish.reading import read_entities
from relevo.adapters.understanding.spanish.words import fold
from relevo.bot.ports import Entities, Expecting, ReadingContext, Understanding

MAX_READ = 4_000
CERTAIN = 0.97
ALTERNATIVES = 3
SECOND_INTENT = 0.55
"""A part of a message counts as a wish of its own from this probability on."""
GIVES_DATA = "dar_datos"
"""Data and nothing else: an answer to what was asked."""
MAX_PARTS = 6

_ASKING = (
    r"(?:cuanto|tienen|hay|aceptan|a que|donde|como|quiero|puedo|se puede|el precio|queria|que|cual|quisiera|necesito"
    r"|tenes|incluye|saber|me|nos|si)"
)
_ASKING_ALONE = r"(?:cuanto|tienen|hay|aceptan|a que hora|donde|puedo|se puede|tenes|incluye|cual)"
_PARTS = re.compile(
    r"[.;!?\n]+\s*|,?\s+(?:y (?:ademas|tambien|de paso|otra cosa)|ademas|tambien|de paso|otra (?:cosa|consulta)"
    rf"|(?:y|e|pero) (?={_ASKING}\b))\s*|,\s+(?={_ASKING_ALONE}\b)"
)
_ASKED_DATA = (Expecting.GUEST_NAME, Expecting.CONTACT, Expecting.BOOKING_CODE)

Ranked = list[tuple[str, float]]


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
            said.check_in
            or said.check_out
            or said.nights
            or said.guests
            or said.children
            or said.room_type
            or said.past_dates
        )

    @property
    def names_person(self) -> bool:
        said = self.entities
        return bool(said.guest_name or said.phone or said.email)


class Embedded:
    name = "embedded"

    def __init__(self, *, country: str = "AR", cache_dir: Path | None = None) -> None:
        self._country = country
        self._model = IntentModel.cached(cache_dir)

    def read(self, text: str, context: ReadingContext) -> Understanding:
        text = text[:MAX_READ]
        heard = _Heard(text, fold(text), read_entities(text, context, self._country))
        ranked = self._ranked(heard, context.expecting)
        (intent, confidence), others = ranked[0], ranked[1 : 1 + ALTERNATIVES]
        intents = self._all_said(heard, intent)
        return Understanding(text, intent, confidence, tuple(others), intents, heard.entities)

    def _ranked(self, heard: _Heard, expecting: Expecting) -> Ranked:
        guessed = self._model.predict(heard.text, expecting.value)
        ruled = ruled_intent(heard, expecting)
        if ruled is not None:
            rest = [(intent, chance * (1 - CERTAIN)) for intent, chance in guessed if intent not in (ruled, GIVES_DATA)]
            return [(ruled, CERTAIN), *rest]
        return _about_data(heard, expecting, guessed)

    def _all_said(self, heard: _Heard, first: str) -> tuple[str, ...]:
        """Every wish in the message, the main one first."""
        found = [first]
        parts = [part for part in _PARTS.split(heard.folded) if part and len(part.split()) >= 2]
        if first == "afirmar" and (rest := after_yes(heard.folded)):
            parts = [rest, *parts[1:]]
        elif len(parts) < 2:
            return (first,)
        for part in parts[:MAX_PARTS]:
            intent, chance = self._model.predict(part, Expecting.NOTHING.value)[0]
            if wants_person(part):
                intent, chance = "hablar_con_humano", CERTAIN
            said = (*found, GIVES_DATA, OUT_OF_SCOPE, "saludo", "negar", "afirmar", "ayuda", "despedida")
            if chance >= SECOND_INTENT and intent not in said:
                found.append(intent)
        return tuple(found)


def ruled_intent(heard: _Heard, expecting: Expecting) -> str | None:
    """What a rule is sure of, or None."""
    folded, confirming = heard.folded, expecting is Expecting.CONFIRMATION
    if wants_person(folded):
        return "hablar_con_humano"
    if greets(folded):
        return "saludo"
    if says_no(folded, asked=confirming):
        return "modify_reservation" if confirming and heard.names_stay else "negar"
    if says_yes(heard.text, folded, asked=confirming):
        return "afirmar"
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


def _about_data(heard: _Heard, expecting: Expecting, guessed: Sequence[tuple[str, float]]) -> Ranked:
    """Bare data continues what is under way; by itself it asks what there is."""
    top, chance = guessed[0]
    rest = [(intent, other) for intent, other in guessed if intent != GIVES_DATA]
    if top != GIVES_DATA:
        return rest
    if heard.names_stay:
        return _led_by("check_availability", max(chance, rest[0][1]), rest)
    if heard.names_person and expecting is not Expecting.NOTHING:
        return _led_by(GIVES_DATA, chance, rest)
    if heard.entities.booking_code:
        return _led_by("consulta_estado", chance, rest)
    share = 1.0 - chance
    return [(intent, other / share if share > 0.05 else other) for intent, other in rest]


def _led_by(intent: str, chance: float, rest: Ranked) -> Ranked:
    return [(intent, chance), *((other, value) for other, value in rest if other != intent)]
