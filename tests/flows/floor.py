"""A floor for tests of live calls: a guest who talks, agents with voices of their own, a colleague who is consulted."""

from __future__ import annotations

import numpy as np

from relevo.people.rules import Staff
from tests.calls.world import Guest, ScriptedLeg, World, energy, tone, until

LONG = "Tenemos habitaciones dobles, triples y una suite con vista al río, todas con desayuno incluido y pileta."
GUEST_HZ, AGENT_HZ, OTHER_HZ = 440.0, 1000.0, 1500.0


def talking(until_ms: int = 60_000) -> Guest:
    """A guest who speaks without end from the fourth second on."""
    return Guest([(4_000, tone(GUEST_HZ, until_ms))], hangs_up_at=until_ms)


def has(pcm: np.ndarray, hz: float) -> bool:  # type: ignore[type-arg]
    return energy(pcm, hz) > 0.05


def lately(guest: Guest, ms: int = 1_000) -> np.ndarray:  # type: ignore[type-arg]
    return np.concatenate(guest.heard[-ms // 20 :])


async def with_agent(w: World, guest: Guest, *, at: int = 5_000) -> ScriptedLeg:
    leg = w.wear(ScriptedLeg(AGENT_HZ))
    await w.call(guest)
    await until(lambda: guest.ms >= at)
    await w.take_over()
    await until(lambda: guest.ms >= at + 1_500)
    return leg


async def passed(guest: Guest, ms: int = 1_500) -> None:
    begun = guest.ms
    await until(lambda: guest.ms >= begun + ms, seconds=60)


async def consulting(w: World, colleague: Staff) -> str:
    """The agent asks a colleague aside, who picks up. The call's id."""
    call_id = str((await w.call_json())["id"])
    await w.commands.transfer(call_id, w.agent, to=colleague.id, kind="consult")
    await w.commands.answer(call_id, colleague, accept=True)
    return call_id


async def takes_second(w: World, guest: Guest, staff: Staff) -> None:
    """Another guest calls, and somebody takes that call from the bot."""
    await w.call(guest, from_="+5493415550102")
    await until(lambda: guest.ms >= 3_000)
    second = next(row for row in await w.rows() if row["control"] == "bot")
    async with w.db.write() as tx:
        await w.conversations.take_over(tx, second["conversation_id"], staff=staff)
