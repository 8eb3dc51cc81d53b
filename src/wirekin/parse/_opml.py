"""OPML: a list of feeds as readers exchange it (OPML 2.0, http://opml.org/spec2.opml), and as they get it wrong."""

from __future__ import annotations

import re

from lxml import etree

from wirekin import text, urls
from wirekin.model import FeedKind, ParseFailed, Reason
from wirekin.parse import _xml

OPML_NAMESPACE = "urn:wirekin:opml"
OPML_KIND = f"{{{OPML_NAMESPACE}}}kind"  # on a link of ours: page or sitemap, which OPML has no word for
_KINDS = {"page": FeedKind.PAGE, "sitemap": FeedKind.SITEMAP}
_FEED_SCHEME = re.compile(r"\Afeed:(?:(?://)?(?=https?://)|(?=//))", re.IGNORECASE)  # feed:https://a/, feed://a/
MAX_FEEDS = 20_000  # the longest export seen in the wild had 9,000 (2026-11)


def parse_opml(body: bytes) -> tuple[tuple[str, str, FeedKind], ...] | ParseFailed:
    """The (name, address, kind) of each feed, in order, each address once; "" where the feed has no name.

    Every outline with an `xmlUrl` is a feed; a link is followed only where our own export says that it was. At the end
    come those whose address nobody can poll: theirs is "", and what was written there stands for a name they lack.
    """
    if len(body) > _xml.MAX_BODY_BYTES:
        return ParseFailed(Reason.TOO_LARGE, f"more than {_xml.MAX_BODY_BYTES} bytes")
    plain = _xml.plain_bytes(body, "")
    root, root_at = _xml.root_of(plain) if plain else ("", 0)
    if plain is None or _xml.local_name(root) != "opml":
        return ParseFailed(Reason.NOT_A_FEED, "no <opml> in it")
    if _xml.declares_entities(plain, root_at):
        return ParseFailed(Reason.ENTITIES)
    if too_much := _xml.excess(plain):
        return ParseFailed(Reason.TOO_LARGE, too_much)
    tree = etree.fromstring(
        plain, etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    )
    found: dict[str, tuple[str, FeedKind]] = {}
    refused: list[tuple[str, str, FeedKind]] = []
    for outline in tree.iter("{*}outline") if tree is not None else ():
        said = _attributes(outline)
        kind = _KINDS.get(said.get(OPML_KIND, ""), FeedKind.FEED)
        written = said.get("xmlurl" if kind is FeedKind.FEED else "url", "").strip()
        name = text.clean(said.get("title") or said.get("text") or "", 200)
        address = urls.resolve("", _FEED_SCHEME.sub(_scheme, written))
        if not address and written:
            refused.append((name or text.clean(written, 200), "", kind))
        if address and address not in found and len(found) < MAX_FEEDS:
            found[address] = name, kind
    return (*((name, address, kind) for address, (name, kind) in found.items()), *refused[:MAX_FEEDS])


def _scheme(said: re.Match[str]) -> str:
    """`feed://a.example` is http, as readers take it; before a whole address `feed:` says nothing."""
    return "http:" if said.string[said.end() :].startswith("//") else ""


def _attributes(outline: etree._Element) -> dict[str, str]:
    try:
        return {key.lower(): value for key, value in outline.attrib.items() if isinstance(key, str)}
    except UnicodeDecodeError:  # `recover` lets a reference to half a character through (&#xD800;)
        return {}
