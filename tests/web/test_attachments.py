"""Files at the doors: what strangers send, and who may fetch what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from relevo.conversations.attachments import MOST_IN_CONVERSATION
from relevo.kit.errors import Conflict
from relevo.web.attachments import FILES_PER_MINUTE, part
from tests.conversations.test_files import PDF, PNG
from tests.web.conftest import Site, Visitor


async def upload(
    visitor: Visitor,
    content: bytes,
    name: str = "comprobante.png",
    *,
    kind: str = "image/png",
    token: str = "",
    **fields: str,
) -> httpx.Response:
    return await visitor.site.http.post(
        f"/api/webchat/sessions/{visitor.id}/attachments",
        files={"file": (name, content, kind)},
        data=fields,
        headers={"authorization": f"Bearer {token or visitor.token}"},
    )


async def fetched(visitor: Visitor, attachment_id: str, token: str = "") -> httpx.Response:
    return await visitor.site.http.get(
        f"/api/webchat/sessions/{visitor.id}/attachments/{attachment_id}",
        headers={"authorization": f"Bearer {token or visitor.token}"},
    )


def on_disk(site: Site) -> list[Path]:
    return [path for path in (site.product.settings.data_dir / "files").rglob("*") if path.is_file()]


async def test_a_file_arrives_in_the_thread_and_can_be_fetched(site: Site) -> None:
    visitor = await site.visitor()
    sent = await upload(visitor, PNG, "Mi seña.PNG", text="acá va")
    assert sent.status_code == 202, sent.text
    (attached,) = sent.json()["attachments"]
    assert {**attached, "id": ""} == {"id": "", "name": "Mi seña.png", "media_type": "image/png", "size": len(PNG)}
    mine = next(each for each in await visitor.thread() if each["author"] == "customer")
    assert (mine["text"], mine["attachments"]) == ("acá va", [attached])
    shown = (await site.staff("GET", f"/api/conversations/{visitor.id}")).json()
    message = next(each for each in shown["messages"] if each["author"] == "customer")
    assert message["attachments"] == [attached]
    assert message["meta"] == {}
    for answer in (
        await site.staff("GET", f"/api/attachments/{attached['id']}"),
        await fetched(visitor, attached["id"]),
    ):
        assert (answer.status_code, answer.content) == (200, PNG)
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers.get_list("content-security-policy") == [
            "default-src 'none'; frame-ancestors 'self'; sandbox"
        ]
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"].startswith("inline; filename=")


async def test_a_file_alone_is_a_message_and_is_named_in_the_inbox(site: Site) -> None:
    visitor = await site.visitor()
    await site.staff("POST", f"/api/conversations/{visitor.id}/take_over", json={})
    assert (await upload(visitor, PDF, "recibo.pdf", kind="text/html")).status_code == 202
    items = (await site.staff("GET", "/api/conversations?folder=all")).json()["items"]
    listed = next(each for each in items if each["id"] == visitor.id)
    assert (listed["unread"], listed["last_message"]["text"]) == (1, "recibo.pdf")
    messages = (await site.staff("GET", f"/api/conversations/{visitor.id}")).json()["messages"]
    assert [each["text"] for each in messages if each["author"] == "customer"] == [""]


async def test_text_is_downloaded_and_not_shown(site: Site) -> None:
    visitor = await site.visitor()
    sent = await upload(visitor, b"hola", "nota.html", kind="text/html")
    answer = await fetched(visitor, sent.json()["attachments"][0]["id"])
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-disposition"].startswith('attachment; filename="nota.txt"')


@pytest.mark.parametrize(
    "content",
    [
        b"<svg onload=alert(1)>",
        b"<!doctype html><script>1</script>",
        b"MZ\x90\x00" + bytes(50),
        b"PK\x03\x04" + bytes(50),
        b"",
    ],
)
async def test_what_is_not_taken_leaves_nothing_behind(site: Site, content: bytes) -> None:
    visitor = await site.visitor()
    answer = await upload(visitor, content, "foto.png")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] in ("file_type", "file_empty")
    assert on_disk(site) == []
    assert [each for each in await visitor.thread() if each["author"] == "customer"] == []


async def test_a_file_that_is_too_large(site: Site) -> None:
    visitor = await site.visitor()
    assert (await upload(visitor, PNG + bytes(10_000_000))).status_code == 413
    assert (await upload(visitor, PNG + bytes(11_000_000))).status_code == 413

    async def endless() -> Any:
        for _ in range(200):
            yield bytes(100_000)

    answer = await site.http.post(
        f"/api/webchat/sessions/{visitor.id}/attachments",
        content=endless(),
        headers={"authorization": f"Bearer {visitor.token}", "content-type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code in (400, 413)
    assert on_disk(site) == []
    assert (await upload(visitor, PNG + bytes(9_999_000))).status_code == 202


async def test_a_name_leads_nowhere(site: Site) -> None:
    visitor = await site.visitor()
    sent = await upload(visitor, PNG, "../../../../etc/cron.d/evil.sh")
    assert sent.json()["attachments"][0]["name"] == "evil.png"
    (kept,) = on_disk(site)
    assert kept.parent.parent == site.product.settings.data_dir / "files"
    assert kept.stat().st_mode & 0o777 == 0o600


async def test_the_same_picture_twice_is_one_file_and_two_attachments(site: Site) -> None:
    visitor = await site.visitor()
    first, second = [(await upload(visitor, PNG)).json()["attachments"][0]["id"] for _ in range(2)]
    assert first != second
    assert len(on_disk(site)) == 1


async def test_a_repeated_upload_is_the_same_message(site: Site) -> None:
    visitor = await site.visitor()
    first, again = [(await upload(visitor, PNG, client_id="c-1")).json() for _ in range(2)]
    assert first == again
    async with site.product.db.read() as session:
        assert len(await site.product.attachments.of(session, visitor.id)) == 1


async def test_another_visitors_file_is_not_there(site: Site) -> None:
    mine, other = await site.visitor(), await site.visitor()
    attached = (await upload(mine, PNG)).json()["attachments"][0]["id"]
    assert (await fetched(other, attached)).status_code == 404
    assert (await fetched(mine, attached, token=other.token)).status_code == 401
    assert (await fetched(other, attached, token=mine.token)).status_code == 401
    assert (await fetched(mine, "att_none")).status_code == 404
    assert (await upload(mine, PNG, token=other.token)).status_code == 401
    assert (await site.http.get(f"/api/attachments/{attached}")).status_code == 401


async def test_a_visitor_sees_no_file_of_a_note_or_of_nothing(site: Site) -> None:
    visitor = await site.visitor()
    stored = await site.product.attachments.store(PNG)
    async with site.product.db.write() as tx:
        loose = await site.product.attachments.add(tx, visitor.id, name="a.png", stored=stored)
        internal = await site.product.attachments.add(tx, visitor.id, name="b.png", stored=stored)
        await site.product.conversations.record(
            tx, visitor.id, event="voucher_made", attachments=[internal], code="RL-22222"
        )
    for attachment in (loose, internal):
        assert (await fetched(visitor, attachment.id)).status_code == 404
        assert (await site.staff("GET", f"/api/attachments/{attachment.id}")).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"not a form"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nwords\r\n--x--\r\n',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nx\r\n--x--\r\n',
        ),
    ],
)
async def test_a_form_that_is_none(site: Site, content_type: str, body: bytes) -> None:
    visitor = await site.visitor()
    answer = await site.http.post(
        f"/api/webchat/sessions/{visitor.id}/attachments",
        content=body,
        headers={"authorization": f"Bearer {visitor.token}", "content-type": content_type},
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["code"] == "malformed"


async def test_two_files_or_a_bad_mark_are_refused(site: Site) -> None:
    visitor = await site.visitor()
    answer = await site.http.post(
        f"/api/webchat/sessions/{visitor.id}/attachments",
        files=[("file", ("a.png", PNG, "image/png")), ("file", ("b.png", PNG, "image/png"))],
        headers={"authorization": f"Bearer {visitor.token}"},
    )
    assert answer.status_code == 400
    assert (await upload(visitor, PNG, client_id="../x y")).status_code == 422


async def test_a_visitor_sends_files_at_a_human_pace_and_not_without_end(site: Site) -> None:
    visitor = await site.visitor()
    answers = [(await upload(visitor, PNG)).status_code for _ in range(FILES_PER_MINUTE + 1)]
    assert answers == [202] * FILES_PER_MINUTE + [429]
    stored = await site.product.attachments.store(PNG)
    async with site.product.db.write() as tx:
        for _ in range(MOST_IN_CONVERSATION):
            await site.product.attachments.add(tx, visitor.id, name="a.png", stored=stored)
    async with site.product.db.read() as session:
        with pytest.raises(Conflict):
            await site.product.attachments.check_room(session, visitor.id)


async def test_an_agent_sends_a_file_in_a_conversation_they_hold(site: Site) -> None:
    visitor = await site.visitor()
    path, form = f"/api/conversations/{visitor.id}/attachments", {"file": ("mapa.pdf", PDF, "application/pdf")}
    assert (await site.staff("POST", path, files=form)).status_code == 409
    await site.staff("POST", f"/api/conversations/{visitor.id}/take_over", json={})
    for _ in range(2):
        answer = await site.staff("POST", path, files=form, data={"text": "El mapa", "client_id": "m1"})
        assert answer.status_code == 201, answer.text
    (told,) = [each for each in await visitor.thread() if each["author"] == "agent"]
    assert (told["text"], told["attachments"][0]["name"]) == ("El mapa", "mapa.pdf")
    pdf = await fetched(visitor, told["attachments"][0]["id"])
    assert pdf.content == PDF
    assert "sandbox" not in pdf.headers["content-security-policy"]
    async with site.product.db.read() as session:
        assert len(await site.product.attachments.of(session, visitor.id)) == 1


async def test_a_body_on_any_other_path_stays_small(site: Site) -> None:
    for path in ("/api/attachments/x", "/api/conversations/a/b/attachments", "/api/conversations/a/attachments/x"):
        assert (await site.staff("POST", path, content=bytes(1_100_000))).status_code == 413


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("bytes=0-1", (0, 2)),
        ("bytes=0-", (0, 10)),
        ("bytes=4-99", (4, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        (None, None),
        ("bytes=-", None),
        ("bytes=10-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
    ],
)
def test_players_may_ask_for_a_part(wanted: str | None, found: tuple[int, int] | None) -> None:
    assert part(wanted, 10) == found
