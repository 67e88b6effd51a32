"""Person, mailbox or menu; the mailbox's tone; when to leave a message."""

from __future__ import annotations

import numpy as np
import pytest

from relevo.calls.ports import FRAME_SAMPLES, Pcm
from relevo.calls.rules.machines import Answered, LeaveMessage, Tone, WhoAnswers, by_carrier, by_words

VOICE, QUIET = 0.95, 0.02


def hear(who: WhoAnswers, *parts: tuple[float, int]) -> tuple[int, Answered] | None:
    at = 0
    for probability, ms in parts:
        for _ in range(ms // 32):
            at += 32
            if (found := who.hear(probability)) is not None:
                return at, found
    return None


def test_a_word_and_then_waiting_is_a_person() -> None:
    assert hear(WhoAnswers(), (QUIET, 640), (VOICE, 320), (QUIET, 2_000)) == (640 + 320 + 704, Answered.PERSON)


def test_hello_and_a_name_is_still_a_person() -> None:
    found = hear(WhoAnswers(), (QUIET, 320), (VOICE, 480), (QUIET, 256), (VOICE, 640), (QUIET, 1_500))
    assert found is not None
    assert found[1] is Answered.PERSON


def test_a_speech_is_a_machine() -> None:
    found = hear(WhoAnswers(), (QUIET, 320), (VOICE, 1_280), (QUIET, 192), (VOICE, 4_000))
    assert found == (320 + 2_400, Answered.MACHINE)


def test_silence_is_nobody_known() -> None:
    assert hear(WhoAnswers(), (QUIET, 8_000)) == (3_520, Answered.UNKNOWN)


def test_a_middling_sentence_waits_for_its_words() -> None:
    who = WhoAnswers()
    assert hear(who, (QUIET, 320), (VOICE, 1_920), (QUIET, 1_600)) is None
    assert who.words("Hotel del Lago, buenas tardes") is None
    assert who.words("Hola, buenas tardes") is Answered.PERSON
    assert hear(who, (VOICE, 8_000)) is None


def test_words_outweigh_lengths_while_nothing_is_decided() -> None:
    who = WhoAnswers()
    hear(who, (VOICE, 960))
    assert who.words("Ha llamado al buzón de voz") is Answered.MACHINE
    assert who.words("hola") is None


def test_a_mailbox_with_a_short_greeting_is_found_out_by_its_words() -> None:
    who = WhoAnswers()
    assert hear(who, (VOICE, 960), (QUIET, 960)) == (960 + 704, Answered.PERSON)
    assert who.corrected("Hola") is None
    assert who.corrected("Deje su mensaje después del tono") is Answered.MACHINE
    assert who.corrected("Deje su mensaje después del tono") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hola", Answered.PERSON), ("¿Diga?", Answered.PERSON), ("¿Bueno?", Answered.PERSON), ("Aló", Answered.PERSON),
        ("Sí, ¿quién habla?", Answered.PERSON), ("Buenas tardes, habla Marta", Answered.PERSON),
        ("Hola, soy Ana, deje su mensaje", Answered.MACHINE), ("Después de la señal", Answered.MACHINE),
        ("El número que usted marcó", Answered.MACHINE), ("no se encuentra disponible", Answered.MACHINE),
        ("En este momento no puedo atenderte", Answered.MACHINE), ("Casilla de mensajes de", Answered.MACHINE),
        ("está apagado o fuera del área de cobertura", Answered.MACHINE), ("leave a message", Answered.MACHINE),
        ("Para ventas, marque 1", Answered.MENU), ("Presione cero para hablar con", Answered.MENU),
        ("Hotel del Lago", Answered.UNKNOWN), ("", Answered.UNKNOWN), ("No está, salió", Answered.UNKNOWN),
    ],
)  # fmt: skip
def test_what_the_words_show(text: str, expected: Answered) -> None:
    assert by_words(text) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("human", Answered.PERSON), ("machine_end_beep", Answered.MACHINE), ("fax", Answered.MACHINE),
     ("unknown", Answered.UNKNOWN), ("", Answered.UNKNOWN)],
)  # fmt: skip
def test_the_carrier_is_evidence_too(given: str, expected: Answered) -> None:
    assert by_carrier(given) is expected
    assert (WhoAnswers().carrier(given) or Answered.UNKNOWN) is expected


def frames(sound: np.ndarray) -> list[Pcm]:
    whole = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].astype(np.int16)
    return list(whole.reshape(-1, FRAME_SAMPLES))


def sine(hz: float, ms: int, level: float = 0.2) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(ms * 8) / 8_000) * level * 32_767


def beeps(sound: np.ndarray) -> list[int]:
    tone = Tone()
    return [at * 20 for at, frame in enumerate(frames(sound)) if tone.ended(frame)]


@pytest.mark.parametrize("hz", [360, 425, 440, 850, 1_000, 1_090])
@pytest.mark.parametrize("offset", [0, 7])
def test_a_tone_is_heard_when_it_ends(hz: float, offset: int) -> None:
    quiet = np.random.default_rng(1).normal(0, 30, 4_000 + offset * 8)
    found = beeps(np.concatenate((quiet, sine(hz, 400), quiet)))
    assert len(found) == 1
    assert found[0] - (len(quiet) / 8 + 400) in range(-25, 45)


@pytest.mark.parametrize(
    "sound",
    [
        sine(1_000, 140),
        sine(2_000, 800),
        sine(1_000, 800, level=0.005),
        sine(697, 800) + sine(1_209, 800),
        sum(sine(140 * n, 800, 0.2 / n) for n in range(1, 12)),
        np.random.default_rng(2).normal(0, 3_000, 8_000),
        sine(500, 800) * np.linspace(0, 0, 6_400),
        np.sin(2 * np.pi * np.cumsum(np.linspace(400, 1_100, 4_000)) / 8_000) * 6_000,
    ],
    ids=["short", "high", "soft", "key", "vowel", "noise", "nothing", "glide"],
)
def test_what_is_no_tone(sound: np.ndarray) -> None:
    assert beeps(np.concatenate((sound, np.zeros(1_600)))) == []


def test_a_message_waits_for_the_tone_and_not_for_ever() -> None:
    leave = LeaveMessage(quiet_ms=320, longest_ms=2_000)
    assert leave.hear(VOICE, toned=False) is None
    assert leave.hear(QUIET, toned=True) is True
    leave = LeaveMessage(quiet_ms=320, longest_ms=2_000)
    assert [leave.hear(QUIET, toned=False) for _ in range(10)][-1] is True
    leave = LeaveMessage(quiet_ms=320, longest_ms=2_000)
    assert [leave.hear(VOICE, toned=False) for _ in range(63)][-1] is False
