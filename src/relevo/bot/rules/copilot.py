"""What the copilot may say, without any I/O: the summary of a conversation, its facts with their source, what a model
is told, and which of a model's words may be shown.

Customers' words are never facts here: a price that a customer claims is not one that a suggestion may name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from relevo.bookings.rules import Booking, Business
from relevo.bot.ports import Said
from relevo.bot.rules.dialogue import Dialogue, Draft, Offered, spoken_of
from relevo.bot.rules.guard import Facts, facts, invented, unseemly
from relevo.bot.rules.knowledge import Knowledge
from relevo.bot.rules.objections import Argument, Objection
from relevo.bot.rules.reading import fold
from relevo.bot.rules.wording import booking_stay, people, type_name
from relevo.conversations.rules import Author, Kind, Message
from relevo.texts import Texts

SUGGESTIONS = 3
MOST_LINES = 12
"""Lines of a model that are read until three of them hold."""
LAST = 15
"""Messages that a model is shown."""
LONGEST = 600
"""Characters of a suggestion, and of a message as a model is shown it."""
_MARK = re.compile(r"^[\s\"'«-]*(?:[-*•·]\s+|\d{1,2}[.)]\s+)?[\"'«]?")
_CLAUSE = re.compile(r"[.,;:!?…)](?=\s)")
_COSTLY = """
gratis gratuito gratuita gratuitos gratuitas bonificado bonificada bonificamos regalo regalamos regalas regalo
obsequio cortesia descuento descuentos rebaja promocion cupon reembolso reintegro devolucion garantizado garantizada
garantizamos garantia confirmado confirmada confirmamos exclusivo exclusiva free discount refund guaranteed confirmed
complimentary
"""
_PROMISES = frozenset(_COSTLY.split())
"""Words that cost the house money or word; they may be used where the facts use them."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer to choose: whose it is (``bot``, ``draft``, ``argument``, ``topic``) and what it rests on."""

    text: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as far as the copilot looks at it. ``said`` are the messages, oldest first."""

    channel: str
    name: str | None
    reason: str | None
    said: tuple[Message, ...]
    dialogue: Dialogue
    bookings: tuple[Booking, ...] = ()

    @property
    def words(self) -> str:
        """What the customer said last: everything since somebody answered; else their latest message."""
        thread = [each for each in self.said if each.kind is Kind.TEXT]
        while thread and thread[-1].author is not Author.CUSTOMER:
            thread.pop()
        last: list[str] = []
        for message in reversed(thread):
            if message.author is not Author.CUSTOMER:
                break
            last.insert(0, message.text)
        return "\n".join(filter(str.strip, last))[-4_000:]

    @property
    def answered(self) -> bool:
        thread = [each for each in self.said if each.kind is Kind.TEXT]
        return not thread or thread[-1].author is not Author.CUSTOMER


def supported(arguments: Sequence[Argument], knowledge: Knowledge, objection: Objection | None) -> tuple[Argument, ...]:
    """The arguments for ``objection`` whose ground is there."""
    return tuple(
        each
        for each in arguments
        if each.objection is objection and all(topic in knowledge.topics for topic in each.about)
    )


def chosen(found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The first three that say different things."""
    return tuple({_plain(each.text): each for each in reversed(found) if each.text.strip()}.values())[::-1][
        :SUGGESTIONS
    ]


def _plain(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def stay_text(draft: Draft, business: Business, texts: Texts) -> str:
    """What is known of the stay that is wanted; empty where nothing is."""
    parts = [type_name(business, draft.room_type)] if draft.room_type else []
    if draft.check_in and draft.check_out:
        parts.append(texts.stay(draft.check_in, draft.check_out))
    elif draft.check_in:
        parts.append(texts.day(draft.check_in))
    elif draft.nights:
        parts.append(texts.count("bot.nights", draft.nights))
    if draft.guests:
        parts.append(people(texts, draft.guests, draft.children or 0))
    return ", ".join(parts)


def summary(talk: Talk, objection: Objection | None, business: Business, texts: Texts) -> tuple[str, ...]:
    """What a colleague has to know, line by line: for handing over and for wrapping up."""
    channel = f"copilot.channel.{talk.channel}"
    where = texts.say(channel) if texts.has(channel) else talk.channel
    lines = [
        texts.say("copilot.summary.who" if talk.name else "copilot.summary.nameless", name=talk.name, channel=where)
    ]
    reason = f"conversations.reason.{talk.reason}"
    if talk.reason and texts.has(reason):
        lines.append(texts.say("copilot.summary.reason", reason=texts.say(reason)))
    about = len(lines)
    dialogue = talk.dialogue
    if wanted := stay_text(spoken_of(dialogue), business, texts):
        lines.append(texts.say("copilot.summary.wants", wanted=wanted))
    if dialogue.offer:
        stay = dialogue.offer.stay
        lines.append(
            texts.say(
                "copilot.summary.offered",
                type=type_name(business, stay.room_type),
                stay=texts.stay(stay.check_in, stay.check_out),
                total=dialogue.offer.total,
            )  # fmt: skip
        )
    lines += [booking_line(booking, texts) for booking in talk.bookings]
    if dialogue.errand:
        lines.append(texts.say("copilot.summary.task", task=texts.say(f"copilot.task.{dialogue.errand.task.value}")))
    if len(lines) == about:
        lines.append(texts.say("copilot.summary.nothing"))
    if objection:
        lines.append(
            texts.say("copilot.summary.objection", objection=texts.say(f"copilot.objection.{objection.value}"))
        )
    if dialogue.note:
        lines.append(texts.say("copilot.summary.note", note=dialogue.note))
    if words := " ".join(talk.words.split()):
        lines.append(texts.say("copilot.summary.last", text=words if len(words) <= 200 else f"{words[:199]}…"))
    return tuple(lines)


def offer_text(offer: Offered, business: Business, texts: Texts) -> str:
    stay = texts.stay(offer.stay.check_in, offer.stay.check_out)
    return f"{type_name(business, offer.stay.room_type)}, {stay}: {texts.money(offer.total)}"


def booking_line(booking: Booking, texts: Texts) -> str:
    stay = booking_stay(booking)
    return texts.say(
        "copilot.summary.booking", code=booking.code, type=booking.type_name,
        stay=texts.stay(stay.check_in, stay.check_out), people=people(texts, stay.guests, stay.children),
        total=booking.total, deposit=booking.deposit, status=texts.say(f"copilot.status.{booking.status.value}"),
    )  # fmt: skip


def grounds(talk: Talk, business: Business, told: Sequence[str], zone: ZoneInfo, texts: Texts) -> Facts:
    """What a model may state: the house, the bookings, what the tools gave the dialogue, and texts of our own."""
    dialogue = talk.dialogue
    known = facts(
        business, talk.bookings, spoken_of(dialogue), dialogue.offer, dialogue.others, dialogue.told, told, zone=zone
    )
    # Of a name that a customer gave, the letters; a number in it is a number that they claim.
    names = " ".join(filter(None, (talk.name, dialogue.guest.name)))
    words = re.findall(r"[^\W\d_]+", f"{names} {texts.raw('llm.copilot_openers')}")
    return replace(known, words=known.words | {fold(word) for word in words})


def allowed(text: str, known: Facts, texts: Texts) -> bool:
    """Whether ``text`` states nothing that ``known`` does not hold."""
    if unseemly(text):
        return False
    if any(word in _PROMISES and word not in known.words for word in re.findall(r"[^\W\d_]+", fold(text))):
        return False
    return not invented(text, known, texts)


def asked(talk: Talk, given: Sequence[Fact], arguments: Sequence[Argument], texts: Texts) -> list[Said]:
    """What a model is told. Everything that somebody wrote goes in as quoted data."""
    said = [each for each in talk.said if each.kind is Kind.TEXT and each.author is not Author.SYSTEM][-LAST:]
    who = {Author.CUSTOMER: "cliente", Author.BOT: "asistente", Author.AGENT: "agente"}
    data = {
        "hechos": [f"{each.label}: {each.text}" for each in given],
        "argumentos": [each.text for each in arguments],
        "conversacion": [{"de": who[each.author], "dice": each.text[-LONGEST:]} for each in said],
    }
    return [Said("system", texts.say("llm.copilot")), Said("user", json.dumps(data, ensure_ascii=False))]


@dataclass(frozen=True, slots=True)
class Shown:
    """A step of one suggestion: ``text`` so far, ``done``, or ``dropped``: the next one takes its place."""

    index: int
    step: str
    text: str = ""


@dataclass(slots=True)
class Reader:
    """Reads a model's answer as it is written, one suggestion a line, and lets out whole clauses that hold.

    Nothing is let out before the clause has ended: half a date or amount says something else than the whole.
    """

    known: Facts
    texts: Texts
    index: int = 0
    _line: str = ""
    _out: str = ""
    _lost: bool = False
    _lines: int = 0
    _seen: set[str] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """Three suggestions have come, or far too much was written."""
        return self.index >= SUGGESTIONS or self._lines >= MOST_LINES or len(self._line) > 4 * LONGEST

    def read(self, piece: str) -> Iterator[Shown]:
        *lines, rest = f"{self._line}{piece}".split("\n")
        for line in lines:
            self._line = line
            yield from self.end()
            if self.full:
                return
        self._line = rest
        text = self._text()
        whole = text[: ends[-1]] if (ends := [found.end() for found in _CLAUSE.finditer(text)]) else ""
        if whole and whole != self._out and not self._lost:
            yield self._shown(whole, "text")

    def end(self) -> Iterator[Shown]:
        """The line is over: its suggestion stands or falls."""
        text = self._text().rstrip("\"'»").strip()
        if text and not self._lost and not self.full:
            shown = self._shown(text, "done")
            yield shown
            self.index += shown.step == "done"
        self._lines += bool(text)
        self._line, self._out, self._lost = "", "", False

    def broken(self) -> Iterator[Shown]:
        """The model stopped in the middle: half an answer is none."""
        if self._out and not self._lost:
            yield Shown(self.index, "dropped")

    def _shown(self, text: str, step: str) -> Shown:
        again = step == "done" and _plain(text) in self._seen
        if again or len(text) > LONGEST or not allowed(text, self.known, self.texts):
            self._lost = True
            return Shown(self.index, "dropped")
        self._out = text
        if step == "done":
            self._seen.add(_plain(text))
        return Shown(self.index, step, text)

    def _text(self) -> str:
        return _MARK.sub("", self._line, count=1)
