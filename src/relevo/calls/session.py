"""One live call: hears a turn, has it answered, says the answer, and gives way to a person at any moment.

What must happen in the same tick (stopping the bot) happens in plain functions, called by the media clock or right
after a commit. Everything that waits (recognising, the bot, the database) runs in this call's own task, one step at a
time. A reply is said only if control still has the version it was made under; what was really heard is what the thread
keeps. While a person has the call it goes on listening, to both. It opens no sockets and writes no call rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from relevo.calls.answering import Answering
from relevo.calls.beside import Beside
from relevo.calls.guiding import Guiding
from relevo.calls.listening import Heard, Judge, Listening
from relevo.calls.media import mulaw
from relevo.calls.media.bridge import Bridge
from relevo.calls.media.listened import Utterance
from relevo.calls.media.playout import Speech
from relevo.calls.outbound import Outbound
from relevo.calls.parts import CHANNEL, Parts, Surroundings
from relevo.calls.ports import FRAME_MS, Line, Transcript
from relevo.calls.replying import Replying
from relevo.calls.rules import EndReason, Nudge, Patience, Signal, is_echo
from relevo.calls.rules.consent import objects_to_recording
from relevo.calls.rules.floor import Lost, Seat
from relevo.calls.rules.menu import Help, Meaning, Pressed
from relevo.calls.saying import Said, Saying
from relevo.calls.staffing import Reports, Staffing, key_sound
from relevo.calls.steps import Steps
from relevo.calls.waiting import Waiting
from relevo.calls.yielding import Yielding
from relevo.conversations.events import AgentSpoke, ControlChanged
from relevo.conversations.rules import Change, Control, Conversation
from relevo.conversations.service import topic
from relevo.kit import log
from relevo.kit.errors import Conflict
from relevo.kit.tasks import Tasks

_log = log.get("calls.session")

MUMBLED_MS = 400
"""Of a voice without any word in it: the customer said something and waits for an answer."""
MUMBLES = 2
"""In a row; after that it is somebody else's voice, or a radio."""
PRIVATE_MS = 15_000
"""How long nothing is recognised after the agent was lost in the middle of a card's number."""
TROUBLES = 2
"""Failures in a row after which a person is asked for."""

KEYS_A_SECOND = 10


class Session:
    staffing: Staffing

    def __init__(
        self,
        call_id: str,
        conversation: Conversation,
        parts: Parts,
        line: Line,
        around: Surroundings,
    ) -> None:
        self.call_id = call_id
        self.conversation_id = conversation.id
        self.end_reason: EndReason | None = None
        self._person_id = conversation.person_id
        self._control = conversation.control
        self._agent_id = conversation.agent_id
        self._version = conversation.control_version
        self._parts = parts
        self._line = line
        self._around = around
        self._announcing = False
        self._topic = topic(conversation.id)
        self._tasks = Tasks()
        self._steps = Steps(call_id, self._apologise)
        self._patience = Patience()
        self._ending: EndReason | None = None
        self._key_credit = float(KEYS_A_SECOND)
        self._mumbled = 0
        self._bridge: Bridge
        self._saying = Saying(conversation.id, parts.db, parts.live, parts.conversations, parts.speaker, self._allowed)
        self._replies = Replying(call_id, conversation.id, parts, self._saying, lambda: self._version, self._caption)
        self.waiting = Waiting(parts.callbacks, self._replies, around, conversation, call_id, self._leave)
        self._guiding = Guiding(self._replies, parts.locale)
        self._answering = Answering(
            call_id, conversation, parts, self._saying, self._replies, self._guiding, lambda: self._version,
            self._caption,
        )  # fmt: skip
        self._outbound = self._who_answers() if around.outbound else None
        self._yielding = Yielding(self._may_hold, self._give_way)
        self._listening = self._listen("customer", self._turn, self._judge)
        self._beside = Beside(
            parts, call_id, conversation, self._listen, lambda: self._version, self._caption, self._saying.said.append,
            self._start,
        )  # fmt: skip

    def attach(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._saying.attach(bridge.playout)
        self._yielding.attach(bridge.playout)
        self._answering.attach(bridge)
        reports = Reports(
            changed=self._desk_changed,
            seated=self._around.seated,
            lost=lambda: self._start(self._agent_lost(self._version), "agent lost"),
            listening=self._beside.listen,
            speaking=self._beside.speaks,
        )
        self.staffing = Staffing(bridge, self._parts.headsets, reports)
        if self._control is Control.AGENT and self._agent_id is not None:
            self.staffing.give(self._agent_id)

    def voice_json(self, *, show_listeners: bool) -> dict[str, Any]:
        return self.staffing.json(self._control.value, show_listeners=show_listeners)

    @property
    def said(self) -> list[Said]:
        """Who spoke when, so far."""
        return sorted(self._saying.said, key=lambda part: part.began_ms)

    async def run(self) -> None:
        """Greet, then live until the line is gone. Leaves nothing running and nothing unsaid in the records."""
        timer = asyncio.get_running_loop().call_later(self._parts.max_seconds, self._time_is_up)
        try:
            if self._outbound is None:
                self._steps.add(self._greet)
            await self._steps.run()
        finally:
            timer.cancel()
            self._saying.silence()
            self.staffing.close()
            self._bridge.close()
            await self._tasks.close()
            await self._saying.close()

    def abandon(self) -> None:
        """It never began: leave nothing behind."""
        self.end_reason = EndReason.FAILED
        self._bridge.close()

    # From the line.

    def sound(self, mulaw: bytes, position: int) -> None:
        self._bridge.sound(mulaw, position)

    def marked(self, name: str) -> None:
        self._bridge.playout.marked(name)

    def digit(self, digit: str) -> None:
        self._patience.activity(customer=True)
        if self.staffing.recording == "paused" or self._key_credit < 1:
            # Card data is kept nowhere, and nobody presses that fast.
            return
        self._key_credit -= 1
        if self._control is Control.BOT:
            self._saying.silence()
        self._typed(self._guiding.keypad.press(digit))

    def answered_by(self, who: str) -> None:
        if self._outbound is not None:
            self._outbound.carrier(who)

    def closed(self, reason: str) -> None:
        if self.end_reason is None:
            self.end_reason = self._ending or EndReason(reason)
            self._steps.end()

    # From the desk.

    def control_changed(self, event: ControlChanged) -> None:
        """Right after the commit: a person has the call and the bot falls silent before anything else happens."""
        if event.control_version < self._version:
            return
        before = self._control
        self._control, self._version, self._agent_id = event.control, event.control_version, event.agent_id
        self._patience.activity(customer=True)
        self._answering.unanswered.clear()
        if event.control is not Control.BOT:
            self._ending = self._outbound = None
            self._saying.silence()
        if event.control is Control.CLOSED:
            self.hang_up(EndReason.RESOLVED)
            return
        if event.handed_back:
            self.staffing.resume_recording("")
        elif event.control is not Control.AGENT:
            self.staffing.keep_private(PRIVATE_MS)
        self.waiting.control(before, event.control)
        if event.control is Control.AGENT and event.agent_id is not None:
            self.staffing.give(event.agent_id)
            self._bridge.marker("takeover", self.staffing.names.get(event.agent_id, ""))
        else:
            self.staffing.release(waiting=event.control is Control.QUEUED)
        if before is Control.AGENT and event.control is Control.BOT:
            self._bridge.marker("hand_back")
            if self._saying.greeting is None:
                # A call we placed was taken before anybody was greeted: they were never told who speaks.
                self._steps.add(self._greet)
            elif self._parts.announces_return and event.handed_back:
                # At once, so that no silence lies between the person's voice and the bot's.
                speech = self._replies.remark("calls.returned")
                self._start(self._replies.keep(speech, self._replies.texts.say("calls.returned")), "what is said")

    def agent_spoke(self, event: AgentSpoke) -> None:
        """What a person typed is spoken by the voice."""
        speech = Speech(self._version, author="agent", message_id=event.message_id)
        self._saying.make(speech, event.text)
        self._saying.say(speech)
        self._line.caption("agent", event.text)

    def press_keys(self, digits: str) -> None:
        """Tones for a menu at the other end."""
        speech = Speech(self._version, author="agent")
        speech.add(speech.clause(""), mulaw.encode(key_sound(digits)))
        speech.complete = True
        self._saying.say(speech)

    def hang_up(self, reason: EndReason) -> None:
        self._ending = self._ending or reason
        self._saying.silence()
        self._line.hang_up()

    # From the media clock.

    def on_signal(self, signal: Signal, utterance: Utterance) -> None:
        if signal is Signal.STARTED:
            self._patience.activity(customer=True)
            self._parts.live.whisper(self._topic, "speaking", {"author": "customer", "on": True})
            self._yielding.started(utterance)
            if self._outbound is not None:
                self._outbound.started(utterance.number)
        elif signal is Signal.ENDED:
            self._saying.said.append(Said("customer", utterance.began_ms, utterance.ended_ms))
            self._parts.live.whisper(self._topic, "speaking", {"author": "customer", "on": False})
        self._listening.signal(signal, utterance)

    def weigh(self, probability: float, window: bytes, speaking: bool) -> float:
        if self._outbound is not None:
            self._outbound.hear(probability, window)
        return self._yielding.weigh(probability, window, speaking)

    def on_said(self, speech: Speech) -> None:
        self._patience.activity(customer=False)
        self._saying.ended(speech)
        if self._ending is not None and not self._bridge.playout.busy:
            self._line.hang_up()

    def on_tick(self) -> None:
        self.staffing.tick()
        self._key_credit = min(KEYS_A_SECOND, self._key_credit + KEYS_A_SECOND * FRAME_MS / 1_000)
        self._typed(self._guiding.keypad.wait(FRAME_MS))
        if self._steps.thinking or self._bridge.playout.busy or self._bridge.customer.speaking or self._listening.busy:
            return
        if self._control is Control.QUEUED:
            self.waiting.tick(FRAME_MS)
        elif self._control is Control.BOT and (nudge := self._patience.wait(FRAME_MS)) is not None:
            ask = nudge is Nudge.ASK
            self._steps.add(lambda: self._prompt("calls.still_there") if ask else self._goodbye(EndReason.SILENCE))

    def on_fault(self, error: Exception) -> None:  # noqa: ARG002 - logged by the clock
        self._ending = EndReason.INTERNAL_ERROR
        self._line.hang_up()

    # Steps of the call's own task.

    async def _apologise(self, failed: int) -> None:
        if self._control is not Control.BOT:
            return
        if failed < TROUBLES:
            await self._prompt("calls.trouble")
        else:
            await self._replies.say([self._replies.text("calls.trouble_person")], handoff="trouble")

    async def _greet(self) -> None:
        await self._replies.learn_names(self._person_id)
        reply = await self._parts.bot.greeting(self.conversation_id, channel=CHANNEL, locale=self._replies.locale)
        speeches = await self._replies.say([reply])
        self._saying.greeting = speeches[0] if speeches else None

    async def _pressed(self, pressed: Pressed) -> None:
        text = self._guiding.sentence(pressed)
        message_id = await self._answering.keep_keys(pressed, text)
        if self._control is Control.QUEUED:
            await self.waiting.heard(pressed.keys)
        if self._control is not Control.BOT:
            return
        if pressed.meaning is Meaning.PERSON:
            await self._replies.say([self._replies.text("calls.to_person")], handoff="key")
        elif pressed.meaning is Meaning.NO_RECORDING:
            await self._stop_recording()
        else:
            await self._answering.respond(text, message_id, None)

    async def _customer_said(self, utterance: Utterance, transcript: Transcript | None) -> None:
        if transcript is None:
            raise RuntimeError("an utterance could not be recognised")
        text = transcript.text.strip()
        if not text or is_echo(text, self._replies.question):
            if self._control is not Control.BOT:
                return
            if self._answering.unanswered:
                await self._answering.respond("", None, None)
            elif utterance.voiced_ms >= MUMBLED_MS and self._mumbled < MUMBLES:
                self._mumbled += 1
                help_ = self._guiding.failed()
                await self._prompt("calls.menu.offer" if help_ is Help.MENU else "calls.not_understood")
            return
        self._mumbled = 0
        self._guiding.keypad.spoken()
        message_id = await self._answering.keep(utterance, transcript)
        if self._control is Control.BOT:
            await self._heard(text, message_id, utterance)
        elif objects_to_recording(text):
            await self._stop_recording()
        elif self._control is Control.QUEUED:
            await self.waiting.heard(text)
        elif self._control is Control.AGENT:
            self._start(self._beside.suggest(text, message_id, self._version), "suggestion")

    async def _overheard(self, utterance: Utterance, transcript: Transcript) -> None:
        await self._answering.keep(utterance, transcript)

    async def _heard(self, text: str, message_id: str, utterance: Utterance) -> None:
        language = self._guiding.language(text)
        if language is not None:
            self._listening.language = language
        if objects_to_recording(text):
            await self._stop_recording()
        elif language is not None and self._guiding.only_a_wish(text):
            await self._prompt("calls.language.changed")
        else:
            await self._answering.respond(text, message_id, utterance)

    async def _agent_lost(self, version: int) -> None:
        """Nobody has heard the agent for too long: the customer is not left alone."""
        colleagues = self.staffing.seats(Seat.CONFERENCE)
        if colleagues:
            to = Change(Control.AGENT, colleagues[0].staff_id)
        elif self._parts.lost is Lost.BOT:
            to = Change(Control.BOT, None)
        else:
            to = Change(Control.QUEUED, None, "agent_lost")
        if version != self._version:
            return
        try:
            async with self._parts.db.write() as tx:
                await self._parts.conversations.pass_on(
                    tx, self.conversation_id, to, event="agent_lost", staff=None, version=version
                )
        except Conflict:
            _log.info("a lost call was given to somebody meanwhile", call=self.call_id)
            return
        if self._control is Control.BOT:
            await self._prompt("calls.agent_lost")
        elif self._control is Control.QUEUED:
            self._replies.remark("calls.agent_lost_wait")

    def _leave(self, key: str, **params: object) -> None:
        """They will be called: say so, and end the call when it was heard."""
        if self._control is not Control.QUEUED:
            return
        self._replies.remark(key, **params)
        self._ending = EndReason.CALLBACK

    async def _stop_recording(self) -> None:
        """The customer objects: nothing is kept, whatever happens from now on."""
        self.staffing.stop_recording()
        await self._around.objected()
        await self._prompt("calls.recording_off")

    def _who_answers(self) -> Outbound:
        return Outbound(
            leaves_messages=self._parts.leaves_messages,
            greet=lambda: self._steps.add(self._greet),
            silence=self._saying.silence,
            leave_message=lambda: self._steps.add(self._leave_message),
            give_up=lambda: self.hang_up(EndReason.MACHINE),
        )

    async def _leave_message(self) -> None:
        version = self._version
        if self._control is Control.BOT:
            await self._replies.say([self._replies.text("calls.outbound.voicemail", hotel=self._parts.business)])
            if version == self._version:
                self._ending = EndReason.VOICEMAIL

    async def _prompt(self, key: str) -> None:
        if self._control is Control.BOT:
            await self._replies.say([self._replies.text(key)])

    async def _goodbye(self, reason: EndReason) -> None:
        version = self._version
        key = "calls.goodbye_time" if reason is EndReason.MAX_DURATION else "calls.goodbye_silence"
        if self._control is Control.QUEUED:
            self._replies.remark(key)
        elif self._control is Control.BOT:
            await self._prompt(key)
        else:
            return
        if version != self._version:
            return
        self._ending = reason
        if not self._bridge.playout.busy:
            self._line.hang_up()

    # Small things.

    def _may_hold(self) -> bool:
        """Whether our side gives way to the customer's voice now. People find their own manners."""
        return self._control is Control.BOT and self._ending not in (EndReason.MAX_DURATION, EndReason.VOICEMAIL)

    def _give_way(self) -> None:
        self._ending = None
        self._saying.silence()

    def _allowed(self, version: int) -> bool:
        return version == self._version and self.end_reason is None

    def _listen(self, author: str, turn: Heard, judge: Judge) -> Listening:
        return Listening(
            self._parts.recognizer,
            self._tasks,
            language=self._replies.locale[:2],
            names=lambda: self._replies.expected(interrupted=self._bridge.playout.held),
            judge=judge,
            caption=lambda text: self._caption(author, text),
            turn=turn,
            turn_end=self._parts.turn_end,
        )

    def _desk_changed(self) -> None:
        """Tell the desk, once for all that changes in this moment."""
        if not self._announcing and self.end_reason is None:
            self._announcing = True
            self._start(self._tell_desk(), "announce")

    async def _tell_desk(self) -> None:
        self._announcing = False
        await self._around.announce()

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.start(work, name=name)

    def _judge(self, utterance: Utterance, transcript: Transcript, done: float | None) -> None:
        if utterance.words_ms < utterance.ended_ms:
            utterance.words_ms = self._bridge.now_ms
        if self._outbound is not None:
            self._outbound.words(transcript)
        self._yielding.judge(utterance, transcript)
        self._bridge.customer.judge(utterance, transcript.text, done)

    def _turn(self, utterance: Utterance, transcript: Transcript | None) -> None:
        # Words that came after the turn had ended were never judged.
        if utterance.words_ms < utterance.ended_ms:
            utterance.words_ms = self._bridge.now_ms
        nothing = self._yielding.settle(utterance, transcript)
        if self._outbound is not None:
            self._outbound.words(transcript)
            if not self._outbound.answers(utterance.number):
                if transcript is not None and transcript.text:
                    self._steps.add(lambda: self._overheard(utterance, transcript))
                return
            self._outbound = None
        if not nothing:
            self._steps.add(lambda: self._customer_said(utterance, transcript))

    def _typed(self, pressed: Pressed | None) -> None:
        if pressed is not None:
            self._steps.add(lambda: self._pressed(pressed))

    def _time_is_up(self) -> None:
        self._steps.add(lambda: self._goodbye(EndReason.MAX_DURATION))

    def _caption(self, author: str, text: str) -> None:
        self._parts.live.whisper(self._topic, "partial", {"author": author, "text": text})
        self._line.caption(author, text)
