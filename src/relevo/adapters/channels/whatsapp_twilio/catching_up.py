"""What came while nobody here listened: Twilio tries a webhook once and never again, so it is asked from time to time.

What is found is taken like a webhook; what was taken before adds nothing. Statuses that were missed come the same way.
The first time nothing is read: what was said before Relevo came is not its business.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urljoin

from relevo.adapters.channels.whatsapp_twilio import parsing
from relevo.adapters.channels.whatsapp_twilio.door import Door
from relevo.adapters.channels.whatsapp_twilio.errors import meaning
from relevo.adapters.channels.whatsapp_twilio.sending import by_date
from relevo.adapters.channels.whatsapp_twilio.settings import CHANNEL, PREFIX
from relevo.adapters.twilio.rest import Rest
from relevo.conversations.rules import Delivery
from relevo.kit import log
from relevo.kit.errors import NotFound, ProviderError, RelevoError
from relevo.kit.work import Job

_log = log.get("channels.whatsapp_twilio")

CATCH_UP = "whatsapp_twilio.catch_up"
EVERY = timedelta(minutes=5)
OVERLAP = timedelta(minutes=10)
PAGE = 200
MOST_PAGES = 50


class Cursor(Protocol):
    """Until when a channel has been read; kept across restarts."""

    async def read_until(self, channel: str, account: str) -> datetime | None: ...

    async def has_read(self, channel: str, account: str, until: datetime) -> None: ...


class CatchingUp:
    def __init__(self, door: Door, rest: Rest, cursor: Cursor) -> None:
        self._door = door
        self._rest = rest
        self._cursor = cursor

    async def promise(self, *, at_once: bool = False) -> None:
        """The next look, one for the whole installation."""
        now = self._door.clock.now()
        turn = int(now.timestamp() // EVERY.total_seconds()) + (not at_once)
        due = datetime.fromtimestamp(turn * EVERY.total_seconds(), now.tzinfo)
        async with self._door.db.write() as tx:
            await self._door.work.promise(tx, CATCH_UP, key=f"{CATCH_UP}:{turn}", run_at=due)

    async def start(self) -> None:
        """What came before we were up, at once; then every few minutes."""
        await self.promise(at_once=True)

    async def job(self, job: Job) -> None:  # noqa: ARG002 - every look is the same
        await self.promise()
        try:
            await self.look()
        except ProviderError as error:
            _log.warning("missed messages could not be asked for", why=error.code)

    async def look(self) -> int:
        """Once. Returns how many messages had been missed."""
        number, now = self._door.settings.number, self._door.clock.now()
        before = await self._cursor.read_until(CHANNEL, number)
        missed = 0
        if before is not None:
            since = before - OVERLAP
            async for listed in self._listed(since, To=f"{PREFIX}{number}"):
                missed += await self._take(listed, now)
            async for listed in self._listed(since, From=f"{PREFIX}{number}"):
                await self._move(listed)
        await self._cursor.has_read(CHANNEL, number, now)
        return missed

    async def _listed(self, since: datetime, **which: str) -> AsyncIterator[Mapping[str, Any]]:
        """Messages since then, the newest first, page by page."""
        asked: dict[str, str] | None = {**which, "DateSent>": since.date().isoformat(), "PageSize": str(PAGE)}
        url = f"{self._rest.account}/Messages.json"
        for _ in range(MOST_PAGES):
            page = await self._rest.ask("GET", url, **({"params": asked} if asked else {}))
            listed = page.get("messages")
            for each in listed if isinstance(listed, list) else ():
                at = by_date(each.get("date_sent") or each.get("date_created")) if isinstance(each, dict) else None
                if at is not None and at < since:
                    return
                if at is not None:
                    yield {**each, "at": at}
            following = page.get("next_page_uri")
            if not following:
                return
            url, asked = urljoin(url, str(following)), None

    async def _take(self, listed: Mapping[str, Any], now: datetime) -> int:
        if listed.get("direction") != "inbound":
            return 0
        form = {"MessageSid": "sid", "From": "from", "To": "to", "Body": "body"}
        read = {field: str(listed.get(name) or "") for field, name in form.items()}
        if str(listed.get("num_media") or "0") != "0":
            read |= await self._files(read["MessageSid"])
        try:
            found = parsing.incoming(read, at=listed["at"], now=now)
            return int(await self._door.take(found))
        except RelevoError as error:
            _log.warning("a message that was missed cannot be taken", why=error.code)
            return 0

    async def _files(self, sid: str) -> dict[str, str]:
        try:
            answer = await self._rest.get(f"Messages/{sid}/Media.json")
        except NotFound:
            return {}
        listed = answer.get("media_list")
        files: dict[str, str] = {}
        for number, each in enumerate(listed if isinstance(listed, list) else ()):
            files[f"MediaUrl{number}"] = f"{self._rest.account}/Messages/{sid}/Media/{each.get('sid')}"
            files[f"MediaContentType{number}"] = str(each.get("content_type") or "")
        return files

    async def _move(self, listed: Mapping[str, Any]) -> None:
        if str(listed.get("direction", "")).startswith("inbound"):
            return
        form = {"MessageSid": str(listed.get("sid") or ""), "MessageStatus": str(listed.get("status") or "")}
        code = listed.get("error_code")
        if code is not None:
            form["ErrorCode"] = str(code)
        try:
            status = parsing.status(form)
        except RelevoError:
            return
        if status is None or status.delivery is Delivery.SENT:
            return
        async with self._door.db.write() as tx:
            await self._door.inbox.status(
                tx,
                channel=CHANNEL,
                delivery=status.delivery,
                at=self._door.clock.now(),
                carrier_id=status.sid,
                error=meaning(status.error).code if status.delivery is Delivery.FAILED else None,
            )
