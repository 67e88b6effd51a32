"""Who took our call: a person, an answering machine, a menu? And when may a message be left?

Pure: fed with the detector's probability per 32 ms, with frames for the tone and with words where they are known. It is
asked only on calls that we place. Doubt is decided for the person: a machine that is greeted costs nothing, a person
who is treated as a machine is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, LINE_RATE, Pcm
from relevo.calls.rules.turns import WINDOW_MS


class Answered(StrEnum):
    PERSON = "person"
    MACHINE = "machine"
    """A mailbox or an answering machine: there may be a tone to wait for."""
    MENU = "menu"
    """An automatic exchange: ``marque 1 para``."""
    UNKNOWN = "unknown"


_MACHINE = re.compile(
    r"dej[ea](?:r|nos)? (?:su|tu|un|el|aqu[ií] su) (?:mensaje|recado)|(?:grab[ea]|dict[ea]) (?:su|tu|un|el) mensaje"
    r"|(?:despu[eé]s|al (?:o[ií]r|escuchar|finalizar)|luego|tras) (?:del?|el|la|de la) "
    r"(?:tono|se[ñn]al|bip|beep|pitido|sonido)"
    r"|buz[oó]n|casilla de (?:voz|mensajes?)|correo de voz|contestador|mensaje de voz"
    r"|no (?:se encuentra|est[aá]) disponible|no (?:te |le |lo )?(?:puedo|podemos|puede) (?:atend|contest|respond)[ae]r"
    r"|(?:el|al) n[uú]mero (?:que )?(?:usted )?(?:ha )?(?:marc|solicit|llam)"
    r"|fuera (?:del [aá]rea|de servicio|de cobertura)|(?:apagado|desconectado) o fuera"
    r"|usted se (?:ha )?comunic[oóa]|te comunicaste con|en breve (?:le|te) (?:llam|devolv)"
    r"|leave (?:us |me )?(?:a|your) (?:message|name)|(?:after|at) the (?:tone|beep)|voice ?mail|record your message"
    r"|(?:is|are) not available|can'?t (?:take|come to)|cannot take"
)
_MENU = re.compile(
    r"(?:marque|presione|pulse|oprima|digite|press)\s+(?:el\s+|la\s+|la tecla\s+|key\s+)?"
    r"(?:\d|uno|dos|tres|cuatro|cinco|cero|asterisco|numeral|one|two|zero)|men[uú] principal|main menu"
)
_PERSON = re.compile(
    r"^\W*(?:s[ií]\W+)?(?:hola|d[ií]ga(?:me)?|bueno|al[oó]|hallo|hello|hi|s[ií]|qui[eé]n (?:es|habla)"
    r"|c[oó]mo (?:le|va|est[aá]s?)|mande|a la orden|yes|buen(?:os|as)? (?:d[ií]as?|tardes?|noches?)"
    r"|pronto|oigo|habla \w+|con [eé]l habla)\b"
)


def by_words(text: str) -> Answered:
    """What the first words show."""
    text = text.lower()
    if _MACHINE.search(text):
        return Answered.MACHINE
    if _MENU.search(text):
        return Answered.MENU
    return Answered.PERSON if _PERSON.search(text) else Answered.UNKNOWN


_CARRIER = {
    "human": Answered.PERSON,
    "machine_start": Answered.MACHINE,
    "machine_end_beep": Answered.MACHINE,
    "machine_end_silence": Answered.MACHINE,
    "machine_end_other": Answered.MACHINE,
    "fax": Answered.MACHINE,
}


def by_carrier(answered_by: str) -> Answered:
    """Twilio's ``AnsweredBy``."""
    return _CARRIER.get(answered_by.lower(), Answered.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Guess:
    """Milliseconds of sound. People answer in a word or two and wait; machines make a speech."""

    voice_above: float = 0.5
    within_ms: int = 384
    """Pauses up to here are inside one stretch of speech."""
    person_ms: int = 1_600
    """A stretch up to here and then quiet is a person..."""
    person_quiet_ms: int = 704
    machine_ms: int = 2_400
    """...and one that lasts so long is a machine, unless its words say otherwise."""
    decide_ms: int = 3_500
    words_ms: int = 5_000
    """How long words that are being recognised are waited for, after a stretch that could be either."""


class WhoAnswers:
    """One call's. Every method answers the decision once, when it is made; after that None."""

    def __init__(self, guess: Guess | None = None) -> None:
        self._guess = guess or Guess()
        self._at = self._stretch = self._quiet = 0
        self._heard = False
        self.decided: Answered | None = None

    def hear(self, probability: float) -> Answered | None:
        """The next 32 ms."""
        guess = self._guess
        if self.decided is not None:
            return None
        self._at += WINDOW_MS
        if probability >= guess.voice_above:
            self._stretch += WINDOW_MS + (self._quiet if self._heard else 0)
            self._heard, self._quiet = True, 0
            if self._stretch >= guess.machine_ms:
                return self._decide(Answered.MACHINE)
        else:
            self._quiet += WINDOW_MS
            if self._heard and self._quiet >= guess.person_quiet_ms and self._stretch <= guess.person_ms:
                return self._decide(Answered.PERSON)
        undecided = self._heard and self._stretch > guess.person_ms
        if self._at >= (guess.words_ms if undecided else guess.decide_ms):
            return self._decide(Answered.UNKNOWN)
        return None

    def words(self, text: str) -> Answered | None:
        """What was said so far; words weigh more than lengths."""
        found = by_words(text)
        return self._decide(found) if found is not Answered.UNKNOWN else None

    def corrected(self, text: str) -> Answered | None:
        """A person's short first word may still turn out to be a mailbox's: only words that leave no doubt count."""
        found = by_words(text)
        if self.decided in (None, Answered.PERSON, Answered.UNKNOWN) and found in (Answered.MACHINE, Answered.MENU):
            self.decided = found
            return found
        return None

    def tone(self) -> Answered | None:
        """A mailbox's tone was heard."""
        return self._decide(Answered.MACHINE)

    def carrier(self, answered_by: str) -> Answered | None:
        found = by_carrier(answered_by)
        return self._decide(found) if found is not Answered.UNKNOWN else None

    def _decide(self, found: Answered) -> Answered | None:
        if self.decided is not None:
            return None
        self.decided = found
        return found


class Tone:
    """Hears a mailbox's beep: one steady frequency and nothing else, long enough."""

    LOWEST_HZ, HIGHEST_HZ = 350.0, 1_100.0
    LEAST_MS = 200
    PURE = 0.9
    """Share of the sound that lies at one frequency."""
    STEADY_HZ = 60.0
    LOUD = 300.0
    """Root mean square of int16, about -40 dBFS."""

    def __init__(self) -> None:
        self._shape = np.hanning(FRAME_SAMPLES)
        self._hz = 0.0
        self._ms = 0

    @property
    def sounding(self) -> bool:
        return self._ms >= self.LEAST_MS

    def ended(self, frame: Pcm) -> bool:
        """Whether a beep is over with this frame of 20 ms."""
        hz = self._frequency(frame)
        if hz is not None and (self._ms == 0 or abs(hz - self._hz) <= self.STEADY_HZ):
            # The first frame may hold only the beginning; the second says which tone it is.
            self._hz = hz if self._ms <= FRAME_MS else self._hz
            self._ms += FRAME_MS
            return False
        was = self.sounding
        self._hz, self._ms = (hz, FRAME_MS) if hz is not None else (0.0, 0)
        return was

    def _frequency(self, frame: Pcm) -> float | None:
        sound = frame.astype(np.float64)
        if np.sqrt(np.mean(sound**2)) < self.LOUD:
            return None
        power = np.abs(np.fft.rfft((sound - sound.mean()) * self._shape)) ** 2
        peak = int(np.argmax(power))
        near = power[max(0, peak - 2) : peak + 3]
        hz = peak * LINE_RATE / FRAME_SAMPLES
        if not self.LOWEST_HZ <= hz <= self.HIGHEST_HZ or near.sum() < self.PURE * power.sum():
            return None
        return hz


class LeaveMessage:
    """When to speak to a mailbox: after its tone, or when it has been quiet for so long that there is none."""

    def __init__(self, *, quiet_ms: int = 2_400, longest_ms: int = 40_000) -> None:
        self._quiet_ms = quiet_ms
        self._longest_ms = longest_ms
        self._at = self._quiet = 0

    def hear(self, probability: float, *, toned: bool) -> bool | None:
        """The next 32 ms. True: speak now; False: hang up, it never ends; None: wait."""
        self._at += WINDOW_MS
        self._quiet = 0 if probability >= 0.5 else self._quiet + WINDOW_MS
        if toned or self._quiet >= self._quiet_ms:
            return True
        return False if self._at >= self._longest_ms else None
