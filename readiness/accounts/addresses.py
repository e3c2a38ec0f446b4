"""From where a request comes."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

V6_NETWORK = 64
"""An IPv6 customer is given a whole /64 at least: its addresses count as one."""


def address_of(request: HttpRequest) -> str:
    """The address to count a visitor by: "192.0.2.7", "2001:db8::/64", or "unknown".

    ``X-Forwarded-For`` is believed only where a proxy of our own is said to be in front (``BEHIND_PROXY``), and then
    only its last entry: the rest of it is whatever the visitor sent.
    """
    return normal(_forwarded_for(request) or request.META.get("REMOTE_ADDR", ""))


def normal(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, V6_NETWORK), strict=False))


def _forwarded_for(request: HttpRequest) -> str:
    """What the proxy in front of us wrote, always last in the list; nothing where there is no such proxy."""
    return request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1] if settings.BEHIND_PROXY else ""
