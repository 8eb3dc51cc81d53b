"""A page as a light tree: parsed by lexbor, written out again by it, and read once into plain elements.

What lexbor writes is well-formed: every element ends, no "<" or ">" stands in a text or an attribute. So one regular
expression finds all tags at once: four fifths of the time that asking lexbor for its nodes one by one took (2026-11).
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

from wirekin.parse._attributes import ALT, CLASS, HREF, MAX_KEPT, attributes_of, marks_of, unescaped, value
from wirekin.parse._markup import with_shadows
from wirekin.parse._rails import may_hold_rail, with_rails

MAX_HEIGHT = 100  # ancestors that are asked; the deepest link of 65 real pages has 23, 2026-11
MAX_ELEMENTS = 200_000  # of one page; the largest of 65 real pages has 3,781, 2026-11
MOST_AT_ONCE = 50_000  # tags and ends of tags that are found before the first is looked at: 12 MB
MAX_TOKENS = 3 * MAX_ELEMENTS  # tags, ends of tags and comments that are read

# Of what lexbor writes: a tag ("/p" for its end) or a comment, which may hold another's begin; attributes; text behind.
_TOKEN = re.compile(r"<(!--.*?--(?=>)|[^ >]*+)([^>]*+)>([^<]*+)", re.DOTALL)
# No headline is in it; in those of the second line lexbor writes "<" as it stands.
_SKIPPED = ("script", "style", "template", "svg", "math", "iframe", "object", "select", "textarea",
            "xmp", "noembed", "noframes", "plaintext")  # fmt: skip
_MENUS = ("nav", "menu", "dialog")
_LEFT_OUT = (",".join((*_SKIPPED, *_MENUS)), ",".join(_SKIPPED))  # as CSS: without navigation, and with it
_VOID = frozenset([
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
])  # fmt: skip
HEADING = "h1-h6"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MADE_HEADINGS = frozenset({"div", "span", "p"})  # headings by their role
_GAP = " \n"  # among a page's words: a block begins or ends; told from a text that says the same by its identity
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "td", "th", "thead", "tr", "ul",
])  # fmt: skip


class Index:
    """What the elements of one page share: themselves in document order, where each tag stands, and their words."""

    __slots__ = ("flat", "lengths", "orders", "tied", "unseen", "weights", "words")

    def __init__(self) -> None:
        self.flat: list[Element] = []
        self.orders: defaultdict[str, list[int]] = defaultdict(list)  # by tag; all headings also under HEADING
        self.tied: list[Element] = []  # whose children know them and are known to them
        self.words: list[str] = []  # every text in document order, a _GAP where a block begins and ends
        self.lengths: list[int] = []  # characters in the words before each, and in all
        self.unseen: defaultdict[int, list[Element | str]] = defaultdict(list)  # texts of <noscript>, by whose they are
        self.weights: dict[int, int] = {}  # words of long blocks, by their orders, as `_cards` counts them


class Element:
    """One element. What is in it has orders from its own to `end`.

    Attributes, children and names are made when they are first asked for: of most elements they never are.
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
        self.written = written  # its attributes as lexbor writes them, a blank before each
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
        """Its attributes; one without a value (<a hidden>) has an empty one."""
        if self._attrs is None:
            read = attributes_of if len(self.written) <= MAX_KEPT else attributes_of.__wrapped__
            self._attrs = read(self.written)
        return self._attrs

    @property
    def children(self) -> list[Element | str]:
        """Elements and texts in order."""
        if self._children is None:
            self._children = _children(self)
        return self._children

    @property
    def marks(self) -> str:
        """Its class and id as one string of words, camelCase split: what its author calls it."""
        if self._marks is None:
            read = marks_of if len(self.written) <= MAX_KEPT else marks_of.__wrapped__
            self._marks = read(self.written) if self.written else ""
        return self._marks

    @property
    def named(self) -> str:
        """Its class; "" where it has none."""
        return value(CLASS, self.written)

    @property
    def href(self) -> str:
        """Where it links to, as written; "" for nowhere."""
        if self._href is None:
            self._href = value(HREF, self.written)
        return self._href

    @property
    def alt(self) -> str:
        """What stands for it where it is not seen; "" for nothing."""
        return value(ALT, self.written)

    def has(self, name: str) -> bool:
        """True where it may have an attribute; False, without the work of `attrs`, where it has none."""
        return f' {name}="' in self.written

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
    def first(self) -> Element | None:
        """The first of its children that are elements."""
        return self.index.flat[self.order + 1] if self.order < self.end else None

    @property
    def last(self) -> Element:
        """The last of its children that are elements; itself where it has none."""
        one = self.index.flat[self.end]
        while one is not self and one.parent is not self and one.parent is not None:
            one = one.parent
        return one

    def elements(self) -> Iterator[Element]:
        """Its children that are elements."""
        flat, at = self.index.flat, self.order + 1
        while at <= self.end:
            yield flat[at]
            at = flat[at].end + 1

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
        """True where there may be text in it."""
        return self.first_word < self.last_word

    @property
    def is_silent(self) -> bool:
        """True where `text` is empty; found without putting it together."""
        return all(map(str.isspace, self.index.words[self.first_word : self.last_word]))

    def shows(self, what: re.Pattern[str], one_of: str = "") -> bool:
        """True where an expression without blanks is found in its text, which is not put in order for it.

        In ASCII it is looked for only where there is `one_of` some characters: a tenth of its time.
        """
        words = "".join(self.index.words[self.first_word : self.last_word])
        if one_of and words.isascii() and not any(char in words for char in one_of):
            return False
        return what.search(words) is not None

    def is_longer(self, chars: int) -> bool:
        """True where the text in it has more characters; most say so by what they are written with."""
        lengths = self.index.lengths
        return lengths[self.last_word] - lengths[self.first_word] > chars and len(self.text()) > chars

    def holds(self, other: Element) -> bool:
        """True where `other` is in it."""
        return self.order < other.order <= self.end

    @property
    def size(self) -> int:
        """How many elements are in it."""
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
    """Navigation by its tag: no headline is in it, and a fifth of a page's elements are, 2026-11."""

    parent: Element
    order: int  # that its first element would have had
    tag: str
    attrs: dict[str, str]
    links: list[tuple[str, str]]  # address as written and words


@contextlib.contextmanager
def opened(markup: bytes, *, whole: bool, traced: bool = False) -> Iterator[Page]:
    """A page while it is read, with navigation only where it is to be `whole`. Python looks for no cycles meanwhile.

    The elements are tens of thousands of objects tied in a ring, and looking through them again and again took a
    quarter of the time of a page, 2026-11.
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
    """A parsed page: the root element, its scripts, and the way from lexbor's nodes (CSS) to ours."""

    root: Element
    written: list[tuple[str, str]]  # type, in lower case, and text of each script
    menus: list[Menu]  # what was left out as navigation, where it was to be told of
    tree: LexborHTMLParser | None = None  # of a page that is read whole
    nodes: list[int] = field(default_factory=list)  # lexbor's name of each element, at its order

    def select(self, css: str, inside: Element | None = None) -> list[Element]:
        """The elements of a page that was read whole which match a CSS selector, in document order.

        Raises:
            ValueError: the selector is none.

        """
        try:
            found = {node.mem_id for node in self.tree.css(css)} if self.tree is not None else set()
        except SelectolaxError as error:
            raise ValueError(str(error)) from error
        first, last = (inside.order + 1, inside.end) if inside is not None else (0, len(self.root.index.flat) - 1)
        flat = self.root.index.flat
        return [flat[at] for at in range(first, last + 1) if self.nodes[at] in found] if found else []

    def forget(self) -> None:
        """Untie the elements from one another, so that they go at once and not when cycles are looked for."""
        for one in self.root.index.tied:
            one.children.clear()
        self.root.index.flat.clear()

    def scripts(self, kinds: Container[str]) -> Iterator[tuple[str, str]]:
        """The type of each script of these types, in lower case, and what is written in it."""
        return ((kind, written) for kind, written in self.written if kind in kinds)


def css_complaint(css: str) -> str:
    """What is wrong with a CSS selector; "" where nothing is."""
    try:
        LexborHTMLParser("<p></p>").css(css)
    except (SelectolaxError, ValueError) as error:
        return str(error) or "not understood"
    return ""


def read(markup: bytes, *, whole: bool = True, traced: bool = False) -> Page:
    """Parse a page; scripts, style, templates, drawings and frames are left out of the tree, navigation on request.

    Args:
        markup: the page, in UTF-8.
        whole: with navigation, and ready for `select`.
        traced: where it is not whole, what is left out as navigation is remembered as `menus`.

    """
    tree = LexborHTMLParser(markup := with_shadows(markup))
    left_out = tree.css(_LEFT_OUT[whole or traced])
    if not whole and may_hold_rail(tree.css("nav") if traced else left_out):
        tree = LexborHTMLParser(with_rails(markup))  # few pages: to look through the bytes of all took longer
        left_out = tree.css(_LEFT_OUT[traced])
    scripts = [_script(node) for node in left_out if node.tag == "script"]
    tree.strip_tags(sorted({node.tag or "" for node in left_out}), recursive=True)
    html = tree.root.html if tree.root is not None else None
    index = Index()
    menus = _take(index, iter(_tokens(html or "<html></html>")), () if whole else _MENUS)
    index.lengths = list(accumulate(map(len, index.words), initial=0))
    _link_rows(index)
    if not whole:
        return Page(index.flat[0], scripts, menus)
    tree = LexborHTMLParser(markup)
    return Page(index.flat[0], scripts, menus, tree, list(_nodes(tree)))


def _script(node: LexborNode) -> tuple[str, str]:
    return (node.attributes.get("type") or "").strip().lower(), node.text(deep=True) or ""


def _nodes(tree: LexborHTMLParser) -> Iterator[int]:
    """Lexbor's names of the elements that `read` keeps of a tree, in document order."""
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
    """Fill a page's index with its elements; what is left out as navigation.

    A page has thousands of tokens: what is done for each stands here, and called it took nearly twice the time.
    """
    flat, words, orders = index.flat, index.words, index.orders
    left_out: list[Menu] = []
    around: Element | None = None
    silent = 0  # elements that are open and whose words are not shown
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
    """What is still open where the page was cut ends there."""
    while around is not None:
        if around.tag in _BLOCKS:
            index.words.append(_GAP)
        around.end, around.last_word = len(index.flat) - 1, len(index.words)
        around = around.parent


def _by_role(tag: str, written: str) -> tuple[str, str]:
    """What an element is by its role: a heading, or a link whose address a script reads from its data-href."""
    if tag in _MADE_HEADINGS and ' role="heading"' in written:
        return "h4", written
    if ' role="link"' in written and ' data-href="' in written and not HREF.search(written):
        return "a", written.replace(' data-href="', ' href="')
    return tag, written


def _link_rows(index: Index) -> None:
    """Rows of tables that a script opens, without a link in them, are links in all but their tag."""
    for at in index.orders.get("tr", ()):
        row = index.flat[at]
        if ' data-href="' in row.written and not row.counts("a"):
            row.tag, row.written = "a", row.written.replace(' data-href="', ' href="')
            insort(index.orders["a"], at)


def _menu(around: Element, tag: str, written: str, tokens: Iterator[tuple[str, str, str]]) -> tuple[Menu, str]:
    """Navigation to its end, and the text behind it."""
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
