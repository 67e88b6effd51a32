"""What is sent to QloApps: always XML, which every resource there takes. Pure.

Its validation kills the request (or the answer) for a name with a digit or an e-mail it does not like, so guests' data
are brought into its alphabet here. One e-mail is one customer there and is overwritten by whoever uses it next: a guest
without one gets one of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from relevo.adapters.pms.qloapps.parsing import SOURCE, plain
from relevo.bookings.rules import Booking, DepositStatus
from relevo.kit.money import Money

NEW, PARTLY_PAID, PAID, AWAITING = 1, 2, 1, 3
_NO_NAME = re.compile(r"[0-9!<>,;?=+()@#\"°{}_$%:/\\|^\[\]*~&\x00-\x1f]")
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+", re.I | re.A)
_PHONE = re.compile(r"[^+0-9. ()/-]")
NAME_LENGTH = 32
AGE = 8
"""Of a child: nobody asks the guest for it."""


def search(hotel: int, check_in: date, check_out: date, room_type: int | None = None) -> str:
    """A search for one room with everything that there is to say about the others."""
    kind = f"<id_room_type>{room_type}</id_room_type>" if room_type is not None else ""
    return (
        f"<qloapps><hotel_ari><id_hotel>{hotel}</id_hotel>{kind}"
        f"<date_from>{check_in.isoformat()}</date_from><date_to>{check_out.isoformat()}</date_to>"
        "<get_available_rooms>1</get_available_rooms><get_unavailable_rooms>1</get_unavailable_rooms>"
        "<get_partial_available_rooms>1</get_partial_available_rooms><get_booked_rooms>1</get_booked_rooms>"
        "<associations><room_occupancies><room_occupancy><adults>1</adults><children>0</children></room_occupancy>"
        "</room_occupancies></associations></hotel_ari></qloapps>"
    )


def cancellation(order: int, state: int) -> str:
    return (
        f"<qloapps><order_history><id_order>{order}</id_order><id_order_state>{state}</id_order_state>"
        "</order_history></qloapps>"
    )


def sale(booking: Booking, *, hotel: int, room_type: int, room: int) -> str:
    """One room, at the price that the guest was told, with the deposit that was seen."""
    first, last = names(booking.guest_name)
    children = max(booking.children - booking.babies, 0)
    paid = paid_of(booking)
    prices = {"total_price_with_tax": plain(booking.total)}
    payment: dict[str, object] = {}
    if paid:
        prices = {"total_paid": plain(Money(paid, booking.total.currency))} | prices
        payment = {
            "payment_detail": {
                "payment_type": "remote",
                "payment_method": "Relevo",
                "transaction_id": booking.code,
            }
        }
    # Ages are not known; without any the number of children would become 0.
    ages = {"child_ages": [("child_age", AGE)] * children} if children else {}
    return _xml(
        "booking",
        {
            "id_property": hotel,
            "currency": booking.total.currency,
            "booking_status": NEW,
            "payment_status": AWAITING if not paid else PAID if paid >= booking.total.amount else PARTLY_PAID,
            "source": SOURCE + booking.code,
            "remark": f"Relevo {booking.code}: {plain(booking.total)} {booking.total.currency}",
            "associations": {
                "customer_detail": {
                    "firstname": first,
                    "lastname": last,
                    "email": email(booking),
                    "phone": phone(booking.guest_phone),
                },
                "price_details": prices,
                **payment,
                "room_types": {
                    "room_type": {
                        "id_room_type": room_type,
                        "checkin_date": booking.check_in.isoformat(),
                        "checkout_date": booking.check_out.isoformat(),
                        "number_of_rooms": 1,
                        "rooms": {
                            "room": {
                                "id_room": room,
                                "adults": booking.guests - booking.children,
                                "child": children,
                                **ages,
                            }
                        },
                    }
                },
            },
        },
    )


def _xml(name: str, content: object) -> str:
    root = Element("qloapps")
    _fill(SubElement(root, name), content)
    return tostring(root, encoding="unicode")


def _fill(element: Element, content: object) -> None:
    if isinstance(content, Mapping):
        content = list(content.items())
    if isinstance(content, list):
        for name, inner in content:
            _fill(SubElement(element, name), inner)
    else:
        element.text = str(content)


def paid_of(booking: Booking) -> int:
    """What was seen of the deposit, in minor units, never more than the stay costs."""
    if booking.deposit_status is not DepositStatus.CONFIRMED:
        return 0
    return min(booking.paid or booking.deposit.amount, booking.total.amount)


def names(full: str | None) -> tuple[str, str]:
    """First and last name in the letters that QloApps takes; both are required."""
    words = _NO_NAME.sub(" ", full or "").split()
    if not words:
        return "Guest", "Relevo"
    if len(words) == 1:
        return words[0][:NAME_LENGTH], "-"
    split = 1 if len(words) < 4 else 2
    return " ".join(words[:split])[:NAME_LENGTH].rstrip(), " ".join(words[split:])[:NAME_LENGTH].rstrip()


def email(booking: Booking) -> str:
    given = (booking.guest_email or "").strip()
    if len(given) <= 128 and _EMAIL.fullmatch(given):
        return given
    return f"{booking.code.lower()}@guest.invalid"


def phone(given: str | None) -> str:
    kept = _PHONE.sub("", given or "")[:32].strip()
    return kept if any(char.isdigit() for char in kept) else "0000000000"
