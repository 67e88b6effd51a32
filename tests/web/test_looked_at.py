"""What staff look at is on record: who, what and when, never what was read; and who looked at somebody is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from relevo.adapters.understanding.embedded import Embedded
from relevo.kit.clock import FixedClock
from tests.conftest import NOW
from tests.web.matrix_house import Town, built
from tests.web.test_live_feed import console, served
from tests.web.test_scope_live import first

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, engine: Embedded) -> AsyncIterator[Town]:
    async with built(tmp_path_factory.mktemp("reads"), FixedClock(NOW), engine) as made:
        yield made


async def test_everything_of_a_person_that_is_opened_is_on_record(town: Town) -> None:
    ids = town.sides["ours"].ids
    looks = [
        ("agent", "GET", f"/api/people/{ids['person_id']}", "customer_read", ids["person_id"]),
        ("agent", "GET", f"/api/conversations/{ids['conversation_id']}", "conversation_read", ids["conversation_id"]),
        ("executive", "GET", f"/api/bookings/{ids['code']}", "booking_read", ids["code"]),
        ("agent", "GET", f"/api/attachments/{ids['attachment_id']}", "attachment_read", ids["attachment_id"]),
        ("auditor", "GET", f"/api/calls/{ids['call_id']}", "call_read", ids["call_id"]),
        ("auditor", "GET", f"/api/recordings/{ids['recording_id']}", "recording_read", ids["recording_id"]),
        ("supervisor", "POST", f"/api/recordings/{ids['recording_id']}/link", "recording_heard", ids["recording_id"]),
    ]  # fmt: skip
    for who, method, path, _, _ in looks * 2:
        how = {} if method == "GET" else {"json": {}}
        assert (await town.ask(who, method, path, **how)).status_code == 200, path
    kept = {"download": True, "reason": "una queja", "format": "wav"}
    path = f"/api/recordings/{ids['recording_id']}/link"
    assert (await town.ask("supervisor", "POST", path, json=kept)).status_code == 200
    answer = await town.ask("auditor", "GET", f"/api/people/{ids['person_id']}/reads")
    assert answer.status_code == 200
    found = [(each["by"]["id"], each["what"], each["subject"]) for each in answer.json()["items"]]
    expected = [(town.staff[who], what, subject) for who, _, _, what, subject in looks]
    expected.append((town.staff["supervisor"], "recording_downloaded", ids["recording_id"]))
    assert found == expected[::-1]
    assert answer.json()["items"][0]["details"]["reason"] == "una queja"
    assert "orquidea" not in answer.text.replace(ids["recording_id"], "").replace(ids["call_id"], "")
    other = await town.ask("auditor", "GET", f"/api/people/{town.sides['free'].ids['person_id']}/reads")
    assert other.json()["items"] == []


async def test_a_thread_on_a_socket_is_a_look_too(town: Town) -> None:
    ids = town.sides["free"].ids
    async with served(town) as port, console(port, town.tokens["agent"]) as desk:  # type: ignore[arg-type]
        await first(desk, f"conversation:{ids['conversation_id']}")
    noted = await town.ask("auditor", "GET", f"/api/audit?subject={ids['conversation_id']}")
    assert [each["what"] for each in noted.json()["items"]] == ["conversation_read"]


async def test_searches_are_on_record_without_their_words(town: Town) -> None:
    for words in ("Ona", "Ona", "Fabia", ""):
        assert (await town.ask("agent", "GET", f"/api/people?q={words}")).status_code == 200
    noted = (await town.ask("auditor", "GET", "/api/audit?what=people_searched")).json()["items"]
    assert [each["details"] for each in noted] == [{"found": 1}, {"found": 1}]
    assert all(each["by"]["id"] == town.staff["agent"] for each in noted)


async def test_what_was_not_found_was_not_looked_at(town: Town) -> None:
    theirs = town.sides["theirs"].ids
    for path in (f"conversations/{theirs['conversation_id']}", f"people/{theirs['person_id']}", "bookings/RL-XXXXX"):
        assert (await town.ask("our agent", "GET", f"/api/{path}")).status_code == 404
    noted = (await town.ask("auditor", "GET", f"/api/audit?by={town.staff['our agent']}")).json()["items"]
    assert noted == []


async def test_a_stop_writes_what_waits(tmp_path_factory: pytest.TempPathFactory, engine: Embedded) -> None:
    async with built(tmp_path_factory.mktemp("stop"), FixedClock(NOW), engine) as town:
        ids, written = town.sides["ours"].ids, []
        flush = town.product.reads.flush

        async def watched() -> None:
            written.append(len(town.product.reads._waiting))
            await flush()

        town.product.reads.flush = watched  # type: ignore[method-assign]
        await town.ask("agent", "GET", f"/api/people/{ids['person_id']}")
    assert sum(written) == 1
