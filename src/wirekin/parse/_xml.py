"""The gate before every XML parser: what the bytes are, whether they end, and what is refused unread.

A document is made ASCII-compatible first (`plain_bytes`), so that each question is one linear scan over bytes:
which dialect, does it declare entities, how deep is it, does its root close, where does its last complete entry
end. No parser of anybody's has seen the document by then (requirement C6), but for lxml on the fast path, which the
scans for depth and for the end come after: it stops by itself at 256 elements inside one another, and at an end that
is none.
"""

from __future__ import annotations

import codecs
import re
import sys
import zlib
from html.entities import name2codepoint

MAX_BODY_BYTES = 10 * 1024 * 1024  # decoded; requirement C1
MAX_DEPTH = 2_000  # open elements; feedparser takes 0.02 s at 2,000 and 0.11 s at 10,000 (2026-11)
MAX_TAG_BYTES = 64 * 1024  # one start tag; the longest of 2,619 feeds has 1,022 (2026-11)
MOST_AMPERSANDS = 100_000  # twenty an entry; looking at so many takes 0.07 s, at ten million 6.6 s (2026-11)
MAX_ENTRIES = 5_000  # of one document; the largest news sitemaps hold 1,000 (Google's own limit)

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_DECLARED_XML = re.compile(rb"\s*<\?xml[^>]{0,400}\?>")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
_INSTRUCTION = re.compile(rb"\s*<\?.*?\?>", re.DOTALL)
_INSTRUCTIONS = re.compile(rb"(?:\s*<\?.*?(?:\?>|\Z))+", re.DOTALL)
_NAMES_ENCODING = re.compile(rb"""\s*<\?xml\s[^<>]{0,200}?encoding\s*=\s*(["'])\s*[A-Za-z0-9._:-]{1,40}\s*\1""")
# `<?<` is no instruction to libxml2 when it recovers: what stands behind it is read, a DOCTYPE too.
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
# Codecs in which every byte below 0x80 that starts a character is that ASCII character: a scan of the raw bytes sees
# all the markup that a decoder would. UTF-7, HZ, ISO-2022, EBCDIC and the UTF-16s are not among them,
# nor are mac-arabic and mac-farsi, which have a second "<" at 0xbc.
_ASCII_SAFE = ("utf-8", "ascii", "iso8859", "cp125", "cp866", "cp874", "cp932", "cp949", "cp950", "koi8", "kz1048",
               "gb", "big5", "euc_", "shift_jis", "mac-c", "mac-g", "mac-i", "mac-l", "mac-r", "mac-t", "tis-620",
               "ptcp154")  # fmt: skip

# What browsers know and Python does not (WHATWG Encoding, section 4.2). Hebrew publishers say the first: windows-1255
# has its letters in the same places, and the quotation marks that it lacks.
_LABELS = {
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e", "csiso88598i", "csiso88598e", "logical", "visual"), "cp1255"),
    **dict.fromkeys(("x-mac-cyrillic", "x-mac-ukrainian"), "mac-cyrillic"),
    **dict.fromkeys(("x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("x-x-big5", "cn-big5"), "big5hkscs"),
    **dict.fromkeys(("windows-874", "dos-874"), "cp874"),
    **{f"x-cp{page}": f"cp{page}" for page in range(1250, 1259)},
    "windows-949": "cp949", "x-euc-jp": "euc_jp", "x-gbk": "gb18030",
}  # fmt: skip
# References to halves of a character, 0xD800 to 0xDFFF or 55296 to 57343, a few whole ones beside them, which stay what
# they are, and long ones, which may be beyond the last character.
# The expression begins with "&#" and has no flag, so that re leaps from one to the next: else it took 190 ms of 10 MB
# of pages, a quarter of all that is done for them, 2026-11.
_HALF = rb"&#(?:[xX](?:0{0,4}[dD][89a-fA-F][0-9a-fA-F]{2}|[0-9a-fA-F]{6,})|0{0,4}5[5-7][0-9]{3}|[0-9]{7,});"
_ODD = re.compile(_HALF + rb"(?:" + _HALF + rb")*")
_AMPERSAND = re.compile(
    rb"""<!\[CDATA\[.*?(?:\]\]>|\Z) | <!--.*?(?:-->|\Z) | <\?.*?(?:\?>|\Z)
    | &(?!(?:\#[0-9]+|\#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);)(?:(?P<name>[A-Za-z][A-Za-z0-9]*);)?""",
    re.DOTALL | re.VERBOSE,
)


def with_whole_characters(body: bytes) -> bytes:
    """`body` with references to halves of a character (`&#xD83D;&#xDE00;`, as JavaScript counts) as one to the whole.

    Half of one without the other goes, and so does what is no character: no parser reads on behind it.
    """
    return _ODD.sub(_joined, body)  # itself where there is none; to ask with `in` first takes as long again


def _joined(found: re.Match[bytes]) -> bytes:
    numbers = map(_number, found[0].lower().split(b";")[:-1])
    halves = "".join(chr(number) for number in numbers if number <= sys.maxunicode).encode("utf-16", "surrogatepass")
    return b"".join(b"&#%d;" % ord(char) for char in halves.decode("utf-16", "ignore"))


def _number(reference: bytes) -> int:
    digits, base = (reference[3:], 16) if reference.startswith(b"&#x") else (reference[2:], 10)
    return int(digits.lstrip(b"0")[:9] or b"0", base)  # nine are beyond the last character in either base


def unpacked(body: bytes) -> bytes:
    """`body`, or what a gzip file (sitemap.xml.gz) holds, at most one byte over the cap; `body` where it is damaged."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BODY_BYTES + 1)
    except zlib.error:
        return body


def declared_encoding(body: bytes) -> str:
    """The encoding that the XML declaration names, "" where it names none."""
    found = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8)[:1024])
    return found[1].decode("ascii") if found else ""


def plain_bytes(body: bytes, charset: str = "") -> bytes | None:
    """`body` in an ASCII-compatible encoding: UTF-16, UTF-32, UTF-7 and the like come back as UTF-8.

    A declaration in which parsers would read different encodings is taken off, and the bytes are read as they stand.

    Args:
        body: the document as fetched.
        charset: what Content-Type said; the document's own declaration wins.

    Returns:
        None where the bytes are not in the encoding that they must be in.

    """
    name = _wide_encoding(body)
    if not name and (not _is_plainly_declared(body) or _is_marked_against_its_word(body)):
        return _undeclared(body)
    if not name:
        stated = declared_encoding(body) or charset
        name = "" if _is_ascii_safe(stated) else stated
    if not name:
        return body
    if name.lower().startswith(("utf-16", "utf-32", "utf16", "utf32", "ucs", "iso-10646")) and b"\x00" not in body:
        # Not what it says: markup in those encodings is full of zero bytes.
        declaration = _DECLARED_XML.match(body)
        return body[declaration.end() :] if declaration else body
    try:
        text = body.decode(_LABELS.get(name.lower(), name))
    except (UnicodeError, LookupError, ValueError):
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
    """Whether every parser reads the same encoding out of the first instruction, or none.

    feedparser takes the last `encoding=` of any instruction, libxml2 the one after the version, and libiconv knows
    names that Python does not ("JAVA", with escapes for "<"): what may be read in two ways is read in neither.
    """
    found = _INSTRUCTION.match(body.removeprefix(codecs.BOM_UTF8))
    named = found[0].count(b"encoding") if found else 0
    if found is None or not named:
        return True
    return named == 1 and _NAMES_ENCODING.match(found[0]) is not None and bool(codec_of(declared_encoding(body)))


def _is_marked_against_its_word(body: bytes) -> bool:
    """Whether the mark of UTF-8 stands before a declaration of something else: the mark is right (RFC 7303, 3.3)."""
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
    """Python's codec of an encoding that a document or a header names; "" where neither it nor browsers know one."""
    try:
        return codecs.lookup(_LABELS.get(name.lower(), name)).name
    except LookupError:
        return ""


def _is_ascii_safe(name: str) -> bool:
    if name.lower() in _LABELS:
        return False  # parsers do not know it: it must be decoded here
    codec = codec_of(name)  # "": nobody can decode by it, and every parser falls back to one of the safe ones
    return not codec or codec.startswith(_ASCII_SAFE)


def with_escaped_ampersands(body: bytes) -> bytes:
    """`body` with its stray ampersands escaped and HTML's entities as numbers.

    `recover` of libxml2 drops both, and so makes another address of `?a=1&b=2`.
    A document of little else stays as it is.
    """
    return _AMPERSAND.sub(_escaped, body) if 0 < body.count(b"&") <= MOST_AMPERSANDS else body


def _escaped(found: re.Match[bytes]) -> bytes:
    part: bytes = found[0]
    if not part.startswith(b"&"):
        return part
    point = name2codepoint.get((found["name"] or b"").decode())
    return f"&#{point};".encode() if point else part.replace(b"&", b"&amp;")


def with_enclosed_pictures(body: bytes) -> bytes:
    """`body` with `<image>address</image>`, which RSS does not know and feedparser drops, as an enclosure."""
    at = body.find(b"<image>")
    while at >= 0 and not body.startswith((b"http", b"<![CDATA["), at + len(b"<image>")):
        at = body.find(b"<image>", at + 1)  # most have one, of the channel: <image><url>
    if at < 0:
        return body
    return _PICTURE.sub(rb'<enclosure type="image" url="\1"/>', body)


def on_one_line(body: bytes) -> bytes:
    """`body` with its first instruction on a line of its own: feedparser looks for an encoding in all of that line."""
    found = _INSTRUCTION.match(body, len(codecs.BOM_UTF8) if body.startswith(codecs.BOM_UTF8) else 0)
    return body[: found.end()] + b"\n" + body[found.end() :] if found else body


def root_of(body: bytes) -> tuple[str, int]:
    """The first element's name as written and where it starts; ("", -1) where there is none.

    A known feed or sitemap root behind junk (a warning printed by PHP, a stray tag) is found within 64 KiB.
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
    """`atom:Feed` -> `feed`."""
    return name.rpartition(":")[2].lower()


def declares_entities(body: bytes, root_at: int) -> bool:
    """True where the document declares an entity of its own (billion laughs, external files, endless chains).

    Or attributes, whose defaults a parser copies into each element: 60 kB for every `<b/>`. No feed of the corpus does.
    A DOCTYPE without an internal subset declares none. One with a subset may hide its end behind quotes and comments,
    and a root found behind junk may stand in a comment, so the word is then looked for in the whole document.
    """
    prolog = body[: root_at if root_at >= 0 else len(body)]
    return _declares(prolog) or (_has_subset(body) and _declares(body))


def _declares(part: bytes) -> bool:
    lower = part.lower()
    return b"<!entity" in lower or b"<!attlist" in lower


def _has_subset(body: bytes) -> bool:
    """Whether a DOCTYPE with an internal subset comes before the first element that a parser would see."""
    for part in _PROLOG.finditer(body):
        if part["root"]:
            return False
        if part["doctype"] and part["end"] != b">":
            return True
    return True  # no element: who knows what it is


def has_long_tag(body: bytes) -> bool:
    """True where something like a tag is longer than a tag may be.

    Such a tag holds one whole block of half its length without a bracket, and hardly a document has one.
    """
    half = MAX_TAG_BYTES // 2
    blocks = ((at, at + half) for at in range(0, len(body) - half + 1, half))
    return any(body.find(b"<", *one) < 0 and body.find(b">", *one) < 0 for one in blocks) and (
        _LONG_TAG.search(body) is not None
    )


def excess(body: bytes) -> str:
    """What is too much for a parser that is quadratic in it: a sentence, or "" where all is within the caps."""
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
    """True where the root element closes; what follows it (a cache's comment, an injected script) is let be."""
    name = root.encode("ascii", "replace")
    end = body.rfind(b"</" + name)
    if end < 0:
        head = body[root_at : root_at + MAX_TAG_BYTES]
        return head[: head.find(b">") + 1].endswith(b"/>")
    return not _is_text_or_comment(body, end) and body.find(b">", end) > 0


def _is_text_or_comment(body: bytes, at: int) -> bool:
    """True where `at` lies inside a CDATA section or a comment: a closing tag there closes nothing."""
    if _opened(body, at, b"<![CDATA[", b"]]>") >= 0:
        return True
    comment = _opened(body, at, b"<!--", b"-->")
    return comment >= 0 and _opened(body, comment, b"<![CDATA[", b"]]>") < 0  # else it is text of a closed section


def _opened(body: bytes, at: int, opening: bytes, closing: bytes) -> int:
    """Where what is open at `at` begins; -1 where nothing is."""
    start = body.rfind(opening, 0, at)
    return start if start >= 0 and body.find(closing, start, at) < 0 else -1


def first_entries(body: bytes, root: str, *, limit: int | None, urls: bool = False) -> bytes:
    """The document up to the end of its last complete entry (of the `limit` first ones), closed again.

    b"" where not one entry is complete. `urls` tells the <url> of a sitemap from the <item> and <entry> of a feed.
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


def has_many(body: bytes, *, urls: bool = False) -> bool:
    """Whether more than MAX_ENTRIES entries end in `body` (those in comments count too)."""
    names = (b"</url>", b"</sitemap>") if urls else (b"</item>", b"</entry>")
    return len(body) > MAX_ENTRIES * len(names[0]) and sum(map(body.count, names)) > MAX_ENTRIES
