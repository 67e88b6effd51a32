"""A QloApps that is slow, down, or says what is not so: nothing is sold twice, nothing is lost, nothing leaks."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from relevo.adapters.pms.loopback_qloapps import KEY
from relevo.adapters.pms.loopback_qloapps.faults import Fault
from relevo.adapters.pms.qloapps import QloApps, Settings, read_house
from relevo.adapters.pms.qloapps.client import Client
from relevo.bookings.rules import DepositStatus
from relevo.kit.errors import BadCredentials, Conflict, Misconfigured, NotReady, ProviderError, RelevoError
from tests.bookings.qloapps import FACTS, Place, place, stay
from tests.bookings.test_rules import NOW

IN, OUT = date(2027, 5, 1), date(2027, 5, 3)
WISH = stay("RL-4K7Q2", "GR-101", "1", IN, OUT)


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


@pytest.mark.parametrize("fault", ["garbage_done", "empty_500_done", "hang_up_done", "slow_done"])
async def test_a_sale_without_an_answer_is_found_and_not_made_again(hotel: Place, fault: Fault) -> None:
    hotel.faults.writes.append(fault)
    adapter = hotel.adapter(timeout=0.3 if fault == "slow_done" else 5)
    assert await adapter.book(WISH) == "1"
    assert len(hotel.shop.orders) == 1


@pytest.mark.parametrize("fault", ["garbage", "empty_500", "hang_up"])
async def test_what_was_not_sold_is_not_known_and_then_sold_once(hotel: Place, fault: Fault) -> None:
    hotel.faults.writes.append(fault)
    adapter = hotel.adapter()
    with pytest.raises(NotReady) as unknown:
        await adapter.book(WISH)
    assert unknown.value.code == "pms_unknown"
    assert unknown.value.retryable
    assert not hotel.shop.orders
    assert await adapter.book(WISH) == await adapter.find(WISH.code)
    assert hotel.live(1, IN, OUT) == 1


async def test_a_ghost_is_no_sale_and_is_cleared_away(hotel: Place) -> None:
    """Somebody sold the room a moment before, and gives it back: our sale has become a ghost, and is made again."""
    hotel.faults.notice = 1.0

    def quicker() -> None:
        order = hotel.sell(replace(WISH, code="RL-WEB00"), source="web")
        loop.call_later(0.05, hotel.shop.set_state, order, 4)

    loop = asyncio.get_running_loop()
    hotel.faults.before_write = quicker
    adapter = hotel.adapter(settle=0.1)
    try:
        number = await adapter.book(WISH)
    except Conflict:
        number = await adapter.book(WISH)
    live = hotel.shop.live(1, IN, OUT)
    assert [str(line.order) for line in live] == [number]
    ghosts = [
        order for order in hotel.shop.orders.values() if order.source.startswith("relevo-") and str(order.id) != number
    ]
    assert ghosts
    assert {order.state for order in ghosts} == {4}


async def test_two_sales_with_one_code_become_one(hotel: Place) -> None:
    """A first try that was slower than its own repetition."""
    hotel.sell(WISH, source="relevo-RL-4K7Q2")
    hotel.sell(WISH, source="relevo-RL-4K7Q2")
    assert await hotel.adapter().book(WISH) == "1"
    assert hotel.live(1, IN, OUT) == 1


async def test_a_cancelled_sale_is_not_found_though_it_reads_like_a_live_one(hotel: Place) -> None:
    adapter = hotel.adapter()
    await adapter.book(WISH)
    async with hotel.http() as http:
        alive = (await http.get("/api/bookings/1")).json()
        assert await adapter.cancel(WISH.code)
        assert (await http.get("/api/bookings/1")).json() == alive
        body = "<qloapps><order><id>1</id><current_state>1</current_state></order></qloapps>"
        await http.put("/api/orders/1", content=body.encode())
    # Not even when somebody has un-cancelled it: the order came back, the room did not.
    assert await adapter.find(WISH.code) is None
    assert await adapter.book(WISH) == "2"


@pytest.mark.parametrize("fault", ["garbage_done", "empty_500_done", "hang_up_done"])
async def test_a_cancellation_without_an_answer_is_looked_up(hotel: Place, fault: Fault) -> None:
    adapter = hotel.adapter()
    await adapter.book(WISH)
    hotel.faults.writes.append(fault)
    assert await adapter.cancel(WISH.code)
    assert hotel.live(1, IN, OUT) == 0


async def test_a_cancellation_that_was_not_made_is_told(hotel: Place) -> None:
    adapter = hotel.adapter()
    await adapter.book(WISH)
    hotel.faults.writes.append("garbage")
    with pytest.raises(NotReady):
        await adapter.cancel(WISH.code)
    assert await adapter.cancel(WISH.code)
    assert not await adapter.cancel(WISH.code)


async def test_one_that_is_down_says_so_and_comes_back(hotel: Place) -> None:
    adapter = hotel.adapter()
    hotel.faults.down = True
    for asked in (adapter.occupied(IN, OUT), adapter.prices(IN, OUT), adapter.book(WISH), adapter.health()):
        with pytest.raises(NotReady):
            await asked
    hotel.faults.down = False
    await adapter.health()
    await adapter.book(WISH)


async def test_one_that_takes_too_long_is_not_ready(hotel: Place) -> None:
    adapter = hotel.adapter(timeout=0.05)
    hotel.faults.slow = 0.5
    with pytest.raises(NotReady) as slow:
        await adapter.occupied(IN, OUT)
    assert slow.value.retryable


async def test_the_house_of_the_last_start_serves_while_it_is_down(hotel: Place, tmp_path: Path) -> None:
    def start(name: str) -> object:
        return read_house(hotel.settings(), FACTS, NOW.date(), kept=tmp_path / name, named={})

    hotel.faults.down = True
    assert await asyncio.to_thread(start, "house.json") == hotel.house
    with pytest.raises(NotReady):
        await asyncio.to_thread(start, "none.json")


async def test_the_guest_pays_what_was_quoted(hotel: Place) -> None:
    adapter = hotel.adapter()
    quoted = (await adapter.prices(IN, OUT))["1"]
    assert quoted.amount == 302_500
    paid = replace(WISH, total=quoted, deposit=quoted.percent(30), deposit_status=DepositStatus.CONFIRMED, paid=100_001)
    number = await adapter.book(paid)
    sold = hotel.shop.orders[int(number)]
    assert hotel.shop.total(sold.id) * 100 == quoted.amount
    assert sold.paid == Decimal("1000.01")
    assert sold.state == 8
    assert sold.remarks == ["Relevo RL-4K7Q2: 3025.00 EUR"]


@pytest.mark.parametrize(
    ("name", "phone", "email"),
    [
        (None, None, None),
        ("R2-D2 <b>", "call me", "not-an-email"),
        ("María José Núñez O'Brien de la Peña y Rodríguez", "+54 9 341 555-0000", "ana@example.com"),
        ("李小龙", "12", "ñandú@example.com"),
        ("]]></firstname>&", "1", "a@b"),
    ],
)
async def test_whatever_a_guest_is_called_the_sale_is_made(
    hotel: Place, name: str | None, phone: str | None, email: str | None
) -> None:
    wish = replace(WISH, guest_name=name, guest_phone=phone, guest_email=email, guests=4, children=2)
    await hotel.adapter().book(wish)
    line = hotel.shop.live(1, IN, OUT)[0]
    assert (line.adults, line.children) == (2, 2)


async def test_guests_without_an_address_are_not_one_customer(hotel: Place) -> None:
    adapter = hotel.adapter()
    await adapter.book(replace(WISH, guest_email=None))
    await adapter.book(stay("RL-AAAAA", "GR-102", "1", IN, OUT))
    assert len(hotel.shop.customers) == 2


@asynccontextmanager
async def answering(status: int, content: str, **headers: str) -> AsyncIterator[Client]:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content.encode(), headers=headers))
    client = Client(Settings(url="http://qlo.example", key=SecretStr(KEY)), transport)
    yield client
    await client.close()


@pytest.mark.parametrize(
    ("status", "content", "kind", "code"),
    [
        (401, "401 Unauthorized", BadCredentials, "pms_key"),
        (302, "", Misconfigured, "pms_host"),
        (405, '{"errors":[{"code":25,"message":"x"}]}', Misconfigured, "pms_rights"),
        (405, '{"errors":[{"code":101,"message":"x"}]}', Misconfigured, "pms_refused"),
        (400, '{"errors":[{"code":404,"message":"Requested room(s) not available."}]}', Conflict, "no_room"),
        (400, '{"errors":[{"code":404,"message":"Please provide valid currency."}]}', ProviderError, "pms_refused"),
        (400, "[]", ProviderError, "pms_refused"),
        (200, "Fatal error", NotReady, "pms_failed"),
        (200, "<html>", NotReady, "pms_failed"),
        (200, "", NotReady, "pms_failed"),
        (200, '{"orders": 7}', NotReady, "pms_failed"),
        (500, "", NotReady, "pms_failed"),
        (503, "<h1>503</h1>", NotReady, "pms_failed"),
    ],
)
async def test_every_odd_answer_is_one_of_our_errors(
    status: int, content: str, kind: type[RelevoError], code: str
) -> None:
    async with answering(status, content, location="http://elsewhere.example/") as client:
        with pytest.raises(kind) as refused:
            await client.list("orders")
    assert refused.value.code == code
    assert isinstance(refused.value, NotReady) is (kind is NotReady)


async def test_what_does_not_exist_is_none_and_an_empty_list_is_empty() -> None:
    async with answering(404, "") as client:
        assert await client.get("bookings/9999") is None
    async with answering(200, "[]") as client:
        assert await client.list("orders") == []


async def test_neither_the_key_nor_a_guest_is_told_to_anybody(
    hotel: Place, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    nowhere = Settings(url="http://127.0.0.1:9", key=SecretStr(KEY), settle_seconds=0)
    adapters = [hotel.adapter(), QloApps(nowhere, hotel.house)]
    hotel.faults.writes.extend(["garbage", "hang_up"])
    told = []
    for adapter in adapters:
        for _ in range(3):
            try:
                await adapter.book(WISH)
            except ProviderError as error:
                told += [repr(error), str(error.params), *traceback.format_exception(error)]
        told += [repr(adapter), repr(nowhere)]
    await adapters[1].close()
    captured = capsys.readouterr()
    everything = " ".join([*told, caplog.text, captured.out, captured.err])
    for secret in (KEY, "Ana Paz", "+5493415550000", httpx.BasicAuth(KEY, "")._auth_header):
        assert secret not in everything


def test_a_key_is_not_taken_as_part_of_the_address() -> None:
    with pytest.raises(ValidationError):
        Settings(url=f"http://{KEY}@qlo.example", key=SecretStr(KEY))
