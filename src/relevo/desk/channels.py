"""How the channels are doing: when something last came and left, what went wrong, what was refused, what carriers say.

What happens is noted in memory, at no cost to the road of a message, and written every so often; a process that dies
takes the last seconds of it along. Carriers are asked every few minutes, by one process for all. Nothing is repaired.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.desk import channel_store
from relevo.desk.channel_store import State
from relevo.desk.ports import Checks, Finding, Tester
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, NotFound, RelevoError
from relevo.kit.health import OK
from relevo.texts import Texts

_log = log.get("desk.channels")

ASKED = timedelta(minutes=5)
"""How old what a carrier said may be."""
FRESH = timedelta(seconds=20)
"""The same, where a person asks."""
RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """One channel with one of our numbers or mailboxes."""

    name: str
    account: str = ""
    checks: Checks | None = None
    tester: Tester | None = None


@dataclass(slots=True)
class _Noted:
    heard_at: datetime | None = None
    sent_at: datetime | None = None
    error: str | None = None
    error_at: datetime | None = None
    refused: int = 0
    refused_at: datetime | None = None

    def values(self) -> dict[str, Any]:
        noted = {"heard_at": self.heard_at, "sent_at": self.sent_at, "error": self.error, "error_at": self.error_at}
        return {key: value for key, value in noted.items() if value is not None}


@dataclass(slots=True)
class Channels:
    db: Database
    clock: Clock
    texts: Texts
    watched: list[Watched] = field(default_factory=list)
    _noted: dict[tuple[str, str], _Noted] = field(default_factory=dict)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    def watch(
        self, name: str, account: str = "", *, checks: Checks | None = None, tester: Tester | None = None
    ) -> None:
        self.watched.append(Watched(name, account, checks, tester))

    def heard(self, channel: str, account: str | None) -> None:
        self._note(channel, account).heard_at = self.clock.now()

    def sent(self, channel: str, account: str | None) -> None:
        self._note(channel, account).sent_at = self.clock.now()

    def failed(self, channel: str, account: str | None, code: str) -> None:
        noted = self._note(channel, account)
        noted.error, noted.error_at = code[:60], self.clock.now()

    def refused(self, channel: str, account: str | None = None) -> None:
        """Something came that nobody vouches for."""
        noted = self._note(channel, account)
        noted.refused += 1
        noted.refused_at = self.clock.now()

    async def flush(self) -> None:
        """Write what was noted since the last time."""
        noted, self._noted = self._noted, {}
        if not noted:
            return
        try:
            async with self.db.write() as tx:
                for (channel, account), each in sorted(noted.items()):
                    if values := each.values():
                        await channel_store.put(tx.session, channel, account, **values)
                    if each.refused and each.refused_at:
                        await channel_store.count_refused(tx.session, channel, account, each.refused, each.refused_at)
        except Exception:
            # Counted again with the next ones; only times are lost, and newer ones are coming.
            for (channel, account), each in noted.items():
                self._note(channel, account).refused += each.refused
                self._note(channel, account).refused_at = each.refused_at
            raise

    async def read_until(self, channel: str, account: str) -> datetime | None:
        async with self.db.read() as session:
            found = (await channel_store.states(session)).get((channel, account))
        return found.read_until if found else None

    async def has_read(self, channel: str, account: str, until: datetime) -> None:
        async with self.db.write() as tx:
            await channel_store.put(tx.session, channel, account, read_until=until)

    async def look(self, *, older_than: timedelta = ASKED) -> None:
        """Ask those carriers whose last answer is older."""
        await self.flush()
        async with self._looking:
            await self._look(older_than)

    async def _look(self, older_than: timedelta) -> None:
        now = self.clock.now()
        async with self.db.read() as session:
            known = await channel_store.states(session)
        for each in self.watched:
            if each.checks is None:
                continue
            state = known.get((each.name, each.account), State())
            if state.checked_at is not None and now - state.checked_at < older_than:
                continue
            findings = await checked(each.checks)
            async with self.db.write() as tx:
                await channel_store.put(
                    tx.session,
                    each.name,
                    each.account,
                    findings=[asdict(found) for found in findings],
                    checked_at=now,
                )

    async def worst(self) -> str:
        """``ok``, or what is badly wrong, by what carriers said last."""
        async with self.db.read() as session:
            known = await channel_store.states(session)
        for each in self.watched:
            for found in known.get((each.name, each.account), State()).findings:
                if not found["ok"] and found["severe"]:
                    return str(found["code"])[:60]
        return OK

    async def test(self, name: str, to: str, account: str | None = None) -> str | None:
        """Write one message to somebody who expects it. Answers the carrier's id."""
        found = [each for each in self.watched if each.name == name and account in (None, each.account)]
        if not found:
            raise NotFound("no_channel")
        tester = next((each.tester for each in found if each.tester is not None), None)
        if tester is None:
            raise Conflict("channel_untestable")
        try:
            sent = await tester.send_test(to, self.texts.say("channels.test_message"))
        except RelevoError as error:
            self.failed(name, found[0].account, error.code)
            raise
        self.sent(name, found[0].account)
        return sent

    async def list_json(self, session: AsyncSession) -> list[dict[str, Any]]:
        known = await channel_store.states(session)
        watched = {(each.name, each.account): each for each in self.watched}
        # A carrier that knows several numbers of ours writes to some that no setting names.
        others = {key: Watched(*key) for key in known if key not in watched and key[1]}
        shown = []
        for key, each in (watched | others).items():
            state = known.get(key, State())
            findings = [Finding(**found) for found in state.findings]
            data = described(self.texts.here, key, state, findings, self.clock.now())
            shown.append({**data, "testable": each.tester is not None})
        return shown

    def _note(self, channel: str, account: str | None) -> _Noted:
        return self._noted.setdefault((channel, (account or "")[:120]), _Noted())


async def checked(checks: Checks) -> Sequence[Finding]:
    """What a carrier says; that it says nothing is a finding, too."""
    try:
        return await checks.check()
    except RelevoError as error:
        return [Finding(error.code, False)]
    except Exception:
        _log.exception("a channel could not be looked at")
        return [Finding("failed", False)]


def described(
    texts: Texts, key: tuple[str, str], state: State, findings: Sequence[Finding], now: datetime
) -> dict[str, Any]:
    """The ``Channel`` of docs/api.md."""
    name, account = key
    shown = list(findings)
    if state.refused_at is not None and now - state.refused_at < RECENT:
        shown.append(Finding("signatures", False, {"count": state.refused}, severe=False))
    title = f"channels.name.{name}"
    return {
        "name": name,
        "account": account or None,
        "title": texts.say(title) if texts.has(title) else name,
        "state": verdict(shown),
        "last_in": iso(state.heard_at),
        "last_out": iso(state.sent_at),
        "last_error": {"code": state.error, "text": error_text(texts, state.error), "at": iso(state.error_at)}
        if state.error
        else None,
        "refused": state.refused,
        "refused_at": iso(state.refused_at),
        "findings": [finding_json(texts, found) for found in shown],
        "checked_at": iso(state.checked_at),
    }


def together(states: Iterable[State]) -> State:
    """Several accounts of one channel as one."""
    whole = State()
    for each in states:
        whole = replace(
            whole,
            heard_at=_later(whole.heard_at, each.heard_at),
            sent_at=_later(whole.sent_at, each.sent_at),
            refused=whole.refused + each.refused,
            refused_at=_later(whole.refused_at, each.refused_at),
        )
        if each.error_at is not None and each.error_at == _later(whole.error_at, each.error_at):
            whole = replace(whole, error=each.error, error_at=each.error_at)
    return whole


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def verdict(findings: Sequence[Finding]) -> str:
    bad = [found for found in findings if not found.ok]
    return "down" if any(found.severe for found in bad) else "warning" if bad else OK


def finding_json(texts: Texts, found: Finding) -> dict[str, Any]:
    return {"code": found.code, "ok": found.ok, "severe": found.severe, "text": finding_text(texts, found)}


def finding_text(texts: Texts, found: Finding) -> str:
    key = f"channels.{found.code}.{'ok' if found.ok else 'bad'}"
    if texts.has(key):
        return texts.say(key, **_words(found.params))
    return error_text(texts, found.code)


def error_text(texts: Texts, code: str) -> str:
    for key in (f"error.{code}", f"desk.why.{code}"):
        if texts.has(key):
            try:
                return texts.say(key)
            except KeyError:
                continue
    return code


def _words(params: Mapping[str, Any]) -> dict[str, Any]:
    return {key: "" if value is None else value for key, value in params.items()}
