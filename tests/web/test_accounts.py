"""Accounts over HTTP: signing in with a second factor, one's own sessions, who may manage whom, what is on record."""

from __future__ import annotations

import pyotp

from relevo.kit.clock import FixedClock
from relevo.people.rules import CODE_SECONDS
from tests.web.conftest import PASSWORD, Site


def code(clock: FixedClock, secret: str) -> str:
    return pyotp.HOTP(secret).at(int(clock.now().timestamp()) // CODE_SECONDS)


async def login(site: Site, **more: str) -> tuple[int, str]:
    answer = await site.http.post("/api/auth/login", json={"email": "marta@x.com", "password": PASSWORD, **more})
    return answer.status_code, answer.json().get("error", {}).get("code", "")


async def test_a_second_factor_from_the_square_code_to_the_next_sign_in(site: Site, clock: FixedClock) -> None:
    begun = await site.staff("POST", "/api/me/second_factor")
    assert begun.headers["cache-control"] == "no-store"
    assert begun.json()["svg"].startswith("<svg")
    secret = begun.json()["secret"]
    wrong = await site.staff("POST", "/api/me/second_factor/confirm", json={"code": "12345"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (403, "wrong_code")
    codes = (await site.staff("POST", "/api/me/second_factor/confirm", json={"code": code(clock, secret)})).json()
    assert len(codes["recovery_codes"]) == 10
    assert (await site.staff("GET", "/api/me/second_factor")).json()["on"] is True
    assert await login(site) == (401, "code_needed")
    assert await login(site, code=codes["recovery_codes"][0]) == (200, "")
    assert await login(site, code=codes["recovery_codes"][0]) == (401, "wrong_code")


async def test_own_sessions_show_where_and_end(site: Site) -> None:
    there = await site.http.post(
        "/api/auth/login", json={"email": "marta@x.com", "password": PASSWORD}, headers={"user-agent": "Firefox 140"}
    )
    site.http.cookies.clear()
    listed = (await site.staff("GET", "/api/me/sessions")).json()["items"]
    assert sorted(each["current"] for each in listed) == [False, True]
    other = next(each for each in listed if not each["current"])
    assert "token" not in str(listed)
    assert (await site.staff("DELETE", f"/api/me/sessions/{other['id']}", "agent2")).status_code == 404
    assert (await site.staff("DELETE", f"/api/me/sessions/{other['id']}")).status_code == 204
    headers = {"authorization": f"Bearer {there.json()['token']}"}
    assert (await site.http.get("/api/auth/me", headers=headers)).status_code == 401
    assert (await site.staff("DELETE", "/api/me/sessions")).json() == {"ended": 0}
    assert (await site.staff("GET", "/api/auth/me")).status_code == 200


async def test_a_new_password_signs_out_everywhere(site: Site) -> None:
    refused = await site.staff("POST", "/api/me/password", json={"old": "no", "new": "a quite new password"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "wrong_password")
    body = {"old": PASSWORD, "new": "a quite new password"}
    assert (await site.staff("POST", "/api/me/password", json=body)).status_code == 204
    assert (await site.staff("GET", "/api/auth/me")).status_code == 401


async def test_an_administrator_manages_accounts_and_an_auditor_reads_what_was_done(site: Site) -> None:
    body = {"email": "nuevo@x.com", "name": "Nuevo", "role": "agent", "password": "a long password"}
    made = await site.staff("POST", "/api/staff", "admin", json=body)
    assert made.status_code == 201
    staff_id = made.json()["id"]
    assert (await site.staff("POST", "/api/staff", "admin", json=body)).status_code == 409
    assert (await site.staff("POST", "/api/staff", "admin", json=body | {"admin": True})).status_code == 422
    changed = await site.staff("PATCH", f"/api/staff/{staff_id}", "admin", json={"active": False})
    assert changed.json()["active"] is False
    assert "nuevo@x.com" in [each["email"] for each in (await site.staff("GET", "/api/staff", "admin")).json()["items"]]
    assert (await site.staff("PATCH", "/api/staff/stf_nobody", "admin", json={"name": "X"})).status_code == 404
    seen = (await site.staff("GET", f"/api/audit?subject={staff_id}", "admin")).json()
    assert [each["what"] for each in seen["items"]] == ["account_changed", "account_added"]
    assert seen["items"][0]["by"]["name"]
    assert (await site.staff("GET", "/api/audit")).status_code == 403
    page = (await site.staff("GET", "/api/audit?limit=1", "admin")).json()
    after = (await site.staff("GET", f"/api/audit?limit=1&before={page['next']}", "admin")).json()
    assert page["items"][0]["id"] > after["items"][0]["id"]


async def test_opening_a_customers_page_is_on_record_and_searching_is_not(site: Site) -> None:
    guest = await site.visitor()
    person = (await site.staff("GET", f"/api/conversations/{guest.id}")).json()["conversation"]["person"]["id"]
    await site.staff("GET", "/api/people?q=x")
    assert (await site.staff("GET", "/api/people/per_nobody")).status_code == 404
    assert (await site.staff("GET", f"/api/people/{person}")).status_code == 200
    seen = (await site.staff("GET", "/api/audit?what=customer_read", "admin")).json()["items"]
    assert [(each["subject"], each["details"]) for each in seen] == [(person, {})]
