"""What the people room announces."""

from __future__ import annotations

from dataclasses import dataclass

from relevo.kit.events import Event


@dataclass(frozen=True, slots=True)
class StandingChanged(Event):
    """What somebody may do, or whether they are signed in, may be different: whatever they have open is looked at
    again. None: of all whom not the whole house is for. Published inside the transaction that changes it."""

    staff_id: str | None
