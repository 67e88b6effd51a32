"""Addresses that somebody else chose: what is asked, what never is, and that no trick of names gets inside."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from relevo.kit.egress import MOST_READ, Egress, checked, is_public
from relevo.kit.errors import Invalid, NotReady
from tests.widget.test_browser import free_port, serving


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700:4700::1111"],
)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "hola", "",
    ],
)  # fmt: skip
def test_nothing_of_ours_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/x", "ftp://push.example/x", "file:///etc/passwd", "//push.example/x", "push.example/x", "",
        "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://db.localhost/x", "https://db.local/x",
        "https://metadata.google.internal/x", "https://redis/x", "https://2130706433/x", "https://127.1/x",
        "https://user@push.example/x", "https://push.example@127.0.0.1/x", "https://push.example:8443/x",
        "https://push.example:0/x", "https://push.example:99999/x", "https://push.example./x",
        "https://push.example/x#y", "https://push.example/ x", "https://push.example\\@127.0.0.1/x",
        "https://push.example/\r\nhost: x", "https://püsh.example/x", "https://push.example/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_what_is_never_asked(url: str) -> None:
    with pytest.raises(Invalid, match="address_refused"):
        checked(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/abc:APA91b", "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QO", "https://wns2-by3p.notify.windows.com/w/?token=BQYAAA%3d",
        "https://push.example:443/x",
    ],
)  # fmt: skip
def test_what_browsers_give(url: str) -> None:
    assert checked(url).hostname


def test_only_the_origin_that_was_allowed() -> None:
    allowed = {"http://127.0.0.1:9000"}
    assert checked("http://127.0.0.1:9000/x", allowed).port == 9000
    for url in ("http://127.0.0.1:9001/x", "https://127.0.0.1:9000/x", "http://127.0.0.1/x", "http://[::1]:9000/x"):
        with pytest.raises(Invalid, match="address_refused"):
            checked(url, allowed)


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:192.168.0.1"]])
async def test_a_public_name_of_a_private_machine(found: Sequence[str]) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return found

    with pytest.raises(Invalid, match="address_refused"):
        await Egress(resolve=resolve).post("https://push.example/x", headers={}, content=b"")


async def test_the_connection_goes_where_the_name_led_when_it_was_judged() -> None:
    """The name is asked once; the certificate and the header are still those of the name."""
    port, seen, asked = free_port(), [], []

    async def hear(request: Request) -> Response:
        seen.append(request.headers["host"])
        return PlainTextResponse("x" * (3 * MOST_READ))

    async def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async with serving(Starlette(routes=[Route("/x", hear, methods=["POST"])]), port):
        origin = f"http://push.example:{port}"
        answer = await Egress(allowed=[origin], resolve=resolve).post(f"{origin}/x?y=1", headers={}, content=b"hola")
    assert (answer.status, len(answer.text)) == (200, MOST_READ)
    assert (asked, seen) == (["push.example"], [f"push.example:{port}"])


async def test_no_redirect_is_followed_and_silence_is_said() -> None:
    port, seen = free_port(), []

    async def away(_request: Request) -> Response:
        return RedirectResponse("/inside", status_code=307)

    async def inside(_request: Request) -> Response:
        seen.append("inside")
        return PlainTextResponse("secret")

    routes = [Route("/x", away, methods=["POST"]), Route("/inside", inside, methods=["POST"])]
    egress = Egress(allowed=[f"http://127.0.0.1:{port}/"])
    async with serving(Starlette(routes=routes), port):
        assert (await egress.post(f"http://127.0.0.1:{port}/x", headers={}, content=b"")).status == 307
    assert seen == []
    with pytest.raises(NotReady, match="address_silent"):
        await egress.post(f"http://127.0.0.1:{port}/x", headers={}, content=b"")


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server that can prove to be ``name``, and a client that believes the proof."""
    key = ec.generate_private_key(ec.SECP256R1())
    own, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


@pytest.mark.parametrize(("proves", "answered"), [("push.example", True), ("other.example", False)])
async def test_the_machine_has_to_prove_the_name_that_was_meant(tmp_path: Path, proves: str, answered: bool) -> None:
    served, trusted = certified(tmp_path, proves)
    asked: list[str | None] = []
    served.sni_callback = lambda _socket, name, _context: asked.append(name)

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async with await asyncio.start_server(hear, "127.0.0.1", 0, ssl=served) as server:
        origin = f"https://push.example:{server.sockets[0].getsockname()[1]}"
        egress = Egress(allowed=[origin], resolve=resolve, trusted=trusted)
        if answered:
            assert (await egress.post(f"{origin}/x", headers={}, content=b"")).status == 201
        else:
            with pytest.raises(NotReady, match="address_silent"):
                await egress.post(f"{origin}/x", headers={}, content=b"")
    assert asked == ["push.example"]
