"""Mails that are broken or mean harm are read as far as they go, quickly, and never make anything fail."""

from __future__ import annotations

import base64
import random
import time

import pytest

from relevo.adapters.channels.email.html import as_text, safe
from relevo.adapters.channels.email.parsing import MAX_MAIL, Mail, Poisoned, fallback_id, read
from tests.email.letters import letter, multipart

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def quick(raw: bytes, seconds: float = 3) -> Mail:
    begun = time.process_time()
    mail = read(raw)
    assert time.process_time() - begun < seconds
    return mail


def test_a_plain_mail() -> None:
    date = "Sat, 21 Nov 2026 09:00:00 -0300"
    mail = read(letter(References="<a@x.example> <b@x.example>", In_Reply_To="<b@x.example>", Date=date))
    assert mail.sender is not None
    assert (mail.sender.address, mail.sender.name) == ("ana@casa.example", "Ana Pérez")
    assert (mail.message_id, mail.subject, mail.text) == ("1@casa.example", "Reserva", "Hola, quiero reservar.")
    assert (mail.in_reply_to, mail.references) == (("b@x.example",), ("a@x.example", "b@x.example"))
    assert mail.at is not None
    assert mail.at.isoformat() == "2026-11-21T12:00:00+00:00"
    assert [each.address for each in mail.to] == ["reservas@mirador.example"]


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("iso-8859-1", "Mañana".encode("latin-1")),
        ("utf-8", "Mañana".encode("latin-1")),
        ("us-ascii", "Mañana".encode()),
        ("no-such-charset", "Mañana".encode()),
        ("punycode", "Mañana".encode()),
        ("zip", "Mañana".encode()),
        ("", "Mañana".encode()),
        ("windows-1252", "Mañana".encode("cp1252")),
    ],
)
def test_a_charset_is_a_hint(charset: str, content: bytes) -> None:
    head = letter("", Content_Type=f"text/plain; charset={charset}")
    assert read(head + content).text == "Mañana"


@pytest.mark.parametrize(
    ("subject", "read_as"),
    [
        ("=?iso-8859-1?q?Reserva_ma=F1ana?=", "Reserva mañana"),
        ("=?utf-8?b?UmVzZXJ2YQ==?= =?utf-8?b?IHPDrQ==?=", "Reserva sí"),
        ("=?zip?b?UmVzZXJ2YQ==?=", "Reserva"),
        ("=?utf-8?b?%%%?=", None),
        ("Uno\r\n dos", "Uno dos"),
        ("=?utf-8?q?uno=0D=0ABcc:_x@y.example?=", "uno Bcc: x@y.example"),
        ("\u202egnp.exe", "gnp.exe"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_subject_is_one_line_of_words(subject: str, read_as: str | None) -> None:
    found = read(letter(Subject=subject)).subject
    assert found.isprintable()
    assert read_as is None or found == read_as


def test_the_words_of_a_page_and_not_what_it_quotes() -> None:
    page = (
        "<html><head><style>p{color:red}</style><title>no</title></head><body><p>Hola,<br>somos&nbsp;dos.</p>"
        "<script>alert(1)</script><div class='x gmail_quote'><div>El 1/1 escribió:</div>"
        "<blockquote>viejo</blockquote></div>"
        "</body></html>"
    )
    mail = read(multipart(("Content-Type: text/html; charset=utf-8", page.encode()), kind="alternative"))
    assert mail.text == "Hola,\nsomos dos."
    assert (
        as_text("<p>uno</p><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'>De:</div><div>viejo</div>") == "uno"
    )
    assert as_text("<ul><li>uno</li><li>dos</li></ul>") == "uno\n\ndos"


def test_words_are_taken_before_a_page() -> None:
    parts = (("Content-Type: text/plain", b"Hola"), ("Content-Type: text/html", b"<b>Hola!</b>"))
    mail = read(multipart(*parts, kind="alternative"))
    assert (mail.text, mail.html) == ("Hola", "<b>Hola!</b>")


def test_an_almost_empty_text_beside_a_long_page_is_not_the_mail() -> None:
    parts = (("Content-Type: text/plain", b" "), ("Content-Type: text/html", b"<p>Hola, somos dos</p>"))
    assert read(multipart(*parts, kind="alternative")).text == "Hola, somos dos"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>'>x</a>",
        "<iframe src='https://evil.example'></iframe>",
        "<form action='https://evil.example'><input name=password></form>",
        "<style>@import 'https://evil.example'</style>",
        "<p style='background:url(https://evil.example/t.gif)'>x</p>",
        "<img src='https://evil.example/t.gif'>",
        "<link rel=stylesheet href='https://evil.example'>",
        "<base href='https://evil.example'>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<p><video><source onerror=alert(1)></video></p>",
    ],
)
def test_a_page_is_harmless_when_it_is_shown(hostile: str) -> None:
    shown = safe(f"<p>Hola</p>{hostile}<b>dos</b>").lower()
    assert "hola" in shown
    for bad in (
        "<script",
        "onerror",
        "onload",
        "javascript:",
        "evil.example",
        "<img",
        "<svg",
        "<iframe",
        "<form",
        "data:",
    ):
        assert bad not in shown.replace("&lt;", "")


def test_a_link_stays_but_tells_nobody_where_it_was() -> None:
    assert safe("<a href='https://casa.example' onclick='x'>x</a>") == (
        '<a href="https://casa.example" rel="noopener noreferrer nofollow">x</a>'
    )


@pytest.mark.parametrize(
    "page",
    ["<div>" * 60_000, "<div a='<'>" * 30_000, "<" * 300_000, "<b><i>" * 50_000, "&" * 100_000, "<a href='" * 50_000],
)
def test_a_page_that_is_all_depth_takes_no_time(page: str) -> None:
    begun = time.process_time()
    as_text(page + "fin")
    safe(page + "fin")
    assert time.process_time() - begun < 8


def test_ten_thousand_parts() -> None:
    parts = [("Content-Type: text/plain", b"Hola")] + [("Content-Type: image/png", PNG)] * 10_000
    mail = quick(multipart(*parts))
    assert mail.cut
    assert mail.text.startswith("Hola")
    assert len(mail.files) <= 20


def test_ten_thousand_parts_inside_each_other() -> None:
    raw = letter("", Content_Type="multipart/mixed; boundary=b0").decode()
    raw += "".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(10_000))
    assert quick(raw.encode()).cut


def test_mails_in_mails_for_ever() -> None:
    raw = letter("", Content_Type="message/rfc822") + b"Content-Type: message/rfc822\r\n\r\n" * 10_000
    with pytest.raises(Poisoned, match="nested"):
        quick(raw)


def test_a_mail_of_thirty_megabytes_is_its_head() -> None:
    mail = quick(letter("x" * 30_000_000))
    assert mail.cut
    assert mail.subject == "Reserva"
    assert mail.text == ""


def test_a_mail_of_the_largest_size_is_read() -> None:
    content = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + b"0" * 8_000_000)
    head = "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64"
    assert len(content) < MAX_MAIL
    assert len(quick(multipart((head, content)), 8).files[0].content) == 8_000_008


def test_a_head_without_end() -> None:
    with pytest.raises(Poisoned):
        read(b"X: y\r\n" * 100_000 + b"\r\nHola")


@pytest.mark.parametrize("name", ["From", "To", "Subject", "References", "In-Reply-To", "Message-ID", "Date"])
@pytest.mark.parametrize(
    "value", ["(" * 9_000, "=?" * 9_000, "=?a?q?" * 3_000, '"' * 9_001, "<" * 9_000, "a," * 9_000, "\\" * 9_000]
)
def test_headers_that_take_a_parser_apart(name: str, value: str) -> None:
    quick(letter(**{name: value}))


def test_a_sender_who_is_several_or_none() -> None:
    assert read(letter(From="a@b.example, c@d.example")).sender is not None
    for nobody in ("", "Ana", "<>", "ana@", "@casa.example", "a b@casa.example", "undisclosed-recipients:;"):
        assert read(letter(From=nobody)).sender is None
    spoofed = read(letter(From='"ana@casa.example" <evil@evil.example>')).sender
    assert spoofed is not None
    assert spoofed.address == "evil@evil.example"


def test_files_and_pictures_of_signatures() -> None:
    mail = read(
        multipart(
            ("Content-Type: text/plain", b"Va el comprobante"),
            ("Content-Type: image/png\r\nContent-ID: <logo>", PNG),
            ("Content-Type: image/png\r\nContent-ID: <foto>", PNG + b"0" * 30_000),
            ("Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''pago%20n%C2%BA.pdf",
             b"%PDF-1.7"),
            ("Content-Type: text/html\r\nContent-Disposition: attachment; filename=a.html", b"<script>"),
            ("Content-Type: message/rfc822", b"Subject: viejo\r\n\r\nHola"),
        )
    )  # fmt: skip
    assert [file.name for file in mail.files] == ["", "pago nº.pdf", "a.html"]
    assert mail.text == "Va el comprobante"
    assert mail.html is None
    assert len(mail.refused) == 1


def test_nul_and_other_bytes_that_no_table_takes() -> None:
    mail = read(letter("Hola\x00 \r\nqué", Subject="a\x00b"))
    assert "\0" not in mail.text + mail.subject
    raw = letter("").replace(b"Subject: Reserva", b"Subject: ma\xf1ana \xff")
    assert read(raw).subject.startswith("mañana")
    read(raw).subject.encode()


def test_a_mail_without_an_id_is_known_by_what_it_says() -> None:
    one, again, other = (read(letter(body, **{"Message-ID": None})) for body in ("a", "a", "b"))
    assert one.message_id is None
    assert fallback_id(one) == fallback_id(again) != fallback_id(other)


def test_whatever_comes_it_is_read_or_refused() -> None:
    chance = random.Random(5)
    whole = multipart(("Content-Type: text/plain; charset=utf-8", "Hola ñ".encode()), ("Content-Type: image/png", PNG))
    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            mail = read(bytes(raw[: chance.randrange(len(raw))]))
        except Poisoned:
            continue
        f"{mail.subject}{mail.text}{mail.html}{[file.name for file in mail.files]}{mail.headers}".encode()


@pytest.mark.parametrize("kind", ["text/plain", "multipart/mixed"])
def test_a_header_of_a_million_parameters_takes_no_time(kind: str) -> None:
    raw = letter(
        "--x\r\nContent-Type: " + kind + "; " + "a;" * 1_000_000 + "\r\n\r\nHola\r\n--x--",
        Content_Type="multipart/mixed; boundary=x",
    )
    assert quick(raw).sender is not None


@pytest.mark.parametrize("outside", ["", "Content-Type: message/rfc822\r\n\r\n"])
@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lists_inside_each_other_before_many_lines_are_cut(outside: str, end: str) -> None:
    lists = "".join(f"Content-Type: multipart/mixed; boundary=b{at}{end}{end}--b{at}{end}" for at in range(250))
    raw = f"From: ana@casa.example\r\n{outside}{lists}{end}" + f"Hola{end}" * 300_000
    if end == "\r" and not outside:
        with pytest.raises(Poisoned, match="headers"):
            read(raw.encode())
    else:
        assert quick(raw.encode()).cut


def test_a_mail_of_nothing_but_line_ends_is_cut() -> None:
    mail = quick(letter("") + b"\r\n\r" * 4_000_000)
    assert mail.cut
    assert mail.sender is not None
