"""From written to spoken Spanish: money, dates, hours, codes, telephones and abbreviations as a person says them.

Voices read "$ 136.000" as dollars and "RL-4K7Q2" as a number, so nothing but words reaches them. Codes, telephones and
bank numbers are read digit by digit. It changes how things are said, never what; what is words already stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from relevo.texts.numerals import before_noun, decimal, digits, letter, number, ordinal, spelled

__all__ = ["before_noun", "digits", "hour", "money", "number", "spelled", "spoken"]

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_CURRENCIES: Mapping[str, tuple[str, str, str]] = {
    "ARS": ("peso", "pesos", "centavo"), "MXN": ("peso", "pesos", "centavo"), "CLP": ("peso", "pesos", "centavo"),
    "COP": ("peso", "pesos", "centavo"), "UYU": ("peso", "pesos", "centésimo"), "PEN": ("sol", "soles", "céntimo"),
    "USD": ("dólar", "dólares", "centavo"), "EUR": ("euro", "euros", "céntimo"), "BRL": ("real", "reales", "centavo"),
    "PYG": ("guaraní", "guaraníes", "céntimo"), "BOB": ("boliviano", "bolivianos", "centavo"),
}  # fmt: skip
_SIGNS = {"US$": "USD", "U$S": "USD", "U$D": "USD", "€": "EUR", "S/": "PEN", "R$": "BRL", "$": ""}
_COUNTRY_CURRENCY = {
    "AR": "ARS", "MX": "MXN", "CL": "CLP", "CO": "COP", "UY": "UYU", "PE": "PEN", "ES": "EUR", "EC": "USD", "SV": "USD",
}  # fmt: skip
_SHORT: Mapping[str, str] = {
    "av.": "avenida", "avda.": "avenida", "bv.": "bulevar", "gral.": "general", "pte.": "presidente",
    "cnel.": "coronel",
    "sr.": "señor", "sra.": "señora", "srta.": "señorita", "sres.": "señores", "dr.": "doctor", "dra.": "doctora",
    "lic.": "licenciado", "ing.": "ingeniero", "arq.": "arquitecto", "prof.": "profesor", "ud.": "usted",
    "uds.": "ustedes", "hab.": "habitación", "habs.": "habitaciones", "dpto.": "departamento", "depto.": "departamento",
    "esq.": "esquina", "tel.": "teléfono", "cel.": "celular", "máx.": "máximo", "mín.": "mínimo", "min.": "minutos",
    "aprox.": "aproximadamente", "pág.": "página", "etc.": "etcétera", "ej.": "ejemplo", "núm.": "número",
    "nº": "número", "n°": "número", "n.º": "número", "n.°": "número", "nro.": "número",
    "s.a.": "sociedad anónima", "s.r.l.": "sociedad de responsabilidad limitada",
    "s.a.s.": "sociedad por acciones simplificada", "ee.uu.": "Estados Unidos", "ee. uu.": "Estados Unidos",
    "c/u": "cada una", "s/n": "sin número", "c/": "calle ", "a/c": "aire acondicionado", "y/o": "y o",
    "24/7": "las veinticuatro horas, todos los días", "wi-fi": "wifi", "whatsapp": "guasap", "e-mail": "correo",
    "email": "correo", "check-in": "chequín", "check in": "chequín", "check-out": "checaut", "check out": "checaut",
    "cuit": "cuit", "cuil": "cuil", "cbu": "ce be u", "cvu": "ce ve u", "clabe": "clabe", "iva": "iva",
    "dni": "de ene i", "tv": "te ve", "usb": "u ese be", "qr": "cu erre", "pdf": "pe de efe", "vip": "vip",
    "id": "i de", "a.m.": "de la mañana", "p.m.": "de la tarde", "&": "y",
}  # fmt: skip
_ENDS_A_SENTENCE = {"s.a.", "s.r.l.", "s.a.s.", "etc.", "ee.uu.", "ee. uu.", "a.m.", "p.m."}
_UNITS: Mapping[str, tuple[str, str, bool]] = {
    "kg": ("kilo", "kilos", False), "km": ("kilómetro", "kilómetros", False), "m": ("metro", "metros", False),
    "cm": ("centímetro", "centímetros", False), "m²": ("metro cuadrado", "metros cuadrados", False),
    "m2": ("metro cuadrado", "metros cuadrados", False), "min": ("minuto", "minutos", False),
    "h": ("hora", "horas", True), "hs": ("hora", "horas", True), "hrs": ("hora", "horas", True),
    "°C": ("grado", "grados", False), "°": ("grado", "grados", False), "ºC": ("grado", "grados", False),
    "pax": ("persona", "personas", True),
}  # fmt: skip


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOT_COUNTED = _set(
    "a al ante antes con como de del desde después e el en entre es está hasta la las los mañana ni no o para pero por"
    " que se sea ser serán si sin sobre son su u un una y ya"
)
"""Words after a number that are not what it counts."""
_MASCULINE = _set("día días idioma problema programa sistema tema clima mapa sofá guía")
_FEMININE = _set("noche noches clave calle tarde llave llaves suite suites serie parte base vez veces")
_NUMBERED = re.compile(
    r"(?:habitaci[oó]n|opci[oó]n|n[uú]mero|piso|calle|puerta|departamento|interno|mesa|paso|artículo|avenida [\w ]+) $",
    re.IGNORECASE,
)
"""What has a number for a name: habitación doscientos uno."""
_MONTH = "|".join(MONTHS)
_AMOUNT = r"(\d{1,3}(?:[.\u00a0 ]\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d{1,2})?)(?![\d])"
_CODES = "|".join(_CURRENCIES)
_SIGN = "|".join(re.escape(sign) for sign in _SIGNS)
_MONEY = re.compile(
    rf"(?<![\w$])({_SIGN}|(?:{_CODES})(?=[ \u00a0\d]))[ \u00a0]?{_AMOUNT}"
    rf"|(?<![\w.,]){_AMOUNT}[ \u00a0]?(€|(?:{_CODES})\b)"
)


def hour(hours: int, minutes: int) -> str:
    """14:00 -> dos de la tarde; 21:30 -> nueve y media de la noche; 0:15 -> doce y cuarto de la noche."""
    hours %= 24
    if minutes > 30 and minutes % 5 == 0 and hours != 0:
        spoken_hour, tail = (hours + 1) % 24, f" menos {'cuarto' if minutes == 45 else number(60 - minutes)}"
    else:
        tail = {0: "", 15: " y cuarto", 30: " y media"}.get(minutes, f" y {number(minutes)}")
        spoken_hour = hours
    twelve = spoken_hour % 12 or 12
    name = "una" if twelve == 1 else number(twelve)
    if spoken_hour == 12 and not tail:
        return "doce del mediodía"
    when = (
        "de la madrugada" if 1 <= hours < 6 else
        "de la mañana" if 6 <= hours < 12 else
        "de la tarde" if 12 <= hours < 20 else
        "de la noche"
    )  # fmt: skip
    return f"{name}{tail} {when}"


def money(amount: str, currency: str) -> str:
    """``136.000``, ``1.250,50`` or ``1,250.50`` of a currency."""
    whole, cents = _parts(amount)
    one, many, small = _CURRENCIES.get(currency, (currency, currency, "centavo"))
    # "Un millón de pesos", but "un millón cien pesos".
    joint = " de " if whole >= 1_000_000 and whole % 1_000_000 == 0 else " "
    in_cents = f"{before_noun(cents)} {small}{'' if cents == 1 else 's'}"
    if cents and not whole:
        return in_cents
    said = f"{before_noun(whole)}{joint}{one if whole == 1 else many}"
    return f"{said} con {in_cents}" if cents else said


def _parts(amount: str) -> tuple[int, int]:
    """Units and hundredths; a mark followed by one or two last digits is the decimal one."""
    found = re.fullmatch(r"([\d.,\u00a0 ]*?)(?:[.,](\d{1,2}))?", amount)
    whole, cents = (found[1], found[2]) if found else (amount, None)
    return int(re.sub(r"\D", "", whole) or 0), int((cents or "0").ljust(2, "0"))


def _day(day: int, month: int, year: int | None = None) -> str:
    first = "primero" if day == 1 else number(day)
    return f"{first} de {MONTHS[month - 1]}" + (f" de {number(year)}" if year else "")


def _date(day: str, month: str, year: str | None) -> str | None:
    full = None if not year else int(year) + (2000 if len(year) == 2 else 0)
    try:
        date(full or 2024, int(month), int(day))
    except ValueError:
        return None
    return _day(int(day), int(month), full)


def _feminine(noun: str) -> bool:
    word = noun.lower()
    if word in _FEMININE or word in _MASCULINE:
        return word in _FEMININE
    return re.search(r"(?:as?|ci[oó]n(?:es)?|d|dades|sion(?:es)?)$", word) is not None


def _counted(match: re.Match[str]) -> str:
    """A number and the word after it: un adulto, una noche, veintiuna habitaciones, but uno de ellos."""
    count, word = int(match[1].replace(".", "")), match[2]
    is_name = _NUMBERED.search(match.string, 0, match.start()) is not None
    if is_name or word.lower() in _NOT_COUNTED or (count > 1 and not word.endswith("s")):
        return f"{number(count)} {word}"
    joint = " de " if count >= 1_000_000 and count % 1_000_000 == 0 else " "
    return f"{before_noun(count, feminine=_feminine(word))}{joint}{word}"


def _with_unit(match: re.Match[str]) -> str:
    whole, fraction, unit = match[1].replace(".", ""), match[2], match[3]
    one, many, feminine = _UNITS[unit]
    if fraction:
        return f"{decimal(whole, fraction)} {many}"
    return f"{before_noun(int(whole), feminine=feminine)} {one if int(whole) == 1 else many}"


def _hours(match: re.Match[str]) -> str:
    article, hours, minutes, half = match["article"] or "", int(match["h"]), int(match["m"]), match["half"]
    if hours > 24 or minutes > 59:
        return match[0]
    if half and hours <= 12:
        hours = hours % 12 + (12 if half[0].lower() == "p" else 0)
    said = hour(hours, minutes)
    if said.startswith("una"):
        article = re.sub("as", "a", re.sub("As", "A", article))
    return article + said


def _address(match: re.Match[str]) -> str:
    marks = {".": " punto ", "_": " guion bajo ", "-": " guion ", "+": " más ", "@": " arroba ", "/": " barra "}
    said = "".join(marks.get(char, char) for char in match[0].removeprefix("https://").removeprefix("http://"))
    said = re.sub(r"\bwww\b", "tres doble ve", said)
    return re.sub(r"\d+", lambda found: f" {_in_address(found[0])} ", said)


def _in_address(figures: str) -> str:
    return number(int(figures)) if len(figures) <= 2 and figures[0] != "0" else digits(figures)


def _phone(match: re.Match[str]) -> str:
    """The groups that are written; the area code's brackets are not said."""
    return ("más " if match[0].startswith("+") else "") + digits(match[0])


def _decimal(match: re.Match[str]) -> str:
    return decimal(match[1].replace(".", ""), match[2])


def _ordinal(match: re.Match[str]) -> str:
    feminine, before = bool(match["a"] or match["ra"]), bool(match["before"])
    return ordinal(int(match[1]), feminine=feminine, before=before) + (" " if before else "")


def _dated(match: re.Match[str]) -> str:
    return _date(match["d"], match["m"], match["y"]) or match[0]


def _plain(match: re.Match[str]) -> str:
    figures = match[0].replace(".", "")
    return digits(figures) if len(figures) > 1 and figures[0] == "0" else number(int(figures))


def _consonants(match: re.Match[str]) -> str:
    return " ".join(letter(char) for char in match[0])


_CLOCK = (
    r"(?P<article>\b[Ll]as )?(?<![\d:])\b(?P<h>\d{1,2})(?:[:.](?=\d\d ?(?:h|hs|hrs)\b)|:)(?P<m>\d{2})(?![\d:])"
    r"(?: ?(?P<half>[aApP]\. ?[mM]\.|[aApP][mM]\b)| ?(?:h|hs|hrs)\b\.?(?=\s|$|[,;)]))?"
)
_UNIT = "|".join(sorted((re.escape(unit) for unit in _UNITS), key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:\.\d{3})+|\d+"

_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?://|www\.)[\w./-]*[\w/]"), _address),
    (re.compile(r"\b[a-zñ][a-zñ0-9-]*(?:\.[a-zñ0-9-]+)+\b"), _address),
    (re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"), _dated),
    (re.compile(r"\b(?P<d>\d{1,2})(?P<s>[/-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})\b"), _dated),
    (re.compile(r"(?<![\d/])\b(?P<d>\d{1,2})/(?P<m>\d{1,2})(?P<y>)(?![\d/])"), _dated),
    (re.compile(rf"\b1(?: ?[º°]\.?)?(?= de (?:{_MONTH})\b)", re.IGNORECASE), lambda _match: "primero"),
    (re.compile(_CLOCK), _hours),
    (re.compile(r"\b(?=[A-Z0-9-]*\d)[A-Z]{1,5}-[A-Z0-9]{3,12}\b|\b(?=\w*\d\w*[A-Z]|\w*[A-Z]\w*\d)[A-Z0-9]{4,12}\b"),
     lambda match: spelled(match[0])),
    (re.compile(r"\+\d[\d ()-]{6,}\d"), _phone),
    (re.compile(r"\b\d{2}-\d{7,8}-\d\b|\(?\b0?\d{2,4}\)?[ -]\d{3,4}[ -]?\d{4}\b|\b\d{4}-\d{4}\b"), _phone),
    (re.compile(r"(?<![\d.,])\d{7,}(?![\d.,]\d)"), lambda match: digits(match[0])),
    (re.compile(r"\b(\d{1,2})(?:\.?(?P<o>[º°])|\.?(?P<a>ª)|(?:er|ro|do|to|mo|vo|no)\b|(?P<ra>(?:ra|da|ta|ma|va|na)\b))"
                r"(?! ?C\b)(?P<before> (?=[a-z]))?"), _ordinal),
    (re.compile(rf"(?<![\w.,])({_NUMBER})(?:,(\d+))? ?({_UNIT})(?![\w²])\.?(?=\s|$|[^\w\s])"), _with_unit),
    (re.compile(rf"(?<![\w.,])({_NUMBER}),(\d+)"), _decimal),
    (re.compile(r"[ \u00a0]?%"), lambda _match: " por ciento"),
    (re.compile(rf"(?<![\w,.])((?!0\d){_NUMBER}) ([^\W\d_]+)"), _counted),
    (re.compile(rf"(?<![\w,]){_NUMBER}(?!\w)"), _plain),
    (re.compile(r"\b[BCDFGHJKLMNÑPQRSTVWXZ]{2,5}\b"), _consonants),
    (re.compile(r"(?<=\w) ?/ ?(?=(?:noche|persona|d[ií]a|hora|mes|semana|estad[ií]a|viaje|adulto|pax)\b)"),
     lambda _match: " por "),
    (re.compile(r"(?<=\w) ?/ ?(?=\w)"), lambda _match: " o "),
)  # fmt: skip
_SHORT_FORMS = re.compile(
    "|".join(rf"(?<![\w.@]){re.escape(short)}(?![\w@])" for short in sorted(_SHORT, key=len, reverse=True)),
    re.IGNORECASE,
)
_DRAWN = re.compile("[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\ufe0f\u200d•●▪*_#`<>|~^]+")


def _short(match: re.Match[str]) -> str:
    found = match[0].lower()
    said = _SHORT[found]
    ends = found in _ENDS_A_SENTENCE and re.match(r"\s*$|\s+[A-ZÁÉÍÓÚÑ¿¡]", match.string[match.end() :])
    return f"{said}." if ends else said


def spoken(text: str, locale: str = "es") -> str:
    """``text`` as it is to be read aloud. ``locale``'s country says whose money a bare ``$`` is."""
    if locale.startswith("en"):
        return text
    here = _COUNTRY_CURRENCY.get(locale.replace("-", "_").partition("_")[2], "ARS")

    def of_money(match: re.Match[str]) -> str:
        sign, amount = match[1] or match[4], match[2] or match[3]
        return money(amount, _SIGNS.get(sign, sign) or here)

    said = re.sub(_CLOCK, _hours, text)
    said = _MONEY.sub(of_money, said)
    said = _SHORT_FORMS.sub(_short, said)
    for pattern, say in _STEPS:
        said = pattern.sub(say, said)
    said = re.sub(r"\s*\n+\s*", ". ", _DRAWN.sub(" ", said).replace("«", "").replace("»", ""))
    said = re.sub(r"([.!?:;,])(?:\s*\.)+(?!\.)", r"\1", said)
    return re.sub(r"\s{2,}", " ", re.sub(r"\s+(?=[.,;:!?)])", "", said)).strip()
