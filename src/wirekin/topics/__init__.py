"""The rule language of feeds.yml: which topics a text is about, and why.

rules -> groups of terms -> one automaton over the folded text -> places -> each rule's tree, evaluated on places.
The same text gives the same topics everywhere: nothing but its words is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

import ahocorasick_rs

from wirekin.errors import RuleError
from wirekin.model import TopicSlug
from wirekin.topics._forms import ANY_ENDING, forms, normal, shown
from wirekin.topics._grammar import Found, Node, Some, Span, Terms, is_expression, read_rule

__all__ = ["TopicMatch", "TopicRule", "TopicRules", "compile_rules"]

Where = tuple[str | int, ...]
"""The way from a topic to a text of it: ("rule", "fa", 2)."""

GUARDED = 3  # tails of one literal from which asking for any of them first is cheaper than asking for each
_BREAK = "\x1f"  # between title and summary: no term holds it, so no phrase crosses it


@dataclass(frozen=True, slots=True)
class TopicRule:
    """One topic of feeds.yml, as written."""

    slug: TopicSlug
    name: str
    rule: object  # a string, a list of terms, or a mapping language -> string or list
    terms: Mapping[str, object] = field(default_factory=dict)  # @name -> a list, or a mapping language -> list


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """A topic that a text is about."""

    slug: TopicSlug
    terms: tuple[str, ...]  # the words of the text that say so, each once, in reading order


@dataclass(frozen=True, slots=True)
class _Want:
    """What a literal of the automaton stands for, where its tail follows."""

    tail: str  # a pattern that must match where the literal ends; "": nothing more to ask
    groups: tuple[int, ...] = ()  # those whose term it is
    taken: tuple[int, ...] = ()  # those that it was written into as -term: it takes away what it covers


@dataclass(frozen=True, slots=True)
class TopicRules:
    """Compiled rules; make one with `compile_rules`, it may be shared by threads."""

    names: Mapping[TopicSlug, str]
    _trees: tuple[tuple[TopicSlug, Node], ...]
    _wants: tuple[tuple[_Want, ...], ...]  # of each literal
    _guards: tuple[
        str, ...
    ]  # of each literal: a pattern without which none of its tails follows, "" where not worth it
    _automaton: ahocorasick_rs.AhoCorasick | None

    @property
    def slugs(self) -> tuple[TopicSlug, ...]:
        """The topics in the order of feeds.yml."""
        return tuple(self.names)

    def match(self, title: str, summary: str = "", lang: str | None = None) -> tuple[TopicMatch, ...]:  # noqa: ARG002 - see below
        """The topics of a text, in the order of feeds.yml.

        `lang` changes nothing, so that an import without a language and a feed with one agree; scripts tell enough.
        """
        found = self._find(title, summary)
        if found is None:
            return ()
        matches = [(slug, spans) for slug, tree in self._trees if (spans := tree.true(found)) is not None]
        if not matches:
            return ()
        words = _words(found, title, summary)
        return tuple(TopicMatch(slug, _terms(spans, found, words)) for slug, spans in matches)

    def touch(self, title: str, summary: str) -> bool:
        """Whether a word or phrase of any rule stands in a text; where none does, `match` of any part of it is empty.

        Half the work of `match`, since what it reads need not be told apart: most texts of most feeds end here.
        """
        return next(self._wanted(normal(f"{title} {summary}")), None) is not None

    def _find(self, title: str, summary: str) -> Found | None:
        if self._automaton is None:
            return None
        head = normal(title)
        hay = f"{head}{_BREAK}{normal(summary)}" if summary else head
        spans: dict[int, list[Span]] = {}
        taken: dict[int, list[Span]] = {}
        for want, span in self._wanted(hay):
            for group in want.groups:
                spans.setdefault(group, []).append(span)
            for group in want.taken:
                taken.setdefault(group, []).append(span)
        for group, covers in taken.items():
            spans[group] = [span for span in spans.get(group, ()) if not _covered(span, covers)]
        return Found(hay, len(head), spans) if spans else None

    def _wanted(self, hay: str) -> Iterator[tuple[_Want, Span]]:
        """What stands in a normal text, and where."""
        if self._automaton is None:
            return
        for literal, start, end in self._automaton.find_matches_as_indexes(hay, overlapping=True):
            guard = self._guards[literal]
            if guard and not _compiled(guard).match(hay, end):
                continue
            for want in self._wants[literal]:
                if not want.tail:
                    yield want, (start + 1, end - 1)
                elif want.tail == ANY_ENDING:  # as its pattern would, at a third of the time
                    yield want, (start + 1, hay.index(" ", end))
                elif tail := _compiled(want.tail).match(hay, end):
                    yield want, (start + 1, tail.end())


@lru_cache(maxsize=8192)  # compiled when first met: few of the shipped rules' 700 tails are, and all cost 0.2 s
def _compiled(tail: str) -> re.Pattern[str]:
    return re.compile(tail)


@lru_cache(maxsize=4096)  # as `_with`
def _guard(wants: tuple[_Want, ...]) -> str:
    """One pattern for many tails: "israel" begins 37 phrases of the shipped rules, and most texts hold none of them."""
    tails = [want.tail for want in wants]
    return "|".join(tails) if len(tails) >= GUARDED and all(tails) else ""


def _covered(span: Span, covers: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in covers)


def _words(found: Found, title: str, summary: str) -> list[str]:
    """The words of the text as it spells them; folded where folding changed the number of words."""
    folded = found.hay.replace(_BREAK, "").split()
    spelt = shown(title) + shown(summary)
    return spelt if len(spelt) == len(folded) else folded


def _terms(spans: Sequence[Span], found: Found, words: list[str]) -> tuple[str, ...]:
    terms: dict[str, None] = {}
    for start, end in sorted(set(spans)):
        # a space before each word, and one more on either side of the break
        first = found.hay.count(" ", 0, start) - (1 if start < found.title_ends else 2)
        terms[" ".join(words[first : first + found.hay.count(" ", start, end) + 1])] = None
    return tuple(terms)


# --- compiling -----------------------------------------------------------------------------------------------------


class _Compiler:
    """Collects literals and groups over all topics, so that one pass over a text serves every rule."""

    def __init__(self) -> None:
        self._literals: dict[str, tuple[_Want, ...]] = {}
        self._groups = 0
        self._lists: dict[tuple[int, str], int] = {}  # two topics that share a list share its group

    def tree(self, topic: TopicRule) -> Node:
        node = self._rule(topic, topic.rule, ("rule",), None)
        if node.true(Found("", 0, {})) is not None:
            raise RuleError("this rule only says what it does not want: name what it wants, too", 0, ("rule",))
        return node

    def rules(self, names: Mapping[TopicSlug, str], trees: Sequence[tuple[TopicSlug, Node]]) -> TopicRules:
        wants = tuple(self._literals.values())
        automaton = ahocorasick_rs.AhoCorasick(list(self._literals)) if wants else None
        guards = tuple(map(_guard, wants))
        return TopicRules(MappingProxyType(dict(names)), tuple(trees), wants, guards, automaton)

    def _rule(self, topic: TopicRule, rule: object, where: Where, lang: str | None) -> Node:
        if isinstance(rule, str):
            return self._expression(topic, rule, where, lang)
        if isinstance(rule, Mapping) and lang is None and rule:
            return Some(tuple(self._rule(topic, part, (*where, key), str(key)) for key, part in rule.items()))
        if isinstance(rule, Sequence) and rule:
            return self._any_of(topic, rule, where, lang)
        raise RuleError("a rule is text, a list of terms, or a mapping from language to one of these", 0, where)

    def _any_of(self, topic: TopicRule, items: Sequence[object], where: Where, lang: str | None) -> Node:
        group = self._new_group()
        parts: list[Node] = [Terms(group)]
        for at, item in enumerate(items):
            here = (*where, at)
            if not isinstance(item, str):
                raise RuleError("a term is text (put it in quotation marks)", 0, here)
            if _is_expression(item, here):
                parts.append(self._expression(topic, item, here, lang))
            else:
                self._add(group, item, lang, here)
        return Some(tuple(parts))

    def _expression(self, topic: TopicRule, rule: str, where: Where, lang: str | None) -> Node:
        def term(text: str) -> int:
            group = self._new_group()
            self._add(group, text, lang, ())
            return group

        try:
            return read_rule(rule, term=term, named=lambda name: self._list(topic, name))
        except RuleError as error:
            raise RuleError(str(error), error.at, error.where or where) from None

    def _list(self, topic: TopicRule, name: str) -> int:
        if name not in topic.terms:
            raise RuleError(f"there is no list {name!r} under 'terms:'")
        terms = topic.terms[name]
        known = self._lists.get((id(terms), name))
        if known is not None:
            return known
        group = self._lists[id(terms), name] = self._new_group()
        for where, lang, item in _items(name, terms):
            self._add(group, item, lang, where)
        return group

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups

    def _add(self, group: int, term: str, lang: str | None, where: Where) -> None:
        counts = not (term.startswith("-") and len(term) > 1)
        try:
            shapes = forms(term if counts else term[1:], lang)
        except RuleError as error:
            raise RuleError(str(error), error.at + (not counts), where) from None
        for literal in shapes.literals:
            self._literals[literal] = _with(self._literals.get(literal, ()), shapes.tail, group, counts)


@lru_cache(maxsize=4096)  # the literals of one list want the same: one object for all of them, and 15 MB less
def _with(wants: tuple[_Want, ...], tail: str, group: int, counts: bool) -> tuple[_Want, ...]:
    """What a literal stands for when it is a term of one more group."""
    by_tail = {want.tail: want for want in wants}
    want = by_tail.get(tail, _Want(tail))
    if group not in (want.groups if counts else want.taken):
        grown = replace(want, groups=(*want.groups, group)) if counts else replace(want, taken=(*want.taken, group))
        by_tail[tail] = grown
    return tuple(by_tail.values())


def _is_expression(item: str, where: Where) -> bool:
    try:
        return is_expression(item)
    except RuleError as error:
        raise RuleError(str(error), error.at, where) from None


def _items(name: str, terms: object) -> Iterator[tuple[Where, str | None, str]]:
    by_lang = terms if isinstance(terms, Mapping) else {None: terms}
    for lang, items in by_lang.items():
        where: Where = ("terms", name) if lang is None else ("terms", name, lang)
        if isinstance(items, str) or not isinstance(items, Sequence) or not items:
            raise RuleError("a term list is a list of words and phrases", 0, where)
        for at, item in enumerate(items):
            if not isinstance(item, str):
                raise RuleError("a term is text (put it in quotation marks)", 0, (*where, at))
            yield (*where, at), lang, item


def compile_rules(rules: Sequence[TopicRule]) -> TopicRules:
    """Make one matcher of all topics.

    Raises: RuleError with the offset in the rule's text and, in `where`, the way to that text inside the topic.
    """
    compiler = _Compiler()
    trees = [(rule.slug, compiler.tree(rule)) for rule in rules]
    return compiler.rules({rule.slug: rule.name for rule in rules}, trees)
