"""Simulated guests against the real stack. A wrong booking and an invented fact are forgiven to none of them; of a
persona's seeds all but one have to get what they came for. ``make bench-guests`` measures the share over a thousand.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from relevo.adapters.understanding.embedded import Embedded
from tests.flows.scenarios.audience import fresh_world, visit
from tests.flows.scenarios.simulated import Persona, personas

SEEDS = (1, 2, 3)
FORGIVEN = 1
SIMPLE_TURNS = 12
"""A guest who wants a room and nothing else needs no more."""


@pytest.mark.parametrize("persona", personas(), ids=lambda persona: persona.name)
async def test_simulated_guest(persona: Persona, engine: Embedded, empty_house: Path) -> None:
    failed = []
    for seed in SEEDS:
        async with fresh_world(engine, empty_house) as world:
            grade = await visit(world, persona, seed)
        told = f"seed {seed}\n{grade.transcript}"
        assert not grade.wrong, f"{grade.wrong}\n{told}"
        assert not grade.invented, f"{grade.invented}\n{told}"
        assert not persona.simple or grade.turns <= SIMPLE_TURNS, told
        if grade.failed:
            failed.append(f"{grade.failed}\n{told}")
    assert len(failed) <= FORGIVEN, "\n\n".join(failed)


def test_there_are_enough_of_them() -> None:
    everybody = personas()
    assert len({persona.name for persona in everybody}) == len(everybody) >= 60
