from __future__ import annotations

from datetime import time

import pytest

from relevo.appointments.rules import Part
from relevo.bot.rules.hours import said_hours, said_part


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("mañana a las 5", ["05:00", "17:00"]),
        ("a las 5 de la tarde", ["17:00"]),
        ("a las cinco y media", ["05:30", "17:30"]),
        ("a las 11 de la mañana", ["11:00"]),
        ("tipo las 6 menos cuarto", ["05:45", "17:45"]),
        ("15:30", ["15:30"]),
        ("el jueves a las 15.30", ["15:30"]),
        ("a las 18hs", ["18:00"]),
        ("5pm", ["17:00"]),
        ("a las 9 am", ["09:00"]),
        ("10:15 hs", ["10:15"]),
        ("a la una", ["01:00", "13:00"]),
        ("al mediodía", ["12:00"]),
        ("a las 12", ["12:00"]),
        ("a las 20", ["20:00"]),
        ("el 12 de diciembre", []),
        ("somos 2 personas", []),
        ("el 5/12", []),
        ("cuesta $ 10.30", []),
        ("del 12 al 15", []),
        ("hola", []),
    ],
)
def test_hours(said: str, hours: list[str]) -> None:
    assert said_hours(said) == tuple(time.fromisoformat(hour) for hour in hours)


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("el jueves a la tarde", Part.AFTERNOON),
        ("por la mañana", Part.MORNING),
        ("mañana temprano", Part.MORNING),
        ("a la noche", Part.EVENING),
        ("mañana", None),
        ("pasado mañana a la mañana", Part.MORNING),
    ],
)
def test_parts(said: str, part: Part | None) -> None:
    assert said_part(said) is part
