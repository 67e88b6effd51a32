"""Objections and campaigns: "muy caro", "lo pienso", "vi más barato en...", "me llegó una promo".

It answers with the house's own arguments and tells of campaigns that are on, word for word. It grants no discount and
knows none that nobody wrote down, and presses nobody: what it offers is to keep the room for a while.
"""

from __future__ import annotations

import re
from dataclasses import replace

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Dialogue, Option, Pending, names_stay
from relevo.bot.rules.objections import Argument, Campaign, Objection, objection_in
from relevo.bot.rules.reading import fold
from relevo.bot.rules.stays import PUT_OFF, accepts, changed, wavers
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.wording import booking_words

_PROMO = re.compile(
    r"\b(promo\w*|campana\w*|ofertas?|cupon\w*|codigo de descuento|codigo promocional|voucher de descuento|"
    r"black friday|hot ?sale|cyber ?monday|2x1|dos por uno)\b"
)
_OPEN = (Pending.NOTHING, Pending.HOLD)


def wants(scene: Scene) -> bool:
    if scene.picked or scene.dialogue.pending not in _OPEN or accepts(scene):
        return False
    if asks_campaign(scene.heard.text):
        return not scene.says("cancel_reservation", "queja")
    if wavers(scene):
        return True
    why = objection_in(scene.heard.text)
    if why is None or scene.says("cancel_reservation", "modify_reservation", "queja"):
        return False
    if why is Objection.DELAY:
        # "mañana te paso el comprobante" hesitates about nothing.
        return scene.dialogue.pending is Pending.HOLD and not scene.says("enviar_comprobante")
    return True


def knows(scene: Scene) -> bool:
    return wants(scene) and (asks_campaign(scene.heard.text) or objection_in(scene.heard.text) is not None)


def asks_campaign(text: str) -> bool:
    return _PROMO.search(fold(text)) is not None


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    if asks_campaign(scene.heard.text):
        return _campaigns(scene)
    why = objection_in(scene.heard.text) or Objection.DELAY
    argument, dialogue = _argument(scene, why)
    lines = [Line("bot.fact", {"text": argument.text})] if argument else []
    if names_stay(scene.heard.entities) and changed(scene):
        # What they want instead is looked for by somebody else, who has the last word.
        return Move(dialogue, tuple(lines))
    if scene.hold is not None:
        return Move(dialogue, (*lines, Line("trade.objection.kept", booking_words(scene, scene.hold))), closes=True)
    if scene.dialogue.pending is Pending.HOLD:
        if why is Objection.DELAY:
            lines.insert(0, Line("bot.no_rush"))
        return Move(dialogue, tuple(lines), _keep(scene))
    if not lines:
        lines = [Line("trade.objection.listen")]
    if why is Objection.PRICE and not scene.dialogue.draft.has_dates:
        lines.append(Line("trade.objection.no_discount"))
    return Move(dialogue, tuple(lines))


def _keep(scene: Scene) -> Ask:
    texts = scene.texts
    options = (
        Option(texts.say("bot.button.book"), "afirmar"),
        Option(texts.say("bot.button.other_dates"), "modify_reservation", clears_dates=True),
        Option(texts.say("bot.button.not_now"), "negar"),
    )
    words = {"minutes": str(scene.business.hold_minutes)}
    return Ask(PUT_OFF, Expecting.CONFIRMATION, words, options, patient=False)


def _argument(scene: Scene, why: Objection) -> tuple[Argument | None, Dialogue]:
    """The next one whose ground is there; each is used once in a conversation."""
    used = scene.dialogue.argued
    for number, each in enumerate(scene.arguments):
        stands = each.objection is why and all(key in scene.knowledge.topics for key in each.about)
        if stands and number not in used:
            return each, replace(scene.dialogue, argued=(*used, number))
    return None, scene.dialogue


def _campaigns(scene: Scene) -> Move:
    said = f" {fold(scene.heard.text)} "
    on = [each for each in scene.campaigns if each.is_on(scene.today)]
    named = [each for each in scene.campaigns if _is_named(each, said)]
    over = [each for each in named if not each.is_on(scene.today)]
    lines: list[Line] = []
    if over and not any(each in on for each in named):
        lines.append(Line("trade.campaign.over", {"name": over[0].name}))
    told = [each for each in named if each in on] or on
    if told:
        lines += [Line("bot.fact", {"text": each.text}) for each in told[:3]]
        lines.append(Line("trade.campaign.until", {"day": scene.texts.day(min(each.until for each in told[:3]))}))
    else:
        lines.append(Line("trade.campaign.none"))
    person = Option(scene.texts.say("bot.button.person"), "hablar_con_humano")
    lines.append(Line("trade.campaign.applies"))
    if scene.dialogue.question or scene.dialogue.pending is Pending.HOLD:
        return Move(scene.dialogue, tuple(lines))
    return Move(
        scene.dialogue, tuple(lines), Ask("bot.ask.anything_else", Expecting.NOTHING, options=(person,), patient=False)
    )


def _is_named(campaign: Campaign, said: str) -> bool:
    return any(f" {word} " in said for word in (*campaign.words, fold(campaign.name)))


SPECIALIST = Specialist(
    "objections", Track.BUSINESS, "answer doubts with the house's own arguments and campaigns", frozenset(),
    priority=55, wants=wants, act=act, knows=knows,
)  # fmt: skip
