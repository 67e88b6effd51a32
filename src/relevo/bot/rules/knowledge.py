"""What the house can be asked: its services and policies, its facts, and the topics of ``knowledge/*.md``.

A topic file opens with ``words:`` (what people call it, separated by commas) and then says, in the customer's language,
what is true of any house; ``{placeholders}`` are filled from the business. A topic whose facts
are missing is not offered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from relevo.bookings.rules import Business
from relevo.bot.rules.reading import fold

AREA = "zona_"
"""How the keys of topics begin that are about what is near, not about the house; another answers for them."""
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Topic:
    key: str
    text: str
    words: tuple[str, ...] = ()
    source: str = "business"


@dataclass(frozen=True, slots=True)
class TopicEdit:
    """What staff changed of a topic. None: as it came."""

    text: str | None = None
    words: tuple[str, ...] | None = None
    on: bool = True


HOUSE = "house"
"""The source of a text that staff wrote in the console."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    topics: Mapping[str, Topic]

    def find(self, keys: tuple[str, ...], text: str) -> tuple[Topic, ...]:
        """The topics that the engine named, else those whose words are in the text; at most three."""
        named = [self.topics[key] for key in keys if key in self.topics]
        if not named:
            folded = f" {fold(text).replace('.', ' ')} "
            named = [topic for topic in self.topics.values() if any(f" {word} " in folded for word in topic.words)]
        return tuple(dict.fromkeys(named))[:3]


def knowledge_of(
    business: Business, files_: Mapping[str, str] | None = None, edits: Mapping[str, TopicEdit] | None = None
) -> Knowledge:
    facts = facts_of(business)
    topics = {
        key: Topic(key, text, (fold(key.replace("_", " ")),))
        for key, text in (*business.services.items(), *business.policies.items())
    }
    for key, content in (topic_files() if files_ is None else files_).items():
        words, text = parse(content)
        if key in topics:
            # The house's own sentence wins; the file adds what people call it.
            topics[key] = Topic(key, topics[key].text, (*topics[key].words, *words))
        elif text and complete(text, facts):
            topics[key] = Topic(key, text.format_map(facts), words, f"knowledge/{key}.md")
    topics |= {f"{AREA}{key}": Topic(f"{AREA}{key}", text) for key, text in business.area.items()}
    for key, edit in (edits or {}).items():
        topic = _edited(key, topics.pop(key, None), edit, facts)
        if topic is not None:
            topics[key] = topic
    return Knowledge(topics)


def facts_of(business: Business) -> dict[str, object]:
    """What a topic's text may be filled with."""
    return {
        "name": business.name,
        "city": business.city,
        "check_in_hour": business.check_in,
        "check_out_hour": business.check_out,
        "deposit_percent": business.deposit_percent,
        "hold_minutes": business.hold_minutes,
        "phone": business.phone,
        "email": business.email,
        "room_types": ", ".join(f"{kind.name} ({kind.capacity})" for kind in business.room_types),
    }


def complete(text: str, facts: Mapping[str, object]) -> bool:
    """Whether the house has every fact that the text is filled with."""
    return all(facts.get(name) not in (None, "") for name in PLACEHOLDER.findall(text))


def _edited(key: str, before: Topic | None, edit: TopicEdit, facts: Mapping[str, object]) -> Topic | None:
    if not edit.on:
        return None
    words = before.words if before else ()
    if edit.words is not None:
        words = tuple(map(fold, edit.words))
    if edit.text is None:
        return replace(before, words=words) if before else None
    return Topic(key, edit.text.format_map(facts), words, HOUSE) if complete(edit.text, facts) else None


def parse(content: str) -> tuple[tuple[str, ...], str]:
    """The words and the text of a topic file."""
    head, _, body = content.partition("\n")
    words = tuple(fold(word) for word in head.removeprefix("words:").split(",") if word.strip())
    return words, " ".join(body.split())


@cache
def topic_files() -> Mapping[str, str]:
    folder = files("relevo.bot").joinpath("knowledge")
    return {
        entry.name.removesuffix(".md"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".md")
    }
