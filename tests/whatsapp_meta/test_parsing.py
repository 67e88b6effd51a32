"""What is made of webhooks: everything in them, and nothing of what is broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relevo.adapters.channels.whatsapp_meta.parsing import (
    Echo,
    Heard,
    Item,
    Moved,
    News,
    Preference,
    Sort,
    TemplateNews,
    parse,
    read_json,
)
from relevo.kit.errors import Invalid
from tests.conftest import NOW
from tests.whatsapp_meta.payloads import AT, BSUID, GUEST, NUMBER, contact, envelope, message, status, text, value


def items(payload: Any) -> tuple[Item, ...]:
    found = parse(payload, NOW)
    assert found.broken == 0
    return found.items


def heard(one: dict[str, Any], **more: Any) -> Heard:
    (found,) = items(envelope(value(one, **more)))
    assert isinstance(found, Heard)
    return found


def test_everything_in_a_delivery_is_read() -> None:
    one = value(text("uno", "wamid.1"), text("dos", "wamid.2"), statuses=[status("sent"), status("delivered")])
    two = value(text("tres", "wamid.3"), text("cuatro", "wamid.4"))
    payload = envelope(one, two)
    payload["entry"] += envelope(value(text("cinco", "wamid.5")), value(statuses=[status("read")]))["entry"]
    found = items(payload)
    assert [each.content.text for each in found if isinstance(each, Heard)] == ["uno", "dos", "tres", "cuatro", "cinco"]
    assert [each.reached.value for each in found if isinstance(each, Moved)] == ["sent", "delivered", "read"]


def test_who_wrote_when_and_to_which_number() -> None:
    found = heard(text("Hola", context={"id": "wamid.0"}))
    assert (found.account, found.id, found.wa_id, found.user_id) == (NUMBER, "wamid.1", GUEST, None)
    assert (found.name, found.answers, found.at) == ("Ana Paz", "wamid.0", datetime.fromtimestamp(AT, UTC))


def test_somebody_with_a_user_name_has_no_number() -> None:
    who = contact(None, user_id=BSUID, username="ana.paz")
    found = heard(text(sender=None, from_user_id=BSUID), contacts=[who])
    assert (found.address, found.wa_id, found.user_id, found.username) == (BSUID, None, BSUID, "ana.paz")
    # Older deliveries name the writer only beside the message.
    assert heard(text(sender=None), contacts=[who]).address == BSUID


def test_of_several_contacts_each_message_finds_its_own() -> None:
    others = [contact("5491100000001", "Luz"), contact(GUEST, "Ana Paz", BSUID)]
    found = heard(text(), contacts=others)
    assert (found.name, found.user_id) == ("Ana Paz", BSUID)
    assert heard(text(sender="5491100000009"), contacts=others).name is None


FORM = '{"noches": 2, "flow_token": "x"}'
MOVED = {"type": "user_changed_number", "wa_id": "5493415559999"}


def reply(kind: str, **of: str) -> dict[str, Any]:
    return {"type": kind, kind: of}


FILE = {"id": "900100", "mime_type": "image/jpeg", "sha256": "c2hh"}


@pytest.mark.parametrize(
    ("one", "sort", "said"),
    [
        (text("  Hola\x00\u202e  "), Sort.WORDS, "Hola"),
        (message(kind="button", button={"payload": "SI", "text": "Sí, confirmo"}), Sort.WORDS, "Sí, confirmo"),
        (
            message(kind="interactive", interactive=reply("button_reply", id="rv2:Doble, al lago", title="Doble")),
            Sort.WORDS,
            "Doble, al lago",
        ),
        (
            message(kind="interactive", interactive=reply("list_reply", id="other", title="Suite")),
            Sort.WORDS,
            "Suite",
        ),
        (
            message(kind="interactive", interactive=reply("nfm_reply", response_json=FORM)),
            Sort.WORDS,
            "noches: 2",
        ),
        (message(kind="interactive", interactive={}), Sort.UNKNOWN, ""),
        (message(kind="image", image={**FILE, "caption": "la seña"}), Sort.FILE, "la seña"),
        (message(kind="image", image={"mime_type": "image/jpeg"}), Sort.UNKNOWN, ""),
        (message(kind="image", image={**FILE, "id": "../me"}), Sort.UNKNOWN, ""),
        (message(kind="location", location={"latitude": -32.9, "longitude": -60.6, "name": "Casa"}), Sort.LOCATION, ""),
        (message(kind="location", location={"latitude": "x", "longitude": 1}), Sort.UNKNOWN, ""),
        (message(kind="location", location={"latitude": 1e400, "longitude": 1}), Sort.UNKNOWN, ""),
        (
            message(kind="contacts", contacts=[{"name": {"formatted_name": "Luz"}, "phones": [{"phone": "+54 9 11"}]}]),
            Sort.CONTACTS,
            "",
        ),
        (message(kind="contacts", contacts=[]), Sort.UNKNOWN, ""),
        (message(kind="reaction", reaction={"message_id": "wamid.0", "emoji": "👍"}), Sort.REACTION, "👍"),
        (message(kind="reaction", reaction={"message_id": "wamid.0"}), Sort.REACTION, ""),
        (message(kind="order", order={"product_items": [{}, {}]}), Sort.ORDER, ""),
        (message(kind="system", system=MOVED), Sort.MOVED_NUMBER, ""),
        (message(kind="system", system={"type": "customer_identity_changed"}), Sort.NEW_DEVICE, ""),
        (message(kind="unsupported", errors=[{"code": 131051}]), Sort.UNKNOWN, ""),
        (message(kind="hologram", hologram={"id": "1"}), Sort.UNKNOWN, ""),
        (message(kind="text", text="no object"), Sort.UNKNOWN, ""),
        (message(kind="text", text={"body": "\u200b"}), Sort.UNKNOWN, ""),
        (message(kind="text", text={"body": ["a"]}), Sort.UNKNOWN, ""),
    ],
)  # fmt: skip
def test_every_kind_of_message(one: dict[str, Any], sort: Sort, said: str) -> None:
    found = heard(one).content
    assert (found.sort, found.text) == (sort, said)


@pytest.mark.parametrize(("given_voice", "kind"), [(True, "voice"), (False, "audio"), ("yes", "audio")])
def test_a_voice_note_is_told_from_a_forwarded_song(given_voice: object, kind: str) -> None:
    audio = {"id": "7", "mime_type": "audio/ogg; codecs=opus", "voice": given_voice}
    (media,) = heard(message(kind="audio", audio=audio)).content.media
    assert (media.ref, media.kind, media.media_type) == ("7", kind, "audio/ogg; codecs=opus")


@pytest.mark.parametrize("broken", [None, 7, "x", [], {}, {"id": 5, "from": GUEST}, {"from": GUEST}])
def test_what_is_broken_is_left_out_by_itself(broken: object) -> None:
    found = parse(envelope(value(text("uno", "wamid.1"), broken, text("dos", "wamid.2"))), NOW)
    assert [each.content.text for each in found.items if isinstance(each, Heard)] == ["uno", "dos"]
    assert found.broken == 1


@pytest.mark.parametrize(
    "payload",
    [{}, {"entry": None}, {"entry": "x"}, {"entry": [None]}, {"entry": [{"changes": [{}]}]},
     {"entry": [{"changes": [{"value": []}]}]}, {"entry": [{"changes": {"value": {}}}]},
     {"entry": [{"changes": [{"field": "messages", "value": {"messages": {"a": 1}, "statuses": 3}}]}]}],
)  # fmt: skip
def test_a_delivery_without_sense_says_nothing(payload: dict[str, Any]) -> None:
    assert parse(payload, NOW).items == ()


def test_a_message_whose_content_is_damaged_still_has_its_writer() -> None:
    found = heard(message(kind="image", image={"id": {"deep": 1}}, errors="none"))
    assert (found.content.sort, found.wa_id) == (Sort.UNKNOWN, GUEST)


@pytest.mark.parametrize("at", ["x", None, "", "-5", 10**30, "99999999999999", {"a": 1}, True, str(AT + 86_400)])
def test_a_time_that_cannot_be_is_now(at: object) -> None:
    assert heard(text(at=at)).at == NOW


def test_statuses_carry_our_id_and_what_went_wrong() -> None:
    failed = status("failed", biz_opaque_callback_data="msg_1", errors=[{"code": 131047, "title": "x"}])
    (found,) = items(envelope(value(statuses=[failed, status("deleted")])))
    assert isinstance(found, Moved)
    assert (found.reached.value, found.opaque, found.error, found.recipient) == ("failed", "msg_1", 131047, GUEST)
    played, nameless = items(envelope(value(statuses=[status("played"), status("read", recipient_id=None)])))
    assert isinstance(played, Moved)
    assert isinstance(nameless, Moved)
    assert (played.reached.value, nameless.recipient) == ("read", None)


def test_what_else_meta_tells() -> None:
    echo = {
        "id": "wamid.e",
        "from": NUMBER,
        "to": GUEST,
        "timestamp": str(AT),
        "type": "text",
        "text": {"body": "Hola"},
    }
    (found,) = items(envelope(value(message_echoes=[echo]), field="smb_message_echoes"))
    assert isinstance(found, Echo)
    assert (found.address, found.content.text) == (GUEST, "Hola")
    paused = {"message_template_name": "relevo_feedback", "message_template_language": "es", "event": "PAUSED"}
    assert items(envelope(paused, field="message_template_status_update")) == (
        TemplateNews("relevo_feedback", "es", "PAUSED", None),
    )
    stop = {"wa_id": GUEST, "category": "marketing_messages", "value": "stop", "timestamp": str(AT)}
    (wish,) = items(envelope(value(user_preferences=[stop]), field="user_preferences"))
    assert isinstance(wish, Preference)
    assert (wish.address, wish.wants) == (GUEST, False)
    (news,) = items(envelope({"event": "FLAGGED", "deep": {"a": 1}}, field="phone_number_quality_update"))
    assert isinstance(news, News)
    assert (news.field, news.about) == ("phone_number_quality_update", {"event": "FLAGGED", "deep": ""})
    assert items(envelope(value(errors=[{"code": 130429}]))) == (News("errors", {"code": 130429}),)


def test_a_flood_of_nested_fields_is_refused_or_read_in_no_time() -> None:
    with pytest.raises(Invalid):
        read_json(b'{"a":' * 10_000 + b"1" + b"}" * 10_000)
    with pytest.raises(Invalid):
        read_json(b"[" * 10_000)
    wide = text() | {f"x{number}": {"y": [{}] * 3} for number in range(10_000)}
    assert heard(wide).content.text == "Hola"
    deep: Any = "x"
    for _ in range(500):
        deep = {"body": deep}
    assert heard(message(kind="text", text=deep)).content.sort is Sort.UNKNOWN


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"\xff\xfe", b"{", b'{"a": NaN'])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_json(body)


KEYS = ("id", "from", "type", "text", "body", "image", "interactive", "contacts", "timestamp", "errors", "wa_id")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=30,
)


@given(found=JSON, where=st.sampled_from(["message", "status", "value", "entry", "contacts", "echo"]))
def test_nothing_that_comes_can_hurt(found: Any, where: str) -> None:
    good = text("uno", "wamid.good")
    contacts = found if isinstance(found, list) else [found]
    change = {"field": "messages", "value": value(good)}
    echoes = envelope(value(message_echoes=found), field="smb_message_echoes")["entry"]
    payloads: dict[str, Any] = {
        "message": envelope(value(found, good)),
        "status": envelope(value(good, statuses=[found])),
        "value": {"entry": [{"changes": [{"field": "messages", "value": found}, change]}]},
        "entry": {"entry": [found, *envelope(value(good))["entry"]]},
        "contacts": envelope(value(good, contacts=contacts)),
        "echo": {"entry": [*echoes, *envelope(value(good))["entry"]]},
    }
    parsed = parse(payloads[where], NOW)
    assert [each for each in parsed.items if isinstance(each, Heard) and each.id == "wamid.good"]
    assert json.dumps([repr(each) for each in parsed.items])
