"""What a customer wants changed about themselves: name, telephone, e-mail; also where appointments live, if they live
elsewhere."""

from __future__ import annotations

from relevo.appointments.rules import Profile
from relevo.bot.ports import Expecting
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.visiting import FindProfile, SaveProfile, find_profile, save_profile

INTENTS = frozenset({"actualizar_perfil"})


def wants(scene: Scene) -> bool:
    return scene.heard.intent in INTENTS and scene.hold is None


def act(scene: Scene) -> Steps[Move]:
    said = scene.heard.entities
    new = Profile(said.guest_name, said.phone, said.email)
    elsewhere = scene.agenda is not None and scene.agenda.profiles
    if new == Profile():
        known = (yield from find_profile()) if elsewhere else None
        lines = (Line("bot.profile_known", {"data": _listed(scene, known)}),) if known and known != Profile() else ()
        return Move(scene.dialogue, lines, Ask("bot.ask.profile", Expecting.CONTACT))
    if elsewhere:
        yield from save_profile(new)
    return Move(scene.dialogue, (Line("bot.profile_noted", {"data": _listed(scene, new)}),), closes=True)


def _listed(scene: Scene, profile: Profile) -> str:
    return scene.texts.say("bot.and").join(each for each in (profile.name, profile.phone, profile.email) if each)


SPECIALIST = Specialist(
    "profile", Track.OPERATIONS, "note new contact data", INTENTS, priority=66, wants=wants, act=act, alone=True,
    slots=("guest_name", "phone", "email"), tools=(FindProfile, SaveProfile),
)  # fmt: skip
