"""Use cases about people: who is this customer, who is this member of staff, is this session good."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit import crypto
from relevo.kit.address import counted_as
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, take_turns
from relevo.kit.errors import Conflict, Invalid, NotFound, TooMany, Unauthorized
from relevo.kit.ids import Ids
from relevo.people import account_store, rules, store
from relevo.people.events import StandingChanged
from relevo.people.rules import NOTHING, Identity, Merge, Person, Role, Scope, Session, Staff, Why
from relevo.people.second_factor import SecondFactors

MIN_PASSWORD = 10
RACES = 3
MOST_ALIKE = 20


async def hashed_password(password: str) -> str:
    """A new one as it is kept. Raises ``Invalid("password_too_short")``."""
    if len(password) < MIN_PASSWORD:
        raise Invalid("password_too_short", minimum=MIN_PASSWORD)
    return await crypto.apart(partial(crypto.hash_password, password))


class People:
    def __init__(self, db: Database, clock: Clock, ids: Ids, factors: SecondFactors | None = None) -> None:
        self._factors = factors
        self._db = db
        self._clock = clock
        self._ids = ids
        self.scopes: Callable[[AsyncSession, Staff], Awaitable[Scope]] = _of_no_team
        """What the teams of somebody come to, whom not the whole house is for."""

    async def find_or_create(
        self,
        tx: Tx,
        identities: Sequence[Identity],
        *,
        name: str | None = None,
        locale: str | None = None,
        profile_name: str | None = None,
        username: str | None = None,
    ) -> Person:
        """The customer known by any of ``identities``; identities that nobody has yet become theirs too. Whoever was
        found to be somebody else is that somebody. ``name`` is what they call themselves, the others are of an
        account and only shown."""
        name, profile_name = rules.clean_name(name), rules.clean_name(profile_name)
        username = (rules.clean_name(username) or "")[: rules.MAX_USERNAME] or None
        person: Person | None = None
        for _ in range(RACES):
            person = await self._meet(tx, identities, name, locale, profile_name, username)
            if person is not None:
                break
        if person is None:
            raise LookupError("the owner of an identity keeps vanishing")
        shown = replace(person, profile_name=profile_name or person.profile_name, username=username or person.username)
        if shown != person:
            await store.rename(tx.session, person.id, profile_name=shown.profile_name, username=shown.username)
        return shown

    async def _meet(
        self,
        tx: Tx,
        identities: Sequence[Identity],
        name: str | None,
        locale: str | None,
        profile_name: str | None,
        username: str | None,
    ) -> Person | None:
        """None: others gave the same identities at the same moment; they are to be looked up again."""
        owners = await store.owners(tx.session, identities)
        known = await store.people(tx.session, set(owners.values()))
        roots = {identity: known[owner].id for identity, owner in owners.items()}
        found = rules.match(identities, roots, {each.id: each.identities for each in known.values()})
        person = next((each for each in known.values() if each.id == found.person_id), None)
        if person is None:
            now, person_id = self._clock.now(), self._ids.new("per")
            await store.add_person(
                tx.session, person_id, name=name, locale=locale, at=now, profile_name=profile_name, username=username
            )
            person = Person(person_id, name, locale, (), profile_name, username)
        if found.free:
            added = await store.add_identities(tx.session, person.id, found.free)
            if added == 0 and found.person_id is None:
                await store.drop_person(tx.session, person.id)
                return None
            person = replace(person, identities=(*found.free, *person.identities))
        for other in found.alike:
            await store.add_hint(tx.session, person.id, other, Why.ACCOUNT, self._clock.now())
        return person

    async def learn(
        self,
        tx: Tx,
        person_id: str,
        *,
        name: str | None = None,
        identities: Sequence[Identity] = (),
        why: Why = Why.CLAIMED,
    ) -> None:
        """Remember what a customer said about themselves, or their carrier about them (a changed number). An identity
        that is somebody else's is left alone; that the two may be one is noted, for ``why``."""
        person = await store.person(tx.session, person_id)
        if person is None:
            return
        if name := rules.clean_name(name):
            await store.rename(tx.session, person.id, name=name)
        owners = await store.owners(tx.session, identities)
        await store.add_identities(tx.session, person.id, [each for each in identities if each not in owners])
        for other in set(owners.values()) - person.ids:
            await store.add_hint(tx.session, person.id, other, why, self._clock.now())

    async def known(self, session: AsyncSession, identities: Sequence[Identity]) -> str | None:
        """The id of the customer who has the first of these, if anybody has."""
        owners = await store.owners(session, identities)
        owner = next((owners[each] for each in identities if each in owners), None)
        person = await store.person(session, owner) if owner else None
        return person.id if person else None

    async def get(self, session: AsyncSession, person_id: str) -> Person | None:
        """Under another id than the one asked for, where they were found to be the same as somebody."""
        return await store.person(session, person_id)

    async def get_many(self, session: AsyncSession, ids: Sequence[str]) -> dict[str, Person]:
        """By the ids that were asked for."""
        return await store.people(session, ids)

    async def same_as(self, session: AsyncSession, person_id: str) -> frozenset[str]:
        """Every id under which something of theirs may be kept."""
        person = await store.person(session, person_id)
        return person.ids if person else frozenset((person_id,))

    async def search(
        self, session: AsyncSession, text: str, *, limit: int = 50, only: store.Narrowing | None = None
    ) -> list[Person]:
        """By name, number, address or username; without words those met last. ``only``: a condition on who they are."""
        ids = await store.search(session, " ".join(text.split()), limit, only)
        found = await store.people(session, ids)
        return list({person.id: person for person in found.values()}.values())

    async def merge(self, tx: Tx, kept: str, other: str, *, by: Staff) -> Person:
        """From here on ``other`` is ``kept``. Nothing is moved, so that it can be taken back. Raises ``NotFound``,
        ``Conflict("same_person")``."""
        one, two = await self._both(tx, kept, other)
        if one.id == two.id:
            raise Conflict("same_person")
        await store.point(tx.session, two.id, one.id)
        await store.add_merge(tx.session, Merge(one.id, two.id, by.id, self._clock.now()))
        return await self._of(tx.session, one.id)

    async def unmerge(self, tx: Tx, kept: str, other: str, *, by: Staff) -> Person:
        """``other``, and whoever was found to be the same as them, are somebody else again. Answers who was kept.
        Raises ``NotFound``, ``Conflict("not_merged")``."""
        one, two = await self._both(tx, kept, other)
        into = await store.merged_into(tx.session, other)
        if into is None or one.id != two.id:
            raise Conflict("not_merged")
        await store.point(tx.session, other, None)
        await store.undo_merge(tx.session, into, other, by=by.id, at=self._clock.now())
        return await self._of(tx.session, kept)

    async def merges(self, session: AsyncSession, person: Person) -> list[Merge]:
        return await store.merges(session, person.ids)

    async def alike(
        self,
        session: AsyncSession,
        person: Person,
        *,
        contacts: Sequence[Identity] = (),
        booked_by: Sequence[str] = (),
    ) -> list[tuple[Person, Why]]:
        """Who may be the same: ``contacts`` are numbers and addresses they gave, ``booked_by`` who gave theirs."""
        noted = await store.hints(session, person.ids)
        found = [(other, why) for other, why, dismissed in noted if not dismissed]
        owners = await store.owners(session, contacts)
        found += [(other, Why.CONTACT) for other in (*owners.values(), *booked_by)]
        key = rules.name_key(person.name)
        if key and " " in key:
            found += [(other, Why.NAME) for other in await store.namesakes(session, key, MOST_ALIKE)]
        others = await store.people(session, {other for other, _ in found})
        told_apart = await store.people(session, {other for other, _, dismissed in noted if dismissed})
        skip = {person.id, *(each.id for each in told_apart.values())}
        answer: dict[str, tuple[Person, Why]] = {}
        for other, why in found:
            if other in others and others[other].id not in skip:
                answer.setdefault(others[other].id, (others[other], why))
        return list(answer.values())[:MOST_ALIKE]

    async def tell_apart(self, tx: Tx, person_id: str, other: str, *, by: Staff) -> None:
        """They are two, whatever it looks like: no longer suggested."""
        one, two = await self._both(tx, person_id, other)
        if one.id == two.id:
            raise Conflict("same_person")
        await store.dismiss(tx.session, one.id, two.id, by=by.id, at=self._clock.now())

    async def _both(self, tx: Tx, one: str, other: str) -> tuple[Person, Person]:
        await take_turns(tx.session, "people.merge")
        found = await store.people(tx.session, [one, other])
        if one not in found or other not in found:
            raise NotFound("no_person")
        return found[one], found[other]

    async def _of(self, session: AsyncSession, person_id: str) -> Person:
        person = await store.person(session, person_id)
        if person is None:
            raise NotFound("no_person")
        return person

    async def staff_names(self, session: AsyncSession) -> dict[str, str]:
        return await account_store.staff_names(session)

    async def signed_in(self, member: Staff) -> bool:
        """Whether any session of theirs is still good."""
        async with self._db.read() as session:
            return await account_store.has_session(session, member.id, member.session_version, self._clock.now())

    async def all_staff(self, session: AsyncSession) -> list[Staff]:
        """Everybody who may sign in, by name."""
        return [member for member in await account_store.all_staff(session) if member.active]

    async def staff(self, staff_id: str) -> Staff | None:
        async with self._db.read() as session:
            return await self._scoped(session, await account_store.staff(session, staff_id))

    async def _scoped(self, session: AsyncSession, member: Staff | None) -> Staff | None:
        if member is None or member.scope.whole:
            return member
        return replace(member, scope=await self.scopes(session, member))

    async def enrol(self, *, email: str, name: str, role: Role, password: str) -> Staff:
        """Create a member of staff, or change name, role and password of the one with that e-mail (ends sessions)."""
        email, hashed = email.strip().lower(), await hashed_password(password)
        async with self._db.write() as tx:
            known = await account_store.staff_by_email(tx.session, email)
            member = (
                replace(known, name=name, role=role, password_hash=hashed, session_version=known.session_version + 1)
                if known
                else Staff(self._ids.new("stf"), email, name, role, password_hash=hashed)
            )
            await account_store.put_staff(tx.session, member, self._clock.now())
            await tx.publish(StandingChanged(member.id))
        return member

    async def has_staff(self, email: str) -> bool:
        async with self._db.read() as session:
            return await account_store.staff_by_email(session, email) is not None

    async def sign_in(
        self, email: str, password: str, *, address: str, code: str | None = None, device: str | None = None
    ) -> tuple[str, Staff]:
        """A new session's token. Says the same thing, after the same effort, whatever was wrong. Raises
        ``Unauthorized("code_needed")`` where the password is right and a second factor is wanted."""
        email, now = email.strip().lower(), self._clock.now()
        account, origin = crypto.fingerprint(f"email {email}"), crypto.fingerprint(f"address {counted_as(address)}")
        async with self._db.read() as session:
            await self._may_try(session, account, origin)
        # The try is counted before the password is looked at, or a hundred at a time would all be the first.
        async with self._db.write() as tx:
            await take_turns(tx.session, account, origin)
            await self._may_try(tx.session, account, origin)
            tries = await account_store.add_failures(tx.session, (account, origin), now, now - rules.LOGIN_WINDOW)
            member = await account_store.staff_by_email(tx.session, email)
        stored = member.password_hash if member else None
        good = await crypto.apart(partial(crypto.verify_password, stored, password))
        if member is None or not good or not member.active:
            raise Unauthorized("wrong_credentials")
        token, refusal = crypto.new_token(), None
        async with self._db.write() as tx:
            asked = self._factors is not None and await self._factors.is_on(tx.session, member)
            if asked and not (code or "").strip():
                # Nothing was guessed: only the password was shown, and it is right.
                for row in tries.values():
                    await account_store.forget_failure(tx.session, row)
                refusal = "code_needed"
            elif asked and self._factors is not None and not await self._factors.use(tx, member, code or ""):
                refusal = "wrong_code"
            else:
                await account_store.clear_failures(tx.session, account)
                await account_store.forget_failure(tx.session, tries[origin])
                made = Session(
                    self._ids.new("ses"), member.id, member.session_version, now, now + rules.SESSION_LENGTH,
                    address[:64], rules.clean_name(device), now,
                )  # fmt: skip
                await account_store.add_session(tx.session, crypto.fingerprint(token), made)
        if refusal is not None:
            raise Unauthorized(refusal)
        return token, member

    async def _may_try(self, session: AsyncSession, account: str, origin: str) -> None:
        since = self._clock.now() - rules.LOGIN_WINDOW
        # One address may be a whole office behind a router, so it gets more tries than one account.
        for who, most in ((account, rules.LOGIN_TRIES), (origin, 4 * rules.LOGIN_TRIES)):
            if await account_store.failures(session, who, since) >= most:
                raise TooMany("too_many_logins", minutes=int(rules.LOGIN_WINDOW.total_seconds() // 60))

    async def sign_out(self, token: str) -> None:
        async with self._db.write() as tx:
            ended = await account_store.session_of(tx.session, crypto.fingerprint(token))
            await account_store.end_session(tx.session, crypto.fingerprint(token))
            if ended is not None:
                await tx.publish(StandingChanged(ended.staff_id))

    async def by_token(self, token: str) -> Staff | None:
        """Who holds this session token, if it is still good."""
        print_, now = crypto.fingerprint(token), self._clock.now()
        async with self._db.read() as session:
            found = await account_store.session_of(session, print_)
            known = await account_store.staff(session, found.staff_id) if found else None
            member = await self._scoped(session, known)
        if found is None or member is None:
            return None
        if not rules.session_is_good(member, version=found.version, expires_at=found.expires_at, now=now):
            return None
        if found.seen_at is None or now - found.seen_at >= rules.SEEN_EVERY:
            async with self._db.write() as tx:
                await account_store.seen(tx.session, print_, now)
        return member


async def _of_no_team(_session: AsyncSession, _member: Staff) -> Scope:
    return NOTHING
