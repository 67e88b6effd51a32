"""A loopback WhatsApp: Meta's Graph API and its webhooks, with customers who have telephones, bad days included (twice,
out of order, several in one, lost answers, closed windows). For tests, demos and drills; it keeps everything in memory
and talks to nobody but the business that it was set up for.
"""

from relevo.adapters.channels.loopback_meta.faults import Faults
from relevo.adapters.channels.loopback_meta.server import Loopback, served

__all__ = ["Faults", "Loopback", "served"]
