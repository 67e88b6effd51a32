"""The backup address is asked while the first is down; nothing is ever sent twice that may have arrived."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from relevo.kit.clock import FixedClock
from relevo.kit.failover import Failover, FailoverTransport, Switched

PRIMARY, BACKUP = "http://pms.one/api", "https://pms.two:8443/qlo/api/"


class Servers(httpx.AsyncBaseTransport):
    """Answers for both addresses; what is wrong with the first can be set."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.trouble: type[httpx.TransportError] | int | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method, str(request.url)))
        if request.url.host == "pms.one":
            if isinstance(self.trouble, int):
                return httpx.Response(self.trouble)
            if self.trouble is not None:
                raise self.trouble("no", request=request)
        assert request.headers["host"] == request.url.netloc.decode()
        return httpx.Response(200)


@pytest.fixture
def servers() -> Servers:
    return Servers()


@pytest.fixture
def told() -> list[Switched]:
    return []


@pytest.fixture
def failover(clock: FixedClock, told: list[Switched]) -> Failover:
    return Failover("pms", PRIMARY, BACKUP, clock, told=told.append)


@pytest.fixture
def transport(failover: Failover, servers: Servers) -> FailoverTransport:
    return FailoverTransport(failover, servers)


def http(transport: FailoverTransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=transport, base_url=PRIMARY)


async def test_who_cannot_connect_is_asked_at_the_backup_at_once(
    transport: FailoverTransport, servers: Servers, told: list[Switched]
) -> None:
    servers.trouble = httpx.ConnectError
    with pytest.raises(httpx.ConnectError):
        await http(transport).post("/orders?id=1")
    assert (await http(transport).post("/orders?id=1")).status_code == 200
    assert servers.asked[-1] == ("POST", "https://pms.two:8443/qlo/api/orders?id=1")
    assert told == [Switched("pms", BACKUP.rstrip("/"), True)]


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout, httpx.RemoteProtocolError, 502, 503, 504])
async def test_what_may_have_arrived_is_not_sent_again(
    transport: FailoverTransport, servers: Servers, trouble: type[httpx.TransportError] | int
) -> None:
    servers.trouble = trouble
    for _ in range(2):
        if isinstance(trouble, int):
            assert (await http(transport).post("/orders")).status_code == trouble
        else:
            with pytest.raises(trouble):
                await http(transport).post("/orders")
    assert [url for _, url in servers.asked] == [f"{PRIMARY}/orders"] * 2
    assert (await http(transport).get("/orders")).status_code == 200


async def test_an_answer_that_says_no_is_an_answer(transport: FailoverTransport, servers: Servers) -> None:
    servers.trouble = 500
    for _ in range(5):
        assert (await http(transport).get("/orders")).status_code == 500


async def test_it_comes_back_only_after_the_first_address_was_well_for_long(
    transport: FailoverTransport, servers: Servers, failover: Failover, clock: FixedClock, told: list[Switched]
) -> None:
    servers.trouble = httpx.ConnectTimeout
    await transport.look()
    assert servers.asked == []
    for _ in range(2):
        failover.seen("slow")
    assert failover.on_backup
    servers.trouble, looks = None, 0
    while failover.on_backup and looks < 50:
        clock.advance(timedelta(seconds=15))
        await transport.look()
        looks += 1
    assert looks == 9
    assert [switched.to_backup for switched in told] == [True, False]


async def test_the_backup_s_own_trouble_changes_nothing(
    transport: FailoverTransport, failover: Failover, servers: Servers
) -> None:
    for _ in range(2):
        failover.seen("slow")
    servers.trouble = httpx.ConnectError
    await transport.look()
    assert failover.url == BACKUP.rstrip("/")


async def test_without_a_backup_there_is_nothing_to_switch_to(servers: Servers, clock: FixedClock) -> None:
    alone = Failover("pms", PRIMARY, "", clock)
    servers.trouble = httpx.ConnectError
    for _ in range(4):
        with pytest.raises(httpx.ConnectError):
            await http(FailoverTransport(alone, servers)).get("/orders")
    assert not alone.on_backup
