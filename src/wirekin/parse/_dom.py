"""A page as a light tree: decoded as browsers decode it, parsed by lexbor, and copied once into plain elements.

lexbor is quadratic in depth (100,000 nested divs take 10 s): what nests too deep is refused before it is parsed.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

MAX_DEPTH = 2_000  # open elements; lexbor takes 7 ms there and 158 ms at 10,000 (2026-11)
MAX_ATTRIBUTES = 1_000  # of one tag; lexbor takes 1 ms there, 114 ms for 10,000 and 12 s for 100,000 (2026-11)
MAX_HEIGHT = 100  # ancestors that are asked; the deepest link of 65 real pages has 23, 2026-11
MAX_SNIFFED = 100_000  # bytes that are tried in an encoding which nobody declared
MAX_ELEMENTS = 200_000  # of one page; the largest of 65 real pages has 3,781, 2026-11

_META_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})([^<>]*)>")
# To whom it is shown and what it has, not what it is: "show-if-partner", "td-with-ajax-pagination", "has-footer".
_BESIDE_NAMES = re.compile(r"\b(?:(?:show|hide|visible|hidden)-(?:if|in|for|on)|with|without|has|no)[-_]\S+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{%d,}" % (2 * MAX_ATTRIBUTES))
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_SEPARATOR = re.compile(rb"[\s/]+")
# Never open, or closed without a word by the next one of their kind: they add no depth worth counting.
_FLAT = frozenset(
    b"area base br col embed hr img input link meta param source track wbr "
    b"p li dt dd tr td th tbody thead option".split()
)
# What a declared name stands for in browsers (WHATWG Encoding, section 4.2): the larger codec of its family.
_WHATWG = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
           "euc_kr": "cp949", "shift_jis": "cp932", "iso8859-11": "cp874", "tis-620": "cp874"}  # fmt: skip
# Which script a page in an encoding is written in, and the least share of it in what is not ASCII: Japanese mixes in
# Chinese signs; Chinese read as Korean comes out as a mixture that no Korean page is.
_EASTERN = (
    ("cp932", re.compile(r"[\u3040-\u30ff]"), 0.2),
    ("cp949", re.compile(r"[\uac00-\ud7af]"), 0.85),
    ("gb18030", re.compile(r"[\u4e00-\u9fff]"), 0.5),
)
_SKIPPED = frozenset({"style", "template", "svg", "math", "iframe", "object", "select", "textarea"})
_MADE_HEADINGS = frozenset({"div", "span", "p"})  # headings by their role
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "td", "th", "thead", "tr", "ul",
])  # fmt: skip


@dataclass(slots=True, eq=False)
class Element:
    """One element; `children` holds elements and strings in order."""

    tag: str
    attrs: dict[str, str]
    parent: Element | None
    order: int
    marks: str = ""  # its class and id as one string of words, camelCase split: what its author calls it
    children: list[Element | str] = field(default_factory=list)
    end: int = 0  # the order of the last element in it: what is in it has orders from its own to this
    flat: list[Element] = field(default_factory=list)  # all elements of the page, each at its order
    said: str | None = None  # its whole text, once it was asked for

    def walk(self, skip: Callable[[Element], bool] | None = None) -> Iterator[Element]:
        """It and every element in it, in document order; not those for which `skip` is true, nor what is in them."""
        if not skip:
            yield from self.all
            return
        todo: list[Element] = [self]
        while todo:
            one = todo.pop()
            if one is not self and skip(one):
                continue
            yield one
            todo.extend(child for child in reversed(one.children) if isinstance(child, Element))

    @property
    def all(self) -> list[Element]:
        """It and every element in it, in document order."""
        return self.flat[self.order : self.end + 1]

    @property
    def next(self) -> Element | None:
        """The element after it in its parent; found without looking at its brothers, who may be 100,000."""
        after = self.flat[self.end + 1] if self.end + 1 < len(self.flat) else None
        return after if after is not None and after.parent is self.parent else None

    @property
    def previous(self) -> Element | None:
        """The element before it in its parent."""
        before = self.flat[self.order - 1] if self.order else None
        while before is not None and before is not self.parent and before.parent is not self.parent:
            before = before.parent
        return before if before is not self.parent else None

    def ancestors(self) -> Iterator[Element]:
        """Its parent, its parent's parent ..., at most MAX_HEIGHT of them."""
        one = self.parent
        for _ in range(MAX_HEIGHT):
            if one is None:
                return
            yield one
            one = one.parent

    def text(self, skip: Callable[[Element], bool] | None = None) -> str:
        """The text in it, blocks set apart, white space collapsed."""
        if skip is not None:
            return self._text(skip)
        if self.said is None:
            self.said = self._text(None)
        return self.said

    def _text(self, skip: Callable[[Element], bool] | None) -> str:
        parts: list[str] = []
        todo: list[Element | str] = [self]
        while todo:
            one = todo.pop()
            if isinstance(one, str):
                parts.append(one)
            elif one.tag in {"script", "noscript"} or (skip is not None and one is not self and skip(one)):
                parts.append(" ")
            else:
                block = one.tag in _BLOCKS
                todo.extend([" "] if block else [])
                todo.extend(reversed(one.children))
                todo.extend([" "] if block else [])
        return " ".join("".join(parts).split())

    def holds(self, other: Element) -> bool:
        """True where `other` is in it."""
        return self.order < other.order <= self.end

    @property
    def size(self) -> int:
        """How many elements are in it."""
        return self.end - self.order


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: the root element, and the way from lexbor's nodes (CSS) to ours."""

    root: Element
    tree: LexborHTMLParser
    by_node: dict[int, Element]

    def select(self, css: str, inside: Element | None = None) -> list[Element]:
        """The elements that match a CSS selector, in document order.

        Raises:
            ValueError: the selector is none.

        """
        try:
            nodes = self.tree.css(css)
        except SelectolaxError as error:
            raise ValueError(str(error)) from error
        found = (self.by_node.get(node.mem_id) for node in nodes)
        return [one for one in found if one is not None and (inside is None or inside.holds(one))]


def css_complaint(css: str) -> str:
    """What is wrong with a CSS selector; "" where nothing is."""
    try:
        LexborHTMLParser("<p></p>").css(css)
    except (SelectolaxError, ValueError) as error:
        return str(error) or "not understood"
    return ""


def excess(body: bytes) -> str:
    """What is too much for lexbor, which is quadratic in it: a sentence, "" where all is well."""
    for tag in _LONG_TAG.finditer(body):
        if (attributes := _attributes_in(tag[0])) > MAX_ATTRIBUTES:
            return f"{attributes} attributes in one tag"
    if body.count(b"<") - body.count(b"</") <= MAX_DEPTH:
        return ""  # nothing can be too deep in what has so few elements: 49 of 51 real pages, 2026-11
    depth = deepest = 0
    for tag in _TAG.finditer(body):
        if tag[2].lower() in _FLAT:
            continue
        if tag[1]:
            depth = max(0, depth - 1)
        elif not tag[3].endswith(b"/"):
            depth += 1
            deepest = max(deepest, depth)
    return f"{deepest} elements inside one another" if deepest > MAX_DEPTH else ""


def _attributes_in(inside: bytes) -> int:
    """How many attributes a tag has at most; quoted values (a picture's octets, a long srcset) hold none."""
    return len(_SEPARATOR.findall(_QUOTED.sub(b" ", inside)))


def decode(body: bytes, charset: str = "") -> str:
    """A page's text: byte order mark, header, <meta>, then what the bytes themselves look like."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    try:
        return body.decode("utf-8")  # multi-byte UTF-8 does not happen by accident: it wins over a wrong declaration
    except UnicodeDecodeError:
        pass
    meta = _META_CHARSET.search(body[:4096])
    for name in (charset, meta[1].decode("ascii") if meta else ""):
        codec = _codec(name)
        if codec and codec != "utf-8":
            with contextlib.suppress(UnicodeError):  # "idna" and "punycode" know of no "replace"
                return body.decode(codec, "replace")
    return body.decode(_guess(body), "replace")


def _codec(name: str) -> str:
    try:
        codec = codecs.lookup(name).name if name else ""
        "".encode(codec or "ascii")
    except (LookupError, UnicodeError):  # unknown, or a codec that is not of text
        return ""
    return _WHATWG.get(codec, codec)


def _guess(body: bytes) -> str:
    """What undeclared bytes look like: sloppy UTF-8, Cyrillic, Japanese, Korean, Chinese, else windows-1252."""
    high = bytes(byte for byte in body if byte >= 0x80)
    if body.decode("utf-8", "replace").count("�") * 20 < len(high):
        return "utf-8"
    cyrillic = sum(byte >= 0xC0 for byte in high)  # letters of windows-1251; in windows-1252 runs of them are rare
    runs = len(re.findall(rb"[\xc0-\xff]{3,}", body))
    if cyrillic > 0.8 * len(high) and runs * 10 > len(high) / 2:
        small = sum(byte >= 0xE0 for byte in high)  # of windows-1251; KOI8-R has its small letters below, at 0xC0
        return "cp1251" if small * 2 > cyrillic else "koi8-r"
    return next((codec for codec, script, share in _EASTERN if _is_written_in(body, codec, script, share)), "cp1252")


def _is_written_in(body: bytes, codec: str, script: re.Pattern[str], share: float) -> bool:
    """True where the bytes are possible in a codec, and what is not ASCII becomes its script."""
    try:
        words = body[:MAX_SNIFFED].rsplit(b"<", 1)[0].decode(codec)
    except UnicodeDecodeError:
        return False
    return len(script.findall(words)) > share * sum(not char.isascii() for char in words)


def read(markup: str) -> Page:
    """Parse a page; style, templates, drawings and frames are left out of the tree."""
    tree = LexborHTMLParser(markup)
    by_node: dict[int, Element] = {}
    flat: list[Element] = []
    root = Element("html", {}, None, 0, flat=flat)
    flat.append(root)
    for node in _nodes(tree):
        parent = by_node.get(node.parent.mem_id) if node.parent is not None else None
        if node.tag == "-text":
            if parent is not None:
                parent.children.append(node.text_content or "")
            continue
        tag = node.tag or "-"  # an instruction (<?php ... ?>) has none
        if tag.startswith(("-", "!")) or tag in _SKIPPED or (parent is None and by_node):
            continue
        attrs: dict[str, str] = node.attributes
        if None in attrs.values():  # <a hidden>: an attribute without a value
            attrs = {name: value or "" for name, value in attrs.items()}
        if attrs.get("role") == "heading" and tag in _MADE_HEADINGS:
            tag = "h4"
        one = root if parent is None else Element(tag, attrs, parent, len(by_node), _marks(attrs), flat=flat)
        by_node[node.mem_id] = one
        if parent is None:
            root.attrs = attrs
        else:
            parent.children.append(one)
            flat.append(one)
        if len(by_node) >= MAX_ELEMENTS:
            break
    for one in reversed(by_node.values()):
        one.end = max(one.end, one.order)
        if one.parent is not None:
            one.parent.end = max(one.parent.end, one.end)
    return Page(root, tree, by_node)


def _marks(attrs: dict[str, str]) -> str:
    named = attrs.get("class", "")
    if "id" in attrs:
        named = f"{named} {attrs['id']}".strip()
    return _words_of(named) if named else ""


@lru_cache(maxsize=4096)  # a page names a hundred classes, each many times
def _words_of(named: str) -> str:
    named = _BESIDE_NAMES.sub("", named)
    return _CAMEL.sub("-", named).replace("_", "-").lower()


def _nodes(tree: LexborHTMLParser) -> Iterator[Any]:
    return iter(tree.root.traverse(include_text=True)) if tree.root is not None else iter(())
