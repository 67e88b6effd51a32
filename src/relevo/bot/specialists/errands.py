"""Goes on with what was wanted of a booking once its code, or the contact it was made with, is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from relevo.bot.rules.asking import AskHouse, FindStays
from relevo.bot.rules.dialogue import Task
from relevo.bot.rules.identity import collecting
from relevo.bot.rules.offers import too_much
from relevo.bot.rules.reading import bare_code, lost_code
from relevo.bot.rules.steps import (
    AttachReceipt,
    FindAlternatives,
    FindBooking,
    FindOwn,
    FindRooms,
    Identify,
    Line,
    Move,
    PriceCancelling,
    PriceChange,
    Scene,
    SendVoucher,
    Specialist,
    Steps,
    Track,
)
from relevo.bot.rules.touring import PlanReminder, RateStay
from relevo.bot.specialists import (
    cancellations,
    deposits,
    feedback,
    loyalty,
    modifications,
    reminders,
    status,
    vouchers,
)

_GOES: Mapping[Task, Callable[[Scene], Steps[Move]]] = {
    Task.STATUS: status.go,
    Task.RECEIPT: deposits.go,
    Task.VOUCHER: vouchers.go,
    Task.CHANGE: modifications.go,
    Task.CANCEL: cancellations.go,
    Task.LOYALTY: loyalty.go,
    Task.RATE: feedback.go,
    Task.REMIND: reminders.go,
}


def wants(scene: Scene) -> bool:
    errand, said = scene.dialogue.errand, scene.heard.entities
    if errand is None:
        return False
    if scene.picked:
        return scene.picked.code is not None
    if not collecting(scene):
        return False
    return bool(said.booking_code or said.phone or said.email or bare_code(scene.heard.text)) or _without(scene)


def act(scene: Scene) -> Steps[Move]:
    errand, said = scene.dialogue.errand, scene.heard.entities
    assert errand is not None
    if not (scene.picked or said.booking_code or said.phone or said.email) and _without(scene):
        return too_much(scene, replace(scene.dialogue, errand=None), (Line("bot.no_code"),))
    return (yield from _GOES[errand.task](scene))


def _without(scene: Scene) -> bool:
    """Neither code nor contact at hand: a person can find it in other ways."""
    return lost_code(scene.heard.text) or scene.says("negar")


SPECIALIST = Specialist(
    "errands", Track.OPERATIONS, "find out whose booking it is", frozenset(), priority=78, wants=wants, act=act,
    alone=True,
    slots=("booking_code", "phone", "email"),
    tools=(
        AskHouse, AttachReceipt, FindAlternatives, FindBooking, FindOwn, FindRooms, FindStays, Identify,
        PlanReminder, PriceCancelling, PriceChange, RateStay, SendVoucher,
    ),
)  # fmt: skip
