"""What the house has beside rooms, for the bot: excursions, agencies, reminders and opinions, and what it says to
somebody who hesitates. It passes on what specialists ask for and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from relevo.bot.ports import Aftercare
from relevo.bot.rules import touring
from relevo.bot.rules.objections import Argument, Campaign
from relevo.bot.rules.steps import Scene
from relevo.kit.errors import Forbidden
from relevo.tours.ports import Agencies, Excursions


@dataclass(slots=True)
class Beyond:
    """Whatever is None the house does not have."""

    excursions: Excursions | None = None
    agencies: Agencies | None = None
    aftercare: Aftercare | None = None
    arguments: tuple[Argument, ...] = ()
    campaigns: tuple[Campaign, ...] = ()

    async def seen(self, scene: Scene) -> Scene:
        """The scene with what there is to sell and to say beside rooms."""
        catalogue = await self.excursions.catalogue() if self.excursions is not None else None
        return replace(
            scene, tours=catalogue, agencies=self.agencies is not None, aftercare=self.aftercare is not None,
            arguments=self.arguments, campaigns=self.campaigns,
        )  # fmt: skip

    async def look(self, request: touring.TouringRequest) -> Any:
        """What is for anybody."""
        if isinstance(request, touring.FindDepartures) and self.excursions is not None:
            return await self.excursions.departures(request.first, request.last, excursion=request.excursion)
        raise Forbidden("not_allowed")

    async def perform(
        self,
        request: touring.TouringRequest,
        *,
        conversation_id: str,
        person_id: str,
        known_as: frozenset[str],
        turn: str,
    ) -> Any:
        match request:
            case touring.FindDepartures():
                return await self.look(request)
            case touring.BookPlaces() | touring.FindPlaces() | touring.CancelPlaces():
                return await self._excursion(request, conversation_id, person_id, known_as, turn)
            case touring.IdentifyPartner() | touring.FindBrought():
                return await self._agency(request, conversation_id)
            case touring.RateStay() | touring.PlanReminder() | touring.StopReminders():
                return await self._after(request, person_id)

    async def _excursion(
        self,
        request: touring.BookPlaces | touring.FindPlaces | touring.CancelPlaces,
        own: str,
        person_id: str,
        known_as: frozenset[str],
        turn: str,
    ) -> Any:
        excursions = self.excursions
        if excursions is None:
            raise Forbidden("not_allowed")
        match request:
            case touring.BookPlaces(excursion, day, adults, children, guest):
                return await excursions.book(
                    excursion, day, adults=adults, children=children, person_id=person_id, conversation_id=own,
                    name=guest.name, phone=guest.phone, key=f"{own}:{turn}:{excursion}:{day}",
                )  # fmt: skip
            case touring.FindPlaces():
                return await excursions.of(known_as)
            case touring.CancelPlaces(code):
                place = await excursions.find(code)
                if place is None or place.person_id not in known_as:
                    raise Forbidden("not_allowed")
                return await excursions.cancel(code, by=own)

    async def _agency(self, request: touring.IdentifyPartner | touring.FindBrought, own: str) -> Any:
        agencies = self.agencies
        if agencies is None:
            raise Forbidden("not_allowed")
        if isinstance(request, touring.IdentifyPartner):
            return await agencies.identify(
                request.code, phone=request.phone, email=request.email, conversation_id=own
            )  # fmt: skip
        partner = await agencies.known(own)
        return touring.Brought(partner, await agencies.brought(partner.id)) if partner is not None else None

    async def _after(
        self, request: touring.RateStay | touring.PlanReminder | touring.StopReminders, person_id: str
    ) -> Any:
        aftercare = self.aftercare
        if aftercare is None:
            raise Forbidden("not_allowed")
        match request:
            case touring.RateStay(code, score, text):
                return await aftercare.rate(code, score, text)
            case touring.PlanReminder(code, said):
                return await aftercare.remind(code, person_id=person_id, said=said)
            case touring.StopReminders(said):
                return await aftercare.stop(person_id=person_id, said=said)
