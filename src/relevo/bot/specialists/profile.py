"""What a customer wants changed about themselves: name, telephone, e-mail."""

from __future__ import annotations

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Guest
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track

INTENTS = frozenset({"actualizar_perfil"})


def wants(scene: Scene) -> bool:
    return scene.heard.intent in INTENTS and scene.hold is None


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    said = scene.heard.entities
    new = Guest(said.guest_name, said.phone, said.email)
    if new == Guest():
        return Move(scene.dialogue, (), Ask("bot.ask.profile", Expecting.CONTACT))
    words = {"data": scene.texts.say("bot.and").join(each for each in (new.name, new.phone, new.email) if each)}
    return Move(scene.dialogue, (Line("bot.profile_noted", words),), closes=True)


SPECIALIST = Specialist(
    "profile", Track.OPERATIONS, "note new contact data", INTENTS, priority=66, wants=wants, act=act, alone=True,
    slots=("guest_name", "phone", "email"),
)  # fmt: skip
