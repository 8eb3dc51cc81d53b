"""What an answer's Link headers announce: its hub (WebSub section 4), its feeds (RFC 8288)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from wirekin import urls
from wirekin.model import Hub

_TARGET = re.compile(r"[\s,]*<([^<>]*)>")
_PARAM = re.compile(r"""\s*;\s*([\w!#$&+^`|~.*-]*)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?""")
# Not application/json: under that type WordPress announces its REST API, in the headers of every page.
_FEED_TYPE = re.compile(r"application/(?:rss|atom|feed)\+(?:xml|json)\s*(?:;|$)")
_QUOTED_PAIR = re.compile(r"\\(.)")


def hub_of(headers: Mapping[str, str], url: str) -> Hub | None:
    """The hub in the headers (names in lower case, repeated ones joined) of the answer that came from `url`.

    A link with an `anchor` speaks of another document and is left out (RFC 8288 section 3.2).
    """
    value = headers.get("link", "")
    if "hub" not in value.lower():
        return None
    by_rel: dict[str, list[str]] = {"hub": [], "self": []}
    for target, rels, _ in _own_links(value):
        for rel in rels:
            by_rel.get(rel, []).append(target)
    hub = urls.safest(url, by_rel["hub"])
    return Hub(hub, urls.safest(url, by_rel["self"][:1]) or "") if hub else None


def feeds_of(headers: Mapping[str, str], url: str) -> tuple[str, ...]:
    """The feeds that the headers, as above, announce as a page's <link> elements do: rel=alternate with their type."""
    value = headers.get("link", "")
    if "alternate" not in value.lower():
        return ()
    announced = (target for target, rels, media in _own_links(value) if "alternate" in rels and _FEED_TYPE.match(media))
    return tuple(dict.fromkeys(link for target in announced if (link := urls.resolve(url, as_meant(target)))))


def as_meant(value: str) -> str:
    """An address in a header as it was meant: publishers send raw UTF-8, which we have read as latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _own_links(value: str) -> Iterator[tuple[str, list[str], str]]:
    """Target, relations and media type of each link that speaks of this document."""
    for target, params in _links(value):
        if "anchor" not in params:
            yield target, params.get("rel", "").lower().split(), params.get("type", "").strip().lower()


def _links(value: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Target and parameters of each link-value up to the first malformed one; of a repeated parameter the first."""
    at = 0
    while target := _TARGET.match(value, at):
        at, params = target.end(), dict[str, str]()
        while param := _PARAM.match(value, at):
            at = param.end()
            said = _QUOTED_PAIR.sub(r"\1", param[2]) if param[2] is not None else param[3] or ""
            params.setdefault(param[1].lower(), said)
        yield target[1].strip(), params
