"""Which pages may show the chat: exact origins, and a page in the frame that only we made."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from relevo.adapters.channels.webchat.sites import origin_of
from relevo.kit.clock import FixedClock
from relevo.kit.errors import Invalid
from tests.widget.conftest import HOTEL, Site
from tests.widget.test_identity import good, token

OWN = "http://localhost:8000"


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        ("https://www.Hotel.example", HOTEL),
        (" https://www.hotel.example:443/ ", HOTEL),
        ("https://www.hotel.example:8443", "https://www.hotel.example:8443"),
        ("https://peñón.example", "https://xn--pen-8mak.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
    ],
)
def test_an_origin_is_written_as_a_browser_writes_it(given: str, exact: str) -> None:
    assert origin_of(given) == exact


@pytest.mark.parametrize(
    "given",
    ["", "*", "https://*.hotel.example", "hotel.example", "http://hotel.example", "https://hotel.example/chat", "null",
     "https://u:p@hotel.example", "https://hotel.example?x", "javascript:alert(1)", "https://", "https://a b",
     "https://hotel.example:99999", "https://hotel.example;", "https://a,https://b", "data:text/html,x"],
)  # fmt: skip
def test_what_is_no_exact_origin_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        origin_of(given)


def config(page: httpx.Response) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="config">(.*?)</script>', page.text)
    assert found is not None
    read: dict[str, Any] = json.loads(found[1])
    return read


async def frame(site: Site, origin: str, key: str = "default") -> httpx.Response:
    return await site.http.get("/widget/frame", params={"key": key, "origin": origin})


async def test_the_page_in_the_frame_may_stand_in_one_origin_only(site: Site) -> None:
    page = await frame(site, HOTEL)
    policy = page.headers["content-security-policy"]
    assert f"frame-ancestors {HOTEL}" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert config(page)["origin"] == HOTEL
    for origin in ("https://hotel.example", "https://evil.example", "http://www.hotel.example", f"{HOTEL}.evil.example",
                   "null", "*", "", f"{HOTEL}; frame-ancestors *"):  # fmt: skip
        refused = await frame(site, origin)
        assert refused.status_code == 403
        assert "frame-ancestors" not in refused.headers["content-security-policy"]
        assert "embed" not in refused.text
    assert (await frame(site, HOTEL, "pk_nobody")).status_code == 403
    assert (await frame(site, OWN)).status_code == 200


async def test_the_chat_stands_alone_under_its_own_address(site: Site) -> None:
    page = await site.http.get("/chat/default")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert config(page)["origin"] is None
    assert (await site.http.get("/chat/pk_nobody")).status_code == 404


async def test_the_script_is_for_every_page(site: Site) -> None:
    script = await site.http.get("/widget.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["access-control-allow-origin"] == "*"
    assert "relevo-chat" in script.text


async def test_a_session_of_a_site_needs_the_page_that_we_made(site: Site, clock: FixedClock) -> None:
    made = config(await frame(site, HOTEL))

    async def start(**more: Any) -> httpx.Response:
        headers = {"origin": more.pop("from_", OWN)}
        body = {"key": "default", "embed": made["embed"], **more}
        return await site.http.post("/api/webchat/sessions", json=body, headers=headers)

    assert (await start(page={"url": f"{HOTEL}/habitaciones"})).status_code == 201
    assert (await start(from_="https://evil.example")).json()["error"]["code"] == "not_on_this_page"
    for embed in (None, "", "default https://www.hotel.example", made["embed"] + "x"):
        assert (await start(embed=embed)).status_code == 403
    assert (await start(key="pk_nobody")).status_code == 403
    clock.advance(timedelta(days=1))
    # The signature's own clock is the machine's; the page is as good as its signature.
    assert (await start()).status_code == 201


async def test_sites_are_kept_by_administrators(site: Site) -> None:
    body = {"name": "Posada", "origins": ["https://posada.example", "https://POSADA.example/"]}
    made = (await site.staff("POST", "/api/webchat/sites", "admin", json=body)).json()
    assert made["origins"] == ["https://posada.example"]
    assert f'data-key="{made["key"]}"' in made["snippet"]
    assert (await frame(site, "https://posada.example", made["key"])).status_code == 200
    assert (await frame(site, HOTEL, made["key"])).status_code == 403
    listed = (await site.staff("GET", "/api/webchat/sites", "admin")).json()["items"]
    assert [each["key"] for each in listed] == ["default", made["key"]]
    assert [each for each in listed if "secret" in each] == []
    secret = await site.staff("POST", f"/api/webchat/sites/{made['key']}/secret", "admin")
    assert (secret.json()["secret"], secret.headers["cache-control"]) == (made["secret"], "private, no-store")
    assert (await site.staff("POST", "/api/webchat/sites/pk_nobody/secret", "admin")).status_code == 404
    shown = (await site.staff("GET", "/api/audit?what=site_secret_shown", "admin")).json()["items"]
    assert [(each["by"]["name"], each["subject"]) for each in shown] == [("Admin", made["key"])]
    wrong = await site.staff("POST", "/api/webchat/sites", "admin", json={"origins": ["https://*.example"]})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "bad_origin")
    assert (await site.staff("DELETE", f"/api/webchat/sites/{made['key']}", "admin")).status_code == 204
    assert (await frame(site, "https://posada.example", made["key"])).status_code == 403


async def test_a_signed_visitor_is_the_customer_they_say_they_are(site: Site) -> None:
    made = config(await frame(site, HOTEL))
    known = (await site.staff("POST", "/api/webchat/sites/default/secret", "admin")).json()
    now = site.product.conversations._clock.now().timestamp()
    signed = token(good(iat=now, exp=now + 600), secret=known["secret"])

    async def person(identity: str | None) -> dict[str, Any]:
        body = {"key": "default", "embed": made["embed"], "identity": identity}
        opened = await site.http.post("/api/webchat/sessions", json=body)
        assert opened.status_code == 201, opened.text
        seen = (await site.staff("GET", f"/api/conversations/{opened.json()['id']}")).json()
        found: dict[str, Any] = seen["conversation"]["person"]
        return found

    first, second, stranger = await person(signed), await person(signed), await person(None)
    assert first["id"] == second["id"] != stranger["id"]
    assert first["name"] == "Ana"
    assert {"kind": "email", "value": "ana@example.com"} in first["identities"]
    forged = {"key": "default", "embed": made["embed"], "identity": token(good(iat=now, exp=now + 600))}
    assert (await site.http.post("/api/webchat/sessions", json=forged)).status_code == 401


@pytest.mark.parametrize("origin", ["http://[bad", "null", "https://", "https://hotel.example@test"])
async def test_an_origin_that_is_none_opens_nothing(site: Site, origin: str) -> None:
    opened = await site.http.post("/api/webchat/sessions", json={"key": "default"}, headers={"origin": origin})
    assert opened.status_code == 403
