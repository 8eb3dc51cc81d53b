"""The hub that an answer's Link headers announce (RFC 8288, WebSub section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from wirekin import urls
from wirekin.model import Hub

_TARGET = re.compile(r"[\s,]*<([^<>]*)>")
_PARAM = re.compile(r"""\s*;\s*([\w!#$&+^`|~.*-]*)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?""")
_QUOTED_PAIR = re.compile(r"\\(.)")


def hub_of(headers: Mapping[str, str], url: str) -> Hub | None:
    """The hub in the headers (names in lower case, repeated ones joined) of the answer that came from `url`.

    A link with an `anchor` speaks of another document and is left out (RFC 8288 section 3.2).
    """
    value = headers.get("link", "")
    if "hub" not in value.lower():
        return None
    by_rel: dict[str, list[str]] = {"hub": [], "self": []}
    for target, params in _links(value):
        for rel in params.get("rel", "").lower().split() if "anchor" not in params else ():
            by_rel.get(rel, []).append(target)
    hub = urls.safest(url, by_rel["hub"])
    return Hub(hub, urls.safest(url, by_rel["self"][:1]) or "") if hub else None


def _links(value: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each link-value up to the first that is garbage: its target, and its parameters, of repeated ones the first."""
    at = 0
    while target := _TARGET.match(value, at):
        at, params = target.end(), dict[str, str]()
        while param := _PARAM.match(value, at):
            at = param.end()
            said = _QUOTED_PAIR.sub(r"\1", param[2]) if param[2] is not None else param[3] or ""
            params.setdefault(param[1].lower(), said)
        yield target[1].strip(), params
