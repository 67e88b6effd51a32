"""Threads with customers on any channel, and the one lever of takeover: ``control`` with its version.

``decide_*`` functions say what a request does to control; they know nothing of tables. Whatever the bot prepares
carries the version it was prepared under, and ``bot_may_speak`` is asked again in the transaction that would send it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from relevo.conversations.files import Attachment
from relevo.kit.errors import Conflict, Forbidden, Invalid
from relevo.people.rules import Person

MAX_TEXT = 4_000
PREVIEW = 140
ATTACHED = "attachments"
"""Where a message's ``meta`` names its files: a thread is shown without asking for them one by one."""
VOICE = "voice"
"""Where ``meta`` says that a message is a voice note: ``seconds``, and of a customer ``confidence`` and ``low``."""
ALOUD = "aloud"
"""Where the ``meta`` of an answer has the words in which it is said, where those are not its text."""
MOOD = "mood"
"""Where the ``meta`` of a customer's message says how they felt, where they felt anything."""
LOW_CONFIDENCE = 0.45
"""Of a transcript: of those below it hardly any says what was said."""


class Control(StrEnum):
    BOT = "bot"
    QUEUED = "queued"
    AGENT = "agent"
    CLOSED = "closed"


class Priority(StrEnum):
    """Who of those that wait for a person comes first."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        return list(Priority).index(self)


class Mood(StrEnum):
    """How customers feel, by the words they write. Never staff's, and never read from a voice."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


FEELS = 0.5
"""From here on, either way, words say that somebody feels something."""


def mood_of(felt: float | None) -> Mood | None:
    """None where nothing was written that could tell."""
    if felt is None:
        return None
    return Mood.NEGATIVE if felt <= -FEELS else Mood.POSITIVE if felt >= FEELS else Mood.NEUTRAL


class Author(StrEnum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Kind(StrEnum):
    TEXT = "text"
    NOTE = "note"
    """For staff only."""
    EVENT = "event"
    SUGGESTION = "suggestion"
    """What the bot was about to say when a person took over; for staff only."""


class Delivery(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


_RANK = {Delivery.PENDING: 0, Delivery.SENT: 1, Delivery.FAILED: 2, Delivery.DELIVERED: 3, Delivery.READ: 4}
REACH = "reach"
"""Where a conversation's ``meta`` remembers the form of the address that its carrier takes."""
ERROR = "delivery_error"
"""Where a message's ``meta`` says why it did not arrive."""
FETCHED = "fetched"
"""In ``meta``: its files have been fetched, or given up; ``refused`` and ``lost`` say which were not to be had."""
OVERTAKEN = "overtaken"
"""In ``meta``: a person took over while its carrier was being called."""
TRIED = "tried"
"""In ``meta``: what its carrier called it in earlier deliveries."""
TEMPLATE = "template"
"""Where a message's ``meta`` names the approved template that it is; it needs no open window."""


@dataclass(frozen=True, slots=True)
class Conversation:
    id: str
    channel: str
    person_id: str
    control: Control
    control_version: int
    agent_id: str | None
    reason: str | None
    """Why a person is needed."""
    last_text: str | None
    last_author: Author | None
    last_at: datetime | None
    unread: int
    meta: Mapping[str, Any]
    created_at: datetime
    closed_at: datetime | None
    account: str | None = None
    """Which of our numbers or mailboxes it is with."""
    address: str | None = None
    """The customer's, exactly as received."""
    window_until: datetime | None = None
    """Until when one may write freely; None: the channel knows no such limit."""
    priority: Priority = Priority.NORMAL
    mood: float | None = None
    """What the customer's own words say of how they feel, the last ones most; below zero is bad."""
    queue_id: str | None = None
    """The queue it came to last: its teams are whose it is."""
    holders: tuple[str, ...] = ()
    """Who has or had it, of the staff."""

    @property
    def reach(self) -> str | None:
        """Where to send: the address, or the other form of it that was found to work."""
        return self.meta.get(REACH) or self.address


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    conversation_id: str
    seq: int
    author: Author
    author_id: str | None
    kind: Kind
    text: str
    buttons: tuple[str, ...]
    delivery: Delivery | None
    meta: Mapping[str, Any]
    at: datetime
    carrier_id: str | None = None
    """How the carrier calls what we sent."""
    handed: int = 0
    """How often it was handed to its carrier."""

    @property
    def attachments(self) -> tuple[Mapping[str, Any], ...]:
        """Its files as clients see them: ``{id, name, media_type, size}``."""
        return tuple(self.meta.get(ATTACHED, ()))

    @property
    def for_customer(self) -> bool:
        """Part of what is said between us and the customer; no note, draft or event."""
        return self.kind is Kind.TEXT


@dataclass(frozen=True, slots=True)
class Reply:
    """Something the bot wants to say."""

    text: str
    buttons: tuple[str, ...] = ()
    spoken_text: str | None = None
    """How to say it aloud, where that differs."""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A decided change of control."""

    control: Control
    agent_id: str | None
    reason: str | None = None
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page of a list ended: the next one begins behind it."""

    at: datetime
    priority: Priority = Priority.NORMAL

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.priority.value}"


def mark(text: str) -> Mark:
    """As it was given out, or just a time. Raises ``Invalid``."""
    at, _, priority = text.partition("~")
    try:
        found = Mark(datetime.fromisoformat(at.replace(" ", "+")), Priority(priority or Priority.NORMAL))
    except ValueError as error:
        raise Invalid("malformed") from error
    if found.at.tzinfo is None:
        raise Invalid("malformed")
    return found


def priority_after(conversation: Conversation, change: Change) -> Priority:
    """It grows while a person is needed, stays while one has it, and is over with the need."""
    if change.control in (Control.BOT, Control.CLOSED):
        return Priority.NORMAL
    return max(conversation.priority, change.priority, key=lambda each: each.rank)


def window_open(conversation: Conversation, now: datetime) -> bool:
    """Whether free text may be written to the customer now."""
    return conversation.window_until is None or now < conversation.window_until


def window_open_for(conversation: Conversation, message: Message, now: datetime) -> bool:
    return TEMPLATE in message.meta or window_open(conversation, now)


class Verdict(StrEnum):
    """What is to be done with a message that is about to leave; the refusals are error codes."""

    LEAVES = "leaves"
    DRAFT = "draft"
    TAKEN_OVER = "taken_over"
    WINDOW_CLOSED = "window_closed"
    CHANNEL_OFF = "channel_off"


def may_leave(conversation: Conversation, message: Message, now: datetime) -> Verdict:
    """The bot is silent while a person has the conversation, and after a person had it about what was before."""
    held = conversation.control is Control.AGENT or OVERTAKEN in message.meta
    if message.author is Author.BOT and held and "retried_by" not in message.meta:
        return Verdict.TAKEN_OVER if message.handed else Verdict.DRAFT
    if not window_open_for(conversation, message, now):
        return Verdict.WINDOW_CLOSED
    return Verdict.LEAVES


def concerns(message: Message, carrier_id: str | None, status: Delivery) -> bool:
    """Whether a status is about this delivery of the message: that an earlier one failed means nothing now."""
    if status is not Delivery.FAILED or carrier_id is None:
        return True
    return carrier_id not in message.meta.get(TRIED, ()) and message.carrier_id in (None, carrier_id)


def decide_retry(conversation: Conversation, message: Message, *, staff_id: str, may_take: bool) -> None:
    """Only what failed; and a colleague's conversation is left to them."""
    if message.delivery is not Delivery.FAILED or message.kind is not Kind.TEXT:
        raise Conflict("not_failed")
    if conversation.control is Control.AGENT and conversation.agent_id not in (None, staff_id) and not may_take:
        raise Conflict("not_in_control")


def missing_files(message: Message) -> bool:
    """Whether something came with it that was refused, or was not to be had."""
    return any(message.meta.get(why) for why in ("refused", "lost"))


def bot_may_speak(conversation: Conversation, version: int) -> bool:
    return conversation.control is Control.BOT and conversation.control_version == version


def decide_take_over(
    conversation: Conversation, *, staff_id: str, version: int | None, may_take_from_colleague: bool, holder: str | None
) -> Change | None:
    """Who asks first gets it. None: already theirs. A colleague's conversation is taken only by somebody with that
    right who saw, by its version, that the colleague has it."""
    if conversation.control is Control.AGENT:
        if conversation.agent_id == staff_id:
            return None
        saw_it = version == conversation.control_version
        if conversation.agent_id is not None and not (may_take_from_colleague and saw_it):
            raise Conflict("control_taken", agent={"id": conversation.agent_id, "name": holder}, name=holder)
    return Change(Control.AGENT, staff_id)


def decide_hand_back(conversation: Conversation, *, staff_id: str, may_take_from_colleague: bool) -> Change:
    if conversation.control is not Control.AGENT:
        raise Conflict("not_in_control")
    if conversation.agent_id not in (None, staff_id) and not may_take_from_colleague:
        raise Forbidden("not_in_control")
    return Change(Control.BOT, None)


def decide_pass_on(
    conversation: Conversation, *, staff_id: str | None, version: int | None, may_take_from_colleague: bool, to: Change
) -> Change:
    """The holder gives it to a colleague or to the queue; the system (no ``staff_id``) where the holder is lost."""
    if conversation.control is not Control.AGENT:
        raise Conflict("not_in_control")
    if version is not None and version != conversation.control_version:
        raise Conflict("control_changed")
    others = conversation.agent_id not in (None, staff_id)
    if staff_id is not None and others and not may_take_from_colleague:
        raise Forbidden("not_in_control")
    return to


def decide_ask_for_person(
    conversation: Conversation, *, version: int, reason: str, priority: Priority = Priority.NORMAL
) -> Change | None:
    """None where somebody else decided in the meantime."""
    if not bot_may_speak(conversation, version):
        return None
    if priority is Priority.NORMAL and mood_of(conversation.mood) is Mood.NEGATIVE:
        priority = Priority.HIGH
    return Change(Control.QUEUED, None, reason, priority)


def decide_close(conversation: Conversation) -> Change | None:
    return None if conversation.control is Control.CLOSED else Change(Control.CLOSED, None)


def decide_agent_speaks(conversation: Conversation, *, staff_id: str, kind: Kind) -> None:
    """Notes are free; to write to the customer one must hold the conversation."""
    if kind is Kind.NOTE:
        return
    if kind is not Kind.TEXT:
        raise Invalid("bad_kind")
    if conversation.control is not Control.AGENT or conversation.agent_id != staff_id:
        raise Conflict("not_in_control")


def actions_for(conversation: Conversation, *, staff_id: str | None, may_answer: bool, may_take: bool) -> list[str]:
    """What this person may do with it now; the console shows just these buttons."""
    if not may_answer:
        return []
    mine = conversation.control is Control.AGENT and conversation.agent_id == staff_id
    loose = conversation.control is Control.AGENT and conversation.agent_id is None
    held = conversation.control is Control.AGENT and not mine and not loose
    actions = ["note"]
    if not mine and (not held or may_take):
        actions.append("take_over")
    if mine:
        actions += ["reply", "hand_back"]
    elif loose or (held and may_take):
        actions.append("hand_back")
    if conversation.control is not Control.CLOSED and not (held and not may_take):
        actions.append("resolve")
    return actions


def clean_text(text: str) -> str:
    """The text as it is kept. Raises ``Invalid`` when nothing is left or it is too long."""
    kept = _printable(text)
    if not kept:
        raise Invalid("empty_text")
    if len(kept) > MAX_TEXT:
        raise Invalid("text_too_long", maximum=MAX_TEXT)
    return kept


def fit_text(text: str) -> str:
    """A customer's words as they are kept: nothing that they send is refused for its form, the rest is cut."""
    return _printable(text)[:MAX_TEXT]


def _printable(text: str) -> str:
    return "".join(char for char in text if char in "\n\t" or char.isprintable()).strip()


def preview(text: str, attachments: Sequence[Attachment]) -> str:
    """What a list of conversations shows of a message: its words, or the names of its files."""
    return (text or ", ".join(each.name for each in attachments))[:PREVIEW]


def forward(now: Delivery | None, then: Delivery) -> bool:
    """Whether a provider's status moves a message forward (they arrive in any order)."""
    return now is not None and _RANK[then] > _RANK[now]


def iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def conversation_json(
    conversation: Conversation,
    person: Person | None,
    staff_names: Mapping[str, str],
    actions: list[str] | None = None,
    reason_text: str | None = None,
) -> dict[str, Any]:
    """The ``Conversation`` of docs/api.md. Events carry no ``actions``: they go to people with different rights."""
    agent_id = conversation.agent_id
    data: dict[str, Any] = {
        "id": conversation.id,
        "channel": conversation.channel,
        "person": {
            "id": person.id if person else conversation.person_id,
            "name": person.shown_name if person else None,
            "identities": [{"kind": known.kind.value, "value": known.value} for known in person.identities]
            if person
            else [],
        },
        "control": conversation.control.value,
        "control_version": conversation.control_version,
        "agent": {"id": agent_id, "name": staff_names.get(agent_id)} if agent_id else None,
        "reason": conversation.reason,
        "reason_text": reason_text,
        "priority": conversation.priority.value,
        "mood": mood_of(conversation.mood),
        "last_message": {
            "text": conversation.last_text,
            "author": conversation.last_author.value if conversation.last_author else None,
            "at": iso(conversation.last_at),
        }
        if conversation.last_text is not None
        else None,
        "unread": conversation.unread,
        "created_at": iso(conversation.created_at),
        "closed_at": iso(conversation.closed_at),
        "call_id": conversation.meta.get("call_id"),
        "account": conversation.account,
        "address": conversation.address,
        "window_until": iso(conversation.window_until),
        "queue_id": conversation.queue_id,
        "holders": list(conversation.holders),
    }
    if actions is not None:
        data["actions"] = actions
    return data


def message_json(message: Message, staff_names: Mapping[str, str], error: str | None = None) -> dict[str, Any]:
    """The ``Message`` of docs/api.md."""
    return {
        "id": message.id,
        "seq": message.seq,
        "author": message.author.value,
        "author_name": staff_names.get(message.author_id) if message.author_id else None,
        "kind": message.kind.value,
        "text": message.text,
        "buttons": list(message.buttons),
        "delivery": message.delivery.value if message.delivery else None,
        "error": error,
        "at": iso(message.at),
        "attachments": [dict(each) for each in message.attachments],
        "meta": {key: value for key, value in message.meta.items() if key != ATTACHED},
    }
