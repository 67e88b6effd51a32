"""The templates that the loopback WhatsApp has approved: those that reminders use, one to take up a conversation again,
and one that is still waiting."""

from __future__ import annotations

from typing import Any

_BODIES = {
    "relevo_week_before": "Hola {{1}}: falta una semana para tu estadía en {{2}}, {{3}}. Tu código es {{4}}.",
    "relevo_day_before": "Hola {{1}}: te esperamos mañana en {{2}}, {{3}}. Tu código es {{4}}.",
    "relevo_arrival_day": "Hola {{1}}: hoy te recibimos en {{2}}, {{3}}. Tu código es {{4}}.",
    "relevo_feedback": "Hola {{1}}: gracias por haber estado en {{2}}, {{3}} ({{4}}). Del 1 al 5, ¿cómo fue?",
    "relevo_continue": "Hola {{1}}, seguimos con tu consulta. ¿Podemos ayudarte en algo más?",
    "aviso_equipo": "Aviso del hotel: {{1}}. {{2}} Más en {{3}} cuando puedas.",
    "relevo_receipt": "Hola {{1}}: recibimos la seña de tu reserva {{2}}. ¡Gracias!",
}


def approved(languages: tuple[str, ...] = ("es_AR", "es")) -> list[dict[str, Any]]:
    made = [
        _made(name, language, body, "APPROVED", number)
        for number, (name, body) in enumerate(_BODIES.items(), 1)
        for language in languages
    ]
    return [*made, _made("relevo_offer", languages[0], "Hola {{1}}: esta semana hay descuentos.", "PENDING", 99)]


def _made(name: str, language: str, body: str, status: str, number: int) -> dict[str, Any]:
    return {
        "id": str(10_000 + number), "name": name, "language": language, "status": status,
        "category": "MARKETING" if name == "relevo_offer" else "UTILITY",
        "components": [{"type": "BODY", "text": body}],
    }  # fmt: skip
