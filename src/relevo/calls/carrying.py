"""The calls that this process carries: their sessions, who sits in them, and how many more it has room for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from relevo.calls.media.headset import Headset
from relevo.calls.parts import Parts
from relevo.calls.rules.callbacks import Queue
from relevo.calls.session import Session
from relevo.conversations.events import AgentSpoke, ControlChanged
from relevo.kit.clock import Clock

BROWSER = "browser"
"""The line of visitors of the web, who need no account and no telephone."""


class Carrying:
    def __init__(self, parts: Parts, clock: Clock, *, most: int) -> None:
        self._parts = parts
        self._clock = clock
        self._most = most
        self._sessions: dict[str, Session] = {}
        self._by_conversation: dict[str, Session] = {}
        self._places: dict[object, str] = {}
        """One per call that is carried or being connected: the line it is on."""
        self._callers: dict[str, str] = {}
        self.standing: Callable[[str], tuple[int, int, int] | None] = lambda _conversation_id: None
        """How many callers are before one in its queue, how many people serve it, how many of them are free."""

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._sessions.values()))

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._sessions

    def has_room(self, line: str) -> bool:
        """Whether one more call of this line can be carried. Visitors of the web never take more than half."""
        carried = list(self._places.values())
        if line == BROWSER and carried.count(BROWSER) >= self._most // 2:
            return False
        return len(carried) < self._most

    def carries_from(self, from_: str) -> bool:
        """Whether somebody is on a call already."""
        return from_ in self._callers.values()

    def take_place(self, line: str) -> object:
        """Room for a call of this line until ``give_place``."""
        place = object()
        self._places[place] = line
        return place

    def give_place(self, place: object) -> None:
        self._places.pop(place, None)

    def add(self, session: Session) -> None:
        self._sessions[session.call_id] = self._by_conversation[session.conversation_id] = session

    def called_by(self, call_id: str, from_: str) -> None:
        self._callers[call_id] = from_

    def drop(self, session: Session) -> None:
        self._callers.pop(session.call_id, None)
        self._sessions.pop(session.call_id, None)
        self._by_conversation.pop(session.conversation_id, None)

    def session_of(self, call_id: str) -> Session | None:
        return self._sessions.get(call_id)

    def held_by(self, staff_id: str) -> Session | None:
        """The call that somebody holds and is not on hold, if any."""
        held = [session for session in self._sessions.values() if session.staffing.holder_id == staff_id]
        return next((session for session in held if not session.staffing.on_hold), None)

    def seated(self, staff_id: str) -> str | None:
        """The call somebody is in, by voice or by holding it."""
        for call_id, session in self._sessions.items():
            if session.staffing.seat_of(staff_id) is not None or session.staffing.holder_id == staff_id:
                return call_id
        return None

    def voice_changed(self, headset: Headset, why: str | None) -> None:
        """A member of staff can be heard from now on, or (``why``) no more."""
        sessions = list(self)
        if why is not None:
            for session in sessions:
                session.staffing.unwear(headset, why)
            return
        held = [session.staffing for session in sessions if session.staffing.holder_id == headset.staff_id]
        seated = [staffing for staffing in held if staffing.seat_of(headset.staff_id) is not None]
        latest = max(seated or held, key=lambda staffing: staffing.given_at, default=None)
        for staffing in [latest] if latest is not None else [session.staffing for session in sessions]:
            staffing.wear(headset)

    def on_control_changed(self, event: ControlChanged) -> None:
        session = self._by_conversation.get(event.conversation_id)
        if session is not None:
            session.control_changed(event)

    def on_agent_spoke(self, event: AgentSpoke) -> None:
        session = self._by_conversation.get(event.conversation_id)
        if session is not None:
            session.agent_spoke(event)

    def queued_at(self, call_id: str) -> datetime | None:
        """Since when a caller waits for a person."""
        session = self._sessions.get(call_id)
        if session is None or session.waiting.since is None:
            return None
        return self._clock.now() - timedelta(seconds=asyncio.get_running_loop().time() - session.waiting.since)

    def queue(self, call_id: str) -> Queue:
        """How things stand for a call that waits for a person."""
        callbacks = self._parts.callbacks
        handling = tuple(callbacks.handling) if callbacks is not None else ()
        if (found := self.standing(self._sessions[call_id].conversation_id)) is not None:
            return Queue(*found, handling)
        own = self._sessions[call_id].waiting.since
        waiting = [session.waiting.since for session in self._sessions.values() if session.waiting.since is not None]
        people = [each for each in self._parts.headsets.connected() if self._parts.reach.takes_calls(each)]
        return Queue(
            ahead=sum(1 for since in waiting if own is not None and since < own),
            people=len(people),
            free=sum(1 for each in people if self._parts.reach.may_ring(each) and self.seated(each) is None),
            handling_s=handling,
        )
