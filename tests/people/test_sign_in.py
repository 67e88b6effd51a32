"""Guessing passwords: many at a time are no more tries than one by one, and they slow down nothing else."""

from __future__ import annotations

import asyncio
import threading

import pytest

from relevo.kit import crypto
from relevo.kit.address import counted_as
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import TooMany, Unauthorized
from relevo.kit.ids import CountingIds
from relevo.people.rules import LOGIN_TRIES, Role
from relevo.people.service import People

EMAIL, PASSWORD = "marta@x.com", "a long password"


@pytest.fixture
async def people(db: Database, clock: FixedClock, ids: CountingIds, monkeypatch: pytest.MonkeyPatch) -> People:
    """With a password check that takes no effort and remembers in which thread it was."""
    monkeypatch.setattr(crypto, "hash_password", lambda password: f"hash of {password}")
    monkeypatch.setattr(crypto, "verify_password", lambda stored, password: stored == f"hash of {password}")
    people = People(db, clock, ids)
    await people.enrol(email=EMAIL, name="Marta", role=Role.AGENT, password=PASSWORD)
    return people


async def outcome(people: People, password: str, address: str, email: str = EMAIL) -> str:
    try:
        await people.sign_in(email, password, address=address)
    except (TooMany, Unauthorized) as error:
        return error.code
    return "in"


async def test_guesses_at_the_same_time_count_like_guesses_one_by_one(people: People) -> None:
    guesses = (outcome(people, f"guess {number}", f"198.51.100.{number}") for number in range(40))
    found = await asyncio.gather(*guesses)
    assert found.count("wrong_credentials") == LOGIN_TRIES
    assert found.count("too_many_logins") == 40 - LOGIN_TRIES
    assert await outcome(people, PASSWORD, "198.51.100.99") == "too_many_logins"


async def test_one_stranger_tries_many_accounts_and_locks_out_only_themselves(people: People) -> None:
    for number in range(4 * LOGIN_TRIES):
        assert await outcome(people, "x", f"2001:db8:0:1::{number:x}", f"{number}@x.com") == "wrong_credentials"
    assert await outcome(people, PASSWORD, "2001:db8:0:1:ffff::1") == "too_many_logins"
    assert await outcome(people, PASSWORD, "2001:db8:0:2::1") == "in"


async def test_an_office_behind_one_router_signs_in_as_often_as_it_likes(people: People) -> None:
    for _ in range(5 * LOGIN_TRIES):
        assert await outcome(people, PASSWORD, "198.51.100.7") == "in"


async def test_passwords_are_looked_at_in_threads_of_their_own(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[str] = set()

    def verify(_stored: str | None, _password: str) -> bool:
        threads.add(threading.current_thread().name.split("_")[0])
        return False

    monkeypatch.setattr(crypto, "verify_password", verify)
    assert await outcome(people, "x", "198.51.100.7") == "wrong_credentials"
    assert threads == {"password"}


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_who_counts_as_one_stranger(host: str | None, key: str) -> None:
    assert counted_as(host) == key
