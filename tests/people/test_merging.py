"""Several identities are one customer, two customers are found to be one, and every step of it can be taken back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, NotFound
from relevo.kit.ids import CountingIds
from relevo.people.legal import LegalHolds
from relevo.people.rules import Identity, IdentityKind, Person, Role, Staff, Why, match, name_key
from relevo.people.service import People

PHONE, OTHER_PHONE = Identity(IdentityKind.PHONE, "+5493415550142"), Identity(IdentityKind.PHONE, "+5493415550199")
ACCOUNT, OTHER_ACCOUNT = Identity(IdentityKind.WHATSAPP, "AR.1349"), Identity(IdentityKind.WHATSAPP, "AR.77")
MAIL = Identity(IdentityKind.EMAIL, "ana@x.com")
Meet = Callable[..., Awaitable[Person]]


@pytest.fixture
def people(db: Database, clock: FixedClock, ids: CountingIds) -> People:
    return People(db, clock, ids)


@pytest.fixture
async def marta(people: People) -> Staff:
    return await people.enrol(email="marta@x.com", name="Marta", role=Role.AGENT, password="a long password")


@pytest.fixture
def meet(people: People, db: Database) -> Meet:
    async def made(*identities: Identity, name: str | None = None, profile: str | None = None) -> Person:
        async with db.write() as tx:
            return await people.find_or_create(tx, identities, name=name, profile_name=profile)

    return made


async def find(people: People, db: Database, person_id: str) -> Person:
    async with db.read() as session:
        person = await people.get(session, person_id)
    assert person
    return person


async def alike(people: People, db: Database, person: Person) -> list[tuple[str, Why]]:
    async with db.read() as session:
        return [(other.id, why) for other, why in await people.alike(session, person)]


def test_the_account_decides_before_the_number() -> None:
    owners = {ACCOUNT: "ana", PHONE: "eva"}
    found = match([PHONE, ACCOUNT, MAIL], owners, {"ana": [ACCOUNT], "eva": [PHONE]})
    assert (found.person_id, found.free, found.alike) == ("ana", (MAIL,), ("eva",))


def test_a_number_that_changed_hands_proves_nothing() -> None:
    found = match([ACCOUNT, PHONE], {PHONE: "eva"}, {"eva": [PHONE, OTHER_ACCOUNT]})
    assert (found.person_id, found.free, found.alike) == (None, (ACCOUNT,), ("eva",))


def test_a_carrier_who_says_that_a_number_changed_is_believed() -> None:
    found = match([ACCOUNT, PHONE, OTHER_PHONE], {PHONE: "eva"}, {"eva": [PHONE, OTHER_ACCOUNT]})
    assert (found.person_id, found.free, found.alike) == ("eva", (ACCOUNT, OTHER_PHONE), ())
    taken = match([PHONE, OTHER_PHONE], {PHONE: "eva", OTHER_PHONE: "luz"}, {"eva": [PHONE], "luz": [OTHER_PHONE]})
    assert (taken.person_id, taken.alike) == ("eva", ("luz",))


def test_a_number_known_from_a_call_gets_its_account() -> None:
    found = match([ACCOUNT, PHONE], {PHONE: "eva"}, {"eva": [PHONE]})
    assert (found.person_id, found.free, found.alike) == ("eva", (ACCOUNT,), ())


@pytest.mark.parametrize(
    ("name", "key"),
    [("  José  PÉREZ-Núñez ", "jose perez nunez"), ("Ana 🌸", "ana"), ("🌸", None), (None, None), ("ß", "ss")],
)
def test_names_as_they_are_searched(name: str | None, key: str | None) -> None:
    assert name_key(name) == key


async def test_whoever_called_before_is_known_when_they_write(meet: Meet) -> None:
    ana = await meet(PHONE)
    assert (await meet(ACCOUNT, PHONE, profile="Anita 🌸")).id == ana.id
    hidden = await meet(ACCOUNT)
    assert (hidden.id, hidden.name, hidden.shown_name) == (ana.id, None, "Anita 🌸")


async def test_the_next_owner_of_a_number_is_somebody_else(meet: Meet, people: People, db: Database) -> None:
    before = await meet(ACCOUNT, PHONE)
    after = await meet(OTHER_ACCOUNT, PHONE)
    assert after.id != before.id
    assert (await meet(OTHER_ACCOUNT, PHONE)).id == after.id
    assert (await meet(PHONE)).id == before.id
    assert await alike(people, db, after) == [(before.id, Why.ACCOUNT)]


async def test_a_changed_number_is_known_from_then_on(meet: Meet, people: People, db: Database) -> None:
    ana = await meet(ACCOUNT, PHONE)
    async with db.write() as tx:
        await people.learn(tx, ana.id, identities=[OTHER_PHONE], why=Why.CHANGED_NUMBER)
    assert (await meet(OTHER_PHONE)).id == ana.id


async def test_merged_people_are_found_as_one_and_parted_again(
    meet: Meet, people: People, db: Database, marta: Staff
) -> None:
    ana, anita = await meet(PHONE, name="Ana Pérez"), await meet(MAIL, name="Anita")
    async with db.write() as tx:
        merged = await people.merge(tx, ana.id, anita.id, by=marta)
    assert (merged.id, merged.name, merged.identities) == (ana.id, "Ana Pérez", (PHONE, MAIL))
    assert merged.ids == {ana.id, anita.id}
    assert (await meet(MAIL)).id == ana.id
    assert await find(people, db, anita.id) == merged
    async with db.read() as session:
        assert await people.get_many(session, [anita.id, ana.id]) == {anita.id: merged, ana.id: merged}
        assert await people.known(session, [MAIL]) == ana.id
        assert [person.id for person in await people.search(session, "anita")] == [ana.id]
    async with db.write() as tx:
        parted = await people.unmerge(tx, ana.id, anita.id, by=marta)
    assert parted == ana
    assert (await meet(MAIL)) == anita
    async with db.read() as session:
        (line,) = await people.merges(session, ana)
    assert (line.kept, line.other, line.by, line.undone_by) == (ana.id, anita.id, marta.id, marta.id)


async def test_a_chain_of_three_comes_apart_where_it_is_cut(
    meet: Meet, people: People, db: Database, marta: Staff
) -> None:
    one, two, three = await meet(PHONE), await meet(MAIL), await meet(ACCOUNT)
    async with db.write() as tx:
        await people.merge(tx, two.id, three.id, by=marta)
        all_of_them = await people.merge(tx, one.id, three.id, by=marta)
    assert (all_of_them.id, all_of_them.ids) == (one.id, {one.id, two.id, three.id})
    assert (await meet(ACCOUNT)).id == one.id
    async with db.write() as tx:
        await people.unmerge(tx, one.id, three.id, by=marta)
    assert (await find(people, db, two.id)).ids == {one.id, two.id}
    assert (await find(people, db, three.id)).ids == {three.id}


async def test_what_cannot_be_merged_or_parted(meet: Meet, people: People, db: Database, marta: Staff) -> None:
    ana, eva = await meet(PHONE), await meet(MAIL)
    async with db.write() as tx:
        with pytest.raises(Conflict, match="same_person"):
            await people.merge(tx, ana.id, ana.id, by=marta)
        with pytest.raises(NotFound, match="no_person"):
            await people.merge(tx, ana.id, "per_none", by=marta)
        with pytest.raises(Conflict, match="not_merged"):
            await people.unmerge(tx, ana.id, eva.id, by=marta)
        await people.merge(tx, ana.id, eva.id, by=marta)
        with pytest.raises(Conflict, match="same_person"):
            await people.merge(tx, eva.id, ana.id, by=marta)
        with pytest.raises(Conflict, match="not_merged"):
            await people.unmerge(tx, eva.id, ana.id, by=marta)


async def test_a_hundred_merges_and_partings_end_where_they_began(
    meet: Meet, people: People, db: Database, marta: Staff
) -> None:
    dice = random.Random(16)
    met = [await meet(Identity(IdentityKind.WEBCHAT, f"v{number}")) for number in range(6)]
    cut: list[tuple[str, str]] = []
    for _ in range(50):
        one, other = dice.sample(met, 2)
        async with db.write() as tx:
            try:
                await people.merge(tx, one.id, other.id, by=marta)
            except Conflict:
                continue
    async with db.read() as session:
        together = await people.get_many(session, [each.id for each in met])
        cut = [(line.kept, line.other) for line in await people.merges(session, together[met[0].id])]
    assert {person.ids for person in together.values()} == {frozenset(each.id for each in met)}
    dice.shuffle(cut)
    for kept, other in cut:
        async with db.write() as tx:
            await people.unmerge(tx, kept, other, by=marta)
    assert [await find(people, db, each.id) for each in met] == met


async def test_two_who_merge_each_other_at_once_make_no_circle(
    meet: Meet, people: People, db: Database, marta: Staff
) -> None:
    ana, eva = await meet(PHONE), await meet(MAIL)

    async def merge(kept: str, other: str) -> str:
        try:
            async with db.write() as tx:
                return (await people.merge(tx, kept, other, by=marta)).id
        except Conflict as error:
            return error.code

    found = await asyncio.gather(merge(ana.id, eva.id), merge(eva.id, ana.id))
    assert "same_person" in found
    assert (await find(people, db, ana.id)).ids == {ana.id, eva.id}


async def test_twenty_first_messages_at_once_are_one_person(meet: Meet, people: People, db: Database) -> None:
    found = await asyncio.gather(
        *(meet(*((ACCOUNT, PHONE) if number % 2 else (PHONE, ACCOUNT))) for number in range(20))
    )
    assert len({person.id for person in found}) == 1
    async with db.read() as session:
        assert len(await people.search(session, "")) == 1


async def test_who_may_be_the_same(meet: Meet, people: People, db: Database, marta: Staff) -> None:
    ana = await meet(PHONE, name="Ana Pérez")
    caller, namesake = await meet(MAIL), await meet(ACCOUNT, name="ana perez")
    async with db.write() as tx:
        await people.learn(tx, ana.id, identities=[MAIL])
    assert await alike(people, db, ana) == [(caller.id, Why.CLAIMED), (namesake.id, Why.NAME)]
    async with db.write() as tx:
        await people.tell_apart(tx, namesake.id, ana.id, by=marta)
        await people.merge(tx, ana.id, caller.id, by=marta)
    assert await alike(people, db, await find(people, db, ana.id)) == []


@pytest.mark.parametrize("text", ["jose", "PÉREZ", "0142", "341 555", "ana@x", "AR%", "_"])
async def test_searching_for_people(meet: Meet, people: People, db: Database, text: str) -> None:
    jose = await meet(PHONE, MAIL, name="José Pérez")
    await meet(Identity(IdentityKind.WEBCHAT, "0142-ana@x"), name="Eva")
    async with db.read() as session:
        found = [person.id for person in await people.search(session, text)]
    assert found == ([] if text in ("AR%", "_") else [jose.id])


async def test_a_legal_hold_protects_everybody_who_is_one(
    meet: Meet, people: People, db: Database, clock: FixedClock, ids: CountingIds, marta: Staff
) -> None:
    ana, eva, luz = await meet(PHONE), await meet(MAIL), await meet(ACCOUNT)
    holds = LegalHolds(db, clock, ids)
    await holds.place(eva.id, reason="a claim", staff=marta)
    async with db.write() as tx:
        await people.merge(tx, ana.id, eva.id, by=marta)
    async with db.read() as session:
        assert await holds.held(session, [ana.id, luz.id]) == {ana.id}
    await holds.end(ana.id, staff=marta)
    async with db.read() as session:
        assert await holds.held(session, [ana.id, eva.id]) == frozenset()
