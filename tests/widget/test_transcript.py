"""The conversation by e-mail: what was said to the visitor and by them, posted once, and nothing of the house's own."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relevo.adapters.channels.webchat.transcripts import TRANSCRIPT, Transcripts
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
