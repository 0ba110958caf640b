"""Client addresses behind our proxies, stored only as digests that nobody can undo."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any, Protocol

from django.conf import settings
from django.utils.crypto import salted_hmac

IPV6_BITS_OF_ONE_PERSON = 64  # providers hand out networks of this size
UNKNOWN = "unknown"  # what names no address: they share one limit


class HasMeta(Protocol):
    """A request, Django's own or that of the REST framework."""

    META: Mapping[str, Any]


def client_address(request: HasMeta) -> str:
    """The address that the outermost of our own proxies saw.

    Each proxy appends the address it was asked from, so that what a client writes
    into the header stands before the TRUSTED_PROXY_HOPS last entries.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    path = [*filter(str.strip, forwarded), request.META.get("REMOTE_ADDR", "")]
    return path[-min(settings.TRUSTED_PROXY_HOPS + 1, len(path))].strip()


def digest(address: str) -> str:
    """64 hexadecimal digits that stand for the network of an address.

    Keyed with SECRET_KEY: with the digests alone nobody can try all addresses.
    """
    salt = "songs.addresses"
    return salted_hmac(salt, network(address), algorithm="sha256").hexdigest()


def network(address: str) -> str:
    """What one person may ask from: an IPv4 address, or the /64 of an IPv6 address.

    A port is left out, so that a new connection is no new person.
    """
    text = address.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text)
    except ValueError:
        return UNKNOWN
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return parsed.packed[: IPV6_BITS_OF_ONE_PERSON // 8].hex(":", 2)
