"""Parse common RSS, RDF and Atom with lxml: exactly the result of `_tolerant` in a seventh of its time, or None.

    parse: gate (address, encoding, DOCTYPE) -> strict lxml -> prefixes -> one walk (_walk), one rule per element
    (_rules) -> entries (_entries), made by the code that `_tolerant` uses

feedparser defines the result. Each rule does what feedparser 6.0.14 does at that element, in document order, with its
oddities: an Atom id replaces a missing link, a second description is content, the first title of an item wins unless
a picture comes between. Anything without a rule (markup inside a title, xhtml, base64, an element in an odd place)
raises Doubt. The result is then None, and `_tolerant` reads the document instead. tests/core/test_parse_fast.py
checks that the two agree on the corpus and on mutations of it.
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

# Without `collect_ids=False`: with it lxml 6.1 lets libxml2 open the external subset, a file of this machine, although
# `load_dtd` is off. A DOCTYPE behind a comment with a tag in it gets as far as this parser.
_PARSER = etree.XMLParser(
    encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
    remove_comments=True, remove_pis=True,
)  # fmt: skip
MAX_DECLARATION_BYTES = 400  # of the first processing instruction; an XML declaration has at most 80
# Above so many bytes of namespace declarations, or characters of element names, a document's prefixes or rules are not
# kept for the next one. A news feed has 500 and 1,000.
MOST_REMEMBERED = 8 * 1024
_RSS_1 = {"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"}  # feedparser sets a version from them
_DECLARATION = re.compile(rb"<\?xml[^>]*?>")
_ROOT = re.compile(rb"<\w")  # for feedparser the prolog ends here
_MENDABLE = {  # lxml's errors at a stray ampersand or an undeclared prefix, which `_mend` may repair
    etree.ErrorTypes.ERR_NAME_REQUIRED,
    etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING,
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY,
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE,
}
_DOCTYPE = re.compile(rb"^\s*<!DOCTYPE[^>]*>", re.MULTILINE)  # matches what feedparser removes
_STATED_ENCODING = re.compile(rb"""^<\?.*encoding=['"](.*?)['"].*\?>""")  # as in feedparser
# XML requires white space before the name. Without this check 40 kB of "xmlns:xmlns:" took 5 s of the polling process
# (2026-11). The lookbehind follows the literal "xmlns", so that re can skip to the next "xmlns"; in front of it, the
# search took 1.5 of the 4 ms that a news feed takes.
_XMLNS = re.compile(rb"""xmlns(?<=\sxmlns)(?::([^\s=<>"']+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&[#\w]+;")


def parse(body: bytes, *, url: str, root: str, charset: str, whole: bool, lang: str | None) -> Parsed | None:
    """Parse an XML feed that passed the gate. Takes the arguments of `_tolerant.parse`; None if in doubt."""
    if len(url.partition("?")[0]) > MOST_BASE_CHARS:  # it is a base address too, and a redirect may have chosen it
        return None
    reader = None
    try:
        top, plain, is_mended = _tree(_in_utf8(body, charset))
        reader = Reader(RULES, *_prefixes(plain, root, is_mended=is_mended), is_mended=is_mended)
        version = reader.read(top)
        _check_site(reader.feed)
        if is_mended:
            _mend.check(reader.feed, reader.entries)
    except (Doubt, etree.XMLSyntaxError, LookupError, ValueError, RecursionError):
        return None
    finally:
        if reader is not None and sum(map(len, reader.rules)) > MOST_REMEMBERED:
            reader.rules.clear()
    read = {"version": version, "feed": reader.feed, "entries": reader.entries}
    result = _tolerant.parsed_of(read, _entries.Lazily, body, url=url, root=root, whole=whole, lang=lang)
    return result if isinstance(result, Parsed) else None


def _check_site(feed: Mapping[str, Any]) -> None:
    """Raise Doubt if the site's link is too long: relative links of RSS are resolved against it."""
    if len((feed.get("link") or "").partition("?")[0]) > MOST_BASE_CHARS:
        raise Doubt


def _tree(plain: bytes) -> tuple[Any, bytes, bool]:
    """Return the root element, its document, and whether that was mended (stray ampersands, undeclared prefixes).

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
    """Return the document in UTF-8 without its XML declaration, decoded with feedparser's first choice of encoding."""
    bare = body.removeprefix(b"\xef\xbb\xbf")
    root = _ROOT.search(bare)
    prolog = bare[: root.start() if root else None].lower()
    if b"<!entity" in prolog:
        raise Doubt
    # _STATED_ENCODING is cubic in an unclosed instruction: 13 kB of "encoding='a' " took 4 s (2026-11).
    first = bare[: bare.find(b"?>") + 2]
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
        # As strict as feedparser. libxml2 is as strict about the rest; decoding that here as well took 36 us (2026-11).
        prolog.decode()
    elif codec != "ascii" or not bare.isascii():
        plain = bare.decode("gb18030" if name.lower() == "gb2312" else name).encode("utf-8")
    declaration = _DECLARATION.match(plain)
    plain = plain[declaration.end() :] if declaration else plain
    return _without_doctype(plain) if b"<!doctype" in prolog else plain


def _without_doctype(plain: bytes) -> bytes:
    """Remove a DOCTYPE that declares nothing, if it begins a line, as feedparser does.

    RSS 0.91 requires a DOCTYPE. 15 of the corpus's 2,619 feeds have one, and 9 of those are read here (2026-11).
    """
    root = _ROOT.search(plain)
    prolog = plain[: root.start() if root else None]
    bare = _DOCTYPE.sub(b"", prolog)
    if b"<!doctype" in bare.lower():
        raise Doubt
    if b"netscape" in prolog.lower() and not plain.startswith(b"<rss", len(prolog)):
        raise Doubt  # feedparser reports RSS 0.91 for any DOCTYPE with this name
    return bare + plain[len(prolog) :]


_Told = tuple[Mapping[str, str], dict[str, Rule]]


def _prefixes(body: bytes, root: str, *, is_mended: bool) -> _Told:
    """Return the prefix of each unknown namespace, and the rules cached for documents with the same declarations."""
    declared = frozenset(_XMLNS.findall(body))
    told = _named if sum(map(len, chain.from_iterable(declared))) <= MOST_REMEMBERED else _named.__wrapped__
    return told(declared, _xml.local_name(root), is_mended)


@lru_cache(maxsize=256)  # a publisher declares the same at each poll, and so do publishers with the same software
def _named(declared: frozenset[tuple[bytes, bytes, bytes]], root: str, is_mended: bool) -> _Told:
    """Return the prefix that the document binds to each unknown namespace, and an empty dict for the rules.

    feedparser shares one prefix table for the whole document. So these raise Doubt: a prefix with two namespaces, an
    unknown namespace with two prefixes, and a well-known prefix on another well-known namespace. Its lenient parser
    sees prefixes only; there a default namespace that is not the feed's own raises Doubt as well.
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
    """True for two spellings of one known namespace, which differ in case or a final slash (Apple's, Yahoo's)."""
    return one == other or meaning_of(one) == meaning_of(other) is not None
