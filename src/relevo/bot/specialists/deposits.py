"""Deposits: how to pay, where to send the receipt, and that staff confirms it. Never says that money arrived."""

from __future__ import annotations

from relevo.bot.rules.steps import Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.wording import booking_words

INTENTS = frozenset({"enviar_comprobante", "pagar_servicio"})


def wants(scene: Scene) -> bool:
    return scene.says(*INTENTS)


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    hold = scene.hold
    if scene.says("enviar_comprobante"):
        lines = [Line("bot.receipt")]
        if hold:
            lines.append(Line("bot.receipt_until", booking_words(scene, hold)))
    elif hold:
        lines = [Line("bot.deposit", booking_words(scene, hold))]
    else:
        lines = [Line("bot.how_to_pay", {"percent": str(scene.business.deposit_percent)})]
    return Move(scene.dialogue, tuple(lines))


SPECIALIST = Specialist(
    "deposits", Track.BUSINESS, "explain the deposit and take the receipt", INTENTS, priority=45, wants=wants, act=act
)
