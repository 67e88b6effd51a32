"""Every address, topic and export, times every role, times what is of one's own teams, of others' and of nobody's: as
the table says, and nothing else. Refusals are asked for over HTTP; that somebody may is asked of the guard itself where
asking over HTTP would do it."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi.routing import APIRoute
from starlette.requests import Request

from relevo.adapters.understanding.embedded import Embedded
from relevo.kit.clock import FixedClock
from relevo.kit.errors import RelevoError
from tests import postgres
from tests.conftest import NOW
from tests.web.matrix_house import NARROW, SIDES, STAFF, Side, Town, built
from tests.web.matrix_policy import POLICY
from tests.web.test_doors import everything, guarded

pytestmark = pytest.mark.asyncio(loop_scope="module")
LETTERS = {"agent": "A", "supervisor": "S", "executive": "E", "admin": "D", "auditor": "U"}
EXPORTS = ("conversations", "calls", "recordings", "bookings")
QUERY = {
    "/api/availability": "check_in=2026-12-01&check_out=2026-12-03",
    "/api/availability/grid": "from=2026-12-08&nights=14",
    "/api/calls": "status=all",
    "/api/alerts": "state=all",
    "/api/requests": "state=all",
    "/api/deposits": "state=all",
    "/api/appointments/days": "first=2026-11-20&days=7",
    "/api/presence/me/totals": "first=2026-11-20&last=2026-11-21",
    "/api/presence/totals": "first=2026-11-20&last=2026-11-21",
    "/api/presence/{staff_id}/totals": "first=2026-11-20&last=2026-11-21",
    "/api/recordings/{recording_id}/peaks": "points=10",
    "/api/appointments/slots": "service=masaje&day=2026-11-25",
}
OTHERS = {
    "schedule_id": "sch_x", "partner_id": "prt_x", "hours_id": "hrs_x", "reply_id": "can_x", "session_id": "ses_x",
    "example_id": "exa_x", "change_id": "1", "key": "pk_x", "name": "email", "figure": "sales", "period": "keep_audio",
    "peer_id": "rtc_x", "mail_id": "eml_x", "use": "sms", "device_id": "dev_x",
}  # fmt: skip


@pytest.fixture(scope="module")
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """SQLite, or a database of its own where PostgreSQL is asked for."""
    if os.environ.get("RELEVO_TEST_DATABASE") != "postgresql":
        yield ""
        return
    server: postgres.Server = request.getfixturevalue("postgresql")
    with server.database() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(url: str, tmp_path_factory: pytest.TempPathFactory, engine: Embedded) -> AsyncIterator[Town]:
    async with built(tmp_path_factory.mktemp("matrix"), FixedClock(NOW), engine, url) as made:
        yield made


def policy() -> dict[tuple[str, str], tuple[str, str]]:
    rows = [line.split() for line in POLICY.strip().splitlines()]
    return {(method, path): (roles, kind) for method, path, roles, kind in rows}


def routes(town: Town) -> dict[tuple[str, str], APIRoute]:
    found = [route for route in everything(town) if isinstance(route, APIRoute)]  # type: ignore[arg-type]
    return {(method, route.path): route for route in found for method in route.methods}


def role_of(who: str) -> str:
    return STAFF[who][0].value


def path_of(path: str, ids: dict[str, str]) -> str | None:
    """The address of a side's thing; None where it has none of that kind."""
    values = OTHERS | ids
    if path.startswith("/api/appointments/"):
        values["code"] = ids["appointment"]
    elif path.startswith("/api/excursions/"):
        values["code"] = ids["places"]
    needed = re.findall(r"{(\w+)", path)
    return path.format(**values) if all(each in values for each in needed) else None


def refused(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and answer.json()["error"]["code"] == "not_allowed"


def leaks(town: Town, answer: httpx.Response, asked: str = "") -> list[str]:
    """What of the others is in an answer, in its body or in what it is called."""
    text = words(answer) + str(answer.headers.get("content-disposition", ""))
    return [mark for mark in town.sides["theirs"].marks if mark in text and mark not in asked]


def words(answer: httpx.Response) -> str:
    content = answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(each).decode(errors="replace") for each in book.namelist())
    return content.decode(errors="replace")


def shows(answer: httpx.Response, side: Side) -> bool:
    text = words(answer)
    return any(mark in text for mark in side.marks)


async def test_the_table_names_every_address_and_who_may(town: Town) -> None:
    table, there = policy(), routes(town)
    assert sorted(set(there) - set(table)) == []
    assert sorted(set(table) - set(there)) == []
    for key, (roles, kind) in table.items():
        action = guarded(there[key])
        assert (action is None) is (kind == "open"), key
        if action is not None:
            granted = "".join([each for who, each in LETTERS.items() if await may(town, there[key], who, {}) is None])
            assert granted == roles, key


async def may(town: Town, route: APIRoute, who: str, ids: dict[str, str]) -> str | None:
    """What the guard of a route says to somebody, without going through it: an error's code, or nothing."""
    checks = [each.call for each in route.dependant.dependencies if hasattr(each.call, "action")]
    path = path_of(route.path, ids) if ids else route.path
    scope = {
        "type": "http", "method": "GET", "path": path, "headers": [
            (b"authorization", f"Bearer {town.tokens[who]}".encode()), (b"host", b"localhost"),
        ],
        "path_params": _params(route.path, ids), "query_string": b"", "scheme": "http", "server": ("localhost", 80),
    }  # fmt: skip
    try:
        for check in checks:
            assert check is not None
            await check(Request(scope))
    except RelevoError as error:
        return error.code
    return None


def _params(path: str, ids: dict[str, str]) -> dict[str, str]:
    values = {name: ids[name] for name in re.findall(r"{(\w+)", path) if name in ids}
    if "code" in values:
        special = {"/api/appointments/": "appointment", "/api/excursions/": "places"}
        key = next((name for begin, name in special.items() if path.startswith(begin)), "code")
        values["code"] = ids[key]
    return values


async def test_whoever_may_not_is_refused_and_others_things_do_not_exist(town: Town) -> None:
    """Nothing is changed by any of it, so that the order does not matter."""
    there, checked = routes(town), 0
    for (method, path), (roles, kind) in policy().items():
        if kind == "open":
            continue
        for who in STAFF:
            letter = LETTERS[role_of(who)]
            wide = kind == "wide" and who in NARROW
            for side in SIDES if kind == "thing" else ("theirs",):
                at = path_of(path, town.sides[side].ids)
                if at is None:
                    continue
                where = (method, path, who, side)
                if letter not in roles or wide:
                    assert refused(await town.ask(who, method, f"{at}?{QUERY.get(path, '')}")), where
                elif kind == "thing" and who in NARROW and side == "theirs":
                    answer = await town.ask(who, method, f"{at}?{QUERY.get(path, '')}")
                    missing = await town.ask("admin", method, _nothing(path))
                    assert answer.status_code == 404, (where, answer.text)
                    assert leaks(town, answer) == [], where
                    if method == "GET" and missing.status_code == 404:
                        assert answer.json() == missing.json(), where
                else:
                    ids = town.sides[side].ids if kind == "thing" else {}
                    assert await may(town, there[(method, path)], who, ids) is None, where
                checked += 1
    assert checked > 1_500


def _nothing(path: str) -> str:
    return re.sub(r"{\w+(:\w+)?}", "xxx_nothing", path)


async def test_what_is_read_holds_nothing_of_others(town: Town) -> None:
    """Of every address that is read, as somebody of a team reads it; and what they are for is in it."""
    seen = 0
    for (method, path), (roles, kind) in policy().items():
        if method != "GET" or kind in ("open", "wide") or "/stream" in path:
            continue
        for who in NARROW:
            if LETTERS[role_of(who)] not in roles:
                continue
            for side in ("ours", "free") if kind == "thing" else ("ours",):
                at = path_of(path, {"kind": "calls", **town.sides[side].ids})
                if at is None:
                    continue
                answer = await town.ask(who, "GET", f"{at}?{QUERY.get(path, '')}")
                assert leaks(town, answer) == [], (path, who, side, answer.text[:2_000])
                if kind == "thing":
                    assert answer.status_code != 404 or "voucher" in path, (path, who, side, answer.text)
                seen += 1
    assert seen > 80


async def test_lists_hold_what_is_of_them(town: Town) -> None:
    """The others' are there for whom the house is: else their absence would say nothing."""
    for (method, path), (roles, kind) in policy().items():
        if kind != "list" or method != "GET" or "{kind}" in path:
            continue
        for who in STAFF:
            if LETTERS[role_of(who)] not in roles:
                continue
            for side in SIDES:
                person = f"&person_id={town.sides[side].ids['person_id']}" if path == "/api/appointments" else ""
                answer = await town.ask(who, "GET", f"{path}?{QUERY.get(path, '')}{person}")
                there = shows(answer, town.sides[side])
                assert there is not (who in NARROW and side == "theirs"), (path, who, side, answer.text[:1_500])


@pytest.mark.parametrize("kind", EXPORTS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_files_hold_what_is_of_them(town: Town, kind: str, form: str) -> None:
    for who in ("supervisor", "auditor", "admin", "our supervisor"):
        answer = await town.ask(who, "GET", f"/api/exports/{kind}?format={form}")
        assert answer.status_code == 200
        for side in SIDES:
            expected = not (who in NARROW and side == "theirs")
            assert shows(answer, town.sides[side]) is expected, (who, side)


async def test_searching_finds_nothing_of_others(town: Town) -> None:
    theirs, ours = town.sides["theirs"], town.sides["ours"]
    for who in ("our agent", "our supervisor"):
        for word in ("Zoilo", "zarzamora", theirs.marks[2], theirs.marks[2][-6:]):
            assert (await town.ask(who, "GET", f"/api/people?q={word}")).json()["items"] == []
        assert shows(await town.ask(who, "GET", "/api/people?q=Ona"), ours)
    for asked in (
        "text=zarzamora",
        "person=zarzamora",
        f"person={theirs.ids['person_id']}",
        f"number={theirs.marks[2]}",
    ):
        assert (await town.ask("our supervisor", "GET", f"/api/recordings?{asked}")).json()["items"] == []
        assert (await town.ask("supervisor", "GET", f"/api/recordings?{asked}")).json()["items"] != []
    for query in ("bookings?conversation_id=", "requests?conversation="):
        at = f"/api/{query}{theirs.ids['conversation_id']}"
        assert (await town.ask("our agent", "GET", at)).json()["items"] == []
        assert (await town.ask("agent", "GET", at)).json()["items"] != []


async def test_counts_do_not_count_what_is_of_others(town: Town) -> None:
    async def counts(who: str) -> tuple[int, int, int]:
        alerts = (await town.ask(who, "GET", "/api/alerts")).json()
        board = (await town.ask(who, "GET", "/api/queues/board")).json()
        folder = (await town.ask(who, "GET", "/api/conversations?folder=queued")).json()
        assert alerts["open"] == len(alerts["items"])
        return alerts["open"], board["all"]["waiting"] + board["all"]["with_agents"], len(folder["items"])

    house, ours = await counts("supervisor"), await counts("our supervisor")
    assert house[1] == 6
    assert ours[1] == 4
    assert (house[2], ours[2]) == (5, 4)
    assert ours[0] < house[0]

    async def figures(who: str) -> tuple[int, int, int, int]:
        today = (await town.ask(who, "GET", "/api/summary")).json()
        given = (await town.ask(who, "GET", "/api/feedback/figures")).json()
        return today["deposits"], today["holds"], today["waiting"], given["count"]

    assert await figures("agent") == (3, 3, 5, 3)
    assert await figures("our agent") == (2, 2, 4, 2)
    team = (await town.ask("our supervisor", "GET", "/api/presence/team")).text
    assert "Staff our agent" in team
    assert "Zulema" not in team
    assert "Zulema" in (await town.ask("supervisor", "GET", "/api/presence/team")).text


async def test_bodies_may_not_name_what_is_of_others(town: Town) -> None:
    theirs, ours = town.sides["theirs"].ids, town.sides["ours"].ids
    for what in ("merge", "unmerge", "distinct"):
        answer = await town.ask(
            "our agent", "POST", f"/api/people/{ours['person_id']}/{what}", json={"other": theirs["person_id"]}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_person")


async def test_a_link_to_sound_opens_only_for_whom_it_is(town: Town) -> None:
    theirs = town.sides["theirs"].ids["recording_id"]
    given = await town.ask("supervisor", "POST", f"/api/recordings/{theirs}/link", json={})
    assert given.status_code == 200
    at = given.json()["url"].partition("8000")[2]
    assert (await town.http.get(at)).status_code == 200
    path = f"/api/staff/{town.staff['supervisor']}"
    teams: dict[str, Any] = {"scope": "teams"}
    assert (await town.ask("admin", "PATCH", path, json=teams)).status_code == 200
    try:
        assert (await town.http.get(at)).status_code == 404
    finally:
        assert (await town.ask("admin", "PATCH", path, json={"scope": "house"})).status_code == 200
