"""Accounts of staff: one's own password and sessions, and what an administrator may do with those of others.

Whoever changes a password or switches an account off ends its sessions, its sockets and its ears in live calls. The
last administrator cannot be taken away.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from relevo.kit import crypto
from relevo.kit.audit import noted
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, take_turns
from relevo.kit.errors import Conflict, Forbidden, Invalid, NotFound
from relevo.kit.ids import Ids
from relevo.people import account_store as store
from relevo.people import rules
from relevo.people.events import StandingChanged
from relevo.people.rules import Breadth, Role, Session, Staff
from relevo.people.second_factor import SecondFactors
from relevo.people.service import hashed_password


class Accounts:
    def __init__(self, db: Database, clock: Clock, ids: Ids, factors: SecondFactors) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._factors = factors

    async def sessions(self, member: Staff) -> list[Session]:
        """Where they are signed in, used last first."""
        async with self._db.read() as session:
            return await store.sessions(session, member, self._clock.now())

    async def current(self, token: str) -> Session | None:
        async with self._db.read() as session:
            return await store.session_of(session, crypto.fingerprint(token))

    async def end_session(self, member: Staff, session_id: str) -> None:
        async with self._db.write() as tx:
            if not await store.end_own(tx.session, member.id, session_id):
                raise NotFound("no_session")
            await tx.publish(StandingChanged(member.id))

    async def end_others(self, member: Staff, token: str) -> int:
        """Everywhere else."""
        async with self._db.write() as tx:
            await tx.publish(StandingChanged(member.id))
            return await store.end_others(tx.session, member.id, crypto.fingerprint(token))

    async def change_password(self, member: Staff, *, old: str, new: str) -> None:
        """Ends all sessions, this one too. Raises ``Forbidden("wrong_password")``, ``Invalid``."""
        if not await crypto.apart(partial(crypto.verify_password, member.password_hash, old)):
            raise Forbidden("wrong_password")
        await self._set_password(member.id, new, by=member.id)

    async def set_password(self, staff_id: str, new: str, *, by: Staff) -> None:
        """Somebody forgot theirs."""
        await self._set_password(staff_id, new, by=by.id)

    async def _set_password(self, staff_id: str, new: str, *, by: str) -> None:
        hashed = await hashed_password(new)
        async with self._db.write() as tx:
            member = await self._of(tx, staff_id)
            await self._put(tx, replace(member, password_hash=hashed), ends=True)
            await noted(tx, "password_changed", member.id, by=by, at=self._clock.now())

    async def add(
        self, *, email: str, name: str, role: Role, password: str, by: Staff, breadth: Breadth = Breadth.HOUSE
    ) -> Staff:
        """Raises ``Conflict("email_taken")``, ``Invalid``."""
        email, shown = email.strip().lower(), rules.clean_name(name)
        if "@" not in email or shown is None:
            raise Invalid("malformed")
        hashed = await hashed_password(password)
        async with self._db.write() as tx:
            await take_turns(tx.session, "people.accounts")
            if await store.staff_by_email(tx.session, email) is not None:
                raise Conflict("email_taken")
            member = Staff(self._ids.new("stf"), email, shown, role, password_hash=hashed, breadth=breadth)
            await store.put_staff(tx.session, member, self._clock.now())
            details = {"role": role.value, "breadth": breadth.value}
            await noted(tx, "account_added", member.id, by=by.id, at=self._clock.now(), details=details)
        return member

    async def alter(
        self, staff_id: str, *, name: str | None = None, role: Role | None = None, active: bool | None = None,
        breadth: Breadth | None = None, by: Staff,
    ) -> Staff:  # fmt: skip
        """Sessions end with a change of role or of being active; what is open begins again with a change of
        ``breadth``. Raises ``Conflict("last_admin")``."""
        async with self._db.write() as tx:
            await take_turns(tx.session, "people.accounts")
            before = await self._of(tx, staff_id)
            after = replace(
                before,
                name=rules.clean_name(name) or before.name,
                role=role or before.role,
                active=before.active if active is None else active,
                breadth=breadth or before.breadth,
            )
            if after == before:
                return before
            others = [each for each in await store.all_staff(tx.session) if each.id != staff_id]
            admins = [each for each in (*others, after) if each.active and each.role is Role.ADMIN]
            if not admins:
                raise Conflict("last_admin")
            after = await self._put(tx, after, ends=(after.role, after.active) != (before.role, before.active))
            details = {
                key: [str(getattr(before, key)), str(getattr(after, key))]
                for key in ("role", "active", "breadth")
                if getattr(before, key) != getattr(after, key)
            }
            await noted(tx, "account_changed", staff_id, by=by.id, at=self._clock.now(), details=details)
        return after

    async def end_all(self, staff_id: str, *, by: Staff) -> None:
        """Their sessions, wherever they are."""
        async with self._db.write() as tx:
            await self._put(tx, await self._of(tx, staff_id), ends=True)
            await noted(tx, "sessions_ended", staff_id, by=by.id, at=self._clock.now())

    async def reset_factor(self, staff_id: str, *, by: Staff) -> None:
        """Their telephone is lost: the password alone lets them in until they set another up."""
        async with self._db.write() as tx:
            member = await self._of(tx, staff_id)
            await self._factors.drop(tx, staff_id, by=by.id)
            await self._put(tx, member, ends=True)

    async def listing(self) -> list[dict[str, Any]]:
        """Everybody, those who were switched off last."""
        async with self._db.read() as session:
            found = await store.all_staff(session)
            guarded = await store.with_factor(session)
            now = self._clock.now()
            open_ = {each.id: await store.sessions(session, each, now) for each in found if each.active}
        return [
            {
                "id": each.id,
                "email": each.email,
                "name": each.name,
                "role": each.role.value,
                "active": each.active,
                "scope": each.breadth.value,
                "second_factor": each.id in guarded,
                "sessions": len(open_.get(each.id, ())),
            }
            for each in sorted(found, key=lambda each: (not each.active, each.name.casefold()))
        ]

    async def _of(self, tx: Tx, staff_id: str) -> Staff:
        member = await store.staff(tx.session, staff_id)
        if member is None:
            raise NotFound("no_staff")
        return member

    async def _put(self, tx: Tx, member: Staff, *, ends: bool) -> Staff:
        member = replace(member, session_version=member.session_version + ends)
        await store.put_staff(tx.session, member, self._clock.now())
        await tx.publish(StandingChanged(member.id))
        return member
