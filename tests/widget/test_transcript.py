"""The conversation by e-mail: what was said to the visitor and by them, posted once, and nothing of the house's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relevo.adapters.channels.webchat.transcripts import TRANSCRIPT, Transcripts
from relevo.kit.clock import FixedClock
from relevo.texts import Texts
from tests.widget.conftest import Site


class Box:
    """A mailer that keeps what it is given."""

    on = True

    def __init__(self) -> None:
        self.letters: list[dict[str, Any]] = []

    async def send(self, **letter: Any) -> None:
        self.letters.append(letter)


async def test_a_letter_has_what_was_said_and_no_note(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    product, box = site.product, Box()
    letters = Transcripts(
        product.db, product.work, product.conversations, box, Texts("es"),
        business="Hotel Mirador", timezone=ZoneInfo("America/Argentina/Buenos_Aires"),
    )  # fmt: skip
    monkeypatch.setitem(product.work._handlers, TRANSCRIPT, letters.job)
    guest = await site.visitor()
    await guest.replies("¿tienen cochera?")
    await site.staff("POST", f"/api/conversations/{guest.id}/messages", json={"text": "ojo, VIP", "kind": "note"})
    async with product.db.read() as session:
        conversation = await product.conversations.get(session, guest.id)
    for _ in range(2):
        await letters.promise(conversation, "ana@example.com")
    await guest.say("después de pedirla", wait=False)
    await product.work.idle()
    assert [letter["to"] for letter in box.letters] == ["ana@example.com"]
    text = box.letters[0]["text"]
    assert "Hotel Mirador" in box.letters[0]["subject"]
    assert "21/11/2026 09:00 · Tú: ¿tienen cochera?" in text
    assert "Asistente virtual: " in text
    assert "VIP" not in text


async def test_nobodys_mailbox_is_filled_by_strangers(site: Site, clock: FixedClock) -> None:
    async def ask(email: str) -> str:
        clock.advance(timedelta(minutes=2))
        order = {"t": "transcript", "d": {"email": email}}
        answer = await site.http.post(
            f"/api/webchat/sessions/{guest.id}/frames", json=order, headers={"authorization": f"Bearer {guest.token}"}
        )
        return str(answer.json()["frames"][0]["d"]["code"])

    guest = await site.visitor()
    assert [await ask("ana@example.com") for _ in range(6)] == ["mail_off"] * 5 + ["slow_down"]
    guest = await site.visitor()
    assert await ask("Ana@Example.com") == "slow_down"
    assert await ask("luz@example.com") == "mail_off"
    codes = []
    for number in range(20):
        guest = await site.visitor()
        codes.append(await ask(f"luz{number}@example.com"))
    assert codes[-1] == "slow_down"
    clock.advance(timedelta(days=1))
    assert await ask("ana@example.com") == "mail_off"
