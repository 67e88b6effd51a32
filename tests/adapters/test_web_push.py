"""A browser can read what is pushed to it, nobody else can, and its service sees who sent it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from relevo.adapters.push.web_push import WebPush, given_key, key_of
from relevo.desk.push_rules import Keys
from relevo.kit.clock import FixedClock
from relevo.kit.egress import Egress
from relevo.kit.errors import Invalid, Misconfigured, NotReady, ProviderError
from tests.push_service import Browser, PushService, b64, plain, push_service, vouched

TOPIC = "a" * 32


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@pytest.fixture
def sender(service: PushService, clock: FixedClock) -> WebPush:
    return WebPush(Egress(allowed=[service.origin]), key_of("a secret"), clock, "mailto:it@hotel.example")


def keys(browser: Browser) -> Keys:
    given = browser.json
    return Keys(given["endpoint"], given["keys"]["p256dh"], given["keys"]["auth"])


def test_the_browser_of_these_tests_reads_the_example_of_the_standard() -> None:
    """RFC 8291, appendix A."""
    private = int.from_bytes(plain("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    browser = Browser("", ec.derive_private_key(private, ec.SECP256R1()), plain("BTBZMqHH6r4Tts7J_aSIgg"))
    body = plain(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3"
        "jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.open(body) == b"When I grow up, I want to be a watermelon"


async def test_what_is_pushed_is_read_by_its_browser_alone(
    service: PushService, sender: WebPush, clock: FixedClock
) -> None:
    browser, other = service.browser(), service.browser("two")
    text = json.dumps({"title": "Señas por confirmar"}).encode()
    assert await sender.send(keys(browser), text, seconds=90, urgent=True, topic=TOPIC)
    (got,) = service.got
    assert browser.open(got.body) == text
    assert b"confirmar" not in got.body
    with pytest.raises(InvalidTag):
        other.open(got.body)
    wanted = {"ttl": "90", "urgency": "high", "topic": TOPIC, "content-encoding": "aes128gcm"}
    assert {name: got.headers[name] for name in wanted} == wanted
    claims = vouched(got, sender.public_key)
    assert (claims["aud"], claims["sub"]) == (service.origin, "mailto:it@hotel.example")
    lasts = claims["exp"] - int(clock.now().timestamp())
    assert 0 < lasts <= timedelta(hours=24).total_seconds()
    with pytest.raises((InvalidSignature, AssertionError)):
        vouched(got, WebPush(Egress(), key_of("another"), clock, "").public_key)


async def test_the_same_twice_is_sealed_differently(service: PushService, sender: WebPush) -> None:
    browser = service.browser()
    for _ in range(2):
        await sender.send(keys(browser), b"{}", seconds=1, urgent=False, topic=TOPIC)
    first, second = service.got
    assert first.body != second.body
    assert (first.headers["urgency"], first.headers["ttl"]) == ("normal", "1")


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone(service: PushService, sender: WebPush, status: int) -> None:
    service.answers = [status]
    assert not await sender.send(keys(service.browser()), b"{}", seconds=1, urgent=False, topic=TOPIC)


@pytest.mark.parametrize(("status", "error"), [(429, NotReady), (503, NotReady), (413, ProviderError)])
async def test_what_a_service_may_answer(
    service: PushService, sender: WebPush, status: int, error: type[ProviderError]
) -> None:
    service.answers = [status]
    with pytest.raises(error) as raised:
        await sender.send(keys(service.browser()), b"{}", seconds=1, urgent=False, topic=TOPIC)
    assert raised.value.retryable is (error is NotReady)


def test_keys_that_are_none(service: PushService, sender: WebPush) -> None:
    good = keys(service.browser())
    sender.check(good)
    for p256dh, auth in (("x", good.auth), (b64(b"\x04" + b"\1" * 64), good.auth), (good.p256dh, b64(b"short"))):
        with pytest.raises(Invalid, match="push_keys"):
            sender.check(Keys(good.endpoint, p256dh, auth))
    with pytest.raises(Invalid, match="address_refused"):
        sender.check(Keys("http://127.0.0.1:1/push", good.p256dh, good.auth))
    assert good.auth not in repr(good)


def test_the_key_of_an_installation(clock: FixedClock) -> None:
    one, same, other = (WebPush(Egress(), key_of(each), clock, "").public_key for each in ("a", "a", "b"))
    assert one == same != other
    assert len(plain(one)) == 65
    assert given_key(b64(b"\1" * 32)).private_numbers().private_value == int.from_bytes(b"\1" * 32)
    for wrong in ("", "hola", b64(b"\0" * 32), b64(b"\xff" * 32)):
        with pytest.raises(Misconfigured, match="vapid_key"):
            given_key(wrong)
