"""When a person is needed, why, and how much it hurries: pure decisions over what a customer wrote.

Only words count, never a voice, and only the customer's. Nothing is answered here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from relevo.bot.rules.reading import complains, fold, money_trouble, wants_person
from relevo.conversations.rules import Priority


class Reason(StrEnum):
    """Why the bot asks for a person. Texts: ``conversations.reason.*``."""

    REQUESTED = "requested"
    NOT_UNDERSTOOD = "not_understood"
    """Twice in a row."""
    NO_PROGRESS = "no_progress"
    MONEY = "money"
    COMPLAINT = "complaint"
    ANGRY = "angry"
    VIP = "vip"
    IDENTITY = "identity"
    """Whose booking it is could not be proven."""
    NOT_SELLING = "not_selling"
    TROUBLE = "trouble"
    """Something of ours did not work."""


PRIORITIES = {
    Reason.MONEY: Priority.URGENT,
    Reason.ANGRY: Priority.URGENT,
    Reason.COMPLAINT: Priority.HIGH,
    Reason.VIP: Priority.HIGH,
    Reason.TROUBLE: Priority.HIGH,
}
"""The others wait their turn."""
_ANGRY = re.compile(
    r"\b(inaceptable|indignante|intolerable|inadmisible|vergonzos[oa]|lamentable|"
    r"(estoy|estamos|me tienen|nos tienen|ya me|quede) (muy |re |tan |super |completamente )?"
    r"(hart[oa]s?|podrid[oa]s?|indignad[oa]s?|furios[oa]s?|enojad[oa]s?|enfadad[oa]s?|molest[oa]s? con|"
    r"cansad[oa]s? de)|"
    r"(falta|faltas) de respeto|tomad[oa] de pelo|(me|nos) (estan )?(toman|tomando) el pelo|burla|"
    r"(son|sois|manga de|banda de) (unos |unas |una manga de )?(ladrones|chorros|estafadores|sinverguenzas|inutiles|"
    r"incompetentes|mentirosos|delincuentes|irresponsables)|"
    r"(una|de|que|vaya) (mierda|porqueria|asco)|hij[oa]s? de puta|la puta madre|vayanse|"
    r"(peor|pesima) (atencion|experiencia|servicio|hotel)|"
    r"(los|las|les|lo) (voy|vamos) a (denunciar|demandar)|denuncia en|defensa (al|del) consumidor|carta documento|"
    r"(mi|mis|nuestr[oa]s?|con un|con el) abogad[oa]s?|"
    r"nunca mas (vuelv\w+|reserv\w+|piso|pisamos|veng\w+|voy)|no (se puede|puede ser) creer|es un desastre)\b"
)
_CALM = re.compile(r"\b(sin burla|no (estoy|estamos) (enojad|molest|enfadad)\w*|soy (un |una )?abogad[oa]|es broma)\b")
_PRESENTS = (
    r"(soy|somos|habla|hablo|hablamos|escribo|escribimos|escribe|llamo|llamamos|llama|de parte|en nombre|trabajo|"
    r"trabajamos|reservo para|reservar para|viaja|viaja con|acompan\w+)"
)
_VIP = re.compile(
    r"\b((cliente|huesped|miembro|socio|socia|pasajero|tarjeta) (vip|platino|platinum|gold|oro|black|diamante)|"
    rf"{_PRESENTS}\b.{{0,40}}\b(vip|prensa|periodista|(el|del|un) diario|(la|una) revista|"
    r"canal de television|embajada|embajador\w?|"
    r"consulado|consul|ministerio|ministr[oa]|gobernador\w?|intendente|senador\w?|diputad[oa]|presidencia|"
    r"influencer|youtuber|booker|representante de artistas))\b"
)
_THE_WAY = re.compile(r"\b(cerca|lejos|enfrente|frente|al lado|como (llego|llegar)|desde|hasta)\b")
"""The embassy that somebody asks the way to."""


def angry(text: str) -> bool:
    said = _CALM.sub(" ", fold(text))
    return _ANGRY.search(said) is not None


def special(text: str, words: Iterable[str] = ()) -> bool:
    """Whether somebody says that they are one of those who are looked after by a person. ``words``: the house's own."""
    said = fold(text)
    if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said) for word in map(fold, words) if word):
        return True
    return _VIP.search(said) is not None and _THE_WAY.search(said) is None


def trouble(text: str) -> Reason | None:
    """What in it is not the bot's to settle; the gravest counts."""
    if money_trouble(text):
        return Reason.MONEY
    if angry(text):
        return Reason.ANGRY
    return Reason.COMPLAINT if complains(text) else None


def at_once(text: str) -> bool:
    """Whether it goes to a person however unsure the rest of it is."""
    return wants_person(text) or trouble(text) is not None


def unsure_again(before: int, *, confident: bool, spoken: bool) -> bool:
    """``before``: turns in a row that were not understood. What is written and unclear twice is a person's; on a call
    a bad line says little, and the menu comes first."""
    return before >= 1 and not confident and not spoken


def priority(reason: str | None) -> Priority:
    return PRIORITIES.get(Reason(reason), Priority.NORMAL) if reason in _CODES else Priority.NORMAL


_CODES = frozenset(each.value for each in Reason)
