"""The name a booking is made under: ``a nombre de``, ``me llamo``, or a bare name where a name was asked for."""

from __future__ import annotations

import re

from relevo.adapters.understanding.spanish.words import MONTHS, WEEKDAYS, fold

Span = tuple[int, int]
_WORD = r"[^\W\d_][^\W\d_'’.-]*(?:[-'’][^\W\d_]+)*"
_LEADS = (
    re.compile(
        r"\b(?:a|al) n(?:ombre|om\w{1,4}|\w{2,4}re) (?:de|d|es)"
        r"(?: la| el)?(?: senora?| sr\.?| sra\.?| don| dona)?\s*:?\s+"
    ),
    re.compile(
        r"\b(?:me llamo|mi nombre (?:completo )?(?:es|seria)|el nombre (?:completo )?(?:es|seria)|llamame)\s*:?\s+"
    ),
    re.compile(
        r"\b(?:nombre y apellidos?|nombre completo|nombres?|titular|huesped|pasajero|de parte de)\s*(?::|es|seria)\s*"
    ),
    re.compile(
        r"\b(?:pon(?:ela|lo|la)|anot(?:ala|ame|a)|registrala|reservala|hacela|a favor)\s+(?:a|como|de|para)\s+(?=[A-Z])"
    ),
)
_WRITE_DOWN = re.compile(
    r"^\s*(?:(?:si|dale|ok|bueno|listo)[\s,.]+)*(?:pon(?:e|ga|gan|gala|ela)|anot(?:a|e|en|ala|ame|eme)|apunt(?:a|e|ame|eme)"
    r"|registr(?:a|e|ala|ame|eme)|agend(?:a|e|ala))\s*:?\s+(?:(?:a|como|para)\s+)?"
)
"""``anotá Ana Gil``: said where a name was asked for."""
_POLITE = re.compile(r"(?:\s+(?:por favor|porfa|porfis|please|xfa|gracias|entonces|nomas))+\W*$")
_PIECES = re.compile(r"(?:(?!\s[-–—/|]\s|\s+y\s+(?:mi|el|un|su)\s)[^,;\n()])+")
_IAM = re.compile(r"\b(?:soy|habla|te habla|le habla|les habla|aqui|aca|con)\s+")
_PARTICLES = {"de", "del", "la", "las", "los", "y", "da", "do", "dos", "van", "von", "der", "di", "san", "santa", "e"}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOT_NAMES = _set(
    """
    a aca adulta adulto adultos apurate apurense apurese apuren contesten contesta respondan atiendan
    apurada apurado apurados momentito momento minuto rapido segundo urgente
    ahi al alergica alergico algo alguien anda anula aqui argentina argentino asi
    aun ayuda bebe bien buenas bueno buenos cambiar cancela cancelalo cancelar cancelo celiaca celiaco celular
    chau chica chico chileno claro cliente colombiano como con confirmada confirmado confirmar confirmo
    consultar correcto correo cosa cual cualquiera cuando cuanto cuantos dale deja dejalo del desde despues dia
    dias disponibilidad dni doble doctor documento donde el ella ellos empleado en es esa ese eso espanol espera
    esta esto estudiante exacto extranjero favor genial gracias grande habitacion habitaciones hacer hasta hay
    hola hotel hoy huesped humano igual jubilada jubilado le listo lo luego mail mal manana mas me medico mejor
    menos menu mexicano mi mis misma mismo muy nada nadie necesito nena nene ninguna ninguno no noche noches
    nombre nosotros o obvio ok oka okey olvidalo opciones operador otra otro pagar pago para pasaporte perdon
    perfecto pero persona personas peruano por porfa porque precio precios prefiero preguntar profesor puedo que
    queria quería quien quiero quisiera recepcion reserva reservar saber sabes sale se seguro sena seria
    servicios si simple sin socio sola solo somos son suite tambien tan tardes te telefono tenes tengo tiene
    tienen titular todavia transferencia triple turista u un una unos usted ustedes vale vegetariano venga ver
    vos ya yo
    """
) | {*MONTHS, *WEEKDAYS}
_STOPS = _set(
    """
    a ahora buenas cel celular con contacto correo dale de del desde dni doble documento e el email en es favor
    gracias hice hola hoy la las llegamos llego los mail manana mas mi necesito no numero ok para pasaporte pero
    por porfa porfavor que queria quería quiero quisiera reserva si somos tel telefono tengo un una whatsapp xfa
    y
    """
)
_CAPITALISED = re.compile(r"[A-ZÁÉÍÓÚÑÜ]")
_ROLES = {"cliente", "huesped", "pasajero", "titular"}
MAX_WORDS = 6


def read_name(text: str, *, asked: bool) -> tuple[str, Span] | None:
    """The name in ``text``. ``asked``: the whole message may be it."""
    folded = fold(text)
    for lead in _LEADS:
        for match in lead.finditer(folded):
            found = _from(text, match.end(), asked=True)
            if found:
                return found
    for match in _IAM.finditer(folded):
        sure = match[0].split()[0] in ("soy", "te", "le", "les", "habla") and (
            asked or _CAPITALISED.match(text[match.end() :][:1])
        )
        if sure and (found := _from(text, match.end(), asked=asked)):
            return found
    return _bare(text) if asked else None


def _from(text: str, start: int, *, asked: bool) -> tuple[str, Span] | None:
    kept: list[str] = []
    at = end = start
    while len(kept) < MAX_WORDS:
        match = re.compile(rf"\s*({_WORD})").match(text, at)
        if match is None:
            break
        plain = fold(match[1]).strip(".")
        joined = plain in _PARTICLES and _name_follows(text, match.end())
        if not joined and (plain in _STOPS or plain in _NOT_NAMES - _PARTICLES):
            break
        if not asked and not joined and kept and not _CAPITALISED.match(match[1]):
            break
        kept.append(match[1].strip("."))
        at = match.end()
        end = at
        if text[at : at + 1] in (",", ".", ";", ":", "(", "?", "!", "\n") and not re.match(r"\.\s?[A-Z]", text[at:]):
            break
        at += text[at : at + 1] == "."
    while kept and fold(kept[-1]) in _PARTICLES:
        kept.pop()
    if not kept or all(len(word) < 2 for word in kept):
        return None
    return _written(kept), (start, end)


def _name_follows(text: str, at: int) -> bool:
    """``de la Cruz`` goes on; ``del 5 al 8`` and ``y mi teléfono`` do not."""
    match = re.compile(rf"\s+({_WORD})").match(text, at)
    if match is None:
        return False
    plain = fold(match[1])
    if plain in _PARTICLES:
        return _name_follows(text, match.end())
    return plain not in _NOT_NAMES and plain not in _STOPS and bool(_CAPITALISED.match(match[1]) or len(plain) > 4)


def _written(words: list[str]) -> str:
    return " ".join(
        word.lower() if number and fold(word) in _PARTICLES else _capital(word) for number, word in enumerate(words)
    )


def _capital(word: str) -> str:
    mixed = any(char.isupper() for char in word[1:]) and not word.isupper()
    return word if mixed else "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def _bare(text: str) -> tuple[str, Span] | None:
    if "?" in text or "¿" in text:
        return None
    for piece in _PIECES.finditer(text):
        said = piece[0]
        if polite := _POLITE.search(fold(said)):
            said = said[: polite.start()]
        lead = _WRITE_DOWN.match(fold(said)) or re.match(
            r"\s*(?:(?:si|sí|ok|dale|bueno|claro|perfecto|listo|es|ah|eh|mm+|seria|sería|soy|para|como)\b[ .:]*)*",
            said,
            re.IGNORECASE,
        )
        begin = piece.start() + (lead.end() if lead else 0)
        ends = piece.start() + len(said)
        rest = text[begin:ends].strip(" .!¡")
        words = rest.split()
        if not 1 <= len(words) <= MAX_WORDS or not all(re.fullmatch(rf"{_WORD}\.?", word) for word in words):
            continue
        plains = [fold(word).strip(".") for word in words]
        if any(plain in _NOT_NAMES - _PARTICLES for plain in plains) or plains[0] in _PARTICLES - {
            "san",
            "santa",
            "de",
            "di",
            "van",
            "la",
        }:
            continue
        if len("".join(plains)) < 3 or re.fullmatch(r"(?:[aj]|ja|je|ji|ha)+", "".join(plains)):
            continue
        return _written([word.strip(".") for word in words]), (begin, ends)
    return None
