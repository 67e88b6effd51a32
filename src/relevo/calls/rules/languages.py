"""Does the customer want another language? ``Do you speak English?``, ``en español, por favor``.

Pure. Only a wish that is said in so many words counts, or a whole sentence in the other language: one borrowed word
(``okay``, ``check-in``) changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ENGLISH = r"(?:english|ingl[eé]s|ingles)"
_SPANISH = r"(?:spanish|espa[ñn]ol|castellano)"
_WISH = (
    r"\b(?:speak|talk|in|to|en|hablar?s?|habl[aá]s|hablan|hablamos|hablemos|pasar? al?|cambi\w+ al?|prefer\w*|prefiero)"
    r"(?: (?:to|me|in|en|any|usted|ustedes|you|continue|seguir|go on))* {language}\b"
    r"|^\W*{language}(?:\W+(?:please|por favor))?\W*$|\b{language},? (?:please|por favor)\b"
)
_WANTS = {
    "en": re.compile(_WISH.format(language=_ENGLISH)),
    "es": re.compile(_WISH.format(language=_SPANISH)),
}
_CANNOT = {
    "en": re.compile(
        rf"\b(?:don'?t|do not|no|can'?t|cannot) (?:speak|understand|hablo|entiendo|s[eé])(?: el)? {_SPANISH}"
    ),
    "es": re.compile(rf"\b(?:don'?t|do not|no|can'?t) (?:speak|understand|hablo|entiendo|s[eé])(?: el)? {_ENGLISH}"),
}
_ABOUT = re.compile(r"\b(?:books?|libros?|curso|clases?|gu[ií]a|men[uú]|carta|tour)\b")
_COMMON: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        (
            "the", "i", "you", "is", "are", "do", "have", "would", "like", "a", "for", "room", "want", "what", "how",
            "much", "please", "can", "my", "we", "to", "with", "and", "of", "it", "need", "book", "there", "any",
        )
    ),
    "es": frozenset(
        (
            "el", "la", "los", "las", "yo", "es", "son", "tiene", "tienen", "quiero", "una", "un", "para", "cuarto",
            "habitación", "qué", "cuánto", "por", "favor", "puedo", "mi", "con", "y", "de", "hay", "necesito", "me",
        )
    ),
}  # fmt: skip
_SENTENCE = 4
"""Words at least for a sentence to show its language."""
_SHARE = 0.5
_WORD = re.compile(r"[^\W\d_]+")


def wanted(text: str, now: str) -> str | None:
    """The language (``en``, ``es``) to go on in, if it is another one than ``now``."""
    text = text.lower()
    for language in _WANTS:
        if _CANNOT[language].search(text):
            return language if language != now else None
    if not _ABOUT.search(text):
        for language, wish in _WANTS.items():
            if wish.search(text):
                return language if language != now else None
    words = _WORD.findall(text)
    if len(words) < _SENTENCE:
        return None
    shares = {language: sum(word in known for word in words) / len(words) for language, known in _COMMON.items()}
    best = max(shares, key=lambda language: shares[language])
    return best if best != now and shares[best] >= _SHARE and shares.get(now, 0.0) < _SHARE / 2 else None


def locale_for(language: str, home: str) -> str:
    """``es`` is the house's own Spanish."""
    return home if home[:2] == language else language
