"""Deposits as clients see them: the booking, what was sent for it, and what is odd about that. It changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import road_store, rules
from relevo.bookings.road_store import Receipt
from relevo.bookings.rooms import Rooms
from relevo.bookings.rules import Booking
from relevo.conversations.attachments import Attachments
from relevo.kit.clock import Clock
from relevo.kit.errors import NotFound


class Cases:
    def __init__(self, rooms: Rooms, attachments: Attachments, clock: Clock) -> None:
        self._rooms = rooms
        self._attachments = attachments
        self._clock = clock

    async def of(self, session: AsyncSession, bookings: Sequence[Booking]) -> list[dict[str, Any]]:
        now = self._clock.now()
        receipts: dict[str, list[dict[str, Any]]] = {booking.id: [] for booking in bookings}
        for receipt in await road_store.receipts_of(session, receipts.keys()):
            receipts[receipt.booking_id].append(await self._receipt_json(session, receipt))
        return [
            {
                "booking": (shown := rules.as_json(booking, self._rooms.business, now)),
                "deposit": shown["deposit"],
                "receipts": receipts[booking.id],
                "problem": next((each["problem"] for each in reversed(receipts[booking.id]) if each["problem"]), None),
            }
            for booking in bookings
        ]

    async def _receipt_json(self, session: AsyncSession, receipt: Receipt) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": receipt.id,
            "attachment_id": receipt.attachment_id,
            "at": receipt.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "problem": receipt.problem,
            "duplicate_of": receipt.duplicate_of,
            "amount": receipt.amount,
        }
        try:
            file = await self._attachments.get(session, receipt.attachment_id)
        except NotFound:
            # Files are deleted by age; the deposit they proved is not.
            return {**shown, "name": None, "media_type": None, "size": None}
        return {**shown, "name": file.name, "media_type": file.media_type, "size": file.size}
