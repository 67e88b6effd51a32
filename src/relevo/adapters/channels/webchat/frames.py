"""The frames that the visitor's page and we exchange: ``{v: 1, t, d, seq?}``, the same over the socket and over
requests. What is not for the visitor (notes, drafts, what staff is called) does not get into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from relevo.conversations.rules import Author, Control, Kind, Message, message_json

VERSION = 1
RATED = "rated"
Frame = dict[str, Any]
CLIENT_ID = r"^[\w.:-]+$"
MAX_CLIENT_ID = 64
_FROM = {Author.CUSTOMER.value: "me"}


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    msg_id: str = Field(max_length=40, pattern=r"^\w+$")
    option_id: str = Field(max_length=4, pattern=r"^\d+$")


class Msg(BaseModel):
    model_config = ConfigDict(extra="forbid")
    client_id: str = Field(max_length=MAX_CLIENT_ID, pattern=CLIENT_ID)
    text: str | None = Field(None, max_length=8_000)
    choice: Choice | None = None


class Typing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    on: bool = True


class Read(BaseModel):
    model_config = ConfigDict(extra="forbid")
    up_to: int = Field(ge=0, le=10**9)
    seen: bool = True
    """False: it has arrived, and nobody has looked."""


class Rate(BaseModel):
    model_config = ConfigDict(extra="forbid")
    score: int = Field(ge=1, le=5)
    comment: str = Field("", max_length=500)


class Letter(BaseModel):
    model_config = ConfigDict(extra="forbid")
    email: str = Field(max_length=200, pattern=r"^[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+$")


class Hello(BaseModel):
    model_config = ConfigDict(extra="forbid")
    session: str = Field(max_length=40, pattern=r"^\w+$")
    token: str = Field(max_length=200)
    last_seq: int = Field(0, ge=0, le=10**9)


class Envelope(BaseModel):
    model_config = ConfigDict(extra="ignore")
    v: int = VERSION
    t: str = Field(max_length=20)
    d: dict[str, Any] = Field(default_factory=dict)


def is_client_id(given: str) -> bool:
    return len(given) <= MAX_CLIENT_ID and re.match(CLIENT_ID, given) is not None


def frame(t: str, d: Mapping[str, Any], *, seq: int | None = None) -> Frame:
    made: Frame = {"v": VERSION, "t": t, "d": dict(d)}
    return made if seq is None else {**made, "seq": seq}


def said(message: Mapping[str, Any]) -> Frame | None:
    """A message of docs/api.md as the visitor gets it; None for what is not theirs."""
    if message.get("kind") != Kind.TEXT.value:
        return None
    parts: list[dict[str, Any]] = []
    if message["text"]:
        parts.append({"type": "text", "text": message["text"]})
    for attachment in message.get("attachments", ()):
        family = str(attachment["media_type"]).partition("/")[0]
        parts.append({**attachment, "type": family if family in ("image", "audio") else "file"})
    if message.get("buttons"):
        options = [{"id": str(at), "text": text} for at, text in enumerate(message["buttons"])]
        parts.append({"type": "choices", "options": options})
    author = message["author"]
    d = {"msg_id": message["id"], "from": _FROM.get(author, author), "at": message["at"], "parts": parts}
    client_id = message.get("meta", {}).get("client_id")
    if client_id and author == Author.CUSTOMER.value:
        d["client_id"] = client_id
    return frame("msg", d, seq=message["seq"])


def all_said(messages: Iterable[Message]) -> list[Frame]:
    made = (said(message_json(message, {})) for message in messages)
    return [each for each in made if each is not None]


def state(control: Control | str, *, rated: bool) -> Frame:
    return frame("state", {"control": str(control), "rated": rated})


def is_rating(message: Mapping[str, Any]) -> bool:
    return bool(message.get("meta", {}).get("event") == RATED)


def error(code: str, message: str, client_id: str | None = None) -> Frame:
    d = {"code": code, "message": message}
    return frame("error", d if client_id is None else {**d, "client_id": client_id})
