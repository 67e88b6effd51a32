"""What is known about a recording besides its sound: who took part, what was said when, and the sidecar that says so.

Reads the thread of the call; changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.calls.ports import LINE_RATE
from relevo.calls.rules.recordings import Kept, RecordingState, Sentence, file_name, sentence, transcript
from relevo.conversations.rules import Author, Kind, Message, iso
from relevo.conversations.service import Conversations
from relevo.people.rules import Person
from relevo.people.service import People
from relevo.texts import Texts

MOST_MESSAGES = 20_000


@dataclass(frozen=True, slots=True)
class About:
    """What the thread of the call says about its recording."""

    person: Person | None
    agents: tuple[tuple[str, str], ...]
    """Of the staff, in the order in which they came last: (id, name)."""
    sentences: tuple[Sentence, ...]

    @property
    def contact(self) -> str | None:
        return self.person.name if self.person else None


class Describer:
    def __init__(self, people: People, conversations: Conversations, texts: Texts, *, timezone: ZoneInfo) -> None:
        self._people = people
        self._conversations = conversations
        self._texts = texts
        self._zone = timezone

    async def about(self, session: AsyncSession, kept: Kept, *, seconds: float) -> About:
        person = await self._people.get(session, kept.call.person_id)
        names = await self._people.staff_names(session)
        messages = await self._conversations.messages(session, kept.call.conversation_id, limit=MOST_MESSAGES)
        contact = person.name if person else None
        agents: dict[str, str] = {}
        spoken = []
        for message in messages:
            if message.meta.get("call_id", kept.call.id) != kept.call.id:
                continue
            if message.author_id in names and (message.author is Author.AGENT or _took_over(message)):
                agents.pop(message.author_id, None)
                agents[message.author_id] = names[message.author_id]
            if message.kind is Kind.TEXT and message.author is not Author.SYSTEM:
                name = contact if message.author is Author.CUSTOMER else names.get(message.author_id or "")
                part = sentence(
                    author=message.author.value, name=name, text=message.text, meta=message.meta, at=message.at,
                    began=kept.started_at,
                )  # fmt: skip
                spoken += [part] if part else []
        sentences = transcript(spoken, kept.markers, round(seconds * 1_000))
        return About(person, tuple(agents.items()), tuple(sentences))

    def name(self, kept: Kept, contact: str | None, extension: str) -> str:
        """What it is called when it is saved."""
        at = kept.started_at.astimezone(self._zone)
        return file_name(self._texts.say("calls.file_stem"), kept.number, contact or kept.outside, at, extension)

    def facts(
        self, kept: Kept, about: About, state: RecordingState, size: int | None, digest: str | None
    ) -> dict[str, Any]:
        """The sidecar."""
        call, ready = kept.call, state is RecordingState.READY
        contact = {"name": about.contact, "phone": kept.outside}
        return {
            "recording": {"id": kept.id, "seconds": kept.seconds, "size": size},
            "name": self.name(kept, about.contact, "opus" if ready else "wav"),
            "number": kept.number,
            "state": state.value,
            "duration_seconds": kept.seconds,
            "file_size_bytes": size,
            "started_at": iso(kept.started_at),
            "ended_at": iso(kept.ended_at),
            "contact": contact,
            "agent": about.agents[-1][1] if about.agents else None,
            "participants": [
                {"role": "customer", **contact},
                {"role": "bot"},
                *({"role": "agent", "id": staff_id, "name": name} for staff_id, name in about.agents),
            ],
            "call": {
                "id": call.id,
                "conversation_id": call.conversation_id,
                "direction": call.direction.value,
                "line": call.line,
                "from": call.from_,
                "to": call.to,
                "started_at": iso(call.started_at),
                "answered_at": iso(call.answered_at),
                "ended_at": iso(call.ended_at),
                "ended_by": call.ended_by,
            },
            "end_reason": call.end_reason.value if call.end_reason else None,
            "channels": ["customer", "ours"],
            "format": {
                "container": "ogg" if ready else "wav",
                "codec": "opus" if ready else "pcm_s16le",
                "channels": 2,
                "sample_rate": LINE_RATE,
            },
            "sha256": digest,
            "markers": [asdict(marker) for marker in kept.markers],
            "transcript": [asdict(part) for part in about.sentences],
        }


def _took_over(message: Message) -> bool:
    return message.kind is Kind.EVENT and message.meta.get("event") == "took_over"
