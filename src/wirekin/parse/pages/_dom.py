"""A page as a light tree of plain elements, which the extraction can ask many questions at little cost.

    read: markup -> lexbor parses it, drops scripts, frames and (unless `whole`) navigation, and serialises the rest
    -> one regular expression finds all tokens -> `_take` makes the elements in document order and one list of words

lexbor's output is well-formed: every element is closed, and "<" and ">" never occur in a text or an attribute. So one
regular expression finds all tags, in four fifths of the time of walking lexbor's nodes one by one (2026-11). An
element's descendants and its words are slices of the lists of its page (`Index`), so most questions walk no tree.
"""

from __future__ import annotations

import contextlib
import gc
import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from wirekin.parse.pages._attributes import ALT, CLASS, HREF, MAX_KEPT, attributes_of, marks_of, unescaped, value
from wirekin.parse.pages._markup import with_shadows
from wirekin.parse.pages._rails import may_hold_rail, with_rails

MAX_HEIGHT = 100  # ancestors that are visited; the deepest link of 65 real pages has 23 (2026-11)
MAX_ELEMENTS = 200_000  # per page; the largest of 65 real pages has 3,781 (2026-11)
MOST_AT_ONCE = 50_000  # tokens that are collected in one list, which takes 12 MB; more are read one by one
MAX_TOKENS = 3 * MAX_ELEMENTS  # start tags, end tags and comments that are read

# Of what lexbor writes: a tag ("/p" for its end) or a comment, which may hold another's begin; attributes; text behind.
_TOKEN = re.compile(r"<(!--.*?--(?=>)|[^ >]*+)([^>]*+)>([^<]*+)", re.DOTALL)
# Elements without headlines. In those of the second line lexbor does not escape "<".
_SKIPPED = ("script", "style", "template", "svg", "math", "iframe", "object", "select", "textarea",
            "xmp", "noembed", "noframes", "plaintext")  # fmt: skip
_MENUS = ("nav", "menu", "dialog")
_LEFT_OUT = (",".join((*_SKIPPED, *_MENUS)), ",".join(_SKIPPED))  # CSS of what is removed: with menus, without them
_VOID = frozenset([
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
])  # fmt: skip
HEADING = "h1-h6"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MADE_HEADINGS = frozenset({"div", "span", "p"})  # headings if they have role="heading"
_GAP = " \n"  # in a page's words, the boundary of a block; compared by identity, so that no equal text is taken for one
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "td", "th", "thead", "tr", "ul",
])  # fmt: skip


class Index:
    """Data shared by the elements of one page: the elements in document order, positions by tag, and all words."""

    __slots__ = ("flat", "lengths", "orders", "tied", "unseen", "weights", "words")

    def __init__(self) -> None:
        self.flat: list[Element] = []
        self.orders: defaultdict[str, list[int]] = defaultdict(list)  # by tag; all headings also under HEADING
        self.tied: list[Element] = []  # elements with a list of children: reference cycles, broken by `Page.forget`
        self.words: list[str] = []  # every text in document order, with a _GAP where a block begins and ends
        self.lengths: list[int] = []  # prefix sums of the lengths of `words`
        self.unseen: defaultdict[int, list[Element | str]] = defaultdict(list)  # texts in <noscript> by parent's order
        self.weights: dict[int, int] = {}  # number of words of long blocks by order, a cache of `_cards`


class Element:
    """One element. `order` is its position in document order; its descendants have the orders up to `end`.

    Its words are `index.words[first_word:last_word]`. Attributes, children and marks are made on first access.
    """

    __slots__ = (
        "_attrs",
        "_children",
        "_href",
        "_marks",
        "_said",
        "end",
        "first_word",
        "index",
        "last_word",
        "order",
        "parent",
        "tag",
        "written",
    )

    def __init__(
        self, tag: str, written: str, parent: Element | None, index: Index, order: int = 0, word: int = 0
    ) -> None:
        self.tag = tag
        self.written = written  # its attributes as lexbor serialises them, each after a blank
        self.parent = parent
        self.index = index
        self.order = self.end = order
        self.first_word = self.last_word = word
        self._attrs: dict[str, str] | None = None
        self._children: list[Element | str] | None = None
        self._href: str | None = None
        self._marks: str | None = None
        self._said: str | None = None

    @property
    def attrs(self) -> dict[str, str]:
        """The attributes by name; one without a value (<a hidden>) has ""."""
        if self._attrs is None:
            read = attributes_of if len(self.written) <= MAX_KEPT else attributes_of.__wrapped__
            self._attrs = read(self.written)
        return self._attrs

    @property
    def children(self) -> list[Element | str]:
        """Child elements and texts in document order."""
        if self._children is None:
            self._children = _children(self)
        return self._children

    @property
    def marks(self) -> str:
        """Class and id as one string of words, camelCase split: the names that its author gave it."""
        if self._marks is None:
            read = marks_of if len(self.written) <= MAX_KEPT else marks_of.__wrapped__
            self._marks = read(self.written) if self.written else ""
        return self._marks

    @property
    def named(self) -> str:
        """The class attribute; "" if it has none."""
        return value(CLASS, self.written)

    @property
    def href(self) -> str:
        """The href attribute as written; "" if it has none."""
        if self._href is None:
            self._href = value(HREF, self.written)
        return self._href

    @property
    def alt(self) -> str:
        """The alt text; "" if it has none."""
        return value(ALT, self.written)

    def has(self, name: str) -> bool:
        """Return False if it certainly lacks an attribute: a substring search, much cheaper than `attrs`."""
        return f' {name}="' in self.written

    def walk(self, skip: Callable[[Element], bool] | None = None) -> Iterable[Element]:
        """Yield the element and its descendants in document order, without the subtrees for which `skip` is true."""
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
        """Return itself and its descendants with a tag (HEADING: all six), in document order, at most `most`."""
        orders = self.index.orders.get(tag)
        if orders is None:
            return []
        flat, first = self.index.flat, bisect_left(orders, self.order)
        return [flat[at] for at in orders[first : min(bisect_right(orders, self.end), first + most)]]

    def counts(self, tag: str) -> int:
        """Count itself and its descendants with a tag."""
        orders = self.index.orders.get(tag)
        return bisect_right(orders, self.end) - bisect_left(orders, self.order) if orders else 0

    @property
    def first(self) -> Element | None:
        """The first child element; None if there is none."""
        return self.index.flat[self.order + 1] if self.order < self.end else None

    @property
    def last(self) -> Element:
        """The last child element; itself if there is none."""
        one = self.index.flat[self.end]
        while one is not self and one.parent is not self and one.parent is not None:
            one = one.parent
        return one

    def elements(self) -> Iterator[Element]:
        """Yield the child elements."""
        flat, at = self.index.flat, self.order + 1
        while at <= self.end:
            yield flat[at]
            at = flat[at].end + 1

    @property
    def next(self) -> Element | None:
        """The next sibling element, found without a list of all siblings, of which there may be 100,000."""
        flat = self.index.flat
        after = flat[self.end + 1] if self.end + 1 < len(flat) else None
        return after if after is not None and after.parent is self.parent else None

    @property
    def previous(self) -> Element | None:
        """The previous sibling element."""
        before = self.index.flat[self.order - 1] if self.order else None
        while before is not None and before is not self.parent and before.parent is not self.parent:
            before = before.parent
        return before if before is not self.parent else None

    def ancestors(self) -> Iterator[Element]:
        """Yield the ancestors from the parent upwards, at most MAX_HEIGHT of them."""
        one = self.parent
        for _ in range(MAX_HEIGHT):
            if one is None:
                return
            yield one
            one = one.parent

    def text(self, skip: Callable[[Element], bool] | None = None) -> str:
        """Return the text in it, without the subtrees for which `skip` is true; blocks apart, white space collapsed."""
        if skip is not None:
            return self._text(skip)
        if self._said is None:
            self._said = " ".join("".join(self.index.words[self.first_word : self.last_word]).split())
        return self._said

    def _text(self, skip: Callable[[Element], bool]) -> str:
        flat, words = self.index.flat, self.index.words
        parts: list[str] = []
        at, word = self.order + 1, self.first_word
        while at <= self.end:
            one = flat[at]
            at += 1
            if skip(one):
                parts += words[word : one.first_word]
                parts.append(" ")
                at, word = one.end + 1, one.last_word
        parts += words[word : self.last_word]
        return " ".join("".join(parts).split())

    @property
    def has_words(self) -> bool:
        """True if there may be text in it; white space counts."""
        return self.first_word < self.last_word

    @property
    def is_silent(self) -> bool:
        """True if `text` is empty; cheaper, because the text is not joined."""
        return all(map(str.isspace, self.index.words[self.first_word : self.last_word]))

    def shows(self, what: re.Pattern[str], one_of: str = "") -> bool:
        """Return whether a pattern without blanks matches in its raw text, in which white space is not collapsed.

        An ASCII text is searched only if it has one of the characters `one_of`, which takes a tenth of the time.
        """
        words = "".join(self.index.words[self.first_word : self.last_word])
        if one_of and words.isascii() and not any(char in words for char in one_of):
            return False
        return what.search(words) is not None

    def is_longer(self, chars: int) -> bool:
        """Return whether its text has more than `chars` characters; the raw length answers for most elements."""
        lengths = self.index.lengths
        return lengths[self.last_word] - lengths[self.first_word] > chars and len(self.text()) > chars

    def holds(self, other: Element) -> bool:
        """Return whether `other` is a descendant."""
        return self.order < other.order <= self.end

    @property
    def size(self) -> int:
        """The number of its descendants."""
        return self.end - self.order


def _children(one: Element) -> list[Element | str]:
    one.index.tied.append(one)
    flat, words = one.index.flat, one.index.words
    found = list(one.index.unseen.get(one.order, ()))
    at, word = one.order + 1, one.first_word
    while at <= one.end:
        child = flat[at]
        if word < child.first_word:
            found += [text for text in words[word : child.first_word] if text is not _GAP]
        found.append(child)
        at, word = child.end + 1, child.last_word
    return found + [text for text in words[word : one.last_word] if text is not _GAP]


@dataclass(frozen=True, slots=True)
class Menu:
    """An element that is navigation by its tag. Menus have no headlines, but a fifth of a page's elements (2026-11)."""

    parent: Element
    order: int  # the order that its first element would have had
    tag: str
    attrs: dict[str, str]
    links: list[tuple[str, str]]  # address as written, and text


@contextlib.contextmanager
def opened(markup: bytes, *, whole: bool, traced: bool = False) -> Iterator[Page]:
    """Open a page; only a `whole` one has its navigation. Python's cyclic garbage collector is off inside the block.

    The elements are tens of thousands of objects in reference cycles. Scanning them again and again took a quarter of
    a page's time (2026-11).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        page = read(markup, whole=whole, traced=traced)
        try:
            yield page
        finally:
            page.forget()
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: the root element, the scripts, and the mapping of lexbor's nodes to ours for CSS selectors."""

    root: Element
    written: list[tuple[str, str]]  # type in lower case, and text, of each script
    menus: list[Menu]  # the navigation that was left out; empty unless the page is traced
    markup: bytes
    tree: LexborHTMLParser | None = None  # only of a page that is read whole
    nodes: list[int] = field(default_factory=list)  # lexbor's node id of each element, indexed by order
    selected: dict[str, list[int]] = field(default_factory=dict)  # the orders of what each selector found

    def select(self, css: str, inside: Element | None = None) -> list[Element]:
        """Return a whole page's elements that match a CSS selector, in order. Raises ValueError for an invalid one."""
        if css not in self.selected:  # once a page: asking for each of 1,500 items took 12 s (2026-12)
            self.selected[css] = self._orders(css)
        orders, flat = self.selected[css], self.root.index.flat
        first, last = (inside.order + 1, inside.end) if inside is not None else (0, len(flat) - 1)
        return [flat[at] for at in orders[bisect_left(orders, first) : bisect_right(orders, last)]]

    def _orders(self, css: str) -> list[int]:
        try:
            found = {node.mem_id for node in self.tree.css(css)} if self.tree is not None else set()
        except SelectolaxError as error:
            raise ValueError(str(error)) from error
        return [at for at, node in enumerate(self.nodes) if node in found]

    def forget(self) -> None:
        """Break the reference cycles, so that the elements are freed at once, without the garbage collector."""
        for one in self.root.index.tied:
            one.children.clear()
        self.root.index.flat.clear()

    def scripts(self, kinds: Container[str]) -> Iterator[tuple[str, str]]:
        """Yield type and text of each script of these types; the types are in lower case."""
        return ((kind, written) for kind, written in self.written if kind in kinds)


def read(markup: bytes, *, whole: bool = True, traced: bool = False) -> Page:
    """Parse a page. The tree has no scripts, styles, templates, drawings and frames, and navigation only if `whole`.

    Args:
        markup: the page, in UTF-8.
        whole: keep navigation, and prepare the page for `select`.
        traced: if not `whole`, keep the links of the navigation in `menus`.

    """
    tree = LexborHTMLParser(markup := with_shadows(markup))
    left_out = tree.css(_LEFT_OUT[whole or traced])
    if not whole and may_hold_rail(tree.css("nav") if traced else left_out):
        tree = LexborHTMLParser(with_rails(markup))  # few pages need it: searching the bytes of all took longer
        left_out = tree.css(_LEFT_OUT[traced])
    scripts = [_script(node) for node in left_out if node.tag == "script"]
    tree.strip_tags(sorted({node.tag or "" for node in left_out}), recursive=True)
    html = tree.root.html if tree.root is not None else None
    index = Index()
    menus = _take(index, iter(_tokens(html or "<html></html>")), () if whole else _MENUS)
    index.lengths = list(accumulate(map(len, index.words), initial=0))
    _link_rows(index)
    if not whole:
        return Page(index.flat[0], scripts, menus, markup)
    tree = LexborHTMLParser(markup)
    return Page(index.flat[0], scripts, menus, markup, tree, list(_nodes(tree)))


def _script(node: LexborNode) -> tuple[str, str]:
    return (node.attributes.get("type") or "").strip().lower(), node.text(deep=True) or ""


def _nodes(tree: LexborHTMLParser) -> Iterator[int]:
    """Yield lexbor's ids of the elements that `read` keeps, in document order."""
    out = set[int]()
    for node in tree.root.traverse() if tree.root is not None else ():
        above, tag = node.parent, node.tag or "-"
        if tag in _SKIPPED or (above is not None and above.mem_id in out):
            out.add(node.mem_id)
        elif tag[0] not in "-!":
            yield node.mem_id


def _tokens(html: str) -> Iterable[tuple[str, str, str]]:
    if html.count("<") <= MOST_AT_ONCE:
        return _TOKEN.findall(html)
    return (found.groups() for found in islice(_TOKEN.finditer(html), MAX_TOKENS))  # type: ignore[misc]


def _take(index: Index, tokens: Iterator[tuple[str, str, str]], menus: Container[str]) -> list[Menu]:
    """Fill a page's index with its elements, and return the navigation that is left out.

    A page has thousands of tokens. The body of the loop is inlined: with function calls it took nearly twice the time.
    """
    flat, words, orders = index.flat, index.words, index.orders
    left_out: list[Menu] = []
    around: Element | None = None
    silent = 0  # number of open <noscript> elements
    for tag, attributes, behind in tokens:
        mark, said = tag[:1], behind
        if mark == "/" and around is not None:
            if around.tag in _BLOCKS:
                words.append(_GAP)
            around.end, around.last_word = len(flat) - 1, len(words)
            around = around.parent
            silent -= tag == "/noscript"
        elif tag in menus and around is not None:
            menu, said = _menu(around, tag, attributes, tokens)
            left_out.append(menu)
        elif mark not in "/!?":
            name, written = _by_role(tag, attributes) if ' role="' in attributes else (tag, attributes)
            if name in _BLOCKS:
                words.append(_GAP)
            one = Element(name, written, around, index, len(flat), len(words))
            orders[name].append(one.order)
            if name in _HEADINGS:
                orders[HEADING].append(one.order)
            flat.append(one)
            if tag not in _VOID:
                around = one
                silent += tag == "noscript"
            if one.order >= MAX_ELEMENTS - 1:
                break
        if said and not silent:
            words.append(unescaped(said) if "&" in said else said)
        elif said and around is not None and not said.isspace():
            index.unseen[around.order].append(unescaped(said))
    _close(around, index)
    return left_out


def _close(around: Element | None, index: Index) -> None:
    """Close the elements that are still open where the page ends or was cut."""
    while around is not None:
        if around.tag in _BLOCKS:
            index.words.append(_GAP)
        around.end, around.last_word = len(index.flat) - 1, len(index.words)
        around = around.parent


def _by_role(tag: str, written: str) -> tuple[str, str]:
    """Turn an element into what its role says: a heading, or a link whose address is in data-href for a script."""
    if tag in _MADE_HEADINGS and ' role="heading"' in written:
        return "h4", written
    if ' role="link"' in written and ' data-href="' in written and not HREF.search(written):
        return "a", written.replace(' data-href="', ' href="')
    return tag, written


def _link_rows(index: Index) -> None:
    """Turn table rows with a data-href and no link in them into links: a script opens that address on a click."""
    for at in index.orders.get("tr", ()):
        row = index.flat[at]
        if ' data-href="' in row.written and not row.counts("a"):
            row.tag, row.written = "a", row.written.replace(' data-href="', ' href="')
            insort(index.orders["a"], at)


def _menu(around: Element, tag: str, written: str, tokens: Iterator[tuple[str, str, str]]) -> tuple[Menu, str]:
    """Read a navigation element to its end; return it and the text after it."""
    menu = Menu(around, len(around.index.flat), tag, attributes_of(written), [])
    href, words, height = "", "", 1
    for inner, attributes, said in tokens:
        if inner == "a":
            href, words = attributes_of(attributes).get("href", ""), ""
        elif inner == "/a" and href:
            menu.links.append((href, " ".join(unescaped(words).split())))
            href = ""
        words += said
        if inner.startswith("/"):
            height -= 1
        elif not inner.startswith(("!", "?")) and inner not in _VOID:
            height += 1
        if not height:
            return menu, said
    return menu, ""
