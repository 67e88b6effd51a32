"""A Twilio of our own on this machine, its messaging side: REST, contents, media behind redirects, and customers who
write from their telephones. It powers tests and demos that need no account; nobody is behind it.
"""

from relevo.adapters.channels.loopback_twilio_messages.api import LoopbackMessages
from relevo.adapters.channels.loopback_twilio_messages.customer import Customer
from relevo.adapters.channels.loopback_twilio_messages.faults import Faults
from relevo.adapters.channels.loopback_twilio_messages.shelf import Kept, Shelf

__all__ = ["Customer", "Faults", "Kept", "LoopbackMessages", "Shelf"]
