"""Which kind of room, and how many, a message names; a code of the business where its names say so.

A kind the business does not have is given by the guest's own word in one form (``matrimonial``, ``cuadruple``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from relevo.adapters.understanding.spanish.words import Token, fold
from relevo.bot.ports import RoomTypeName

_KINDS = {
    "simple": ("simple", "simples", "individual", "individuales", "single", "singles", "sencilla", "sencillas",
        "sencillo", "sencillos", "sgl", "monoplaza", "singel", "unipersonal",),
    "doble": ("doble", "dobles", "dbl", "double", "dobl", "dbles", "dobbe", "bipersonal"),
    "matrimonial": ("matrimonial", "matrimoniales", "matrimonio", "matri", "matrim", "matrimoñal", "matrimonail"),
    "twin": ("twin", "twins", "tuin"), "triple": ("triple", "triples", "tpl", "triplee", "tripl"),
    "cuadruple": ("cuadruple", "cuadruples", "quad", "cuad", "cuadrupe", "cuatruple"),
    "quintuple": ("quintuple", "quintuples"), "suite": ("suite", "suites", "suit", "suits", "swite", "suitte"),
    "departamento": ("departamento", "departamentos", "depto", "deptos", "dpto", "dptos", "depa", "depas", "apto",
        "aptos", "apartamento", "apartamentos", "apart", "monoambiente", "departamentito", "apartaestudio",),
    "familiar": ("familiar", "familiares"), "king": ("king", "kingsize"), "queen": ("queen", "queensize"),
    "cabana": ("cabana", "cabanas", "cabanita"), "bungalow": ("bungalow", "bungalows", "bungalo"),
    "superior": ("superior", "superiores"), "estandar": ("estandar", "standard", "estandard"),
    "deluxe": ("deluxe", "luxe"), "loft": ("loft",),
}  # fmt: skip
_INSTEAD = {
    "matrimonial": ("doble",), "twin": ("doble",), "king": ("matrimonial", "doble"),
    "queen": ("matrimonial", "doble"), "familiar": ("departamento", "cuadruple"), "cabana": ("bungalow",),
    "bungalow": ("cabana",), "loft": ("departamento",), "cuadruple": ("familiar", "departamento"),
    "quintuple": ("familiar", "departamento"),
}  # fmt: skip
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words}
_WEAK = {"superior", "estandar", "deluxe", "king", "queen", "familiar"}
"""Adjectives: another kind in the same breath says more."""
_NEEDS_ROOM = {"superior", "estandar", "familiar", "deluxe"}
_ROOM = {
    "habitacion", "habitaciones", "cuarto", "cuartos", "una", "la", "hab", "suite", "departamento", "pieza",
    "recamara", "doble", "triple", "tipo", "cama", "otra", "las",
}  # fmt: skip
_NOT_AFTER = {
    "simple": {"es", "muy", "algo", "mas", "pregunta", "consulta", "tan", "facil", "cama", "camas", "cosa"},
    "doble": {"el", "cobraron", "cobro", "cobrado", "pago", "lo", "cobraban", "cama", "vidrio", "pague"},
    "triple": {"el"},
    "familiar": {"problema", "asunto", "tema", "emergencia", "grupo", "urgencia", "motivo", "cuestion",
        "situacion", "viaje", "un", "imprevisto", "evento", "reunion", "fallecimiento", "ambiente", "plan",
        "hotel",},
}  # fmt: skip
_COUNTABLE = {
    "habitacion", "habitaciones", "dobles", "triples", "simples", "suites", "departamentos", "deptos", "matrimoniales",
    "cuartos", "cabanas", "singles", "twins", "individuales", "sencillas", "recamaras", "apartamentos", "cuadruples",
}  # fmt: skip
_BIG_BED = {"matrimonial", "grande", "doble", "queen", "king"}
_ONE_BED = {"individual", "simple", "sencilla", "chica", "una"}


@dataclass(slots=True)
class Rooms:
    kind: str | None = None
    rooms: int | None = None
    readings: tuple[str, ...] = ()
    """Kinds offered as alternatives (``doble o triple``)."""
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Said:
    kind: str
    at: int
    span: tuple[int, int]


def read_rooms(tokens: list[Token], types: tuple[RoomTypeName, ...]) -> Rooms:
    found, said = Rooms(), _named(tokens, types)
    said = said or _kinds(tokens)
    found.rooms = _how_many(tokens)
    said = [each for each in said if not _refused(tokens, each.at)] or said
    kinds = list(dict.fromkeys(each.kind for each in said))
    if not kinds:
        return found
    strong = [each for each in said if each.kind not in _WEAK] or said
    chosen = strong[0]
    specific = next((each for each in strong if each.kind in ("matrimonial", "twin")), None)
    if specific is not None and all(each.kind in ("doble", specific.kind) for each in strong):
        chosen = specific
    elif len({each.kind for each in strong}) > 1:
        last = strong[-1]
        between = {token.word for token in tokens[strong[-2].at + 1 : last.at]}
        if {"o", "u"} & between:
            found.readings = tuple(dict.fromkeys(code_of(each.kind, types) for each in strong))[:2]
        elif between & {
            "por",
            "mejor",
            "prefiero",
            "necesito",
            "quiero",
            "cambiar",
            "sino",
            "no",
            "a",
            "perdon",
            "digo",
        }:
            chosen = last
    found.kind = code_of(chosen.kind, types)
    found.spans = [chosen.span]
    if len(found.readings) < 2:
        found.readings = ()
    return found


def code_of(kind: str, types: tuple[RoomTypeName, ...]) -> str:
    """The business's code for a kind of room, or the kind itself."""
    codes = {each.code for each in types}
    if kind in codes:
        return kind
    for candidate in (kind, *_INSTEAD.get(kind, ())):
        words = _KINDS.get(candidate, (candidate,))
        for each in types:
            named = {fold(name) for name in (each.code, *each.names)}
            if candidate in named or named & set(words):
                return each.code
        for each in types:
            if any(candidate in fold(name).split() for name in each.names):
                return each.code
    return kind


def _named(tokens: list[Token], types: tuple[RoomTypeName, ...]) -> list[_Said]:
    """Names of several words that only this business uses (``suite con vista al rio``)."""
    words = [token.word for token in tokens]
    said = []
    for each in types:
        for name in each.names:
            wanted = fold(name).split()
            if len(wanted) < 2 or wanted[0] == "para":
                continue
            for at in range(len(words) - len(wanted) + 1):
                if words[at : at + len(wanted)] == wanted:
                    said.append(_Said(each.code, at, (tokens[at].start, tokens[at + len(wanted) - 1].end)))
                    break
    return sorted(said, key=lambda each: each.at)


def _kinds(tokens: list[Token]) -> list[_Said]:
    said: list[_Said] = []
    for at, token in enumerate(tokens):
        word = token.word
        before, after = (tokens[at - 1].word if at else ""), [t.word for t in tokens[at + 1 : at + 5]]
        if word in ("cama", "camas"):
            kind = _bed(tokens, at, before, after)
            if kind:
                said.append(_Said(kind, at, (token.start, token.end)))
            continue
        kind = _BY_WORD.get(word)
        if kind is None or before in _NOT_AFTER.get(kind, ()):
            continue
        if word == "matrimonio" and not (
            before == "de" and at > 1 and tokens[at - 2].word in _ROOM | {"doble", "camas"}
        ):
            continue
        if kind in _NEEDS_ROOM and before not in _ROOM and word not in ("familiares",):
            continue
        if before in ("camas", "cama") or (kind == "doble" and after[:1] == ["turno"]):
            continue
        said.append(_Said(kind, at, (token.start, token.end)))
    return said


def _bed(tokens: list[Token], at: int, before: str, after: list[str]) -> str | None:
    plural = tokens[at].word == "camas"
    number = tokens[at - 1].number if at else None
    if plural and (
        number == 2 or (number is None and {"separadas", "individuales", "gemelas", "simples"} & set(after[:2]))
    ):
        return "matrimonial" if after[:1] in (["matrimoniales"], ["dobles"], ["grandes"]) else "twin"
    if plural and number == 3:
        return "triple"
    if not plural and after and after[0] in ("king", "queen"):
        return after[0]
    if not plural and (
        set(after[:1]) & _BIG_BED or after[:2] == ["de", "matrimonio"] or after[:3] == ["de", "2", "plazas"]
    ):
        return "matrimonial"
    if not plural and set(after[:1]) & _ONE_BED and before in ("1", "una", "con", "sola"):
        return "simple"
    return None


def _refused(tokens: list[Token], at: int) -> bool:
    """``en vez de la doble``, ``no quiero la suite``."""
    back = [token.word for token in tokens[max(at - 4, 0) : at]]
    for step in range(len(back) - 1):
        if back[step] == "en" and back[step + 1] in ("vez", "lugar"):
            return True
    while {",", ".", ";"} & set(back):
        back = back[1:]
    return "no" in back and not {"hay", "tienen", "si"} & set(back)


def _how_many(tokens: list[Token]) -> int | None:
    for at, token in enumerate(tokens):
        if token.number is None or not 0 < token.number <= 60:
            continue
        after = [each.word for each in tokens[at + 1 : at + 3]]
        before = tokens[at - 1].word if at else ""
        if after[:1] and after[0] in _COUNTABLE and before not in ("habitacion", "numero", "de", "nro"):
            return token.number
    return None
