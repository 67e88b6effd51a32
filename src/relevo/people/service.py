"""Use cases about people: who is this customer, who is this member of staff, is this session good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit import crypto
from relevo.kit.address import counted_as
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, take_turns
from relevo.kit.errors import Invalid, TooMany, Unauthorized
from relevo.kit.ids import Ids
from relevo.people import rules, store
from relevo.people.rules import Identity, Person, Role, Staff

MIN_PASSWORD = 10


class People:
    def __init__(self, db: Database, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids

    async def find_or_create(
        self, tx: Tx, identities: Sequence[Identity], *, name: str | None = None, locale: str | None = None
    ) -> Person:
        """The customer known by any of ``identities``; identities that nobody has yet become theirs too."""
        person_id = await store.person_by_identity(tx.session, identities)
        if person_id is None:
            person_id = self._ids.new("per")
            await store.add_person(tx.session, person_id, name=name, locale=locale, at=self._clock.now())
        await store.add_identities(tx.session, person_id, identities)
        found = await store.person(tx.session, person_id)
        if found is None:
            raise LookupError("person vanished inside a transaction")
        return found

    async def learn(
        self, tx: Tx, person_id: str, *, name: str | None = None, identities: Sequence[Identity] = ()
    ) -> None:
        """Remember what a customer said about themselves. An identity that is somebody else's is left alone."""
        if name:
            await store.name_person(tx.session, person_id, name)
        await store.add_identities(tx.session, person_id, identities)

    async def known(self, session: AsyncSession, identities: Sequence[Identity]) -> str | None:
        """The id of the customer who has the first of these, if anybody has."""
        return await store.person_by_identity(session, identities)

    async def get(self, session: AsyncSession, person_id: str) -> Person | None:
        return await store.person(session, person_id)

    async def get_many(self, session: AsyncSession, ids: Sequence[str]) -> dict[str, Person]:
        return await store.people(session, ids)

    async def staff_names(self, session: AsyncSession) -> dict[str, str]:
        return await store.staff_names(session)

    async def signed_in(self, member: Staff) -> bool:
        """Whether any session of theirs is still good."""
        async with self._db.read() as session:
            return await store.has_session(session, member.id, member.session_version, self._clock.now())

    async def all_staff(self, session: AsyncSession) -> list[Staff]:
        """Everybody who may sign in, by name."""
        return [member for member in await store.all_staff(session) if member.active]

    async def staff(self, staff_id: str) -> Staff | None:
        async with self._db.read() as session:
            return await store.staff(session, staff_id)

    async def enrol(self, *, email: str, name: str, role: Role, password: str) -> Staff:
        """Create a member of staff, or change name, role and password of the one with that e-mail (ends sessions)."""
        if len(password) < MIN_PASSWORD:
            raise Invalid("password_too_short", minimum=MIN_PASSWORD)
        email = email.strip().lower()
        hashed = await crypto.apart(partial(crypto.hash_password, password))
        async with self._db.write() as tx:
            known = await store.staff_by_email(tx.session, email)
            member = (
                replace(known, name=name, role=role, password_hash=hashed, session_version=known.session_version + 1)
                if known
                else Staff(self._ids.new("stf"), email, name, role, password_hash=hashed)
            )
            await store.put_staff(tx.session, member, self._clock.now())
        return member

    async def has_staff(self, email: str) -> bool:
        async with self._db.read() as session:
            return await store.staff_by_email(session, email) is not None

    async def sign_in(self, email: str, password: str, *, address: str) -> tuple[str, Staff]:
        """A new session's token. Says the same thing, after the same effort, whatever was wrong."""
        email, now = email.strip().lower(), self._clock.now()
        account, origin = crypto.fingerprint(f"email {email}"), crypto.fingerprint(f"address {counted_as(address)}")
        async with self._db.read() as session:
            await self._may_try(session, account, origin)
        # The try is counted before the password is looked at, or a hundred at a time would all be the first.
        async with self._db.write() as tx:
            await take_turns(tx.session, account, origin)
            await self._may_try(tx.session, account, origin)
            tries = await store.add_failures(tx.session, (account, origin), now, now - rules.LOGIN_WINDOW)
            member = await store.staff_by_email(tx.session, email)
        stored = member.password_hash if member else None
        good = await crypto.apart(partial(crypto.verify_password, stored, password))
        if member is None or not good or not member.active:
            raise Unauthorized("wrong_credentials")
        token = crypto.new_token()
        async with self._db.write() as tx:
            await store.clear_failures(tx.session, account)
            await store.forget_failure(tx.session, tries[origin])
            await store.add_session(
                tx.session,
                token_hash=crypto.fingerprint(token),
                staff_id=member.id,
                version=member.session_version,
                at=now,
                expires_at=now + rules.SESSION_LENGTH,
            )
        return token, member

    async def _may_try(self, session: AsyncSession, account: str, origin: str) -> None:
        since = self._clock.now() - rules.LOGIN_WINDOW
        # One address may be a whole office behind a router, so it gets more tries than one account.
        for who, most in ((account, rules.LOGIN_TRIES), (origin, 4 * rules.LOGIN_TRIES)):
            if await store.failures(session, who, since) >= most:
                raise TooMany("too_many_logins", minutes=int(rules.LOGIN_WINDOW.total_seconds() // 60))

    async def sign_out(self, token: str) -> None:
        async with self._db.write() as tx:
            await store.end_session(tx.session, crypto.fingerprint(token))

    async def by_token(self, token: str) -> Staff | None:
        """Who holds this session token, if it is still good."""
        async with self._db.read() as session:
            found = await store.session_of(session, crypto.fingerprint(token))
            if found is None:
                return None
            staff_id, version, expires_at = found
            member = await store.staff(session, staff_id)
        if member is None:
            return None
        good = rules.session_is_good(member, version=version, expires_at=expires_at, now=self._clock.now())
        return member if good else None
