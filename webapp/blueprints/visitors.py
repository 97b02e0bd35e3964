"""Whom a request comes from, as far as that is known of somebody who has not signed in."""

import secrets
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request, session


def source() -> str:
    """The network that the request comes from: one address of the fourth version, a /64 of the sixth.

    Whoever has an IPv6 connection has a whole /64 to choose addresses from (RFC 6177).
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)


def browser() -> str:
    """A name for this browser, in the signed cookie; it says nothing about the person."""
    if "browser" not in session:
        session["browser"] = secrets.token_hex(16)
    return str(session["browser"])
