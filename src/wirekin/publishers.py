"""Which domains are one publisher, which publishers are wires, and who speaks with one voice.

A `Directory` holds the publishers of feeds.yml. Any other is named after the registrable domain of the link: we ship
no list of the world's newspapers, since a wrong name is worse than a plain domain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from wirekin._domains import readable, registrable
from wirekin.model import Publisher, Source

# The signatures of wires that differ from the names by which readers know them.
_SIGNED = {
    "ap": "Associated Press", "afp": "Agence France-Presse", "kyodo": "Kyodo News", "тасс": "TASS",
    "риа новости": "RIA Novosti", "интерфакс": "Interfax", "رويترز": "Reuters", "ایرنا": "IRNA", "ایسنا": "ISNA",
}  # fmt: skip
_PLAIN_HOST = re.compile(r"https?://((?:[a-z0-9-]+\.)+[a-z]+)(?:/|$)")


@dataclass(frozen=True, slots=True)
class PublisherSpec:
    """One publisher of feeds.yml: the first of `domains` stands for all; "127.0.0.1:8001" names a port of a host."""

    name: str
    domains: tuple[str, ...]
    wire: bool = False
    family: str = ""  # the house that it shares a newsroom with; publishers of one family are one voice


class Directory:
    """The publishers that the configuration names; every question is answered from memory."""

    def __init__(self, specs: Iterable[PublisherSpec] = ()) -> None:
        self._by_domain: dict[str, Publisher] = {}
        self._by_name: dict[str, Publisher] = {}
        self._families: dict[str, str] = {}
        for spec in specs:
            self._families.setdefault(spec.name, spec.family or spec.name)
            domains = [_plain_domain(domain) for domain in spec.domains]
            known = Publisher(spec.name, domains[0] if domains else "", spec.wire)
            self._by_name.setdefault(_folded(spec.name), known)
            for domain in domains:
                self._by_domain.setdefault(domain, known)
        self._of_host = lru_cache(maxsize=1024)(self._found_of_host)  # a document has one or two hosts

    def of_url(self, url: str) -> Publisher:
        """The publisher of the host of `url`: the most exact configured domain, else its registrable domain by name.

        A text without a host gives a publisher without name and domain.
        """
        plain = _PLAIN_HOST.match(url)
        return self._of_host(plain[1], None) if plain else self._of_host(*_host_and_port(url))

    def _found_of_host(self, host: str, port: int | None) -> Publisher:
        configured = self._configured(host, port)
        if configured:
            return configured
        domain = _registrable(host)
        return Publisher(readable(domain), domain)

    def of_name(self, name: str) -> Publisher | None:
        """The configured publisher of that name; case, accents, punctuation and a leading "The" do not count."""
        return self._by_name.get(_folded(name)) if name.strip() else None

    def knows(self, name: str) -> bool:
        """Whether the configuration has a publisher of this name, or one with this domain."""
        return self.of_name(name) is not None or self._configured(*_host_and_port(f"//{name}")) is not None

    def of_source(self, source: Source) -> Publisher | None:
        """The publisher that an item's <source> names: configured by address or name, else as the item says."""
        host, port = _host_and_port(source.url)
        known = self._configured(host, port) or self.of_name(source.name)
        if known or not (host or source.name.strip()):
            return known
        domain = _registrable(host)
        return Publisher(source.name.strip() or readable(domain), domain)

    def voice(self, publisher: Publisher, wire: str | None = None) -> str:
        """Who speaks in a text: the wire that it credits, else its publisher; a family has one voice.

        Args:
            publisher: the headline's.
            wire: the name that the text is signed with, as `text.split_wire` gives it.

        """
        known = self.of_name(_SIGNED.get(_folded(wire), wire)) if wire else publisher
        name = known.name if known else wire or ""
        return self._families.get(name, name)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all configured publishers, in the order of the file."""
        return tuple(known.name for known in self._by_name.values())

    @cached_property
    def wires(self) -> tuple[str, ...]:
        """The names of the configured wires, sorted."""
        return tuple(sorted(known.name for known in self._by_name.values() if known.wire))

    def _configured(self, host: str, port: int | None) -> Publisher | None:
        exact = self._by_domain.get(f"{host}:{port}") if port else None
        found = (self._by_domain.get(domain) for domain in _parents(host))
        return exact or next((known for known in found if known), None)


def _parents(host: str) -> Iterator[str]:
    """news.bbc.co.uk, bbc.co.uk, co.uk, uk: the most exact first."""
    while host:
        yield host
        host = host.partition(".")[2]


def _host_and_port(url: str) -> tuple[str, int | None]:
    # A few lines that `urls` has too: modules of one floor do not import each other, and a host is all we need.
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
        return (host if host.isascii() else host.encode("idna").decode("ascii")), parts.port
    except ValueError:  # UnicodeError is one
        return "", None


def _plain_domain(domain: str) -> str:
    """A domain as people write it into a file: "https://www.BBC.co.uk/news", "bbc.co.uk", "*.bbc.co.uk"."""
    text = domain.strip().lower().removeprefix("*.")
    host, port = _host_and_port(text if "//" in text else f"//{text}")
    return f"{host}:{port}" if port else host.removeprefix("www.")


def domain_named(name: str) -> str:
    """The domain after which a publisher is called (`of_url` gives such names); "" for every other name."""
    if name.isascii():
        return name if "." in name and " " not in name else ""
    try:
        domain = name.encode("idna").decode("ascii")
    except UnicodeError:  # a label too long, or an empty one
        return ""
    return domain if "." in domain and readable(domain) == name else ""


def _registrable(host: str) -> str:
    if ":" in host or host[-1:].isdigit():  # ip_address() takes long to reject a name
        with suppress(ValueError):
            return str(ip_address(host))
    return (registrable(host) or host) if host else ""


def _folded(name: str) -> str:
    """A name for comparison: "The Jerusalem Post." and "jerusalem post" are one."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"\w+", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)
