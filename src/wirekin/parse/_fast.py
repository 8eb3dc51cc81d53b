"""The common RSS, RDF and Atom by lxml: exactly what `_tolerant` gives, in a seventh of its time, or nothing at all.

    parse: gate (encoding, DOCTYPE, xml:base, prefixes) -> lxml, strict -> one walk, a rule an element -> _tolerant's
    own making of entries

feedparser defines the answer. Each rule below is what feedparser 6.0.14 does at that element, in document order, with
its oddities: an Atom id stands for a missing link, a second description is content, the first title of an item wins
unless a picture lies between. Whatever has no rule here (markup inside a title, xhtml, base64, an element in an odd
place) is a doubt, and a doubt means None: `_tolerant` reads the document then. tests/core/test_parse_fast.py proves
the two equal over the corpus and over mutations of it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from typing import Any

from lxml import etree

from wirekin.model import Parsed
from wirekin.parse import _entries, _mend, _tolerant, _xml
from wirekin.parse._rules import RULES
from wirekin.parse._walk import ATOM, KNOWN, MOST_BASE_CHARS, Doubt, Reader, Rule, meaning_of

_PARSER = etree.XMLParser(
    encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
    remove_comments=True, remove_pis=True, collect_ids=False,
)  # fmt: skip
MAX_DECLARATION_BYTES = 400  # of the first instruction; XML's own declaration has 80 at most
MOST_REMEMBERED = 8 * 1024  # of declarations in all, and of names of elements with them; a news feed has 500 and 1,000
_RSS_1 = {"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"}  # these two name a version themselves
_DECLARATION = re.compile(rb"<\?xml[^>]*?>")
_ROOT = re.compile(rb"<\w")  # where feedparser takes the prolog to end
_MENDABLE = {
    etree.ErrorTypes.ERR_NAME_REQUIRED,
    etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING,
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY,
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE,
}
_DOCTYPE = re.compile(rb"^\s*<!DOCTYPE[^>]*>", re.MULTILINE)  # as feedparser takes it off
_STATED_ENCODING = re.compile(rb"""^<\?.*encoding=['"](.*?)['"].*\?>""")  # as feedparser reads it
# Only behind white space, as XML has it: 40 kB of "xmlns:xmlns:" took 5 s of the process that polls, 2026-11. What is
# before is looked at last, for the expression is found by its letters: else it took 1.5 ms of a news feed's 4.
_XMLNS = re.compile(rb"""xmlns(?<=\sxmlns)(?::([^\s=<>"']+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&[#\w]+;")


def parse(body: bytes, *, url: str, root: str, charset: str, whole: bool, lang: str | None) -> Parsed | None:
    """Read an XML feed that passed the gate, as `_tolerant.parse` does; None where in doubt. The arguments are its."""
    if len(url.partition("?")[0]) > MOST_BASE_CHARS:  # a redirect chose it, and links are relative to it, too
        return None
    reader = None
    try:
        top, plain, is_mended = _tree(_in_utf8(body, charset))
        reader = Reader(RULES, *_prefixes(plain, root, is_mended=is_mended), is_mended=is_mended)
        version = reader.read(top)
        _check_site(reader.feed)
        if is_mended:
            _mend.check(reader.feed, reader.entries)
    except (Doubt, etree.XMLSyntaxError, UnicodeError, LookupError, ValueError, RecursionError):
        return None
    finally:
        if reader is not None and sum(map(len, reader.rules)) > MOST_REMEMBERED:
            reader.rules.clear()
    read = {"version": version, "feed": reader.feed, "entries": reader.entries}
    result = _tolerant.parsed_of(read, _entries.Lazily, body, url=url, root=root, whole=whole, lang=lang)
    return result if isinstance(result, Parsed) else None


def _check_site(feed: Mapping[str, Any]) -> None:
    """A doubt where the site's link is too long: what RSS has of relative links is meant from there."""
    if len((feed.get("link") or "").partition("?")[0]) > MOST_BASE_CHARS:
        raise Doubt


def _tree(plain: bytes) -> tuple[Any, bytes, bool]:
    """The root element, the document that it is of, and whether that was mended first: ampersands, prefixes.

    Raises: Doubt, etree.XMLSyntaxError.
    """
    is_mended = False
    try:
        top = etree.fromstring(plain, _PARSER)
    except etree.XMLSyntaxError as error:
        if error.code not in _MENDABLE:
            raise
        plain, is_mended = _mend.mended(_mend.bound(plain)), True
        top = etree.fromstring(plain, _PARSER)
    if top.getroottree().docinfo.internalDTD is not None:
        raise Doubt
    return top, plain, is_mended


def _in_utf8(body: bytes, charset: str) -> bytes:
    """The document in UTF-8 without its declaration, decoded by what feedparser would take first."""
    bare = body.removeprefix(b"\xef\xbb\xbf")
    root = _ROOT.search(bare)
    prolog = bare[: root.start() if root else None].lower()
    if b"<!entity" in prolog:
        raise Doubt
    first = bare[: bare.find(b"?>") + 2]  # cubic in what has no end: 13 kB of "encoding='a' " took 4 s, 2026-11
    if bare.startswith(b"<?") and not 2 < len(first) <= MAX_DECLARATION_BYTES:
        raise Doubt
    found = _STATED_ENCODING.match(first)
    stated = found[1].decode("ascii").lower() if found else ""
    if stated != _xml.declared_encoding(body).lower() or (bare is not body and stated not in {"", "utf-8"}):
        raise Doubt
    name = stated or charset or "utf-8"
    plain = bare
    codec = codecs.lookup(name).name
    if codec == "utf-8":
        # As strictly as feedparser. libxml2 refuses the rest as strictly: decoding it here, too, took 36 us, 2026-11.
        prolog.decode()
    elif codec != "ascii" or not bare.isascii():
        plain = bare.decode("gb18030" if name.lower() == "gb2312" else name).encode("utf-8")
    declaration = _DECLARATION.match(plain)
    plain = plain[declaration.end() :] if declaration else plain
    return _without_doctype(plain) if b"<!doctype" in prolog else plain


def _without_doctype(plain: bytes) -> bytes:
    """The document without a DOCTYPE that declares nothing; feedparser takes it off where it begins a line, too.

    RSS 0.91 asks for one. Of 2,619 feeds of the corpus 15 have a DOCTYPE, and 9 of those are read here (2026-11).
    """
    root = _ROOT.search(plain)
    prolog = plain[: root.start() if root else None]
    bare = _DOCTYPE.sub(b"", prolog)
    if b"<!doctype" in bare.lower():
        raise Doubt
    if b"netscape" in prolog.lower() and not plain.startswith(b"<rss", len(prolog)):
        raise Doubt  # feedparser goes by that name alone, and says RSS 0.91
    return bare + plain[len(prolog) :]


_Told = tuple[Mapping[str, str], dict[str, Rule]]


def _prefixes(body: bytes, root: str, *, is_mended: bool) -> _Told:
    """What each unknown namespace is called, and the rules of the elements that documents with such names had."""
    declared = frozenset(_XMLNS.findall(body))
    told = _named if sum(map(len, chain.from_iterable(declared))) <= MOST_REMEMBERED else _named.__wrapped__
    return told(declared, _xml.local_name(root), is_mended)


@lru_cache(maxsize=256)  # publishers with one system declare the same, and one publisher does at each poll
def _named(declared: frozenset[tuple[bytes, bytes, bytes]], root: str, is_mended: bool) -> _Told:
    """The one prefix that the document binds to each unknown namespace, and no rules yet.

    feedparser looks elements up by prefixes that the whole document shares, so a prefix of two meanings, a namespace
    of two prefixes, and a well-known prefix on another well-known namespace are doubts. Its lenient parser looks at
    prefixes alone: then a default namespace that is not a feed's own is a doubt, too.
    """
    bound: dict[str, str] = {}
    defaults: set[str] = set()
    for prefix, *values in declared:
        uri = b"".join(values).decode()
        uri = uri.replace("&amp;", "&")
        if _REFERENCE.search(uri) or uri != uri.strip() or (not uri and prefix):
            raise Doubt
        if uri.lower() in _RSS_1 and root != "rdf":
            raise Doubt
        if uri.lower() == ATOM.lower() and root == "rdf":
            raise Doubt
        name = prefix.decode("ascii").lower()
        if not name:
            defaults.add(uri)
        elif name.startswith("xml") or not _alike(bound.setdefault(name, uri), uri):
            raise Doubt
    if is_mended and any(meaning_of(uri) != "" for uri in defaults):
        raise Doubt
    known = set(KNOWN.values())
    names: dict[str, str] = {}
    for name, uri in bound.items():
        meaning = meaning_of(uri)
        if (meaning is not None and meaning != name and name in known) or (
            meaning is None and (uri in names or uri in defaults)
        ):
            raise Doubt
        if meaning is None:
            names[uri] = name
    return names, {}


def _alike(one: str, other: str) -> bool:
    """True for two spellings of one namespace: Apple's in other capitals, Yahoo's with and without its slash."""
    return one == other or meaning_of(one) == meaning_of(other) is not None
