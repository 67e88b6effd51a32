"""What a guest makes of the bot's words: reads the text and the buttons as they stand on the screen, nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
TYPES = {
    "simple": "simple", "doble": "doble", "triple": "triple", "suite con vista al río": "suite",
    "departamento familiar": "departamento",
}  # fmt: skip
"""The house's rooms by the names that it says."""
_DAY = rf"(?:(?:{'|'.join(WEEKDAYS)}) )?(\d{{1,2}})(?: de ({'|'.join(MONTHS)}))?(?: de (\d{{4}}))?"
_STAY = re.compile(rf"\bdel {_DAY} al {_DAY}", re.IGNORECASE)
_TYPE = re.compile("|".join(TYPES), re.IGNORECASE)
_PEOPLE = re.compile(r"(\d+) personas?(?: \((\d+) menor(?:es)?\))?")
_TOTAL = re.compile(r"total (?:de )?\$ ?([\d.]+)", re.IGNORECASE)
_CODE = re.compile(r"\bRL-[A-Z0-9]{5}\b")
_ASKS = {
    "dates": r"para qué fechas|qué días|qué día llegan|desde qué día|la fecha de llegada|otras fechas\?",
    "nights": r"cuántas noches|hasta qué día",
    "guests": r"cuántas personas",
    "offer": r"querés reservar\?|cuando me digas que sí|te la reservo\?|cambie tu reserva por esta",
    "which": r"cuál preferís|cuál de estas",
    "which_booking": r"cuál de tus reservas",
    "name": r"a nombre de quién|nombre del titular",
    "contact": r"qué teléfono o mail te anoto|un teléfono o (un )?mail(?! se)",
    "code": r"el código de la reserva\?|lo tenés a mano\?",
    "identity": r"con qué teléfono o mail se hizo|que quedó anotado",
    "release": r"¿cancelo la reserva",
    "change": r"¿hago el cambio",
    "what_change": r"qué cambio de la reserva|qué habitación o cuántas personas sería",
    "person": r"que te pase con una persona\?",
    "help": r"en qué te puedo ayudar|te ayudo con otra cosa|sobre qué querés saber",
    "menu": r"elegí una opción|quisiste decir",
    "visit_service": r"qué servicio te|cuál de estos servicios",
    "visit_day": r"qué día querés venir|qué día te queda|qué otro día",
    "visit_time": r"qué horario te queda|a cuál de estas horas",
    "cancel_visit": r"¿cancelo tu cita",
    "which_visit": r"cuál de tus citas",
}
_TELLS = {
    "held": r"te bloqueé|listo, cambiado|la tenés bloqueada|ya tenés bloqueada",
    "summary": r"queda así:|queda a nombre de",
    "handed": r"te paso con (una persona|el equipo)|ya le avisé a una persona|una persona sigue|te comunico con",
    "confused": r"no te entendí|con eso no te puedo ayudar|ese dato no lo tengo|no te estoy entendiendo",
    "changed": r"cambié la reserva|anoté el cambio|listo, cambiado",
    "cancelled": r"cancelé la reserva|no queda nada reservado",
    "kept": r"queda como estaba",
    "receipt": r"recibí (el comprobante|el archivo|tu archivo)|tengo tu comprobante|verifica el pago",
    "expired": r"venció a las",
    "full": r"no me queda|se acaba de ocupar",
    "unknown": r"no encuentro ninguna reserva",
    "state": r"está bloqueada hasta|está confirmada|se está confirmando|guardada hasta|te guardo la reserva",
    "voucher": r"voucher",
    "visit_booked": r"te anoté:",
    "visit_gone": r"cancelé tu cita",
    "bye": r"que tengas un lindo día",
    "later": r"sin apuro|no reservo nada",
    "too_many": r"entran hasta|de a una habitación",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A room as it was told: what is not said of it is None."""

    room: str | None = None
    check_in: date | None = None
    check_out: date | None = None
    guests: int | None = None
    children: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    text: str
    buttons: tuple[str, ...] = ()
    asks: frozenset[str] = frozenset()
    tells: frozenset[str] = frozenset()
    said: Said = field(default_factory=Said)
    code: str | None = None

    def numbered(self) -> tuple[str, ...]:
        """The options of a numbered list, in order."""
        return tuple(found[1] for found in re.finditer(r"(?m)^\d\) (.+)$", self.text))


def hear(texts: Sequence[str], buttons: tuple[str, ...], today: date) -> Heard:
    """``texts``: everything said since the guest spoke; the last one asks."""
    text = "\n".join(texts)
    low, last = text.lower(), texts[-1].lower() if texts else ""
    asks = frozenset(name for name, pattern in _ASKS.items() if re.search(pattern, last))
    tells = frozenset(name for name, pattern in _TELLS.items() if re.search(pattern, low))
    return Heard(text, buttons, asks, tells, told(_told_part(text), today), _code(text))


def told(text: str, today: date) -> Said:
    """The first stay, room, party and total in a text."""
    stay, kind, party, total = (each.search(text) for each in (_STAY, _TYPE, _PEOPLE, _TOTAL))
    check_in, check_out = _days(stay, today) if stay else (None, None)
    return Said(
        TYPES[kind[0].lower()] if kind else None,
        check_in,
        check_out,
        int(party[1]) if party else None,
        int(party[2] or 0) if party else 0,
        int(total[1].rstrip(".").replace(".", "")) if total else None,
    )


def _told_part(text: str) -> str:
    """The sentence that offers: what comes before it may be about other rooms."""
    lines = [line for line in text.split("\n") if _STAY.search(line) and (_TOTAL.search(line) or "bloque" in line)]
    return lines[0] if lines else text


def _code(text: str) -> str | None:
    found = _CODE.search(text)
    return found[0] if found else None


def _days(found: re.Match[str], today: date) -> tuple[date, date]:
    day, month, year, last_day, last_month, last_year = found.groups()
    until = _date(int(last_day), last_month, last_year, today)
    since = _date(int(day), month or MONTHS[until.month - 1], year or (None if month else str(until.year)), today)
    return since, until


def _date(day: int, month: str | None, year: str | None, today: date) -> date:
    number = MONTHS.index(month.lower()) + 1 if month else today.month
    in_year = int(year) if year else today.year + (number < today.month)
    return date(in_year, number, day)
