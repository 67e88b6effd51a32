"""What a file is, and how it may be called: decided by its bytes, never by what its sender says."""

from __future__ import annotations

import random

import pytest

from relevo.conversations.files import ENDINGS, MAX_FILE, MAX_NAME, check_size, clean_name, sniff
from relevo.kit.errors import Invalid, TooLarge

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF"

TAKEN = [
    (PNG, "image/png"),
    (JPEG, "image/jpeg"),
    (b"GIF89a" + bytes(20), "image/gif"),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(20), "image/webp"),
    (PDF, "application/pdf"),
    (b"OggS\x00\x02" + bytes(20), "audio/ogg"),
    (b"ID3\x04" + bytes(20), "audio/mpeg"),
    (b"\xff\xfb\x90\x64" + bytes(20), "audio/mpeg"),
    (b"\xff\xf1\x50\x80" + bytes(20), "audio/aac"),
    (b"#!AMR\n" + bytes(20), "audio/amr"),
    (b"\x00\x00\x00\x20ftypM4A " + bytes(20) + b"hdlr\x00soun", "audio/mp4"),
    (b"\x00\x00\x00\x20ftypisom" + bytes(20) + b"hdlr\x00vide", "video/mp4"),
    (b"\x1aE\xdf\xa3" + bytes(20) + b"webm" + bytes(9) + b"A_OPUS", "audio/webm"),
    (b"\x1aE\xdf\xa3" + b"webm" + b"A_OPUS" + b"\x1f\x43\xb6\x75" + b"noise V_ noise", "audio/webm"),
    (b"\x1aE\xdf\xa3" + bytes(20) + b"webm" + bytes(9) + b"V_VP8 A_OPUS", "video/webm"),
    ("Transferí la seña, ¿llegó?\n".encode(), "text/plain"),
    (b"\xef\xbb\xbfcon BOM", "text/plain"),
    (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "text/calendar"),
]

REFUSED = [
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"\xef\xbb\xbf  \n<SVG onload=alert(1)>",
    b"<!DOCTYPE html><script>alert(1)</script>",
    b"texto y despues <script src=//x></script>",
    b"<?xml version='1.0'?><svg/>",
    b"x <iframe src=javascript:alert(1)>",
    b"MZ\x90\x00" + bytes(64),
    b"\x7fELF" + bytes(64),
    b"PK\x03\x04" + bytes(64),
    b"RIFF\x10\x00\x00\x00WAVEfmt " + bytes(20),
    b"\xff\xff\xff\xff" + bytes(20),
    b"\xff\xfe" + "hola <b>".encode("utf-16-le"),
    b" %PDF-1.7 not at the start \x00",
    bytes(200),
    "hola".encode("utf-16"),
    b"a\x00b",
    b"\x1b]0;terminal\x07",
    b"a" * 1_000_001,
]


@pytest.mark.parametrize(("content", "media_type"), TAKEN)
def test_a_file_is_what_its_first_bytes_say(content: bytes, media_type: str) -> None:
    assert sniff(content) == media_type


@pytest.mark.parametrize("content", REFUSED, ids=range(len(REFUSED)))
def test_what_is_not_on_the_list_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        sniff(content)


@pytest.mark.parametrize("head", [PNG, JPEG, b"GIF89a"])
def test_a_polyglot_is_only_what_it_begins_as(head: bytes) -> None:
    """A picture that is a page as well is answered as a picture."""
    assert sniff(head + b"<script>alert(1)</script>").startswith("image/")


def test_an_empty_file_and_a_huge_one() -> None:
    with pytest.raises(Invalid):
        check_size(b"")
    check_size(bytes(MAX_FILE))
    with pytest.raises(TooLarge):
        check_size(bytes(MAX_FILE + 1))


@pytest.mark.parametrize(
    ("given", "media_type", "kept"),
    [
        ("comprobante.jpg", "image/jpeg", "comprobante.jpg"),
        ("Seña número 1.JPEG", "image/jpeg", "Seña número 1.jpeg"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("..\\..\\windows\\system32\\cmd.exe", "image/png", "cmd.png"),
        ("/etc/cron.d/x.pdf", "application/pdf", "x.pdf"),
        ("foto.html", "image/png", "foto.png"),
        ("foto.png.svg", "image/png", "foto.png.png"),
        ("recibo\u202efdp.exe", "application/pdf", "recibo fdp.pdf"),
        ("a\x00b\r\nSet-Cookie: x.png", "image/png", "a b Set-Cookie x.png"),
        ('x";filename="y.html', "image/png", "x ;filename= y.png"),
        ("CON", "text/plain", "_CON.txt"),
        ("nul.png", "image/png", "_nul.png"),
        ("", "image/gif", "_.gif"),
        ("...", "image/gif", "_.gif"),
        (".htaccess", "text/plain", "htaccess.txt"),
        ("Acta 3.5", "application/pdf", "Acta 3.5.pdf"),
        ("🏨 pago.png", "image/png", "🏨 pago.png"),
    ],
)
def test_a_name_is_harmless_and_says_what_the_file_is(given: str, media_type: str, kept: str) -> None:
    assert clean_name(given, media_type) == kept


def test_no_name_whatever_leads_out_of_its_place() -> None:
    chance = random.Random(4)
    alphabet = 'ab./\\\x00\n\u202e\u200b:*?"<>| ñ😀%'
    for _ in range(3_000):
        media_type = chance.choice(list(ENDINGS))
        name = clean_name("".join(chance.choice(alphabet) for _ in range(chance.randrange(200))), media_type)
        assert len(name) <= MAX_NAME + 1
        assert not set(name) & set('/\\\x00\n\u202e\u200b:*?"<>|')
        assert name.rpartition(".")[2] in ENDINGS[media_type]
        assert name[0] not in ". "
