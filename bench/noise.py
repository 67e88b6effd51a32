"""What happens to a sentence on its way: thumbs, the style of WhatsApp, a recogniser. Pure functions of its dice."""

from __future__ import annotations

import re
import unicodedata
from random import Random

ROWS = ("qwertyuiop", "asdfghjklñ", "zxcvbnm")
SHORT = {
    "que": "q", "por": "x", "para": "pa", "porque": "xq", "por favor": "xfa", "tambien": "tmb", "mensaje": "msj",
    "de": "d", "te": "t", "me": "m", "gracias": "grax", "buenas": "bns", "fin de semana": "finde", "bien": "bn",
    "cuando": "cdo", "donde": "dnd", "habitacion": "hab", "noches": "noch", "personas": "pers", "quiero": "kiero",
    "hola": "ola", "mañana": "mñn", "estoy": "toy", "esta": "ta", "mucho": "mxo", "nada": "nd", "con": "c",
}  # fmt: skip
HEARD = (
    ("haber", "a ver"), ("hay", "ahi"), ("hacer", "a ser"), ("check in", "chequin"), ("check out", "chequeau"),
    ("wifi", "wi fi"), ("voucher", "vaucher"), ("iban", "ivan"), ("cbu", "ce be u"), ("late", "leit"),
    ("me llamo", "mellamo"), ("del", "de el"), ("al ", "a el "), ("quisiera", "quisieras"), ("tienen", "tiene"),
    ("los ", "lo "), ("las ", "la "), ("estan", "esta"), ("podrian", "podria"), ("pagado", "pagao"),
    ("para", "pa"), ("cancelar", "cancela"), ("reservar", "reserva"), ("ustedes", "ustede"),
)  # fmt: skip
FILLERS = ("eh", "este", "mmm", "bueno", "o sea", "eee")
NUMBERS = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte",
)  # fmt: skip


def _beside(char: str, dice: Random) -> str:
    for row in ROWS:
        if (at := row.find(char)) >= 0:
            return dice.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2])
    return char


def typos(text: str, rate: float, dice: Random) -> str:
    """A share ``rate`` of the letters is dropped, doubled, exchanged with the next one or becomes a key beside it."""
    chars, out, at = list(text), [], 0
    while at < len(chars):
        char = chars[at]
        at += 1
        if not char.isalpha() or dice.random() >= rate:
            out.append(char)
            continue
        match dice.choice(("drop", "double", "swap", "beside")):
            case "double":
                out.append(char * 2)
            case "beside":
                out.append(_beside(_bare(char.lower()), dice))
            case "swap" if at < len(chars) and chars[at].isalpha():
                out += [chars[at], char]
                at += 1
            case "swap":
                out.append(char)
            case _:
                continue
    return "".join(out)


def _bare(text: str) -> str:
    kept = text.replace("ñ", "\0")
    kept = "".join(char for char in unicodedata.normalize("NFD", kept) if not unicodedata.combining(char))
    return kept.replace("\0", "ñ")


def whatsapp(text: str, dice: Random) -> str:
    """No accents, no capitals, no opening marks, abbreviations, k for qu, long vowels, a face at the end."""
    said = re.sub(r"[¿¡,.;:]", "", _bare(text.lower()))
    for words, short in SHORT.items():
        said = re.sub(rf"\b{words}\b", lambda m, s=short: s if dice.random() < 0.7 else m[0], said)
    said = re.sub(r"qu(?=[ei])", lambda m: "k" if dice.random() < 0.5 else m[0], said)
    said = re.sub(r"\bh(?=[aeiou])", lambda m: "" if dice.random() < 0.5 else m[0], said)
    said = re.sub(r"ll", lambda m: "y" if dice.random() < 0.3 else m[0], said)
    if dice.random() < 0.25:
        said = re.sub(r"([aeios])(\W*)$", lambda m: m[1] * dice.randint(2, 4) + m[2], said)
    return said + dice.choice(("", "", "", " 🙏", " 😊", " jaja", " ??"))


def transcribed(text: str, dice: Random) -> str:
    """As a telephone's recogniser writes it: no marks, numbers as words, lost endings, run-together words, fillers."""
    said = re.sub(r"[^\w\s]", " ", _bare(text.lower()))
    said = re.sub(r"\b\d{1,2}\b", lambda m: NUMBERS[int(m[0])] if int(m[0]) < len(NUMBERS) else m[0], said)
    for words, heard in HEARD:
        said = re.sub(rf"\b{words}(?!\w)", lambda m, h=heard: h if dice.random() < 0.4 else m[0], said)
    words: list[str] = []
    for word in said.split():
        if len(word) <= 3 and dice.random() < 0.05:
            continue
        if len(word) > 4 and word.endswith("s") and dice.random() < 0.15:
            word = word[:-1]
        if words and dice.random() < 0.03:
            words[-1] += word
            continue
        words.append(word)
    if words and dice.random() < 0.3:
        words.insert(dice.randrange(len(words)), dice.choice(FILLERS))
    return " ".join(words) or said
