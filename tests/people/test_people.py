"""Who is this customer: one person behind the variants of a number, never somebody else's."""

from __future__ import annotations

import pytest

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.ids import CountingIds
from relevo.kit.phone import e164, identity, of_account, other_form
from relevo.people.rules import Identity, IdentityKind, Person
from relevo.people.service import People

SAME = [
    ("+54 9 341 555-0142", "AR", "+5493415550142"),
    ("+543415550142", "AR", "+5493415550142"),
    ("0341 15 555-0142", "AR", "+5493415550142"),
    ("341 555 0142", "AR", "+5493415550142"),
    ("+52 1 55 1234 5678", "MX", "+525512345678"),
    ("+52 55 1234 5678", "AR", "+525512345678"),
    ("612 34 56 78", "ES", "+34612345678"),
    ("011 15-2345-6789", "AR", "+5491123456789"),
    ("0221 15 456-7890", "AR", "+5492214567890"),
    ("+54 341 15 555 0142", "ES", "+5493415550142"),
    ("+54 2901 15 412345", "AR", "+5492901412345"),
    ("0054 9 341 555 0142", "AR", "+5493415550142"),
    ("5215512345678", "AR", "+525512345678"),
    ("044 55 1234 5678", "MX", "+525512345678"),
    ("045 55 1234 5678", "MX", "+525512345678"),
    ("01 55 1234 5678", "MX", "+525512345678"),
    ("+52 044 55 1234 5678", "AR", "+525512345678"),
    ("+55 11 8765-4321", "BR", "+5511987654321"),
    ("(11) 98765-4321", "BR", "+5511987654321"),
    ("+55 51 9234-5678", "AR", "+5551992345678"),
    ("+55 11 3765-4321", "BR", "+551137654321"),
    ("+1 415 555 0100", "AR", "+14155550100"),
]
ACCOUNTS = [
    ("5493415550142", "+5493415550142", "543415550142"),
    ("543415550142", "+5493415550142", "5493415550142"),
    ("541143211234", "+5491143211234", "5491143211234"),
    ("5215512345678", "+525512345678", "525512345678"),
    ("525512345678", "+525512345678", "5215512345678"),
    ("551187654321", "+5511987654321", "5511987654321"),
    ("5511987654321", "+5511987654321", "551187654321"),
    ("551137654321", "+551137654321", None),
    ("34612345678", "+34612345678", None),
    ("", None, None),
]


@pytest.mark.parametrize(("written", "country", "known"), SAME)
def test_variants_of_a_number_are_one_identity(written: str, country: str, known: str) -> None:
    assert identity(written, country) == known


@pytest.mark.parametrize(("digits", "known", "other"), ACCOUNTS)
def test_accounts_of_whatsapp(digits: str, known: str | None, other: str | None) -> None:
    assert of_account(digits) == known
    assert other_form(digits) == other
    if other:
        assert (of_account(other), other_form(other)) == (known, digits)


@pytest.mark.parametrize("nonsense", ["", "hola", "12", "+", "anonymous", "+999999999999999999999"])
def test_what_is_no_number_is_none(nonsense: str) -> None:
    assert identity(nonsense, "AR") is None
    assert e164(nonsense, "AR") is None


def phone(value: str) -> Identity:
    return Identity(IdentityKind.PHONE, value)


def mail(value: str) -> Identity:
    return Identity(IdentityKind.EMAIL, value)


@pytest.fixture
def people(db: Database, clock: FixedClock, ids: CountingIds) -> People:
    return People(db, clock, ids)


async def meet(people: People, db: Database, *identities: Identity, name: str | None = None) -> Person:
    async with db.write() as tx:
        return await people.find_or_create(tx, identities, name=name)


async def test_a_customer_is_found_by_any_identity_and_keeps_the_new_ones(people: People, db: Database) -> None:
    ana = await meet(people, db, phone("+5491"), name="Ana")
    again = await meet(people, db, mail("ana@x.com"), phone("+5491"))
    assert again.id == ana.id
    assert (await meet(people, db, mail("ana@x.com"))).id == ana.id
    assert again.first(IdentityKind.EMAIL) == "ana@x.com"


async def test_what_somebody_says_of_themselves_never_takes_anothers_identity(people: People, db: Database) -> None:
    ana = await meet(people, db, phone("+5491"), name="Ana")
    eva = await meet(people, db, phone("+5492"))
    async with db.write() as tx:
        await people.learn(tx, eva.id, name="Eva", identities=[phone("+5491"), mail("eva@x.com")])
    assert (await meet(people, db, phone("+5491"))).id == ana.id
    eva = await meet(people, db, phone("+5492"))
    assert (eva.name, eva.first(IdentityKind.EMAIL)) == ("Eva", "eva@x.com")


async def test_a_password_never_shows(people: People) -> None:
    from relevo.people.rules import Role

    staff = await people.enrol(email="Marta@X.com ", name="Marta", role=Role.AGENT, password="very secret one")
    assert staff.email == "marta@x.com"
    assert "argon2" not in repr(staff)
