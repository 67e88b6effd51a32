"""What outreach announces, inside the transaction that makes it so."""

from __future__ import annotations

from dataclasses import dataclass

from relevo.kit.events import Event


@dataclass(frozen=True, slots=True)
class LowFeedback(Event):
    """A guest was not content: somebody should read what they said."""

    booking_id: str
    conversation_id: str
    score: int


@dataclass(frozen=True, slots=True)
class ReminderUnsent(Event):
    """A reminder could not leave: there is no way to the guest, or none that worked in time."""

    reminder_id: str
    booking_id: str
    conversation_id: str
    reason: str
    """Text ``outreach.skipped.<reason>``."""
