"""Hesitation taken out of a transcript, for people and programs that read it: *eh*, *mmm*, *este...*, a word twice.

Only what never means anything goes. *Este* stays where it may point at something (*este viernes*), digits said twice
are two digits, and *no, no* is a stronger no. Pure.
"""

from __future__ import annotations

import re

_SOUND = r"(?:e+h+m*|e{2,}m*|e+m{2,}|(?-i:em)|m{2,}h*m*|h+m{2,}|ehm|u+h+m*|u+m+|a{2,}h*m*|ah+m+|er+m+|ajam)"
_THINKING = r"(?:este{2,}|est+e\s*(?:\.{2,}|…))"
_BETWEEN_COMMAS = r"(?:este|o sea|digamos|a ver|eh)"
_ALONE = re.compile(rf"(?<![\w'-])(?:{_SOUND}|{_THINKING})(?![\w'-])", re.IGNORECASE)
_ASIDE = re.compile(rf"(?:(?<=,)|(?<=^)|(?<=[.…?!]))\s*{_BETWEEN_COMMAS}\s*(?=,|\.{{2,}}|…)", re.IGNORECASE)
_TWICE = re.compile(
    r"\b((?:el|la|los|las|un|una|unos|unas|de|del|para|por|con|en|que|y|a|mi|al|me|quería|quiero|the|for|to|of|i|and|in)"
    r")(?:\s*(?:,|\.{2,}|…)?\s+\1\b)+",
    re.IGNORECASE,
)
_ITS_OWN = re.compile(
    r"\b(hola|buen[ao]s(?: (?:días|tardes|noches))?|buen día|bueno|sí|no|gracias|perdón|dale|claro|hello|hi|yes|well)"
    r"\s*,\s*,",
    re.IGNORECASE,
)
"""Words that a comma belongs after, whatever came next."""
_MARKS = (
    (re.compile(r"([¿¡])[\s,.…]+"), r"\1"),
    (re.compile(r"\s+([,.;:?!…])"), r"\1"),
    (re.compile(r"(?:,\s*)+(?=[,.;:?!…])"), ""),
    (re.compile(r"([,;:])(?:\s*,)+"), r"\1"),
    (re.compile(r"(^|[.?!…]\s)[\s,;:.…]+"), r"\1"),
    (re.compile(r"\s{2,}"), " "),
)
_BEGIN = re.compile(r"((?:^|(?<!\.)[.?!]\s+)[¿¡]?)([a-záéíóúñü])")


def cleaned(text: str) -> str:
    """The text without them, its marks and capitals in order again."""
    kept = _ASIDE.sub("", _ALONE.sub("", text))
    kept = _TWICE.sub(r"\1", kept)
    if kept == text:
        return text.strip()
    # A comma on either side of what went was its own.
    kept = re.sub(r",\s*,(?!\s*[¿¡])", " ", _ITS_OWN.sub(r"\1,", kept))
    for mark, instead in _MARKS:
        kept = mark.sub(instead, kept)
    kept = kept.strip(" ,;:")
    if not re.search(r"\w", kept):
        return ""
    return _BEGIN.sub(lambda match: match[1] + match[2].upper(), kept)
