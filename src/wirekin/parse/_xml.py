"""The gate before every XML parser: detect the encoding, check that the document is whole, refuse what is dangerous.

A document is made ASCII-compatible first (`plain_bytes`), so that each question is one linear scan over bytes:
which dialect, does it declare entities, how deep is it, does its root close, where does its last complete entry
end. No XML parser sees the document before these scans (requirement C6). The one exception is lxml on the fast path,
which runs before the scans for depth and for the end: it stops by itself at a depth of 256 elements, and at a
truncated end.
"""

from __future__ import annotations

import codecs
import re
import sys
import zlib
from html.entities import name2codepoint
from itertools import islice

MAX_BODY_BYTES = 10 * 1024 * 1024  # decoded; requirement C1
MAX_DEPTH = 2_000  # open elements; feedparser takes 0.02 s at 2,000 and 0.11 s at 10,000 (2026-11)
MAX_TAG_BYTES = 64 * 1024  # one start tag; the longest of 2,619 feeds has 1,022 (2026-11)
MOST_AMPERSANDS = 100_000  # twenty per entry; 100,000 take 0.07 s to check, ten million 6.6 s (2026-11)
MOST_URLS = 50_000  # in a sitemap, says sitemaps.org
MAX_ENTRIES = 5_000  # per document; the largest news sitemaps hold 1,000 (Google's own limit)

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_DECLARED_XML = re.compile(rb"\s*<\?xml[^>]{0,400}\?>")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
_INSTRUCTION = re.compile(rb"\s*<\?.*?\?>", re.DOTALL)
_INSTRUCTIONS = re.compile(rb"(?:\s*<\?.*?(?:\?>|\Z))+", re.DOTALL)
_NAMES_ENCODING = re.compile(rb"""\s*<\?xml\s[^<>]{0,200}?encoding\s*=\s*(["'])\s*[A-Za-z0-9._:-]{1,40}\s*\1""")
# `<?<` opens no processing instruction for libxml2 in recover mode: it reads what follows, even a DOCTYPE.
_PROLOG = re.compile(
    rb"""<\?(?!<).*?(?:\?>|\Z) | <!--.*?(?:-->|\Z)
    | (?P<doctype><!doctype(?:[^"'\[>]++|"[^"]*"|'[^']*')*+)(?P<end>.?)
    | <(?P<root>[A-Za-z_][\w.:-]*)""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_KNOWN_ROOT = re.compile(rb"<((?:[\w.-]+:)?(?:rss|rdf|feed|urlset|sitemapindex))(?=[\s>/])", re.IGNORECASE)
_PICTURE = re.compile(rb"""<image>\s*+(?:<!\[CDATA\[)?\s*+(https?://[^\s<>"'\]]{1,2048})\s*+(?:\]\]>)?\s*+</image>""")
_SKIP = rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_TAG = re.compile(_SKIP + rb"|<\?.*?(?:\?>|\Z)|<(/?)(?!(?:br|hr|img|input|p|li)\b)[A-Za-z_]([^<>]*)>", re.DOTALL)
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % MAX_TAG_BYTES)
_ENTRY_END = re.compile(_SKIP + rb"|(</(?:[\w.-]+:)?(?:item|entry)\s*>)", re.DOTALL | re.IGNORECASE)
_URL_END = re.compile(_SKIP + rb"|(</(?:[\w.-]+:)?(?:url|sitemap)\s*>)", re.DOTALL | re.IGNORECASE)
_CHANGED = re.compile(
    rb"<(?:[\w.-]+:)?(?:publication_date|lastmod)\s*>(?:\s*<!\[CDATA\[)?\s*([^<\]]{4,40})", re.IGNORECASE
)
_NUL_PATTERNS = (  # XML 1.0 appendix F.1: "<" and one more character, without a byte order mark
    (re.compile(rb"\x00\x00\x00<\x00\x00\x00."), "utf-32-be"),
    (re.compile(rb"<\x00\x00\x00.\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00<\x00."), "utf-16-be"),
    (re.compile(rb"<\x00.\x00"), "utf-16-le"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),  # "<?xm" in EBCDIC
)
_MARKS = (
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF16_LE, "utf-16"),
)
# Codecs in which every byte below 0x80 that starts a character is that ASCII character, so that a scan of the raw
# bytes sees all the markup that a decoder would. UTF-7, HZ, ISO-2022, EBCDIC and the UTF-16s are not among them,
# nor are mac-arabic and mac-farsi, which have a second "<" at 0xbc.
_ASCII_SAFE = ("utf-8", "ascii", "iso8859", "cp125", "cp866", "cp874", "cp932", "cp949", "cp950", "koi8", "kz1048",
               "gb", "big5", "euc_", "shift_jis", "mac-c", "mac-g", "mac-i", "mac-l", "mac-r", "mac-t", "tis-620",
               "ptcp154")  # fmt: skip

# Encoding labels that browsers know and Python does not (WHATWG Encoding, section 4.2). Hebrew publishers use the
# first line's: windows-1255 has the same letters at the same bytes, and also the quotation marks that ISO-8859-8 lacks.
_LABELS = {
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e", "csiso88598i", "csiso88598e", "logical", "visual"), "cp1255"),
    **dict.fromkeys(("x-mac-cyrillic", "x-mac-ukrainian"), "mac-cyrillic"),
    **dict.fromkeys(("x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("x-x-big5", "cn-big5"), "big5hkscs"),
    **dict.fromkeys(("windows-874", "dos-874"), "cp874"),
    **{f"x-cp{page}": f"cp{page}" for page in range(1250, 1259)},
    "windows-949": "cp949", "x-euc-jp": "euc_jp", "x-gbk": "gb18030",
}  # fmt: skip
# References to surrogates (0xD800 to 0xDFFF, 55296 to 57343). It also matches a few ordinary characters, which stay
# as they are, and long numbers, which may be beyond the last code point.
# The pattern begins with the literal "&#" and has no flag, so that re can skip from one "&#" to the next. Otherwise
# the search took 190 ms for 10 MB of pages, a quarter of their whole processing time (2026-11).
_HALF = rb"&#(?:[xX](?:0{0,4}[dD][89a-fA-F][0-9a-fA-F]{2}|[0-9a-fA-F]{6,})|0{0,4}5[5-7][0-9]{3}|[0-9]{7,});"
_ODD = re.compile(_HALF + rb"(?:" + _HALF + rb")*")
_AMPERSAND = re.compile(
    rb"""<!\[CDATA\[.*?(?:\]\]>|\Z) | <!--.*?(?:-->|\Z) | <\?.*?(?:\?>|\Z)
    | &(?!(?:\#[0-9]+|\#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);)(?:(?P<name>[A-Za-z][A-Za-z0-9]*);)?""",
    re.DOTALL | re.VERBOSE,
)


def with_whole_characters(body: bytes) -> bytes:
    """Join references to a surrogate pair (`&#xD83D;&#xDE00;`, from JavaScript) into one to the character.

    An unpaired surrogate is removed, and so is a number beyond the last code point: every parser stops there.
    """
    return _ODD.sub(_joined, body)  # returns `body` itself without a match; an `in` check first would double the time


def _joined(found: re.Match[bytes]) -> bytes:
    numbers = map(_number, found[0].lower().split(b";")[:-1])
    halves = "".join(chr(number) for number in numbers if number <= sys.maxunicode).encode("utf-16", "surrogatepass")
    return b"".join(b"&#%d;" % ord(char) for char in halves.decode("utf-16", "ignore"))


def _number(reference: bytes) -> int:
    digits, base = (reference[3:], 16) if reference.startswith(b"&#x") else (reference[2:], 10)
    return int(digits.lstrip(b"0")[:9] or b"0", base)  # nine digits are beyond the last code point in either base


def unpacked(body: bytes) -> bytes:
    """Decompress a gzip file (sitemap.xml.gz), up to one byte over the cap; return `body` if it is none or damaged."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BODY_BYTES + 1)
    except zlib.error:
        return body


def declared_encoding(body: bytes) -> str:
    """Return the encoding that the XML declaration names, or ""."""
    found = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8)[:1024])
    return found[1].decode("ascii") if found else ""


def plain_bytes(body: bytes, charset: str = "") -> bytes | None:
    """Return `body` in an ASCII-compatible encoding: UTF-16, UTF-32, UTF-7 and the like become UTF-8.

    A declaration that parsers would understand differently is removed, and the bytes are left as they are.

    Args:
        body: the document as fetched.
        charset: the charset of Content-Type; the document's own declaration wins.

    Returns:
        The bytes, or None if they are not valid in their encoding.

    """
    name = _wide_encoding(body)
    if not name and (not _is_plainly_declared(body) or _is_marked_against_its_word(body)):
        return _undeclared(body)
    if not name:
        stated = declared_encoding(body) or charset
        if is_of_names(stated):
            return None
        name = "" if _is_ascii_safe(stated) else stated
    if not name:
        return body
    if name.lower().startswith(("utf-16", "utf-32", "utf16", "utf32", "ucs", "iso-10646")) and b"\x00" not in body:
        # The declaration is wrong: markup in these encodings is full of zero bytes.
        declaration = _DECLARED_XML.match(body)
        return body[declaration.end() :] if declaration else body
    try:
        text = body.decode(_LABELS.get(name.lower(), name))
    except (LookupError, ValueError):
        return None
    return _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1).encode("utf-8", "replace")


def _wide_encoding(body: bytes) -> str:
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    start = body[:64].lstrip(b"\t\r\n \x00") and body[:64]
    for pattern, name in _NUL_PATTERNS:
        if pattern.match(start):
            return name
    return ""


def _is_plainly_declared(body: bytes) -> bool:
    """Return whether every parser finds the same encoding in the first processing instruction, or none.

    feedparser takes the last `encoding=` of any instruction, libxml2 the one after the version, and libiconv knows
    names that Python does not ("JAVA", with escapes for "<"). An ambiguous declaration is therefore not used at all.
    """
    found = _INSTRUCTION.match(body.removeprefix(codecs.BOM_UTF8))
    named = found[0].count(b"encoding") if found else 0
    if found is None or not named:
        return True
    return named == 1 and _NAMES_ENCODING.match(found[0]) is not None and bool(codec_of(declared_encoding(body)))


def _is_marked_against_its_word(body: bytes) -> bool:
    """Return whether a UTF-8 byte order mark contradicts the declaration; the mark is right (RFC 7303, 3.3)."""
    if not body.startswith(codecs.BOM_UTF8) or declared_encoding(body).lower() in {"", "utf-8", "utf8"}:
        return False
    try:
        body.decode()
    except UnicodeError:
        return False
    return True


def _undeclared(body: bytes) -> bytes:
    bare = body.removeprefix(codecs.BOM_UTF8)
    instructions = _INSTRUCTIONS.match(bare)
    return bare[instructions.end() :] if instructions else bare


def codec_of(name: str) -> str:
    """Return Python's codec for an encoding label; "" if neither Python nor browsers know the label."""
    try:
        return codecs.lookup(_LABELS.get(name.lower(), name)).name
    except LookupError:
        return ""


def is_of_names(name: str) -> bool:
    """True for Python's encodings of host names, in which no document is: 360 kB of "punycode" took 11 s (2026-12)."""
    return codec_of(name) in {"idna", "punycode"}


def _is_ascii_safe(name: str) -> bool:
    if name.lower() in _LABELS:
        return False  # parsers do not know the label, so the body must be decoded here
    codec = codec_of(name)  # "" for an unknown label: every parser falls back to one of the safe encodings
    return not codec or codec.startswith(_ASCII_SAFE)


def with_escaped_ampersands(body: bytes) -> bytes:
    """Escape stray ampersands, and replace HTML entities by numeric references.

    libxml2's `recover` drops both, and so turns `?a=1&b=2` into another address.
    A document with more than MOST_AMPERSANDS stays as it is.
    """
    return _AMPERSAND.sub(_escaped, body) if 0 < body.count(b"&") <= MOST_AMPERSANDS else body


def _escaped(found: re.Match[bytes]) -> bytes:
    part: bytes = found[0]
    if not part.startswith(b"&"):
        return part
    point = name2codepoint.get((found["name"] or b"").decode())
    return f"&#{point};".encode() if point else part.replace(b"&", b"&amp;")


def with_enclosed_pictures(body: bytes) -> bytes:
    """Rewrite `<image>address</image>` as an enclosure: it is no RSS, and feedparser drops it."""
    at = body.find(b"<image>")
    while at >= 0 and not body.startswith((b"http", b"<![CDATA["), at + len(b"<image>")):
        at = body.find(b"<image>", at + 1)  # most feeds have one in the channel: <image><url>
    if at < 0:
        return body
    return _PICTURE.sub(rb'<enclosure type="image" url="\1"/>', body)


def on_one_line(body: bytes) -> bytes:
    """Put a line break after the first instruction: feedparser searches that whole line for an encoding."""
    found = _INSTRUCTION.match(body, len(codecs.BOM_UTF8) if body.startswith(codecs.BOM_UTF8) else 0)
    return body[: found.end()] + b"\n" + body[found.end() :] if found else body


def root_of(body: bytes) -> tuple[str, int]:
    """Return the root element's name as written and its offset; ("", -1) if there is none.

    A known feed or sitemap root after junk (a PHP warning, a stray tag) is found within the first 64 KiB.
    """
    first, at = "", -1
    for part in _PROLOG.finditer(body):
        if part["root"]:
            first, at = part["root"].decode("ascii", "replace"), part.start()
            break
    if local_name(first) in {"rss", "rdf", "feed", "urlset", "sitemapindex", "html"} or _is_html(body, at):
        return first, at
    hidden = _KNOWN_ROOT.search(body, 0, 64 * 1024)
    return (hidden[1].decode("ascii", "replace"), hidden.start()) if hidden else (first, at)


def _is_html(body: bytes, root_at: int) -> bool:
    return b"<!doctype html" in body[: max(root_at, 0)].lower()


def local_name(name: str) -> str:
    """Return the local name in lower case: `atom:Feed` -> `feed`."""
    return name.rpartition(":")[2].lower()


def declares_entities(body: bytes, root_at: int) -> bool:
    """Return whether the document declares entities (billion laughs, external files, endless chains) or attributes.

    A parser copies attribute defaults into each element: 60 kB for every `<b/>`. No feed of the corpus declares either.
    A DOCTYPE without an internal subset declares none. A subset can hide its end behind quotes and comments, and a
    root found after junk may be inside a comment, so with a subset the whole document is searched.
    """
    prolog = body[: root_at if root_at >= 0 else len(body)]
    return _declares(prolog) or (_has_subset(body) and _declares(body))


def _declares(part: bytes) -> bool:
    lower = part.lower()
    return b"<!entity" in lower or b"<!attlist" in lower


def _has_subset(body: bytes) -> bool:
    """Return whether a DOCTYPE with an internal subset comes before the first element that a parser would see."""
    for part in _PROLOG.finditer(body):
        if part["root"]:
            return False
        if part["doctype"] and part["end"] != b">":
            return True
    return True  # no element: assume the worst


def has_long_tag(body: bytes) -> bool:
    """Return whether anything like a tag is longer than MAX_TAG_BYTES.

    Such a tag covers at least one aligned block of half that size, which then has no bracket. Hardly any document has
    such a block, so the slow pattern rarely runs.
    """
    half = MAX_TAG_BYTES // 2
    blocks = ((at, at + half) for at in range(0, len(body) - half + 1, half))
    return any(body.find(b"<", *one) < 0 and body.find(b">", *one) < 0 for one in blocks) and (
        _LONG_TAG.search(body) is not None
    )


def excess(body: bytes) -> str:
    """Say which cap the document exceeds, tag length or depth; "" for none. Parsers are quadratic in both."""
    depth = deepest = 0
    for tag in _TAG.finditer(body):
        inside = tag[2]
        if inside is None:
            continue
        if len(inside) > MAX_TAG_BYTES:
            return f"one tag of {len(inside)} bytes"
        if tag[1]:
            depth = max(0, depth - 1)
        elif not inside.endswith(b"/"):
            depth += 1
            deepest = max(deepest, depth)
    return f"{deepest} elements inside one another" if deepest > MAX_DEPTH else ""


def is_whole(body: bytes, root: str, root_at: int) -> bool:
    """Return whether the root element closes; anything after it (a cache's comment, an injected script) is allowed."""
    name = root.encode("ascii", "replace")
    end = body.rfind(b"</" + name)
    if end < 0:
        head = body[root_at : root_at + MAX_TAG_BYTES]
        return head[: head.find(b">") + 1].endswith(b"/>")
    return not _is_text_or_comment(body, end) and body.find(b">", end) > 0


def _is_text_or_comment(body: bytes, at: int) -> bool:
    """Return whether `at` is inside a CDATA section or a comment, where a closing tag closes nothing."""
    if _opened(body, at, b"<![CDATA[", b"]]>") >= 0:
        return True
    comment = _opened(body, at, b"<!--", b"-->")
    return comment >= 0 and _opened(body, comment, b"<![CDATA[", b"]]>") < 0  # in a CDATA section "<!--" is text


def _opened(body: bytes, at: int, opening: bytes, closing: bytes) -> int:
    """Return where the section that is still open at `at` begins; -1 if none is open."""
    start = body.rfind(opening, 0, at)
    return start if start >= 0 and body.find(closing, start, at) < 0 else -1


def first_entries(body: bytes, root: str, *, limit: int | None, urls: bool = False) -> bytes:
    """Cut the document after its last complete entry, or after the first `limit` entries, and close it again.

    Returns b"" if no entry is complete. `urls` means a sitemap's <url> instead of a feed's <item> and <entry>.
    """
    end = count = 0
    for part in (_URL_END if urls else _ENTRY_END).finditer(body):
        if part[1] is None:
            continue
        end, count = part.end(), count + 1
        if count == limit:
            break
    if not end:
        return b""
    kept = body[:end]
    inside = len(re.findall(rb"<channel[\s>]", kept)) > kept.count(b"</channel")
    return kept + (b"</channel>" if inside else b"") + f"</{root}>".encode("ascii", "replace")


def newest_urls(body: bytes, root: str, root_at: int, *, limit: int) -> bytes:
    """Cut a sitemap to its `limit` newest complete addresses, in its order; of equal or no dates, to the first ones.

    Many sitemaps list the oldest articles first: the first `limit` would be those of years ago, poll after poll.
    """
    found = (part.end() for part in _URL_END.finditer(body) if part[1])
    ends = list(islice(found, MOST_URLS))
    if len(ends) <= limit:
        return first_entries(body, root, limit=None, urls=True)
    begun = [body.find(b">", root_at) + 1, *ends[:-1]]
    dates = [_CHANGED.search(body, *span) for span in zip(begun, ends, strict=True)]
    # W3C dates are in order as text. Zones are left out, because this decides only what is left out.
    said = [date[1] if date else b"" for date in dates]
    kept = sorted(sorted(range(len(ends)), key=said.__getitem__, reverse=True)[:limit])
    return b"".join((body[: begun[0]], *(body[begun[at] : ends[at]] for at in kept), f"</{root}>".encode()))


def has_many(body: bytes, *, urls: bool = False) -> bool:
    """Return whether `body` has the end tags of more than MAX_ENTRIES entries (those in comments count too)."""
    names = (b"</url>", b"</sitemap>") if urls else (b"</item>", b"</entry>")
    return len(body) > MAX_ENTRIES * len(names[0]) and sum(map(body.count, names)) > MAX_ENTRIES
