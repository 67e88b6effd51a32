"""Recognises why a customer hesitates: the price, wanting to think it over, another house. It knows no answers to it.

Read like the rest of the rules, in folded text, and only from what the customer wrote. A question about a price is no
objection, and neither is praise of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from relevo.bot.rules.reading import fold


class Objection(StrEnum):
    PRICE = "price"
    DELAY = "delay"
    COMPETITION = "competition"


@dataclass(frozen=True, slots=True)
class Argument:
    """What the house itself says to an objection. ``about`` names the knowledge that it rests on: where one of those
    is missing the argument is not offered."""

    objection: Objection
    text: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    """An offer of the house as it announces it. Whether a stay is entitled to it a person says."""

    name: str
    text: str
    since: date
    until: date
    words: tuple[str, ...] = ()
    """What customers call it."""

    def is_on(self, day: date) -> bool:
        return self.since <= day <= self.until


_COMPETITION = re.compile(
    r"\b(en )?(booking|airbnb|despegar|expedia|trivago|hoteles\.com|decolar)\b(?! (code|number))"
    r"|\b(otro|otros|el de al lado|la competencia|competencia|otra) ?(hotel|hoteles|hostel|lugar|lugares|lado|opcion|"
    r"opciones|alojamiento|alojamientos|cotizacion|presupuesto)?\b.{0,40}\b(barat\w+|economic\w+|mejor precio|"
    r"menos|cobran?|ofrec\w+|pas(o|aron)|dan?|dieron|cotiz\w+|mejor)\b"
    r"|\b(encontr\w+|vi|consegu\w+|tengo|me (ofrecen|ofrecieron|pasaron|cotizaron))\b.{0,30}\b(mas barat\w+|"
    r"mas economic\w+|mejor precio|otra (oferta|opcion)|otro (hotel|lugar|presupuesto))\b"
    r"|\b(comparando|comparar) (con otros|hoteles|precios|opciones)\b"
    r"|\b(cheaper|better price|better deal) (at|on|in|elsewhere)\b"
)
_PRICE = re.compile(
    r"\b(muy|re|tan|demasiado|bastante|un poco|medio|algo|mas) (car[oa]s?|salad[oa]s?|costos[oa]s?)\b"
    r"|\b(es|son|esta|estan|parece|parecen|sale|salen|resulta|que) car(o|a|os|as|isimo|isima)\b"
    r"|\bcarisim[oa]s?\b|\b(se (me )?(va|escapa|pasa) (de|del) (mi |el )?presupuesto)\b"
    r"|\b(fuera|supera|excede) (de )?(mi|nuestro|el) presupuesto\b|\bno (me )?(llego|alcanza|puedo pagar)\b"
    r"|\b(es|me parece|parece) mucha? (plata|dinero|guita)\b|\bes mucho\b"
    r"|\b(algun|hay|haces|hacen|hacer|haceme|hacerme|harias|me) ?(algun |un )?(descuento|descuentito|rebaja|"
    r"mejor precio|precio mejor)\b|\b(no hay )?(algo|opcion|nada) mas (barat\w+|economic\w+)\b"
    r"|\b(me )?baj\w+ (un poco )?(el|del) precio\b|\b(too|very|so|quite) expensive\b|\b(any|a) discount\b"
)
_CHEAP = re.compile(
    r"\b(no|nada|tampoco) (me )?(es|son|esta|estan|parecio|parece|sale)? ?(nada |tan |muy )?car[oa]s?\b"
)
_DELAY = re.compile(
    r"\b(lo|la|los|las|voy a|vamos a|dejame|dejeme|dejanos|tengo que|tenemos que|quiero|necesito|debo|prefiero)"
    r"( \w+){0,3} (pens\w+|piens\w+|decidir\w*|evalu\w+|(consult|charl|habl|ver)\w* con (mi|la|el)\b)"
    r"|\b(lo|la) (pienso|consulto|charlo|evaluo|hablo|vemos|veo)\b(?! (ahora|ya)\b)"
    r"|\b(despues|luego|mas tarde|mas adelante|manana|otro dia|la semana que viene) (te |les |le |me )?"
    r"(aviso|digo|confirmo|escribo|llamo|contesto|comunico|decido|veo)\b"
    r"|\b(te|les|le) (aviso|confirmo|digo|escribo|llamo) (despues|luego|mas tarde|mas adelante|manana|cualquier cosa)\b"
    r"|\b(todavia|aun) no (se|me decid\w+|estoy segur\w+|lo se)\b|\bno estoy (muy |del todo )?segur[oa]\b"
    r"|\b(i ll|let me|need to|have to|want to) think\b"
)
_NOT_DELAY = re.compile(r"\b(habl\w+|consult\w+) (con|a) (una persona|alguien|un humano|recepcion|un agente)\b")


def objection_in(text: str) -> Objection | None:
    """The objection in a customer's words; where there are several, the one that says most."""
    said = fold(text.replace("?", " . ").replace(",", " "))
    if _COMPETITION.search(said):
        return Objection.COMPETITION
    if _PRICE.search(_CHEAP.sub(" ", said)):
        return Objection.PRICE
    if _DELAY.search(_NOT_DELAY.sub(" ", said)):
        return Objection.DELAY
    return None
