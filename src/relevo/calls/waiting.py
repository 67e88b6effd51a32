"""One caller who waits for a person: told that they are not forgotten, offered a call back, heard if they want it.

It never moves the call: whoever takes it takes it. What a long wait is, is decided in ``rules.callbacks``.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from relevo.calls.callbacks import Callbacks, spoken_window
from relevo.calls.parts import Surroundings
from relevo.calls.replying import Replying
from relevo.calls.rules.callbacks import Choice, choice, estimated_wait_s, minutes, should_offer
from relevo.conversations.rules import Control, Conversation

REMARK_MS = 25_000
"""How often somebody who waits hears a voice."""


class Leave(Protocol):
    """Say goodbye and end the call when it was heard."""

    def __call__(self, key: str, **params: object) -> None: ...


class Waiting:
    def __init__(
        self,
        callbacks: Callbacks | None,
        replies: Replying,
        around: Surroundings,
        conversation: Conversation,
        call_id: str,
        leave: Leave,
    ) -> None:
        self._callbacks = callbacks
        self._replies = replies
        self._around = around
        self._conversation = conversation
        self._call_id = call_id
        self._leave = leave
        self.since: float | None = None
        """When they began to wait, on the loop's clock; None while they do not."""
        self._given: float | None = None
        self.begin()

    def control(self, before: Control, now: Control) -> None:
        """Who has the call changed. How long people take is what those who wait are told."""
        clock = asyncio.get_running_loop().time()
        if now is Control.AGENT:
            self._given = clock if self._given is None else self._given
        elif self._given is not None:
            if self._callbacks is not None:
                self._callbacks.handling.append(clock - self._given)
            self._given = None
        if now is not Control.QUEUED:
            self.since = None
        elif before is not Control.QUEUED:
            self.since = clock
            self.begin()

    def begin(self) -> None:
        """They wait from now on."""
        self._waited_ms = 0
        self._quiet_ms = 0
        self._offered_ms: int | None = None
        self._asking = False
        """For the number, which the call does not show."""

    def tick(self, ms: int) -> None:
        """Another moment in which nobody spoke."""
        self._waited_ms += ms
        self._quiet_ms += ms
        if self._quiet_ms < REMARK_MS:
            return
        self._quiet_ms = 0
        wait = estimated_wait_s(self._around.queue())
        offered = None if self._offered_ms is None else (self._waited_ms - self._offered_ms) / 1_000
        if self._callbacks is None or not should_offer(wait, self._waited_ms / 1_000, offered):
            self._replies.remark("calls.waiting")
            return
        self._offered_ms = self._waited_ms
        if wait is None:
            self._replies.remark("calls.callback.offer_unknown")
        else:
            self._replies.remark("calls.callback.offer", minutes=minutes(wait))

    async def heard(self, text: str) -> None:
        """Words or keys of one who waits."""
        if self._callbacks is None or self._offered_ms is None:
            return
        self._quiet_ms = 0
        if self._asking:
            await self._call(text)
        elif (chosen := choice(text)) is Choice.CALL_BACK:
            await self._call(self._around.number)
        elif chosen is Choice.STAY:
            self._replies.remark("calls.callback.staying")

    async def _call(self, number: str) -> None:
        callbacks = self._callbacks
        assert callbacks is not None
        wanted = callbacks.request(number, estimated_wait_s(self._around.queue()))
        if wanted is None:
            self._asking = True
            self._replies.remark("calls.callback.number")
            return
        asked = await callbacks.ask(self._call_id, self._conversation.id, self._conversation.person_id, wanted)
        if self.since is None:
            # A person was quicker.
            await callbacks.withdraw(asked.id)
            return
        texts = self._replies.texts
        days = texts.words("calls.callback.days")
        when = spoken_window(wanted, callbacks.now(), texts.say("calls.callback.today"), days)
        self._leave("calls.callback.confirmed", **when)
