"""All queries of the outreach room. They decide nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.models import BookingRow
from relevo.conversations.reach_store import within
from relevo.kit.db import upsert
from relevo.outreach.models import ConsentRow, ContactDecisionRow, FeedbackRow, ReminderRow
from relevo.outreach.rules import Consent, Given, Kind, Planned, Purpose, Sent, State, Way
from relevo.people.rules import Staff


@dataclass(frozen=True, slots=True)
class Reminder:
    id: str
    booking_id: str
    conversation_id: str
    kind: Kind
    version: int
    about: date
    due_at: datetime
    until: datetime
    state: State
    reason: str | None
    decision: Mapping[str, Any]
    channel: str | None
    message_id: str | None
    tries: int
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Feedback:
    booking_id: str
    score: int
    text: str | None
    via: str
    at: datetime


async def add(
    session: AsyncSession, reminder_id: str, booking_id: str, conversation_id: str, version: int, planned: Planned
) -> bool:
    """False if this version of the booking has one of that kind."""
    row = upsert(session, ReminderRow).values(
        id=reminder_id, booking_id=booking_id, conversation_id=conversation_id, kind=planned.kind.value,
        version=version, about=planned.about, due_at=planned.due_at, until=planned.until,
        state=(State.SKIPPED if planned.skip else State.PLANNED).value, reason=planned.skip, decision={}, tries=0,
    )  # fmt: skip
    made = row.on_conflict_do_nothing(index_elements=["booking_id", "kind", "version"]).returning(ReminderRow.id)
    return (await session.execute(made)).first() is not None


async def reminder(session: AsyncSession, reminder_id: str, *, lock: bool = False) -> Reminder | None:
    query = select(ReminderRow).where(ReminderRow.id == reminder_id).execution_options(populate_existing=True)
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return _reminder(row) if row else None


async def of_booking(session: AsyncSession, booking_id: str) -> list[Reminder]:
    """Those of the latest version last, each version's in the order in which they are due."""
    return await _all(
        session,
        select(ReminderRow)
        .where(ReminderRow.booking_id == booking_id)
        .order_by(ReminderRow.version, ReminderRow.due_at, ReminderRow.id),
    )


async def due_between(session: AsyncSession, first: datetime, last: datetime) -> list[Reminder]:
    query = select(ReminderRow).where(ReminderRow.due_at >= first, ReminderRow.due_at < last)
    return await _all(session, query.order_by(ReminderRow.due_at, ReminderRow.id))


async def failed(session: AsyncSession, since: datetime, reasons: Collection[str], limit: int) -> list[Reminder]:
    """Skipped for one of these reasons and due since then, the latest first."""
    query = select(ReminderRow).where(
        ReminderRow.state == State.SKIPPED.value, ReminderRow.due_at >= since, ReminderRow.reason.in_(reasons)
    )
    return await _all(session, query.order_by(ReminderRow.due_at.desc(), ReminderRow.id).limit(limit))


async def sent(session: AsyncSession, booking_id: str) -> tuple[Sent, ...]:
    query = select(ReminderRow.kind, ReminderRow.about).where(
        ReminderRow.booking_id == booking_id, ReminderRow.state == State.SENT.value
    )
    return tuple(Sent(Kind(kind), about) for kind, about in await session.execute(query))


async def settle(
    session: AsyncSession, reminder_id: str, state: State, *, reason: str | None, decision: Mapping[str, Any] | None
) -> bool:
    """End one that is still planned. False: it was not."""
    values: dict[str, Any] = {"state": state.value, "reason": reason}
    if decision is not None:
        values["decision"] = dict(decision)
    done = await session.execute(
        update(ReminderRow)
        .where(ReminderRow.id == reminder_id, ReminderRow.state == State.PLANNED.value)
        .values(**values)
        .returning(ReminderRow.id)
    )
    return done.first() is not None


async def mark_sent(
    session: AsyncSession,
    reminder_id: str,
    *,
    channel: str,
    message_id: str | None,
    decision: Mapping[str, Any],
    at: datetime,
) -> None:
    """What has left has left, whatever was decided meanwhile."""
    await session.execute(
        update(ReminderRow)
        .where(ReminderRow.id == reminder_id)
        .values(
            state=State.SENT.value, reason=None, channel=channel, message_id=message_id, decision=dict(decision),
            sent_at=at,
        )
    )  # fmt: skip


async def put_off(session: AsyncSession, reminder_id: str, until: datetime, tries: int) -> None:
    await session.execute(update(ReminderRow).where(ReminderRow.id == reminder_id).values(due_at=until, tries=tries))


async def cancel_planned(session: AsyncSession, booking_id: str, reason: str, *, below: int | None = None) -> list[str]:
    """Those of versions ``below`` this one, or all; answers which."""
    query = update(ReminderRow).where(ReminderRow.booking_id == booking_id, ReminderRow.state == State.PLANNED.value)
    if below is not None:
        query = query.where(ReminderRow.version < below)
    gone = await session.execute(query.values(state=State.CANCELLED.value, reason=reason).returning(ReminderRow.id))
    return sorted(gone.scalars())


async def cancel_kinds(
    session: AsyncSession, bookings: Collection[str], kinds: Collection[Kind], reason: str
) -> list[str]:
    """Those of these kinds that are still to come; answers which."""
    query = update(ReminderRow).where(
        ReminderRow.booking_id.in_(bookings), ReminderRow.kind.in_([kind.value for kind in kinds]),
        ReminderRow.state == State.PLANNED.value,
    )  # fmt: skip
    gone = await session.execute(query.values(state=State.CANCELLED.value, reason=reason).returning(ReminderRow.id))
    return sorted(gone.scalars())


async def plan_again(session: AsyncSession, reminder_id: str, due_at: datetime, until: datetime, tries: int) -> None:
    """One that was let go is to leave after all."""
    values = {"state": State.PLANNED.value, "reason": None, "due_at": due_at, "until": until, "tries": tries}
    await session.execute(update(ReminderRow).where(ReminderRow.id == reminder_id).values(**values))


async def asked_for_score(session: AsyncSession, conversation_id: str) -> Reminder | None:
    """The last question for a score in this conversation, if nobody has answered it."""
    found = await _all(
        session,
        select(ReminderRow)
        .outerjoin(FeedbackRow, FeedbackRow.booking_id == ReminderRow.booking_id)
        .where(
            ReminderRow.conversation_id == conversation_id,
            ReminderRow.kind == Kind.FEEDBACK.value,
            ReminderRow.state == State.SENT.value,
            ReminderRow.message_id.is_not(None),
            FeedbackRow.booking_id.is_(None),
        )
        .order_by(ReminderRow.sent_at.desc())
        .limit(1),
    )
    return found[0] if found else None


async def add_consent(session: AsyncSession, person_id: str, consent: Consent, *, by: str) -> None:
    session.add(
        ConsentRow(
            person_id=person_id, purpose=consent.purpose.value, channel=consent.way.value, state=consent.state.value,
            automated=consent.automated, proof=consent.proof[:300], by=by, at=consent.at,
        )
    )  # fmt: skip
    await session.flush()


async def consents(session: AsyncSession, ids: Collection[str]) -> tuple[Consent, ...]:
    """Of one person, by all their ids; in the order in which they were said."""
    query = select(ConsentRow).where(ConsentRow.person_id.in_(ids)).order_by(ConsentRow.at, ConsentRow.id)
    return tuple(
        Consent(Purpose(row.purpose), Way(row.channel), Given(row.state), row.at, row.proof, row.automated)
        for row in (await session.execute(query)).scalars()
    )


async def withdrawals(session: AsyncSession, before: int | None, limit: int) -> list[tuple[int, str, Consent, str]]:
    """(its number, whose, what, who wrote it down), the latest first."""
    query = select(ConsentRow).where(ConsentRow.state == Given.WITHDRAWN.value)
    query = query.where(ConsentRow.id < before) if before is not None else query
    rows = (await session.execute(query.order_by(ConsentRow.id.desc()).limit(limit))).scalars()
    return [
        (
            row.id,
            row.person_id,
            Consent(Purpose(row.purpose), Way(row.channel), Given(row.state), row.at, row.proof, row.automated),
            row.by,
        )
        for row in rows
    ]


async def add_feedback(session: AsyncSession, given: Feedback) -> bool:
    """False: the stay has one."""
    row = upsert(session, FeedbackRow).values(
        booking_id=given.booking_id, score=given.score, text=given.text, via=given.via, at=given.at
    )
    made = row.on_conflict_do_nothing(index_elements=["booking_id"]).returning(FeedbackRow.booking_id)
    return (await session.execute(made)).first() is not None


async def add_words(session: AsyncSession, booking_id: str, text: str) -> bool:
    """False: there is no score, or it has words."""
    done = await session.execute(
        update(FeedbackRow)
        .where(FeedbackRow.booking_id == booking_id, FeedbackRow.text.is_(None))
        .values(text=text)
        .returning(FeedbackRow.booking_id)
    )
    return done.first() is not None


async def feedback(session: AsyncSession, booking_id: str) -> Feedback | None:
    row = await session.get(FeedbackRow, booking_id)
    return _feedback(row) if row else None


async def scores(session: AsyncSession, since: datetime, viewer: Staff | None = None) -> dict[int, int]:
    """How often each score was given."""
    query = select(FeedbackRow.score, func.count()).where(FeedbackRow.at >= since).group_by(FeedbackRow.score)
    query = query.join(BookingRow, BookingRow.id == FeedbackRow.booking_id)
    query = within(query, viewer, BookingRow.conversation_id)
    return dict((await session.execute(query)).all())


async def feedbacks(session: AsyncSession, limit: int) -> list[Feedback]:
    """Newest first."""
    query = select(FeedbackRow).order_by(FeedbackRow.at.desc(), FeedbackRow.booking_id).limit(limit)
    return [_feedback(row) for row in (await session.execute(query)).scalars()]


async def add_decision(
    session: AsyncSession,
    *,
    person_id: str | None,
    purpose: Purpose,
    way: Way,
    automated: bool,
    country: str | None,
    rule_id: str | None,
    at: datetime,
) -> None:
    session.add(
        ContactDecisionRow(
            person_id=person_id, purpose=purpose.value, channel=way.value, automated=automated, country=country,
            rule_id=rule_id, at=at,
        )
    )  # fmt: skip
    await session.flush()


async def decisions(session: AsyncSession, person_id: str) -> list[tuple[str, str | None]]:
    """(purpose, the rule that said no), the oldest first."""
    query = select(ContactDecisionRow.purpose, ContactDecisionRow.rule_id)
    rows = await session.execute(query.where(ContactDecisionRow.person_id == person_id).order_by(ContactDecisionRow.id))
    return [(purpose, rule_id) for purpose, rule_id in rows]


async def _all(session: AsyncSession, query: Select[ReminderRow]) -> list[Reminder]:
    rows = (await session.execute(query.execution_options(populate_existing=True))).scalars()
    return [_reminder(row) for row in rows]


def _reminder(row: ReminderRow) -> Reminder:
    return Reminder(
        row.id, row.booking_id, row.conversation_id, Kind(row.kind), row.version, row.about, row.due_at, row.until,
        State(row.state), row.reason, row.decision, row.channel, row.message_id, row.tries, row.sent_at,
    )  # fmt: skip


def _feedback(row: FeedbackRow) -> Feedback:
    return Feedback(row.booking_id, row.score, row.text, row.via, row.at)
