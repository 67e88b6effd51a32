"""How many come, and how many of them are children. ``guests`` counts everybody, babies included."""

from __future__ import annotations

from dataclasses import dataclass

from relevo.adapters.understanding.spanish.words import Token

_CHILDREN = {
    "nino", "ninos", "nina", "ninas", "nene", "nenes", "nena", "nenas", "chico", "chicos", "chica", "chicas", "menor",
    "menores", "hijo", "hijos", "hija", "hijas", "bebe", "bebes", "beba", "bebas", "criatura", "criaturas", "peque",
    "peques", "pequeno", "pequenos", "nieto", "nietos", "nieta", "nietas", "infante", "infantes", "chiquito",
    "chiquitos",    "chiquita", "nenito", "bebito", "crios", "crio", "chamaco", "chamacos", "guagua",
    "guaguas", "sobrinito", "chavos",
}  # fmt: skip
_ADULTS = {"adulto", "adultos", "adulta", "adultas", "grande", "grandes", "mayor", "mayores"}
_ANYBODY = {
    "persona", "personas", "pax", "huesped", "huespedes", "pasajero", "pasajeros", "plazas", "viajeros", "amigos",
    "amigas", "integrantes", "hermanos", "hermanas", "companeros", "companeras", "colegas", "mujeres", "hombres",
    "plaza", "ocupantes", "invitados", "primos", "primas",
}  # fmt: skip
_RELATIVES = {
    "senora", "esposa", "esposo", "mujer", "marido", "novio", "novia", "pareja", "mama", "papa", "madre", "padre",
    "hermano", "hermana", "amigo", "amiga", "suegra", "suegro", "abuela", "abuelo", "companero", "companera", "tia",
    "tio", "prima", "primo", "cunado", "cunada", "vieja", "viejo", "jefe", "jefa", "socio", "socia", "polola",
    "pololo",
}  # fmt: skip
_COUPLES = {"pareja": 2, "parejas": 2, "matrimonio": 2, "matrimonios": 2}
_ARE = {
    "somos", "seremos", "seriamos", "vamos", "iriamos", "viajamos", "vendriamos", "estariamos", "venimos",
    "quedamos", "entramos", "entran", "son", "viajan", "total",
}  # fmt: skip
_UNITS = {
    "noche", "noches", "dia", "dias", "semana", "semanas", "habitacion", "habitaciones", "mes", "meses",
    "horas", "hs",
    "de", "cama", "camas", "h", "anos", "al", "/", "-", "dobles", "simples", "triples", "mascotas", "perros", "autos",
    "perro", "gato", "auto", "cocheras", "valijas", "departamentos", "suites",
}  # fmt: skip
_ALONE = {"solo", "sola", "solito", "solita"}
MOST = 30


@dataclass(frozen=True, slots=True)
class Party:
    guests: int | None = None
    adults: int | None = None
    children: int | None = None


def read_party(tokens: list[Token], *, taken: list[tuple[int, int]], asked: bool = False) -> Party:
    """Read the party. ``taken``: token ranges that are dates; ``asked``: the bot has just asked how many."""
    words = [token.word for token in tokens]
    free = [not any(start <= at < end for start, end in taken) for at in range(len(tokens))]
    children = _sum(tokens, words, free, _CHILDREN) + _unnumbered(words, free)
    adults = _sum(tokens, words, free, _ADULTS)
    total, joined = _total(tokens, words, free)
    couples = _couples(tokens, words, free)
    relatives, speaker = _relatives(words, free)
    if adults == 0 and (relatives or couples):
        adults = couples + relatives + (1 if relatives and speaker else 0)
    elif adults == 0 and children and speaker and total is None:
        adults = 1
    if total is not None and children and joined and not adults:
        total += children
    if total is None and (adults or children):
        # Children alone do not travel; how many adults come still has to be asked.
        total = adults + children if adults else None
        if total is None:
            return Party(None, None, children)
    if total is None and any(word in _ALONE for word in words) and "para" not in words[-1:]:
        total = 1
    if total is None and asked:
        numbers = [token.number for at, token in enumerate(tokens) if token.number and free[at]]
        loose = [
            number for at, number in _loose(tokens, free) if words[at + 1 : at + 2] not in ([unit] for unit in _UNITS)
        ]
        total = loose[0] if len(loose) == 1 and len(numbers) == 1 else None
    if total is None or not 1 <= total <= MOST:
        return Party()
    total = max(total, adults + children)
    if children:
        return Party(total, total - children, children)
    return Party(total, adults or None, None)


def _loose(tokens: list[Token], free: list[bool]) -> list[tuple[int, int]]:
    return [(at, token.number) for at, token in enumerate(tokens) if token.number is not None and free[at]]


def _sum(tokens: list[Token], words: list[str], free: list[bool], kinds: set[str]) -> int:
    """``2 adultos``, ``un bebé``, ``mis 2 hijos``."""
    count = 0
    for at, word in enumerate(words):
        if (
            word not in kinds
            or at == 0
            or word in ("mayor", "menor", "grande")
            and words[at - 1] not in ("1", "un", "otro")
        ):
            continue
        number = tokens[at - 1].number
        if number is not None and number <= 20 and free[at - 1]:
            count += number
    return count


def _unnumbered(words: list[str], free: list[bool]) -> int:
    """``mi hijo``, ``el bebé``: one; ``otro nene``: one."""
    singular = {word for word in _CHILDREN if not word.endswith("s")} - {"menor"}
    return sum(
        1
        for at, word in enumerate(words)
        if at
        and word in singular
        and words[at - 1] in ("mi", "el", "la", "otro", "otra", "nuestro", "nuestra")
        and free[at]
    )


def _total(tokens: list[Token], words: list[str], free: list[bool]) -> tuple[int | None, bool]:
    """``somos 4``, ``para dos``, ``3 pax``, ``familia de 5``; and whether children come on top."""
    for at, token in enumerate(tokens):
        number = token.number
        if number is None or not free[at] or not 1 <= number <= MOST:
            continue
        before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
        second = words[at + 2] if at + 2 < len(words) else ""
        grouped = before == "de" and at > 1 and words[at - 2] in ("familia", "grupo", "total", "contingente", "reserva")
        if after in _ANYBODY or grouped or (after in ("o", "a") and before in _ARE):
            return number, second in ("y", "mas", "con", "+") or (grouped and after in ("y", "mas", "con", "+"))
        stops = after not in _UNITS and after not in _CHILDREN and after not in _ADULTS
        stops = stops and after not in ("parejas", "pareja", "matrimonios", "matrimonio")
        if stops and (before in _ARE or (before in ("para", "entre", "por") and _ends(words, at))):
            return number, after in ("y", "mas", "con", "+")
    return None, False


def _ends(words: list[str], at: int) -> bool:
    """``para dos`` may be followed by anything but something that is counted."""
    after = words[at + 1] if at + 1 < len(words) else ""
    return after not in _UNITS and not after.isdigit()


def _couples(tokens: list[Token], words: list[str], free: list[bool]) -> int:
    for at, word in enumerate(words):
        if word in _COUPLES and free[at] and (at == 0 or words[at - 1] not in ("mi", "cama", "su", "tu")):
            number = tokens[at - 1].number if at else None
            return 2 * (number or 1)
    return 0


def _relatives(words: list[str], free: list[bool]) -> tuple[int, bool]:
    """``mi señora y yo``, ``con mi marido``: relatives named, and whether the speaker comes too (as a rule, yes)."""
    named = sum(
        1
        for at, word in enumerate(words)
        if at
        and word in _RELATIVES
        and words[at - 1] in ("mi", "nuestro", "nuestra", "un", "una", "1")
        and not (word in _COUPLES and words[at - 1] != "mi")
        and free[at]
    )
    gift = any(
        words[at : at + 2] == ["para", "mi"] and words[at + 2 : at + 3] not in (["y"], ["solo"])
        for at in range(len(words))
    )
    speaker = "yo" in words or "con" in words or "vamos" in words or not (gift and named)
    return named, speaker
