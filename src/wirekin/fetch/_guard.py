"""Whom we may dial: schemes, ports and addresses (requirements B1 to B3).

judge the URL [scheme, port, opened by hand?] -> resolve -> judge the very address [socket factory] -> dial. The address
is judged where it is dialled, so a name that answers differently the second time gains nothing.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from wirekin import urls
from wirekin.fetch._failure import REFUSAL, Failure
from wirekin.fetch._resolver import SockInfo
from wirekin.model import Reason

PORTS = frozenset({80, 443, 8080, 8443})  # what public web servers listen on; keeps us off SMTP, Redis and the like
_DEFAULT_PORTS = {"http": 80, "https": 443}

# IANA IPv4 Special-Purpose Address Registry (2026-11) and multicast: what is not a public host's own address.
# 192.0.0.0/24 and 192.88.99.0/24 are closed whole: their few global addresses are anycast relays, never feeds.
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out as global unicast
# Closed within it: IETF protocols with Teredo and ORCHID, documentation, 6to4 (RFC 7526 took it out of use).
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16")
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: how an IPv6-only host reaches every IPv4 one
# RFC 5214 6.1: the interface id that carries an IPv4 address, with its two flags (universal, group) either way.
_ISATAP = {0x00005EFE, 0x01005EFE, 0x02005EFE, 0x03005EFE}


class ForbiddenAddress(OSError):
    """The name led to an address that may not be dialled."""

    def __init__(self, address: str) -> None:
        super().__init__(errno.EACCES, f"{address} {REFUSAL}")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked for; `opened` where the feed's own allow_private names its host and port."""

    url: str
    host: str
    port: int
    opened: bool

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.url.partition(':')[0]}://{self.host}:{self.port}"


@lru_cache(maxsize=4096)  # the same feeds are asked for all day
def judge_url(url: str, opened: frozenset[str] = frozenset()) -> Target:
    """The target of an absolute URL without fragment; `opened` holds "host:port" in lower case.

    Raises: Failure(BAD_URL) for what is not http(s), has userinfo, is too long, or names an unlisted port.
    """
    parts = urlsplit((urls.resolve(url, url) or "").partition("#")[0])  # its host and port are valid
    host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    if not host:
        raise Failure(Reason.BAD_URL, "not an http(s) URL of at most 2,048 characters without user name")
    netloc = urls.netloc(host, port)
    if netloc not in opened and port not in PORTS:
        raise Failure(Reason.BAD_URL, f"port {port} is none of {', '.join(map(str, sorted(PORTS)))}")
    return Target(parts.geturl(), host, port, netloc in opened)


def guarded_socket(info: SockInfo) -> socket.socket:
    """A socket for the address about to be dialled.

    Raises: ForbiddenAddress.
    """
    family, kind, protocol, _, address = info
    if not may_dial(address[0]) or address[1] not in PORTS:
        raise ForbiddenAddress(f"{address[0]} port {address[1]}")
    return socket.socket(family, kind, protocol)


@lru_cache(maxsize=4096)
def may_dial(address: str) -> bool:
    """Whether an address, as getaddrinfo spells it, is a public host's own: the registries, and what is embedded.

    Not `ipaddress.is_global`: on 3.11 that is true for NAT64, 6to4, multicast and fec0:: (requirement fact 8).
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return _is_public_v4(parsed)
    return _is_public_v6(parsed)


def _is_public_v4(address: ipaddress.IPv4Address) -> bool:
    return not any(address in network for network in _CLOSED_V4)


def _is_public_v6(address: ipaddress.IPv6Address) -> bool:
    number = int(address)
    embedded = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address.ipv4_mapped is not None or address in _NAT64:
        return _is_public_v4(embedded)
    if address not in _GLOBAL_V6 or any(address in network for network in _CLOSED_V6):
        return False
    carries_v4 = (number >> 32) & 0xFFFFFFFF in _ISATAP
    return not carries_v4 or _is_public_v4(embedded)
