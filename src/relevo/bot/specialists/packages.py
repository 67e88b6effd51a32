"""Packages: what there is and what it costs; takes down that a customer wants one, to be paid to a person's eyes."""

from __future__ import annotations

from dataclasses import replace

from relevo.appointments.rules import Agenda, Package
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Option, Pending, Visit
from relevo.bot.rules.offers import too_much
from relevo.bot.rules.reading import consents, fold
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.trips import mentioned
from relevo.bot.rules.visiting import BuyPackage, buy_package
from relevo.bot.specialists import objections

INTENTS = frozenset({"consultar_paquetes", "pagar_servicio"})
_YES = frozenset({"quiero", "compro", "comprarlo", "comprar", "lo"})


def wants(scene: Scene) -> bool:
    if mentioned(scene) or objections.wants(scene):
        return False
    if scene.agenda is None:
        free = scene.dialogue.pending is Pending.NOTHING
        return free and scene.heard.intent == "consultar_paquetes" and not scene.heard.entities.check_in
    if scene.dialogue.pending is Pending.PACKAGE:
        return scene.says("afirmar", "negar", *INTENTS) or bool(scene.picked)
    if scene.picked and scene.picked.intent == "consultar_paquetes":
        return True
    if _named(scene.agenda, scene.heard.text):
        return True
    return scene.heard.intent == "consultar_paquetes" and not scene.heard.entities.check_in


def act(scene: Scene) -> Steps[Move]:
    agenda, dialogue = scene.agenda, scene.dialogue
    if agenda is None:
        return too_much(scene, dialogue, (Line("bot.no_appointments"),))
    if dialogue.pending is Pending.PACKAGE and not (scene.picked and scene.picked.code):
        return (yield from _decided(scene))
    chosen = _chosen(scene, agenda)
    if chosen is not None:
        return _ask(scene, chosen)
    if not agenda.packages:
        return Move(dialogue, (Line("bot.package.none"),), closes=True)
    lines = tuple(Line("bot.package.line", _words(scene, agenda, each)) for each in agenda.packages)
    options = tuple(Option(each.name, "consultar_paquetes", code=each.code) for each in agenda.packages)
    return Move(dialogue, lines, Ask("bot.ask.package", Expecting.MENU, options=options, patient=False))


def _chosen(scene: Scene, agenda: Agenda) -> Package | None:
    if scene.picked and scene.picked.code:
        return next((each for each in agenda.packages if each.code == scene.picked.code), None)
    return _named(agenda, scene.heard.text)


def _named(agenda: Agenda, text: str) -> Package | None:
    said = f" {fold(text)} "
    if " paquete" not in said and not any(f" {fold(each.name)} " in said for each in agenda.packages):
        return None
    return next((each for each in agenda.packages for word in each.words if f" {fold(word)} " in said), None)


def _words(scene: Scene, agenda: Agenda, package: Package) -> dict[str, object]:
    names = scene.texts.say("bot.and").join(agenda.service(code).name for code in package.services)
    return {"package": package.name, "services": names, "sessions": str(package.sessions), "price": package.price}


def _ask(scene: Scene, package: Package) -> Move:
    texts, agenda = scene.texts, scene.agenda
    assert agenda is not None
    dialogue = replace(scene.dialogue, visit=Visit(code=package.code), pending=Pending.PACKAGE)
    options = (Option(texts.say("bot.button.want_it"), "afirmar"), Option(texts.say("bot.button.not_now"), "negar"))
    ask = Ask("bot.ask.buy_package", Expecting.CONFIRMATION, {"package": package.name}, options, patient=False)
    return Move(dialogue, (Line("bot.package.line", _words(scene, agenda, package)),), ask)


def _decided(scene: Scene) -> Steps[Move]:
    visit = scene.dialogue.visit or Visit()
    dialogue = replace(scene.dialogue, visit=None, pending=Pending.NOTHING)
    yes = scene.picked.intent == "afirmar" if scene.picked else consents(scene.heard.text, _YES)
    if not yes or not visit.code:
        return Move(dialogue, (Line("bot.fine"),), closes=True)
    made = yield from buy_package(visit.code)
    bank = scene.business.bank
    words = {"package": made.name, "price": made.price, "code": made.code, "alias": bank.get("alias")}
    return Move(dialogue, (Line("bot.package.asked", words), Line("bot.receipt", {})), closes=True)


SPECIALIST = Specialist(
    "packages", Track.BUSINESS, "tell packages and take down who wants one", INTENTS, priority=72, wants=wants, act=act,
    alone=True,
    slots=("package",), tools=(BuyPackage,),
)  # fmt: skip
