"""Rewording of answers by a language model, where one is configured: never later, never wrong, never needed.

The template is the answer; the model gets a moment to say the same more warmly. What it writes is judged by
``rules.rewording``; a model that is slow, down or inventive costs nothing but its time.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta

from relevo.bot.ports import Llm, Purpose
from relevo.bot.rules.rewording import asked, usable
from relevo.conversations.rules import Reply
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.errors import ProviderError
from relevo.texts import Texts

_log = log.get("bot.rewording")

KEPT = timedelta(minutes=15)
MOST_KEPT = 500


class Rewording:
    def __init__(self, llm: Llm, clock: Clock) -> None:
        self._llm = llm
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], tuple[datetime, str]] = OrderedDict()

    async def reword(self, reply: Reply, customer: str, texts: Texts) -> Reply:
        """The same reply, perhaps in other words. A numbered menu or a file keeps its own."""
        if not reply.text.strip() or "\n1) " in reply.text:
            return reply
        key, now = (texts.locale, reply.text), self._clock.now()
        known = self._kept.get(key)
        if known is not None and now - known[0] < KEPT:
            return replace(reply, text=known[1])
        try:
            answer = await self._llm.complete(asked(reply.text, customer, texts), purpose=Purpose.REPLY)
        except ProviderError as error:
            _log.info("not reworded", code=error.code)
            return reply
        words = usable(reply.text, answer.text, texts)
        _log.info("reworded" if words else "rewording refused", model=answer.model, ms=round(answer.ms))
        self._kept[key] = (now, words or reply.text)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return replace(reply, text=words) if words else reply
