"""Which part of the house each thing is of, wired: by the parameter that names it in an address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.appointments import store as appointments
from relevo.bookings import store as bookings
from relevo.calls import store as calls
from relevo.conversations import attachment_store, reach_store
from relevo.conversations import store as conversations
from relevo.desk import entry_store, request_store
from relevo.desk import store as desk
from relevo.desk.rules import Alert
from relevo.kit.db import Database
from relevo.outreach import store as outreach
from relevo.people.rules import Staff
from relevo.people.service import People
from relevo.tours import store as tours
from relevo.web.reach import Kind, Of, Reach

MOST_SUBJECTS = 500
SUMMARY = "summary"
"""The kind of the alert with the day's figures of the house."""


def _through(find: Callable[[AsyncSession, str], Awaitable[Any]]) -> Of:
    async def of(session: AsyncSession, thing_id: str) -> str | None:
        found = await find(session, thing_id)
        return found.conversation_id if found is not None else None

    return of


async def _of_recording(session: AsyncSession, recording_id: str) -> str | None:
    kept = await calls.kept(session, recording_id)
    return kept.call.conversation_id if kept is not None else None


async def _of_callback(session: AsyncSession, callback_id: str) -> str | None:
    made = await calls.callback(session, callback_id)
    if made is not None:
        return made.conversation_id
    planned = await entry_store.planned(session, callback_id)
    return planned[0].conversation_id if planned else None


async def _sees_alert(session: AsyncSession, staff: Staff, alert_id: str) -> bool:
    """Of a booking, a conversation or what a guest asked for; everything else is the house's."""
    alert = await desk.alert(session, alert_id)
    return alert is None or await theirs(session, staff, alert)


async def of_subject(session: AsyncSession, subject: str) -> str | None:
    """The conversation of an alert, by what it is about."""
    about = subject.partition(":")[0]
    if about.startswith("cnv_"):
        return about
    if about.startswith("cal_"):
        call = await calls.call(session, about)
        return call.conversation_id if call is not None else None
    if about.startswith("bkg_"):
        booking = await bookings.by_id(session, about)
        return booking.conversation_id if booking is not None else None
    if about.startswith("req_"):
        asked = await request_store.request(session, about)
        return asked.conversation_id if asked is not None else None
    return None


async def of_event(session: AsyncSession, data: Mapping[str, Any]) -> str | None:
    """The conversation that a live event is about, where it says so at all."""
    if "subject" in data:
        return await of_subject(session, str(data["subject"]))
    if data.get("conversation_id"):
        return str(data["conversation_id"])
    if data.get("code"):
        booking = await bookings.by_code(session, str(data["code"]))
        return booking.conversation_id if booking is not None else None
    inner = data.get("booking")
    return await of_event(session, inner) if isinstance(inner, dict) else None


async def theirs(session: AsyncSession, viewer: Staff, alert: Alert) -> bool:
    """The day's summary is of the whole house."""
    if viewer.scope.whole:
        return True
    if alert.news.kind == SUMMARY:
        return False
    conversation_id = await of_subject(session, alert.news.subject)
    return conversation_id is None or bool(await reach_store.seen(session, viewer, [conversation_id]))


async def subjects_of(session: AsyncSession, person_ids: Collection[str]) -> set[str]:
    """What the audit may name that is of somebody: their ids, conversations, bookings, calls, recordings and files."""
    said = [each.id for each in await reach_store.of_people(session, person_ids, MOST_SUBJECTS)]
    booked = {each.code for each in await bookings.of_people(session, person_ids, MOST_SUBJECTS)}
    spoken = await calls.sounds_of(session, said)
    files = await attachment_store.ids_of(session, said)
    return {*person_ids, *said, *booked, *spoken, *files}


async def _sees_queue(_session: AsyncSession, staff: Staff, queue_id: str) -> bool:
    return queue_id in staff.scope.queues


async def _sees_team(_session: AsyncSession, staff: Staff, team_id: str) -> bool:
    return staff.scope.allows([team_id])


async def _sees_colleague(_session: AsyncSession, staff: Staff, staff_id: str) -> bool:
    return staff_id == staff.id or staff_id in staff.scope.colleagues


def wire(db: Database, people: People) -> Reach:
    async def sees_person(session: AsyncSession, staff: Staff, person_id: str) -> bool:
        return await reach_store.sees_person(session, staff, await people.same_as(session, person_id))

    return Reach(
        db,
        of_event,
        {
            "conversation_id": Kind("no_conversation", _found(conversations.conversation)),
            "message_id": Kind("no_message", _through(conversations.message)),
            "attachment_id": Kind("no_attachment", _through(attachment_store.one)),
            "call_id": Kind("no_call", _through(calls.call)),
            "recording_id": Kind("no_recording", _of_recording),
            "callback_id": Kind("no_callback", _of_callback),
            "code": Kind("no_booking", _through(bookings.by_code)),
            "/api/appointments code": Kind("no_appointment", _through(appointments.by_code)),
            "/api/excursions code": Kind("no_places", _through(tours.by_code)),
            "reminder_id": Kind("no_reminder", _through(outreach.reminder)),
            "request_id": Kind("no_request", _through(request_store.request)),
            "entry_id": Kind("no_offer", _through(entry_store.by_id)),
            "alert_id": Kind("no_alert", sees=_sees_alert),
            "person_id": Kind("no_person", sees=sees_person),
            "queue_id": Kind("no_queue", sees=_sees_queue),
            "team_id": Kind("no_team", sees=_sees_team),
            "staff_id": Kind("no_colleague", sees=_sees_colleague),
        },
    )


def _found(find: Callable[[AsyncSession, str], Awaitable[Any]]) -> Of:
    async def of(session: AsyncSession, conversation_id: str) -> str | None:
        return conversation_id if await find(session, conversation_id) is not None else None

    return of
