"""The rule language of feeds.yml: which topics a text is about, and why.

compiling: rules -> trees over groups of terms (`_grammar`), and one lexicon of the words of all groups (`_lexicon`)
a text:    title, summary -> folded words -> the places of each group's terms -> the trees that these may make true

A group is a list of terms, or a single term of a rule. The same text gives the same topics everywhere, because nothing
but its words counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from wirekin.errors import RuleError
from wirekin.model import TopicSlug
from wirekin.topics._forms import FOLDED, parted
from wirekin.topics._grammar import Found, Node, Some, Span, Terms, groups_of, is_expression, parts_of, read_rule
from wirekin.topics._lent import Told, lent
from wirekin.topics._lexicon import Lexicon, Met, Read, Reason, find, found_of, places
from wirekin.topics._patterns import Added, bits

__all__ = ["Explained", "Met", "Reason", "Told", "TopicMatch", "TopicRule", "TopicRules", "compile_rules"]

_SETS = 1 << 14  # sets of groups that stand in one text, for each of which the parts that may be true are cached

Where = tuple[str | int, ...]
"""The path from a topic to one of its texts: ("rule", "fa", 2)."""


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
class Explained:
    """A topic that a text is about, or nearly so, and the terms that decide it."""

    slug: TopicSlug
    matches: bool
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    """What a NOT found. If it is empty and the topic does not match, NEAR or title: wants its terms in other places."""


@dataclass(frozen=True, slots=True)
class TopicRules:
    """Compiled rules, made by `compile_rules`; threads may share them."""

    names: Mapping[TopicSlug, str]
    _trees: tuple[tuple[TopicSlug, Node], ...]
    _parts: tuple[tuple[TopicSlug, Node], ...]  # the alternatives of each tree, split at its outermost ORs
    _likely_of: Callable[[int], tuple[int, ...]]  # bitmask of the groups in a text -> indices of parts that may be true
    _lists: Mapping[int, str]  # group -> the name of its list
    _lexicon: Lexicon

    @property
    def slugs(self) -> tuple[TopicSlug, ...]:
        """The topics in the order of feeds.yml."""
        return tuple(self.names)

    def match(self, title: str, summary: str = "", lang: str | None = None) -> tuple[TopicMatch, ...]:  # noqa: ARG002 - see below
        """The topics of a text, in the order of feeds.yml.

        `lang` is ignored, so that an import without a language and a feed with one agree; scripts tell enough.
        """
        read = self._likely(title, summary)
        if read is None:
            return ()
        found = find(*read)
        if not found.spans:
            return ()
        true: dict[TopicSlug, list[Span]] = {}
        for slug, part in self._standing(found):
            spans = part.true(found)
            if spans is not None:
                true.setdefault(slug, []).extend(spans)
        spelt = self._lexicon.spelt(f"{title} {summary}") if true else ()
        return tuple(TopicMatch(slug, _terms(spans, spelt)) for slug, spans in true.items())

    def about(self, title: str, summary: str = "") -> tuple[TopicSlug, ...]:
        """The topics that `match` gives, without their terms, at two thirds of the work."""
        met = self.touching(title, summary)
        return self.said_by(met) if met else ()

    def said_by(self, met: Met) -> tuple[TopicSlug, ...]:
        """The topics of a text, given what `touching` found in it; the text is not searched again."""
        found = found_of(met)
        said: dict[TopicSlug, None] = {}
        for slug, part in self._standing(found):
            if slug not in said and part.true(found) is not None:
                said[slug] = None
        return tuple(said)

    def explain(self, title: str, summary: str = "") -> tuple[Explained, ...]:
        """Every topic whose terms stand in a text, in the order of feeds.yml, with those for and against it."""
        found = find(*self._lexicon.read(title, summary))
        standing = bits(tuple([group for group, spans in found.spans.items() if spans]))  # not all excluded
        likely = {self._parts[at][0] for at in self._likely_of(standing)}
        return tuple(self._explained(*tree, found, title, summary) for tree in self._trees if tree[0] in likely)

    def _explained(self, slug: TopicSlug, tree: Node, found: Found, title: str, summary: str) -> Explained:
        def reasons(spans: Iterable[Span], groups: set[int]) -> tuple[Reason, ...]:
            return tuple(
                self._lexicon.reasons(title, summary, spans, {group: self._lists.get(group, "") for group in groups})
            )

        spans, groups, unwanted = tree.true(found), groups_of(tree), groups_of(tree, wanted=False)
        if spans is not None:
            return Explained(slug, True, reasons(spans, groups), ())
        return Explained(slug, False, reasons(found.of(groups), groups), reasons(found.of(unwanted), unwanted))

    def lent(self, story: Sequence[Told]) -> tuple[Mapping[TopicSlug, tuple[str, ...]], ...]:
        """For each headline of one story the topics that the others lend it, with the publishers that have them.

        `match` gives none of these, since it looks at one text alone.
        """
        return lent(story, self._near)

    def _near(self, title: str, summary: str) -> set[TopicSlug]:
        """The topics that have any wanted term in a text."""
        found = find(*self._lexicon.read(title, summary))
        return {slug for slug, tree in self._trees if found.of(groups_of(tree))}

    def touching(self, title: str, summary: str) -> Met | None:
        """Where the terms of all groups stand, as input for `said_by`; None if a text lacks what every rule needs.

        `match` of any part of it is empty then. A part is a run of the title's words with a run of the summary's. Of
        954 texts of news feeds 557 are ruled out for lack of a word, and 344 more for lack of the phrases that their
        words belong to (2026-11).
        """
        read = self._likely(title, summary)
        if read is None:
            return None
        met = places(*read)
        return met if self._likely_of(bits(tuple(met[1]))) else None

    def forget(self) -> None:
        """Free the expanded terms and the caches of words, when no more texts are to be matched for now."""
        self._lexicon.forget()

    def _likely(self, title: str, summary: str) -> Read | None:
        """Read a text if a rule can be true of its words; None if none can, as for most texts."""
        text = f"{title} {summary}" if summary else title
        words = (text.encode().translate(FOLDED).decode() if text.isascii() else parted(text)).split()
        known = self._lexicon.known
        if known.dull.issuperset(words) or not self._parts:  # without topics there is no use in caching words
            return None
        if not self._likely_of(known.near(words)):
            return None
        return words, len(parted(title).split()), known

    def _standing(self, found: Found) -> Iterator[tuple[TopicSlug, Node]]:
        """The parts that have the terms they need in a text, in the order of feeds.yml; no other can be true."""
        return map(self._parts.__getitem__, self._likely_of(bits(tuple(found.spans))))


def _terms(spans: Sequence[Span], words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(words[start:end]) for start, end in sorted(set(spans))))


# --- compiling -----------------------------------------------------------------------------------------------------


class _Compiler:
    """Collects terms and groups over all topics, so that one pass over a text serves every rule."""

    def __init__(self) -> None:
        self._lexicon = Lexicon()
        self._groups = 0
        self._lists: dict[tuple[int, str], int] = {}  # two topics that share a list share its group

    def tree(self, topic: TopicRule) -> Node:
        """Read the rule of a topic, and give its terms to the lexicon. Raises: RuleError."""
        node = self._rule(topic, topic.rule, ("rule",), None)
        if frozenset() in node.needs():
            raise RuleError("this rule only says what it does not want: name what it wants, too", 0, ("rule",))
        return node

    def rules(self, names: Mapping[TopicSlug, str], trees: Sequence[tuple[TopicSlug, Node]]) -> TopicRules:
        """Make the matcher: a part is tried only on texts that hold all groups of one of its `Node.needs`."""
        parts = tuple((slug, part) for slug, tree in trees for part in parts_of(tree))
        asked = [(need, at) for at, (_, part) in enumerate(parts) for need in part.needs()]
        often = Counter(group for need, _ in asked for group in need)
        needs: dict[int, list[tuple[int, int]]] = defaultdict(list)  # by the bit of the group that fewest parts need
        for need, at in asked:
            needs[1 << min(need, key=often.__getitem__)].append((bits(tuple(need)), at))

        @lru_cache(_SETS)
        def likely(groups: int) -> tuple[int, ...]:
            true: set[int] = set()
            left = groups
            while left:
                lowest = left & -left
                true.update([part for need, part in needs.get(lowest, ()) if need & groups == need])
                left ^= lowest
            return tuple(sorted(true))

        lists = {group: name for (_, name), group in self._lists.items()}
        return TopicRules(MappingProxyType(dict(names)), tuple(trees), parts, likely, lists, self._lexicon)

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
                self._add(group, [item], lang, where, at)
        return Some(tuple(parts))

    def _expression(self, topic: TopicRule, rule: str, where: Where, lang: str | None) -> Node:
        def term(text: str) -> int:
            group = self._new_group()
            self._add(group, [text], lang, None)
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
        for where, lang, items in _lists_of(name, terms):
            self._add(group, items, lang, where)
        return group

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups

    def _add(self, group: int, terms: Sequence[str], lang: str | None, where: Where | None, first: int = 0) -> None:
        """Add terms to a group; `where` is the path to their list, and `first` the index there of the first of them."""
        try:
            added = Added.checked(terms, lang, group)
        except RuleError as error:
            here = () if where is None else (*where, *(first + at for at in error.where if isinstance(at, int)))
            raise RuleError(str(error), error.at, here) from None
        self._lexicon.add(added)


def _is_expression(item: str, where: Where) -> bool:
    try:
        return is_expression(item)
    except RuleError as error:
        raise RuleError(str(error), error.at, where) from None


def _lists_of(name: str, terms: object) -> Iterator[tuple[Where, str | None, Sequence[str]]]:
    by_lang = terms if isinstance(terms, Mapping) else {None: terms}
    for lang, items in by_lang.items():
        where: Where = ("terms", name) if lang is None else ("terms", name, lang)
        if isinstance(items, str) or not isinstance(items, Sequence) or not items:
            raise RuleError("a term list is a list of words and phrases", 0, where)
        for at, item in enumerate(items):
            if not isinstance(item, str):
                raise RuleError("a term is text (put it in quotation marks)", 0, (*where, at))
            if ":" in item and _is_expression(item, (*where, at)) and item.startswith("title:"):
                raise RuleError("a list holds words and phrases; title: stands in rules: title:@name", 0, (*where, at))
        yield where, lang, items


def compile_rules(rules: Sequence[TopicRule]) -> TopicRules:
    """Compile the rules of all topics into one matcher.

    Raises: RuleError with the offset in the rule's text and, in `where`, the path to that text inside the topic.
    """
    compiler = _Compiler()
    trees = [(rule.slug, compiler.tree(rule)) for rule in rules]
    return compiler.rules({rule.slug: rule.name for rule in rules}, trees)
