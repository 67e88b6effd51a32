"""What a customer answers to what we send: that they want no more of it.

It is read narrowly. "Baja" is also a storey, a season and what becomes of a booking.
"""

from __future__ import annotations

import re

from relevo.bot.rules.scores import folded
from relevo.outreach.rules.contact import Way

_WHOLE = re.compile(
    r"(?:baja|stop|unsubscribe|desuscribir(?:me)?|desuscribanme|no molestar|no mas mensajes|basta de mensajes"
    r"|dar(?:me)? de baja|quiero (?:la|mi) baja|de baja)(?: por favor| gracias| please)?"
)
_MESSAGE = (
    r"(?:mensaj(?:e|ito)|recordatorio|aviso|correo|e ?mail|mail|notificacion|whatsapp|sms|promocion|oferta|publicidad"
    r"|encuesta)(?:e?s)?"
)
_SEND = r"(?:mand(?:en?|es)|envi(?:en?|es)|escrib(?:an?|as)|contact(?:en?|es)|molest(?:en?|es))"
_SENDING = r"(?:mandar|enviar|escribir|contactar|molestar)"
_DROP = r"(?:sac|borr|quit|elimin|saqu)\w+"
_STOPS = tuple(
    re.compile(pattern)
    for pattern in (
        # "no quiero más mensajes", "no quiero recibir recordatorios", "no deseo que me manden ofertas"
        r"\bno (?:quiero|quisiera|deseo|queremos|necesito)"
        rf" (?:mas |recibir |que me (?:manden|envien|lleguen) )+(?:\w+ ){{0,2}}{_MESSAGE}\b",
        # "no me escriban más", "no me manden más mensajes", "no me manden recordatorios"
        rf"\bno (?:me |nos )?{_SEND} (?:nunca mas|ya|mas)\b(?! de una| que | tarde| adelante| (?!{_MESSAGE})\w+)",
        rf"\bno (?:me |nos )?{_SEND} (?:\w+ )?{_MESSAGE}\b",
        # "dejen de mandarme", "basta de avisos", "no vuelvan a escribirme"
        rf"\b(?:dejen?|deja|paren?|basta|terminen) (?:ya )?(?:de|con) {_SENDING}(?:me|nos)?\b",
        rf"\b(?:dejen?|deja|paren?|basta|terminen) (?:ya )?(?:de|con) (?:\w+ )?{_MESSAGE}\b",
        rf"\bno (?:me |nos )?(?:vuelvan? a|vuelvas a) {_SENDING}\w*",
        # "sáquenme de la lista", "denme de baja de los mensajes"
        rf"\b{_DROP}(?:me|nos)? de (?:la|su|esta|esa|sus|las) (?:lista|listas|base|agenda)\b"
        r"(?! del? (?:hotel|espera|huespedes|reservas|pasajeros)\b)",
        rf"\b(?:dar|den|de|da|dame|deme|denme|darme) de baja (?:de|en) (?:\w+ )?(?:{_MESSAGE}|lista|suscripcion)\b",
        r"\bstop (?:sending|messaging|texting|emailing|writing)\b|\bno more (?:messages|emails|reminders)\b",
        r"\bdo(?: not|n t| n t) (?:message|text|email|write to|contact) me\b",
    )
)
_NO_CALLS = re.compile(
    r"\bno (?:me |nos )?llam(?:en?|es) (?:mas|nunca mas|nunca)\b(?! tarde| adelante)"
    r"|\bno (?:me |nos )?(?:vuelvan? a|vuelvas a) llamar"
    r"|\b(?:dejen?|deja|paren?) de llamar"
    r"|\bno quiero (?:mas |recibir |que me hagan )+llamad"
    r"|\bstop calling\b|\bdo(?: not|n t) call me\b"
)


def withdraws(text: str) -> Way | None:
    """The way by which they want to hear nothing any more: calls, or any way (``ANY``). None: no such wish."""
    said = _plain(text)
    if _WHOLE.fullmatch(said):
        return Way.ANY
    if _NO_CALLS.search(said):
        return Way.CALL
    return Way.ANY if any(stop.search(said) for stop in _STOPS) else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", folded(text.strip())).split())
