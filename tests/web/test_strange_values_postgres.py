"""What PostgreSQL does not store (a zero character, a name of a page) is cleaned or refused; nothing of ours fails."""

from __future__ import annotations

import pytest

from tests.web.conftest import Site


async def test_a_strangers_name_is_kept_as_far_as_it_is_one(site: Site) -> None:
    name = "\0Ana\u202e \n Paz" + "z" * 100
    opened = await site.http.post("/api/webchat/sessions", json={"name": name})
    assert opened.status_code == 201
    found = (await site.staff("GET", "/api/people", params={"q": "ana"})).json()["items"]
    assert [each["name"] for each in found] == ["Ana Paz" + "z" * 100]


async def test_an_opinion_is_kept_without_what_is_no_word(site: Site) -> None:
    guest = await site.visitor()
    order = {"t": "rate", "d": {"score": 5, "comment": "Muy\0 bien"}}
    headers = {"authorization": f"Bearer {guest.token}"}
    rated = await site.http.post(f"/api/webchat/sessions/{guest.id}/frames", json=order, headers=headers)
    assert rated.json()["frames"][0]["t"] == "done"


@pytest.mark.parametrize(
    "path", ["/api/attachments/%00", "/api/people/%00", "/api/people?q=%00", "/api/conversations/%00"]
)
async def test_a_zero_in_an_address_is_malformed(site: Site, path: str) -> None:
    answer = await site.staff("GET", path)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"
    assert (await site.http.get("/api/webchat/sessions/%00/messages")).status_code == 400
