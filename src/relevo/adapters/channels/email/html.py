"""HTML of mails: made safe to be shown, and turned into words.

An allow-list of tags and attributes is all that stays. Nothing is fetched from anywhere: pictures of other servers are
taken out; what is left is shown in a sandbox all the same.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

MAX_SHOWN = 300_000
MAX_DEPTH = 4_000
TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_QUOTES = {"gmail_quote", "gmail_extra", "moz-cite-prefix", "yahoo_quoted"}
_QUOTE_IDS = {"divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"}
_REST = {"divRplyFwdMsg", "appendonsend"}
"""Outlook puts what is quoted beside them, not inside."""
_BREAKS = {"br", "div", "p", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "hr"}
_TAG = re.compile(r"<(/?)(?!(?:br|hr|img|input|meta|link|col|area|wbr)\b)[a-z]", re.IGNORECASE)


def safe(page: str) -> str:
    """What may be shown of it."""
    return nh3.clean(
        _shallow(page),
        tags=TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )


def as_text(page: str) -> str:
    """Its words, without what it quotes from earlier mails."""
    # Cleaned first, the page is well formed and small: the parser below is easily made to take ages.
    page = nh3.clean(
        _shallow(page),
        tags=TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes={"*": {"class", "id", "name"}},
        link_rel=None,
    )
    reader = _Words()
    reader.feed(page)
    reader.close()
    said = "".join(reader.said).replace("\xa0", " ")
    lines = [" ".join(line.split()) for line in said.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _shallow(page: str) -> str:
    """A tree deeper than any mail program makes loses its tags and keeps its words: cleaning it would take minutes."""
    page = page[:MAX_SHOWN]
    depth = deepest = 0
    for found in _TAG.finditer(page):
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    # Tags that nobody closes are counted as if they were inside each other, hence the generous limit.
    return page if deepest <= MAX_DEPTH else re.sub(r"<[^>]*>?", " ", page)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._hidden = 0
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self._say("\n")
        if tag in ("br", "hr"):
            return
        given = {name: value or "" for name, value in attrs}
        quoted = (
            tag == "blockquote"
            or bool(_QUOTES & set(given.get("class", "").split()))
            or given.get("id") in _QUOTE_IDS
            or given.get("name") == "messageReplySection"
        )
        self._over = self._over or given.get("id") in _REST
        self._open.append((tag, quoted))
        self._hidden += quoted

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._hidden -= self._open.pop()[1]
        if tag in ("p", "div", "tr", "li", "td"):
            self._say("\n" if tag != "td" else " ")

    def handle_data(self, data: str) -> None:
        self._say(" ".join(data.split("\n")))

    def _say(self, text: str) -> None:
        if not self._hidden and not self._over:
            self.said.append(text)
