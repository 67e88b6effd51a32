"""HTTP of customers, for staff: who they are, all that was said and booked with them, and who is the same as whom."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.service import Bookings
from relevo.conversations.reach_store import searched, sees_person
from relevo.conversations.rules import iso
from relevo.conversations.service import Conversations
from relevo.kit.crypto import fingerprint
from relevo.kit.db import Database
from relevo.kit.errors import NotFound
from relevo.people.rules import Action, Identity, IdentityKind, Merge, Person, Staff, may
from relevo.people.service import People
from relevo.web.auth import Gate


class Other(BaseModel):
    model_config = ConfigDict(extra="forbid")
    other: str = Field(max_length=20)


def person_json(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.shown_name,
        "said_name": person.name,
        "profile_name": person.profile_name,
        "username": person.username,
        "locale": person.locale,
        "identities": [{"kind": known.kind.value, "value": known.value} for known in person.identities],
        "others": list(person.others),
    }


def merge_json(merge: Merge, names: Mapping[str, str]) -> dict[str, Any]:
    undone = merge.undone_by
    return {
        "kept": merge.kept,
        "other": merge.other,
        "by": {"id": merge.by, "name": names.get(merge.by)},
        "at": iso(merge.at),
        "undone_by": {"id": undone, "name": names.get(undone)} if undone else None,
        "undone_at": iso(merge.undone_at),
    }


def router(db: Database, people: People, conversations: Conversations, bookings: Bookings, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/people", tags=["people"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_CONVERSATIONS))]
    Agent = Annotated[Staff, Depends(gate.require(Action.ANSWER))]

    async def whole(session: AsyncSession, person_id: str, staff: Staff) -> dict[str, Any]:
        person = await people.get(session, person_id)
        if person is None:
            raise NotFound("no_person")
        sees = may(staff, Action.SEE_BOOKINGS)
        booked = await bookings.of_people(session, person.ids, viewer=staff) if sees else ()
        given = {
            Identity(kind, value)
            for booking in booked
            for kind, value in ((IdentityKind.PHONE, booking.guest_phone), (IdentityKind.EMAIL, booking.guest_email))
            if value
        } - set(person.identities)
        reached = [each.value for each in person.identities if each.kind in (IdentityKind.PHONE, IdentityKind.EMAIL)]
        others = await bookings.booked_with(session, reached) if sees else []
        alike = await people.alike(session, person, contacts=sorted(given, key=str), booked_by=others)
        names = await people.staff_names(session)
        said = await conversations.of_people(session, person.ids, viewer=staff)
        alike = [each for each in alike if await sees_person(session, staff, each[0].ids)]
        return {
            "person": person_json(person),
            "conversations": await conversations.list_json(session, said, staff),
            "bookings": [bookings.json(booking) for booking in booked],
            "merges": [merge_json(merge, names) for merge in await people.merges(session, person)],
            "suggestions": [{"person": person_json(other), "why": why.value} for other, why in alike],
        }

    @routes.get("")
    async def search(
        staff: Reader,
        q: Annotated[str, Query(max_length=100)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> dict[str, Any]:
        async with db.read() as session:
            found = await people.search(session, q, limit=limit, only=searched(staff))
            if not staff.scope.whole:
                found = [each for each in found if await sees_person(session, staff, each.ids)]
        if q.strip():
            # Of what was looked for only how much it found: the words are somebody's name or number.
            gate.saw(staff, "people_searched", "people", how=fingerprint(q), details={"found": len(found)})
        return {"items": [person_json(person) for person in found]}

    @routes.get("/{person_id}")
    async def one(person_id: str, staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            found = await whole(session, person_id, staff)
        gate.saw(staff, "customer_read", found["person"]["id"])
        return found

    @routes.post("/{person_id}/merge")
    async def merge(person_id: str, body: Other, staff: Agent) -> dict[str, Any]:
        await gate.reach.named(staff, person_id=body.other)
        async with db.write() as tx:
            person = await people.merge(tx, person_id, body.other, by=staff)
            await conversations.announce_people(tx, person.ids)
            return await whole(tx.session, person.id, staff)

    @routes.post("/{person_id}/unmerge")
    async def unmerge(person_id: str, body: Other, staff: Agent) -> dict[str, Any]:
        await gate.reach.named(staff, person_id=body.other)
        async with db.write() as tx:
            person = await people.unmerge(tx, person_id, body.other, by=staff)
            await conversations.announce_people(tx, {*person.ids, *await people.same_as(tx.session, body.other)})
            return await whole(tx.session, person.id, staff)

    @routes.post("/{person_id}/distinct", status_code=204)
    async def distinct(person_id: str, body: Other, staff: Agent) -> None:
        await gate.reach.named(staff, person_id=body.other)
        async with db.write() as tx:
            await people.tell_apart(tx, person_id, body.other, by=staff)

    return routes
