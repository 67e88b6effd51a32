"""What the conversations room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relevo.conversations.rules import Control, Priority
from relevo.kit.events import Event


@dataclass(frozen=True, slots=True)
class MessageReceived(Event):
    """A customer said something. Published inside the transaction that stores it."""

    conversation_id: str
    message_id: str
    channel: str
    control: Control
    control_version: int
    answer: bool = True
    """False: shown, never answered automatically."""
    account: str | None = None
    """Which of our numbers or mailboxes it came to."""


@dataclass(frozen=True, slots=True)
class AttachmentReceived(Event):
    """A customer sent a file. Published inside the transaction, after the ``MessageReceived`` of its message."""

    conversation_id: str
    attachment_id: str
    message_id: str
    control: Control


@dataclass(frozen=True, slots=True)
class AgentSpoke(Event):
    """A member of staff wrote to the customer."""

    conversation_id: str
    message_id: str
    channel: str
    text: str


@dataclass(frozen=True, slots=True)
class ControlChanged(Event):
    conversation_id: str
    channel: str
    control: Control
    control_version: int
    agent_id: str | None
    note: str | None = None
    """What the agent left for the bot; a string (perhaps empty) exactly when it was handed back."""
    reason: str | None = None
    """Why a person is needed."""
    priority: Priority = Priority.NORMAL

    @property
    def handed_back(self) -> bool:
        return self.note is not None


@dataclass(frozen=True, slots=True)
class PriorityChanged(Event):
    """A person said how urgent it is. Published inside the transaction."""

    conversation_id: str
    priority: Priority


@dataclass(frozen=True, slots=True)
class MessagesForgotten(Event):
    """What was said in a conversation before some time is deleted. Published inside the transaction that does it."""

    conversation_id: str
    before: datetime
    all: bool
    """Nothing of it is left."""
