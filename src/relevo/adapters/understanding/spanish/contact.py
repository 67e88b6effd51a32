"""Who is speaking: name, telephone, e-mail, booking code; typed or dictated."""

from __future__ import annotations

import re

import phonenumbers

from relevo.adapters.understanding.spanish.words import Token, fold
from relevo.kit import phone

_PARTICLES = {"de", "del", "la", "las", "los", "y", "da", "dos", "di", "van", "von", "san", "santa", "mc", "o"}
_NAME_LEAD = re.compile(
    r"\b(?:a nombre de|nombre de|mi nombre es|me llamo|mi nombre|soy|habla|le habla|es para|al nombre de"
    r"|a nombre|nombre:?|titular:?|an hombre de|en nombre de|de parte de)\s+"
    r"(?:el |la |la senora |el senor |sr\.? |sra\.? )?"
)
_NOT_NAMES = {
    "si", "no", "dale", "ok", "hola", "buenas", "gracias", "quiero", "para", "una", "un", "doble", "suite", "triple",
    "simple", "noche", "noches", "persona", "personas", "mi", "yo", "dos", "perfecto", "bueno", "claro", "listo",
    "esta",    "bien", "cuanto", "que", "como", "cuando", "donde", "tengo", "el", "ella", "nosotros",
    "cliente", "huesped",
    "socio",    "nuevo", "nueva", "argentino", "argentina", "mayor", "alergico", "vegetariano", "celiaca",
    "celiaco", "solo",
    "sola",    "ese", "eso", "este", "correcto", "exacto", "confirmo", "reservala", "reservalo", "mejor", "ah",
    "eh", "mañana",
    "hoy", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "manana", "precio", "telefono",
    "mail", "correo", "email", "celular", "despues", "luego", "todavia", "necesito", "puedo", "quisiera", "otra",
    "hablar", "cancelar", "reserva", "reservar", "habitacion", "hotel", "seña", "sena", "comprobante", "asistente",
    "humano", "operador", "recepcion", "te", "lo", "le", "las", "es", "son", "somos", "por", "favor", "muchas",
    "desde", "hasta", "agencia", "empresa", "familia", "pareja", "nadie", "ninguno", "mismo", "misma", "espera",
}  # fmt: skip
_STOP = re.compile(
    r"[,;.!?()\n]|\b(?:y (?:mi|el|mis|mail|tel)|mi|con|para|tel|telefono|mail|correo|email|cel|celular|dni|por favor"
    r"|gracias|somos|llego|desde|del|quiero|es|pero|porque|que|numero|el|por)\b"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CODE = re.compile(r"\b([A-Z]{2})[\s-]?([2-9A-HJ-NP-Z]{5})\b")
_CODE_TYPED = re.compile(r"\b([a-z]{2})-([a-z0-9]{4,6})\b")
_DIGITS = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_SPOKEN = {
    "a": "A", "be": "B", "ce": "C", "de": "D", "e": "E", "efe": "F", "ge": "G", "hache": "H", "jota": "J", "ka": "K",
    "ca": "K", "ele": "L", "eme": "M", "ene": "N", "pe": "P", "cu": "Q", "erre": "R", "ere": "R", "ese": "S",
    "te": "T",
    "u": "U", "uve": "V", "equis": "X", "zeta": "Z", "ceta": "Z", "ye": "Y",
}  # fmt: skip


def read_name(text: str, *, asked: bool) -> tuple[str, str] | None:
    """(name, words it was read from). ``asked``: the bot has just asked for it, so bare words may be it."""
    plain = fold(text)
    for match in _NAME_LEAD.finditer(plain):
        lead = match[0].strip()
        name = _name_at(text, plain, match.end(), least=1 if lead not in ("soy", "es para", "habla") else 1)
        if name and not (lead in ("soy", "es para", "habla", "nombre") and not _proper(name, text)):
            return name, text[match.start() : match.end()] + name
    if not asked:
        return None
    for part in re.split(r"[,;.\n]|\by mi\b|\bmi mail\b", text):
        words = part.strip().split()
        plain_words = [fold(word) for word in words]
        if not 1 <= len(words) <= 6 or any(char.isdigit() or char in "@?¿" for char in part):
            continue
        if any(word in _NOT_NAMES for word in plain_words) or not all(_wordlike(word) for word in words):
            continue
        return _cased(words), part.strip()
    return None


def _wordlike(word: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", word))


def _proper(name: str, text: str) -> bool:
    """``soy Ana``, not ``soy alérgica``: a capital where the message uses them, or two words."""
    return len(name.split()) >= 2 or (name in text and name[0].isupper())


def _name_at(text: str, plain: str, at: int, *, least: int) -> str | None:
    rest, plain_rest = text[at:], plain[at:]
    stop = _STOP.search(plain_rest)
    while stop and stop[0] in ("del",) and stop.start() > 0:
        stop = _STOP.search(plain_rest, stop.end())
    words = (rest[: stop.start()] if stop else rest).split()[:6]
    kept: list[str] = []
    for word in words:
        if not _wordlike(word) or fold(word) in _NOT_NAMES:
            break
        kept.append(word)
    while kept and fold(kept[-1]) in _PARTICLES:
        kept.pop()
    return _cased(kept) if len(kept) >= least else None


def _cased(words: list[str]) -> str:
    if any(word[0].isupper() for word in words):
        return " ".join(words)
    return " ".join(word if word in _PARTICLES else word[:1].upper() + word[1:] for word in words)


def read_email(text: str) -> tuple[str, str] | None:
    match = _MAIL.search(text)
    if match:
        return match[0].rstrip(".").lower(), match[0]
    plain = fold(text)
    if "arroba" not in plain:
        return None
    spoken = re.sub(r"\s+arroba\s+", "@", plain)
    spoken = re.sub(r"\s+(?:punto|dot)\s+", ".", spoken)
    spoken = re.sub(r"\s+guion bajo\s+", "_", spoken)
    spoken = re.sub(r"\s+guion( medio)?\s+", "-", spoken)
    match = _MAIL.search(spoken)
    return (match[0].rstrip("."), match[0]) if match else None


def read_phone(text: str, tokens: list[Token], country: str) -> tuple[str, str] | None:
    """E.164. Typed in any grouping, or dictated number by number."""
    for match in _DIGITS.finditer(text):
        found = phone.e164(match[0], country)
        digits = sum(char.isdigit() for char in match[0])
        if found is not None and digits >= 8 and _plausible(found):
            return found, match[0].strip()
    run: list[Token] = []
    for token in [*tokens, Token("", 0, 0)]:
        if token.number is not None and token.number < 10_000:
            run.append(token)
            continue
        if token.word in ("y", "-", ","):
            continue
        digits_said = "".join(str(each.number) for each in run)
        if len(run) >= 3 and 8 <= len(digits_said) <= 15:
            found = phone.e164(digits_said, country)
            if found is not None and _plausible(found):
                return found, text[run[0].start : run[-1].end]
        run = []
    return None


def _plausible(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number)) or len(number) >= 12


def read_code(text: str, *, asked: bool) -> tuple[str, str] | None:
    """A booking code such as ``RL-4K7Q2``; spelled aloud when it was asked for or a code is mentioned."""
    match = _CODE.search(text.upper() if asked else text)
    if match and any(char.isdigit() for char in match[2]):
        return f"{match[1]}-{match[2]}", match[0]
    match = _CODE_TYPED.search(text.lower())
    if match and any(char.isdigit() for char in match[2]) and len(match[2]) == 5:
        return f"{match[1]}-{match[2]}".upper(), match[0]
    plain = fold(text)
    if not asked and "codigo" not in plain:
        return None
    letters: list[str] = []
    words = re.findall(r"[a-z]+|\d", plain)
    for word in words:
        if word.isdigit():
            letters.append(word)
        elif word in _SPOKEN:
            letters.append(_SPOKEN[word])
        elif len(word) == 1:
            letters.append(word.upper())
        elif len(letters) < 7:
            letters = []
    code = "".join(letters)
    if len(code) == 7 and code[:2].isalpha() and any(char.isdigit() for char in code[2:]):
        return f"{code[:2]}-{code[2:]}", text.strip()
    return None
