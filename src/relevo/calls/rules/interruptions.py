"""Is the customer interrupting, or nodding along? First fall silent, then find out, then go on or give way.

Pure: fed with the detector's probability per 32 ms and with the words when they are known. To be silent at once and to
be fooled by no ``ajá`` are at odds for whoever decides at once. So our sound is held in its place as soon as a voice
is sure; if it turns out to be a nod, a cough or somebody else's television it goes on, and only words that say
something end it. Moving the sound is not its business.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from relevo.calls.rules.turns import WINDOW_MS
from relevo.calls.rules.words import calls_out, is_backchannel, is_heard_back, is_hum, resembles_nod


class Verdict(StrEnum):
    HOLD = "hold"
    """Silence now, keeping the place."""
    GO_ON = "go_on"
    """It was nothing: from the last good place on."""
    GIVE_WAY = "give_way"
    """It is their turn; what they have not heard is not said any more."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How easily our side gives way. Milliseconds of sound."""

    speech_above: float = 0.5
    silence_below: float = 0.35
    hold_ms: int = 128
    """Of voice before our side falls silent..."""
    loud_ms: int = 64
    """...or of voice in a row that is as loud as they usually are: ``espere`` has a hole after its first vowel."""
    gap_ms: int = 64
    """Of quiet after which voice begins to count anew."""
    noise_ms: int = 160
    """Voice up to here and then quiet was a cough or a click: no word is that short."""
    noise_quiet_ms: int = 192
    wait_ms: int = 640
    """Of quiet without words after which our side goes on; words that come later still end it."""
    short_ms: int = 900
    """Voice up to here may be a nod; more than that is waited for as long as the words take."""
    fooled: int = 2
    """So many sounds in a row that held our side and had no words: from then on only words do."""
    doubt: float = 0.45
    """Confidence under which a short sound's words are not believed, unless people interrupt with them."""
    surely_ms: int = 544
    """Of voice as loud as theirs that says something even if no word of it is understood: it is asked about."""
    answer_ms: int = 416
    """The same at the end of a question."""


class Nearness:
    """Knows how loud the customer usually is, and does not take a distant television for them."""

    DOUBTED, SURE = 0.35, 0.85
    """Probabilities under which there is nothing to weigh, and from which on loudness is learned."""
    CERTAIN = 0.6
    LOUD_DB = 16.0
    FLOOR_DB = -50.0
    BEGINS_DB = 17.0
    """How far under their usual level nobody begins to speak, nor goes on while our side is heard..."""
    INTERRUPTS_DB = 16.0
    """...and who begins then is not soft: what is, is our echo or somebody else's television."""
    BREATH_DB = 12.0
    """Further under it is the end of a word or a pause, which say nothing about how loud they speak."""
    LOUDEST_DB = 3.0
    """How far under it even the loudest moment of somebody else's words is."""
    GOES_ON_DB = 21.0
    """How far under it nobody goes on."""

    def __init__(self) -> None:
        self.usual_db: float | None = None

    def believed(self, probability: float, rms: float, *, speaking: bool, ours: bool = False) -> float:
        """The probability that it is the customer who speaks; ``rms`` of the window, 1 is full scale.

        ``speaking``: they do already; ``ours``: our side is being heard.
        """
        if probability < self.DOUBTED:
            return probability
        level = 20 * math.log10(max(rms, 1e-6))
        if level < self.FLOOR_DB:
            return 0.0
        if self.usual_db is None:
            return probability
        if ours:
            below = self.BEGINS_DB if speaking else self.INTERRUPTS_DB
        else:
            below = self.GOES_ON_DB if speaking else self.BEGINS_DB
        return probability if level >= self.usual_db - below else 0.0

    def loud(self, probability: float, rms: float) -> bool:
        """Surely a voice, and as loud as theirs usually is."""
        if self.usual_db is None or probability < self.CERTAIN or rms <= 0:
            return False
        return 20 * math.log10(rms) >= self.usual_db - self.LOUD_DB

    def theirs(self, loudest_rms: float) -> bool:
        """Whether a whole utterance whose loudest window is this may be the customer's, said while our side spoke."""
        if self.usual_db is None:
            return True
        return 20 * math.log10(max(loudest_rms, 1e-6)) >= self.usual_db - self.LOUDEST_DB

    def learn(self, probability: float, rms: float) -> None:
        """A window of what the customer surely said. Louder is learned at once, softer slowly."""
        if probability < self.SURE or rms <= 0:
            return
        level = 20 * math.log10(rms)
        if self.usual_db is None:
            self.usual_db = level
        elif level >= self.usual_db - self.BREATH_DB:
            self.usual_db += (level - self.usual_db) * (0.2 if level > self.usual_db else 0.02)


class Interruptions:
    """One call's. ``ours``: our side is being heard, or would be if it were not held."""

    def __init__(self, manners: Manners | None = None) -> None:
        self._manners = manners or Manners()
        self._voiced = 0
        self._quiet = 0
        self._whole = 0
        self._loud = 0
        self._near = 0
        """Of voice in this utterance that was as loud as theirs is."""
        self._fooled = 0
        self.held = False
        self._silenced = False
        """Our side was held during this utterance, even if it goes on by now."""

    @property
    def idle(self) -> bool:
        """Nothing has been heard that quiet could change."""
        return self._voiced == 0 and not self._silenced

    @property
    def open(self) -> bool:
        """Our side was held for what is being said now: the words still have to be judged."""
        return self._silenced

    @property
    def wary(self) -> bool:
        """It is noisy there: sound alone holds our side no more."""
        return self._fooled >= self._manners.fooled

    def hear(self, probability: float, *, ours: bool, speaking: bool = True, loud: bool = False) -> Verdict | None:
        """The next 32 ms. ``speaking``: it is taken for a turn of theirs."""
        manners = self._manners
        if probability >= manners.speech_above:
            self._quiet = 0
            self._voiced += WINDOW_MS
            self._whole += WINDOW_MS
            self._loud = self._loud + WINDOW_MS if loud else 0
            self._near += WINDOW_MS if loud else 0
            enough = (speaking and self._voiced >= manners.hold_ms) or self._loud >= manners.loud_ms
            if ours and enough and not self.held and not self.wary:
                self.held = self._silenced = True
                return Verdict.HOLD
            return None
        self._loud = 0
        if probability < manners.silence_below or self._quiet:
            self._quiet += WINDOW_MS
        if not self.held:
            if self._quiet >= manners.gap_ms:
                self._voiced = 0
                if not self._silenced:
                    self._whole = self._near = 0
            return None
        noise = self._quiet >= manners.noise_quiet_ms and (self._voiced <= manners.noise_ms or not speaking)
        late = self._voiced <= manners.short_ms and self._quiet >= manners.wait_ms
        return self._go_on() if noise or late else None

    def words(
        self, text: str, *, confidence: float = 1.0, asked: bool = False, said: str = "", theirs: bool = True
    ) -> Verdict | None:
        """What was said so far. ``asked``: our side had just asked something; ``said``: what it was saying.

        ``theirs``: it was loud enough to be the customer.
        """
        if not self._silenced and not self.wary:
            return None
        verdict: Verdict | None = Verdict.GIVE_WAY
        if not theirs or self.is_nothing(text, confidence=confidence, asked=asked, said=said):
            verdict = self._go_on() if self.held else None
        else:
            self.held = self._silenced = False
        if theirs and text.strip():
            self._fooled = 0
        return verdict

    def is_nothing(self, text: str, *, confidence: float, asked: bool, said: str) -> bool:
        """Noise, an echo or a nod."""
        manners = self._manners
        if not text.strip():
            return self._near < (manners.answer_ms if asked else manners.surely_ms)
        if is_heard_back(text, said):
            return True
        if asked:
            return is_hum(text)
        if is_backchannel(text, explaining=True):
            return True
        if self._whole > manners.short_ms or calls_out(text):
            return False
        return confidence < manners.doubt or resembles_nod(text)

    def over(self) -> Verdict | None:
        """Their turn is over and its words were judged."""
        verdict = self._go_on() if self.held else None
        self._silenced = False
        self._voiced = self._whole = self._near = self._quiet = 0
        return verdict

    def _go_on(self) -> Verdict:
        self.held, self._voiced = False, 0
        self._fooled += 1
        return Verdict.GO_ON


QUESTION_END_MS = 900
"""Who says yes this long before the end of a question has understood it."""


def asked(left: str, left_ms: int) -> bool:
    """Our side was at the end of a question: ``left`` is the text of the clauses not heard to their end."""
    return left.rstrip().endswith("?") and left_ms <= QUESTION_END_MS
