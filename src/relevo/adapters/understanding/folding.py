"""Brings the many spellings of written and recognised Spanish to one form, and hides what varies from guest to guest.

``fold`` undoes accents, elongations and chat abbreviations; ``mask`` replaces dates, hours, amounts, names and the
like by placeholders so that a classifier learns the sentence and not the data. It extracts nothing: the values
are read elsewhere, from the original text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial

READ_LIMIT = 800

_ABBREVIATIONS: dict[str, str] = {
    **dict.fromkeys(("q", "k", "ke", "qe", "qu"), "que"),
    **dict.fromkeys(("xq", "pq", "porq", "xke", "xque", "pk", "porke"), "porque"),
    **dict.fromkeys(("tb", "tmb", "tbn", "tbien", "tambn", "tmbn"), "tambien"),
    **dict.fromkeys(("xfa", "porfa", "porfis", "xfavor", "pls", "plis", "porfavor", "plz", "xfis"), "por favor"),
    **dict.fromkeys(("hab", "habi", "habit", "habs", "havitacion", "abitacion", "pieza", "cuarto"), "habitacion"),
    **dict.fromkeys(("habitaciones", "piezas", "cuartos", "recamaras"), "habitaciones"),
    **dict.fromkeys(("recamara", "alcoba"), "habitacion"),
    **dict.fromkeys(("dbl", "doble", "dobles"), "doble"),
    **dict.fromkeys(("finde", "fds", "findes", "finsemana"), "fin de semana"),
    **dict.fromkeys(("dsp", "desp", "dps", "dspues", "despu"), "despues"),
    **dict.fromkeys(("disp", "dispo", "disponib", "disponi"), "disponibilidad"),
    **dict.fromkeys(("pax", "pers", "personita", "personitas"), "personas"),
    **dict.fromkeys(("grax", "grs", "gcs", "grasias", "grcs", "thx", "thanks"), "gracias"),
    **dict.fromkeys(("cto", "cnto", "kuanto", "cuanto", "cuantos", "cuanta", "qanto"), "cuanto"),
    **dict.fromkeys(("kiero", "qiero", "qro", "quero", "kero", "qiro"), "quiero"),
    **dict.fromkeys(("wsp", "wpp", "wasap", "guasap", "wapp", "wp", "whats", "wa", "wassap"), "whatsapp"),
    **dict.fromkeys(("transf", "trf", "transfe", "transfer.", "tranferencia"), "transferencia"),
    **dict.fromkeys(("ok", "oka", "okey", "oki", "okis", "okk", "okay", "okei", "oks"), "ok"),
    **dict.fromkeys(("sip", "sep", "sipi", "sisi", "yes", "simon"), "si"),
    **dict.fromkeys(("nop", "nel", "nah", "nopi", "nope", "nono", "noup"), "no"),
    **dict.fromkeys(("mñn", "mñna", "mnn", "mñana", "mnna", "mñ"), "manana"),
    **dict.fromkeys(("depto", "dpto", "depa", "apto", "apartamento", "dto"), "departamento"),
    **dict.fromkeys(("bno", "bueno", "weno", "gueno"), "bueno"),
    **dict.fromkeys(("reser", "resv", "rsv", "resrva", "reserba", "reserv"), "reserva"),
    **dict.fromkeys(("xa", "pa", "p/", "pra"), "para"),
    **dict.fromkeys(("nro", "nº", "n°", "num"), "numero"),
    **dict.fromkeys(("cel", "celu", "fono"), "telefono"),
    **dict.fromkeys(("tenes", "tienes", "teneis", "tienen", "tiene", "tendran", "tendras", "tenian"), "tienen"),
    **dict.fromkeys(("puedo", "podria", "pueden", "podes", "puedes", "podeis", "podrian", "podrias", "puede"), "puede"),
    **dict.fromkeys(("mail", "email", "correo", "e-mail"), "correo"),
    "x": "por",
    "d": "de",
    "m": "me",
    "t": "te",
    "bn": "bien",
    "dnd": "donde",
    "cdo": "cuando",
    "msj": "mensaje",
    "info": "informacion",
    "ola": "hola",
    "bns": "buenas",
    "toy": "estoy",
    "ta": "esta",
    "tel": "telefono",
    "aki": "aqui",
    "ud": "usted",
    "uds": "ustedes",
    "tngo": "tengo",
    "salu2": "saludos",
    "ntp": "no te preocupes",
    "wifi": "wifi",
    "wi-fi": "wifi",
    "checkin": "check in",
    "checkout": "check out",
    "check-in": "check in",
    "check-out": "check out",
}
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLE_END = re.compile(r"([aiou])\1\b")
_LAUGH = re.compile(r"\b(?:j[aeio]){2,}j?\b|\b[aj]{5,}\b")
_TOKEN = re.compile(r"[^\s,;:!¡¿?()\"«»…]+|[?]")
_EDGE = ".-_*'~"


def fold(text: str) -> str:
    """Lower case without accents (ñ becomes n), elongations undone, chat abbreviations written out."""
    lowered = text[:READ_LIMIT].lower()
    # Abbreviations such as "mñn" are looked up before ñ turns into n.
    pieces = [_ABBREVIATIONS.get(piece, piece) for piece in lowered.split()]
    decomposed = unicodedata.normalize("NFKD", " ".join(pieces))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    plain = _DOUBLE_END.sub(r"\1", _LONG.sub(r"\1", _LAUGH.sub("jaja", plain)))
    return " ".join(_spelled_out(plain))


def _spelled_out(plain: str) -> Iterator[str]:
    # Separators inside hours, amounts and addresses (14:30, 1,5) belong to the word.
    joined = re.sub(r"(?<=\d)[:,](?=\d)", ".", plain)
    for token in _TOKEN.findall(joined):
        word = token.strip(_EDGE)
        if word:
            yield _ABBREVIATIONS.get(word, word)


_MONTHS = (
    r"(?:enero|ene|febrero|feb|marzo|mar|abril|abr|mayo|may|junio|jun|julio|jul|agosto|ago|septiembre|setiembre|sept?"
    r"|set|octubre|oct|noviembre|nov|diciembre|dic)"
)
_DAYS = r"(?:lunes|lun|martes|miercoles|mier|mie|jueves|jue|viernes|vier|vie|sabados?|sab|domingos?|dom)"
_NUMBER = (
    r"(?:\d+(?:[.]\d+)?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci\w+|veinte"
    r"|veinti\w+|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento|doscientos|quinientos|mil"
    r"|primero)"
)
_FEAST = (
    r"(?:semana santa|semana que viene|proxima semana|fin de semana(?: largo)?|puente|carnaval(?:es)?|navidad"
    r"|nochebuena|fin de ano|ano nuevo|pascuas?|fiestas patrias|reyes|hoy|pasado manana|manana|esta noche|ayer|anteayer"
    r"|quincena|feriado(?: largo)?|mes que viene|proximo mes|vacaciones de (?:invierno|verano|julio))"
)
_NAMES = (
    r"(?:juan|maria|jose|carlos|ana|luis|laura|pedro|sofia|martin|lucia|diego|valentina|jorge|camila|pablo|paula|"
    r"miguel|marta|ricardo|claudia|fernando|silvia|alejandro|gabriela|sergio|patricia|daniel|andrea|roberto|monica|"
    r"javier|carolina|eduardo|natalia|gustavo|veronica|francisco|florencia|manuel|julieta|antonio|daniela|raul|"
    r"mariana|alberto|susana|hector|rosa|oscar|elena|mario|beatriz|ramon|graciela|andres|victoria|nicolas|agustina|"
    r"sebastian|micaela|matias|belen|facundo|rocio|ignacio|carmen|tomas|isabel|santiago|teresa|joaquin|pilar|lucas|"
    r"ines|gonzalo|mercedes|rodrigo|alicia|cristian|norma|marcelo|adriana|walter|lorena|ruben|karina|hugo|vanesa|"
    r"ernesto|yolanda|guillermo|irene|esteban|raquel|felipe|cecilia|ximena|catalina|renata|mateo|emilia|benjamin|"
    r"martina|thiago|romina|leonardo|marcela|fabian|liliana|ivan|estela|omar|noelia|cesar|miriam|alfredo|nora|"
    r"enrique|olga|lourdes|julian|constanza|vicente|fernanda|bruno|viviana|federico|milagros|ezequiel|aldana|"
    r"german|soledad)"
)
_STOP = (
    r"(?!(?:y|e|o|que|por|para|con|del|el|la|los|las|en|un|una|mi|me|le|les|necesito|quiero|quisiera|queria|tengo|soy"
    r"|somos|hola|buenas|desde|al|es|si|no|gracias|hice|reserve|llame|estoy|puede|cuanto|hay|tienen|como)\b)"
)
_NAME_TAIL = rf"(?: (?:de (?:la |los )?)?{_STOP}[a-z']+){{0,2}}"


def _repeat(placeholder: str, match: re.Match[str]) -> str:
    return f"{match.group(1)} {placeholder}" if match.lastindex else placeholder


def _rule(pattern: str, placeholder: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    return re.compile(pattern), partial(_repeat, placeholder)


_RULES = (
    _rule(r"\S+@\S+|\b[a-z0-9_.]+ arroba [a-z0-9_.]+(?: punto [a-z]+)*", "__contacto__"),
    _rule(r"(?:https?://|www\.)\S+", "__enlace__"),
    _rule(
        r"(?:u\$[sd]|usd|us\$|ars|[$€]) ?\d[\d.]*k?(?: mil)?"
        r"|\b\d[\d.]*(?: mil)?(?: ?k| lucas| pesos| dolares| euros| usd| soles| mangos)\b",
        "__monto__",
    ),
    _rule(rf"\b{_NUMBER}(?: y {_NUMBER})?(?: mil)? (?:pesos|dolares|euros|soles|lucas)\b", "__monto__"),
    _rule(r"\+?\b\d{2,4}(?:[ -]\d{2,5}){1,4}\b(?<=\d{4})|\+?\b\d{7,}\b", "__contacto__"),
    _rule(r"\b\d{1,4}(?:[/-]\d{1,2}){1,2}(?:[/-]\d{2,4})?\b", "__fecha__"),
    _rule(
        r"\b\d{1,2}[.]\d\d(?: ?(?:hs?|hrs|am|pm))?\b|\b\d{1,2} ?(?:hs?|hrs|horas|am|pm)\b"
        rf"|\b{_NUMBER}(?: y media)? (?:de|por) la (?:manana|tarde|noche|madrugada)\b"
        rf"|\b(?<=a las ){_NUMBER}(?: y media)?\b",
        "__hora__",
    ),
    _rule(r"#\d+|\b(?=[a-z-]*\d)(?=[\d-]*[a-z])[a-z0-9-]{5,}\b|\b[a-z]{2,4}-\d+\b", "__codigo__"),
    _rule(rf"\b(?:{_NUMBER}|1ro?|uno) (?:de )?{_MONTHS}(?: (?:de |del )?(?:20)?\d\d)?\b", "__fecha__"),
    _rule(rf"\b{_FEAST}\b", "__fecha__"),
    _rule(rf"\b{_DAYS}(?: {_NUMBER})?\b", "__fecha__"),
    _rule(rf"\b{_MONTHS}\b(?: (?:de |del )?20\d\d)?", "__fecha__"),
    _rule(
        r"\b(?:doble|triples?|cuadruples?|singles?|suites?|matrimonial(?:es)?|individual(?:es)?|twin|king|queen"
        r"|familiar(?:es)?|superior|estandar|standard|deluxe|cabanas?|bungalows?|quintuple)\b",
        "__tipo__",
    ),
    _rule(rf"\b(a nombre de(?:l senor| la senora)?|me llamo|mi nombre es) {_STOP}[a-z']+{_NAME_TAIL}", "__nombre__"),
    _rule(rf"\b{_NAMES}\b{_NAME_TAIL}", "__nombre__"),
    _rule(rf"\b{_NUMBER}\b", "__num__"),
)
_SAME = re.compile(r"(__[a-z]+__)(?: (?:de |y |o )?\1)+")


def mask(folded: str) -> str:
    """Replace in a folded text what is data (dates, hours, amounts, codes, names) by placeholders."""
    for pattern, replace in _RULES:
        folded = pattern.sub(replace, folded)
    return _SAME.sub(r"\1", folded)


_PHONETIC = (
    (re.compile(r"ch"), "x"),
    (re.compile(r"h"), ""),
    (re.compile(r"qu(?=[ei])|k|c(?=[aou]|[^eiaou]|$)|q"), "k"),
    (re.compile(r"c(?=[ei])|z"), "s"),
    (re.compile(r"gu(?=[ei])"), "G"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"v|w"), "b"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"(.)\1"), r"\1"),
)


def phonetic(word: str) -> str:
    """How a folded word sounds, written one way only (b/v, c/s/z, mute h, ll/y, g/j, qu/k)."""
    for pattern, replacement in _PHONETIC:
        word = pattern.sub(replacement, word)
    return word.lower()
