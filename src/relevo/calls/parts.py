"""What all sessions of a process share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from relevo.bot.service import Bot
from relevo.calls.callbacks import Callbacks
from relevo.calls.headsets import Headsets
from relevo.calls.media.speaker import Speaker
from relevo.calls.ports import Anybody, Reach, Recognizer, TurnEndModel
from relevo.calls.rules.callbacks import Queue
from relevo.calls.rules.floor import Lost
from relevo.conversations.service import Conversations
from relevo.kit.db import Database
from relevo.kit.live import Live
from relevo.texts import Texts

CHANNEL = "call"


@dataclass(frozen=True, slots=True)
class Parts:
    db: Database
    live: Live
    conversations: Conversations
    bot: Bot
    recognizer: Recognizer
    speaker: Speaker
    texts: Texts
    locale: str
    max_seconds: int
    names: Callable[[str, str], Awaitable[Sequence[str]]]
    """Words to expect: (conversation id, person id)."""
    headsets: Headsets
    callbacks: Callbacks | None = None
    reach: Reach = Anybody()
    """Whom calls may go to."""
    turn_end: TurnEndModel | None = None
    business: str = ""
    """How the house calls itself; what is left on a mailbox says it."""
    leaves_messages: bool = True
    """Speak after a mailbox's tone, rather than hang up."""
    lost: Lost = Lost.BOT
    """What becomes of a call whose agent lost their voice."""
    announces_return: bool = False
    """The law of the place wants the bot to say again that it is one, when it comes back after a person."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one session asks of the calls around it."""

    number: str
    """Of the customer, as the line shows it."""
    announce: Callable[[], Awaitable[None]]
    """Tell the desk what the call is like now."""
    objected: Callable[[], Awaitable[None]]
    """Make sure that nothing of the recording is kept."""
    seated: Callable[[str], None]
    """Somebody of the staff has taken or left a seat."""
    queue: Callable[[], Queue]
    """How long the wait for a person is."""
    outbound: bool = False
    """We placed the call."""
