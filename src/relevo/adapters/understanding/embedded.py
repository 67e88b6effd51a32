"""The engine that needs nothing: a small classifier for what is wanted, a grammar for what is said.

Short answers to a question (sí, no, a number, "con una persona") are read by rule, because a model has too little to
go by; everything else is the model's guess, with the probability it deserves.
"""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from relevo.adapters.understanding.intents import IntentModel
from relevo.adapters.understanding.spanish.reading import read_entities
from relevo.adapters.understanding.spanish.words import fold
from relevo.bot.ports import Entities, Expecting, ReadingContext, Understanding

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
        entities = read_entities(text, context, self._country)
        ranked = self._intents(text, context, entities)
        (intent, confidence), others = ranked[0], ranked[1 : 1 + ALTERNATIVES]
        return Understanding(text, intent, confidence, tuple(others), self._all_said(text, intent), entities)

    def _intents(self, text: str, context: ReadingContext, entities: Entities) -> list[tuple[str, float]]:
        ranked = self._model.predict(text, context.expecting.value)
        ruled = ruled_intent(text, context.expecting, entities)
        if ruled is None and ranked[0][0] == GIVES_DATA:
            # Bare data continues what is under way; by itself it asks what there is.
            ruled = "check_availability" if (entities.check_in or entities.guests or entities.room_type) else None
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
