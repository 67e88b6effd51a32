"""Agencies: who they are, which stays they brought, and what they have earned by them.

A stay counts when it is over: a durable job is promised with its confirmation and looks at the stay again when its last
night has passed. What was earned and is cancelled afterwards is taken back by an entry of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from relevo.kit import phone as phones
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, retried
from relevo.kit.errors import Conflict, Invalid, NotFound, TooMany
from relevo.kit.ids import Ids
from relevo.kit.money import Money
from relevo.kit.work import Job, Work
from relevo.tours import partner_store as store
from relevo.tours import rules
from relevo.tours.ports import Stays
from relevo.tours.rules import Attributed, Entry, EntryKind, Partner, StayNow, Title

ACCRUE = "tours.accrue"
"""Job: look at a stay that is over. Payload: ``booking_id``."""
CODE = "AG-"
AT = time(12)
"""When a stay that ends on a day is over, by the house's clock."""
_MOST = 500


@dataclass(frozen=True, slots=True)
class Statement:
    """What a partner earned in a month of the house."""

    partner: Partner
    month: str
    entries: tuple[Entry, ...]
    total: Money | None
    """None where nothing happened."""


class Partners:
    """``Agencies`` over the database of this installation."""

    def __init__(
        self, db: Database, work: Work, stays: Stays, clock: Clock, ids: Ids, *, zone: ZoneInfo, country: str
    ) -> None:
        self._db = db
        self._work = work
        self._stays = stays
        self._clock = clock
        self._ids = ids
        self._zone = zone
        self._country = country

    # For staff.

    async def add(
        self,
        *,
        name: str,
        percent: Decimal | int | str,
        email: str | None = None,
        phone: str | None = None,
        code: str | None = None,
    ) -> Partner:
        """Raises ``Conflict`` for a code that is taken, ``Invalid`` without any way to know who writes."""
        made = Partner(
            self._ids.new("prt"), _code(code or CODE + self._ids.code(5)), " ".join(name.split()),
            *self._contact(email, phone), rules.rate_of(percent),
        )  # fmt: skip
        async with self._db.write() as tx:
            if not await store.add(tx.session, made, self._clock.now()):
                raise Conflict("partner_code_taken")
        return made

    async def welcome(self, given: Mapping[str, Any]) -> None:
        """One that the house's file names; who is there already stays as they are."""
        async with self._db.read() as session:
            known = await store.by_code(session, _code(str(given["code"])))
        if known is None:
            try:
                await self.add(**given)
            except Conflict:
                # Another process was faster.
                return

    async def change(
        self,
        partner_id: str,
        *,
        name: str | None = None,
        percent: Decimal | int | str | None = None,
        email: str | None = None,
        phone: str | None = None,
        active: bool | None = None,
    ) -> Partner:
        """What is not said stays. A new rate counts for what is held from now on."""
        async with self._db.write() as tx:
            before = await store.by_id(tx.session, partner_id)
            if before is None:
                raise NotFound("no_partner")
            mail, number = self._contact(
                before.email if email is None else email, before.phone if phone is None else phone
            )
            values: dict[str, Any] = {"email": mail, "phone": number}
            values |= {"name": " ".join(name.split())} if name else {}
            values |= {"rate": rules.rate_of(percent)} if percent is not None else {}
            values |= {"active": active} if active is not None else {}
            await store.change(tx.session, partner_id, values)
            after = await store.by_id(tx.session, partner_id)
        assert after is not None
        return after

    async def listing(self) -> list[Partner]:
        async with self._db.read() as session:
            return await store.listing(session, _MOST)

    async def statement(self, partner_id: str, month: str) -> Statement:
        first, last = rules.month_of(month, self._zone)
        async with self._db.read() as session:
            partner = await store.by_id(session, partner_id)
            if partner is None:
                raise NotFound("no_partner")
            found = await store.entries(session, partner_id, first, last)
        total = None
        for each in found:
            total = each.amount if total is None else total + each.amount
        return Statement(partner, month, tuple(found), total)

    # In a conversation.

    @retried
    async def identify(
        self, code: str, *, phone: str | None, email: str | None, conversation_id: str
    ) -> Partner | None:
        now = self._clock.now()
        async with self._db.write() as tx:
            tried = await store.count_tries(tx.session, conversation_id, now - rules.TRIES_WINDOW)
            if tried >= rules.MOST_TRIES:
                raise TooMany("too_many_tries")
            partner = await store.by_code(tx.session, _code(code))
            if partner is None or not partner.active or not self._is_theirs(partner, phone, email):
                await store.add_try(tx.session, conversation_id, now)
                return None
            await store.visit(tx.session, conversation_id, partner.id, now)
        return partner

    async def known(self, conversation_id: str) -> Partner | None:
        async with self._db.read() as session:
            return await store.visiting(session, conversation_id, self._clock.now() - rules.KNOWN_FOR)

    async def brought(self, partner_id: str, *, limit: int = 10) -> tuple[Attributed, ...]:
        async with self._db.read() as session:
            return await store.brought(session, partner_id, limit)

    # With the booking, in its transaction.

    async def on_stay(self, tx: Tx, booking_id: str, conversation_id: str) -> None:
        """A booking was made or changed: whose it is, and how its commission stands."""
        known = await store.of_booking(tx.session, booking_id, lock=True)
        if known is None:
            partner = await store.visiting(tx.session, conversation_id, self._clock.now() - rules.KNOWN_FOR)
            if partner is None:
                return
            stay = await self._stays.stay(tx, booking_id)
            if stay is None or not stay.held:
                return
            given = Attributed(
                self._ids.new("com"), partner.id, stay.booking_id, stay.code, conversation_id, partner.rate,
                Title.HELD, stay.check_in, stay.check_out, stay.total, self._clock.now(),
            )  # fmt: skip
            await store.attribute(tx.session, given)
            return
        await self._look(tx, known)

    async def accrue_job(self, job: Job) -> None:
        async with self._db.write() as tx:
            known = await store.of_booking(tx.session, str(job.payload["booking_id"]), lock=True)
            if known is not None:
                await self._look(tx, known)

    async def _look(self, tx: Tx, known: Attributed) -> None:
        now = self._clock.now()
        stay = await self._stays.stay(tx, known.booking_id)
        title = rules.standing(known.title, stay, self._today(now))
        if stay is not None and title is Title.BOOKED:
            await self._promise(tx, stay)
        if title is Title.EARNED and known.title is not Title.EARNED and stay is not None:
            amount = rules.earned(stay.total, known.rate)
            await store.add_entry(tx.session, self._ids.new("cme"), known, EntryKind.ACCRUAL, amount, stay.total, now)
        if title is Title.REVERSED and known.title is Title.EARNED:
            had = await store.entry(tx.session, known.id, EntryKind.ACCRUAL)
            if had is not None:
                back = Money(-had.amount, had.currency)
                await store.add_entry(
                    tx.session, self._ids.new("cme"), known, EntryKind.REVERSAL, back, known.total, now
                )
        settled = known.title in (Title.EARNED, Title.REVERSED)
        await store.stand(tx.session, known.id, title, None if settled else stay)

    async def _promise(self, tx: Tx, stay: StayNow) -> None:
        """A stay that was moved has another end, and a job of its own."""
        due = datetime.combine(stay.check_out, AT, self._zone)
        await self._work.promise(
            tx, ACCRUE, key=f"accrue:{stay.booking_id}:{stay.check_out}", payload={"booking_id": stay.booking_id},
            run_at=due,
        )  # fmt: skip

    def _today(self, now: datetime) -> date:
        """The day whose guests have left by now."""
        return (now.astimezone(self._zone) - timedelta(hours=AT.hour)).date()

    def _contact(self, email: str | None, phone: str | None) -> tuple[str | None, str | None]:
        mail = email.strip().lower() if email and email.strip() else None
        number = phones.identity(phone, self._country) if phone and phone.strip() else None
        if (mail is None and number is None) or (mail is not None and "@" not in mail):
            raise Invalid("partner_contact")
        return mail, number

    def _is_theirs(self, partner: Partner, phone: str | None, email: str | None) -> bool:
        if email and partner.email and email.strip().lower() == partner.email:
            return True
        return bool(phone and partner.phone and phones.identity(phone, self._country) == partner.phone)


def _code(raw: str) -> str:
    code = raw.strip().upper()
    if not code.replace("-", "").isalnum() or len(code) > 20:
        raise Invalid("partner_code")
    return code
