"""The browsers of a member of staff that take news: added, listed, taken away.

A browser belongs to the sign-in at which it was added: with that it ends, whatever it keeps. Its address and keys are
sealed at rest and never shown again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.desk import push_rules as rules
from relevo.desk import push_store as store
from relevo.desk.ports import PushSender
from relevo.desk.push_rules import Device, Keys
from relevo.kit.clock import Clock
from relevo.kit.crypto import Seal, fingerprint
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, NotFound
from relevo.kit.ids import Ids
from relevo.people.accounts import Accounts
from relevo.people.rules import Session, Staff


class Devices:
    def __init__(
        self, db: Database, accounts: Accounts, sender: PushSender, seal: Seal, clock: Clock, ids: Ids
    ) -> None:
        self._db = db
        self._accounts = accounts
        self._sender = sender
        self._seal = seal
        self._clock = clock
        self._ids = ids
        self.known: frozenset[str] = frozenset()
        """Who has one; a minute old where another process added it."""

    async def look(self) -> None:
        """Learn what other processes did; forget browsers that nobody uses any more."""
        async with self._db.read() as session:
            self.known = frozenset(await store.whose(session))

    async def forget_old(self) -> int:
        async with self._db.write() as tx:
            return await store.forget(tx.session, self._clock.now() - rules.FORGOTTEN)

    async def json(self, staff: Staff) -> dict[str, Any]:
        async with self._db.read() as session:
            found = await store.of_staff(session, staff.id)
        good = {each.id for each in await self._accounts.sessions(staff)}
        on = self._sender.on
        return {
            "available": on,
            "public_key": self._sender.public_key if on else None,
            "kinds": [kind.value for kind in rules.CHOSEN],
            "devices": [self._json(each, good) for each in found],
        }

    async def add(
        self, staff: Staff, current: Session | None, keys: Keys, *, device: str | None, wants: Iterable[str] | None
    ) -> str:
        """Its id; the same browser is the same one, and without ``wants`` it is told of what it was. Raises
        ``Invalid``, ``Conflict("push_off")``."""
        if not self._sender.on:
            raise Conflict("push_off")
        self._sender.check(keys)
        now, sealed = self._clock.now(), self._seal.close(json.dumps([keys.endpoint, keys.p256dh, keys.auth]))
        chosen = rules.wanted(wants)
        made = Device(
            self._ids.new("psh"), staff.id, current.id if current else None, sealed, (device or "")[:200] or None,
            chosen, now, now,
        )  # fmt: skip
        async with self._db.write() as tx:
            id_ = await store.put(tx.session, made, fingerprint(keys.endpoint), anew=wants is not None)
            for old in (await store.of_staff(tx.session, staff.id))[rules.MOST_DEVICES :]:
                await store.drop(tx.session, old.id)
        self.known |= {staff.id}
        return id_

    async def remove(self, staff: Staff, device_id: str) -> None:
        async with self._db.write() as tx:
            if not await store.drop(tx.session, device_id, staff.id):
                raise NotFound("no_device")

    async def own(self, staff: Staff, device_id: str) -> Device:
        async with self._db.read() as session:
            found = next((each for each in await store.of_staff(session, staff.id) if each.id == device_id), None)
        if found is None:
            raise NotFound("no_device")
        return found

    async def good(self, session: AsyncSession, member: Staff) -> Sequence[Device]:
        """Those at which they are still signed in."""
        found = await store.of_staff(session, member.id)
        signed_in = {each.id for each in await self._accounts.sessions(member)} if found and member.active else set()
        return [each for each in found if each.session_id in signed_in]

    def keys(self, device: Device) -> Keys | None:
        """None where they were sealed with another secret."""
        opened = self._seal.open(device.sealed)
        return Keys(*json.loads(opened)) if opened is not None else None

    def _json(self, each: Device, good: set[str | None]) -> dict[str, Any]:
        return {
            "id": each.id,
            "device": each.device,
            "wants": sorted(each.wants),
            "since": iso(each.created_at),
            "seen_at": iso(each.seen_at),
            "last_ok_at": iso(each.last_ok_at),
            "failures": each.failures,
            "last_error": each.last_error,
            "signed_in": each.session_id in good,
        }
