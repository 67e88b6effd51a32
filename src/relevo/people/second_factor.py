"""The second factor of staff: codes of an authenticator (RFC 6238) and recovery codes for the day it is lost.

Secrets are sealed at rest and shown once, when they are made; a code works once. Nobody is asked for a factor that was
not confirmed with a code first.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

import pyotp
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit import crypto
from relevo.kit.audit import noted
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, Forbidden
from relevo.people import account_store as store
from relevo.people.rules import CODE_SECONDS, RECOVERY_CODES, Staff

_DRIFT = (-1, 0, 1)
"""Steps that a telephone's clock may be off."""
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Begun:
    """What an authenticator needs, as text and as the address in the square code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


class SecondFactors:
    def __init__(self, db: Database, clock: Clock, seal: crypto.Seal, issuer: str) -> None:
        self._db = db
        self._clock = clock
        self._seal = seal
        self._issuer = issuer

    async def is_on(self, session: AsyncSession, member: Staff) -> bool:
        found = await store.factor(session, member.id)
        return found is not None and found.confirmed_at is not None

    async def state(self, member: Staff) -> dict[str, object]:
        async with self._db.read() as session:
            found = await store.factor(session, member.id)
            left = await store.recovery_left(session, member.id)
        since = found.confirmed_at if found else None
        return {"on": since is not None, "since": since.isoformat() if since else None, "recovery_left": left}

    async def begin(self, member: Staff) -> Begun:
        """A new secret, in place of one that was never confirmed. Raises ``Conflict("second_factor_on")``."""
        secret = pyotp.random_base32()
        async with self._db.write() as tx:
            if not await store.put_factor(tx.session, member.id, self._seal.close(secret), self._clock.now()):
                raise Conflict("second_factor_on")
        uri = pyotp.TOTP(secret, interval=CODE_SECONDS).provisioning_uri(name=member.email, issuer_name=self._issuer)
        return Begun(secret, uri)

    async def confirm(self, member: Staff, code: str) -> tuple[str, ...]:
        """Switch it on; answers the recovery codes, which are not shown again. Raises ``Forbidden("wrong_code")``."""
        async with self._db.write() as tx:
            found = await store.factor(tx.session, member.id)
            if found is None or found.confirmed_at is not None:
                raise Conflict("second_factor_on" if found else "second_factor_not_begun")
            step, now = self._step(found.sealed, code), self._clock.now()
            if step is None or not await store.use_step(tx.session, member.id, step, confirmed_at=now):
                raise Forbidden("wrong_code")
            codes = await self._new_codes(tx, member)
            await noted(tx, "second_factor_on", member.id, by=member.id, at=now)
        return codes

    async def renew_codes(self, member: Staff, code: str) -> tuple[str, ...]:
        """New recovery codes; those before are worth nothing. Raises ``Forbidden("wrong_code")``."""
        async with self._db.write() as tx:
            if not await self.is_on(tx.session, member) or not await self.use(tx, member, code):
                raise Forbidden("wrong_code")
            codes = await self._new_codes(tx, member)
            await noted(tx, "recovery_codes_renewed", member.id, by=member.id, at=self._clock.now())
        return codes

    async def use(self, tx: Tx, member: Staff, code: str) -> bool:
        """Whether ``code`` lets them in: of the authenticator, or one to recover. Each works once."""
        found = await store.factor(tx.session, member.id)
        if found is None or found.confirmed_at is None:
            return False
        step = self._step(found.sealed, code)
        if step is not None:
            return await store.use_step(tx.session, member.id, step)
        used = await store.use_recovery(tx.session, member.id, _hashed(member, code), self._clock.now())
        if used:
            await noted(tx, "recovery_code_used", member.id, by=member.id, at=self._clock.now())
        return used

    async def switch_off(self, member: Staff, code: str) -> None:
        """Raises ``Forbidden("wrong_code")``."""
        async with self._db.write() as tx:
            if not await self.use(tx, member, code):
                raise Forbidden("wrong_code")
            await self.drop(tx, member.id, by=member.id)

    async def drop(self, tx: Tx, staff_id: str, *, by: str | None) -> bool:
        """Nobody is asked for it any more; for a telephone that was lost with the codes. ``by``: who said so."""
        gone = await store.drop_factor(tx.session, staff_id)
        if gone:
            await noted(tx, "second_factor_off", staff_id, by=by, at=self._clock.now())
        return gone

    def _step(self, sealed: str, code: str) -> int | None:
        """The step that ``code`` is of. None also where the secret cannot be read: it was sealed with another."""
        given = "".join(code.split())
        secret = self._seal.open(sealed)
        if secret is None or len(given) != 6 or not given.isascii() or not given.isdigit():
            return None
        otp = pyotp.HOTP(secret)
        now = int(self._clock.now().timestamp()) // CODE_SECONDS
        return next((now + off for off in _DRIFT if hmac.compare_digest(otp.at(now + off), given)), None)

    async def _new_codes(self, tx: Tx, member: Staff) -> tuple[str, ...]:
        codes = tuple(pyotp.random_base32(32, list(_LETTERS))[:_LENGTH] for _ in range(RECOVERY_CODES))
        await store.put_recovery(tx.session, member.id, [_hashed(member, code) for code in codes])
        return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def _hashed(member: Staff, code: str) -> str:
    # 49 random bits behind a throttle: a plain hash, salted with whose it is, is enough.
    plain = "".join(char for char in code.upper() if char in _LETTERS)
    return crypto.fingerprint(f"{member.id} {plain}")
