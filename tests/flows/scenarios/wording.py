"""How a guest puts it: one of several phrasings of an act, as people of their country say it, with their misspellings.

The dice is seeded and nothing else is random: the same guest and seed write the same words to the same answers.
"""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from collections.abc import Collection
from datetime import date
from pathlib import Path

from tests.flows.scenarios.hearing import MONTHS, WEEKDAYS

HERE = Path(__file__).parent
PHRASES: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "phrases.toml").read_text(encoding="utf-8"))
QUESTIONS: dict[str, dict[str, object]] = tomllib.loads((HERE / "questions.toml").read_text(encoding="utf-8"))
NUMERALS = ("cero", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")
_SHORT = {"que": "q", "por": "x", "para": "pa", "porque": "xq", "también": "tmb", "quiero": "qiero", "personas": "pers"}
_KEPT = re.compile(r"〔[^〕]*〕|\S+@\S+|\d\S*")
_NEAR = {"a": "s", "e": "r", "i": "o", "o": "i", "s": "d", "n": "m", "r": "t", "c": "v", "l": "k", "t": "r", "d": "s"}


class Wording:
    def __init__(self, dice: random.Random, country: str, manner: Collection[str], today: date) -> None:
        self.dice, self._country, self._manner, self._today = dice, country, manner, today

    def say(self, act: str, **params: str) -> str:
        """One of the phrasings of ``act``."""
        return self.pick(self._phrases(act)).format(**params)

    def _phrases(self, act: str) -> list[str]:
        table = PHRASES[act]
        return table["any"] + table.get(self._country, []) * 2

    def pick(self, options: list[str]) -> str:
        return self.dice.choice(options)

    def question(self, topic: str) -> str:
        asks = QUESTIONS[topic]["asks"]
        assert isinstance(asks, list)
        return self.pick(asks)

    def people(self, guests: int, children: int, *, asked: bool = False) -> str:
        if children == 1:
            return self.say("family_one", adults=str(guests - 1))
        if children:
            return self.say("family", adults=str(guests - children), children=str(children))
        if asked and guests > 1:
            return self.say("alone", n=str(guests), word=NUMERALS[guests])
        return self.say("alone_1" if asked else f"people_{guests}")

    def room(self, room: str | None) -> str:
        return self.say(f"room_{room}" if room else "any_room")

    def stay(self, check_in: date, check_out: date) -> str:
        """The dates in one of the ways in which they are said."""
        nights, month, until = (check_out - check_in).days, MONTHS[check_in.month - 1], MONTHS[check_out.month - 1]
        first, last = check_in.day, check_out.day
        in_words, out_words = WEEKDAYS[check_in.weekday()], WEEKDAYS[check_out.weekday()]
        one_month = check_in.month == check_out.month
        far = check_out.year > self._today.year and self.dice.random() < 0.2
        year = f" de {check_out.year}" if far else ""
        forms = [
            f"del {first} de {month} al {last} de {until}{year}",
            f"desde el {first} de {month} hasta el {last} de {until}{year}",
            f"{first}/{check_in.month} al {last}/{check_out.month}",
            f"del {first:02}/{check_in.month:02} al {last:02}/{check_out.month:02}",
            f"entrando el {first} de {month} y saliendo el {last} de {until}",
            f"del {in_words} {first} de {month} al {out_words} {last} de {until}",
            f"llegamos el {first} de {month} y nos vamos el {last} de {until}",
            f"el {first} de {month}, {nights} {'noche' if nights == 1 else 'noches'}",
            f"{nights} {'noche' if nights == 1 else 'noches'} desde el {first} de {month}",
            f"check in {first}/{check_in.month}, check out {last}/{check_out.month}",
        ]
        if one_month:
            forms += [
                f"del {first} al {last} de {month}{year}",
                f"del {first} al {last} de {month}{year}",
                f"{first} al {last} de {month}",
                f"{first} al {last} {month[:3]}",
                f"desde el {first} hasta el {last} de {month}",
                f"entre el {first} y el {last} de {month}",
            ]
        if (check_in - self._today).days == 1:
            forms.append(f"mañana por {nights} {'noche' if nights == 1 else 'noches'}")
        return self.pick(forms)

    def arrival(self, check_in: date) -> str:
        month = MONTHS[check_in.month - 1]
        return self.pick(
            [f"el {check_in.day} de {month}", f"{check_in.day}/{check_in.month}", f"{check_in.day} de {month}",
             f"llegamos el {check_in.day} de {month}", f"el {WEEKDAYS[check_in.weekday()]} {check_in.day} de {month}"]
        )  # fmt: skip

    def nights(self, check_in: date, check_out: date) -> str:
        nights, month = (check_out - check_in).days, MONTHS[check_out.month - 1]
        many = f"{nights} {'noche' if nights == 1 else 'noches'}"
        return self.pick(
            [str(nights), many, f"hasta el {check_out.day} de {month}", f"{check_out.day} de {month}",
             f"{NUMERALS[nights]} {'noche' if nights == 1 else 'noches'}" if nights < 10 else many,
             f"nos vamos el {check_out.day} de {month}"]
        )  # fmt: skip

    def day(self, day: date) -> str:
        away = (day - self._today).days
        forms = [f"el {day.day} de {MONTHS[day.month - 1]}", f"el {WEEKDAYS[day.weekday()]} {day.day}"]
        if away <= 6:
            forms += [f"el {WEEKDAYS[day.weekday()]}"]
        if away == 1:
            forms += ["mañana"]
        return self.pick(forms)

    def hour(self, hour: int) -> str:
        late = hour > 12
        forms = [f"{hour}:00", f"{hour} hs"]
        if late:
            forms += [f"{hour - 12} de la tarde", f"{hour - 12} pm"]
        else:
            forms += [f"{hour} de la mañana", f"{hour} am"]
        return self.pick(forms)

    def written(self, text: str) -> str:
        """As it leaves the guest's fingers."""
        kept = [found[0] for found in _KEPT.finditer(text)]
        words = [self._word(word) for word in re.split(r"(\s+)", _KEPT.sub("\0", text))]
        out = "".join(words)
        for each in kept:
            out = out.replace("\0", each.strip("〔〕"), 1)
        if "shouts" in self._manner:
            out = out.upper() if "@" not in out else out
        if "voice" in self._manner:
            out = re.sub(r"[?¿!¡,.;:](?!\d|\w)", "", out).lower() if "@" not in out else out
        return out

    def _word(self, word: str) -> str:
        if "\0" in word or not word.strip():
            return word
        if "bare" in self._manner or ("typos" in self._manner and self.dice.random() < 0.6):
            word = "".join(
                c for c in unicodedata.normalize("NFD", word) if c == "\u0303" or not unicodedata.combining(c)
            )
            word = unicodedata.normalize("NFC", word)
        if "short" in self._manner and word.lower() in _SHORT and self.dice.random() < 0.7:
            return _SHORT[word.lower()]
        if "typos" in self._manner and len(word) >= 5 and self.dice.random() < 0.15:
            return self._misspelt(word)
        return word

    def _misspelt(self, word: str) -> str:
        at = self.dice.randrange(1, len(word) - 1)
        match self.dice.randrange(4):
            case 0:
                return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            case 1:
                return word[:at] + word[at + 1 :]
            case 2:
                return word[:at] + word[at] + word[at:]
            case _:
                return word[:at] + _NEAR.get(word[at], word[at]) + word[at + 1 :]
