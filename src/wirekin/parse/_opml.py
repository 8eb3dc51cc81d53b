"""Parse lists of feeds: OPML 2.0 (http://opml.org/spec2.opml), also with common errors, and plain lines."""

from __future__ import annotations

import re

from lxml import etree

from wirekin import text, urls
from wirekin.model import FeedKind, ParseFailed, Reason
from wirekin.parse import _xml

OPML_NAMESPACE = "urn:wirekin:opml"
OPML_KIND = f"{{{OPML_NAMESPACE}}}kind"  # on an outline that we export: page or sitemap; OPML knows neither
OPML_NAMES = f"{{{OPML_NAMESPACE}}}names"  # on the root of ours: "plain", for a stranger's titles may be markup
_KINDS = {"page": FeedKind.PAGE, "sitemap": FeedKind.SITEMAP}
_FEED_SCHEME = re.compile(r"\Afeed:(?:(?://)?(?=https?://)|(?=//))", re.IGNORECASE)  # feed:https://a/, feed://a/
_NO_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # what feeds.yml takes in no name
_TILDE_NAME = re.compile(r'"~([^"]+)"')
_NAME_CHARS = 200  # feeds.yml takes 120, and says with "…" that it cut
MAX_FEEDS = 20_000  # the longest export seen in the wild had 9,000 (2026-11)


def parse_opml(body: bytes) -> tuple[tuple[str, str, FeedKind], ...] | ParseFailed:
    """Return (name, address, kind) of each feed in document order, each address once; the name is "" if there is none.

    Every outline with an `xmlUrl` is a feed; one with a `url` only where our own export marked its kind. Names in our
    own export are plain text; in others they may be markup, and are cleaned. Outlines whose address cannot be polled
    come last: their address is "", and a missing name is replaced by the address as written.
    """
    if len(body) > _xml.MAX_BODY_BYTES:
        return ParseFailed(Reason.TOO_LARGE, f"more than {_xml.MAX_BODY_BYTES} bytes")
    plain = _xml.plain_bytes(body, "")
    root, root_at = _xml.root_of(plain) if plain else ("", 0)
    if plain is None or _xml.local_name(root) != "opml":
        return ParseFailed(Reason.NOT_A_FEED, "no <opml> in it")
    if _xml.declares_entities(plain, root_at):
        return ParseFailed(Reason.ENTITIES, "it declares entities or attributes, which no honest list of feeds does")
    if too_much := _xml.excess(plain):
        return ParseFailed(Reason.TOO_LARGE, too_much)
    tree = etree.fromstring(
        _xml.with_escaped_ampersands(plain),
        etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True),  # see excess
    )
    named = _as_written if tree is not None and tree.get(OPML_NAMES) == "plain" else _cleaned
    found: dict[str, tuple[str, FeedKind]] = {}
    refused: list[tuple[str, str, FeedKind]] = []
    for outline in tree.iter("{*}outline") if tree is not None else ():
        said = _attributes(outline)
        kind = _KINDS.get(said.get(OPML_KIND, ""), FeedKind.FEED)
        written = said.get("xmlurl" if kind is FeedKind.FEED else "url", "").strip()
        name = named(said.get("title") or said.get("text") or "")
        address = urls.resolve("", _FEED_SCHEME.sub(_scheme, written))
        if not address and written:
            refused.append((name or _cleaned(written), "", kind))
        if address and address not in found and len(found) < MAX_FEEDS:
            found[address] = name, kind
    return (*((name, address, kind) for address, (name, kind) in found.items()), *refused[:MAX_FEEDS])


def is_whole_opml(body: bytes) -> bool:
    """Whether a list of feeds goes on to the end of its `<opml>`; a text without one is whole."""
    plain = _xml.plain_bytes(body, "") or b""
    root, root_at = _xml.root_of(plain)
    return _xml.local_name(root) != "opml" or _xml.is_whole(plain, root, root_at)


def parse_lines(body: bytes) -> tuple[tuple[str, str, FeedKind], ...]:
    """Return the same from a text with one address per line, as newsboat stores it: `URL "tag" "~Name"`.

    Blank lines and lines that begin with # are ignored. Returns () unless at least half of the other lines are
    addresses.
    """
    lines = [line.strip() for line in body[: _xml.MAX_BODY_BYTES].decode("utf-8-sig", "replace").splitlines()]
    found: dict[str, str] = {}
    refused: list[str] = []
    for line in (line for line in lines if line and not line.startswith("#")):
        address = urls.resolve("", line.split()[0])
        if address:
            named = _TILDE_NAME.search(line)
            found.setdefault(address, _cleaned(named[1]) if named else "")
        else:
            refused.append(_cleaned(line))
    if len(found) < len(refused):
        return ()
    rows = [(name, address, FeedKind.FEED) for address, name in found.items()][:MAX_FEEDS]
    return (*rows, *((name, "", FeedKind.FEED) for name in refused[:MAX_FEEDS]))


def _cleaned(name: str) -> str:
    return text.clean(name, _NAME_CHARS)


def _as_written(name: str) -> str:
    """A name out of feeds.yml, which may be "A & <B>"; whoever shows it escapes it."""
    return _NO_NAME.sub(" ", name[:_NAME_CHARS]).strip()


def _scheme(said: re.Match[str]) -> str:
    """Replace `feed:` by `http:` in `feed://a.example`, as feed readers do, and by "" before a whole address."""
    return "http:" if said.string[said.end() :].startswith("//") else ""


def _attributes(outline: etree._Element) -> dict[str, str]:
    try:
        return {key.lower(): value for key, value in outline.attrib.items() if isinstance(key, str)}
    except UnicodeDecodeError:  # `recover` lets a reference to a lone surrogate through (&#xD800;)
        return {}
