"""How our messages look on WhatsApp, at the limits; what a number means; what a refusal means; and how fast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relevo.adapters.channels.loopback_meta.rules import Bad, check
from relevo.adapters.channels.whatsapp_meta import errors, writing
from relevo.adapters.channels.whatsapp_meta.errors import Act, meaning
from relevo.adapters.channels.whatsapp_meta.pace import Pace
from relevo.adapters.channels.whatsapp_meta.settings import Settings
from relevo.adapters.channels.whatsapp_meta.signature import is_signed, same, sign
from relevo.conversations.rules import Author, Delivery, Kind, Message


def said(text: str = "Hola", buttons: tuple[str, ...] = (), *files: dict[str, Any], **meta: Any) -> Message:
    if files:
        meta["attachments"] = list(files)
    return Message(
        "msg_1", "cnv_1", 1, Author.BOT, None, Kind.TEXT, text, buttons, Delivery.PENDING, meta,
        datetime(2026, 11, 21, tzinfo=UTC),
    )  # fmt: skip


def file(media_type: str, size: int = 1_000, name: str = "uno.pdf") -> dict[str, Any]:
    return {"id": "att_1", "name": name, "media_type": media_type, "size": size}


def sends(message: Message) -> list[dict[str, Any]]:
    """What leaves; every one of them is what Meta takes."""
    bodies = []
    for part in writing.parts_of(message, more="Ver opciones"):
        body = dict(part.body)
        if part.file is not None:
            body[part.kind] = {"id": "900", **body[part.kind]}
        check({"messaging_product": "whatsapp", "to": "5491155550000", **body}, [])
        bodies.append(body)
    return bodies


def test_plain_words() -> None:
    assert sends(said("Hola")) == [{"type": "text", "text": {"body": "Hola", "preview_url": False}}]


def test_long_words_are_cut_where_a_reader_would() -> None:
    text = "\n\n".join(f"{number} " + "palabra " * 60 for number in range(20))
    bodies = [each["text"]["body"] for each in sends(said(text))]
    assert len(bodies) == 3
    assert " ".join(bodies).split() == text.split()
    assert all(not each.startswith(" ") for each in bodies)
    assert writing.pieces("x" * 9_000, 4_096) == ["x" * 4_096, "x" * 4_096, "x" * 808]


def test_up_to_three_short_options_are_buttons() -> None:
    (body,) = sends(said("¿Reservo?", ("Sí, reservar", "Otras fechas", "No")))
    buttons = body["interactive"]["action"]["buttons"]
    assert [each["reply"]["title"] for each in buttons] == ["Sí, reservar", "Otras fechas", "No"]
    assert [each["reply"]["id"] for each in buttons] == ["rv1:Sí, reservar", "rv2:Otras fechas", "rv3:No"]


@pytest.mark.parametrize("options", [("a", "b", "c", "d"), ("Suite con vista al río y desayuno",), tuple("abcdefghij")])
def test_more_or_longer_ones_are_a_list(options: tuple[str, ...]) -> None:
    (body,) = sends(said("Elija", options))
    (section,) = body["interactive"]["action"]["sections"]
    assert [row.get("description", row["title"]) for row in section["rows"]] == list(options)
    assert [row["id"].partition(":")[2] for row in section["rows"]] == list(options)


@pytest.mark.parametrize("options", [tuple("abcdefghijk"), ("x" * 80, "b"), ("a", "a")])
def test_what_fits_no_list_is_numbered_and_a_number_is_understood(options: tuple[str, ...]) -> None:
    (body,) = sends(said("Elija", options))
    assert body["text"]["body"].startswith("Elija\n\n1) ")
    for written in ("2", " 2 ", "2)", "2.", "(2)", "2°"):
        assert writing.number_said(written, options) == options[1]
    for written in ("0", "99", "dos", "2 personas", "2026", "-2"):
        assert writing.number_said(written, options) is None


def test_a_number_after_buttons_is_a_number() -> None:
    assert writing.number_said("2", ("Sí", "No")) is None


def test_long_words_before_options_go_ahead_of_them() -> None:
    bodies = sends(said("palabra " * 300, ("Sí", "No")))
    assert [each["type"] for each in bodies] == ["text", "text", "interactive"]


@pytest.mark.parametrize(
    ("media_type", "size", "kind"),
    [("image/jpeg", 5_000_000, "image"), ("image/jpeg", 5_000_001, "document"), ("image/webp", 9, "document"),
     ("application/pdf", 9, "document"), ("audio/ogg", 9, "audio"), ("video/mp4", 9, "video"),
     ("text/plain", 9, "document")],
)  # fmt: skip
def test_files_go_as_what_they_are(media_type: str, size: int, kind: str) -> None:
    body = sends(said("", (), file(media_type, size)))[-1]
    assert body["type"] == kind
    assert ("filename" in body[kind]) is (kind == "document")


def test_one_file_takes_the_words_along_and_a_voice_note_is_one() -> None:
    (body,) = sends(said("Tu voucher", (), file("application/pdf")))
    assert body["document"] == {"id": "900", "filename": "uno.pdf", "caption": "Tu voucher"}
    words, voice = sends(said("Hola", (), file("audio/ogg"), voice=True))
    assert (words["type"], voice["audio"]) == ("text", {"id": "900", "voice": True})
    long, plain = sends(said("x" * 1_025, (), file("application/pdf")))
    assert (long["type"], plain["document"]) == ("text", {"id": "900", "filename": "uno.pdf"})


def test_templates_by_number_and_by_name() -> None:
    template = {"name": "relevo_feedback", "language": "es", "params": ["Ana\n  Paz", "RL-1"]}
    (part,) = writing.parts_of(said("Hola Ana", template=template), more="")
    assert part.body["template"] == {
        "name": "relevo_feedback", "language": {"code": "es"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": each} for each in ("Ana Paz", "RL-1")]},
        ],
    }  # fmt: skip
    named = writing.template_body({**template, "named": ["guest", "code"]})["template"]["components"][0]["parameters"]
    assert [each["parameter_name"] for each in named] == ["guest", "code"]


def test_the_loopback_is_as_strict_as_meta() -> None:
    for wrong in (
        {"type": "text", "text": {"body": "x" * 4_097}},
        {"type": "text", "text": {"body": " "}},
        {"type": "interactive", "interactive": {"type": "button", "body": {"text": "a"}, "action": {"buttons": []}}},
        {"type": "audio", "audio": {"id": "1", "caption": "x"}},
        {"type": "template", "template": {"name": "x", "language": {"code": "es"}}},
        {"type": "hologram", "hologram": {}},
    ):
        with pytest.raises(Bad):
            check({"messaging_product": "whatsapp", "to": "1", **wrong}, [])


@pytest.mark.parametrize(
    ("code", "status", "act", "ours"),
    [(131047, 400, Act.STOP, "window_closed"), (131026, 400, Act.OTHER_NUMBER, "whatsapp_unreachable"),
     (131056, 400, Act.WAIT_PAIR, "whatsapp_too_fast"), (130429, 400, Act.WAIT_ALL, "whatsapp_too_fast"),
     (190, 401, Act.ACCOUNT, "whatsapp_token"), (200, 403, Act.ACCOUNT, "whatsapp_rights"),
     (132015, 400, Act.STOP, "whatsapp_template"), (131053, 400, Act.MEDIA, "whatsapp_media"),
     (131016, 500, Act.RETRY, "whatsapp_unavailable"), (None, 502, Act.RETRY, "whatsapp_unavailable"),
     (None, 429, Act.WAIT_ALL, "whatsapp_too_fast"), (None, 401, Act.ACCOUNT, "whatsapp_token"),
     (999_999, 400, Act.STOP, "whatsapp_refused"), (100, 400, Act.STOP, "whatsapp_refused")],
)  # fmt: skip
def test_what_meta_means(code: int | None, status: int, act: Act, ours: str) -> None:
    assert (meaning(code, status).act, meaning(code, status).code) == (act, ours)


def test_codes_are_read_from_anything() -> None:
    assert errors.code_in({"error": {"code": 131047}}) == 131047
    everything: tuple[Any, ...] = (None, [], {"error": 7}, {"error": {"code": "131047"}}, {"error": {"code": True}})
    for strange in everything:
        assert errors.code_in(strange) is None


def test_pauses_grow_and_end_somewhere() -> None:
    assert [errors.pause(Act.WAIT_PAIR, attempt) for attempt in (1, 2, 3)] == [
        timedelta(seconds=seconds) for seconds in (4, 16, 64)
    ]
    assert errors.pause(Act.WAIT_PAIR, 99) == errors.pause(Act.WAIT_ALL, 99) == timedelta(hours=1)
    assert errors.pause(Act.RETRY, 3) is None


def test_the_pace_of_a_number_and_of_a_pair() -> None:
    pace = Pace(per_second=10, pair_burst=3, pair_seconds=6, now=0.0)
    for _ in range(3):
        assert pace.wait("ana", 0.0) == 0
        pace.take("ana", 0.0)
    assert pace.wait("ana", 0.0) == pytest.approx(6)
    assert pace.wait("luz", 0.0) == 0
    for number in range(7):
        pace.take(f"guest {number}", 0.0)
    assert pace.wait("luz", 0.0) == pytest.approx(0.1)
    assert pace.wait("luz", 0.1) == pytest.approx(0, abs=1e-9)
    assert pace.wait("ana", 6.0) == 0
    pace.pair_refused("luz", 7.0)
    assert pace.wait("luz", 7.0) == pytest.approx(6)
    pace.refused(7.0)
    assert pace.wait("new", 7.0) == pytest.approx(0.1)


def test_signatures() -> None:
    assert is_signed("key", b"body", sign("key", b"body"))
    for given in (
        None,
        "",
        "sha256=",
        "sha256=ñ",
        sign("key", b"bodY"),
        sign("keY", b"body"),
        sign("key", b"body")[7:],
    ):
        assert not is_signed("key", b"body", given)
    assert not is_signed("", b"body", sign("", b"body"))
    assert same("a", "a")
    assert not same("", "")


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://lookaside.fbsbx.com/x", True),
        ("https://mmg.whatsapp.net/x", True),
        ("https://graph.facebook.com/x", True),
        ("http://lookaside.fbsbx.com/x", False),
        ("https://evilfbsbx.com/x", False),
        ("https://fbsbx.com.evil.org/x", False),
        ("https://fbsbx.com@evil.org/x", False),
        ("https://127.0.0.1/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_the_token_is_shown_to_meta_only(url: str, trusted: bool) -> None:
    settings = Settings.model_validate({"token": "t", "app_secret": "s", "phone_number_id": "1"})
    assert settings.is_trusted(url) is trusted
