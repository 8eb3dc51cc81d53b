"""Prepare a page's markup for lexbor: decode it as browsers do, and refuse what lexbor takes too long for.

lexbor is quadratic in depth (100,000 nested divs take 10 s), so pages that nest too deep are refused before parsing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import accumulate

from wirekin.parse._xml import codec_of, is_of_names

MAX_DEPTH = 2_000  # open elements; lexbor takes 7 ms there and 158 ms at 10,000 (2026-11)
MAX_ATTRIBUTES = 1_000  # per tag; lexbor takes 1 ms there, 114 ms for 10,000 and 12 s for 100,000 (2026-11)
MAX_SNIFFED = 100_000  # bytes that are decoded to guess an undeclared encoding

_META_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})([^<>]*)>")
_TEMPLATE = re.compile(rb"<(/?)template\b([^>]*)>", re.IGNORECASE)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_SEPARATOR = re.compile(rb"[\s/]+")
# Void elements, and elements that the next one of their kind closes: they add no depth worth counting.
_FLAT = frozenset(
    b"area base br col embed hr img input link meta param source track wbr "
    b"p li dt dd tr td th tbody thead option".split()
)
# The codecs that browsers use for declared names (WHATWG Encoding, section 4.2): the superset of each family.
_WHATWG = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
           "euc_kr": "cp949", "shift_jis": "cp932", "iso8859-11": "cp874", "tis-620": "cp874"}  # fmt: skip
# What browsers take a page without a declaration for in these languages (HTML Standard, section 13.2.3.2), less those
# that `_guess` tells apart better: Russian and its neighbours, Japanese, Korean, simplified Chinese.
_OF_LANGUAGE = {
    **dict.fromkeys(("ar", "fa", "ur"), "cp1256"), **dict.fromkeys(("he", "iw", "yi"), "cp1255"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"), **dict.fromkeys(("tr", "az", "ku"), "cp1254"),
    **dict.fromkeys(("pl", "hu", "sl", "cs", "sk", "hr", "bs", "ro"), "iso8859-2"), "el": "iso8859-7", "th": "cp874",
    **dict.fromkeys(("zh-tw", "zh-hk", "zh-hant"), "big5hkscs"),
}  # fmt: skip
_WINDOWS = {"iso8859-2": "cp1250", "iso8859-7": "cp1253"}  # have letters where those of ISO have control characters
_LANG = re.compile(rb"""<html\s(?:[^>]{0,300}?\s)?(?:xml:)?lang\s*=\s*["']?([A-Za-z-]{2,10})""", re.IGNORECASE)
_ASCII = bytes(range(0x80))
_CONTROLS = re.compile(rb"[\x80-\x9f]")
_RUN = re.compile(rb"[\x80-\xff]{4,}")
# The script of each encoding, and its least share among the non-ASCII characters. Japanese mixes in Chinese
# characters; Chinese decoded as Korean gives a mixture that no Korean page has.
_EASTERN = (
    ("cp932", re.compile(r"[\u3040-\u30ff]"), 0.2),
    ("euc_jp", re.compile(r"[\u3040-\u30ff]"), 0.2),
    ("cp949", re.compile(r"[\uac00-\ud7af]"), 0.85),
    ("gb18030", re.compile(r"[\u4e00-\u9fff]"), 0.5),
)


def excess(body: bytes) -> str:
    """Say which cap the page exceeds, attributes or depth; "" for none. lexbor is quadratic in both."""
    for tag in _long_tags(body):
        if (attributes := _attributes_in(tag)) > MAX_ATTRIBUTES:
            return f"{attributes} attributes in one tag"
    tags = body.count(b"<")
    if tags < MAX_DEPTH or tags - body.count(b"</") < MAX_DEPTH:
        return ""  # too few tags, or too few unclosed, for that depth: 49 of 51 real pages (2026-11)
    if max(accumulate(-1 if tag[:1] == b"/" else 1 for tag in body.split(b"<"))) <= MAX_DEPTH:
        return ""  # an upper bound of the depth: it counts <br> and <p> as open, too
    deepest = _depth(body)
    return f"{deepest} elements inside one another" if deepest > MAX_DEPTH else ""


def _long_tags(body: bytes) -> Iterator[bytes]:
    """Yield the inside of each tag long enough for too many attributes (two characters each); skip the others."""
    at = body.find(b"<")
    while at >= 0:
        after = body.rfind(b"<", at + 1, at + 2 * MAX_ATTRIBUTES + 2)
        if after < 0:
            after = body.find(b"<", at + 2 * MAX_ATTRIBUTES + 2)
            end = body.find(b">", at, at + 2 * MAX_ATTRIBUTES + 2)
            if end < 0 and body[at + 1 : at + 2].isalpha():
                yield body[at + 1 : after if after >= 0 else len(body)].partition(b">")[0]
        at = after


def _depth(body: bytes) -> int:
    """Return the greatest depth; any end tag closes the innermost element, and flat elements do not count."""
    depth = deepest = 0
    for found in _TAG.finditer(body):
        if found[2].lower() in _FLAT:
            continue
        if found[1]:
            depth = max(0, depth - 1)
        elif not found[3].endswith(b"/"):
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def with_shadows(markup: bytes) -> bytes:
    """Replace the templates of declarative shadow trees by plain elements, because browsers show their content."""
    if b"shadowrootmode" not in markup:
        return markup
    shown: list[bool] = []  # for each open template, whether it is a shadow tree

    def told(found: re.Match[bytes]) -> bytes:
        if not found[1]:
            shown.append(b"shadowrootmode" in found[2])
            return b"<shadow-root>" if shown[-1] else found[0]
        return b"</shadow-root>" if shown and shown.pop() else found[0]

    return _TEMPLATE.sub(told, markup)


def _attributes_in(inside: bytes) -> int:
    """Return an upper bound of a tag's attributes; 0 if they cannot be too many.

    Blanks in quoted values (a picture's data, a long srcset) do not count.
    """
    if sum(map(inside.count, (b" ", b"\n", b"\t", b"\r", b"\f", b"\v", b"/"))) <= MAX_ATTRIBUTES:
        return 0
    return len(_SEPARATOR.findall(_QUOTED.sub(b" ", inside)))


def utf8(body: bytes, charset: str = "") -> bytes:
    """Return a page as UTF-8 for lexbor; UTF-8 comes back unchanged, without its byte order mark."""
    plain = body.removeprefix(codecs.BOM_UTF8)
    if b"\x1b$" in plain and _declared(plain) == "iso2022_jp":  # Japanese in seven bits, so it is valid UTF-8
        return plain.decode("iso2022_jp", "replace").encode()
    try:
        plain.decode()  # only a check: the bytes are passed on, because lexbor would encode a str again
    except UnicodeDecodeError:
        return decode(body, charset).encode("utf-8", "replace")
    return plain


def decode(body: bytes, charset: str = "") -> str:
    """Decode a page by its byte order mark, else as UTF-8 if nearly valid, else by header, <meta>, or a guess.

    A header of "ISO-8859-1" says nothing against a <meta>: servers send it for pages of all encodings.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    try:
        return body.decode("utf-8")  # bytes are hardly valid UTF-8 by accident, so this wins over any declaration
    except UnicodeDecodeError:
        pass
    said = (_codec(charset), _declared(body))
    if _is_nearly_utf8(body, declared="utf-8" in said):
        return body.decode("utf-8", "replace")
    for codec in said if said[0] != "cp1252" else said[::-1]:
        if codec and not codec.startswith("utf"):  # the page is neither UTF-8 nor, with a "<" in one byte, UTF-16
            return body.decode(codec, "replace")
    return body.decode(_guess(body), "replace")


def _declared(body: bytes) -> str:
    """Return the codec that the page's <meta> names; "" if it names none that is known."""
    meta = _META_CHARSET.search(body[:4096])
    return _codec(meta[1].decode("ascii")) if meta else ""


def _codec(name: str) -> str:
    codec = codec_of(name)
    try:
        "".encode(codec or "ascii")
    except (LookupError, UnicodeError):  # not a text codec
        return ""
    return "" if is_of_names(name) else _WHATWG.get(codec, codec)


def _guess(body: bytes) -> str:
    """Guess the encoding of undeclared bytes: by the page's language, by its script, else windows-1252."""
    if codec := _of_language(body):
        return codec
    high = _high(body)
    cyrillic = sum(byte >= 0xC0 for byte in high)  # letters in windows-1251; windows-1252 rarely has runs of these
    runs = len(re.findall(rb"[\xc0-\xff]{3,}", body))
    if cyrillic > 0.8 * len(high) and runs * 10 > len(high) / 2:
        small = sum(byte >= 0xE0 for byte in high)  # lower case in windows-1251; in KOI8-R it starts at 0xC0
        return "cp1251" if small * 2 > cyrillic else "koi8-u"
    return next((codec for codec, script, share in _EASTERN if _is_written_in(body, codec, script, share)), "cp1252")


def _high(body: bytes) -> bytes:
    return body.translate(None, _ASCII)


def _is_nearly_utf8(body: bytes, *, declared: bool) -> bool:
    """True if at most a twentieth of the bytes beyond ASCII are wrong: a text that was cut inside a character.

    English has few such bytes: where UTF-8 is declared, as many characters that are right as wrong ones will do.
    """
    words = body.decode("utf-8", "replace")
    wrong, high = words.count("\ufffd"), len(_high(body))
    return wrong * 20 < high or (declared and 2 * wrong <= sum(not char.isascii() for char in words))


def _of_language(body: bytes) -> str:
    """Return the usual encoding of the language that the page names; "" where that is left to a guess."""
    found = _LANG.search(body[:4096])
    tag = found[1].decode().lower() if found else ""
    codec = _OF_LANGUAGE.get(tag) or _OF_LANGUAGE.get(tag.partition("-")[0], "")
    return _WINDOWS[codec] if codec in _WINDOWS and _CONTROLS.search(body) else codec


def _is_dense(body: bytes) -> bool:
    """True if most bytes beyond ASCII stand in rows, as in Chinese and Korean.

    Umlauts are mostly valid GB 18030 too, and the apostrophe of windows-1252 in "It's" a Korean syllable.
    """
    return 2 * sum(len(run) for run in _RUN.findall(body)) > len(_high(body))


def _is_written_in(body: bytes, codec: str, script: re.Pattern[str], share: float) -> bool:
    """True if the bytes are valid in a codec, and enough of their non-ASCII characters are of its script."""
    try:
        words = body[:MAX_SNIFFED].rsplit(b"<", 1)[0].decode(codec)
    except UnicodeDecodeError:
        return False
    if codec in ("gb18030", "cp949") and not _is_dense(body):
        return False
    return len(script.findall(words)) > share * sum(not char.isascii() for char in words)
