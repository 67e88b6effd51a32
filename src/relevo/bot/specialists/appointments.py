"""Appointments and what goes with them, where the business takes none: says so kindly and offers a person."""

from __future__ import annotations

from relevo.bot.rules.dialogue import names_stay
from relevo.bot.rules.offers import too_much
from relevo.bot.rules.steps import Line, Move, Scene, Specialist, Steps, Track

INTENTS = frozenset({"agendar_cita", "cancelar_cita", "consultar_paquetes", "consultar_historial", "actualizar_perfil"})


def wants(scene: Scene) -> bool:
    said = scene.heard.entities
    return scene.heard.intent in INTENTS and not names_stay(said) and not said.topics


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    return too_much(scene, scene.dialogue, (Line("bot.no_appointments"),))


SPECIALIST = Specialist(
    "appointments", Track.OPERATIONS, "decline appointments", INTENTS, priority=20, wants=wants, act=act, alone=True
)
