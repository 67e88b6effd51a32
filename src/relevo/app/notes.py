"""Voice notes wired: who writes them down, and whether the bot answers with its voice."""

from __future__ import annotations

from relevo.adapters.catalog import Speech
from relevo.bookings.rules import Business
from relevo.bot.aloud import Aloud
from relevo.conversations.attachments import Attachments
from relevo.conversations.ports import Transcriber
from relevo.conversations.service import Conversations
from relevo.kit.db import Database
from relevo.kit.work import Work
from relevo.settings import Settings
from relevo.texts import Texts

CARRY_SOUND = frozenset({"webchat", "whatsapp", "whatsapp_twilio"})
"""Channels whose customers can play a voice note where they read."""


def transcriber(speech: Speech | None, business: Business) -> Transcriber | None:
    """None where nothing can hear: notes are then files that the bot has not read."""
    if speech is None or speech.notes is None:
        return None
    speech.notes.expect(kind.name for kind in business.room_types)
    return speech.notes


def spoken_answers(
    settings: Settings,
    speech: Speech | None,
    db: Database,
    work: Work,
    conversations: Conversations,
    attachments: Attachments,
    texts: Texts,
) -> Aloud | None:
    if settings.voice_replies == "off" or speech is None or speech.spoken_notes is None:
        return None
    return Aloud(
        db, work, conversations, attachments, speech.spoken_notes, texts, always=settings.voice_replies == "always",
        channels=CARRY_SOUND,
    )  # fmt: skip
