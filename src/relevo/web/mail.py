"""HTTP of e-mail: mails that could not be taken, and the page of one that was.

A page comes from a stranger. It went through an allow-list when it came, and is answered in a sandbox where nothing
runs and nothing is fetched from anywhere.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from relevo.conversations.rules import iso
from relevo.conversations.service import Conversations
from relevo.kit.db import Database
from relevo.kit.errors import NotFound
from relevo.people.rules import Action, Staff
from relevo.texts import Texts
from relevo.web.auth import Gate

SANDBOX = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "blockquote{border-left:3px solid #ccc;margin:0;padding-left:1em}"
)


class Aside(Protocol):
    """A mail in quarantine."""

    @property
    def id(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def folder(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def tries(self) -> int: ...
    @property
    def retry_at(self) -> datetime | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def state(self) -> str: ...


class Mails(Protocol):
    async def quarantined(self) -> Sequence[Aside]: ...

    async def retry(self, mail_id: str) -> Aside:
        """Raises ``NotFound``, ``Conflict``."""
        ...

    async def leave(self, mail_id: str) -> Aside:
        """Raises ``NotFound``."""
        ...

    async def page(self, message_id: str) -> str | None:
        """What may be shown of the mail of a message."""
        ...


def router(mails: Mails, db: Database, conversations: Conversations, gate: Gate, texts: Texts) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["mail"])
    Admin = Annotated[Staff, Depends(gate.require(Action.MANAGE_MAIL))]
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_CONVERSATIONS))]

    @routes.get("/mail/quarantine")
    async def quarantine(_staff: Admin) -> dict[str, Any]:
        return {"items": [_json(each, texts) for each in await mails.quarantined()]}

    @routes.post("/mail/quarantine/{mail_id}/retry")
    async def retry(mail_id: str, _staff: Admin) -> dict[str, Any]:
        return _json(await mails.retry(mail_id), texts)

    @routes.post("/mail/quarantine/{mail_id}/leave")
    async def leave(mail_id: str, _staff: Admin) -> dict[str, Any]:
        """It is not tried any more; it stays in the mailbox."""
        return _json(await mails.leave(mail_id), texts)

    @routes.get("/messages/{message_id}/mail")
    async def page(message_id: str, _staff: Reader) -> HTMLResponse:
        async with db.read() as session:
            message = await conversations.message(session, message_id)
        shown = await mails.page(message_id) if message is not None else None
        if shown is None:
            raise NotFound("no_page")
        return HTMLResponse(
            f'<!doctype html><html lang="{texts.locale[:2]}"><meta charset="utf-8">'
            f'<meta name="referrer" content="no-referrer"><base target="_blank"><style>{STYLE}</style>'
            f"<body>{shown}</body></html>",
            headers={"content-security-policy": SANDBOX, "cache-control": "private, no-store"},
        )

    return routes


def _json(mail: Aside, texts: Texts) -> dict[str, Any]:
    reason = mail.reason or ""
    key = f"mail.aside.{reason}"
    return {
        "id": mail.id,
        "account": mail.account,
        "folder": mail.folder,
        "state": str(mail.state),
        "reason": reason,
        "text": texts.here.say(key if texts.has(key) else "mail.aside.failed"),
        "tries": mail.tries,
        "retry_at": iso(mail.retry_at),
        "at": iso(mail.at),
    }
