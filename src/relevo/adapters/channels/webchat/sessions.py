"""Visitors' sessions: opened for anybody, or for a page of a site that may show the chat; checked by their token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.channels.webchat import identity
from relevo.adapters.channels.webchat.sites import Sites
from relevo.bot.service import Bot
from relevo.conversations.rules import Conversation, Message
from relevo.conversations.service import Conversations
from relevo.kit import phone
from relevo.kit.clock import Clock, SystemClock
from relevo.kit.crypto import fingerprint, new_token
from relevo.kit.db import Database
from relevo.kit.errors import NotFound, Unauthorized
from relevo.kit.limits import Limit
from relevo.people.rules import Identity, IdentityKind
from relevo.people.service import People

WAIT_SECONDS = 10
POLL_SECONDS = 25
MESSAGES_PER_MINUTE = 20
ADDRESS_MESSAGES_PER_MINUTE = 120
"""Several guests may share the lobby's router; a program that opens session after session is one address too."""
SESSIONS_PER_MINUTE = 30
LETTERS_PER_MINUTE = 2
LETTERS_PER_DAY = 5
"""By one conversation, to one address, and four times as many by one sender: a stranger says where they go, and what
is in them."""
SESSION_LASTS = timedelta(days=30)
"""Since the last thing that was said in it."""


class Settings(BaseModel):
    """Limits of the public chat."""

    model_config = ConfigDict(extra="forbid")
    wait_seconds: float = WAIT_SECONDS
    poll_seconds: float = POLL_SECONDS
    messages_per_minute: int = MESSAGES_PER_MINUTE
    address_messages_per_minute: int = ADDRESS_MESSAGES_PER_MINUTE
    sessions_per_minute: int = SESSIONS_PER_MINUTE


class Limits:
    """What a stranger may do, whichever road they take."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self.starts = Limit(clock, settings.sessions_per_minute)
        self.writes = Limit(clock, settings.messages_per_minute)
        self.senders = Limit(clock, settings.address_messages_per_minute)
        self.letters = Limit(clock, LETTERS_PER_MINUTE)
        self.letters_of_day = Limit(clock, LETTERS_PER_DAY, seconds=86_400)
        self.senders_of_day = Limit(clock, 4 * LETTERS_PER_DAY, seconds=86_400)
        self.small = Limit(clock, 6 * settings.messages_per_minute)
        """What costs little and comes often: that somebody types, or has read."""


class Page(BaseModel):
    """Where the chat stands."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field("", max_length=500)
    title: str = Field("", max_length=200)
    referrer: str = Field("", max_length=500)


class Start(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str | None = Field(None, max_length=120)
    locale: str | None = Field(None, max_length=10, pattern=r"^[a-zA-Z_-]+$")
    key: str | None = Field(None, max_length=40)
    embed: str | None = Field(None, max_length=600)
    identity: str | None = Field(None, max_length=identity.LONGEST)
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class _Visitor:
    identities: tuple[Identity, ...]
    name: str | None


class Sessions:
    """Opens and checks visitors' sessions; the browser line uses the same ones."""

    def __init__(
        self,
        db: Database,
        conversations: Conversations,
        people: People,
        bot: Bot,
        sites: Sites | None = None,
        clock: Clock | None = None,
        country: str = "AR",
    ) -> None:
        self._db = db
        self._conversations = conversations
        self._people = people
        self._bot = bot
        self._sites = sites
        self._clock = clock or SystemClock()
        self._country = country

    async def start(self, start: Start, own: str = "") -> tuple[Conversation, str, Message]:
        """``own``: how the visitor's browser calls us."""
        token = new_token()
        about: dict[str, str | None] = {"token": fingerprint(token), "locale": start.locale}
        if start.key is not None and self._sites is not None:
            site, origin = await self._sites.admitted(start.key, start.embed, own)
            about |= {"site": site.key, "origin": origin, "page": start.page.url if start.page else None}
        visitor = self._visitor(start, token)
        async with self._db.write() as tx:
            person = await self._people.find_or_create(
                tx, visitor.identities, name=visitor.name or start.name, locale=start.locale
            )
            conversation = await self._conversations.open(tx, channel="webchat", person_id=person.id, meta=about)
        greeting = await self._bot.greeting(conversation.id, channel="webchat", locale=start.locale)
        async with self._db.write() as tx:
            said = await self._conversations.bot_says(
                tx, conversation.id, version=conversation.control_version, replies=[greeting]
            )
        return conversation, token, said.messages[0]

    def _visitor(self, start: Start, token: str) -> _Visitor:
        anybody = Identity(IdentityKind.WEBCHAT, fingerprint(token)[:32])
        if start.identity is None or start.key is None or self._sites is None:
            return _Visitor((anybody,), None)
        claims = identity.read(start.identity, self._sites.secret(start.key), self._clock.now())
        known = [Identity(IdentityKind.WEBCHAT, fingerprint(f"{start.key} {claims.subject}")[:32])]
        number = phone.identity(claims.phone, self._country) if claims.phone else None
        if number:
            known.append(Identity(IdentityKind.PHONE, number))
        if claims.email and "@" in claims.email:
            known.append(Identity(IdentityKind.EMAIL, claims.email.lower()))
        return _Visitor((*known, anybody), claims.name)

    async def check(self, session_id: str, token: str | None) -> Conversation:
        """The conversation of a session. One answer for a wrong id, a wrong token and one that is too old."""
        async with self._db.read() as session:
            try:
                conversation = await self._conversations.get(session, session_id)
            except NotFound:
                raise Unauthorized("bad_session") from None
        if not token or conversation.meta.get("token") != fingerprint(token):
            raise Unauthorized("bad_session")
        if self._clock.now() - (conversation.last_at or conversation.created_at) > SESSION_LASTS:
            raise Unauthorized("bad_session")
        return conversation

    async def verify(self, session_id: str, token: str) -> Conversation | None:
        try:
            return await self.check(session_id, token)
        except Unauthorized:
            return None
