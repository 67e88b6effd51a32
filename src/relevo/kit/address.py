"""Whom to count as one stranger on the network. The address itself is found by the server, behind trusted proxies."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

NOBODY = "unknown"


def counted_as(host: str | None) -> str:
    """The key under which tries from ``host`` are counted: whoever has IPv6 has a whole /64 to try from."""
    try:
        address = ip_address((host or "").partition("%")[0])
    except ValueError:
        return host or NOBODY
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"
