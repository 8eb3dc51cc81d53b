"""A page as a light tree: decoded as browsers decode it, parsed by lexbor, and copied once into plain elements.

lexbor is quadratic in depth (100,000 nested divs take 10 s): what nests too deep is refused before it is parsed.
"""

from __future__ import annotations

import codecs
import contextlib
import gc
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

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
_SKIPPED = frozenset({"script", "style", "template", "svg", "math", "iframe", "object", "select", "textarea"})
_MENUS = frozenset({"nav", "menu", "dialog"})
HEADING = "h1-h6"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MADE_HEADINGS = frozenset({"div", "span", "p"})  # headings by their role
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "td", "th", "thead", "tr", "ul",
])  # fmt: skip


class Index:
    """What the elements of one page share: themselves in document order, where each tag stands, and their words."""

    __slots__ = ("flat", "orders", "words")

    def __init__(self) -> None:
        self.flat: list[Element] = []
        self.orders: defaultdict[str, list[int]] = defaultdict(list)  # by tag; all headings also under HEADING
        self.words: list[str] = []  # every text in document order, a blank where a block begins and ends


class Element:
    """One element; `children` holds elements and strings in order.

    What is in it has orders from its own to `end`.
    """

    __slots__ = (
        "_first_word",
        "_last_word",
        "_marks",
        "_said",
        "attrs",
        "children",
        "end",
        "index",
        "order",
        "parent",
        "tag",
    )

    def __init__(self, tag: str, attrs: dict[str, str], parent: Element | None, index: Index) -> None:
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.index = index
        self.children: list[Element | str] = []
        self.order = self.end = len(index.flat)
        self._first_word = self._last_word = len(index.words)
        self._said: str | None = None
        self._marks: str | None = None

    @property
    def marks(self) -> str:
        """Its class and id as one string of words, camelCase split: what its author calls it."""
        if self._marks is None:
            self._marks = _marks(self.attrs)
        return self._marks

    def close(self) -> None:
        """Nothing more is in it."""
        self.end = len(self.index.flat) - 1
        self._last_word = len(self.index.words)

    def walk(self, skip: Callable[[Element], bool] | None = None) -> Iterable[Element]:
        """It and every element in it, in document order; not those for which `skip` is true, nor what is in them."""
        return self._walk(skip) if skip else self.index.flat[self.order : self.end + 1]

    def _walk(self, skip: Callable[[Element], bool]) -> Iterator[Element]:
        flat, at = self.index.flat, self.order
        while at <= self.end:
            one = flat[at]
            if one is not self and skip(one):
                at = one.end + 1
                continue
            yield one
            at += 1

    def inside(self, tag: str, most: int = MAX_ELEMENTS) -> list[Element]:
        """The elements of a tag (HEADING: of all six) that it is or holds, in document order, at most so many."""
        orders = self.index.orders.get(tag)
        if orders is None:
            return []
        flat, first = self.index.flat, bisect_left(orders, self.order)
        return [flat[at] for at in orders[first : min(bisect_right(orders, self.end), first + most)]]

    def counts(self, tag: str) -> int:
        """How many elements of a tag it is or holds."""
        orders = self.index.orders.get(tag)
        return bisect_right(orders, self.end) - bisect_left(orders, self.order) if orders else 0

    @property
    def next(self) -> Element | None:
        """The element after it in its parent; found without looking at its brothers, who may be 100,000."""
        flat = self.index.flat
        after = flat[self.end + 1] if self.end + 1 < len(flat) else None
        return after if after is not None and after.parent is self.parent else None

    @property
    def previous(self) -> Element | None:
        """The element before it in its parent."""
        before = self.index.flat[self.order - 1] if self.order else None
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
        if self._said is None:
            self._said = " ".join("".join(self.index.words[self._first_word : self._last_word]).split())
        return self._said

    def _text(self, skip: Callable[[Element], bool]) -> str:
        parts: list[str] = []
        todo: list[Element | str] = [self]
        while todo:
            one = todo.pop()
            if isinstance(one, str):
                parts.append(one)
            elif one.tag == "noscript" or (one is not self and skip(one)):
                parts.append(" ")
            else:
                block = one.tag in _BLOCKS
                todo.extend([" "] if block else [])
                todo.extend(reversed(one.children))
                todo.extend([" "] if block else [])
        return " ".join("".join(parts).split())

    def is_longer(self, chars: int) -> bool:
        """True where the text in it has more characters; most say so by the octets that they are written in."""
        if self._said is None and sum(map(len, self.index.words[self._first_word : self._last_word])) <= chars:
            return False
        return len(self.text()) > chars

    def holds(self, other: Element) -> bool:
        """True where `other` is in it."""
        return self.order < other.order <= self.end

    @property
    def size(self) -> int:
        """How many elements are in it."""
        return self.end - self.order


@dataclass(frozen=True, slots=True)
class Menu:
    """Navigation by its tag: no headline is in it, and a fifth of a page's elements are, 2026-11."""

    parent: Element
    order: int  # that its first element would have had
    node: LexborNode

    def links(self) -> Iterator[tuple[str, str]]:
        """Address as written and words of each link in it."""
        for link in self.node.css("a[href]"):
            yield link.attributes.get("href") or "", " ".join(link.text(deep=True).split())


@contextlib.contextmanager
def opened(markup: str, *, whole: bool) -> Iterator[Page]:
    """A page while it is read, with navigation only where it is to be `whole`. Python looks for no cycles meanwhile.

    The elements are tens of thousands of objects tied in a ring, and looking through them again and again took a
    quarter of the time of a page, 2026-11.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        page = read(markup, whole=whole)
        try:
            yield page
        finally:
            page.forget()
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: the root element, and the way from lexbor's nodes (CSS) to ours."""

    root: Element
    tree: LexborHTMLParser
    nodes: list[int]  # lexbor's name of each element, at its order
    menus: list[Menu]  # what was left out as navigation

    def select(self, css: str, inside: Element | None = None) -> list[Element]:
        """The elements that match a CSS selector, in document order.

        Raises:
            ValueError: the selector is none.

        """
        try:
            found = {node.mem_id for node in self.tree.css(css)}
        except SelectolaxError as error:
            raise ValueError(str(error)) from error
        first, last = (inside.order + 1, inside.end) if inside is not None else (0, len(self.nodes) - 1)
        flat = self.root.index.flat
        return [flat[at] for at in range(first, last + 1) if self.nodes[at] in found] if found else []

    def forget(self) -> None:
        """Untie the elements from one another, so that they go at once and not when cycles are looked for."""
        for one in self.root.index.flat:
            one.parent = None
        self.root.index.flat.clear()

    def scripts(self, kinds: Container[str]) -> Iterator[tuple[str, str]]:
        """The type of each script of these types, in lower case, and what is written in it."""
        for node in self.tree.css("script"):
            kind = (node.attributes.get("type") or "").strip().lower()
            if kind in kinds:
                yield kind, node.text(deep=True) or ""


def css_complaint(css: str) -> str:
    """What is wrong with a CSS selector; "" where nothing is."""
    try:
        LexborHTMLParser("<p></p>").css(css)
    except (SelectolaxError, ValueError) as error:
        return str(error) or "not understood"
    return ""


def excess(body: bytes) -> str:
    """What is too much for lexbor, which is quadratic in it: a sentence, "" where all is well."""
    tags = body.split(b"<")
    if max(map(len, tags)) > 2 * MAX_ATTRIBUTES:
        for tag in tags:
            is_long = len(tag) > 2 * MAX_ATTRIBUTES and tag[:1].isalpha()
            if is_long and (attributes := _attributes_in(tag.partition(b">")[0])) > MAX_ATTRIBUTES:
                return f"{attributes} attributes in one tag"
    if len(tags) <= MAX_DEPTH or len(tags) - body.count(b"</") <= MAX_DEPTH:
        return ""  # nothing can be too deep in what has so few elements: 49 of 51 real pages, 2026-11
    depth = deepest = 0
    for found in _TAG.finditer(body):
        if found[2].lower() in _FLAT:
            continue
        if found[1]:
            depth = max(0, depth - 1)
        elif not found[3].endswith(b"/"):
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


def read(markup: str, *, whole: bool = True) -> Page:
    """Parse a page; scripts, style, templates, drawings and frames are left out of the tree, navigation on request."""
    tree = LexborHTMLParser(markup)
    top = tree.root
    making = _Making(_SKIPPED if whole else _SKIPPED | _MENUS, top)
    if top is not None:
        walked = iter(top.traverse(include_text=True))
        next(walked, None)  # the root
        for node in walked:
            making.take(node)
            if len(making.index.flat) >= MAX_ELEMENTS:
                break
    for one in reversed(making.opened):
        if one is not None:
            one.close()
    return Page(making.root, tree, making.nodes, making.menus)


class _Making:
    """A page's elements while lexbor's nodes come in document order."""

    def __init__(self, skipped: frozenset[str], top: LexborNode | None) -> None:
        self.skipped = skipped
        self.index = Index()
        self.root = Element("html", _plain(top.attributes) if top is not None else {}, None, self.index)
        self.index.flat.append(self.root)
        self.names = [0, top.mem_id if top is not None else 0]  # lexbor's names of what is open, the innermost last
        self.opened: list[Element | None] = [None, self.root]  # the same as elements; None for what is left out
        self.nodes = self.names[1:]
        self.menus: list[Menu] = []
        self.silent = 0  # elements that are open and whose words are not shown

    def take(self, node: LexborNode) -> None:
        around = node.parent
        above = around.mem_id if around is not None else 0
        if self.names[-1] != above:
            self._close_up_to(above)
        parent, tag = self.opened[-1], node.tag
        if tag == "-text":
            if parent is not None:
                said = node.text_content or ""
                parent.children.append(said)
                if not self.silent:
                    self.index.words.append(said)
        elif parent is None:
            self.names.append(node.mem_id)
            self.opened.append(None)
        else:
            self._open(node, tag or "-", parent)  # an instruction (<?php ... ?>) has no tag

    def _open(self, node: LexborNode, tag: str, parent: Element) -> None:
        name, index = node.mem_id, self.index
        self.names.append(name)
        if tag in self.skipped or tag[0] in "-!":
            self.opened.append(None)
            if tag in _MENUS:
                self.menus.append(Menu(parent, len(index.flat), node))
            return
        attrs = _plain(node.attributes)
        if tag in _MADE_HEADINGS and attrs.get("role") == "heading":
            tag = "h4"
        if tag in _BLOCKS:
            index.words.append(" ")
        one = Element(tag, attrs, parent, index)
        index.orders[tag].append(one.order)
        if tag in _HEADINGS:
            index.orders[HEADING].append(one.order)
        self.silent += tag == "noscript"
        parent.children.append(one)
        index.flat.append(one)
        self.nodes.append(name)
        self.opened.append(one)

    def _close_up_to(self, above: int) -> None:
        """End what is open down to the element in which the next node is."""
        while self.names[-1] != above and len(self.names) > 1:
            self.names.pop()
            done = self.opened.pop()
            if done is not None:
                if done.tag in _BLOCKS:
                    self.index.words.append(" ")
                self.silent -= done.tag == "noscript"
                done.close()


def _plain(attrs: dict[str, str | None]) -> dict[str, str]:
    """Attributes, those without a value (<a hidden>) with an empty one."""
    if None in attrs.values():
        return {name: value or "" for name, value in attrs.items()}
    return attrs  # type: ignore[return-value]  # no value of it is None


def _marks(attrs: dict[str, str]) -> str:
    if not attrs:
        return ""
    named = attrs.get("class", "")
    if "id" in attrs:
        named = f"{named} {attrs['id']}".strip()
    return _words_of(named) if named else ""


@lru_cache(maxsize=4096)  # a page names a hundred classes, each many times
def _words_of(named: str) -> str:
    named = _BESIDE_NAMES.sub("", named)
    return _CAMEL.sub("-", named).replace("_", "-").lower()
