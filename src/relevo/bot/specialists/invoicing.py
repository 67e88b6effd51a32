"""The data of an invoice: tax number with its check digit, name, and which kind; kept with the booking for the staff.

It asks for nothing else, issues nothing, and does not say that a number is registered anywhere.
"""

from __future__ import annotations

import re
from dataclasses import replace

from relevo.bot.ports import Expecting
from relevo.bot.rules import forms
from relevo.bot.rules.asking import AskHouse
from relevo.bot.rules.dialogue import Dialogue, Form
from relevo.bot.rules.forms import Sheet, Slot
from relevo.bot.rules.reading import fold
from relevo.bot.rules.steps import Ask, FindOwn, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.taxes import TaxId, read_asked_tax_id, read_tax_id
from relevo.bot.rules.wording import fact_line
from relevo.bot.specialists.reservations import missing_guest
from relevo.desk.rules import RequestKind

TOPIC = "facturacion"
_WISH = re.compile(
    r"\b(necesit\w+|quier\w+|queremos|quisier\w+|precis\w+|hac(e|en|eme|ela|ala|er)me|hac(eme|er|e|en) (la|una)|"
    r"mand\w+|emit(ir|an|ime|ila|eme)|pas\w+|datos (de|para) (la )?|anot\w+)\b.{0,25}\b(factura\w*|facturen)\b"
    r"|\bfactur(en|enme|ame|alo|ala|emela|eme)\b|\bfactura a nombre de\b"
)
_OLD = re.compile(r"\b((mis|las) facturas|facturas? (viejas?|anterior(es)?|de 20\d\d)|pagar (la|mi) factura)\b")
_ASKS = re.compile(r"\b(hacen|emiten|dan|tienen|pueden|se puede|la hacen|cuando|como|que necesit\w+)\b")
_LETTER = re.compile(r"\bfactura\s+(?:tipo\s+)?([abc])\b(?! (?:nombre|la|mi|el))|^\W*(?:la\s+|tipo\s+)?([abc])\W*$")
_A, _B = re.compile(r"\bresponsable inscript\w|\bres(p|ponsable) insc"), re.compile(r"\bconsumidor final\b")
_COMPANY = re.compile(
    r"(?:raz[oó]n social|a nombre de|empresa|nombre)\s*(?:es|:)?\s+(.{2,80}?)\s*"
    r"(?:[,;\n]|\.\s|\.?$|\b(?:cuit|cuil|rfc|nif|cif|rut|nit|ruc|factura)\b)",
    re.IGNORECASE,
)


def _country(scene: Scene) -> str:
    return scene.business.locale.replace("-", "_").rpartition("_")[2].upper()


def _heard(scene: Scene) -> TaxId | None:
    read = read_asked_tax_id if forms.asked(scene, SHEET) == "tax_id" else read_tax_id
    return read(scene.heard.text, _country(scene))


def _tax_id(scene: Scene, _asked: bool) -> str | None:
    found = _heard(scene)
    return f"{found.kind} {found.number}" if found and found.valid else None


def _name(scene: Scene, asked: bool) -> str | None:
    if found := _COMPANY.search(scene.heard.text):
        return found[1].strip(" .")
    if not asked:
        return None
    return forms.in_own_words(scene, asked) if _heard(scene) is None else None


def _letter(scene: Scene, asked: bool) -> str | None:
    if _country(scene) != "AR":
        return None
    said = fold(scene.heard.text)
    found = _LETTER.search(said) if asked or "factura" in said else None
    if found:
        return (found[1] or found[2]).upper()
    return "A" if _A.search(said) else "B" if _B.search(said) else None


_SLOTS = (Slot("tax_id", _tax_id), Slot("name", _name), Slot("email", lambda scene, _: scene.heard.entities.email,
                                                              optional=True))  # fmt: skip
SHEET = Sheet(RequestKind.INVOICING, (*_SLOTS, Slot("letter", _letter, optional=True)), frozenset({TOPIC}), once=True)
_WITH_LETTER = replace(SHEET, slots=(*_SLOTS, Slot("letter", _letter)))
"""Where invoices are of two kinds, which one is asked."""


def wants(scene: Scene) -> bool:
    if forms.under_way(scene, SHEET) or (forms.asked(scene, SHEET) == "tax_id" and _heard(scene) is not None):
        return True
    return not scene.picked and starts(scene)


def starts(scene: Scene) -> bool:
    said = fold(scene.heard.text)
    if read_tax_id(scene.heard.text, _country(scene)) is not None:
        return True
    if scene.says("consultar_historial", "pagar_servicio", "queja") or _OLD.search(said):
        return False
    return _WISH.search(said) is not None and "?" not in scene.heard.text and _ASKS.search(said) is None


def act(scene: Scene) -> Steps[Move]:
    scene = replace(scene, dialogue=_no_telephone(scene))
    sheet = _WITH_LETTER if _country(scene) == "AR" else SHEET
    found = _heard(scene) if not scene.picked else None
    if found is not None and not found.valid:
        form = scene.dialogue.form if forms.opened(scene, SHEET) else None
        dialogue = replace(scene.dialogue, form=form or Form(SHEET.kind))
        wrong = Line("bot.invoice.wrong", {"kind": found.kind.value})
        return Move(dialogue, (wrong,), Ask(SHEET.key("tax_id"), Expecting.DETAIL))
    then = missing_guest(scene, scene.hold) if scene.hold else None
    if forms.opened(scene, SHEET) is not None:
        return (yield from forms.go(scene, sheet, then=then))
    if forms.later(scene) and found is None:
        topic = scene.knowledge.topics.get(TOPIC)
        lines = (fact_line(topic),) if topic else ()
        return Move(scene.dialogue, (*lines, Line("bot.request.later")))
    return (yield from forms.go(scene, sheet, then=then))


def _no_telephone(scene: Scene) -> Dialogue:
    """Eleven digits look like a telephone to whoever does not know that they are a tax number."""
    found, guest = _heard(scene), scene.dialogue.guest
    digits = re.sub(r"\D", "", found.number) if found else ""
    if digits and guest.phone and (digits in guest.phone or guest.phone.lstrip("+")[-10:] in digits):
        return replace(scene.dialogue, guest=replace(guest, phone=scene.guest.phone))
    return scene.dialogue


SPECIALIST = Specialist(
    "invoicing", Track.BUSINESS, "take down the data of an invoice", frozenset(), priority=85, wants=wants, act=act,
    alone=True, slots=tuple(slot.name for slot in SHEET.slots), tools=(AskHouse, FindOwn), knows=wants,
)  # fmt: skip
