"""Second factors, sessions and accounts: codes work once, nobody is locked in or out by mistake, all of it is noted."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from relevo.kit import crypto
from relevo.kit.audit import deeds
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthorized
from relevo.kit.ids import CountingIds
from relevo.people.accounts import Accounts
from relevo.people.rules import CODE_SECONDS, LOGIN_TRIES, RECOVERY_CODES, Role, Staff
from relevo.people.second_factor import SecondFactors
from relevo.people.service import People

EMAIL, PASSWORD, OTHER = "marta@x.com", "a long password", "another password"


class House:
    def __init__(self, db: Database, clock: FixedClock, ids: CountingIds, secret: str = "one") -> None:
        self.db = db
        self.clock = clock
        self.factors = SecondFactors(db, clock, crypto.Seal(secret, purpose="test"), "Relevo")
        self.people = People(db, clock, ids, self.factors)
        self.accounts = Accounts(db, clock, ids, self.factors)

    async def enter(self, code: str | None = None, password: str = PASSWORD, address: str = "198.51.100.7") -> str:
        token, _ = await self.people.sign_in(EMAIL, password, address=address, code=code, device="Firefox")
        return token

    async def refusal(self, code: str | None = None, password: str = PASSWORD) -> str:
        with pytest.raises((Unauthorized, TooMany)) as refused:
            await self.enter(code, password)
        return refused.value.code

    def code(self, secret: str, steps: int = 0) -> str:
        return pyotp.HOTP(secret).at(int(self.clock.now().timestamp()) // CODE_SECONDS + steps)

    async def notes(self) -> list[str]:
        return [each["what"] for each in await deeds(self.db)]


@pytest.fixture
async def house(db: Database, clock: FixedClock, ids: CountingIds, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(crypto, "hash_password", lambda password: f"hash of {password}")
    monkeypatch.setattr(crypto, "verify_password", lambda stored, password: stored == f"hash of {password}")
    return House(db, clock, ids)


@pytest.fixture
async def marta(house: House) -> Staff:
    return await house.people.enrol(email=EMAIL, name="Marta", role=Role.AGENT, password=PASSWORD)


@pytest.fixture
async def admin(house: House) -> Staff:
    return await house.people.enrol(email="admin@x.com", name="Ada", role=Role.ADMIN, password=PASSWORD)


async def switched_on(house: House, marta: Staff) -> tuple[str, tuple[str, ...]]:
    begun = await house.factors.begin(marta)
    codes = await house.factors.confirm(marta, house.code(begun.secret))
    house.clock.advance(timedelta(minutes=2))
    return begun.secret, codes


async def test_a_factor_that_was_not_confirmed_is_asked_of_nobody(house: House, marta: Staff) -> None:
    begun = await house.factors.begin(marta)
    assert "secret=" + begun.secret in begun.uri
    assert await house.enter()
    with pytest.raises(Forbidden, match="wrong_code"):
        await house.factors.confirm(marta, "000000" if house.code(begun.secret) != "000000" else "111111")
    assert await house.enter()


async def test_a_code_lets_in_once_and_also_with_a_clock_that_is_off(house: House, marta: Staff) -> None:
    secret, codes = await switched_on(house, marta)
    assert len(set(codes)) == RECOVERY_CODES
    assert await house.refusal() == "code_needed"
    early = house.code(secret, -1)
    assert await house.enter(f"{early[:3]} {early[3:]}")
    assert await house.refusal(early) == "wrong_code"
    assert await house.enter(house.code(secret))
    assert await house.refusal(early) == "wrong_code"
    assert await house.refusal(house.code(secret, 2)) == "wrong_code"
    assert await house.refusal("٣٣٣٣٣٣") == "wrong_code"


async def test_the_password_comes_first_whatever_the_code(house: House, marta: Staff) -> None:
    secret, _ = await switched_on(house, marta)
    assert await house.refusal(house.code(secret), password=OTHER) == "wrong_credentials"
    assert await house.enter(house.code(secret))


async def test_guessing_codes_is_counted_like_guessing_passwords(house: House, marta: Staff) -> None:
    secret, _ = await switched_on(house, marta)
    wrong = next(code for code in ("000000", "111111") if code != house.code(secret))
    assert [await house.refusal(wrong) for _ in range(LOGIN_TRIES)] == ["wrong_code"] * LOGIN_TRIES
    assert await house.refusal(house.code(secret)) == "too_many_logins"


async def test_being_asked_for_the_code_is_no_guess(house: House, marta: Staff) -> None:
    secret, _ = await switched_on(house, marta)
    for _ in range(3 * LOGIN_TRIES):
        assert await house.refusal() == "code_needed"
    assert await house.enter(house.code(secret))


async def test_a_recovery_code_works_once_and_new_ones_replace_the_old(house: House, marta: Staff) -> None:
    secret, codes = await switched_on(house, marta)
    assert await house.enter(codes[0].lower().replace("-", " "))
    assert await house.refusal(codes[0]) == "wrong_code"
    assert (await house.factors.state(marta))["recovery_left"] == RECOVERY_CODES - 1
    fresh = await house.factors.renew_codes(marta, house.code(secret))
    assert await house.refusal(codes[1]) == "wrong_code"
    assert await house.enter(fresh[1])
    assert await house.notes() == ["recovery_code_used", "recovery_codes_renewed", "recovery_code_used",
                                   "second_factor_on"]  # fmt: skip


async def test_one_persons_recovery_code_is_nobody_elses(house: House, marta: Staff) -> None:
    _, codes = await switched_on(house, marta)
    julian = await house.people.enrol(email="julian@x.com", name="Julián", role=Role.AGENT, password=PASSWORD)
    begun = await house.factors.begin(julian)
    await house.factors.confirm(julian, house.code(begun.secret))
    with pytest.raises(Unauthorized, match="wrong_code"):
        await house.people.sign_in("julian@x.com", PASSWORD, address="test", code=codes[0])


async def test_switching_it_off_takes_a_code_and_setting_it_up_again_does_not_replace_it(
    house: House, marta: Staff
) -> None:
    secret, _ = await switched_on(house, marta)
    with pytest.raises(Conflict, match="second_factor_on"):
        await house.factors.begin(marta)
    with pytest.raises(Forbidden, match="wrong_code"):
        await house.factors.switch_off(marta, "")
    await house.factors.switch_off(marta, house.code(secret))
    assert await house.enter()


async def test_the_secret_is_unreadable_in_the_database_and_another_installation_lets_nobody_in(
    house: House, marta: Staff, ids: CountingIds
) -> None:
    secret, _ = await switched_on(house, marta)
    async with house.db.read() as session:
        from relevo.people.account_store import factor

        kept = await factor(session, marta.id)
    assert kept is not None
    assert secret not in kept.sealed
    assert kept.sealed not in repr(kept)
    elsewhere = House(house.db, house.clock, ids, secret="another")
    assert await elsewhere.refusal(house.code(secret)) == "wrong_code"


async def test_sessions_are_listed_and_ended_one_by_one(house: House, marta: Staff) -> None:
    here = await house.enter()
    house.clock.advance(timedelta(minutes=1))
    there = await house.enter(address="203.0.113.9")
    house.clock.advance(timedelta(minutes=6))
    assert await house.people.by_token(here)
    listed = await house.accounts.sessions(marta)
    assert [each.address for each in listed] == ["198.51.100.7", "203.0.113.9"]
    assert {each.device for each in listed} == {"Firefox"}
    await house.accounts.end_session(marta, listed[1].id or "")
    assert await house.people.by_token(there) is None
    with pytest.raises(NotFound):
        await house.accounts.end_session(marta, listed[1].id or "")
    again = await house.enter()
    assert await house.accounts.end_others(marta, again) == 1
    assert await house.people.by_token(here) is None
    assert await house.people.by_token(again)


async def test_nobody_ends_the_session_of_somebody_else(house: House, marta: Staff, admin: Staff) -> None:
    token = await house.enter()
    (open_,) = await house.accounts.sessions(marta)
    with pytest.raises(NotFound):
        await house.accounts.end_session(admin, open_.id or "")
    assert await house.people.by_token(token)


async def test_a_new_password_takes_the_old_one_and_ends_every_session(house: House, marta: Staff) -> None:
    token = await house.enter()
    with pytest.raises(Forbidden, match="wrong_password"):
        await house.accounts.change_password(marta, old=OTHER, new=OTHER)
    with pytest.raises(Invalid, match="password_too_short"):
        await house.accounts.change_password(marta, old=PASSWORD, new="short")
    assert await house.people.by_token(token)
    await house.accounts.change_password(marta, old=PASSWORD, new=OTHER)
    assert await house.people.by_token(token) is None
    assert await house.enter(password=OTHER)


async def test_an_account_that_is_switched_off_is_out_at_once_and_the_last_administrator_stays(
    house: House, marta: Staff, admin: Staff
) -> None:
    token = await house.enter()
    await house.accounts.alter(marta.id, name="Marta Díaz", by=admin)
    assert await house.people.by_token(token)
    await house.accounts.alter(marta.id, active=False, by=admin)
    assert await house.people.by_token(token) is None
    assert await house.refusal() == "wrong_credentials"
    for change in ({"active": False}, {"role": Role.AGENT}):
        with pytest.raises(Conflict, match="last_admin"):
            await house.accounts.alter(admin.id, by=admin, **change)  # type: ignore[arg-type]
    found = await deeds(house.db, subject=marta.id)
    assert [(each["what"], each["by"]) for each in found] == [("account_changed", admin.id)] * 2
    assert found[0]["details"] == {"active": ["True", "False"]}


async def test_an_administrator_adds_people_and_helps_out_who_lost_their_telephone(house: House, admin: Staff) -> None:
    made = await house.accounts.add(email=" Marta@X.com ", name="Marta", role=Role.AGENT, password=PASSWORD, by=admin)
    with pytest.raises(Conflict, match="email_taken"):
        await house.accounts.add(email=EMAIL, name="M", role=Role.ADMIN, password=PASSWORD, by=admin)
    with pytest.raises(Invalid):
        await house.accounts.add(email="nobody", name="M", role=Role.AGENT, password=PASSWORD, by=admin)
    await switched_on(house, made)
    assert [(each["name"], each["second_factor"]) for each in await house.accounts.listing()] == [
        ("Ada", False), ("Marta", True),
    ]  # fmt: skip
    await house.accounts.reset_factor(made.id, by=admin)
    assert await house.enter()
    await house.accounts.set_password(made.id, OTHER, by=admin)
    assert await house.refusal() == "wrong_credentials"
    assert set(await house.notes()) == {"account_added", "second_factor_on", "second_factor_off", "password_changed"}
