"""The rule language: text -> tree, and a tree evaluated on the places where its terms were found.

- rule := both (OR both)*, both := each (AND each)*, each := NOT each | near
- near := place ([NOT] NEAR/n place)*
- place := title: place | ( rule ) | "phrase" | word | word* | =word | @list
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import accumulate
from typing import Protocol

from wirekin.errors import RuleError

Span = tuple[int, int]
"""Where a term stands in a text: the index of its first word and of the word after its last, title first."""


@dataclass(slots=True, eq=False)  # not frozen, since one is made for each text and that takes four times as long
class Found:
    """Where each group's terms stand in a text; never changed."""

    title_ends: int  # words of the title
    spans: Mapping[int, Sequence[Span]]

    def of(self, groups: Iterable[int]) -> list[Span]:
        """The places of any of the groups."""
        return [span for group in groups for span in self.spans.get(group, ())]


Needs = list[frozenset[int]]
FEW_PAIRS = 1_000  # pairs that are compared one by one: a headline has no more
MOST_NEEDS = 64  # sets of an AND; beyond, only those of its most selective part are kept, as needs may ask for less


class Node(Protocol):
    """A part of a rule."""

    def true(self, found: Found) -> Sequence[Span] | None:
        """The places that make it true; None if it is false."""
        ...

    def needs(self) -> Needs:
        """Necessary sets of groups: if it is true, the text holds terms of all groups of at least one set."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """Any term of one group."""

    group: int
    title_only: bool = False

    def true(self, found: Found) -> Sequence[Span] | None:
        """Where the terms stand."""
        spans = found.spans.get(self.group)
        if spans and self.title_only:
            spans = [span for span in spans if span[0] < found.title_ends]
        return spans or None

    def needs(self) -> Needs:
        """Its own group."""
        return [frozenset((self.group,))]


def _near(spans: Sequence[Span], others: Sequence[Span], words: int) -> list[Span]:
    """The spans that have one of the others within `words` words, without comparing all pairs.

    All pairs of a text of 80,000 words took 100 s (2026-11). The nearest of the others are the one that ends last
    before a span and the one that begins first after it.
    """
    ordered = sorted(others)
    ends = list(accumulate((end for _, end in ordered), max))
    near: list[Span] = []
    for span in spans:
        at = bisect_left(ordered, span)
        after = at < len(ordered) and ordered[at][0] - span[1] <= words
        if after or (at and span[0] - ends[at - 1] <= words):
            near.append(span)
    return near


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides, with at most `words` words between them, in one and the same field."""

    left: Node
    right: Node
    words: int

    def true(self, found: Found) -> Sequence[Span] | None:
        """The places that are near to one of the other side."""
        left = self.left.true(found)
        right = self.right.true(found) if left else None
        return self.met(left, right, found.title_ends) or None if left and right else None

    def met(self, left: Sequence[Span], right: Sequence[Span], ends: int) -> list[Span]:
        """The places of both sides that are near to one of the other, in a text whose title ends after `ends` words."""
        if len(left) * len(right) <= FEW_PAIRS:
            spans: dict[Span, None] = {}
            for a in left:
                for b in right:
                    between = b[0] - a[1] if a <= b else a[0] - b[1]
                    if between <= self.words and (a[0] < ends) is (b[0] < ends):
                        spans[a] = spans[b] = None
            return list(spans)
        near: list[Span] = []
        for in_title in (True, False):
            ours, theirs = ([one for one in side if (one[0] < ends) is in_title] for side in (left, right))
            near += _near(ours, theirs, self.words) + _near(theirs, ours, self.words)
        return list(dict.fromkeys(near))

    def needs(self) -> Needs:
        """Both sides' groups."""
        return _needs_of_all((self.left, self.right))


@dataclass(frozen=True, slots=True)
class Apart:
    """The left side of a NEAR, where the right one is not near."""

    near: Near

    def true(self, found: Found) -> Sequence[Span] | None:
        """The places of the left side that have none of the right one near."""
        left = self.near.left.true(found)  # asked once: twice at each of 18 in a row took 0.2 s a title (2026-11-30)
        if not left:
            return None
        right = self.near.right.true(found)
        near = frozenset(self.near.met(left, right, found.title_ends) if right else ())
        return [span for span in left if span not in near] or None

    def needs(self) -> Needs:
        """The left side's groups."""
        return self.near.left.needs()


@dataclass(frozen=True, slots=True)
class Not:
    """The absence of a rule."""

    part: Node

    def true(self, found: Found) -> Sequence[Span] | None:
        """No places, if the part is false."""
        return () if self.part.true(found) is None else None

    def needs(self) -> Needs:
        """One empty set: nothing has to stand in the text."""
        return [frozenset()]


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts."""

    parts: tuple[Node, ...]

    def true(self, found: Found) -> Sequence[Span] | None:
        """The places of all parts."""
        spans: list[Span] = []
        for part in self.parts:
            places = part.true(found)
            if places is None:
                return None
            spans += places
        return spans

    def needs(self) -> Needs:
        """All parts' groups."""
        return _needs_of_all(self.parts)


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the parts."""

    parts: tuple[Node, ...]

    def true(self, found: Found) -> Sequence[Span] | None:
        """The places of all parts that are true."""
        true = [places for part in self.parts if (places := part.true(found)) is not None]
        return [span for places in true for span in places] if true else None

    def needs(self) -> Needs:
        """Any part's groups."""
        return list(dict.fromkeys(need for part in self.parts for need in part.needs()))


def _needs_of_all(parts: Sequence[Node]) -> Needs:
    needs: Needs = [frozenset()]
    for part in parts:
        more = part.needs()
        if len(needs) * len(more) > MOST_NEEDS:
            needs = min(needs, more, key=lambda sets: (frozenset() in sets, len(sets)))
        else:
            needs = list(dict.fromkeys(a | b for a in needs for b in more))
    return needs


def parts_of(node: Node) -> list[Node]:
    """The alternatives of a rule, split at its outermost ORs."""
    return [inner for part in node.parts for inner in parts_of(part)] if isinstance(node, Some) else [node]


def groups_of(node: Node, *, wanted: bool = True) -> set[int]:
    """The groups that a rule wants; with `wanted` false those behind a NOT, which it must not find."""
    match node:
        case Terms():
            return {node.group} if wanted else set()
        case Not():
            return groups_of(node.part, wanted=not wanted)
        case Near():
            return groups_of(node.left, wanted=wanted) | groups_of(node.right, wanted=wanted)
        case Apart():
            return groups_of(node.near.left, wanted=wanted) | groups_of(node.near.right, wanted=not wanted)
        case Every() | Some():
            return set().union(*(groups_of(part, wanted=wanted) for part in node.parts))
    return set()  # pragma: no cover - there is no other


# --- reading -------------------------------------------------------------------------------------------------------

LONGEST_RULE = 20_000  # characters
DEEPEST_RULE = 40  # parentheses, NOTs and NEARs inside one another: Python gives up at 1,000 calls

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<title>title:)|(?P<near>NEAR(?:/(?P<words>\d+))?(?![^\s()]))
    |(?P<op>(?:AND|OR|NOT)(?![^\s()]))|@(?P<list>[\w-]*)|(?P<quoted>="|")|(?P<word>[^\s()"]+(?:"[^\s()"]+)*))""",
    re.VERBOSE,
)
_FIELD = re.compile(r"-?(?P<name>[^\W\d_]{2,}):(?!//)(?P<after>.?)")
DEFAULT_NEAR = 8  # words: a NEAR without a number; about one clause of a headline


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(rule: str) -> list[_Token]:
    if len(rule) > LONGEST_RULE:
        raise RuleError(f"a rule has at most {LONGEST_RULE} characters: move its terms to lists under 'terms:'")
    tokens: list[_Token] = []
    at, end = 0, len(rule.rstrip())
    while at < end:
        token, at = _token(rule, at)
        tokens.append(token)
    return [*tokens, _Token("end", "the end of the rule", end)]


def _token(rule: str, at: int) -> tuple[_Token, int]:
    found = _TOKEN.match(rule, at)
    if found is None:  # pragma: no cover - every character opens some token
        raise _wrong(f"cannot read {rule[at]!r}", at)
    kind = str(found.lastgroup if found.lastgroup != "words" else "near")
    start = found.end() - len(found[0].lstrip())
    if kind == "near":
        return _Token(kind, found["words"] or str(DEFAULT_NEAR), start), found.end()
    if kind != "quoted":
        if kind == "word":
            _refuse_field(found["word"], start)
        return _Token(kind, found[kind], start), found.end()
    close = rule.find('"', found.end())
    if close < 0:
        raise _wrong("a quotation mark without its partner", start)
    exact = "=" if found["quoted"].startswith("=") else ""
    return _Token("phrase", exact + rule[found.end() : close], start), close + 1


def _refuse_field(word: str, at: int) -> None:
    """Refuse `titel:oil` and `summary:oil`, which would be phrases of two words that nobody writes side by side.

    A time of day, an address and a word before a blank ("Live: strike") are allowed. Raises: RuleError.
    """
    found = _FIELD.match(word)
    if found and (found["after"] or get_close_matches(found["name"].lower(), ["title"])):
        raise _wrong(f"there is no field {found['name']}:, only title: (a phrase is written in quotation marks)", at)


def _wrong(message: str, at: int) -> RuleError:
    return RuleError(f"{message} at character {at + 1}", at)


class _Reader:
    """Recursive descent over one rule; `term` and `named` turn leaves into groups."""

    def __init__(self, rule: str, term: Callable[[str], int], named: Callable[[str], int]) -> None:
        self._tokens = _tokens(rule)
        self._next = 0
        self._term = term
        self._named = named
        self._depth = 0

    def rule(self) -> Node:
        node = self._some(title_only=False)
        token = self._peek()
        if token.kind == "close":
            raise _wrong("unbalanced parenthesis", token.at)
        if token.kind != "end":
            raise _wrong(f"expected AND, OR or NEAR/n before {token.text!r}{_hint(token)}", token.at)
        return node

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _operator(self, text: str) -> bool:
        token = self._peek()
        if token.kind == "op" and token.text == text:
            self._take()
            return True
        return False

    def _some(self, *, title_only: bool) -> Node:
        parts = [self._every(title_only=title_only)]
        while self._operator("OR"):
            parts.append(self._every(title_only=title_only))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _every(self, *, title_only: bool) -> Node:
        parts = [self._each(title_only=title_only)]
        while self._operator("AND"):
            parts.append(self._each(title_only=title_only))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _each(self, *, title_only: bool) -> Node:
        if self._operator("NOT"):
            return Not(self._deeper(self._each, title_only=title_only))
        node = self._place(title_only=title_only)
        while (apart := self._is_apart()) or self._peek().kind == "near":
            near = self._take()
            right = self._place(title_only=title_only)
            if not (_is_place(node) and _is_place(right)):
                raise _wrong("NEAR needs terms, lists or (a OR b) on both sides", near.at)
            pair = Near(node, right, int(near.text))
            node = Apart(pair) if apart else pair
            if _height(node) > DEEPEST_RULE:
                raise _wrong("a rule nested too deeply", near.at)
        return node

    def _is_apart(self) -> bool:
        """Whether NOT and NEAR come next; NOT is then taken."""
        following = self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        return following.kind == "near" and self._operator("NOT")

    def _deeper(self, read: Callable[..., Node], *, title_only: bool) -> Node:
        self._depth += 1
        if self._depth > DEEPEST_RULE:
            raise _wrong("a rule nested too deeply", self._peek().at)
        node = read(title_only=title_only)
        self._depth -= 1
        return node

    def _place(self, *, title_only: bool) -> Node:
        token = self._take()
        match token.kind:
            case "title":
                return self._deeper(self._place, title_only=True)
            case "open":
                return self._closed(token, title_only=title_only)
            case "list":
                return Terms(self._leaf(self._named, token), title_only)
            case "phrase" | "word":
                return Terms(self._leaf(self._term, token), title_only)
            case "close":
                raise _wrong("unbalanced parenthesis", token.at)
            case _:
                found = f"NEAR/{token.text}" if token.kind == "near" else token.text
                raise _wrong(f"expected a term, found {found}", token.at)

    def _closed(self, opening: _Token, *, title_only: bool) -> Node:
        node = self._deeper(self._some, title_only=title_only)
        if self._peek().kind == "end":
            raise _wrong("unbalanced parenthesis", opening.at)
        if self._peek().kind != "close":
            token = self._peek()
            raise _wrong(f"expected AND, OR or NEAR/n before {token.text!r}{_hint(token)}", token.at)
        self._take()
        return node

    @staticmethod
    def _leaf(group_of: Callable[[str], int], token: _Token) -> int:
        try:
            return group_of(token.text)
        except RuleError as error:
            if error.where:  # it lies in a named list, not in this text
                raise
            raise _wrong(str(error), token.at) from None


def _hint(token: _Token) -> str:
    if token.kind == "op":  # a NOT, for AND and OR were taken
        return " (a AND NOT b, or a NOT NEAR/n b)"
    if token.text.upper() in {"AND", "OR", "NOT"}:
        return " (operators are written in capitals)"
    return " (a phrase is written in quotation marks)" if token.kind == "word" else ""


def _is_place(node: Node) -> bool:
    if isinstance(node, Some):
        return all(_is_place(part) for part in node.parts)
    return isinstance(node, Terms | Near | Apart)


def _height(place: Node) -> int:
    """How many NEARs stand inside one another in a place; of `a NEAR b NEAR c` the first is inside the second."""
    match place:
        case Apart():
            return _height(place.near)
        case Near():
            return 1 + max(_height(place.left), _height(place.right))
        case Some():
            return max(map(_height, place.parts))
    return 0


def read_rule(rule: str, *, term: Callable[[str], int], named: Callable[[str], int]) -> Node:
    """The tree of a rule.

    `term` gives the group of a word or phrase and `named` that of the list `@name`; both may raise RuleError.
    Raises: RuleError with the offset of what is wrong.
    """
    return _Reader(rule, term, named).rule()


def is_expression(item: str) -> bool:
    """Whether an item of a list is written as a rule: operators, quotes, parentheses, title: or @."""
    kinds = {token.kind for token in _tokens(item)}
    return not kinds <= {"word", "end"}
