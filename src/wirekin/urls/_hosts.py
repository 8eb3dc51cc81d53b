"""One spelling of a host: punycode, addresses in full, and what is left without www., m. and amp."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

from wirekin._domains import registrable
from wirekin.urls._marks import FACES

_ASCII_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMERIC_LABEL = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)", re.IGNORECASE)


def host_of(raw: str) -> str:
    """One spelling of a host; "" where it is none. Addresses as browsers read them (WHATWG URL 3.5)."""
    if ":" in raw:
        return _ipv6(raw)
    name = raw.rstrip(".").lower()
    if not name.isascii():
        name = _punycode(name)
    if len(name) > 253 or not _ASCII_HOST.fullmatch(name):
        return ""
    return _ipv4(name) if _NUMERIC_LABEL.fullmatch(name.rpartition(".")[2]) else name


def bare_host(text: str) -> str:
    """The host of "host", "host:port", "[::1]:80" or "host/path"; "" where it is none."""
    bare = text.strip().partition("/")[0]
    if bare.startswith("["):
        return host_of(bare[1:].partition("]")[0])
    return host_of(bare if bare.count(":") > 1 else bare.partition(":")[0])


def _punycode(name: str) -> str:
    # The standard library's IDNA 2003 differs from IDNA 2008 in four letters (sz, final sigma, two joiners), and
    # needs no package. A name over 253 letters is refused first, since the codec is quadratic (CVE-2022-45061).
    try:
        return name.encode("idna").decode("ascii").lower() if len(name) <= 253 else ""
    except UnicodeError:
        return ""


def _ipv4(name: str) -> str:
    """127.0.0.1 for 127.1, 2130706433, 0x7f.1 and 0177.0.0.1; "" for a number that is no address."""
    labels = name.split(".")
    if len(labels) > 4 or not all(map(_NUMERIC_LABEL.fullmatch, labels)):
        return ""
    try:
        numbers = [_number(label) for label in labels]
    except ValueError:
        return ""
    *heads, last = numbers
    if any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        return ""
    return str(IPv4Address(sum(head << (8 * (3 - place)) for place, head in enumerate(heads)) + last))


def _number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if len(label) > 1 and label.startswith("0") else 10)


def _ipv6(raw: str) -> str:
    try:
        address = IPv6Address(raw.partition("%")[0])
    except ValueError:
        return ""
    return str(address.ipv4_mapped or address.compressed)


def is_address(host: str) -> bool:
    """Whether a host, as `host_of` spells it, is an IP address."""
    return ":" in host or host.rpartition(".")[2].isdigit()


def without_faces(host: str) -> str:
    """The host without labels such as www, m and amp before its registrable domain."""
    if is_address(host):
        return host
    domain = registrable(host)
    if not domain or domain == host:
        return host
    labels = [label for label in host[: -len(domain) - 1].split(".") if label not in FACES]
    return ".".join([*labels, domain])
