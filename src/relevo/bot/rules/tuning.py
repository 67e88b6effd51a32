"""How the house wants its assistant to be: from when on it acts, in which words, about which topics, and for whom a
person is fetched. Plain values within sane limits; where they are kept is somebody else's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from relevo.bot.rules.knowledge import PLACEHOLDER, TopicEdit
from relevo.kit.errors import Invalid

ACT = 0.40
"""From this confidence on an intent is acted upon without asking."""
GUESS = 0.20
"""From here on it is worth asking whether it was meant."""
UNSURE = 0.15
"""A turn that came so close above the threshold of acting is worth a look too."""
LEAST_ACT, MOST_ACT = 0.25, 0.80
LEAST_GUESS = 0.10
MOST_WORDS = 50
LONGEST_WORD = 60
MOST_TEXT = 800
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, slots=True)
class Bands:
    act: float = ACT
    guess: float = GUESS


@dataclass(frozen=True, slots=True)
class Manner:
    """``locale`` None: as the house was installed."""

    bands: Bands = Bands()
    locale: str | None = None
    vip_words: tuple[str, ...] | None = None
    """None: those of the settings it was started with."""
    topics: Mapping[str, TopicEdit] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def json(self) -> dict[str, Any]:
        """Without the topics, each of which has a history of its own."""
        words = None if self.vip_words is None else list(self.vip_words)
        return {"act": self.bands.act, "guess": self.bands.guess, "locale": self.locale, "vip_words": words}


def manner_of(values: Mapping[str, Any], topics: Mapping[str, TopicEdit]) -> Manner:
    """Of what was stored; what is missing is as it was shipped."""
    words = values.get("vip_words")
    return Manner(
        Bands(float(values.get("act", ACT)), float(values.get("guess", GUESS))),
        values.get("locale"),
        None if words is None else tuple(map(str, words)),
        topics,
    )


def checked_settings(
    *, act: float, guess: float, locale: str | None, vip_words: Sequence[str] | None, locales: Iterable[str]
) -> dict[str, Any]:
    """As they are stored. Raises ``Invalid``."""
    act, guess = round(act, 2), round(guess, 2)
    if not LEAST_ACT <= act <= MOST_ACT:
        raise Invalid("bad_act", least=f"{LEAST_ACT:.0%}", most=f"{MOST_ACT:.0%}")
    if not LEAST_GUESS <= guess <= act:
        raise Invalid("bad_guess", least=f"{LEAST_GUESS:.0%}", most=f"{act:.0%}")
    if locale is not None and locale not in set(locales):
        raise Invalid("bad_register")
    words = None
    if vip_words is not None:
        words = list(dict.fromkeys(" ".join(word.split()) for word in vip_words if word.strip()))
        if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD or len(word) < 3 for word in words):
            raise Invalid("bad_vip_words", most=str(MOST_WORDS), longest=str(LONGEST_WORD))
    return {"act": act, "guess": guess, "locale": locale, "vip_words": words}


def checked_topic(key: str, edit: TopicEdit, *, facts: Iterable[str], known: Iterable[str]) -> TopicEdit:
    """As it is stored. A topic of the house's own needs words by which it is found. Raises ``Invalid``."""
    if not _KEY.fullmatch(key):
        raise Invalid("bad_topic_key")
    text = " ".join(edit.text.split()) if edit.text is not None else None
    words = None
    if edit.words is not None:
        words = tuple(dict.fromkeys(" ".join(word.split()) for word in edit.words if word.strip()))
        if len(words) > MOST_WORDS or any(not 2 <= len(word) <= LONGEST_WORD for word in words):
            raise Invalid("bad_topic_words", most=str(MOST_WORDS), longest=str(LONGEST_WORD))
    if text is not None:
        if not text or len(text) > MOST_TEXT:
            raise Invalid("bad_topic_text", most=str(MOST_TEXT))
        strange = set(PLACEHOLDER.findall(text)) - set(facts)
        if strange or "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
            raise Invalid("unknown_placeholder", name=", ".join(sorted(strange)) or "{ }")
    if key not in set(known) and (text is None or not words):
        raise Invalid("topic_incomplete")
    return TopicEdit(text, words, edit.on)
