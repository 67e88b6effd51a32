"""What customers of the loopback WhatsApp do with their telephones: write, choose, send files, react, read, move."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from relevo.adapters.channels.loopback_meta.graph import Graph
from relevo.adapters.channels.loopback_meta.people import WINDOW, Bubble, Customer, new_id

Message = dict[str, Any]


class Phones:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._world = graph.world

    def say(self, customer: Customer, text: str) -> str:
        return self.send(customer, {"type": "text", "text": {"body": text}})

    def choose(self, customer: Customer, message_id: str, option_id: str) -> str:
        """A button or a row of an earlier message. Raises ``LookupError``."""
        bubble = next(each for each in reversed(customer.thread) if each.id == message_id)
        reply = _option(bubble.body, option_id)
        kind = "button_reply" if "description" not in reply and _is_buttons(bubble.body) else "list_reply"
        chosen = {"type": "interactive", "interactive": {"type": kind, kind: reply}}
        return self.send(customer, {**chosen, "context": {"id": message_id}})

    def send_file(
        self,
        customer: Customer,
        content: bytes,
        media_type: str,
        *,
        name: str = "",
        voice: bool = False,
        text: str = "",
    ) -> str:
        kind = media_type.split("/")[0]
        kind = kind if kind in ("image", "audio", "video") else "document"
        of: Message = {
            "id": self._world.keep(content, media_type, name), "mime_type": media_type,
            "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
        }  # fmt: skip
        if kind == "audio":
            of["voice"] = voice
        if kind == "document":
            of["filename"] = name
        if text and kind != "audio":
            of["caption"] = text
        return self.send(customer, {"type": kind, kind: of})

    def locate(self, customer: Customer, latitude: float, longitude: float) -> str:
        return self.send(customer, {"type": "location", "location": {"latitude": latitude, "longitude": longitude}})

    def react(self, customer: Customer, message_id: str, emoji: str) -> str:
        return self.send(customer, {"type": "reaction", "reaction": {"message_id": message_id, "emoji": emoji}})

    def send(self, customer: Customer, message: Message) -> str:
        """Anything that a webhook can carry. It opens the window."""
        made = self.message(customer, message)
        customer.thread.append(Bubble(made["id"], self._world.now(), True, message))
        customer.wrote_at = self._world.now()
        self._graph.hooks.tell({"contacts": [customer.contact()], "messages": [made]})
        return str(made["id"])

    def message(self, customer: Customer, message: Message) -> Message:
        """As it goes over the wire; nothing happens yet."""
        return {"id": new_id(), "timestamp": self._graph.stamp(), **customer.who(), **message}

    def read(self, customer: Customer) -> None:
        """They look at what is on their screen."""
        for bubble in customer.thread:
            if not bubble.mine and not bubble.read:
                bubble.read = True
                if self._graph.faults.receipts:
                    self._graph.status(customer, bubble.id, "read", bubble.opaque)

    def wait_a_day(self, customer: Customer) -> None:
        """As if they had last written a day ago."""
        customer.wrote_at = self._world.now() - WINDOW - timedelta(minutes=1)

    def move(self, customer: Customer, number: str) -> Customer:
        """The same person under another number."""
        old = customer.number
        body = {"type": "user_changed_number", "body": f"changed from {old} to {number}", "wa_id": number}
        made = self.message(customer, {"type": "system", "system": body})
        del self._world.customers[old]
        customer.number = number
        self._world.customers[number] = customer
        self._graph.hooks.tell({"contacts": [], "messages": [made]})
        return customer

    def answer_from_phone(self, customer: Customer, text: str) -> str:
        """Somebody of the business writes on the paired telephone."""
        id_ = new_id()
        echo = {
            "id": id_, "from": self._world.display, "to": customer.number, "timestamp": self._graph.stamp(),
            "type": "text", "text": {"body": text},
        }  # fmt: skip
        customer.thread.append(Bubble(id_, self._world.now(), False, {"type": "text", "text": {"body": text}}))
        self._graph.hooks.tell({"message_echoes": [echo]}, field="smb_message_echoes")
        return id_


def _is_buttons(body: Mapping[str, Any]) -> bool:
    return bool(body["interactive"]["type"] == "button") if body["type"] == "interactive" else False


def _option(body: Mapping[str, Any], option_id: str) -> Message:
    action = body["interactive"]["action"] if body["type"] == "interactive" else {}
    options = [each["reply"] for each in action.get("buttons", ())]
    options += [row for section in action.get("sections", ()) for row in section["rows"]]
    for each in options:
        if each["id"] == option_id:
            return dict(each)
    raise LookupError(option_id)
