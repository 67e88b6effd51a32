"""Calls that we place: a person is greeted when it is known that it is one, a mailbox gets a message after its tone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from relevo.calls.outbound import Outbound, Stage
from relevo.calls.ports import Pcm, Transcript
from tests.calls.test_twilio import BODY, post_json
from tests.calls.virtual_time import virtual
from tests.calls.world import Guest, World, tone, until, world

QUIET = np.zeros(8_000, np.int16)
GREETING = "Hola, soy un asistente virtual. La llamada se graba."


async def place(w: World, guest: Guest) -> None:
    sid = (await post_json(w, "/outbound-call", BODY)).json()["callSid"]
    call = await w.twilio.pick_up(sid, guest)
    w.tasks.start(call.run(), name="telephone")
    await w.settle()


def voice(hz: float, ms: int) -> Pcm:
    """Not one steady tone: a mailbox's beep is one."""
    return (tone(hz, ms).astype(np.int32) + tone(hz * 3.1, ms, level=0.2)).clip(-32_768, 32_767).astype(np.int16)


async def spoken(w: World) -> list[str]:
    return [message.text for message in await w.messages() if message.author == "bot"]


@virtual
async def test_a_person_is_greeted_once_they_have_said_hello(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Hola?", 520: "Sí, dígame."}
        guest = Guest([(800, voice(440, 400)), (6_000, voice(520, 600))], hangs_up_at=12_000)
        await place(w, guest)
        assert (await spoken(w))[0] == GREETING
        assert [turn.text for turn in w.bot.turns] == ["Sí, dígame."]
        assert "¿Hola?" in [message.text for message in await w.messages()]
        begins = guest.loud()[0][0]
        assert 1_200 <= begins <= 2_600


@virtual
async def test_somebody_who_says_nothing_is_greeted_too(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=8_000)
        await place(w, guest)
        assert await spoken(w) == [GREETING]
        assert 3_400 <= guest.loud()[0][0] <= 4_200


@virtual
async def test_a_mailbox_gets_the_message_after_its_tone_and_the_call_ends(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Deje su mensaje después del tono."}
        mailbox = np.concatenate((voice(440, 3_000), QUIET[:4_000], tone(1_000, 500)))
        guest = Guest([(600, mailbox)], hangs_up_at=60_000)
        await place(w, guest)
        said = await spoken(w)
        assert len(said) == 1
        assert said[0].startswith("Hola, te habla el asistente virtual de")
        begins = guest.loud()[0][0]
        assert 600 + 4_000 <= begins <= 600 + 4_000 + 400
        row = (await w.rows())[0]
        assert (row["end_reason"], row["status"]) == ("voicemail", "ended")
        assert (await w.messages())[-1].meta["heard"] is True


@virtual
async def test_a_mailbox_that_first_sounds_like_a_person(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Hola.", 520: "No estoy, deje su mensaje después de la señal."}
        guest = Guest([(600, voice(440, 500)), (2_600, voice(520, 2_500)), (5_600, tone(900, 400))], hangs_up_at=60_000)
        await place(w, guest)
        assert (await spoken(w))[-1].startswith("Hola, te habla el asistente virtual de")
        assert (await w.rows())[0]["end_reason"] == "voicemail"
        assert w.bot.turns == []


@virtual
async def test_a_menu_is_not_talked_to(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Para ventas, marque 1."}
        guest = Guest([(600, voice(440, 1_500))], hangs_up_at=60_000)
        await place(w, guest)
        assert await spoken(w) == []
        assert (await w.rows())[0]["end_reason"] == "machine"
        assert guest.ms < 6_000


@virtual
async def test_the_carrier_may_know_it_first(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        sid = (await post_json(w, "/outbound-call", BODY)).json()["callSid"]
        guest = Guest([(600, tone(440, 200))], hangs_up_at=8_000)
        call = await w.twilio.pick_up(sid, guest)
        w.tasks.start(call.run(), name="telephone")
        await until(lambda: guest.ms >= 1_000)
        await w.calls.answered_by(sid, "human")
        await w.calls.answered_by("CAunknown", "human")
        await w.settle()
        assert guest.loud()[0][0] < 1_500


def listening(**given: Any) -> tuple[Outbound, list[str]]:
    done: list[str] = []
    return Outbound(
        leaves_messages=given.get("leaves", True), greet=lambda: done.append("greet"),
        silence=lambda: done.append("silence"), leave_message=lambda: done.append("leave"),
        give_up=lambda: done.append("give up"),
    ), done  # fmt: skip


@pytest.mark.parametrize(
    ("answered_by", "leaves", "expected", "stage"),
    [
        ("human", True, ["greet"], Stage.PERSON),
        ("machine_start", True, ["silence"], Stage.WAITING),
        ("machine_start", False, ["silence", "give up"], Stage.DONE),
        ("unknown", True, [], Stage.LISTENING),
    ],
)
def test_the_carriers_opinion_and_the_setting(
    answered_by: str, leaves: bool, expected: list[str], stage: Stage
) -> None:
    outbound, done = listening(leaves=leaves)
    outbound.carrier(answered_by)
    assert (done, outbound.stage) == (expected, stage)


def test_a_person_who_was_understood_is_a_mailbox_no_more() -> None:
    outbound, done = listening()
    outbound.started(1)
    outbound.words(Transcript("¿Diga?", 0.9))
    assert not outbound.answers(1)
    outbound.started(2)
    assert outbound.answers(2)
    outbound.words(Transcript("¿Puedo dejar un mensaje? Deje su mensaje, dice.", 0.9))
    assert done == ["greet"]
    outbound.words(None)
    outbound.words(replace(Transcript("", 0.0), text=""))
