"""Whose booking it is: nothing of a booking is told or changed before its customer is known.

A booking made in this conversation, or by the same person, is theirs. For any other the code has to come with the
phone or e-mail it was made with; whether the code or the contact was wrong is not said, and guessing ends soon.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from relevo.bookings.rules import Booking, BookingStatus
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Dialogue, Errand, Option, Pending, Proof, Task
from relevo.bot.rules.escalation import Reason
from relevo.bot.rules.reading import bare_code
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Steps, find_booking, find_own, identify
from relevo.kit.errors import Forbidden, NotFound, TooMany

PROVEN_FOR = timedelta(minutes=30)
"""How long a booking stays open to a conversation that is not its own."""
MAX_MISSES = 3
MOST_OWN = 4
ENDED = (BookingStatus.EXPIRED, BookingStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Found:
    """A booking of this customer's, and the dialogue that knows it."""

    booking: Booking
    dialogue: Dialogue


def collecting(scene: Scene) -> bool:
    """Whether the open question asks for a code or for the contact that belongs to it."""
    question = scene.dialogue.question
    return scene.dialogue.errand is not None and question is not None and question.key in (ASK_CODE, ASK_CONTACT)


ASK_CODE = "bot.ask.code"
ASK_CONTACT = "bot.ask.identity"


def errand(scene: Scene, task: Task) -> Errand:
    """The task with all that was said for it so far. A code that was said for another task still counts."""
    said, before = scene.heard.entities, scene.dialogue.errand
    code = scene.picked.code if scene.picked else said.booking_code
    if code is None and scene.dialogue.expecting is Expecting.BOOKING_CODE:
        code = bare_code(scene.heard.text)
    if before is None:
        return Errand(task, code, said.phone, said.email)
    started = before if before.task is task else replace(before, task=task, said=None, text="", draft=None)
    if code and before.code and not _same(code, before.code):
        started = replace(started, draft=None)
    return replace(
        started, code=code or before.code, phone=said.phone or before.phone, email=said.email or before.email
    )


def whose(scene: Scene, task: Task) -> Steps[Found | Move]:
    """The booking that ``task`` is about, or the question that is left."""
    wanted = errand(scene, task)
    dialogue = replace(scene.dialogue, errand=wanted)
    if wanted.code is None:
        own = yield from _own(scene)
        if len(own) == 1:
            return Found(own[0], dialogue)
        if own:
            return _which(scene, dialogue, own)
        return Move(dialogue, (), Ask(ASK_CODE, Expecting.BOOKING_CODE))
    found = yield from find_booking(wanted.code, proven=_proven(scene, wanted.code))
    if found is None:
        said, vouched = wanted.phone or wanted.email, scene.guest.phone if scene.vouched else None
        if not (said or vouched):
            return Move(dialogue, (), Ask(ASK_CONTACT, Expecting.CONTACT))
        try:
            found = yield from identify(wanted.code, wanted.phone if said else vouched, wanted.email)
        except TooMany:
            return _no_more(dialogue)
        except (NotFound, Forbidden):
            found = None
        if found is None and not said:
            return Move(dialogue, (), Ask(ASK_CONTACT, Expecting.CONTACT))
        if found is None:
            return _missed(dialogue, wanted)
        dialogue = replace(dialogue, proof=Proof(found.code, scene.now), misses=0)
    return Found(found, replace(dialogue, errand=replace(wanted, code=found.code)))


def _own(scene: Scene) -> Steps[list[Booking]]:
    """Those still to come: made here, or proven a moment ago."""
    held = [scene.hold] if scene.hold else []
    own = held + [each for each in (yield from find_own()) if not scene.hold or each.code != scene.hold.code]
    proof = scene.dialogue.proof
    if proof and _proven(scene, proof.code) and all(booking.code != proof.code for booking in own):
        proven = yield from find_booking(proof.code, proven=True)
        own += [proven] if proven else []
    to_come = [each for each in own if each.status not in ENDED and each.check_out >= scene.today]
    if to_come:
        return to_come[:MOST_OWN]
    # What has ended is told only as the last one.
    return own[:1]


def _proven(scene: Scene, code: str) -> bool:
    proof = scene.dialogue.proof
    return proof is not None and _same(proof.code, code) and scene.now - proof.at < PROVEN_FOR


def _same(one: str, other: str) -> bool:
    """``RL-4K7Q2`` and ``4K7Q2`` are one code."""
    return one.rpartition("-")[2].upper() == other.rpartition("-")[2].upper()


def _which(scene: Scene, dialogue: Dialogue, own: list[Booking]) -> Move:
    texts = scene.texts
    options = tuple(
        Option(
            texts.say(
                "bot.own", code=each.code, type=each.type_name,
                stay=texts.stay(each.check_in, each.check_out, weekdays=True),
            ),
            "dar_datos",
            code=each.code,
        )
        for each in own
    )  # fmt: skip
    return Move(dialogue, (), Ask("bot.ask.which_booking", Expecting.MENU, options=options, numbered=True))


def _missed(dialogue: Dialogue, wanted: Errand) -> Move:
    misses = dialogue.misses + 1
    if misses >= MAX_MISSES:
        return _no_more(replace(dialogue, misses=misses))
    again = replace(wanted, code=None, phone=None, email=None)
    dialogue = replace(dialogue, errand=again, misses=misses)
    return Move(dialogue, (Line("bot.cannot.identify"),), Ask(ASK_CODE, Expecting.BOOKING_CODE, patient=False))


def _no_more(dialogue: Dialogue) -> Move:
    """Guessing is over; a person can ask other things."""
    dialogue = replace(dialogue, errand=None, pending=Pending.NOTHING, told=None)
    return Move(dialogue, (Line("bot.cannot.identify_more"),), handoff=Reason.IDENTITY)
