"""Web chat: sessions of anonymous visitors, the widget on other people's sites, its socket and its requests.

A visitor holds a bearer token; only its fingerprint is stored. A session is one conversation. The visitor's page is
told what is said over a socket, or by requests that wait where a network lets no socket through.
"""

from relevo.adapters.channels.webchat.channel import Webchat
from relevo.adapters.channels.webchat.rest import router
from relevo.adapters.channels.webchat.sessions import Limits, Sessions, Settings, Start

__all__ = ["Limits", "Sessions", "Settings", "Start", "Webchat", "router"]
