"""What somebody wrote in a mail, apart from what their program quotes below it, in Spanish, English and Portuguese.

Tried line by line. A mail that would be empty afterwards keeps its words; a forwarded one keeps what it forwards, for
that is what its sender wants us to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_LINES = 3_000
MAX_LINE = 1_000
_SPACES = str.maketrans({"\xa0": " ", "\u202f": " ", "\u2007": " ", "\u200b": None, "\ufeff": None, "\u200e": None})
_WROTE = re.compile(
    r"(?:>+\s*)?(?:El|On|Em|En|Le|Am|A la?s?|Il)\b.{4,200}?"
    r"(?:escribi[oó]|wrote|escreveu|escribe|a écrit|schrieb|ha scritto)\s?(?:\(.{1,30}\)\s?)?:",
    re.IGNORECASE,
)
_WROTE_FIRST = re.compile(
    r"(?:>+\s*)?[^\n:]{1,120}<[^<>@\s]+@[^<>@\s]+>\s+(?:escribi[oó]|wrote|escreveu)\b[^\n]{0,60}:", re.IGNORECASE
)
_START = re.compile(r"(?:>+\s*)?(?:El|On|Em|En|Le|Am|Il)\b", re.IGNORECASE)
_LINE = re.compile(r"_{10,}\s*$")
_ORIGINAL = re.compile(
    r"-{2,}\s*(?:mensaje original|original message|mensagem original|correo original|mensaje citado)\s*-{2,}",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"-{2,}\s*(?:mensaje reenviado|forwarded message|mensagem (?:encaminhada|reencaminhada)|correo reenviado)\s*-{2,}"
    r"|(?:inicio del mensaje reenviado|begin forwarded message|início da mensagem (?:reencaminhada|encaminhada)):",
    re.IGNORECASE,
)
_FROM = re.compile(r"\*?(?:De|From|Von|Remitente):\*?\s*\S", re.IGNORECASE)
_FIELD = re.compile(
    r"\*?(?:Enviad[oa](?: el| em)?|Fecha|Sent|Date|Data|Para|To|A|Asunto|Assunto|Subject|CC|Cc):\*?(?:\s|$)",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:enviado (?:desde|do|a partir d[oe]|con|com)|sent from|sent with|get outlook for|obtener outlook para|"
    r"obter o outlook para|descargar outlook)\b.{0,80}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    """What its sender wrote."""
    rest: str
    """What was taken off, as it was."""
    forwarded: bool = False


def without_quotes(text: str) -> Said:
    lines = text.translate(_SPACES).split("\n")
    kept: list[str] = []
    forwarded = False
    end = len(lines)
    at = 0
    while at < min(end, MAX_LINES):
        line = lines[at].strip()[:MAX_LINE]
        if _FORWARDED.match(line):
            forwarded = True
            kept += lines[at:]
            at = end
            break
        long = _attribution(lines, at)
        if long:
            if _answers_inside(lines, at + long):
                at += long
                continue
            break
        if _LINE.match(line) or _ORIGINAL.match(line) or _heads(lines, at):
            break
        if line in ("--", "—") and lines[at].rstrip("\r") in ("-- ", "--", "—"):
            break
        if _SENT_FROM.match(line) and not _more_follows(lines, at + 1):
            break
        if not line.startswith(">"):
            kept.append(lines[at].rstrip())
        at += 1
    said = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    if not said:
        return Said(text.strip(), "", forwarded)
    return Said(said, "" if forwarded else "\n".join(lines[at:]).strip(), forwarded)


def _attribution(lines: list[str], at: int) -> int:
    """How many lines the sentence "somebody wrote:" takes here; 0 where there is none."""
    first = lines[at].strip()[:MAX_LINE]
    if _WROTE_FIRST.fullmatch(first):
        return 1
    if not _START.match(first):
        return 0
    joined = ""
    for long in (1, 2, 3):
        if at + long > len(lines):
            return 0
        part = lines[at + long - 1].strip()[:MAX_LINE]
        if not part:
            return 0
        joined = f"{joined} {part.lstrip('> ')}".strip()
        if _WROTE.fullmatch(joined):
            return long
    return 0


def _heads(lines: list[str], at: int) -> bool:
    """A block such as "De: ... Enviado el: ... Para: ..."."""
    if not _FROM.match(lines[at].strip()):
        return False
    return sum(bool(_FIELD.match(line.strip())) for line in lines[at + 1 : at + 6]) >= 2


def _answers_inside(lines: list[str], at: int) -> bool:
    """Words between quoted lines: an answer point by point."""
    below = [line.strip() for line in lines[at : at + MAX_LINES] if line.strip()]
    quoted = [index for index, line in enumerate(below) if line.startswith(">")]
    if not quoted or quoted[0] > 0:
        return False
    own = [
        line for line in below[quoted[0] :] if not line.startswith(">") and not _SENT_FROM.match(line) and line != "--"
    ]
    return bool(own)


def _more_follows(lines: list[str], at: int) -> bool:
    """Words of the sender's own below a line that looks like the end of a mail."""
    for index in range(at, min(len(lines), at + 6)):
        line = lines[index].strip()
        if not line:
            continue
        return not (
            line.startswith(">")
            or _attribution(lines, index)
            or _LINE.match(line)
            or _ORIGINAL.match(line)
            or _heads(lines, index)
        )
    return False
