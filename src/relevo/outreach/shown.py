"""How reminders and stays are shown to staff: values in, what HTTP and the live feed answer out. Reads nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from relevo.bookings.rules import Booking
from relevo.conversations.rules import iso
from relevo.outreach import rules
from relevo.outreach.rules import State
from relevo.outreach.store import Reminder
from relevo.texts import Texts


def reminder_json(texts: Texts, reminder: Reminder, booking: Booking | None, now: datetime) -> dict[str, Any]:
    """The ``Reminder`` of docs/api.md."""
    actions = ["cancel"] if reminder.state is State.PLANNED else []
    if rules.may_go_again(reminder.state, reminder.reason, reminder.until, now):
        actions.append("again")
    return {
        "id": reminder.id,
        "booking_id": reminder.booking_id,
        **stay_json(booking),
        "conversation_id": reminder.conversation_id,
        "kind": reminder.kind.value,
        "title": texts.here.say(f"outreach.kind.{reminder.kind.value}"),
        "version": reminder.version,
        "due_at": iso(reminder.due_at),
        "until": iso(reminder.until),
        "state": reminder.state.value,
        "reason": reminder.reason,
        "reason_text": texts.here.say(f"outreach.skipped.{reminder.reason}") if reminder.reason else None,
        "channel": reminder.channel,
        "sent_at": iso(reminder.sent_at),
        "decision": dict(reminder.decision),
        "actions": actions,
    }


def stay_json(booking: Booking | None) -> dict[str, Any]:
    if booking is None:
        return {"code": None, "guest_name": None, "check_in": None, "check_out": None, "conversation_id": None}
    return {
        "code": booking.code,
        "guest_name": booking.guest_name,
        "check_in": booking.check_in.isoformat(),
        "check_out": booking.check_out.isoformat(),
        "conversation_id": booking.conversation_id,
    }
