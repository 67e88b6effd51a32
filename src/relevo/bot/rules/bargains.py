"""Whether a yes hangs on something: an amount that was not told, a share off, a condition. Such a yes takes nothing.

Only reads; what was told is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from relevo.bot.rules.reading import agrees_at_all, fold, hesitates, orders, plain_yes
from relevo.kit.money import Money

_AMOUNT = re.compile(
    r"(?:\$|\bars\b|\busd\b)\s*(\d[\d.,]*)|\b(\d[\d.,]*)\s*(?:pesos|mil\b|lucas|dolares|usd|ars|euros|€)"
)
_SHARE = re.compile(r"\d+ ?%|\b\d+ por ?ciento\b|\bmitad de precio\b|\b(gratis|sin cargo|sin pagar|regalad[oa])\b")
_CONDITION = re.compile(
    r"\b(si|siempre que|solo si|con tal que?)\s+((me|nos|le|les|lo|la)\s+)?"
    r"(hac\w+|hic\w+|dan?|das|dej\w+|baj\w+|descuent\w+|rebaj\w+|regal\w+|mejor\w+|incluy\w+|consig\w+|aceptan|tienen|"
    r"tenes|hay|fuera|sale menos|cuesta menos|es gratis|llego|puedo|podemos|cobro)\b"
)
_SENTENCE = re.compile(r"[.;!\n]+|(?<=[?])|\s+y\s+(?:adem[aá]s\s+|tambi[eé]n\s+)?", re.IGNORECASE)


def bargains(text: str, told: Iterable[Money]) -> bool:
    """``si me hacés 50% reservo``, ``a $ 1.000 la tomo``. An amount that was ``told`` is no bargain."""
    said = " ".join(text.lower().split())
    if _SHARE.search(said) or _CONDITION.search(fold(text)):
        return True
    known = {str(money.amount // 100) for money in told}
    amounts = [re.sub(r"\D", "", found[1] or found[2]) for found in _AMOUNT.finditer(said)]
    return any(amount and amount not in known for amount in amounts)


def orders_apart(text: str) -> bool:
    """``sí, reservala. ¿Tienen internet?``: an order in a part of its own, and a question in another."""
    parts = [part for part in _SENTENCE.split(text) if any(map(str.isalnum, part))]
    asked = [at for at, part in enumerate(parts) if "?" in part]
    taken = [at for at, part in enumerate(parts) if _takes(part) or (asked and at > asked[0] and _agrees(part))]
    return bool(asked and taken) and len(asked) + len(taken) == len(parts)


def _takes(part: str) -> bool:
    return "?" not in part and orders(part) and not hesitates(part)


def _agrees(part: str) -> bool:
    """A yes after the question; before it ("bueno, ¿y cuánto sale?") it is only an opening."""
    return "?" not in part and agrees_at_all(part) and plain_yes(part) and not hesitates(part)
