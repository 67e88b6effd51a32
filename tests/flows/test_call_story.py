"""The call story in virtual time: greeting, a turn, the reply; what was said is what is kept."""

from __future__ import annotations

from pathlib import Path

from tests.calls.virtual_time import virtual
from tests.calls.world import Guest, tone, world


@virtual
async def test_a_call_from_greeting_to_goodbye(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Quiero una habitación doble."}
        guest = Guest([(4_000, tone(440, 1_200))], hangs_up_at=10_000)
        await w.call(guest)
        await w.settle()
        texts = [(message.author.value, message.text, message.meta) for message in await w.messages()]
        assert [(author, text) for author, text, _ in texts] == [
            ("bot", "Hola, soy un asistente virtual. La llamada se graba."),
            ("customer", "Quiero una habitación doble."),
            ("bot", "Eco: Quiero una habitación doble.."),
        ]
        assert texts[0][2]["heard"] is True
        assert texts[2][2]["heard"] is True
        greeting, reply = guest.loud()
        assert greeting[0] < 200
        assert 300 <= reply[0] - 5_200 <= 900
        row = (await w.rows())[0]
        assert (row["status"], row["end_reason"], row["control"]) == ("ended", "customer_hung_up", "closed")
