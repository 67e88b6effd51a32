"""From written to spoken Spanish: money, dates, hours, codes, telephones and abbreviations as a person says them.

Voices read "$ 136.000" as dollars and "RL-4K7Q2" as a number, so nothing but words reaches them. Codes, telephones and
bank numbers are read digit by digit. It changes how things are said, never what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

_UNITS = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
    "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
    "veintinueve",
)  # fmt: skip
_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
)  # fmt: skip
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_LETTERS: Mapping[str, str] = {
    "A": "a", "B": "be", "C": "ce", "D": "de", "E": "e", "F": "efe", "G": "ge", "H": "hache", "I": "i", "J": "jota",
    "K": "ka", "L": "ele", "M": "eme", "N": "ene", "Ñ": "eñe", "O": "o", "P": "pe", "Q": "cu", "R": "erre", "S": "ese",
    "T": "te", "U": "u", "V": "uve", "W": "doble ve", "X": "equis", "Y": "i griega", "Z": "zeta",
}  # fmt: skip
_CURRENCIES: Mapping[str, tuple[str, str, str]] = {
    "ARS": ("peso", "pesos", "centavos"),
    "MXN": ("peso", "pesos", "centavos"),
    "CLP": ("peso", "pesos", "centavos"),
    "COP": ("peso", "pesos", "centavos"),
    "UYU": ("peso", "pesos", "centésimos"),
    "PEN": ("sol", "soles", "céntimos"),
    "USD": ("dólar", "dólares", "centavos"),
    "EUR": ("euro", "euros", "céntimos"),
}
_SIGNS = {"US$": "USD", "U$S": "USD", "USD": "USD", "€": "EUR", "EUR": "EUR", "S/": "PEN", "$": ""}
_COUNTRY_CURRENCY = {"AR": "ARS", "MX": "MXN", "CL": "CLP", "CO": "COP", "UY": "UYU", "PE": "PEN", "ES": "EUR"}
_SHORT: Mapping[str, str] = {
    "Av.": "avenida", "Avda.": "avenida", "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita", "Dr.": "doctor",
    "Dra.": "doctora", "hab.": "habitación", "Hab.": "habitación", "nº": "número", "Nº": "número", "N°": "número",
    "n°": "número", "tel.": "teléfono", "Tel.": "teléfono",
    "máx.": "máximo", "mín.": "mínimo", "aprox.": "aproximadamente",
    "S.A.": "sociedad anónima", "S.R.L.": "sociedad de responsabilidad limitada", "Wi-Fi": "wifi", "WhatsApp": "guasap",
    "e-mail": "correo electrónico", "CBU": "ce be u", "CUIT": "cuit", "check-in": "chequín", "check-out": "checaut",
}  # fmt: skip


def number(value: int) -> str:
    """A whole number in words: 136000 -> ciento treinta y seis mil."""
    if value < 0:
        return f"menos {number(-value)}"
    if value < 30:
        return _UNITS[value]
    if value < 100:
        ten, unit = divmod(value, 10)
        return _TENS[ten] + (f" y {_UNITS[unit]}" if unit else "")
    if value < 1_000:
        hundred, rest = divmod(value, 100)
        return "cien" if value == 100 else _HUNDREDS[hundred] + (f" {number(rest)}" if rest else "")
    if value < 1_000_000:
        thousands, rest = divmod(value, 1_000)
        head = "mil" if thousands == 1 else f"{before_noun(thousands)} mil"
        return head + (f" {number(rest)}" if rest else "")
    if value < 1_000_000_000_000:
        millions, rest = divmod(value, 1_000_000)
        head = "un millón" if millions == 1 else f"{before_noun(millions)} millones"
        return head + (f" {number(rest)}" if rest else "")
    return digits(str(value))


def before_noun(value: int, *, feminine: bool = False) -> str:
    """As it stands before a noun: un peso, veintiún días, veintiuna noches, doscientas personas."""
    words = number(value)
    if feminine:
        words = re.sub(r"cientos\b", "cientas", words.replace("quinientos", "quinientas"))
        return words[:-1] + "a" if words.endswith("uno") else words
    if words.endswith("veintiuno"):
        return words[: -len("veintiuno")] + "veintiún"
    return words[:-1] if words.endswith("uno") else words


def digits(text: str) -> str:
    """Digit by digit, in groups of three or two with a pause between them."""
    only = [char for char in text if char.isdigit()]
    size = 3 if len(only) % 3 == 0 or len(only) > 8 else 2
    groups = [only[start : start + size] for start in range(0, len(only), size)]
    return ", ".join(" ".join(_UNITS[int(char)] for char in group) for group in groups)


def spelled(code: str) -> str:
    """A code character by character: RL-4K7Q2 -> erre, ele. Cuatro, ka, siete, cu, dos."""
    parts = [part for part in re.split(r"[-_/. ]", code) if part]
    return ". ".join(
        ", ".join(_UNITS[int(char)] if char.isdigit() else _LETTERS.get(char.upper(), char) for char in part)
        for part in parts
    )


def hour(hours: int, minutes: int) -> str:
    """14:00 -> dos de la tarde; 21:30 -> nueve y media de la noche; 0:15 -> doce y cuarto de la noche."""
    if hours == 24:
        hours = 0
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
    """``136.000`` or ``1.250,50`` of a currency."""
    whole, _, cents = amount.replace(".", "").partition(",")
    one, many, small = _CURRENCIES.get(currency, ("", currency, "centavos"))
    value = int(whole or 0)
    # "Un millón de pesos", but "un millón cien pesos".
    joint = " de " if value >= 1_000_000 and value % 1_000_000 == 0 else " "
    said = f"{before_noun(value)}{joint}{one if value == 1 and one else many}"
    if cents and int(cents.ljust(2, "0")[:2]):
        said += f" con {before_noun(int(cents.ljust(2, '0')[:2]))} {small}"
    return said


def _day(day: int, month: int, year: int | None) -> str:
    first = "primero" if day == 1 else number(day)
    return f"{first} de {MONTHS[month - 1]}" + (f" de {number(year)}" if year else "")


def _valid(day: int, month: int) -> bool:
    try:
        date(2024, month, day)
    except ValueError:
        return False
    return True


def _date(match: re.Match[str]) -> str:
    day, month = int(match["d"]), int(match["m"])
    year = int(match["y"]) if match["y"] else None
    if year is not None and year < 100:
        year += 2000
    return _day(day, month, year) if _valid(day, month) else match[0]


def _iso(match: re.Match[str]) -> str:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    return _day(day, month, year) if _valid(day, month) else match[0]


def _hour(match: re.Match[str]) -> str:
    hours, minutes = int(match[1]), int(match[2])
    if hours > 24 or minutes > 59:
        return match[0]
    return hour(hours, minutes)


def _mail(match: re.Match[str]) -> str:
    user, domain = match[0].rsplit("@", 1)
    marks = {".": " punto ", "_": " guion bajo ", "-": " guion ", "+": " más "}
    said = "".join(marks.get(char, char) for char in user)
    return f"{said} arroba {domain.replace('.', ' punto ')}"


def _grouped(match: re.Match[str]) -> str:
    return number(int(match[0].replace(".", "")))


def _counted(match: re.Match[str]) -> str:
    feminine = match[2].lower() in _FEMININE
    return f"{before_noun(int(match[1]), feminine=feminine)} {match[2]}"


_FEMININE = {
    "noches",
    "noche",
    "personas",
    "persona",
    "habitaciones",
    "habitación",
    "horas",
    "hora",
    "camas",
    "semanas",
}
_MASCULINE = (
    "días día huéspedes huésped adultos adulto niños niño menores menor minutos minuto meses mes pesos kilos años"
)
_NOUNS = "|".join([*_FEMININE, *_MASCULINE.split()])
_AMOUNT = r"(\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+(?:,\d{1,2})?)"

_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _mail),
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"), _iso),
    (re.compile(r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?\b"), _date),
    (re.compile(r"\b(\d{1,2}):(\d{2})(?:\s?(?:h|hs|hrs)\b\.?)?"), _hour),
    (re.compile(r"\b(?=[A-Z0-9-]*\d)[A-Z]{1,4}-[A-Z0-9]{3,10}\b"), lambda match: spelled(match[0])),
    (re.compile(r"\+\d[\d ()-]{6,}\d"), lambda match: f"más {digits(match[0])}"),
    (re.compile(r"\b\d{2,4}[ -]\d{3,4}[ -]?\d{4}\b"), lambda match: digits(match[0])),
    (re.compile(r"(?<![\d.,])\d{7,}(?![\d.,]\d)"), lambda match: digits(match[0])),
    (re.compile(r"\b(\d+),(\d+)"), lambda match: f"{number(int(match[1]))} coma {number(int(match[2]))}"),
    (re.compile(r"\s?%"), lambda _match: " por ciento"),
    (re.compile(rf"\b(\d+) ({_NOUNS})\b", re.IGNORECASE), _counted),
    (re.compile(r"\b\d{1,3}(?:\.\d{3})+\b"), _grouped),
    (re.compile(r"\b(\d+)\s?kg\b"), lambda match: f"{before_noun(int(match[1]))} kilos"),
    (re.compile(r"(?<![\w,])\d{1,6}(?!\w)"), lambda match: number(int(match[0]))),
)  # fmt: skip
_MONEY = re.compile(rf"(US\$|U\$S|\$|€|S/)\s?{_AMOUNT}|{_AMOUNT}\s?(€|USD|EUR)")
_SHORT_FORMS = re.compile(
    "|".join(rf"(?<!\w){re.escape(short)}(?!\w)" for short in sorted(_SHORT, key=len, reverse=True))
)


def spoken(text: str, locale: str = "es") -> str:
    """``text`` as it is to be read aloud. ``locale``'s country says whose money a bare ``$`` is."""
    if locale.startswith("en"):
        return text
    here = _COUNTRY_CURRENCY.get(locale.partition("_")[2], "ARS")

    def of_money(match: re.Match[str]) -> str:
        sign, amount = match[1] or match[4], match[2] or match[3]
        return money(amount, _SIGNS.get(sign) or here)

    said = _MONEY.sub(of_money, text)
    said = _SHORT_FORMS.sub(lambda match: _SHORT[match[0]], said)
    for pattern, say in _STEPS:
        said = pattern.sub(say, said)
    said = re.sub(r"[*_#`<>|]+", " ", said).replace("/", " por ").replace("«", "").replace("»", "")
    said = re.sub(r"\s*\n+\s*", ". ", said)
    said = re.sub(r"([.!?])\s*\.", r"\1", said)
    return re.sub(r"\s{2,}", " ", said).strip()
