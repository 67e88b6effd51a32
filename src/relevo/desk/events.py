"""What the desk announces."""

from __future__ import annotations

from dataclasses import dataclass

from relevo.desk.rules import Mode
from relevo.kit.events import Event


@dataclass(frozen=True, slots=True)
class ModeChanged(Event):
    """The house works differently from now on. Published inside the transaction that says so."""

    mode: Mode
    selling: bool
